"""Which area each place belongs to, and how many people live in each: any geography, as one more column of people."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from access.tables import require_columns

RowNumbers = NDArray[np.int64]


def areas_of(people: pd.DataFrame, polygons: gpd.GeoDataFrame) -> "pd.Series[str]":
    """The area in which each place's point lies; on a border or where areas overlap, the first of them.

    `polygons`: as `access.sources.polygons.read_polygons` gives them.

    Returns
    -------
    pd.Series[str]
        `area_id` on the index of `people`, so that `people.assign(area=...)` can be grouped like any other column.
        Missing: in none of them.
    """
    place, area = _pairs_inside(people, polygons)
    first = np.full(len(people), len(polygons), np.int64)
    np.minimum.at(first, place, area)
    ids = np.append(polygons["area_id"].to_numpy(object), np.nan)
    return pd.Series(ids[first], index=people.index, name="area", dtype="str")


def overlaps_of(people: pd.DataFrame, polygons: gpd.GeoDataFrame) -> pd.DataFrame:
    """The people who live in more than one area: each is counted in the first alone.

    Returns
    -------
    pd.DataFrame
        One row per pair of areas that hold the same places: `area_id` (where they are counted), `also_in`, `places`,
        `population`. No rows: no one lives in two.
    """
    place, area = _pairs_inside(people, polygons)
    first = np.full(len(people), len(polygons), np.int64)
    np.minimum.at(first, place, area)
    again = area != first[place]
    ids = polygons["area_id"].to_numpy()
    pairs = pd.DataFrame(
        {
            "area_id": ids[first[place[again]]],
            "also_in": ids[area[again]],
            "population": people["population"].to_numpy()[place[again]],
        }
    )
    grouped = pairs.groupby(["area_id", "also_in"])["population"].agg(["size", "sum"])
    return grouped.rename(columns={"size": "places", "sum": "population"}).reset_index()


def population_by(people: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """The places and people of each group; those outside every area are a row of their own, with the key missing.

    Returns
    -------
    pd.DataFrame
        The columns of `by`, `places`, `population`; sorted by them, the missing last. `population` adds up to
        everyone.

    Raises
    ------
    TableError
        `people` has no such column.
    """
    keys = [by] if isinstance(by, str) else list(by)
    require_columns(people, keys, where="The people table")
    grouped = people.groupby(keys, sort=True, dropna=False, observed=True)["population"].agg(["size", "sum"])
    return grouped.rename(columns={"size": "places", "sum": "population"}).reset_index()


def area_notes(people: pd.DataFrame, polygons: gpd.GeoDataFrame) -> list[str]:
    """What to know of these areas, a sentence each: borders repaired, overlaps, people outside; none: all is well."""
    notes = []
    if repaired := polygons.loc[polygons["is_repaired"], "name"].tolist():
        notes.append(f"The border of {len(repaired)} areas was not valid and was repaired, the first {repaired[0]}.")
    if (shared := overlaps_of(people, polygons).drop_duplicates(["area_id", "also_in"])).size:
        name = polygons.set_index("area_id")["name"]
        first = name[shared["area_id"].iloc[0]]
        second = name[shared["also_in"].iloc[0]]
        notes.append(
            f"{len(shared)} pairs of areas overlap where people live, the first {first} and {second}; "
            "each person is counted once, in the earlier area of the file."
        )
    outside = int(people["population"].to_numpy()[areas_of(people, polygons).isna().to_numpy()].sum())
    if outside:
        notes.append(f"{outside:,} of {int(people['population'].sum()):,} people live outside every area.")
    return notes


def _pairs_inside(people: pd.DataFrame, polygons: gpd.GeoDataFrame) -> tuple[RowNumbers, RowNumbers]:
    """The row of the place and of the area, for each place in (or on the border of) an area."""
    points = gpd.points_from_xy(people["longitude"], people["latitude"])
    # The tree is of the points, so that each polygon, of perhaps many corners, is prepared once.
    area, place = shapely.STRtree(np.asarray(points)).query(polygons.geometry.to_numpy(), predicate="intersects")
    return np.asarray(place, np.int64), np.asarray(area, np.int64)
