"""Shares beside people: nobody is lost, a tract stands for its block groups and says so, Connecticut is found again."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.places.shares import share_notes, shares_in, with_shares
from access.sources.census.connecticut import (
    convert_to_counties_of_2020,
    is_in_planning_region,
    tracts_by_region,
    tracts_of_2020,
)
from access.sources.usda import ruca_by_tract
from access.tables import PEOPLE, check_table
from tests.worlds import valley_people

BLOCKS = ["300310001001", "300310001002", "300310002001", "560010001001", "560010001002"]


def block_people() -> pd.DataFrame:
    """The valley, whose five places are block groups of three tracts."""
    return valley_people().assign(geoid=BLOCKS)


def shares() -> pd.DataFrame:
    """Poverty by block group, but for the town; internet by tract, of two of the three."""
    return pd.DataFrame(
        {
            "geoid": [BLOCKS[0], BLOCKS[1], BLOCKS[3], "30031000100", "56001000100", "99999999999"],
            "share_poverty": [0.1, 0.2, 0.5, np.nan, np.nan, np.nan],
            "moe_poverty": [0.05, 0.1, 0.2, np.nan, np.nan, np.nan],
            "share_no_internet": [np.nan, np.nan, np.nan, 0.3, 0.4, 0.9],
            "moe_no_internet": [np.nan, np.nan, np.nan, 0.06, 0.08, 0.9],
            "adults": [300.0, 200.0, 30.0, 9.0, 9.0, 9.0],
            "moe_adults": [30.0, 20.0, 3.0, 9.0, 9.0, 9.0],
        }
    )


def test_everybody_stays_and_a_tract_stands_for_its_block_groups() -> None:
    people = block_people()
    found = with_shares(people, shares())
    pd.testing.assert_frame_equal(found[["geoid", "population", "county"]], people[["geoid", "population", "county"]])
    assert found["share_poverty"].tolist() == pytest.approx([0.1, 0.2, np.nan, 0.5, np.nan], nan_ok=True)
    assert found["share_no_internet"].tolist() == pytest.approx([0.3, 0.3, np.nan, 0.4, 0.4], nan_ok=True)
    assert found["moe_no_internet"].tolist() == pytest.approx([0.06, 0.06, np.nan, 0.08, 0.08], nan_ok=True)
    assert found["is_tract_no_internet"].tolist() == [True, True, pd.NA, True, True]
    assert found["is_tract_poverty"].tolist() == [False, False, pd.NA, False, pd.NA]
    assert found["adults"].tolist() == pytest.approx([300, 200, np.nan, 30, np.nan], nan_ok=True)
    assert shares_in(found) == ["poverty", "no_internet"]
    assert shares_in(people) == []


def test_places_that_are_tracts_have_their_own() -> None:
    tracts = valley_people().head(2).assign(geoid=["30031000100", "56001000100"])
    found = with_shares(tracts, shares())
    assert found["share_no_internet"].tolist() == [0.3, 0.4]
    assert found["is_tract_no_internet"].tolist() == [False, False]


def test_what_is_unknown_is_said() -> None:
    # Poverty: the town, 150, and the forest, where nobody lives. Internet: the town.
    assert share_notes(with_shares(block_people(), shares())) == [
        "Shares: those of a tract stand for its block groups where these have none: no_internet.",
        "Shares: not known where 150 people live, who are counted apart: poverty, no_internet.",
    ]


def test_a_table_of_people_may_have_shares_or_none() -> None:
    bare = check_table(valley_people(), PEOPLE, where="here")
    assert [column for column in bare if column.startswith(("share_", "moe_", "is_tract_"))] == []
    found = check_table(with_shares(block_people(), shares()), PEOPLE, where="here")
    assert {"share_poverty", "moe_poverty", "is_tract_poverty", "moe_adults"} <= set(found)
    assert "share_veterans" not in found
    with pytest.raises(TableError, match=r"share_poverty is 30 .* must be between 0 and 1"):
        check_table(block_people().assign(share_poverty=30.0), PEOPLE, where="here")


CROSSWALK = (
    "tract_fips_2020,Tract_fips_2022,tract_name,town_name,town_fips_2020,town_fips_2022,county_name,county_fips_2020,"
    "ce_name_2022,ce_fips_2022,PUMA2020code,PUMA2020name,school_district_code,school_district_name,zip5_zcta2020"
)


def test_connecticut_s_planning_regions_become_its_old_counties(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.csv"
    path.write_text(f"\ufeff{CROSSWALK}\n09009350400,09140350400{',x' * 13}\n", encoding="utf-8")
    table = pd.DataFrame({"geoid": ["091403504001", "09140350400", "09140999999", "300310001001"]})
    assert is_in_planning_region(table["geoid"]).tolist() == [True, True, True, False]
    found = convert_to_counties_of_2020(table, tracts_of_2020(path))
    assert found["geoid"].tolist() == ["090093504001", "09009350400", "09140999999", "300310001001"]
    path.write_text(f"{CROSSWALK}\n9009350400,09140350400{',x' * 13}\n")
    with pytest.raises(SourceError, match="11 digits that begin with 09"):
        tracts_of_2020(path)


def test_ruca_s_table_and_the_state_s_crosswalk_tell_the_same(shared: Path) -> None:
    ruca = shared / "mirror" / "www.ers.usda.gov/media/5443/2020-rural-urban-commuting-area-codes-census-tracts.csv"
    ours = tracts_by_region(ruca_by_tract(ruca))
    theirs = tracts_of_2020(shared / "mirror" / "ct_2022tractcrosswalk.csv")
    assert len(ours) == len(theirs) == 879
    pd.testing.assert_series_equal(ours.sort_index(), theirs.sort_index(), check_names=False)
