"""Find care: which clinics near me give this treatment, what is known of each, and whom to call."""

from datetime import date, datetime

import pandas as pd
import streamlit as st

import ui
from access.places.gazetteer import Place, find_place
from access.places.services import NOT_STATED, REFUSED
from access.report.cards import care_cards
from access.report.care import care_near
from access.report.words import count
from access.units import KM_PER_MILE
from access.vocabulary import PAYERS, TREATMENTS

REACHES = {
    **{f"{m} minutes": ("minutes", float(m)) for m in (30, 60, 90, 120, 180, 240)},
    **{f"{m} miles": ("km", m * KM_PER_MILE) for m in (10, 25, 50, 100)},
}
SHOWN = 25


def show(place: Place, treatments: list[str], payer: str | None, reach: str, only_stated: bool) -> None:
    pack, today = ui.pack_in_use(), datetime.now().astimezone().date()
    anywhere = care_near(
        pack, place.latitude, place.longitude, treatments=treatments, payer=payer, landmarks=ui.everywhere(pack)
    )
    unit, limit = REACHES[reach]
    near = anywhere[anywhere[unit] <= limit]
    answers = [REFUSED, NOT_STATED] if only_stated else [REFUSED]
    found = near[~near["payer_answer"].isin(answers)].reset_index(drop=True)
    st.subheader(f"{count(len(found), 'clinic')} in our data within {reach} of {ui.plain(place.label)}")
    if len(found) < len(anywhere):
        ui.say_hidden(len(anywhere) - len(near), len(near) - len(found), reach, payer)
    if found.empty:
        nothing(anywhere, today, payer)
        return
    shown = found if st.session_state.get("all_cards") else found.head(SHOWN)
    cards, drawing = st.columns([3, 2])
    with cards:
        st.html(care_cards(shown, today, payer=payer))
        if len(found) > SHOWN:
            st.toggle(f"Show all {len(found)}", key="all_cards")
    with drawing:
        box = ui.bounds_around(shown, place)
        ui.draw_map(ui.care_layers(shown, place), title="Clinics near you", key="care", bounds=box, height=420)


def nothing(anywhere: pd.DataFrame, today: date, payer: str | None) -> None:
    st.warning("None in our data fits. There may still be care: ask your doctor, and search findtreatment.gov.")
    nearest = anywhere[anywhere["payer_answer"] != REFUSED].head(1)
    if not nearest.empty:
        st.write("The nearest in our data:")
        st.html(care_cards(nearest, today, payer=payer))


with ui.page("Find care"):
    where, what = st.columns(2)
    typed = where.text_input("ZIP or town", placeholder="59718, or Bozeman, MT", key="place", max_chars=80)
    treatments = what.multiselect(
        "Treatment", list(TREATMENTS), format_func=TREATMENTS.get, placeholder="Any treatment"
    )
    insurance, drive = st.columns(2)
    payer = insurance.selectbox("Insurance", [None, *PAYERS], format_func=lambda p: PAYERS.get(p, "Any"))
    reach = drive.selectbox("Longest drive, one way", list(REACHES), index=3)
    only = payer is not None and st.checkbox(f"Only clinics that state that they take {PAYERS[payer]}")
    st.caption(
        "Drives are estimates. Call before you travel. This is not medical advice. Your search stays on this machine."
    )
    if typed.strip():
        show(find_place(typed, *ui.gazetteer()), treatments, payer, reach, bool(only))
