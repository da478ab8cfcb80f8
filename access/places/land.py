"""How much land each county has, estimated from the outlines that ship, where no official figure is at hand."""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import TableError
from access.places.outlines import load_outlines
from access.sources.lists.strict_csv import read_strict_csv
from access.sources.us_atlas import shape_of_county

# Equal-area, so that a county's area does not depend on where it lies.
_EQUAL_AREA: Final = "+proj=cea +lat_ts=38 +datum=WGS84"


def estimated_land_km2(people: pd.DataFrame) -> "pd.Series[float]":
    """The area of each county's outline, km2, by the Census 2020 codes of `people`: an estimate.

    The outlines are generalised and hold inland water, so an area is a few per cent off, and more on lakes and coasts;
    two counties that share an outline of 2017 (02063 and 02066) share its area by halves.

    Source
    ------
    us-atlas 3, from the Census cartographic boundaries of 2017.
    """
    codes = pd.Series(sorted(set(people["county"])), dtype="str")
    shapes = shape_of_county(codes)
    sharing = shapes.map(shapes.value_counts())
    area = shapes.map(_area_km2()) / sharing
    return pd.Series(area.to_numpy(), index=pd.Index(codes, name="county"), name="land_km2")


def read_land(path: Path) -> "pd.Series[float]":
    """Land by county from a CSV with `county` (5 digits) and `land_km2`, such as the Census Gazetteer's ALAND / 1e6.

    Raises
    ------
    SourceError
        The file cannot be read.
    TableError
        A county comes twice, or its land is no number above zero.
    """
    table = read_strict_csv(path, required=["county", "land_km2"], optional=[])
    land = pd.to_numeric(table["land_km2"], errors="coerce")
    wrong = ~(land > 0) | table["county"].duplicated()
    if wrong.any():
        first = table.loc[wrong, "county"].iloc[0]
        raise TableError(
            f"{path.name}: county {first} comes twice or has no land above zero ({int(wrong.sum())} such); correct it."
        )
    return pd.Series(land.to_numpy(), index=pd.Index(table["county"], name="county"), name="land_km2")


@cache
def _area_km2() -> "pd.Series[float]":
    counties = load_outlines()[1]
    area = counties.to_crs(_EQUAL_AREA).area / 1e6
    return pd.Series(area.to_numpy(), index=pd.Index(counties["county"]))
