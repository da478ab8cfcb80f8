"""What the pages share: the frame, the crisis line, the caches, the map, and the one place that shows an error."""

from access.words.provenance import pack_columns, provenance_line
from ui.caches import (
    baseline,
    clinics_giving,
    freeze_loaded_objects,
    gazetteer,
    name_in_use,
    outlines,
    pack,
    pack_in_use,
    pack_origins,
    use_pack,
)
from ui.controls import clinic_names, offer_download
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
from ui.frame import CRISIS_LINE, UNFORESEEN, escape_markdown, link_to_page, page, show_errors, show_failure
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
    "escape_markdown",
    "freeze_loaded_objects",
    "gazetteer",
    "link_to_page",
    "name_in_use",
    "offer_download",
    "outlines",
    "pack",
    "pack_columns",
    "pack_in_use",
    "pack_origins",
    "page",
    "plan_layers",
    "provenance_line",
    "share_layer",
    "share_legend",
    "show_errors",
    "show_failure",
    "show_results",
    "street_tiles",
    "use_pack",
]
