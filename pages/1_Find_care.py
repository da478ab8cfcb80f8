"""Find care: which clinics near me give what I could take, what it would ask of me, and whom to call."""

from datetime import datetime

import streamlit as st

import ui
from access.language import mark, say

with ui.page(mark("Find care")):
    place = ui.ask_place()
    wish = ui.ask_wish()
    st.caption(
        say(
            "Drives are estimates. Call before you travel. This is not medical advice. "
            "Your search stays on this machine."
        )
    )
    if place:
        ui.show_results(place, wish, ui.ask_order(), datetime.now().astimezone().date())
