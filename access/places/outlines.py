"""The outlines of states and counties that ship, for maps, and which of them a point falls in."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import Point

from access.errors import PlaceError
from access.geo import Floats
from access.settings import starter_folder
from access.sources.us_atlas import read_topology, shape_of_county, shapes_of_layer


def outlines_folder() -> Path:
    """The folder with states.json and counties.json, TopoJSON."""
    return starter_folder() / "outlines"


def load_outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """States (`fips`, `name`, `state`, `geometry`) and counties (`county`, `name`, `state`, `geometry`) of 2017.

    Returns
    -------
    tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]
        The 50 states, DC and Puerto Rico, EPSG:4326, ordered by their codes; see `access.sources.us_atlas`.

    Raises
    ------
    SourceError
        A file is absent or damaged.
    """
    folder = outlines_folder()
    states = shapes_of_layer(read_topology(folder / "states.json"), "states", key="fips")
    counties = shapes_of_layer(read_topology(folder / "counties.json"), "counties", key="county")
    return states, counties


def county_names(codes: Sequence[str]) -> str:
    """The names of counties (Census 2020 codes) as one title: "Gallatin + Park, MT"; of many, three and how many."""
    counties = load_outlines()[1].set_index("county")
    named = counties.loc[shape_of_county(pd.Series(list(codes), dtype="str")).tolist()]
    names = named["name"].tolist()
    states = ", ".join(named["state"].drop_duplicates())
    return " + ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "") + f", {states}"


def is_on_land(states: gpd.GeoDataFrame, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
    """Whether each point lies in one of the outlines: not in the sea, in a Great Lake or abroad."""
    inside, _ = states.sindex.query(shapely.points(longitude, latitude), predicate="intersects")
    return np.isin(np.arange(len(latitude)), inside)


def code_at(outlines: gpd.GeoDataFrame, latitude: float, longitude: float) -> str:
    """The code (first column) of the outline that holds a point; on a border, the lower code.

    Raises
    ------
    PlaceError
        The point lies in none of them.
    """
    # A map scrolls on past 180 degrees, where the Aleutians are.
    turned = (longitude + 180) % 360 - 180
    found = outlines.sindex.query(Point(turned, latitude), predicate="intersects")
    if len(found) == 0:
        raise PlaceError("That point is outside the United States as this map draws it. Choose a point on land.")
    return str(outlines.iloc[min(found), 0])


_EQUAL_AREA = "EPSG:5070"


def county_of(points: pd.DataFrame, counties: gpd.GeoDataFrame) -> "pd.Series[str]":
    """The 5-digit county of each point, always one of the point's own `state`; on the index of `points`.

    Parameters
    ----------
    points: `latitude`, `longitude`, `state`, for every state of which `counties` has an outline.
    counties: `county`, `state`, `geometry` (EPSG:4326).
    """
    shapes = counties[["county", "state", "geometry"]].to_crs(_EQUAL_AREA)
    where = gpd.GeoDataFrame(
        {"state": points["state"]},
        geometry=gpd.points_from_xy(points["longitude"], points["latitude"], crs="EPSG:4326"),
        index=points.index,
    ).to_crs(_EQUAL_AREA)
    parts = [
        gpd.sjoin_nearest(
            gpd.GeoDataFrame(group), shapes.loc[shapes["state"] == state, ["county", "geometry"]], how="left"
        )
        for state, group in where.groupby("state")
    ]
    found = pd.concat(parts)["county"]
    # A point on a border is as near to two counties: the first by code.
    return found.groupby(level=0).min().reindex(points.index)
