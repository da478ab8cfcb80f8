"""The scenario that a visitor is building: its edits live in the session, and each can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from access.errors import AccessError
from access.language import say
from access.places.gazetteer.lookup import Place, find_place
from access.places.pack import Pack
from access.questions.what_if import refuse_uninhabited
from access.scenarios.apply import AppliedScenario, apply_scenario, fit_scenario
from access.scenarios.edits import (
    ACTIONS,
    AcceptPayer,
    Edit,
    MobileSite,
    OpenClinic,
    RideProgram,
    clinic_ids_of,
    free_ids,
    open_clinic_at,
)
from access.scenarios.scenario import Scenario
from access.vocabulary import PAYERS, STATES, TREATMENTS
from ui.caches import gazetteer, pack_in_use, pack_origins
from ui.controls import clinic_names
from ui.frame import escape_markdown

LIMITS = [15, 30, 45, 60, 90, 120, 180, 240]


@dataclass(frozen=True)
class ScenarioInputs:
    """What the page is asked: the treatment, whose people (a state's code, or None: everybody's), and the limit."""

    treatment: str
    state: str | None
    limit: float


def draft_edits() -> list[Edit]:
    """The visitor's edits so far, in order."""
    made: list[Edit] = st.session_state.setdefault("edits", [])
    return made


def say_on_page(text: str | None) -> None:
    """What the page says above the list of edits at its next run; None: nothing."""
    st.session_state["plan_says"] = text


def add_edit(make: Callable[[], Edit | None]) -> bool:
    """Adds the edit that `make` gives, if it can be made after the others; else the page says why not."""
    pack = pack_in_use()
    try:
        edit = make()
        if edit is None:
            return False
        applied = apply_scenario(Scenario(edits=(*draft_edits(), edit)), pack.clinics, pack.services)
        refuse_uninhabited(pack_origins(pack), pack.clinics, applied.clinics)
    except (AccessError, ValueError) as failure:
        say_on_page(_failure_sentence(failure))
        return False
    draft_edits().append(edit)
    st.session_state["plan_applied"] = (pack.clinics, applied)
    say_on_page(None)
    return True


def apply_draft(pack: Pack) -> AppliedScenario:
    """The visitor's edits that fit the pack, applied; those that a press has just applied are not applied again."""
    scenario = Scenario(edits=tuple(draft_edits()))
    clinics, applied = st.session_state.pop("plan_applied", (None, None))
    if clinics is pack.clinics and applied.scenario == scenario:
        return applied
    return fit_scenario(scenario, pack.clinics, pack.services)


def find_typed_place(text: str) -> Place:
    """The place that was typed.

    Raises
    ------
    PlaceError: as `find_place`.
    """
    return find_place(text, *gazetteer())


def new_id(start: str = "new") -> str:
    """An id that no edit has, such as new-3."""
    return next(free_ids(draft_edits(), start))


def new_clinic_name(clinic_id: str, label: str) -> str:
    """What a new clinic is called: "New clinic 3, Miles City, MT"."""
    return f"{say('New clinic {number}', number=clinic_id.rpartition('-')[2])}, {label}"


def add_clinic(treatment: str, latitude: float, longitude: float, label: str, state: str = "") -> bool:
    """One more clinic at a point, or a sentence that says why not."""

    def make() -> Edit:
        clinic_id = new_id()
        name = new_clinic_name(clinic_id, label)
        return open_clinic_at(latitude, longitude, [treatment], clinic_id=clinic_id, name=name, state=state)

    return add_edit(make)


def read_link() -> None:
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
        say_on_page(say("The link names no point on a map; nothing was opened."))
        return
    add_clinic(st.session_state.get("what", next(iter(TREATMENTS))), latitude, longitude, asked.get("name", "")[:80])


def name_draft(edited: Scenario) -> Scenario:
    """The scenario with the name and note that the visitor gave it."""
    return edited.model_copy(update={"name": st.session_state.get("plan_name") or edited.name})


def take_up_scenario(scenario: Scenario, began: tuple[str, int] = ("", 0)) -> None:
    """From now on this scenario is the one on the page; `began`: the name and version that it was kept as."""
    st.session_state["edits"] = list(scenario.edits)
    st.session_state["plan_name"] = scenario.name if scenario.edits else None
    st.session_state["plan_began"] = began
    say_on_page(None)


def show_edits(treatment: str) -> None:
    """The edits, each with a button that takes it back; one of another treatment says so."""
    if says := st.session_state.get("plan_says"):
        st.error(escape_markdown(says))
    names = clinic_names(pack_in_use().clinics)
    for number, edit in enumerate(draft_edits()):
        words, button = st.columns([4, 1])
        words.write(f"{number + 1}. {escape_markdown(edit_words(edit, names))}{_treatment_words(edit, treatment)}")
        key = f"undo_{number}_{edit.action}_{len(draft_edits())}"
        button.button(say("Take back"), key=key, on_click=_take_back_edit, args=(number,))
    if len(draft_edits()) > 1:
        st.button(say("Take all back"), on_click=_take_back_edit, args=(None,))


def edit_words(edit: Edit, names: dict[str, str]) -> str:
    """An edit for people: "Close: Billings Clinic, Billings MT"."""
    if isinstance(edit, OpenClinic | MobileSite | RideProgram):
        about = edit.name
    else:
        opened = {
            clinic_id: one.name
            for one in draft_edits()
            if isinstance(one, OpenClinic)
            for clinic_id in clinic_ids_of(one)
        }
        about = {**names, **opened}.get(edit.clinic_id, edit.clinic_id)
    more = [say(TREATMENTS[one]) for one in [getattr(edit, "treatment", "")] if one in TREATMENTS]
    more += [say(PAYERS[edit.payer])] if isinstance(edit, AcceptPayer) and edit.payer in PAYERS else []
    words = ", ".join(more)
    return f"{say(ACTIONS[edit.action])}: {about}{f' ({words})' if more else ''}"


def _treatment_words(edit: Edit, treatment: str) -> str:
    if not isinstance(edit, OpenClinic | MobileSite) or treatment in edit.treatments:
        return ""
    named = ", ".join(say(TREATMENTS[name]) for name in edit.treatments)
    return say(" (for {treatments} only)", treatments=named)


def _take_back_edit(number: int | None) -> None:
    draft_edits().clear() if number is None else draft_edits().pop(number)
    say_on_page(None)


def _failure_sentence(failure: Exception) -> str:
    """The sentence of an error of ours, or what a field of an edit must be."""
    if isinstance(failure, AccessError):
        return str(failure)
    first = failure.errors()[0] if hasattr(failure, "errors") else {"msg": str(failure)}
    return say("This change is not complete: {why}.", why=first["msg"])
