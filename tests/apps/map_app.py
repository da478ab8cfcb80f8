"""The smallest page with a map: counties, points, a reach, and a click."""

import pandas as pd
import streamlit as st

import ui
from access.maps.bounds import bounds_of
from access.maps.browser_map import reach_layer
from access.maps.choropleth import county_layer
from access.maps.palette import class_names, legend_html
from access.maps.points import points_layer
from access.places.outlines import code_at

EDGES = [30, 60, 90, 120]
CLINICS = pd.DataFrame(
    {
        "latitude": [45.78, 46.87, 46.59],
        "longitude": [-108.5, -113.99, -112.04],
        "name": ["Billings <img src=x onerror=window.top.ran=1>", "Missoula ${window.top.ran=1}", "Helena {{7*7}}"],
        "details": ["12 min", "20 min", "30 min"],
        "number": [1, 2, 3],
        "website": ["https://example.org/a", "javascript:window.top.ran=1", None],
        "location_precision": ["rooftop", "zip", "city"],
    }
)

with ui.page("Map trial"):
    states, counties = ui.outlines()
    state = st.selectbox("State", ["", "MT", "VA", "AK"]) or None
    added = st.slider("Minutes added", 0, 60, 0)
    values = pd.Series(range(len(counties)), index=counties["county"]) % 121 + added
    values = values.drop("30063")
    labels = values.map("{} min".format)
    fills = county_layer(values, counties, edges=EDGES, labels=labels, state=state)
    st.html(legend_html("Minutes", class_names(EDGES, "min")))

    @st.fragment
    def clickable() -> None:
        with ui.show_errors():
            layers = [fills, points_layer(CLINICS), reach_layer(46.59, -112.04, 100)]
            click = ui.draw_map(layers, title="Minutes by county", key="trial", bounds=bounds_of(states, state))
            if click:
                st.session_state["clicked"] = code_at(counties, *click)
            st.write(f"Clicked county: {st.session_state.get('clicked', 'none')}")

    clickable()
