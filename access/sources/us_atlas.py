"""Outlines of states and counties: the npm package us-atlas, Census cartographic boundaries of 2017, as TopoJSON.

In TopoJSON, borders that two areas share are stored once, as arcs of whole-number points on a grid.
"""

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from access.errors import SourceError
from access.vocabulary import STATE_OF_FIPS

Topology = dict[str, Any]
Points = NDArray[np.float64]
GridPoints = NDArray[np.int64]

_FEWEST_RING_POINTS: Final = 4


def read_topology(path: Path) -> Topology:
    """A TopoJSON file as it stands.

    Raises
    ------
    SourceError
        It is not there, or is no TopoJSON on a grid.
    """
    try:
        topology = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"{path} is not there. Install TRD Access again.") from None
    except (OSError, ValueError) as failure:
        raise SourceError(f"{path} is damaged and cannot be read. Install TRD Access again.") from failure
    if not isinstance(topology, dict) or not {"arcs", "objects", "transform"} <= topology.keys():
        raise SourceError(f"{path} is not quantised TopoJSON. Install TRD Access again.")
    return topology


def shapes_of_layer(topology: Topology, layer: str, *, key: str) -> gpd.GeoDataFrame:
    """The areas of one layer: `key` (the id, text), `name`, `state` (USPS), `geometry`; ordered by `key`.

    Returns
    -------
    gpd.GeoDataFrame
        EPSG:4326, every geometry valid. Territories other than Puerto Rico are left out.

    Raises
    ------
    SourceError
        There is no such layer, or an area encloses nothing.
    """
    rows = areas_of_layer(topology, layer)
    arcs = [degrees_of(topology, grid_points(arc)) for arc in topology["arcs"]]
    ids = [str(row["id"]) for row in rows]
    return gpd.GeoDataFrame(
        {
            key: ids,
            "name": [str(row["properties"]["name"]) for row in rows],
            "state": [STATE_OF_FIPS[code[:2]] for code in ids],
        },
        geometry=[_geometry_of(row, arcs) for row in rows],
        crs="EPSG:4326",
    )


def areas_of_layer(topology: Topology, layer: str) -> list[dict[str, Any]]:
    """The geometries of a layer in the 50 states, DC and Puerto Rico, ordered by id.

    Raises
    ------
    SourceError
        There is no such layer.
    """
    if layer not in topology["objects"]:
        raise SourceError(f"The outlines have no layer named {layer}. Install TRD Access again.")
    rows = topology["objects"][layer]["geometries"]
    return sorted((row for row in rows if str(row.get("id"))[:2] in STATE_OF_FIPS), key=lambda row: str(row["id"]))


def rings_of(row: dict[str, Any]) -> list[list[list[int]]]:
    """The arc numbers of an area: polygons, of rings (the first is the outer one), of arcs (~n is n backwards)."""
    return [row["arcs"]] if row["type"] == "Polygon" else list(row["arcs"])


def arc_numbers(row: dict[str, Any]) -> set[int]:
    """The arcs that bound an area, whichever way they run."""
    return {arc if arc >= 0 else ~arc for polygon in rings_of(row) for ring in polygon for arc in ring}


def grid_points(arc: list[list[int]]) -> GridPoints:
    """An arc's points on the grid, shape (n, 2), from the steps in which TopoJSON stores them."""
    return np.cumsum(np.asarray(arc, dtype=np.int64), axis=0)


def degrees_of(topology: Topology, points: NDArray[Any]) -> Points:
    """Grid points as longitude and latitude."""
    scale, origin = (np.asarray(topology["transform"][part], float) for part in ("scale", "translate"))
    return np.asarray(points * scale + origin)


def ring_points(ring: list[int], arcs: list[Any]) -> NDArray[Any]:
    """The points of one closed ring, shape (n, 2); neighbouring arcs share a point, which is given once."""
    parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def extract_layer(topology: Topology, layer: str) -> Topology:
    """The topology with this layer alone, the arcs that it uses, and of each area its id and name."""
    rows = areas_of_layer(topology, layer)
    used = sorted(set().union(*map(arc_numbers, rows)))
    number = {old: new for new, old in enumerate(used)}
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {layer: {"type": "GeometryCollection", "geometries": [_renumber_arcs(row, number) for row in rows]}},
        "arcs": [topology["arcs"][old] for old in used],
    }


def _renumber_arcs(row: dict[str, Any], number: dict[int, int]) -> dict[str, Any]:
    polygons = [
        [[number[arc] if arc >= 0 else ~number[~arc] for arc in ring] for ring in polygon] for polygon in rings_of(row)
    ]
    is_one = len(polygons) == 1
    return {
        "type": "Polygon" if is_one else "MultiPolygon",
        "id": row["id"],
        "properties": {"name": row["properties"]["name"]},
        "arcs": polygons[0] if is_one else polygons,
    }


def _geometry_of(row: dict[str, Any], arcs: list[Points]) -> BaseGeometry:
    polygons = [polygon for parts in rings_of(row) if (polygon := _polygon_of(parts, arcs)) is not None]
    if not polygons:
        raise SourceError(
            f"The outline of {row['properties']['name']} ({row['id']}) encloses nothing. Install TRD Access again."
        )
    # Rounding to the grid makes some borders cross themselves by a hair.
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    return shapely.make_valid(whole, method="structure", keep_collapsed=False)


def _polygon_of(parts: list[list[int]], arcs: list[Points]) -> Polygon | None:
    # Rounding also turns slivers into rings of two or three points, which enclose nothing.
    outer, *holes = (ring_points(ring, arcs) for ring in parts)
    if len(outer) < _FEWEST_RING_POINTS:
        return None
    return Polygon(outer, [hole for hole in holes if len(hole) >= _FEWEST_RING_POINTS])


# Valdez-Cordova (02261) was split in two in 2019. Connecticut's planning regions came in 2022, after the Census.
_SHAPE_OF_COUNTY: Final = {"02063": "02261", "02066": "02261"}


def shape_of_county(county: "pd.Series[str]") -> "pd.Series[str]":
    """The code of the outline in which each Census 2020 county lies: its own, but for two in Alaska."""
    return county.replace(_SHAPE_OF_COUNTY)


def county_shapes(folder: Path) -> gpd.GeoDataFrame:
    """One row per county of the 50 states, DC and Puerto Rico in 2017: `county`, `name`, `state`, `geometry`.

    Returns
    -------
    gpd.GeoDataFrame
        In the order of `county`, EPSG:4326, valid. The Aleutians beyond 180 degrees have longitudes near +175.

    Raises
    ------
    SourceError
        `folder` (us-atlas) has no counties-10m.json, or it is damaged.
    """
    return shapes_of_layer(_read_counties(folder), "counties", key="county")


def write_outlines(atlas: Path, outlines: Path) -> None:
    """`states.json` and `counties.json` in `outlines`, TopoJSON: what the app draws of us-atlas in `atlas`.

    They share every state border, so that one may be drawn over the other. us-atlas is simplified already.

    Raises
    ------
    SourceError
        `atlas` has no counties-10m.json, or it is damaged.
    """
    topology = _read_counties(atlas)
    outlines.mkdir(parents=True, exist_ok=True)
    for layer in ("states", "counties"):
        text = json.dumps(extract_layer(topology, layer), separators=(",", ":"))
        (outlines / f"{layer}.json").write_text(text + "\n", encoding="utf-8")


def _read_counties(atlas: Path) -> Topology:
    topology = read_topology(atlas / "counties-10m.json")
    for row in areas_of_layer(topology, "counties"):
        if _is_collapsed(topology, row):
            _bend_into_square(topology, rings_of(row)[0][0])
    return topology


def _is_collapsed(topology: Topology, row: dict[str, Any]) -> bool:
    outer = [polygon[0] for polygon in rings_of(row)]
    return [len(ring) for ring in outer] == [2] and all(len(topology["arcs"][arc]) == 2 for arc in arc_numbers(row))


def _bend_into_square(topology: Topology, ring: list[int]) -> None:
    # Falls Church, Virginia (5 km2), has become one line, drawn there and back. The way back becomes the other
    # three sides of a square, to the right of the way there: outer rings run clockwise.
    start, end = grid_points(topology["arcs"][ring[0]])
    scale = np.asarray(topology["transform"]["scale"])
    ground = scale * [np.cos(np.radians(degrees_of(topology, start)[1])), 1.0]
    along_x, along_y = (end - start) * ground
    right = np.rint(np.array([along_y, -along_x]) / ground).astype(int)
    topology["arcs"][ring[1]] = [step.tolist() for step in (end, right, start - end, -right)]
