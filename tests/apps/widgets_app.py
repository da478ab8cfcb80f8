"""What pages hold beside a map, under the app's headers; and two ways to fail."""

import pandas as pd
import streamlit as st

import ui
from access.errors import PlaceError

TABLE = pd.DataFrame({"rurality": ["urban", "rural"], "minutes": [12.0, 61.0]})

with ui.page("Widgets"):
    st.bar_chart(TABLE, x="rurality", y="minutes")
    st.dataframe(TABLE)
    st.table(TABLE)
    st.download_button("CSV", TABLE.to_csv, file_name="table.csv", on_click="ignore")
    st.file_uploader("Your clinics")
    st.tabs(["One", "Two"])
    st.expander("More").write("More")
    if st.button("Unknown place"):
        raise PlaceError(
            "'00000' is not a ZIP code we know; try ![a town](https://example.org/x.png) such as $Miles City$, MT."
        )
    if st.button("Our fault"):
        raise KeyError("59718")

    @st.fragment
    def part() -> None:
        if st.button("Fault in a part"):
            raise PlaceError("'ZZ' is not a state; use a code such as MT.")

    part()
