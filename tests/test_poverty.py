"""Poverty of access: FGT by pencil, its edges, and exact addition over groups."""

import math

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.beyond import people_beyond
from access.measures.nearest import clinics_within, minutes_to_nearest
from access.measures.poverty import access_poverty, minutes_excess, minutes_poverty
from tests.worlds import dense_minutes, random_trips, valley_people, valley_trips

# Nearest: city_a 0 (500 people), city_b 10 (300), town 60 (150), ranch nothing (50), forest 120 (nobody).
MINUTES = minutes_to_nearest(valley_trips())
FIGURES = ["fgt0", "fgt1", "fgt2"]
PARTS = ["contribution0", "contribution1", "contribution2"]


def test_minutes_poverty_by_pencil() -> None:
    # Limit 30, up to 120: town (60 - 30) / 90 = 1/3, ranch 1.
    # 0.15 + 0.05; 0.15 / 3 + 0.05; 0.15 / 9 + 0.05
    table = minutes_poverty(MINUTES, valley_people(), limit_minutes=30, max_minutes=120)
    assert table.loc[0, FIGURES].tolist() == pytest.approx([0.2, 0.1, 0.05 + 0.15 / 9])
    assert table.loc[0, PARTS].tolist() == table.loc[0, FIGURES].tolist()


def test_minutes_poverty_by_rurality_by_pencil() -> None:
    table = minutes_poverty(MINUTES, valley_people(), limit_minutes=30, max_minutes=120, by=["rurality"])
    by_rurality = table.set_index("rurality")
    assert by_rurality.loc["small_town", FIGURES].tolist() == pytest.approx([1, 1 / 3, 1 / 9])
    assert by_rurality.loc["small_town", PARTS].tolist() == pytest.approx([0.15, 0.05, 0.15 / 9])
    assert by_rurality.loc["rural", FIGURES].tolist() == [1, 1, 1]
    assert by_rurality.loc["urban", [*FIGURES, *PARTS]].tolist() == [0] * 6


def test_a_trip_of_exactly_the_limit_is_not_poor_and_one_of_the_maximum_is_as_poor_as_none() -> None:
    at_limit = minutes_poverty(MINUTES, valley_people(), limit_minutes=60, max_minutes=120)
    assert at_limit.loc[0, FIGURES].tolist() == [0.05, 0.05, 0.05]
    at_maximum = minutes_poverty(MINUTES, valley_people(), limit_minutes=30, max_minutes=60)
    assert at_maximum.loc[0, FIGURES].tolist() == [0.2, 0.2, 0.2]


def test_excess_without_a_bound_tells_the_unreached_apart() -> None:
    # Of 950 who reach a clinic the town's 150 travel 60, twice the limit of 30: g = 1.
    table = minutes_excess(MINUTES, valley_people(), limit_minutes=30).iloc[0]
    assert table[FIGURES].tolist() == pytest.approx([150 / 950] * 3)
    assert (table["people_reached"], table["people_unreached"], table["share_unreached"]) == (950, 50, 0.05)
    # Limit 20: g = (60 - 20) / 20 = 2
    assert minutes_excess(MINUTES, valley_people(), limit_minutes=20).loc[0, FIGURES].tolist() == pytest.approx(
        [150 / 950, 300 / 950, 600 / 950]
    )


def test_a_group_that_reaches_nothing_has_no_excess_to_tell() -> None:
    rural = (
        minutes_excess(MINUTES, valley_people(), limit_minutes=30, by=["rurality"]).set_index("rurality").loc["rural"]
    )
    assert rural[FIGURES].isna().all()
    assert rural["share_unreached"] == 1


def test_access_poverty_by_pencil() -> None:
    # Within 30 min: city 2 clinics, the others 0; the line is 4: city half short, the others wholly.
    access = clinics_within(valley_trips(), max_minutes=30).astype(float)
    table = access_poverty(access, valley_people(), line=4)
    assert table.loc[0, FIGURES].tolist() == pytest.approx([1, 0.8 * 0.5 + 0.2, 0.8 * 0.25 + 0.2])
    assert access_poverty(access, valley_people(), line=2).loc[0, FIGURES].tolist() == pytest.approx([0.2] * 3)


def test_access_that_is_missing_must_be_given_a_value() -> None:
    with pytest.raises(TableError, match="access is missing"):
        access_poverty(MINUTES, valley_people(), line=1)
    assert access_poverty(MINUTES, valley_people(), line=5, unreached=0).loc[0, "fgt0"] == 0.55


def test_nobody_counted_has_no_figure() -> None:
    nobody = valley_people().assign(population=0)
    assert minutes_poverty(MINUTES, nobody, limit_minutes=30, max_minutes=60)[FIGURES].isna().all(axis=None)


def test_limits_that_cannot_be_are_refused() -> None:
    for limit, most in ((60, 60), (-1, 60), (30, np.inf)):
        with pytest.raises(ValueError, match="below max_minutes"):
            minutes_poverty(MINUTES, valley_people(), limit_minutes=limit, max_minutes=most)
    with pytest.raises(ValueError, match="above zero"):
        minutes_excess(MINUTES, valley_people(), limit_minutes=0)
    with pytest.raises(ValueError, match="above zero"):
        access_poverty(MINUTES, valley_people(), line=0)
    with pytest.raises(TableError, match="no row for place ranch"):
        minutes_poverty(MINUTES.drop("ranch"), valley_people(), limit_minutes=30, max_minutes=60)


def test_a_closed_clinic_never_lessens_poverty() -> None:
    for seed in range(40):
        trips, demand, _ = random_trips(seed)
        people = pd.DataFrame({"geoid": trips.places, "population": demand.to_numpy()})
        before, after = (
            minutes_poverty(minutes_to_nearest(some), people, limit_minutes=30, max_minutes=100)[FIGURES].fillna(0)
            for some in (trips, trips.among(trips.clinics[1:]))
        )
        assert (after >= before).all(axis=None)


def test_poverty_agrees_with_a_plain_loop_and_adds_up_over_groups_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, demand, _ = random_trips(seed)
        rng = np.random.default_rng(seed)
        people = pd.DataFrame(
            {
                "geoid": trips.places,
                "population": demand.astype("int64").to_numpy(),
                "group": rng.choice(["a", "b"], len(demand)),
                "no_vehicle": rng.choice([0.0, 0.5, 1.0], len(demand)),
            }
        )
        share = (None, "no_vehicle")[seed % 2]
        _compare_with_loop(people, dense_minutes(trips).min(axis=1), minutes_to_nearest(trips), share)


def _compare_with_loop(people: pd.DataFrame, costs: np.ndarray, nearest: "pd.Series[float]", share: str | None) -> None:
    ways = {"limit_minutes": 30.0, "share": share}
    bounded = minutes_poverty(nearest, people, max_minutes=100, by=["group"], **ways)
    excess = minutes_excess(nearest, people, by=["group"], **ways)
    whole = minutes_poverty(nearest, people, max_minutes=100, **ways)
    weights = (people["population"] * (1 if share is None else people[share])).to_numpy(float)
    for table, form in ((bounded, "bounded"), (excess, "excess")):
        expected = [[_loop(people, costs, weights, g, power, form) for power in range(3)] for g in table["group"]]
        np.testing.assert_allclose(table[FIGURES], expected, rtol=1e-12)
    if not weights.sum():
        assert whole[[*FIGURES, *PARTS]].isna().all(axis=None)
        return
    of_groups = bounded[FIGURES].fillna(0).mul(bounded["people_share"], axis=0).sum()
    np.testing.assert_allclose(of_groups, whole.loc[0, FIGURES].astype(float), atol=1e-12)
    np.testing.assert_allclose(bounded[PARTS].sum(), whole.loc[0, FIGURES].astype(float), atol=1e-12)
    if share is None:
        beyond = people_beyond(nearest, people, [30.0], by=["group"])["share_beyond"]
        np.testing.assert_allclose(bounded["fgt0"], beyond, rtol=1e-15)


def _loop(people: pd.DataFrame, costs: np.ndarray, weights: np.ndarray, group: str, power: int, form: str) -> float:
    part, crowd = 0.0, 0.0
    for cost, weight, own in zip(costs, weights, people["group"], strict=True):
        if own != group or (form == "excess" and math.isinf(cost)):
            continue
        crowd += weight
        if cost > 30:
            part += weight * ((min(cost, 100) - 30) / 70 if form == "bounded" else (cost - 30) / 30) ** power
    return part / crowd if crowd else math.nan
