"""Scenarios: add a clinic, close one, and see at once who gains and who loses."""

import streamlit as st

import ui
from access.maps import bounds_of
from access.places.gazetteer import Place, find_place
from access.report.whatif import what_if
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


@st.fragment
def workbench(treatment: str, state: str | None, limit: float) -> None:
    with ui.sentences():
        pack = ui.pack_in_use()
        clinics = ui.clinics_giving(pack, [treatment])
        left, right = st.columns(2)
        left.text_input("Add a clinic: ZIP or town (or click the map)", key="town", on_change=add_town, max_chars=80)
        ids = clinics.sort_values(["state", "name"]).set_index("clinic_id")
        names = (ids["name"] + ", " + ids["city"].fillna("") + " " + ids["state"]).to_dict()
        right.selectbox(
            "Close a clinic",
            [None, *names],
            format_func=lambda i: names.get(i, "Choose"),
            key="closing",
            on_change=close_clinic,
        )
        layers, box = ui.plan_layers(clinics, edits()), bounds_of(ui.outlines()[0], state)
        click = ui.draw_map(layers, title="Clinics, opened and closed", key="plan", bounds=box)
        if click:
            add(treatment, *click, f"{click[0]:.2f}, {click[1]:.2f}")
            st.rerun(scope="fragment")
        ui.list_edits(edits(), names)
        found = what_if(ui.baseline(pack, treatment, state), Scenario(edits=tuple(edits())), limit)
        st.subheader(scenario_sentence(found, limit))
        st.table(scenario_for_people(found))
        ui.save_scenario(Scenario(edits=tuple(edits())))


with ui.page("Scenarios"):
    what, area, reach = st.columns(3)
    treatment = what.selectbox("Treatment", list(TREATMENTS), format_func=TREATMENTS.get, key="what")
    state = area.selectbox("People of", [None, *STATES], format_func=lambda s: STATES.get(s, "United States"))
    limit = reach.select_slider("Within reach means (minutes, one way)", LIMITS, value=60)
    workbench(treatment, state, limit)
    st.caption(ui.provenance(ui.pack_in_use()))
