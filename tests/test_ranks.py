"""Ranks with their intervals, and cumulative curves: against `gap_interval` and plain loops."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from access.measures.layout import groups_of
from access.measures.nearest import minutes_to_nearest
from access.measures.uncertainty import ErrorSources, gap_interval, shares_by_draw
from access.questions.ranks import ALL, curve, ranks
from access.scenarios.openings import best_openings
from access.travel.estimate import estimate_trips
from tests.worlds import random_trips, random_world, valley_people, valley_trips


def question(seed: int):
    trips, demand, _ = random_trips(seed, places=30)
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "geoid": trips.places,
            "population": demand.to_numpy(int),
            "rurality": rng.choice(["urban", "small_town", "rural"], len(demand)),
            "state": rng.choice(["MT", "ID", "WY", "ND"], len(demand)),
        }
    )
    return replace(trips, max_minutes=400.0), people


@pytest.mark.parametrize("seed", range(5))
def test_each_area_has_the_interval_that_it_has_when_asked_alone(seed: int) -> None:
    trips, people = question(seed)
    found = ranks(trips, people, 60, "state", draws=200).set_index("state")
    for state in [*found.index.drop(ALL), ALL]:
        own = people if state == ALL else people[people["state"] == state].reset_index(drop=True)
        alone = gap_interval(trips.of_places(trips.places.isin(own["geoid"])), own, [60], seed=1, draws=200)
        everyone = alone.shares[alone.shares["rurality"] == "all"].iloc[0]
        assert found.loc[state, "people"] == everyone["people"]
        got = found.loc[state, ["low", "share", "high"]].to_numpy(float)
        np.testing.assert_allclose(got, everyone[["low", "central", "high"]].to_numpy(float), rtol=1e-12)
        gap = alone.gaps[alone.gaps["figure"] == "difference"].iloc[0]
        got = found.loc[state, ["gap_low", "gap", "gap_high"]].to_numpy(float)
        np.testing.assert_allclose(got, gap[["low", "central", "high"]].to_numpy(float), rtol=1e-9, atol=1e-12)


def test_ranks_are_those_of_each_draw_counted_one_by_one() -> None:
    trips, people = question(3)
    found = ranks(trips, people, 60, "state", draws=100).set_index("state").drop(ALL)
    groups = groups_of(people, ["state"])
    drawn = shares_by_draw(
        trips, people, [60], groups=groups, seed=1, sources=ErrorSources().without("payer_taken"), draws=100
    )[:, :-1, 0]
    for column, state in enumerate(groups.keys["state"]):
        each = sorted(1 + (row > row[column]).sum() + ((row == row[column]).sum() - 1) / 2 for row in drawn)
        # The smallest that 5 of 100 and 95 of 100 draws do not exceed, outward to whole ranks.
        assert found.loc[state, "rank_low"] == np.floor(each[4])
        assert found.loc[state, "rank_high"] == np.ceil(each[94])
        shares = found["share"]
        assert (
            found.loc[state, "rank"] == 1 + (shares > shares[state]).sum() + ((shares == shares[state]).sum() - 1) / 2
        )


def test_a_curve_counts_a_limit_as_within_and_never_who_reaches_nothing() -> None:
    table = curve(minutes_to_nearest(valley_trips()), valley_people(), 120, by=["rurality"], steps=12)
    shares = table.set_index(["rurality", "within"])["share_within"]
    assert shares["urban", 0.0] == 500 / 800
    assert shares["urban", 10.0] == 1.0
    assert [shares["small_town", limit] for limit in (50.0, 60.0)] == [0.0, 1.0]
    assert shares["rural"].max() == 0.0, "the ranch reaches nothing, and nobody lives in the forest"
    everyone = curve(minutes_to_nearest(valley_trips()), valley_people(), 120, by=[], steps=12)
    assert everyone["share_within"].iloc[-1] == 0.95


@pytest.mark.parametrize("seed", range(6))
def test_openings_reach_what_a_plain_search_finds(seed: int) -> None:
    people, clinics = random_world(seed, places=60)
    minutes = minutes_to_nearest(estimate_trips(people, clinics.head(2)))
    towns = pd.DataFrame(
        {
            "name": [f"T{row}" for row in range(25)],
            "state": "MT",
            **{key: people[key].to_numpy()[:25] + 0.05 for key in ("latitude", "longitude")},
        }
    )
    found = best_openings(minutes, people, towns, 60, most=4)
    near = {}
    trips = estimate_trips(people, towns.assign(clinic_id=towns["name"])[["clinic_id", "latitude", "longitude"]])
    reach = trips.to_frame()
    for name, rows in reach[reach["minutes"] <= 60].groupby("clinic_id"):
        near[name] = set(rows["geoid"])
    living = people.set_index("geoid")["population"]
    waiting = {geoid for geoid in people["geoid"] if not minutes[geoid] <= 60}
    alone = {name: sum(living[one] for one in places & waiting) for name, places in near.items()}
    left = set(waiting)
    for row in found.itertuples():
        gains = {name: sum(living[one] for one in places & left) for name, places in near.items()}
        assert row.people_new == gains[row.name] == max(gains.values())
        assert row.people_reached == alone[row.name]
        left -= near[row.name]
    assert len(found) == 4 or max(sum(living[one] for one in places & left) for places in near.values()) == 0
