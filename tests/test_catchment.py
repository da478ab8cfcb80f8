"""Floating catchments: by pencil on the valley, by definition on random worlds, and what each conserves."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numba
import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.catchment import (
    balanced_catchment,
    balanced_demand,
    enhanced_catchment,
    floating_catchment,
    modified_catchment,
    spatial_availability,
    three_step_catchment,
    two_step_catchment,
)
from access.measures.decay import E2SFCA, Decay, exponential_decay, gaussian_decay, linear_decay, stepped_decay
from access.travel.trips import Trips
from tests.worlds import dense_minutes, random_trips, trips_from, valley_people, valley_trips

Series = pd.Series
Measure = Callable[[Trips, Series, Series], Series]
SUPPLY = Series({"east": 4.0, "west": 2.0})
DEMAND = valley_people().set_index("geoid")["population"].astype(float)
HALVES = stepped_decay((20, 60), (1, 0.5))
CURVES = [E2SFCA, HALVES, linear_decay(70), gaussian_decay(30, max_minutes=90), exponential_decay(0.05)]
MEASURES: dict[str, Measure] = {
    "2SFCA": lambda trips, demand, supply: two_step_catchment(trips, demand, supply, max_minutes=60),
    "E2SFCA": lambda trips, demand, supply: enhanced_catchment(trips, demand, supply, decay=HALVES),
    "M2SFCA": lambda trips, demand, supply: modified_catchment(trips, demand, supply, decay=HALVES),
    "3SFCA": lambda trips, demand, supply: three_step_catchment(trips, demand, supply, decay=HALVES),
    "BFCA": lambda trips, demand, supply: balanced_catchment(trips, demand, supply, decay=HALVES),
    "availability": lambda trips, demand, supply: spatial_availability(trips, demand, supply, decay=HALVES),
}
each_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Pencil-sized worlds would mostly wait for a second thread; test_gravity shows two give the same bits."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def test_two_step_by_pencil_with_the_limit_inside() -> None:
    # 60 minutes. East: 500 + 300, so 4/800 = 0.005. West: 500 + 300 + 150 (the town, at exactly 60): 2/950.
    west = 2 / 950
    found = two_step_catchment(valley_trips(), DEMAND, SUPPLY, max_minutes=60)
    expected = {"city_a": 0.005 + west, "city_b": 0.005 + west, "town": west, "ranch": 0, "forest": 0}
    assert found.to_dict() == pytest.approx(expected)
    assert two_step_catchment(valley_trips(), DEMAND, SUPPLY, max_minutes=59.9)["town"] == 0


def test_a_place_where_nobody_lives_has_the_access_that_one_more_person_would_find() -> None:
    # West within 120 minutes: 500 + 300 + 150 people, and the forest's nobody.
    assert two_step_catchment(valley_trips(), DEMAND, SUPPLY, max_minutes=120)["forest"] == pytest.approx(2 / 950)


def test_enhanced_by_pencil() -> None:
    # 1 to 20, 0.5 to 60. East: 500 + 300 = 800. West: 0.5 x 500 + 300 + 0.5 x 150 = 625.
    east, west = 4 / 800, 2 / 625
    found = enhanced_catchment(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    expected = {"city_a": east + west / 2, "city_b": east + west, "town": west / 2, "ranch": 0, "forest": 0}
    assert found.to_dict() == pytest.approx(expected)


def test_the_default_zones_of_the_enhanced_catchment_are_those_of_luo_and_qi() -> None:
    # East: 500 at 0 and 300 at 10 minutes, both 1. West: 0.22 x 500 (30 minutes) + 0.68 x 300 (20) = 314.
    found = enhanced_catchment(valley_trips(), DEMAND, SUPPLY)
    assert found["city_a"] == pytest.approx(4 / 800 + 0.22 * 2 / 314)
    assert found["city_b"] == pytest.approx(4 / 800 + 0.68 * 2 / 314)


def test_modified_by_pencil() -> None:
    # As enhanced, with the weight squared in the second step: 0.25 where it is 0.5.
    east, west = 4 / 800, 2 / 625
    found = modified_catchment(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    expected = {"city_a": east + west / 4, "city_b": east + west, "town": west / 4, "ranch": 0, "forest": 0}
    assert found.to_dict() == pytest.approx(expected)


def test_three_step_by_pencil() -> None:
    # Choice: city_a 2/3 east, 1/3 west; city_b a half each; town west alone.
    # East: 2/3 x 500 + 1/2 x 300 = 2900/6. West: 1/3 x 500 x 0.5 + 1/2 x 300 + 150 x 0.5 = 1850/6.
    east, west = 4 / (2900 / 6), 2 / (1850 / 6)
    found = three_step_catchment(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    expected = {
        "city_a": east * 2 / 3 + west * 1 / 3 * 0.5,
        "city_b": east / 2 + west / 2,
        "town": west * 0.5,
        "ranch": 0,
        "forest": 0,
    }
    assert found.to_dict() == pytest.approx(expected)


def test_balanced_by_pencil() -> None:
    # People: east 2/3 x 500 + 1/2 x 300 = 2900/6; west 500/3 + 150 + 150 = 2800/6. Sum 950.
    # The weights of east over its places are 1, 1; of west 0.5, 1, 0.5.
    east, west = 4 / (2900 / 6), 2 / (2800 / 6)
    served = balanced_demand(valley_trips(), DEMAND, decay=HALVES)
    assert served.to_dict() == pytest.approx({"east": 2900 / 6, "west": 2800 / 6})
    found = balanced_catchment(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    expected = {"city_a": east / 2 + west / 4, "city_b": east / 2 + west / 2, "town": west / 4, "ranch": 0, "forest": 0}
    assert found.to_dict() == pytest.approx(expected)


def test_spatial_availability_by_pencil() -> None:
    # East's 4 over 500 and 300; west's 2 over 0.5 x 500, 300, 0.5 x 150 (625).
    found = spatial_availability(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    expected = {
        "city_a": 4 * 5 / 8 + 2 * 250 / 625,
        "city_b": 4 * 3 / 8 + 2 * 300 / 625,
        "town": 2 * 75 / 625,
        "ranch": 0,
        "forest": 0,
    }
    assert found.to_dict() == pytest.approx(expected)
    assert found.sum() == pytest.approx(6)


def test_availability_per_head_is_missing_where_nobody_lives_and_else_the_enhanced_catchment() -> None:
    found = spatial_availability(valley_trips(), DEMAND, SUPPLY, decay=HALVES, per_head=True)
    assert math.isnan(found["forest"])
    enhanced = enhanced_catchment(valley_trips(), DEMAND, SUPPLY, decay=HALVES)
    assert found.drop("forest").to_dict() == pytest.approx(enhanced.drop("forest").to_dict())


def test_floating_catchment_by_pencil_and_missing_where_nobody_is_near() -> None:
    # People within 30: of city_a and city_b each other, 800; of the town 150; of the forest nobody.
    between = trips_from(
        {
            "city_a": {"city_a": 0.0, "city_b": 30.0, "town": 31.0},
            "city_b": {"city_b": 0.0, "city_a": 30.0},
            "town": {"town": 0.0},
            "ranch": {"ranch": 0.0},
            "forest": {"forest": 0.0, "town": 90.0},
        },
        list(DEMAND.index),
    )
    found = floating_catchment(valley_trips(), DEMAND, SUPPLY, between_places=between, max_minutes=30)
    assert found.drop("forest").to_dict() == {"city_a": 6 / 800, "city_b": 6 / 800, "town": 0, "ranch": 0}
    assert math.isnan(found["forest"])
    with pytest.raises(ValueError, match="same places"):
        floating_catchment(
            valley_trips(), DEMAND, SUPPLY, between_places=between.of_places(DEMAND.to_numpy() > 0), max_minutes=30
        )
    with pytest.raises(TableError, match="demand of ranch"):
        floating_catchment(valley_trips(), DEMAND.drop("ranch"), SUPPLY, between_places=between, max_minutes=30)


@each_measure
def test_a_clinic_with_no_demand_in_reach_gives_nothing(measure: Measure) -> None:
    empty = DEMAND * 0
    assert measure(valley_trips(), empty, SUPPLY).tolist() == [0] * 5
    only_town = DEMAND.where(DEMAND.index == "town", 0.0)
    found = measure(valley_trips(), only_town, SUPPLY)
    alone = measure(valley_trips().among(["west"]), only_town, SUPPLY)
    assert np.isfinite(found).all()
    assert found["town"] == pytest.approx(alone["town"])


@each_measure
def test_no_supply_gives_zero_everywhere(measure: Measure) -> None:
    assert measure(valley_trips(), DEMAND, SUPPLY * 0).tolist() == [0] * 5


@each_measure
def test_a_clinic_nobody_reaches_changes_nothing(measure: Measure) -> None:
    trips, demand, supply = random_trips(11)
    more = replace(trips, clinics=trips.clinics.append(pd.Index(["island"])))
    with_island = measure(more, demand, pd.concat([supply, Series({"island": 9.0})]))
    pd.testing.assert_series_equal(with_island, measure(trips, demand, supply))


@each_measure
def test_a_clinic_beyond_the_catchment_changes_nothing(measure: Measure) -> None:
    trips, demand, supply = random_trips(12)
    t = dense_minutes(trips)
    t[:, 0] = np.where(np.isfinite(t[:, 0]), 61.0, np.inf)
    far = _trips_of(t, trips)
    near = far.among([str(one) for one in trips.clinics[1:]])
    np.testing.assert_allclose(measure(far, demand, supply), measure(near, demand, supply), rtol=1e-12)


@each_measure
def test_the_order_of_places_and_clinics_does_not_matter(measure: Measure) -> None:
    for seed in range(10):
        trips, demand, supply = random_trips(seed)
        rng = np.random.default_rng(seed)
        rows, columns = rng.permutation(len(trips.places)), rng.permutation(len(trips.clinics))
        shuffled = replace(trips, places=trips.places[rows], clinics=trips.clinics[columns])
        shuffled = _trips_of(dense_minutes(trips)[rows][:, columns], shuffled)
        again = measure(shuffled, demand.sample(frac=1, random_state=seed), supply)
        np.testing.assert_allclose(again.reindex(trips.places), measure(trips, demand, supply), rtol=1e-12, atol=1e-18)


@each_measure
def test_access_scales_with_supply(measure: Measure) -> None:
    trips, demand, supply = random_trips(13)
    np.testing.assert_allclose(measure(trips, demand, supply * 7), 7 * measure(trips, demand, supply), rtol=1e-12)


@each_measure
def test_more_supply_at_one_clinic_never_lowers_access(measure: Measure) -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)
        more = supply + np.eye(len(supply))[seed % len(supply)]
        assert (measure(trips, demand, more) >= measure(trips, demand, supply) - 1e-15).all()


@each_measure
def test_a_limit_beyond_the_trips_own_and_missing_demand_are_refused(measure: Measure) -> None:
    with pytest.raises(ValueError, match="stop at 45"):
        measure(replace(valley_trips(), max_minutes=45.0), DEMAND, SUPPLY)
    with pytest.raises(TableError, match="demand of ranch"):
        measure(valley_trips(), DEMAND.drop("ranch"), SUPPLY)
    with pytest.raises(TableError, match="supply of west"):
        measure(valley_trips(), DEMAND, SUPPLY.drop("west"))


def test_a_demand_exponent_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="demand_exponent is 0"):
        spatial_availability(valley_trips(), DEMAND, SUPPLY, demand_exponent=0)


@pytest.mark.parametrize("decay", CURVES, ids=[curve.name for curve in CURVES])
def test_what_each_definition_conserves_on_random_worlds(decay: Decay) -> None:
    for seed in range(40):
        trips, demand, supply = random_trips(seed)
        weights = decay.weights(dense_minutes(trips))
        people, room = demand.to_numpy(), supply.to_numpy()
        in_use = room[(weights * people[:, None]).sum(axis=0) > 0].sum()
        reaching = people[weights.sum(axis=1) > 0].sum()
        enhanced, modified, three = (
            float((people * measure(trips, demand, supply, decay=decay)).sum())
            for measure in (enhanced_catchment, modified_catchment, three_step_catchment)
        )
        assert (enhanced, three) == pytest.approx((in_use, in_use))
        assert modified <= in_use + 1e-9
        for exponent in (1.0, 0.5):
            parts = spatial_availability(trips, demand, supply, decay=decay, demand_exponent=exponent)
            assert parts.sum() == pytest.approx(in_use)
        served = balanced_demand(trips, demand, decay=decay).to_numpy()
        assert served.sum() == pytest.approx(reaching)
        levels = (room[served > 0] / served[served > 0]).sum()
        assert balanced_catchment(trips, demand, supply, decay=decay).sum() == pytest.approx(levels)


@pytest.mark.parametrize("block", range(4))
def test_catchments_agree_with_their_definitions_on_200_random_worlds(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        trips, demand, supply = random_trips(seed)
        t, people, room = dense_minutes(trips), demand.tolist(), supply.tolist()
        limit = [[float(t_ij <= 60) for t_ij in row] for row in t]
        zones = [[1.0 if t_ij <= 20 else 0.5 if t_ij <= 60 else 0.0 for t_ij in row] for row in t]
        expected = {
            "2SFCA": _enhanced(limit, people, room, power=1),
            "E2SFCA": _enhanced(zones, people, room, power=1),
            "M2SFCA": _enhanced(zones, people, room, power=2),
            "3SFCA": _three_step(zones, people, room),
            "BFCA": _balanced(zones, people, room),
            "availability": _availability(zones, people, room, alpha=1.0),
        }
        for name, measure in MEASURES.items():
            np.testing.assert_allclose(measure(trips, demand, supply), expected[name], rtol=1e-12, atol=1e-18)
        parts = spatial_availability(trips, demand, supply, decay=HALVES, demand_exponent=0.6)
        np.testing.assert_allclose(parts, _availability(zones, people, room, alpha=0.6), rtol=1e-12, atol=1e-18)


Rows = list[list[float]]


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _enhanced(f: Rows, people: list[float], room: list[float], power: int) -> list[float]:
    crowd = [sum(p * row[j] for p, row in zip(people, f, strict=True)) for j in range(len(room))]
    return [sum(_over(room[j], crowd[j]) * row[j] ** power for j in range(len(room))) for row in f]


def _three_step(f: Rows, people: list[float], room: list[float]) -> list[float]:
    g = [[_over(f_ij, sum(row)) for f_ij in row] for row in f]
    both = [[g_ij * f_ij for g_ij, f_ij in zip(g_row, row, strict=True)] for g_row, row in zip(g, f, strict=True)]
    return _enhanced(both, people, room, power=1)


def _balanced(f: Rows, people: list[float], room: list[float]) -> list[float]:
    clinics, places = range(len(room)), range(len(people))
    of_row = [[_over(f_ij, sum(row)) for f_ij in row] for row in f]
    of_column = [[_over(f[i][j], sum(row[j] for row in f)) for j in clinics] for i in places]
    level = [_over(room[j], sum(people[i] * of_row[i][j] for i in places)) for j in clinics]
    return [sum(level[j] * of_column[i][j] for j in clinics) for i in places]


def _availability(f: Rows, people: list[float], room: list[float], alpha: float) -> list[float]:
    clinics, places = range(len(room)), range(len(people))
    total = sum(p**alpha for p in people)
    by_people = [_over(p**alpha, total) for p in people]
    both = [[by_people[i] * _over(f[i][j], sum(row[j] for row in f)) for j in clinics] for i in places]
    return [sum(room[j] * _over(both[i][j], sum(row[j] for row in both)) for j in clinics) for i in places]


def _trips_of(minutes: np.ndarray, like: Trips) -> Trips:
    """Trips from a full matrix of minutes; infinity is out of reach."""
    rows = {
        str(place): {str(c): float(m) for c, m in zip(like.clinics, row, strict=True) if np.isfinite(m)}
        for place, row in zip(like.places, minutes, strict=True)
    }
    return trips_from(rows, [str(clinic) for clinic in like.clinics], max_minutes=like.max_minutes)
