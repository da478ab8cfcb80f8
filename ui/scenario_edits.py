"""Where a visitor says what would change: a clinic opened or closed at once, and a form for every other edit."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from access.language import say
from access.places.pack import Pack
from access.scenarios import edits as kinds
from access.scenarios.edits import ACTIONS, CloseClinic, Edit, clinic_ids_of
from access.vocabulary import PAYERS, TREATMENTS
from ui import scenario_draft
from ui.controls import clinic_names

MOST_OFFERED = 50
DAYS: tuple[kinds.Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STOPS = 3


@dataclass(frozen=True)
class EditContext:
    """What edits are about: a pack, its clinics that give the treatment, and the treatment."""

    pack: Pack
    giving: pd.DataFrame
    treatment: str


def ask_edits(there: EditContext) -> None:
    """A box that opens a clinic, a box that closes one, and every other change folded away."""
    left, right = st.columns(2)
    left.text_input(say("Add a clinic: ZIP or town (or click the map)"), key="town", on_change=_add_town, max_chars=80)
    names = clinic_names(_clinics_still_open(there.giving).sort_values(["state", "name"]))
    choice = {"format_func": lambda i: names.get(i) or say("Choose"), "key": "closing", "on_change": _close_clinic}
    right.selectbox(say("Close a clinic"), [None, *names], **choice)
    with st.expander(say("Other changes: certify, move, payers, hours, mobile sites, rides")):
        _ask_other_edit(there)


def _ask_other_edit(there: EditContext) -> None:
    actions = [one for one in ACTIONS if one != "close"]
    action = st.selectbox(say("What would change?"), actions, index=actions.index("certify"), format_func=_action_words)
    make = _MAKERS[action](there)
    cost = st.number_input(say("What it costs once, in dollars (may stay empty)"), min_value=0.0, value=None, step=1e4)

    def priced_edit() -> Edit | None:
        edit = make()
        return None if edit is None else edit.model_copy(update={"cost_usd": cost})

    # What follows on the page is drawn after the change.
    if st.button(say("Make this change"), type="primary"):
        scenario_draft.add_edit(priced_edit)


EditMaker = Callable[[], Edit | None]


def _ask_opening(there: EditContext) -> EditMaker:
    where = st.text_input(say("Where: ZIP, town or point"), max_chars=80)
    treatments = _ask_treatments(there.treatment)
    payers = _ask_payers()
    days = _ask_days(say("Open on (empty: the whole week)"), "open")
    return lambda: _open_clinic(where, treatments, payers, days)


def _open_clinic(where: str, treatments: list[str], payers: list[str], days: list[kinds.Day]) -> Edit:
    place = scenario_draft.find_typed_place(where)
    clinic_id = scenario_draft.new_id()
    return kinds.open_clinic_at(
        place.latitude,
        place.longitude,
        treatments,
        clinic_id=clinic_id,
        name=scenario_draft.new_clinic_name(clinic_id, place.label),
        town=place.label,
        state=place.state,
        payers=payers,
        days=days,
    )


def _ask_move(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    where = st.text_input(say("To: ZIP, town or point"), max_chars=80)

    def make() -> Edit | None:
        if clinic_id is None:
            return None
        place = scenario_draft.find_typed_place(where)
        point = {"latitude": place.latitude, "longitude": place.longitude, "town": place.label}
        return kinds.MoveClinic.model_validate({"clinic_id": clinic_id, **point})

    return make


def _ask_added_treatment(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(_clinics_without_treatment(there))
    payers = _ask_payers()
    more = {"treatment": there.treatment, "payers": tuple(payers)}
    return lambda: _make_edit(kinds.AddTreatment, clinic_id, more)


def _ask_dropped_treatment(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    return lambda: _make_edit(kinds.DropTreatment, clinic_id, {"treatment": there.treatment})


def _ask_certification(there: EditContext) -> EditMaker:
    everybody = there.pack.clinics if there.treatment != "esketamine" else _clinics_without_treatment(there)
    clinic_id = _ask_clinic(everybody)
    return lambda: _make_edit(kinds.CertifyRems, clinic_id, {})


def _ask_payer(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    payer = st.selectbox(say("Payer"), list(PAYERS), format_func=lambda one: say(PAYERS[one]), key="edit_payer")
    return lambda: _make_edit(kinds.AcceptPayer, clinic_id, {"payer": payer, "treatment": there.treatment})


def _ask_capacity(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    sessions = st.number_input(say("Sessions a week"), min_value=0.0, value=20.0, step=1.0)
    return lambda: _make_edit(
        kinds.ChangeCapacity, clinic_id, {"treatment": there.treatment, "capacity_per_week": sessions}
    )


def _ask_hours(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    left, right = st.columns(2)
    hours = left.number_input(say("Hours a week"), min_value=1.0, max_value=168.0, value=60.0)
    instead = right.number_input(say("Instead of"), min_value=1.0, max_value=168.0, value=40.0)
    return lambda: _make_edit(kinds.ChangeHours, clinic_id, {"hours_per_week": hours, "instead_of": instead})


def _ask_part_week(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving)
    days = _ask_days(say("Open on"), "part")
    return lambda: _make_edit(kinds.PartWeek, clinic_id, {"days": tuple(days)})


def _ask_mobile_site(there: EditContext) -> EditMaker:
    asked = []
    for number in range(STOPS):
        left, right = st.columns(2)
        where = left.text_input(say("Stop {number}: ZIP, town or point", number=number + 1), max_chars=80)
        with right:
            asked.append((where, _ask_days(say("Days at stop {number}", number=number + 1), f"stop {number}")))

    def make() -> Edit:
        stops = [(scenario_draft.find_typed_place(where), days) for where, days in asked if where.strip()]
        points = [{"latitude": one.latitude, "longitude": one.longitude, "town": one.label} for one, _ in stops]
        told = [{**point, "days": tuple(days)} for point, (_, days) in zip(points, stops, strict=True)]
        clinic_id = scenario_draft.new_id("mobile")
        name = say("Mobile site {number}", number=clinic_id.rpartition("-")[2])
        fields = {"clinic_id": clinic_id, "name": name, "treatments": (there.treatment,), "stops": tuple(told)}
        return kinds.MobileSite.model_validate({**fields, "state": stops[0][0].state if stops else ""})

    return make


def _ask_rides(there: EditContext) -> EditMaker:
    clinic_id = _ask_clinic(there.giving, say("For patients of (none: of every clinic)"))
    minutes = st.number_input(say("Longest way that it drives, in minutes"), min_value=5.0, max_value=240.0, value=60.0)
    own = (clinic_id,) if clinic_id else ()
    name = say("Rides {number}", number=1 + sum(edit.action == "ride" for edit in scenario_draft.draft_edits()))
    return lambda: kinds.RideProgram(name=name, treatments=(there.treatment,), clinic_ids=own, max_minutes=minutes)


_MAKERS: dict[str, Callable[[EditContext], EditMaker]] = {
    "open": _ask_opening,
    "move": _ask_move,
    "add": _ask_added_treatment,
    "drop": _ask_dropped_treatment,
    "certify": _ask_certification,
    "accept": _ask_payer,
    "capacity": _ask_capacity,
    "hours": _ask_hours,
    "part_week": _ask_part_week,
    "mobile": _ask_mobile_site,
    "ride": _ask_rides,
}


def _make_edit(kind: type[Edit], clinic_id: str | None, more: dict[str, object]) -> Edit:
    if clinic_id is None:
        raise ValueError(say("choose a clinic"))
    return kind.model_validate({"clinic_id": clinic_id, **more})


def _action_words(action: str) -> str:
    return say(ACTIONS[action])


def _ask_clinic(clinics: pd.DataFrame, label: str | None = None) -> str | None:
    """One of the clinics, by a part of its name, town or state; at most fifty are offered at once."""
    left, right = st.columns(2)
    typed = left.text_input(say("Find a clinic: part of its name, town or state"), key="edit_find", max_chars=80)
    names = clinic_names(_clinics_still_open(clinics).sort_values(["state", "name"]))
    wanted = typed.strip().lower()
    found = [clinic_id for clinic_id, name in names.items() if wanted in f"{name} {clinic_id}".lower()]
    chosen: str | None = right.selectbox(
        label or say("Clinic"),
        [None, *found[:MOST_OFFERED]],
        index=1 if wanted and found and label is None else 0,
        format_func=lambda one: names.get(one) or say("Choose"),
    )
    if len(found) > MOST_OFFERED:
        st.caption(say("{count} clinics fit; type more to see the others.", count=f"{len(found):,}"))
    elif not found:
        st.caption(say("No clinic fits; type another part of its name."))
    return chosen


def _ask_treatments(treatment: str) -> list[str]:
    return st.multiselect(
        say("Treatments"), list(TREATMENTS), default=[treatment], format_func=lambda one: say(TREATMENTS[one])
    )


def _ask_payers() -> list[str]:
    return st.multiselect(say("Payers it would take"), list(PAYERS), format_func=lambda one: say(PAYERS[one]))


def _ask_days(label: str, key: str) -> list[kinds.Day]:
    names = dict(zip(DAYS, say("Mon Tue Wed Thu Fri Sat Sun").split(), strict=True))
    chosen = st.pills(label, DAYS, selection_mode="multi", format_func=names.get, key=f"days {key}")
    return [day for day in DAYS if day in chosen]


def _clinics_without_treatment(there: EditContext) -> pd.DataFrame:
    clinics = there.pack.clinics
    return clinics[~clinics["clinic_id"].isin(there.giving["clinic_id"])]


def _clinics_still_open(clinics: pd.DataFrame) -> pd.DataFrame:
    closed = [
        clinic_id
        for edit in scenario_draft.draft_edits()
        if isinstance(edit, CloseClinic)
        for clinic_id in clinic_ids_of(edit)
    ]
    return clinics[~clinics["clinic_id"].isin(closed)]


def _add_town() -> None:
    try:
        place = scenario_draft.find_typed_place(st.session_state["town"])
    except LookupError as failure:
        scenario_draft.say_on_page(str(failure))
        return
    if scenario_draft.add_clinic(st.session_state["what"], place.latitude, place.longitude, place.label, place.state):
        st.session_state["town"] = ""


def _close_clinic() -> None:
    if chosen := st.session_state["closing"]:
        scenario_draft.add_edit(lambda: CloseClinic(clinic_id=chosen))
        st.session_state["closing"] = None
