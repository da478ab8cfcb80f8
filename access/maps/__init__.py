"""Maps: a table becomes layers of a folium map, or a still picture."""

from access.maps.base import STREET_TILES, Bounds, Layer, base_map, bounds_of, reach_layer, scene
from access.maps.choropleth import county_layer, county_lines, values_by_shape
from access.maps.escape import escape, safe_link, script_json
from access.maps.palette import class_names, classes, colours, legend
from access.maps.points import points_layer
from access.maps.still import county_picture

__all__ = [
    "STREET_TILES",
    "Bounds",
    "Layer",
    "base_map",
    "bounds_of",
    "class_names",
    "classes",
    "colours",
    "county_layer",
    "county_lines",
    "county_picture",
    "escape",
    "legend",
    "points_layer",
    "reach_layer",
    "safe_link",
    "scene",
    "script_json",
    "values_by_shape",
]
