"""Gravity and supply within a limit: by pencil on the valley, by definition on random worlds, and their laws."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numba
import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures import gravity_kernels as kernels
from access.measures.decay import E2SFCA, Decay, binary_decay, esketamine_decay, exponential_decay, gaussian_decay
from access.measures.gravity import (
    gravity,
    gravity_with_competition,
    sum_by_clinic,
    sum_by_place,
    supply_within,
    supply_within_interval,
)
from access.travel.trips import Trips
from access.units import KM_PER_MILE
from tests.worlds import dense_minutes, random_trips, trips_from, valley_people, valley_trips

SUPPLY = pd.Series({"east": 4.0, "west": 2.0})
DEMAND = valley_people().set_index("geoid")["population"].astype(float)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Pencil-sized worlds would mostly wait for a second thread; that two give the same bits is tested below."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def test_supply_within_by_pencil_with_the_limit_inside() -> None:
    # West is 30 minutes from city_a and 60 from town; the ranch reaches nothing.
    within = supply_within(valley_trips(), SUPPLY, max_minutes=30)
    assert within.to_dict() == {"city_a": 6, "city_b": 6, "town": 0, "ranch": 0, "forest": 0}
    assert supply_within(valley_trips(), SUPPLY, max_minutes=29.9)["city_a"] == 4
    assert supply_within(valley_trips(), SUPPLY, max_minutes=0).to_dict()["city_a"] == 4
    assert (within.index.name, within.dtype) == ("geoid", float)


def test_supply_within_an_interval_by_pencil() -> None:
    # Limits 20 to 60: 30 minutes are inside for 30 of the 40, so 3/4; 20 for all; 60 for none.
    within = supply_within_interval(valley_trips(), SUPPLY, from_minutes=20, to_minutes=60)
    assert within.to_dict() == {"city_a": 4 + 2 * 0.75, "city_b": 6, "town": 0, "ranch": 0, "forest": 0}


def test_the_interval_is_the_mean_over_many_limits() -> None:
    trips, _, supply = random_trips(5)
    exact = supply_within_interval(trips, supply, from_minutes=15, to_minutes=95)
    # Minutes are tens, and limits the middles of 160 steps that tens divide, so the mean is exact too.
    limits = 15 + 80 * (np.arange(160) + 0.5) / 160
    mean = sum(supply_within(trips, supply, max_minutes=limit) for limit in limits) / 160
    _close(exact, mean)


def test_gravity_by_pencil() -> None:
    # rate ln 2 / 30: the weight halves every 30 minutes. city_a: 4 + 2/2; town: 2/4 + 4/8; forest: 2/16.
    felt = gravity(valley_trips(), SUPPLY, decay=exponential_decay(math.log(2) / 30))
    assert felt.drop("city_b").to_dict() == pytest.approx({"city_a": 5, "town": 1, "ranch": 0, "forest": 0.125})


def test_gravity_with_competition_by_pencil() -> None:
    # Weights within 30: east serves 800, west 800; the town, 60 away, is out. 4/800 + 2/800.
    shared = gravity_with_competition(valley_trips(), DEMAND, SUPPLY, decay=binary_decay(30))
    assert shared.to_dict() == pytest.approx({"city_a": 0.0075, "city_b": 0.0075, "town": 0, "ranch": 0, "forest": 0})


def test_a_decay_over_km_reads_km_even_where_minutes_stand_in_another_order() -> None:
    # East is nearest by minutes yet 100 miles by road; west, later in the row, is 5 miles.
    trips = trips_from({"home": {"east": 10.0, "west": 20.0}}, ["east", "west"])
    trips = replace(trips, km=np.array([100, 5], np.float32) * np.float32(KM_PER_MILE))
    assert gravity(trips, SUPPLY, decay=binary_decay(30).over_km())["home"] == 2
    assert gravity(trips, SUPPLY, decay=esketamine_decay())["home"] == pytest.approx(2 + 4 * 0.072)
    served = sum_by_clinic(trips, binary_decay(30).over_km(), np.array([7.0]))
    assert served.tolist() == [0, 7]


def test_a_limit_beyond_the_trips_own_is_refused_and_an_endless_decay_is_not() -> None:
    with pytest.raises(ValueError, match="stop at 240"):
        supply_within(valley_trips(), SUPPLY, max_minutes=241)
    with pytest.raises(ValueError, match="stop at 240"):
        gravity(valley_trips(), SUPPLY, decay=gaussian_decay(60, max_minutes=300))
    assert gravity(valley_trips(), SUPPLY, decay=gaussian_decay(60))["city_a"] > 4


def test_a_clinic_without_supply_in_the_table_is_refused() -> None:
    with pytest.raises(TableError, match="supply of west"):
        gravity(valley_trips(), SUPPLY.drop("west"), decay=E2SFCA)
    with pytest.raises(TableError, match="demand of ranch"):
        gravity_with_competition(valley_trips(), DEMAND.drop("ranch"), SUPPLY, decay=E2SFCA)


def test_no_clinics_and_no_places_give_zero_and_nothing() -> None:
    nothing = trips_from({"home": {}}, [])
    assert gravity(nothing, pd.Series(dtype=float), decay=E2SFCA).to_dict() == {"home": 0}
    nobody = trips_from({}, ["east"])
    assert gravity_with_competition(nobody, pd.Series(dtype=float), SUPPLY, decay=E2SFCA).empty


@pytest.mark.parametrize("block", range(4))
def test_gravity_agrees_with_its_definition_on_200_random_worlds(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        trips, demand, supply = random_trips(seed)
        t, people, room = dense_minutes(trips), demand.to_numpy(), supply.to_numpy()
        every_i, every_j = range(len(people)), range(len(room))
        f = [[math.exp(-0.03 * t[i][j]) for j in every_j] for i in every_i]
        share = [[min(1, max(0, (80 - t[i][j]) / 50)) for j in every_j] for i in every_i]
        near = [sum(room[j] for j in every_j if t[i][j] <= 40) for i in every_i]
        plain = [sum(room[j] * f[i][j] for j in every_j) for i in every_i]
        mean = [sum(room[j] * share[i][j] for j in every_j) for i in every_i]
        crowd = [sum(people[k] * f[k][j] for k in every_i) for j in every_j]
        shared = [sum(room[j] * f[i][j] / crowd[j] for j in every_j if crowd[j] > 0) for i in every_i]
        decay = exponential_decay(0.03)
        assert supply_within(trips, supply, max_minutes=40).tolist() == near
        _close(supply_within_interval(trips, supply, from_minutes=30, to_minutes=80), mean)
        _close(gravity(trips, supply, decay=decay), plain)
        _close(gravity_with_competition(trips, demand, supply, decay=decay), shared)


def test_more_minutes_never_mean_less_supply() -> None:
    for seed in range(20):
        trips, _, supply = random_trips(seed)
        reached = [supply_within(trips, supply, max_minutes=limit) for limit in range(0, 121, 10)]
        assert all((more >= less).all() for less, more in pairwise(reached))


def test_gravity_scales_with_supply_and_competition_with_demand_inversely() -> None:
    trips, demand, supply = random_trips(8)
    once = gravity_with_competition(trips, demand, supply, decay=E2SFCA)
    _close(gravity(trips, supply * 3, decay=E2SFCA), 3 * gravity(trips, supply, decay=E2SFCA))
    _close(gravity_with_competition(trips, demand * 5, supply * 3, decay=E2SFCA), once * 3 / 5)


def _many(seed: int = 0, places: int = 3000, clinics: int = 40) -> tuple[Trips, np.ndarray, np.ndarray]:
    trips, demand, supply = random_trips(seed, places, clinics)
    return trips, demand.to_numpy(), supply.to_numpy()


@pytest.mark.parametrize("decay", [exponential_decay(0.03), E2SFCA], ids=["curve", "zones"])
def test_one_thread_and_two_give_the_same_bits(decay: Decay) -> None:
    trips, people, room = _many()
    alone = sum_by_clinic(trips, decay, people), sum_by_place(trips, decay, room)
    numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
    together = sum_by_clinic(trips, decay, people), sum_by_place(trips, decay, room)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_compiled_loops_give_the_same_bits_as_plain_python() -> None:
    trips, people, room = _many(3, 200, 12)
    row, curve = (trips.indptr, trips.clinic_index, trips.minutes), exponential_decay(0.03)
    formula = (True, np.inf, curve.kind, curve.compared_numbers)
    zones = (np.array([10, 20, 30], np.float32), np.array([1, 0.68, 0.22]))
    runs, longest = kernels.runs_of_rows(trips.indptr), kernels.longest_block(trips.indptr)
    plain = {
        "people, curve": kernels.sum_columns.py_func(*row, *formula, people, False, len(room), runs, longest),
        "people, zones": kernels.sum_columns_in_zones.py_func(*row, *zones, people, len(room), runs),
        "supply, curve": kernels.sum_rows.py_func(*row, *formula, room, False, runs, longest),
        "supply, zones": kernels.sum_rows_in_zones.py_func(*row, *zones, room),
    }
    np.testing.assert_array_equal(sum_by_clinic(trips, curve, people), plain["people, curve"])
    np.testing.assert_array_equal(sum_by_clinic(trips, E2SFCA, people), plain["people, zones"])
    np.testing.assert_array_equal(sum_by_place(trips, curve, room), plain["supply, curve"])
    np.testing.assert_array_equal(sum_by_place(trips, E2SFCA, room), plain["supply, zones"])


def test_the_fast_loops_for_zones_agree_with_the_general_ones() -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)  # km equal minutes, so over km the general loops answer
        for squared in (False, True):
            people, room = demand.to_numpy(), supply.to_numpy()
            fast, general = E2SFCA, E2SFCA.over_km()
            for summed, values in ((sum_by_clinic, people), (sum_by_place, room)):
                one, other = (summed(trips, decay, values, squared=squared) for decay in (fast, general))
                np.testing.assert_allclose(one, other, rtol=1e-14)


def test_runs_of_rows_cover_every_row_once() -> None:
    for places in (0, 1, 5, 3000):
        indptr = random_trips(1, places, 6)[0].indptr if places else np.zeros(1, np.int64)
        starts = kernels.runs_of_rows(indptr)
        assert (starts[0], starts[-1]) == (0, places)
        assert (np.diff(starts) >= 0).all()


def _close(found: "pd.Series[float]", expected: object) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("reach", [55.0, 1000.0])
def test_rows_of_any_length_are_weighed_in_blocks_as_one_by_one(reach: float) -> None:
    # Rows of 0, 1, a block less one, two blocks and one more, and many short ones, in every order of them.
    rng = np.random.default_rng(5)
    lengths = [0, 1, kernels.BLOCK - 1, 2 * kernels.BLOCK + 1, 3, 0, kernels.BLOCK, *rng.integers(0, 40, 300)]
    names = [f"c{j}" for j in range(max(lengths))]
    minutes = rng.uniform(0, 120, (len(lengths), len(names)))
    reached = {f"p{i}": dict(zip(names[:many], minutes[i], strict=False)) for i, many in enumerate(lengths)}
    trips = trips_from(reached, names, max_minutes=120.0)
    people, room = rng.uniform(0, 9, len(lengths)), rng.uniform(0, 9, len(names))
    cost = dense_minutes(trips)
    weight = np.where(cost <= reach, np.exp(-0.5 * (np.where(np.isinf(cost), 0, cost) / 30) ** 2), 0) * np.isfinite(
        cost
    )
    curve = gaussian_decay(30, max_minutes=min(reach, 120.0))
    np.testing.assert_allclose(sum_by_place(trips, curve, room), weight @ room, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(sum_by_clinic(trips, curve, people, squared=True), people @ weight**2, rtol=1e-12)
