"""The outlines that ship with the starter pack: states and counties, for maps and for finding where a click fell."""

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
from access.sources.atlas import shape_of_county
from access.sources.topology import read_topology, shapes


def outlines_folder() -> Path:
    """The folder with states.json and counties.json, TopoJSON."""
    return starter_folder() / "outlines"


def load_outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """States (`fips`, `name`, `state`, `geometry`) and counties (`county`, `name`, `state`, `geometry`) of 2017.

    Returns
    -------
    The 50 states, DC and Puerto Rico, EPSG:4326, ordered by their codes; see `access.sources.atlas`.

    Raises
    ------
    SourceError: a file is absent or damaged.
    """
    folder = outlines_folder()
    states = shapes(read_topology(folder / "states.json"), "states", key="fips")
    counties = shapes(read_topology(folder / "counties.json"), "counties", key="county")
    return states, counties


def county_names(codes: Sequence[str]) -> str:
    """The names of counties (Census 2020 codes) as one title: "Gallatin + Park, MT"; of many, three and how many."""
    counties = load_outlines()[1].set_index("county")
    named = counties.loc[shape_of_county(pd.Series(list(codes), dtype="str")).tolist()]
    names, states = named["name"].tolist(), ", ".join(named["state"].drop_duplicates())
    return " + ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "") + f", {states}"


def is_on_land(states: gpd.GeoDataFrame, latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
    """Whether each point lies in one of the outlines: not in the sea, in a Great Lake or abroad."""
    inside, _ = states.sindex.query(shapely.points(longitude, latitude), predicate="intersects")
    return np.isin(np.arange(len(latitude)), inside)


def code_at(outlines: gpd.GeoDataFrame, latitude: float, longitude: float) -> str:
    """The code (first column) of the outline that holds a point; on a border, the lower code.

    Raises
    ------
    PlaceError: the point lies in none of them.
    """
    # A map scrolls on past 180 degrees, where the Aleutians are.
    turned = (longitude + 180) % 360 - 180
    found = outlines.sindex.query(Point(turned, latitude), predicate="intersects")
    if len(found) == 0:
        raise PlaceError("That point is outside the United States as this map draws it. Choose a point on land.")
    return str(outlines.iloc[min(found), 0])
