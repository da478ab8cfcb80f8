"""Centers of population of the 2020 Census: where the people of each block group, tract and county live."""

from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from access.sources.published_csv import read_published, refuse_unless
from access.vocabulary import STATE_OF_FIPS

PEOPLE_2020: Final = 334_735_155  # the 50 states, DC and Puerto Rico

_CODES: Final = {"STATEFP": 2, "COUNTYFP": 3, "TRACTCE": 6, "BLKGRPCE": 1}
_COORDINATE: Final = r"[+-]\d{1,3}\.\d+"
# The states and Puerto Rico, with the Aleutians beyond the 180th meridian.
_LATITUDES: Final = (17.0, 72.0)
_LONGITUDES: Final = ((-180.0, -65.0), (172.0, 180.0))


@dataclass(frozen=True)
class _Layout:
    plural: str
    columns: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        return [column for column in self.columns if column in _CODES]


_MEASURED: Final = ("POPULATION", "LATITUDE", "LONGITUDE")
_BLOCK_GROUPS: Final = _Layout("block groups", (*_CODES, *_MEASURED))
_TRACTS: Final = _Layout("tracts", ("STATEFP", "COUNTYFP", "TRACTCE", *_MEASURED))
_COUNTIES: Final = _Layout("counties", ("STATEFP", "COUNTYFP", "COUNAME", "STNAME", *_MEASURED))


def block_group_centers(path: Path) -> pd.DataFrame:
    """Every block group of a `CenPop2020_Mean_BG` file, those without people too.

    Returns
    -------
    pd.DataFrame
        `geoid` (12 digits, text), `population` (all ages; 0: nobody lives there), `latitude`, `longitude`
        (NAD83 degrees), `state` (USPS), `county` (5 digits; in Connecticut the eight old counties).

    Raises
    ------
    SourceError
        Not this layout, a code that lost its zeros, a point outside the country, a repeated unit.

    Source
    ------
    Census Bureau, Centers of Population 2020, www2.census.gov/geo/docs/reference/cenpop2020.
    """
    return _read_centers(path, _BLOCK_GROUPS)


def tract_centers(path: Path) -> pd.DataFrame:
    """Every tract of a `CenPop2020_Mean_TR` file; as `block_group_centers`, with `geoid` of 11 digits."""
    return _read_centers(path, _TRACTS)


def county_centers(path: Path) -> pd.DataFrame:
    """Every county of a `CenPop2020_Mean_CO` file; as `block_group_centers`, with `geoid` of 5 digits."""
    return _read_centers(path, _COUNTIES)


def centers_by_county(units: pd.DataFrame) -> pd.DataFrame:
    """The centre of population of each county, from that of its block groups or tracts.

    Returns
    -------
    pd.DataFrame
        `geoid` (5 digits), `population`, `latitude`, `longitude`; NaN where a county has no people.

    Source
    ------
    Census Bureau, Centers of Population Computation (2021): latitude is the mean weighted by people,
    longitude the mean weighted by people and the cosine of latitude.
    """
    people = units["population"].to_numpy(float)
    narrowed = people * np.cos(np.radians(units["latitude"].to_numpy(float)))
    sums = pd.DataFrame(
        {
            "geoid": units["county"].to_numpy(),
            "population": units["population"].to_numpy(),
            "people": people,
            "narrowed": narrowed,
            "north": people * units["latitude"].to_numpy(float),
            "east": narrowed * units["longitude"].to_numpy(float),
        }
    )
    by_county = sums.groupby("geoid", sort=True).sum()
    latitude = by_county["north"] / by_county["people"].where(by_county["people"] > 0)
    longitude = by_county["east"] / by_county["narrowed"].where(by_county["people"] > 0)
    return by_county[["population"]].assign(latitude=latitude, longitude=longitude).reset_index()


def _read_centers(path: Path, layout: _Layout) -> pd.DataFrame:
    # utf-8-sig: the files of tracts and block groups open with a byte-order mark, that of counties does not.
    raw = read_published(
        path, encoding="utf-8-sig", columns=layout.columns, what=f"centres of population of {layout.plural}"
    )
    for column in layout.codes:
        refuse_unless(raw, raw[column].str.fullmatch(rf"\d{{{_CODES[column]}}}"), column, _width_rule(column), path)
    refuse_unless(raw, raw["POPULATION"].str.fullmatch(r"\d{1,9}"), "POPULATION", "a whole number, 0 or more", path)
    for column in ("LATITUDE", "LONGITUDE"):
        refuse_unless(raw, raw[column].str.fullmatch(_COORDINATE), column, "degrees like +44.812884", path)
    refuse_unless(raw, raw["STATEFP"].isin(STATE_OF_FIPS), "STATEFP", "a state, DC or Puerto Rico", path)
    table = _center_table(raw, layout)
    _refuse_misplaced(raw, table, path)
    refuse_unless(raw, ~table["geoid"].duplicated(), layout.codes[-1], "there once only", path)
    return table


def _center_table(raw: pd.DataFrame, layout: _Layout) -> pd.DataFrame:
    geoid = reduce(add, [raw[column] for column in layout.codes])
    return pd.DataFrame(
        {
            "geoid": geoid,
            "population": raw["POPULATION"].astype("int64"),
            "latitude": raw["LATITUDE"].astype("float64"),
            "longitude": raw["LONGITUDE"].astype("float64"),
            "state": raw["STATEFP"].map(STATE_OF_FIPS).astype("str"),
            "county": raw["STATEFP"] + raw["COUNTYFP"],
        }
    )


def _refuse_misplaced(raw: pd.DataFrame, table: pd.DataFrame, path: Path) -> None:
    south, north = _LATITUDES
    refuse_unless(raw, table["latitude"].between(south, north), "LATITUDE", f"between {south:g} and {north:g}", path)
    inside = pd.Series(False, index=table.index)
    for west, east in _LONGITUDES:
        inside |= table["longitude"].between(west, east)
    refuse_unless(raw, inside, "LONGITUDE", "between -180 and -65, or 172 and 180", path)


def _width_rule(column: str) -> str:
    return f"{_CODES[column]} digits with its leading zeros"
