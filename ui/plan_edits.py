"""Where a visitor says what would change: a clinic opened or closed at once, and a form for every other edit."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from access.language import say
from access.places.pack import Pack
from access.scenarios import edits as kinds
from access.scenarios.edits import ACTIONS, CloseClinic, Edit, names_of
from access.vocabulary import PAYERS, TREATMENTS
from ui import plan
from ui.controls import clinic_names

MOST_OFFERED = 50
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STOPS = 3


@dataclass(frozen=True)
class There:
    """What edits are about: a pack, its clinics that give the treatment, and the treatment."""

    pack: Pack
    giving: pd.DataFrame
    treatment: str


def choose(there: There) -> None:
    """A box that opens a clinic, a box that closes one, and every other change folded away."""
    left, right = st.columns(2)
    left.text_input(say("Add a clinic: ZIP or town (or click the map)"), key="town", on_change=_add_town, max_chars=80)
    names = clinic_names(_still_open(there.giving).sort_values(["state", "name"]))
    choice = {"format_func": lambda i: names.get(i) or say("Choose"), "key": "closing", "on_change": _close}
    right.selectbox(say("Close a clinic"), [None, *names], **choice)
    with st.expander(say("Other changes: certify, move, payers, hours, mobile sites, rides")):
        _form(there)


def _form(there: There) -> None:
    actions = [one for one in ACTIONS if one != "close"]
    action = st.selectbox(say("What would change?"), actions, index=actions.index("certify"), format_func=_action)
    make = _MAKERS[action](there)
    cost = st.number_input(say("What it costs once, in dollars (may stay empty)"), min_value=0.0, value=None, step=1e4)

    def priced() -> Edit | None:
        edit = make()
        return None if edit is None else edit.model_copy(update={"cost_usd": cost})

    # What follows on the page is drawn after the change.
    if st.button(say("Make this change"), type="primary"):
        plan.attempt(priced)


Maker = Callable[[], Edit | None]


def _opening(there: There) -> Maker:
    where = st.text_input(say("Where: ZIP, town or point"), max_chars=80)
    treatments = _ask_treatments(there.treatment)
    payers, days = _ask_payers(), _ask_days(say("Open on (empty: the whole week)"), "open")
    return lambda: _open(where, treatments, payers, days)


def _open(where: str, treatments: list[str], payers: list[str], days: list[str]) -> Edit:
    place = plan.place_of(where)
    clinic_id = plan.new_id()
    return kinds.OpenClinic(
        clinic_id=clinic_id,
        name=f"{say('New clinic {number}', number=clinic_id.rpartition('-')[2])}, {place.label}",
        latitude=place.latitude,
        longitude=place.longitude,
        town=place.label,
        state=place.state,
        treatments=tuple(treatments),
        payers=tuple(payers),
        days=tuple(days),
    )


def _moving(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    where = st.text_input(say("To: ZIP, town or point"), max_chars=80)

    def make() -> Edit | None:
        if clinic_id is None:
            return None
        place = plan.place_of(where)
        point = {"latitude": place.latitude, "longitude": place.longitude, "town": place.label}
        return kinds.MoveClinic.model_validate({"clinic_id": clinic_id, **point})

    return make


def _adding(there: There) -> Maker:
    clinic_id = _ask_clinic(_others(there))
    payers = _ask_payers()
    more = {"treatment": there.treatment, "payers": tuple(payers)}
    return lambda: _of(kinds.AddTreatment, clinic_id, more)


def _dropping(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    return lambda: _of(kinds.DropTreatment, clinic_id, {"treatment": there.treatment})


def _certifying(there: There) -> Maker:
    everybody = there.pack.clinics if there.treatment != "esketamine" else _others(there)
    clinic_id = _ask_clinic(everybody)
    return lambda: _of(kinds.CertifyRems, clinic_id, {})


def _accepting(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    payer = st.selectbox(say("Payer"), list(PAYERS), format_func=lambda one: say(PAYERS[one]), key="edit_payer")
    return lambda: _of(kinds.AcceptPayer, clinic_id, {"payer": payer, "treatment": there.treatment})


def _capacity(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    sessions = st.number_input(say("Sessions a week"), min_value=0.0, value=20.0, step=1.0)
    return lambda: _of(kinds.ChangeCapacity, clinic_id, {"treatment": there.treatment, "capacity_per_week": sessions})


def _hours(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    left, right = st.columns(2)
    hours = left.number_input(say("Hours a week"), min_value=1.0, max_value=168.0, value=60.0)
    instead = right.number_input(say("Instead of"), min_value=1.0, max_value=168.0, value=40.0)
    return lambda: _of(kinds.ChangeHours, clinic_id, {"hours_per_week": hours, "instead_of": instead})


def _part_week(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving)
    days = _ask_days(say("Open on"), "part")
    return lambda: _of(kinds.PartWeek, clinic_id, {"days": tuple(days)})


def _mobile(there: There) -> Maker:
    asked = []
    for number in range(STOPS):
        left, right = st.columns(2)
        where = left.text_input(say("Stop {number}: ZIP, town or point", number=number + 1), max_chars=80)
        with right:
            asked.append((where, _ask_days(say("Days at stop {number}", number=number + 1), f"stop {number}")))

    def make() -> Edit:
        stops = [(plan.place_of(where), days) for where, days in asked if where.strip()]
        points = [{"latitude": one.latitude, "longitude": one.longitude, "town": one.label} for one, _ in stops]
        told = [{**point, "days": tuple(days)} for point, (_, days) in zip(points, stops, strict=True)]
        clinic_id = plan.new_id("mobile")
        name = say("Mobile site {number}", number=clinic_id.rpartition("-")[2])
        fields = {"clinic_id": clinic_id, "name": name, "treatments": (there.treatment,), "stops": tuple(told)}
        return kinds.MobileSite.model_validate({**fields, "state": stops[0][0].state if stops else ""})

    return make


def _rides(there: There) -> Maker:
    clinic_id = _ask_clinic(there.giving, say("For patients of (none: of every clinic)"))
    minutes = st.number_input(say("Longest way that it drives, in minutes"), min_value=5.0, max_value=240.0, value=60.0)
    own = (clinic_id,) if clinic_id else ()
    name = say("Rides {number}", number=1 + sum(edit.action == "ride" for edit in plan.edits()))
    return lambda: kinds.RideProgramme(name=name, treatments=(there.treatment,), clinic_ids=own, max_minutes=minutes)


_MAKERS: dict[str, Callable[[There], Maker]] = {
    "open": _opening,
    "move": _moving,
    "add": _adding,
    "drop": _dropping,
    "certify": _certifying,
    "accept": _accepting,
    "capacity": _capacity,
    "hours": _hours,
    "part_week": _part_week,
    "mobile": _mobile,
    "ride": _rides,
}


def _of(kind: type[Edit], clinic_id: str | None, more: dict[str, object]) -> Edit:
    if clinic_id is None:
        raise ValueError(say("choose a clinic"))
    return kind.model_validate({"clinic_id": clinic_id, **more})


def _action(action: str) -> str:
    return say(ACTIONS[action])


def _ask_clinic(clinics: pd.DataFrame, label: str | None = None) -> str | None:
    """One of the clinics, by a part of its name, town or state; at most fifty are offered at once."""
    left, right = st.columns(2)
    typed = left.text_input(say("Find a clinic: part of its name, town or state"), key="edit_find", max_chars=80)
    names = clinic_names(_still_open(clinics).sort_values(["state", "name"]))
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


def _ask_days(label: str, key: str) -> list[str]:
    names = dict(zip(DAYS, say("Mon Tue Wed Thu Fri Sat Sun").split(), strict=True))
    chosen = st.pills(label, DAYS, selection_mode="multi", format_func=names.get, key=f"days {key}")
    return [day for day in DAYS if day in chosen]


def _others(there: There) -> pd.DataFrame:
    clinics = there.pack.clinics
    return clinics[~clinics["clinic_id"].isin(there.giving["clinic_id"])]


def _still_open(clinics: pd.DataFrame) -> pd.DataFrame:
    closed = [clinic_id for edit in plan.edits() if isinstance(edit, CloseClinic) for clinic_id in names_of(edit)]
    return clinics[~clinics["clinic_id"].isin(closed)]


def _add_town() -> None:
    try:
        place = plan.place_of(st.session_state["town"])
    except LookupError as failure:
        plan.say_on_page(str(failure))
        return
    if plan.add(st.session_state["what"], place.latitude, place.longitude, place.label, place.state):
        st.session_state["town"] = ""


def _close() -> None:
    if chosen := st.session_state["closing"]:
        plan.attempt(lambda: CloseClinic(clinic_id=chosen))
        st.session_state["closing"] = None
