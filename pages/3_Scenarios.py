"""Scenarios: what opens, closes or changes, who gains and who loses, where next; kept, compared and taken away."""

import streamlit as st

import ui
from access.language import mark, say
from access.report.html_table import html_table
from access.report.whatif import changes, outcome
from access.report.words import scenario_for_people, scenario_sentence
from access.scenarios.apply import fitting
from access.scenarios.scenario import Scenario
from access.vocabulary import STATES, TREATMENTS
from ui import plan
from ui.plan_edits import There, choose
from ui.plan_map import show_map
from ui.plan_sections import show_section


@st.fragment
def workbench(asked: plan.Asked) -> None:
    with ui.sentences():
        pack = ui.pack_in_use()
        base = ui.baseline(pack, asked.treatment, asked.state)
        choose(There(pack, base.clinics, asked.treatment))
        scenario, misfits = fitting(Scenario(edits=tuple(plan.edits())), pack.clinics, pack.services)
        # In a box of its own: an element more before the map would have it drawn anew, or not at all.
        with st.container():
            plan.list_edits(asked.treatment)
            for sentence in misfits:
                st.warning(say("Left out: {why}", why=ui.plain(sentence)))
        found = outcome(base, plan.current(scenario))
        table = changes(base, found.before["minutes"], found.after["minutes"], asked.limit)
        st.subheader(scenario_sentence(table, asked.limit))
        show_map(asked, base, found)
        limit = f"{asked.limit:g}"
        st.html(html_table(scenario_for_people(table).reset_index(), say("People beyond {limit} minutes", limit=limit)))
        show_section(asked, base, found)


with ui.page(mark("Scenarios")):
    plan.open_link()
    origin_of_data = ui.provenance(ui.pack_in_use())
    what, area, reach = st.columns(3)
    treatment = what.selectbox(
        say("Treatment"), list(TREATMENTS), format_func=lambda one: say(TREATMENTS[one]), key="what"
    )
    people = area.selectbox(
        say("People of"), ["US", *STATES], format_func=lambda one: STATES.get(one) or say("United States"), key="people"
    )
    st.session_state.setdefault("within", 60)
    limit = reach.select_slider(say("Within reach means (minutes, one way)"), plan.LIMITS, key="within")
    workbench(plan.Asked(treatment, None if people == "US" else people, limit))
    st.caption(origin_of_data)
