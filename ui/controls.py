"""Small controls that pages share: downloads, the list of edits, what filters hide."""

import mimetypes
from collections.abc import Callable

import pandas as pd
import streamlit as st

from access.report.words import count
from access.scenarios.scenario import Edit, OpenClinic, Scenario
from access.vocabulary import PAYERS
from ui.frame import plain


def say_hidden(farther: int, refusing: int, reach: str, payer: str | None) -> None:
    """How many clinics each filter hides."""
    parts = [f"{count(farther, 'clinic')} farther than {reach} (within 4 hours)"] if farther else []
    if refusing:
        parts.append(f"{count(refusing, 'clinic')} by the insurance filter ({PAYERS[payer or '']})")
    st.caption("Hidden: " + "; ".join(parts) + ".")


def offer(label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button that makes a file when it is pressed, and hands it over."""
    st.download_button(label, make, name, mimetypes.guess_type(name)[0] or "application/json", on_click="ignore")


def list_edits(edits: list[Edit], names: dict[str, str]) -> None:
    """The edits of a scenario, each with a button that takes it back."""
    for number, edit in enumerate(list(edits)):
        words, button = st.columns([4, 1])
        name = edit.name if isinstance(edit, OpenClinic) else names.get(edit.clinic_id, edit.clinic_id)
        words.write(f"{edit.action.capitalize()}: {plain(name)}")
        button.button("Take back", key=f"undo_{number}_{edit.clinic_id}", on_click=edits.pop, args=(number,))


def save_scenario(scenario: Scenario) -> None:
    """A button that hands the edits over as a file which `trd-access scenario --file` reads."""
    offer("Save this scenario (JSON)", "scenario.json", lambda: scenario.model_dump_json(indent=1).encode())


def clinic_names(clinics: pd.DataFrame) -> dict[str, str]:
    """Name, town and state of each clinic by its id."""
    words = clinics["name"] + ", " + clinics["city"].fillna("") + " " + clinics["state"]
    return dict(zip(clinics["clinic_id"], words, strict=True))
