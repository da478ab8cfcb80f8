"""Minutes until the supply in reach is enough: by pencil on the valley, by brute force on random worlds."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.nearest import balancing_minutes, minutes_to_nearest, minutes_to_supply
from access.travel.trips import Trips
from tests.worlds import dense_minutes, random_trips, trips_from, valley_people, valley_trips


def _people() -> "pd.Series[float]":
    return valley_people().set_index("geoid")["population"].astype(float)


def test_balancing_minutes_by_pencil() -> None:
    # Half a unit for each person: city_a asks for 250, city_b 150, the town 75, the ranch 25, the forest 0.
    # East has 200, West 100. city_a: East at 0 gives 200, West at 30 makes 300: 30. city_b: East at 10 is 200: 10.
    # The town: West at 60 is 100: 60. The ranch reaches nothing. Nobody in the forest asks.
    minutes = balancing_minutes(valley_trips(), _people(), pd.Series({"east": 200.0, "west": 100.0}), factor=0.5)
    np.testing.assert_array_equal(minutes, [30, 10, 60, np.nan, 0])
    assert minutes.index.equals(valley_trips().places)


def test_exactly_enough_is_enough_and_a_little_less_is_not() -> None:
    supply = pd.Series({"east": 500.0, "west": 0.0})
    assert balancing_minutes(valley_trips(), _people(), supply)["city_a"] == 0
    assert np.isnan(balancing_minutes(valley_trips(), _people(), supply - [0.001, 0])["city_a"])


def test_ten_tenths_are_one_whatever_the_rounding() -> None:
    tenths = trips_from({"a": {f"c{i}": float(i) for i in range(10)}}, [f"c{i}" for i in range(10)])
    assert minutes_to_supply(tenths, pd.Series(0.1, index=tenths.clinics), 1.0)["a"] == 9


def test_minutes_to_one_unit_each_are_minutes_to_the_nth_clinic() -> None:
    for seed in range(20):
        trips, _, _ = random_trips(seed)
        for rank in (1, 3):
            np.testing.assert_array_equal(minutes_to_supply(trips, None, rank), minutes_to_nearest(trips, rank=rank))


def test_nothing_wanted_is_reached_at_once_even_where_nothing_is_in_reach() -> None:
    assert (minutes_to_supply(valley_trips(), None, 0) == 0).all()
    assert (balancing_minutes(valley_trips(), _people(), pd.Series({"east": 1.0, "west": 1.0}), factor=0) == 0).all()


def test_balancing_agrees_with_a_plain_loop_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, demand, supply = random_trips(seed)
        for factor in (0.002, 0.05):
            wanted = demand.to_numpy() * factor
            np.testing.assert_array_equal(
                balancing_minutes(trips, demand, supply, factor=factor), _by_loop(trips, wanted, supply.to_numpy())
            )
        np.testing.assert_array_equal(
            minutes_to_supply(trips, supply, 3.5), _by_loop(trips, np.full(len(demand), 3.5), supply.to_numpy())
        )


def _by_loop(trips: Trips, wanted: np.ndarray, supply: np.ndarray) -> list[float]:
    minutes = dense_minutes(trips)
    answer = []
    for row, amount in zip(minutes, wanted, strict=True):
        times = [0.0, *sorted(row[np.isfinite(row)])]
        answer.append(
            next((t for t in times if amount == 0 or (t in row and supply[row <= t].sum() >= amount)), np.nan)
        )
    return answer


def test_more_demand_never_means_fewer_minutes_and_more_supply_never_more() -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)
        series = [balancing_minutes(trips, demand, supply, factor=f).fillna(np.inf) for f in (0.0, 0.001, 0.01, 1.0)]
        assert all((b >= a).all() for a, b in pairwise(series))
        twice = balancing_minutes(trips, demand, supply * 2, factor=0.01).fillna(np.inf)
        assert (twice <= series[2]).all()
        pd.testing.assert_series_equal(twice, balancing_minutes(trips, demand, supply, factor=0.005).fillna(np.inf))


def test_a_clinic_nobody_reaches_and_the_order_of_places_change_nothing() -> None:
    trips, demand, supply = random_trips(6)
    wider = Trips(**{**vars(trips), "clinics": trips.clinics.append(pd.Index(["nowhere"]))})
    plain = balancing_minutes(trips, demand, supply, factor=0.01)
    more = pd.concat([supply, pd.Series({"nowhere": 99.0})])
    pd.testing.assert_series_equal(balancing_minutes(wider, demand[::-1], more[::-1], factor=0.01), plain)


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_an_amount_that_is_no_amount_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="amount is"):
        minutes_to_supply(valley_trips(), None, wrong)
    with pytest.raises(ValueError, match="factor is"):
        balancing_minutes(valley_trips(), _people(), pd.Series({"east": 1.0, "west": 1.0}), factor=wrong)


def test_a_missing_supply_is_refused() -> None:
    with pytest.raises(TableError, match="supply of west is missing"):
        minutes_to_supply(valley_trips(), pd.Series({"east": 1.0}), 1)
