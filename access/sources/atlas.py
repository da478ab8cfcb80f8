"""Outlines of states and counties: the npm package us-atlas, Census cartographic boundaries of 2017."""

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from access.sources.topology import (
    Topology,
    arc_numbers,
    areas,
    degrees,
    grid_points,
    only_layer,
    read_topology,
    rings,
    shapes,
)

# Valdez-Cordova (02261) was split in two in 2019. Connecticut's planning regions came in 2022, after the Census.
_SHAPE_OF_COUNTY: Final = {"02063": "02261", "02066": "02261"}


def shape_of_county(county: "pd.Series[str]") -> "pd.Series[str]":
    """The code of the outline in which each Census 2020 county lies: its own, but for two in Alaska."""
    return county.replace(_SHAPE_OF_COUNTY)


def county_shapes(folder: Path) -> gpd.GeoDataFrame:
    """One row per county of the 50 states, DC and Puerto Rico in 2017: `county`, `name`, `state`, `geometry`.

    Returns
    -------
    In the order of `county`, EPSG:4326, valid. The Aleutians beyond 180 degrees have longitudes near +175.

    Raises
    ------
    SourceError: `folder` (us-atlas) has no counties-10m.json, or it is damaged.
    """
    return shapes(_counties(folder), "counties", key="county")


def state_shapes(folder: Path) -> gpd.GeoDataFrame:
    """One row per state, with DC and Puerto Rico: `fips`, `name`, `state`, `geometry`; else as `county_shapes`."""
    return shapes(_counties(folder), "states", key="fips")


def write_outlines(atlas: Path, outlines: Path) -> None:
    """`states.json` and `counties.json` in `outlines`, TopoJSON: what the app draws of us-atlas in `atlas`.

    They share every state border, so that one may be drawn over the other. us-atlas is simplified already.

    Raises
    ------
    SourceError: `atlas` has no counties-10m.json, or it is damaged.
    """
    topology = _counties(atlas)
    outlines.mkdir(parents=True, exist_ok=True)
    for layer in ("states", "counties"):
        text = json.dumps(only_layer(topology, layer), separators=(",", ":"))
        (outlines / f"{layer}.json").write_text(text + "\n", encoding="utf-8")


def _counties(atlas: Path) -> Topology:
    topology = read_topology(atlas / "counties-10m.json")
    for row in areas(topology, "counties"):
        if _is_collapsed(topology, row):
            _bend_into_square(topology, rings(row)[0][0])
    return topology


def _is_collapsed(topology: Topology, row: dict[str, Any]) -> bool:
    outer = [polygon[0] for polygon in rings(row)]
    return [len(ring) for ring in outer] == [2] and all(len(topology["arcs"][arc]) == 2 for arc in arc_numbers(row))


def _bend_into_square(topology: Topology, ring: list[int]) -> None:
    # Falls Church, Virginia (5 km2), has become one line, drawn there and back. The way back becomes the other
    # three sides of a square, to the right of the way there: outer rings run clockwise.
    start, end = grid_points(topology["arcs"][ring[0]])
    scale = np.asarray(topology["transform"]["scale"])
    ground = scale * [np.cos(np.radians(degrees(topology, start)[1])), 1.0]
    along_x, along_y = (end - start) * ground
    right = np.rint(np.array([along_y, -along_x]) / ground).astype(int)
    topology["arcs"][ring[1]] = [step.tolist() for step in (end, right, start - end, -right)]
