"""Decay: every curve against its formula in plain arithmetic, its edges, and what is refused."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from access.measures.decay import (
    E2SFCA,
    E2SFCA_RURAL,
    E2SFCA_SHARP,
    Decay,
    binary_decay,
    esketamine_decay,
    exponential_decay,
    gaussian_decay,
    linear_decay,
    log_logistic_decay,
    logistic_decay,
    power_decay,
    stepped_decay,
)
from access.measures.uptake import esketamine_curve
from access.units import KM_PER_MILE


def _logistic(t: float, mean: float, sd: float) -> float:
    def g(x: float) -> float:
        return 1 + math.exp((x - mean) * math.pi / (sd * math.sqrt(3)))

    return g(0) / g(t)


CURVES: list[tuple[Decay, Callable[[float], float]]] = [
    (binary_decay(60), lambda t: float(t <= 60)),
    (E2SFCA, lambda t: 1 if t <= 10 else 0.68 if t <= 20 else 0.22 if t <= 30 else 0),
    (E2SFCA_SHARP, lambda t: 1 if t <= 10 else 0.42 if t <= 20 else 0.09 if t <= 30 else 0),
    (E2SFCA_RURAL, lambda t: 1 if t <= 20 else 0.68 if t <= 40 else 0.22 if t <= 60 else 0),
    (linear_decay(60), lambda t: max(0, 1 - t / 60)),
    (linear_decay(60, full_minutes=30), lambda t: min(1, max(0, (60 - t) / 30))),
    (exponential_decay(0.05), lambda t: math.exp(-0.05 * t)),
    (exponential_decay(0.05, max_minutes=30), lambda t: math.exp(-0.05 * t) if t <= 30 else 0),
    (power_decay(1.5), lambda t: max(t, 1) ** -1.5),
    (power_decay(2, floor_minutes=5), lambda t: max(t, 5) ** -2),
    (gaussian_decay(20), lambda t: math.exp(-(t**2) / (2 * 20**2))),
    (logistic_decay(30, 10), lambda t: _logistic(t, 30, 10)),
    (log_logistic_decay(26, 2.7), lambda t: 1 / (1 + (t / 26) ** 2.7)),
]
NAMES = [curve.name for curve, _ in CURVES]
MINUTES = [0, 0.5, 1, 5, 10, 10.5, 20, 26, 30, 30.5, 40, 60, 60.5, 120, 240]


@pytest.mark.parametrize(("curve", "formula"), CURVES, ids=NAMES)
def test_weights_are_the_formula(curve: Decay, formula: Callable[[float], float]) -> None:
    np.testing.assert_allclose(curve.weights(MINUTES), [formula(t) for t in MINUTES], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("curve", [curve for curve, _ in CURVES], ids=NAMES)
def test_weights_lie_between_0_and_1_and_never_rise(curve: Decay) -> None:
    weights = curve.weights(np.linspace(0, 240, 2000))
    assert weights.max() <= 1
    assert weights.min() >= 0
    assert (np.diff(weights) <= 0).all()


def test_every_smooth_curve_but_power_with_a_high_floor_is_1_at_zero_minutes() -> None:
    at_zero = [float(curve.weights(0)) for curve, _ in CURVES]
    assert [name for name, one in zip(NAMES, at_zero, strict=True) if one != 1] == ["power (exponent 2, floor 5)"]


def test_zero_minutes_count_as_one_in_the_power_curve() -> None:
    assert power_decay(3).weights([0, 0.4, 1]).tolist() == [1, 1, 1]


@pytest.mark.parametrize("zones", [1, 2, 3, 4, 7])
def test_any_number_of_zones_with_every_limit_inclusive(zones: int) -> None:
    limits = [10.1 * (zone + 1) for zone in range(zones)]  # 10.1 is no float32: the trip is rounded, so is the limit
    shares = [1 / (zone + 1) for zone in range(zones)]
    curve = stepped_decay(limits, shares)
    assert curve.weights(np.array(limits, np.float32)).tolist() == shares
    assert curve.weights([limit + 0.01 for limit in limits]).tolist() == [*shares[1:], 0]


def test_logistic_by_pencil() -> None:
    # t = mean: g(mean) = 2, so the weight is (1 + exp(-pi / sqrt 3)) / 2 for mean = sd.
    assert float(logistic_decay(20, 20).weights(20)) == pytest.approx((1 + math.exp(-math.pi / math.sqrt(3))) / 2)
    assert float(log_logistic_decay(26, 2.7).weights(26)) == 0.5


def test_the_esketamine_steps_begin_at_whole_miles_and_never_end() -> None:
    miles = np.array([0, 9.9, 10, 19.9, 20, 30, 40, 49.9, 50, 200])
    expected = [1, 1, 0.881, 0.881, 0.492, 0.319, 0.241, 0.241, 0.072, 0.072]
    assert esketamine_decay().unit == "km"
    assert esketamine_decay().weights(miles * KM_PER_MILE).tolist() == expected
    assert esketamine_curve(miles).tolist() == expected


def test_the_smooth_esketamine_curve_is_that_of_uptake() -> None:
    miles = np.array([0, 1, 10, 26, 50, 200.0])
    weights = esketamine_decay(form="smooth").weights(miles * KM_PER_MILE)
    np.testing.assert_allclose(weights, 1 / (1 + (miles / 26) ** 2.7), rtol=1e-6)  # km are float32
    np.testing.assert_allclose(weights, esketamine_curve(miles, form="smooth"), rtol=1e-6)


def test_a_missing_cost_has_no_weight_and_shapes_are_kept() -> None:
    weights = E2SFCA.weights([[5, math.nan], [15, math.inf]])
    np.testing.assert_array_equal(weights, [[1, math.nan], [0.68, 0]])


def test_a_vanishing_weight_is_zero_and_nothing_overflows() -> None:
    for curve in (
        exponential_decay(50),
        gaussian_decay(0.1),
        power_decay(200),
        logistic_decay(1, 0.01),
        log_logistic_decay(0.1, 100),
    ):
        assert curve.weights([0, 240])[1] == 0


def test_over_km_keeps_the_numbers() -> None:
    assert binary_decay(60).over_km().weights([60, 61]).tolist() == [1, 0]
    assert (binary_decay(60).over_km().unit, binary_decay(60).unit) == ("km", "minutes")


def test_decays_are_equal_by_their_numbers_and_can_be_keys() -> None:
    assert {gaussian_decay(20): "a"}[gaussian_decay(20)] == "a"
    assert gaussian_decay(20) != gaussian_decay(21)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: binary_decay(-1), "max_minutes is -1"),
        (lambda: binary_decay(math.nan), "max_minutes is nan"),
        (lambda: stepped_decay([], []), "one weight for each limit"),
        (lambda: stepped_decay([10, 20], [1]), "2 limits and 1 weights"),
        (lambda: stepped_decay([20, 10], [1, 0.5]), "rise"),
        (lambda: stepped_decay([10, 10], [1, 0.5]), "rise"),
        (lambda: stepped_decay([10, 20], [0.5, 1]), "do not rise"),
        (lambda: stepped_decay([10, 20], [2, 1]), "between 0 and 1"),
        (lambda: stepped_decay([10, 20], [1, math.nan]), "between 0 and 1"),
        (lambda: linear_decay(0), "full_minutes < max_minutes"),
        (lambda: linear_decay(30, full_minutes=30), "full_minutes < max_minutes"),
        (lambda: linear_decay(math.inf), "full_minutes < max_minutes"),
        (lambda: exponential_decay(0), "rate_per_minute is 0"),
        (lambda: exponential_decay(0.1, max_minutes=-5), "max_minutes is -5"),
        (lambda: power_decay(-1), "exponent is -1"),
        (lambda: power_decay(1, floor_minutes=0.5), "floor_minutes is 0.5"),
        (lambda: gaussian_decay(math.inf), "sd_minutes is inf"),
        (lambda: logistic_decay(30, 0), "sd_minutes is 0"),
        (lambda: log_logistic_decay(0, 2), "median_minutes is 0"),
        (lambda: esketamine_decay(form="round"), "stepped or smooth"),  # type: ignore[arg-type]
        (lambda: E2SFCA.weights([-1]), "below zero minutes"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()
