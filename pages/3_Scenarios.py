"""Scenarios: what opens, closes or changes, who gains and who loses, where next; kept, compared and taken away."""

from dataclasses import replace

import streamlit as st

import ui
from access.documents.html_tables import html_table
from access.language import mark, say
from access.questions.what_if import gains_and_losses, outcome_of_applied
from access.vocabulary import STATES, TREATMENTS
from access.words.scenarios import scenario_for_people, scenario_sentence
from ui import scenario_draft
from ui.scenario_edits import EditContext, ask_edits
from ui.scenario_map import show_map
from ui.scenario_sections import show_section


@st.fragment
def show_workbench(asked: scenario_draft.ScenarioInputs) -> None:
    with ui.show_errors():
        pack = ui.pack_in_use()
        base = ui.baseline(pack, asked.treatment, asked.state)
        ask_edits(EditContext(pack, base.clinics, asked.treatment))
        applied = scenario_draft.apply_draft(pack)
        # In a box of its own: an element more before the map would have it drawn anew, or not at all.
        with st.container():
            scenario_draft.show_edits(asked.treatment)
            for sentence in applied.misfits:
                st.warning(say("Left out: {why}", why=ui.escape_markdown(sentence)))
        named = replace(applied, scenario=scenario_draft.name_draft(applied.scenario))
        found = outcome_of_applied(base, named)
        table = gains_and_losses(base, found.before["minutes"], found.after["minutes"], asked.limit)
        st.subheader(scenario_sentence(table, asked.limit))
        show_map(asked, base, found)
        limit = f"{asked.limit:g}"
        st.html(html_table(scenario_for_people(table).reset_index(), say("People beyond {limit} minutes", limit=limit)))
        show_section(asked, base, found)


with ui.page(mark("Scenarios")):
    scenario_draft.read_link()
    origin_of_data = ui.provenance_line(ui.pack_in_use())
    what, area, reach = st.columns(3)
    treatment = what.selectbox(
        say("Treatment"), list(TREATMENTS), format_func=lambda one: say(TREATMENTS[one]), key="what"
    )
    people = area.selectbox(
        say("People of"), ["US", *STATES], format_func=lambda one: STATES.get(one) or say("United States"), key="people"
    )
    st.session_state.setdefault("within", 60)
    limit = reach.select_slider(say("Within reach means (minutes, one way)"), scenario_draft.LIMITS, key="within")
    show_workbench(scenario_draft.ScenarioInputs(treatment, None if people == "US" else people, limit))
    st.caption(origin_of_data)
