"""The map of Access gaps: one view, or two parted by a slider; its legend, and what it says to those who hear it."""

import pandas as pd
import streamlit as st

from access.documents.pictures import HEXAGON_NOTE
from access.language import say
from access.maps.bounds import Bounds, bounds_of
from access.maps.browser_map import MapLayer, split_by_slider
from access.maps.choropleth import county_layer, hexagon_layer
from access.maps.palette import class_names, legend_html
from access.maps.points import points_layer
from access.places.hexagons import average_km2
from access.questions.area_layer import AreaLayer, area_layer
from access.questions.view import VIEW_MEASURES, View
from access.vocabulary import PAYERS
from access.words.view import layer_labels, treatments_words, view_title, view_unit
from ui import gap_caches
from ui.caches import clinics_giving, outlines
from ui.drawing import draw_map
from ui.gap_inputs import CAR, NOTHING, PLAN, GapInputs, second_view
from ui.scenario_draft import draft_edits


def layer_of(asked: GapInputs, view: View, values: "pd.Series[float]") -> AreaLayer:
    """One view of what is asked, by area."""
    cells = gap_caches.cells(asked.pack, asked.state) if asked.by == "hexagon" and asked.own is None else None
    how = {"state": asked.state, "is_part": asked.own is not None, "cells": cells}
    return area_layer(values, asked.people, view, asked.by, outlines()[1], **how)


def show_map(asked: GapInputs, layer: AreaLayer, *, street_tiles: bool) -> None:
    """The legend and the map, with the second view beside the first where there is one."""
    shown = VIEW_MEASURES[layer.view.show]
    names = class_names(shown.edges, view_unit(layer.view))
    st.html(legend_html(view_title(layer.view), names, dark_is_high=shown.dark_is_high))
    if asked.by == "hexagon":
        st.caption(say(HEXAGON_NOTE))
    layers = _layers(asked, layer)
    if asked.against != NOTHING:
        second = second_view(asked.view, asked.against)
        is_plan = asked.against == PLAN
        values = (
            gap_caches.values_after(asked.pack, second, draft_edits())
            if is_plan
            else gap_caches.values(asked.pack, second)
        )
        layers = split_by_slider(layers, _layers(asked, layer_of(asked, second, values)), _names(asked))
    draw_map(layers, title=view_title(layer.view), key="gaps", bounds=_bounds(asked), street_tiles=street_tiles)


def _layers(asked: GapInputs, layer: AreaLayer) -> list[MapLayer]:
    labels, template = layer_labels(layer)
    shown = VIEW_MEASURES[layer.view.show]
    table = layer.codes
    how = {"edges": shown.edges, "labels": labels, "template": template, "dark_is_high": shown.dark_is_high}
    if layer.by == "county":
        fills = county_layer(table["value"], outlines()[1], state=layer.state, only=asked.own is not None, **how)
    else:
        noun = say("Hexagon of about {km2} km²", km2=f"{average_km2(layer.resolution):,.0f}")
        fills = hexagon_layer(table["value"], table["people"], noun=noun, **how)
    clinics = clinics_giving(asked.pack, layer.view.treatments)
    return [fills, points_layer(clinics[["latitude", "longitude", "name", "location_precision"]])]


def _bounds(asked: GapInputs) -> Bounds:
    if asked.own is None:
        return bounds_of(outlines()[0], asked.state)
    people = asked.everybody
    south = float(people["latitude"].min()) - 0.2
    west = float(people["longitude"].min()) - 0.2
    return (south, west), (float(people["latitude"].max()) + 0.2, float(people["longitude"].max()) + 0.2)


def _names(asked: GapInputs) -> tuple[str, str]:
    """What is to the left and to the right, by what parts them."""
    view = asked.view
    second = second_view(asked.view, asked.against)
    if asked.against == CAR:
        return say("with a car"), say("without a car")
    if asked.against == PLAN:
        return say("now"), say("after my scenario")
    if asked.against.startswith("payer"):
        return tuple(say(PAYERS[one.payer]) if one.payer else say("all clinics") for one in (view, second))
    return treatments_words(view.treatments), treatments_words(second.treatments)
