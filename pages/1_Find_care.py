"""Find care: which clinics near me give what I could take, what it would ask of me, and whom to call."""

from datetime import datetime

import streamlit as st

import ui
from access.language import mark, say
from access.places.gazetteer import find_place

with ui.page(mark("Find care")):
    typed = st.text_input(
        say("ZIP, town or county"),
        placeholder=say("59718, or Bozeman, MT, or Gallatin County, MT"),
        key="place",
        max_chars=80,
    )
    wish = ui.ask_wish()
    st.caption(
        say(
            "Drives are estimates. Call before you travel. This is not medical advice. "
            "Your search stays on this machine."
        )
    )
    if typed.strip():
        place = find_place(typed, *ui.gazetteer())
        ui.show_results(place, wish, ui.ask_order(), datetime.now().astimezone().date())
