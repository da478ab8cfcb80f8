"""Connecticut's two sets of tract numbers: by the eight counties of 2020, and by the planning regions since 2022."""

from pathlib import Path
from typing import Final

import pandas as pd

from access.sources.published_csv import read_published, refuse_unless

_REGIONS: Final = [f"09{code}" for code in range(110, 200, 10)]
# fmt: off
_COLUMNS: Final = [
    "tract_fips_2020", "Tract_fips_2022", "tract_name", "town_name", "town_fips_2020", "town_fips_2022", "county_name",
    "county_fips_2020", "ce_name_2022", "ce_fips_2022", "PUMA2020code", "PUMA2020name", "school_district_code",
    "school_district_name", "zip5_zcta2020",
]
# fmt: on


def tracts_of_2020(path: Path) -> "pd.Series[str]":
    """The 2020 number of each of Connecticut's tracts, by its number of 2022, from the state's crosswalk.

    Raises
    ------
    SourceError
        Not the 15 published columns, a number that lost its zero, a tract twice.

    Source
    ------
    CT Data Collaborative, 2022 tract crosswalk, github.com/CT-Data-Collaborative/2022-tract-crosswalk.
    """
    raw = read_published(path, encoding="utf-8-sig", columns=_COLUMNS, what="tracts of Connecticut")
    for column in ("tract_fips_2020", "Tract_fips_2022"):
        refuse_unless(raw, raw[column].str.fullmatch(r"09\d{9}"), column, "11 digits that begin with 09", path)
        refuse_unless(raw, ~raw[column].duplicated(), column, "there once only", path)
    return pd.Series(raw["tract_fips_2020"].to_numpy(), index=pd.Index(raw["Tract_fips_2022"]), dtype="str")


def tracts_by_region(ruca: pd.DataFrame) -> "pd.Series[str]":
    """The same, from RUCA's table, which has both counties of a tract; the six digits of a tract are the same in both.

    `ruca`: as `access.sources.usda.ruca_by_tract` gives it.
    """
    here = ruca[ruca["tract"].str.startswith("09") & ruca["county_2023"].notna()]
    since = here["county_2023"] + here["tract"].str[5:]
    return pd.Series(here["tract"].to_numpy(), index=pd.Index(since), dtype="str")


def convert_to_counties_of_2020(table: pd.DataFrame, tracts: "pd.Series[str]") -> pd.DataFrame:
    """`table` with the `geoid` of Connecticut's block groups and tracts as in 2020; other rows are untouched.

    A tract that `tracts` does not know keeps its number, and so joins nobody.
    """
    here = is_in_planning_region(table["geoid"])
    known = table["geoid"].str[:11].map(tracts).where(here)
    return table.assign(geoid=(known + table["geoid"].str[11:]).fillna(table["geoid"]))


def is_in_planning_region(codes: "pd.Series[str]") -> "pd.Series[bool]":
    """Which codes of counties, tracts or block groups are Connecticut's by its planning regions."""
    return codes.str[:5].isin(_REGIONS)
