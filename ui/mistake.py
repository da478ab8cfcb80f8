"""A report of what is wrong with a listing; the keeper of the machine corrects it at once."""

from datetime import date

import pandas as pd
import streamlit as st

from access.language import say
from access.places.directory.corrections import read_corrections, save_corrections
from access.places.directory.mistake_reports import (
    MISTAKES,
    MOST_CHARACTERS,
    MOST_DETAIL,
    correction_of_report,
    save_report,
)
from access.vocabulary import TREATMENTS
from ui.caches import gazetteer
from ui.frame import show_errors
from ui.keeper import may_change_data


def report_mistake(found: pd.DataFrame, today: date) -> None:
    """What is wrong with one of the clinics found: kept in a file on this machine, for its owner to accept."""
    with st.expander(say("Report a mistake in a listing")):
        names = dict(zip(found["clinic_id"], found["name"], strict=True))
        clinic = st.selectbox(say("Clinic"), list(names), format_func=lambda one: names.get(one, one), key="mistaken")
        kind = st.selectbox(
            say("What is wrong?"), list(MISTAKES), format_func=lambda one: say(MISTAKES[one]), key="mistake_kind"
        )
        with st.form("mistake", clear_on_submit=True, border=False):
            detail = _ask_detail(kind, found[found["clinic_id"].eq(clinic)])
            label = say("What is wrong, in your words?") if kind == "other" else say("How do you know?")
            text = st.text_area(f"{label} {say('Write nothing about your health.')}", max_chars=MOST_CHARACTERS)
            who = st.text_input(say("Your name, if you want to give it"), max_chars=MOST_DETAIL)
            sent = st.form_submit_button(say("Report it"))
        is_keeper = may_change_data() and kind != "other"
        st.caption(
            say("You keep this machine's data: this counts at once, and can be taken back on the data page.")
            if is_keeper
            else say("It stays in a file on the machine that runs this page, for its owner to read and accept.")
        )
        if sent and clinic:
            said = {"clinic_id": clinic, "kind": kind, "detail": detail, "who": who, "text": text}
            with show_errors():
                _send_report(said, today, at_once=is_keeper)


def _ask_detail(kind: str, offers: pd.DataFrame) -> str:
    """What it is now, where the kind needs it."""
    if kind == "moved":
        return st.text_input(say("Its address now, such as 12 Main St, Bangor, ME 04401"), max_chars=MOST_DETAIL)
    if kind == "phone":
        return st.text_input(say("Its telephone number now"), max_chars=40)
    if kind == "not_offered":
        given = list(offers["treatment"].drop_duplicates())
        chosen = st.selectbox(say("The treatment"), given, format_func=lambda one: say(TREATMENTS[one]))
        return chosen or ""
    return ""


def _send_report(said: dict[str, str], today: date, *, at_once: bool) -> None:
    if at_once and said["text"].strip():
        made = correction_of_report({**said, "date": today.isoformat(), "text": said["text"].strip()}, gazetteer())
        save_corrections([*read_corrections(), made])
        st.success(say("Thank you. It counts from now on."))
        return
    about = {name: said[name] for name in ("kind", "detail", "who")}
    save_report(said["clinic_id"], said["text"], today, **about)
    st.success(say("Thank you. It is kept on this machine for its owner."))
