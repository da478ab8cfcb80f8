"""What a person takes along: choices side by side, their calendars, and a page on paper."""

from datetime import date

import pandas as pd
import streamlit as st

from access.documents.html_tables import calendar_table
from access.documents.shortlist import MOST_CHOICES, comparison_table, shortlist_pdf
from access.language import say
from access.questions.wish import Wish
from access.vocabulary import TREATMENTS
from access.words.care import choice_name
from ui.controls import offer_download


def offer_takeaway(found: pd.DataFrame, wish: Wish, today: date) -> None:
    """Up to four choices that the visitor picks, side by side, as calendars, and on one page."""
    st.subheader(say("Compare and keep"))
    names = {row["choice_id"]: f"{number}. {choice_name(row)}" for number, row in _number_choices(found)}
    chosen = st.multiselect(
        say("Up to four choices"),
        list(names),
        format_func=lambda one: names.get(one, one),
        max_selections=MOST_CHOICES,
        placeholder=say("Choose"),
        select_all=False,
        key="compared",
    )
    kept = found.set_index("choice_id").loc[[one for one in chosen if one in names]].reset_index()
    if kept.empty:
        return
    st.html(comparison_table(kept, today, payer=wish.payer))
    _offer_calendars(kept, wish)
    offer_download(say("Shortlist (PDF)"), "shortlist.pdf", lambda: shortlist_pdf(kept, today, payer=wish.payer))


def _offer_calendars(kept: pd.DataFrame, wish: Wish) -> None:
    """A calendar for each treatment among the choices, since every clinic's course of it is the same."""
    for row in kept.drop_duplicates("treatment").to_dict("records"):
        if regimen := wish.regimens.get(row["treatment"]):
            title = say("Calendar of {treatment}", treatment=say(TREATMENTS[row["treatment"]]))
            st.html(calendar_table(regimen, title, wish.days))


def _number_choices(found: pd.DataFrame) -> list[tuple[int, dict[str, object]]]:
    """Each choice with the number of its clinic's card."""
    numbers = found["clinic_id"].map({key: at for at, key in enumerate(found["clinic_id"].drop_duplicates(), 1)})
    return list(zip(numbers, found.to_dict("records"), strict=True))
