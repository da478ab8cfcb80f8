"""Answers as pictures: a layer as a still map and a poster, and the curves of who reaches a clinic within how much."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.documents.poster import poster_svg
from access.language import mark, say
from access.maps.choropleth import SIZE_STEPS, values_by_shape
from access.maps.curves import curves_svg
from access.maps.palette import NO_DATA_TEXT, class_names
from access.maps.still import still_map
from access.places.hexagons import hexagon_shapes
from access.questions.area_layer import AreaLayer
from access.questions.gaps import EVERYONE
from access.questions.ranks import curve
from access.questions.view import VIEW_MEASURES
from access.sources.us_atlas import shape_of_county
from access.vocabulary import RURALITIES
from access.words.view import view_title, view_unit

# Of a hexagon's width, by how many people live there, as static/map.js draws it too.
_SIZES: Final = (0.3, 0.5, 0.7, 0.92)


def layer_shapes(layer: AreaLayer, counties: gpd.GeoDataFrame, *, sized: bool = False) -> gpd.GeoDataFrame:
    """The shape of each row of the layer, in its order: code, `state`, `geometry`.

    `sized`: hexagons as large as the class of their people, for pictures; else whole cells.
    """
    table = layer.table
    if layer.by == "county":
        shapes = counties.set_index("county").loc[shape_of_county(table["county"]).tolist(), "geometry"]
        geometry = np.asarray(shapes.to_numpy(), object)
    else:
        geometry = np.asarray(hexagon_shapes(table["hexagon"]).geometry.to_numpy(), object)
    if sized and layer.by == "hexagon":
        steps = np.searchsorted(SIZE_STEPS, table["people"].to_numpy(float), side="right")
        geometry = np.array(
            [_shrink_shape(one, _SIZES[step]) for one, step in zip(geometry, steps, strict=True)], object
        )
    return gpd.GeoDataFrame(table[[layer.by, "state"]], geometry=geometry, crs="EPSG:4326")


def _shrink_shape(shape: shapely.Geometry, factor: float) -> shapely.Geometry:
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    return shapely.transform(shape, lambda corners: middle + (corners - middle) * factor)


def layer_map(
    layer: AreaLayer,
    states: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    *,
    clinics: pd.DataFrame | None = None,
) -> str:
    """The layer as a still map without words, SVG."""
    shown = VIEW_MEASURES[layer.view.show]
    values = layer.codes["value"]
    bounds = None
    if layer.is_part:
        west, south, east, north = layer_shapes(layer, counties).total_bounds.tolist()
        bounds = (south, west), (north, east)
    if layer.by == "county":
        areas = counties if layer.state is None else counties[counties["state"] == layer.state]
        border = "#fff"
        values = values_by_shape(values, counties)
        areas = areas[areas["county"].isin(values.index)] if layer.is_part else areas
    else:
        areas = layer_shapes(layer, counties, sized=True)
        border = "#5f6368"
    return still_map(
        values,
        areas,
        states,
        edges=shown.edges,
        state=layer.state,
        bounds=bounds,
        clinics=clinics,
        dark_is_high=shown.dark_is_high,
        border=border,
    )


def layer_poster(layer: AreaLayer, drawn: str, title: str, notes: Sequence[str]) -> str:
    """The map of `layer_map` with its title, its classes explained, and notes."""
    shown = VIEW_MEASURES[layer.view.show]
    return poster_svg(
        drawn,
        title=title,
        legend_title=view_title(layer.view),
        names=class_names(shown.edges, view_unit(layer.view)),
        no_data=say(NO_DATA_TEXT),
        notes=[*([] if layer.by == "county" else [say(HEXAGON_NOTE)]), *notes],
        dark_is_high=shown.dark_is_high,
    )


HEXAGON_NOTE: Final = mark(
    "Only hexagons with people are drawn, larger where more live: up to 100, 1,000, 10,000 people, and more."
)


def curves_by_rurality(cost: "pd.Series[float]", people: pd.DataFrame, unit: str, limit: float | None) -> str:
    """The chart of who reaches a clinic within how much, a line for each rurality that people live in, and for all."""
    until = {"minutes": 240.0, "miles": 200.0}[unit]
    everyone = curve(cost, people, until, by=[]).rename(columns={"group": "rurality"})
    table = pd.concat([curve(cost, people, until, by=["rurality"]), everyone], ignore_index=True)
    names = {name: say(words) for name, words in {**RURALITIES, EVERYONE: mark("All")}.items()}
    here = {name: words for name, words in names.items() if (table["rurality"] == name).any()}
    across = say("{unit} to the nearest clinic, one way", unit=say(unit))
    return curves_svg(table, here, limit=limit, across=across, up=say("share of people"))
