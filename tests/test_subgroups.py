"""Subgroups beyond a limit: by pencil on the valley, the interval against a seeded simulation, and laws."""

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.beyond import people_beyond
from access.measures.nearest import minutes_to_nearest
from access.measures.subgroups import subgroup_beyond
from tests.worlds import valley_people, valley_trips

MINUTES = minutes_to_nearest(valley_trips())  # 0, 10, 60, not reached, 120


def valley() -> pd.DataFrame:
    return valley_people().assign(
        share_poverty=[0.1, 0.2, 0.4, np.nan, 0.5], moe_poverty=[0.02, 0.05, 0.1, np.nan, np.nan]
    )


def test_the_valley_by_pencil() -> None:
    row = subgroup_beyond(MINUTES, valley(), [30], ["share_poverty"]).iloc[0]
    # 500 x 0.1 + 300 x 0.2 + 150 x 0.4 = 170 poor people, 60 of them in the town, beyond; 780 others, 90 beyond.
    assert (row["group"], row["subgroup"], row["beyond"]) == ("all", "poverty", 30)
    assert row[["people", "people_beyond", "people_rest", "people_rest_beyond"]].tolist() == [170, 60, 780, 90]
    assert row["share_beyond"] == pytest.approx(60 / 170)
    assert row["share_rest_beyond"] == pytest.approx(90 / 780)
    assert row["difference"] == pytest.approx(60 / 170 - 90 / 780)
    # Slopes: 500 (0 - 6/17) / 170, 300 (0 - 6/17) / 170, 150 (1 - 6/17) / 170.
    margin = (
        sum((w * (b - 6 / 17) / 170 * m) ** 2 for w, b, m in [(500, 0, 0.02), (300, 0, 0.05), (150, 1, 0.1)]) ** 0.5
    )
    assert (row["low"], row["high"]) == pytest.approx((60 / 170 - margin, 60 / 170 + margin))
    assert (row["people_unknown"], row["people_without_margin"]) == (50, 0)


def test_a_limit_is_within_and_each_group_has_its_own_row() -> None:
    table = subgroup_beyond(MINUTES, valley(), [9, 10, 60], ["share_poverty"], by=["rurality"])
    found = table.set_index(["rurality", "beyond"])
    assert table.columns[:3].tolist() == ["rurality", "subgroup", "beyond"]
    assert found.loc[("urban", 9.0), "people_beyond"] == 60
    assert found.loc[("urban", 10.0), "people_beyond"] == 0
    assert found.loc[("small_town", 60.0), "people_beyond"] == 0
    rural = found.loc[("rural", 60.0)]
    assert (rural["people"], rural["people_unknown"]) == (0, 50), "nobody lives in the forest"
    assert rural[["share_beyond", "low", "high", "difference"]].isna().all()


def test_the_interval_agrees_with_a_seeded_simulation() -> None:
    rng = np.random.default_rng(11)
    places, draws = 300, 4000
    people = pd.DataFrame(
        {
            "geoid": [f"{30031000100 + place // 3}{place % 3 + 1}" for place in range(places)],
            "population": rng.integers(100, 3000, places),
            "share_veterans": rng.uniform(0.05, 0.5, places).reshape(-1, 3)[:, [0, 0, 0]].ravel(),
            "moe_veterans": rng.uniform(0.02, 0.08, places).reshape(-1, 3)[:, [0, 0, 0]].ravel(),
            "is_tract_veterans": True,
        }
    )
    minutes = pd.Series(np.repeat(rng.uniform(0, 120, places // 3), 3), index=people["geoid"])
    population, far = people["population"].to_numpy(float), minutes.to_numpy() > 60

    def drawn(repeated: int) -> float:
        """Half the 90 % width of the drawn shares, where this many neighbours have one error."""
        errors = np.repeat(rng.standard_normal((draws, places // repeated)), repeated, axis=1)
        shares = people["share_veterans"].to_numpy() + errors * people["moe_veterans"].to_numpy() / 1.645
        beyond = (shares * population * far).sum(axis=1) / (shares * population).sum(axis=1)
        low, high = np.quantile(beyond, [0.05, 0.95])
        return float(high - low) / 2

    def told(table: pd.DataFrame) -> float:
        row = subgroup_beyond(minutes, table, [60], ["share_veterans"]).iloc[0]
        return float(row["high"] - row["low"]) / 2

    assert told(people) == pytest.approx(drawn(3), rel=0.06)
    own = people.assign(is_tract_veterans=False)
    assert told(own) == pytest.approx(drawn(1), rel=0.06)
    assert told(people) > 1.3 * told(own), "block groups that share a tract's error do not even it out"


def test_subgroup_and_rest_are_everybody_and_a_share_of_one_is_people_beyond() -> None:
    people = valley_people().assign(share_white=1.0, moe_white=0.0)
    found = subgroup_beyond(MINUTES, people, [30, 60], ["share_white"], by=["state"])
    plain = people_beyond(MINUTES, people, [30, 60], by=["state"])
    assert found["people_beyond"].tolist() == plain["people_beyond"].tolist()
    assert found["share_beyond"].tolist() == pytest.approx(plain["share_beyond"].tolist())
    assert found["low"].tolist() == found["high"].tolist() == found["share_beyond"].tolist()
    assert found["people_rest"].tolist() == [0] * 4
    assert found[["share_rest_beyond", "difference"]].isna().all(axis=None)


def test_shares_without_margins_are_taken_as_exact_and_counted() -> None:
    bare = subgroup_beyond(MINUTES, valley().drop(columns="moe_poverty"), [30], ["share_poverty"]).iloc[0]
    assert bare[["low", "high"]].isna().all()
    assert bare["people_without_margin"] == 950
    some = valley().assign(moe_poverty=[0.02, np.nan, np.nan, np.nan, np.nan])
    row = subgroup_beyond(MINUTES, some, [30], ["share_poverty"]).iloc[0]
    assert row["people_without_margin"] == 450
    assert row["high"] - row["share_beyond"] == pytest.approx(500 * 6 / 17 / 170 * 0.02)


def test_an_interval_stays_between_nothing_and_all() -> None:
    people = valley().assign(share_poverty=[0.01, 0.0, 0.01, np.nan, 0.0], moe_poverty=[0.5] * 5)
    row = subgroup_beyond(MINUTES, people, [30], ["share_poverty"]).iloc[0]
    assert (row["low"], row["high"]) == (0, 1)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(TableError, match="no column share_veterans"):
        subgroup_beyond(MINUTES, valley(), [30], ["share_veterans"])
    with pytest.raises(TableError, match=r"At place city_a .* not between 0 and 1"):
        subgroup_beyond(MINUTES, valley().assign(share_poverty=10.0), [30], ["share_poverty"])
