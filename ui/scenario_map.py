"""The map of a scenario: who comes in and who falls out, who is nearer or farther, or who is far afterwards."""

import streamlit as st

from access.language import mark, say
from access.maps.bounds import bounds_of
from access.maps.browser_map import MapLayer
from access.maps.changes import gains_layer, gains_legend, nearer_layer, nearer_legend
from access.questions.effects import county_changes
from access.questions.gaps import cost_by_area
from access.questions.what_if import Baseline, Outcome
from ui import scenario_draft
from ui.caches import outlines
from ui.drawing import draw_map, plan_layers, share_layer, share_legend

SHOWS = {
    "gains": mark("Who comes within reach, who falls out"),
    "nearer": mark("Minutes nearer or farther"),
    "after": mark("Who is far afterwards"),
}


def show_map(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    """The map and its legend; a click opens a clinic there."""
    shows = st.segmented_control(
        say("The map shows"), list(SHOWS), default="gains", format_func=lambda one: say(SHOWS[one]), key="plan_map"
    )
    shown = shows or "gains"
    layers = [_fill_layer(shown, asked, base, found), *plan_layers(base.clinics, found)]
    title = say("Access after the changes, by county")
    click = draw_map(layers, title=title, key="plan", bounds=bounds_of(outlines()[0], asked.state))
    _show_legend(shown, asked.limit)
    if click:
        scenario_draft.add_clinic(asked.treatment, *click, f"{click[0]:.2f}, {click[1]:.2f}")
        st.rerun(scope="fragment")


def _fill_layer(shown: str, asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> MapLayer:
    if shown == "after":
        far = cost_by_area(found.after["minutes"], base.people, [asked.limit], "county")
        return share_layer(far, asked.state, "minutes", asked.limit)
    counties = county_changes(base, found, asked.limit)
    return (gains_layer if shown == "gains" else nearer_layer)(counties, outlines()[1], asked.state)


def _show_legend(shown: str, limit: float) -> None:
    if shown == "after":
        share_legend("minutes", limit)
    else:
        st.html(gains_legend(limit) if shown == "gains" else nearer_legend())
