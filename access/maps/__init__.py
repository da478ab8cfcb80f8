"""Maps: a table becomes layers of a folium map, or a still picture."""

from access.maps.base import STREET_TILES, Bounds, Layer, base_map, bounds_of, reach_layer, scene, side_by_side
from access.maps.changes import (
    gains_layer,
    gains_legend,
    gains_names,
    gains_still,
    gains_title,
    nearer_layer,
    nearer_legend,
)
from access.maps.choropleth import SIZE_STEPS, county_layer, county_lines, hexagon_layer, size_classes, values_by_shape
from access.maps.curves import curves_svg
from access.maps.escape import escape, safe_link, script_json
from access.maps.palette import LOSS_TO_GAIN, class_names, classes, colours, legend
from access.maps.points import points_layer
from access.maps.poster import poster_png, poster_svg
from access.maps.still import mark_svg, still_map

__all__ = [
    "LOSS_TO_GAIN",
    "SIZE_STEPS",
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
    "curves_svg",
    "escape",
    "gains_layer",
    "gains_legend",
    "gains_names",
    "gains_still",
    "gains_title",
    "hexagon_layer",
    "legend",
    "mark_svg",
    "nearer_layer",
    "nearer_legend",
    "points_layer",
    "poster_png",
    "poster_svg",
    "reach_layer",
    "safe_link",
    "scene",
    "script_json",
    "side_by_side",
    "size_classes",
    "still_map",
    "values_by_shape",
]
