"""Hexagons of the H3 grid: even cells that no county line distorts."""

from collections.abc import Iterable

import geopandas as gpd
import h3  # type: ignore[import-untyped]
import pandas as pd
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

FINEST = 15


def hexagons_of(people: pd.DataFrame, resolution: int = 5) -> "pd.Series[str]":
    """The H3 cell in which each place's point lies.

    `resolution`: 0 (cells of about 4,000,000 km2) to 15; 5 has about 250 km2, 6 about 36.

    Returns
    -------
    Text on the index of `people`, to be grouped as a column of it; no place is without one.

    Raises
    ------
    ValueError: there is no such resolution.

    Source
    ------
    H3, a hierarchical hexagonal grid, https://h3geo.org.
    """
    if not 0 <= resolution <= FINEST:
        raise ValueError(f"resolution is {resolution}; H3 has 0 to {FINEST}.")
    points = zip(people["latitude"].tolist(), people["longitude"].tolist(), strict=True)
    cells = [h3.latlng_to_cell(latitude, longitude, resolution) for latitude, longitude in points]
    return pd.Series(cells, index=people.index, name="hexagon", dtype="str")


def average_km2(resolution: int) -> float:
    """The area of a cell of that resolution, on average over the earth."""
    return float(h3.average_hexagon_area(resolution, unit="km^2"))


def hexagon_shapes(cells: Iterable[str]) -> gpd.GeoDataFrame:
    """The outline of each cell, in EPSG:4326; one that crosses the 180th meridian is two parts.

    Returns
    -------
    `hexagon`, `geometry`: each cell once, in the order given.

    Raises
    ------
    ValueError: a text is not an H3 cell.
    """
    names = list(dict.fromkeys(cells))
    wrong = [name for name in names if not h3.is_valid_cell(name)]
    if wrong:
        raise ValueError(f"'{wrong[0]}' is not an H3 cell ({len(wrong)} such).")
    return gpd.GeoDataFrame(
        {"hexagon": pd.Series(names, dtype="str")}, geometry=[_shape(name) for name in names], crs="EPSG:4326"
    )


def _shape(cell: str) -> BaseGeometry:
    ring = [(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    if max(ring)[0] - min(ring)[0] <= 180:
        return shapely.Polygon(ring)
    whole = shapely.Polygon([(longitude % 360, latitude) for longitude, latitude in ring])
    west = shapely.intersection(whole, shapely.box(0, -90, 180, 90))
    east = translate(shapely.intersection(whole, shapely.box(180, -90, 360, 90)), xoff=-360)
    return shapely.union(west, east)
