"""The scenario that a visitor is building: its edits live in the session, and each can be taken back."""

import pandas as pd
import streamlit as st

from access.errors import AccessError
from access.language import say
from access.places.gazetteer import find_place
from access.report.whatif import require_inhabited
from access.scenarios.edits import ACTIONS, CloseClinic, Edit, OpenClinic
from access.scenarios.scenario import Scenario
from access.vocabulary import STATES, TREATMENTS
from ui.controls import clinic_names, offer
from ui.data import everywhere, gazetteer, pack_in_use
from ui.frame import plain

LIMITS = [15, 30, 45, 60, 90, 120, 180, 240]


def edits() -> list[Edit]:
    """The visitor's edits so far, in order."""
    made: list[Edit] = st.session_state.setdefault("edits", [])
    return made


def add(treatment: str, latitude: float, longitude: float, label: str) -> None:
    """One more clinic at a point, or a sentence that says why not."""
    numbers = [int(edit.clinic_id[4:]) for edit in edits() if isinstance(edit, OpenClinic)]
    name = say("New clinic {number}", number=max(numbers, default=0) + 1)
    try:
        require_inhabited(everywhere(pack_in_use()), name, latitude, longitude)
    except AccessError as failure:
        st.session_state["plan_says"] = str(failure)
        return
    made = OpenClinic(
        clinic_id=f"new-{max(numbers, default=0) + 1}",
        name=f"{name}, {label}",
        latitude=latitude,
        longitude=longitude,
        treatments=(treatment,),
    )
    edits().append(made)
    st.session_state["plan_says"] = None


def open_link() -> None:
    """Once a visit, what a link to this page asks for: a treatment, whose people, a limit, and a clinic in a town."""
    asked = st.query_params.to_dict()
    if st.session_state.get("plan_link") == asked or "open" not in asked:
        return
    st.session_state["plan_link"] = asked
    for key, known in (("what", TREATMENTS), ("people", {"US": "", **STATES}), ("within", dict.fromkeys(LIMITS))):
        word = int(asked[key]) if key == "within" and asked.get(key, "").isdecimal() else asked.get(key)
        if word in known:
            st.session_state[key] = word
    try:
        latitude, longitude = map(float, asked["open"].split(","))
    except ValueError:
        st.session_state["plan_says"] = say("The link names no point on a map; nothing was opened.")
        return
    add(st.session_state.get("what", next(iter(TREATMENTS))), latitude, longitude, asked.get("name", "")[:80])


def choose(clinics: pd.DataFrame) -> None:
    """Where a clinic is added by name, and one is closed."""
    left, right = st.columns(2)
    left.text_input(say("Add a clinic: ZIP or town (or click the map)"), key="town", on_change=_add_town, max_chars=80)
    closed = [edit.clinic_id for edit in edits() if isinstance(edit, CloseClinic)]
    open_still = clinics[~clinics["clinic_id"].isin(closed)].sort_values(["state", "name"])
    names = clinic_names(open_still)
    choice = {"format_func": lambda i: names.get(i) or say("Choose"), "key": "closing", "on_change": _close}
    right.selectbox(say("Close a clinic"), [None, *names], **choice)
    if says := st.session_state.get("plan_says"):
        st.error(plain(says))


def list_edits(treatment: str) -> None:
    """The edits, each with a button that takes it back; one of another treatment says so."""
    names = clinic_names(pack_in_use().clinics)
    for number, edit in enumerate(edits()):
        words, button = st.columns([4, 1])
        name = edit.name if isinstance(edit, OpenClinic) else names.get(edit.clinic_id, edit.clinic_id)
        words.write(f"{say(ACTIONS[edit.action])}: {plain(name)}{_treatments(edit, treatment)}")
        button.button(say("Take back"), key=f"undo_{number}_{edit.clinic_id}", on_click=edits().pop, args=(number,))


def save_scenario(scenario: Scenario) -> None:
    """A button that hands the edits over as a file which `trd-access scenario --file` reads."""
    offer(say("Save this scenario (JSON)"), "scenario.json", lambda: scenario.model_dump_json(indent=1).encode())


def _treatments(edit: Edit, treatment: str) -> str:
    if not isinstance(edit, OpenClinic) or treatment in edit.treatments:
        return ""
    named = ", ".join(say(TREATMENTS[name]) for name in edit.treatments)
    return say(" (for {treatments} only)", treatments=named)


def _add_town() -> None:
    try:
        place = find_place(st.session_state["town"], *gazetteer())
    except AccessError as failure:
        st.session_state["plan_says"] = str(failure)
        return
    add(st.session_state["what"], place.latitude, place.longitude, place.label)
    st.session_state["town"] = ""


def _close() -> None:
    if chosen := st.session_state["closing"]:
        edits().append(CloseClinic(clinic_id=chosen))
        st.session_state["closing"], st.session_state["plan_says"] = None, None
