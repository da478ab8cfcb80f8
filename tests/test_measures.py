"""Nearest, within, beyond, quantiles and gap: by pencil on the valley, by brute force on random worlds."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.beyond import cost_quantiles, people_beyond, urban_rural_gap
from access.measures.nearest import clinics_within, km_to_nearest, minutes_to_nearest, nearest_clinic
from access.travel.estimate import estimate_trips
from tests.worlds import random_world, valley_people, valley_trips


def test_nearest_minutes_by_pencil() -> None:
    nearest = minutes_to_nearest(valley_trips())
    assert nearest.to_dict() | {"ranch": None} == {
        "city_a": 0,
        "city_b": 10,
        "town": 60,
        "ranch": None,
        "forest": 120,
    }
    assert math.isnan(nearest["ranch"])


def test_second_nearest_is_missing_where_only_one_clinic_is_reached() -> None:
    second = minutes_to_nearest(valley_trips(), rank=2)
    assert second.dropna().to_dict() == {"city_a": 30, "city_b": 20, "town": 90}


def test_nearest_clinic_names_the_clinic_and_is_missing_out_of_reach() -> None:
    named = nearest_clinic(valley_trips())
    assert named.dropna().to_dict() == {"city_a": "east", "city_b": "east", "town": "west", "forest": "west"}


def test_rank_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="rank is 0"):
        minutes_to_nearest(valley_trips(), rank=0)


def test_a_limit_includes_itself() -> None:
    counts = clinics_within(valley_trips(), max_minutes=30)
    assert counts.to_dict() == {"city_a": 2, "city_b": 2, "town": 0, "ranch": 0, "forest": 0}
    assert clinics_within(valley_trips(), max_km=60)["town"] == 1


def test_a_limit_beyond_the_trips_own_is_refused() -> None:
    with pytest.raises(ValueError, match="stop at 240"):
        clinics_within(valley_trips(), max_minutes=300)
    with pytest.raises(ValueError, match="one limit"):
        clinics_within(valley_trips())


def test_people_who_reach_nothing_count_as_beyond_every_limit() -> None:
    table = people_beyond(minutes_to_nearest(valley_trips()), valley_people(), [10, 59.9, 60, 240])
    assert table["people_beyond"].tolist() == [200, 200, 50, 50]
    assert table["people"].tolist() == [1000] * 4
    assert table["people_unreached"].tolist() == [50] * 4
    assert table["share_beyond"].tolist() == [0.2, 0.2, 0.05, 0.05]


def test_shares_by_rurality_by_pencil() -> None:
    table = people_beyond(minutes_to_nearest(valley_trips()), valley_people(), [5], by=["rurality"])
    assert dict(zip(table["rurality"], table["share_beyond"], strict=True)) == {
        "urban": 0.375,
        "small_town": 1.0,
        "rural": 1.0,
    }


def test_a_group_where_nobody_lives_has_no_share() -> None:
    empty = valley_people().assign(population=[500, 300, 150, 0, 0])
    table = people_beyond(minutes_to_nearest(valley_trips()), empty, [30], by=["state"])
    wyoming = table.set_index("state").loc["WY"]
    assert wyoming["people"] == 0
    assert math.isnan(wyoming["share_beyond"])


def test_values_that_lack_a_place_are_refused_not_dropped() -> None:
    with pytest.raises(TableError, match="no row for place town"):
        people_beyond(minutes_to_nearest(valley_trips()).drop("town"), valley_people(), [30])


def test_quantiles_by_pencil_put_the_unreached_last() -> None:
    table = cost_quantiles(minutes_to_nearest(valley_trips()), valley_people(), [0.5, 0.8, 0.95, 1.0])
    assert table["minutes"].tolist()[:3] == [0.0, 10.0, 60.0]
    assert math.isnan(table["minutes"].tolist()[3])


def test_gap_by_pencil() -> None:
    table = people_beyond(minutes_to_nearest(valley_trips()), valley_people(), [5], by=["rurality"])
    gap = urban_rural_gap(table, "share_beyond", within=["beyond"]).iloc[0]
    assert (gap["urban"], gap["rural"], gap["difference"]) == (0.375, 1.0, 0.625)
    assert gap["ratio"] == pytest.approx(8 / 3)


def test_gap_ratio_over_zero_is_not_a_number() -> None:
    table = people_beyond(minutes_to_nearest(valley_trips()), valley_people(), [10], by=["rurality"])
    gap = urban_rural_gap(table, "share_beyond").iloc[0]
    assert (gap["urban"], gap["difference"]) == (0.0, 1.0)
    assert math.isnan(gap["ratio"])


@pytest.mark.parametrize("seed", range(25))
def test_measures_agree_with_a_plain_loop_on_random_worlds(seed: int) -> None:
    people, clinics = random_world(seed)
    trips = estimate_trips(people, clinics, max_minutes=150)
    pairs = trips.to_frame()
    minutes = {g: sorted(pairs.loc[pairs["geoid"] == g, "minutes"]) for g in people["geoid"]}
    for rank in (1, 2, 4):
        expected = [minutes[g][rank - 1] if len(minutes[g]) >= rank else np.nan for g in people["geoid"]]
        np.testing.assert_array_equal(minutes_to_nearest(trips, rank=rank), expected)
    counts = [sum(m <= 75 for m in minutes[g]) for g in people["geoid"]]
    assert clinics_within(trips, max_minutes=75).tolist() == counts
    _compare_with_loops(people, minutes_to_nearest(trips), 75)


def _compare_with_loops(people: pd.DataFrame, nearest: pd.Series, limit: float) -> None:
    table = people_beyond(nearest, people, [limit], by=["state", "rurality"])
    medians = cost_quantiles(nearest, people, [0.5], by=["state", "rurality"])
    for (_, row), (_, median) in zip(table.iterrows(), medians.iterrows(), strict=True):
        total, outside, spread = 0, 0, []
        for place in people.itertuples():
            if (place.state, place.rurality) == (row["state"], row["rurality"]):
                total += place.population
                outside += 0 if nearest[place.geoid] <= limit else place.population
                spread += [nearest[place.geoid]] * int(place.population)
        assert (row["people"], row["people_beyond"]) == (total, outside)
        spread.sort(key=lambda m: (math.isnan(m), m))
        middle = spread[math.ceil(len(spread) / 2) - 1] if spread else math.nan
        np.testing.assert_equal(median["minutes"], middle)


def test_km_follow_the_same_clinic_as_minutes() -> None:
    people, clinics = random_world(3)
    trips = estimate_trips(people, clinics)
    first = trips.to_frame().drop_duplicates("geoid").set_index("geoid")
    assert km_to_nearest(trips).dropna().to_dict() == first["km"].astype(float).to_dict()


def test_more_minutes_never_mean_less_reach() -> None:
    people, clinics = random_world(7)
    trips = estimate_trips(people, clinics)
    counts = [clinics_within(trips, max_minutes=m) for m in (10, 60, 120, 240)]
    assert all((b >= a).all() for a, b in pairwise(counts))
