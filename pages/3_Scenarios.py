"""Scenarios: add a clinic, close one, and see at once who gains and who loses."""

import pandas as pd
import streamlit as st

import ui
from access.maps import bounds_of
from access.places.gazetteer import Place, find_place
from access.report.gaps import cost_by_area
from access.report.whatif import changes, costs_around
from access.report.words import scenario_for_people, scenario_sentence
from access.scenarios.scenario import CloseClinic, Edit, OpenClinic, Scenario
from access.vocabulary import STATES, TREATMENTS

LIMITS = [15, 30, 45, 60, 90, 120, 180, 240]


def edits() -> list[Edit]:
    return st.session_state.setdefault("edits", [])


def add(treatment: str, latitude: float, longitude: float, label: str) -> None:
    number = 1 + max((int(edit.clinic_id[4:]) for edit in edits() if isinstance(edit, OpenClinic)), default=0)
    edits().append(
        OpenClinic(
            clinic_id=f"new-{number}", name=f"New clinic {number}, {label}",
            latitude=latitude, longitude=longitude, treatments=(treatment,),
        )
    )  # fmt: skip


def add_town() -> None:
    with ui.sentences():
        place: Place = find_place(st.session_state["town"], *ui.gazetteer())
        add(st.session_state["what"], place.latitude, place.longitude, place.label)
        st.session_state["town"] = ""


def close_clinic() -> None:
    if chosen := st.session_state["closing"]:
        edits().append(CloseClinic(clinic_id=chosen))
        st.session_state["closing"] = None


def choose(clinics: pd.DataFrame) -> None:
    left, right = st.columns(2)
    left.text_input("Add a clinic: ZIP or town (or click the map)", key="town", on_change=add_town, max_chars=80)
    names, options = ui.clinic_names(clinics), [None, *clinics.sort_values(["state", "name"])["clinic_id"]]
    choice = {"format_func": lambda i: names.get(i, "Choose"), "key": "closing", "on_change": close_clinic}
    right.selectbox("Close a clinic", options, **choice)


@st.fragment
def workbench(treatment: str, state: str | None, limit: float) -> None:
    with ui.sentences():
        clinics = ui.clinics_giving(ui.pack_in_use(), [treatment])
        choose(clinics)
        base, scenario = ui.baseline(ui.pack_in_use(), treatment, state), Scenario(edits=tuple(edits()))
        before, after = costs_around(base, scenario)
        fills = ui.share_layer(cost_by_area(after, base.people, [limit], "county"), state, "minutes", limit)
        ui.share_legend("minutes", limit)
        layers, box = [fills, *ui.plan_layers(clinics, edits())], bounds_of(ui.outlines()[0], state)
        if click := ui.draw_map(layers, title="Access after the changes, by county", key="plan", bounds=box):
            add(treatment, *click, f"{click[0]:.2f}, {click[1]:.2f}")
            st.rerun(scope="fragment")
        ui.list_edits(edits(), ui.clinic_names(clinics))
        found = changes(base, before, after, limit)
        st.subheader(scenario_sentence(found, limit))
        st.table(scenario_for_people(found))
        ui.save_scenario(scenario)


with ui.page("Scenarios"):
    origin_of_data = ui.provenance(ui.pack_in_use())
    what, area, reach = st.columns(3)
    treatment = what.selectbox("Treatment", list(TREATMENTS), format_func=TREATMENTS.get, key="what")
    state = area.selectbox("People of", [None, *STATES], format_func=lambda s: STATES.get(s, "United States"))
    limit = reach.select_slider("Within reach means (minutes, one way)", LIMITS, value=60)
    workbench(treatment, state, limit)
    st.caption(origin_of_data)
