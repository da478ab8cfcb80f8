"""What the pages share: the frame, the crisis line, the caches, the map, and the one place that shows an error."""

from ui.controls import clinic_names, offer
from ui.data import (
    baseline,
    certainty,
    clinics_giving,
    cost,
    everywhere,
    gazetteer,
    name_in_use,
    outlines,
    pack,
    pack_in_use,
    settle,
    use_pack,
)
from ui.drawing import (
    SHARE_EDGES,
    bounds_around,
    care_layers,
    draw_map,
    plan_layers,
    share_layer,
    share_legend,
    shares_chart,
    street_tiles,
)
from ui.frame import CRISIS_LINE, UNFORESEEN, link, pack_words, page, plain, provenance, sentences, show_failure
from ui.places import ask_place
from ui.results import show_results
from ui.wishes import ask_order, ask_wish

__all__ = [
    "CRISIS_LINE",
    "SHARE_EDGES",
    "UNFORESEEN",
    "ask_order",
    "ask_place",
    "ask_wish",
    "baseline",
    "bounds_around",
    "care_layers",
    "certainty",
    "clinic_names",
    "clinics_giving",
    "cost",
    "draw_map",
    "everywhere",
    "gazetteer",
    "link",
    "name_in_use",
    "offer",
    "outlines",
    "pack",
    "pack_in_use",
    "pack_words",
    "page",
    "plain",
    "plan_layers",
    "provenance",
    "sentences",
    "settle",
    "share_layer",
    "share_legend",
    "shares_chart",
    "show_failure",
    "show_results",
    "street_tiles",
    "use_pack",
]
