"""Hexagons of the H3 grid: even cells that no county line distorts."""

from collections.abc import Iterable

import geopandas as gpd
import h3  # type: ignore[import-untyped]
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from access.geo import span_km, unit_vectors

FINEST = 15
# The grid that a search around points starts from: cells of about 12,000 km2.
_COARSEST = 3


def hexagons_of(people: pd.DataFrame, resolution: int = 5) -> "pd.Series[str]":
    """The H3 cell in which each place's point lies.

    `resolution`: 0 (cells of about 4,000,000 km2) to 15; 5 has about 250 km2, 6 about 36.

    Returns
    -------
    pd.Series[str]
        Text on the index of `people`, to be grouped as a column of it; no place is without one.

    Raises
    ------
    ValueError
        There is no such resolution.

    Source
    ------
    H3, a hierarchical hexagonal grid, https://h3geo.org.
    """
    if not 0 <= resolution <= FINEST:
        raise ValueError(f"resolution is {resolution}; H3 has 0 to {FINEST}.")
    points = zip(people["latitude"].tolist(), people["longitude"].tolist(), strict=True)
    cells = [h3.latlng_to_cell(latitude, longitude, resolution) for latitude, longitude in points]
    return pd.Series(cells, index=people.index, name="hexagon", dtype="str")


def hexagons_around(points: pd.DataFrame, km: float, *, most: int, finest: int) -> tuple[pd.DataFrame, int]:
    """The cells whose centre lies at most `km` from one of `points`, in the finest grid of at most `most` of them.

    `points`: `latitude`, `longitude`. `finest`: the finest resolution to give, 3 to 15.

    Returns
    -------
    tuple[pd.DataFrame, int]
        `cell`, and `latitude` and `longitude` of its centre, by cell; and the resolution. Where even resolution 3 has
        more than `most` cells, those of it.
    """
    where = list(zip(points["latitude"].tolist(), points["longitude"].tolist(), strict=True))
    rings = int(km / (h3.average_hexagon_edge_length(_COARSEST) * 1.2)) + 3
    starts = {h3.latlng_to_cell(*at, _COARSEST) for at in where}
    ground = _cell_centers(cell for start in starts for cell in h3.grid_disk(start, rings))
    around = cKDTree(unit_vectors(points["latitude"], points["longitude"]))
    found = _cells_near(ground, around, km)
    resolution = _COARSEST
    for finer in range(_COARSEST + 1, finest + 1):
        # A child's centre lies less than one edge of its parent from its parent's.
        edge = 2 * h3.average_hexagon_edge_length(finer - 1)
        ground = _cell_centers(
            child for cell in _cells_near(ground, around, km + edge)["cell"] for child in h3.cell_to_children(cell)
        )
        inside = _cells_near(ground, around, km)
        if len(inside) > most:
            break
        found = inside
        resolution = finer
    return found, resolution


def area_km2(cells: Iterable[str]) -> float:
    """The ground that these cells cover."""
    return float(sum(h3.cell_area(cell, unit="km^2") for cell in cells))


def average_km2(resolution: int) -> float:
    """The area of a cell of that resolution, on average over the earth."""
    return float(h3.average_hexagon_area(resolution, unit="km^2"))


def hexagon_shapes(cells: Iterable[str]) -> gpd.GeoDataFrame:
    """The outline of each cell, in EPSG:4326; one that crosses the 180th meridian is two parts.

    Returns
    -------
    gpd.GeoDataFrame
        `hexagon`, `geometry`: each cell once, in the order given.

    Raises
    ------
    ValueError
        A text is not an H3 cell.
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


def _cell_centers(cells: Iterable[str]) -> pd.DataFrame:
    names = sorted(set(cells))
    centres = np.array([h3.cell_to_latlng(name) for name in names]).reshape(-1, 2)
    return pd.DataFrame({"cell": pd.Series(names, dtype="str"), "latitude": centres[:, 0], "longitude": centres[:, 1]})


def _cells_near(cells: pd.DataFrame, points: cKDTree, km: float) -> pd.DataFrame:
    """Those of the cells whose centre lies at most `km` from the nearest point."""
    chords, _ = points.query(unit_vectors(cells["latitude"], cells["longitude"]))
    return cells[span_km(chords) <= km].reset_index(drop=True)
