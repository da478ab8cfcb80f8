"""The map of Access gaps: one view, or two parted by a slider; its legend, and what it says to those who hear it."""

import pandas as pd
import streamlit as st

from access.language import say
from access.maps import Layer, class_names, county_layer, hexagon_layer, legend, points_layer, side_by_side
from access.maps.base import Bounds, bounds_of
from access.places.hexagons import average_km2
from access.report.layer import HEXAGON_NOTE, AreaLayer, area_layer
from access.report.layer_words import layer_labels
from access.report.view import SHOWN, View, treatments_words, view_title, view_unit
from access.vocabulary import PAYERS
from ui import gap_data
from ui.data import clinics_giving, outlines
from ui.drawing import draw_map
from ui.gap_view import CAR, NOTHING, PLAN, Asked, second_view
from ui.plan import edits


def layer_of(asked: Asked, view: View, values: "pd.Series[float]") -> AreaLayer:
    """One view of what is asked, by area."""
    cells = gap_data.cells(asked.pack, asked.state) if asked.by == "hexagon" and asked.own is None else None
    how = {"state": asked.state, "is_part": asked.own is not None, "cells": cells}
    return area_layer(values, asked.people, view, asked.by, outlines()[1], **how)


def show_map(asked: Asked, layer: AreaLayer, *, street_tiles: bool) -> None:
    """The legend and the map, with the second view beside the first where there is one."""
    shown = SHOWN[layer.view.show]
    names = class_names(shown.edges, view_unit(layer.view))
    st.html(legend(view_title(layer.view), names, dark_is_high=shown.dark_is_high))
    if asked.by == "hexagon":
        st.caption(say(HEXAGON_NOTE))
    layers = _layers(asked, layer)
    if asked.against != NOTHING:
        second = second_view(asked.view, asked.against)
        is_plan = asked.against == PLAN
        values = gap_data.values_after(asked.pack, second, edits()) if is_plan else gap_data.values(asked.pack, second)
        layers = side_by_side(layers, _layers(asked, layer_of(asked, second, values)), _names(asked))
    draw_map(layers, title=view_title(layer.view), key="gaps", bounds=_bounds(asked), street_tiles=street_tiles)


def _layers(asked: Asked, layer: AreaLayer) -> list[Layer]:
    labels, template = layer_labels(layer)
    shown, table = SHOWN[layer.view.show], layer.codes
    how = {"edges": shown.edges, "labels": labels, "template": template, "dark_is_high": shown.dark_is_high}
    if layer.by == "county":
        fills = county_layer(table["value"], outlines()[1], state=layer.state, only=asked.own is not None, **how)
    else:
        noun = say("Hexagon of about {km2} km²", km2=f"{average_km2(layer.resolution):,.0f}")
        fills = hexagon_layer(table["value"], table["people"], noun=noun, **how)
    clinics = clinics_giving(asked.pack, layer.view.treatments)
    return [fills, points_layer(clinics[["latitude", "longitude", "name", "location_precision"]])]


def _bounds(asked: Asked) -> Bounds:
    if asked.own is None:
        return bounds_of(outlines()[0], asked.state)
    people = asked.everybody
    south, west = float(people["latitude"].min()) - 0.2, float(people["longitude"].min()) - 0.2
    return (south, west), (float(people["latitude"].max()) + 0.2, float(people["longitude"].max()) + 0.2)


def _names(asked: Asked) -> tuple[str, str]:
    """What is to the left and to the right, by what parts them."""
    view, second = asked.view, second_view(asked.view, asked.against)
    if asked.against == CAR:
        return say("with a car"), say("without a car")
    if asked.against == PLAN:
        return say("now"), say("after my scenario")
    if asked.against.startswith("payer"):
        return tuple(say(PAYERS[one.payer]) if one.payer else say("all clinics") for one in (view, second))
    return treatments_words(view.treatments), treatments_words(second.treatments)
