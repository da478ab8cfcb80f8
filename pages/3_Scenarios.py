"""Scenarios: add a clinic, close one, and see at once who gains and who loses."""

import streamlit as st

import ui
from access.language import mark, say
from access.maps import bounds_of
from access.report.gaps import cost_by_area
from access.report.whatif import changes, costs_around
from access.report.words import scenario_for_people, scenario_sentence
from access.scenarios.apply import fitting
from access.scenarios.scenario import Scenario
from access.vocabulary import STATES, TREATMENTS
from ui import plan


@st.fragment
def workbench(treatment: str, state: str | None, limit: float) -> None:
    with ui.sentences():
        pack = ui.pack_in_use()
        clinics = ui.clinics_giving(pack, [treatment])
        plan.choose(clinics)
        plan.list_edits(treatment)
        scenario, misfits = fitting(Scenario(edits=tuple(plan.edits())), pack.clinics, pack.services)
        for sentence in misfits:
            st.warning(say("Left out: {why}", why=ui.plain(sentence)))
        base = ui.baseline(pack, treatment, state)
        before, after = costs_around(base, scenario)
        found = changes(base, before, after, limit)
        st.subheader(scenario_sentence(found, limit))
        fills = ui.share_layer(cost_by_area(after, base.people, [limit], "county"), state, "minutes", limit)
        ui.share_legend("minutes", limit)
        layers, box = [fills, *ui.plan_layers(clinics, scenario.edits)], bounds_of(ui.outlines()[0], state)
        if click := ui.draw_map(layers, title=say("Access after the changes, by county"), key="plan", bounds=box):
            plan.add(treatment, *click, f"{click[0]:.2f}, {click[1]:.2f}")
            st.rerun(scope="fragment")
        st.table(scenario_for_people(found))
        plan.save_scenario(scenario)


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
    workbench(treatment, None if people == "US" else people, limit)
    st.caption(origin_of_data)
