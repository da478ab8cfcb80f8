"""Hostile names in folium's popup, tooltip and icon: escaped; or one of them as it is, with ?raw=0."""

import folium
import streamlit as st
from streamlit_folium import st_folium

from access.maps.browser_map import base_map
from access.maps.escape import escape
from tests.payloads import PAYLOADS

raw = st.query_params.get("raw")
shown = [escape(payload) for payload in PAYLOADS] if raw is None else [PAYLOADS[int(raw)]]
trial = base_map()
trial.default_js = [*trial.default_js, ("jquery", "../../app/static/vendor/jquery/jquery.min.js")]
for row, text in enumerate(shown):
    marker = folium.Marker([45 - 2 * row, -96], icon=folium.DivIcon(html=text, icon_size=(300, 20))).add_to(trial)
    marker.add_child(folium.Popup(text))
    marker.add_child(folium.Tooltip(text))
st_folium(trial, height=500, use_container_width=True, returned_objects=[], key="trial")
