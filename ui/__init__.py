"""What the pages share: the frame, the crisis line, the caches, the map, and the one place that shows an error."""

from access.report.provenance import pack_words, provenance
from ui.controls import clinic_names, offer
from ui.data import (
    baseline,
    clinics_giving,
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
    street_tiles,
)
from ui.frame import CRISIS_LINE, UNFORESEEN, link, page, plain, sentences, show_failure
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
    "clinic_names",
    "clinics_giving",
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
    "show_failure",
    "show_results",
    "street_tiles",
    "use_pack",
]
