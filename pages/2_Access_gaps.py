"""Access gaps: who lives far from a treatment, in the city and in the country; maps and briefs to take away."""

import streamlit as st

import ui
from access.language import mark
from access.words.view import view_sentence
from ui import gap_caches
from ui.gap_inputs import ask_gap_inputs
from ui.gap_map import layer_of, show_map
from ui.gap_sections import show_section

with ui.page(mark("Access gaps")):
    pack = ui.pack_in_use()
    asked = ask_gap_inputs(pack)
    values = gap_caches.values(pack, asked.view)
    layer = layer_of(asked, asked.view, values)
    st.subheader(ui.escape_markdown(view_sentence(values, asked.people, asked.view, asked.area)))
    show_map(asked, layer, street_tiles=ui.street_tiles())
    show_section(asked, layer)
    if mix := gap_caches.travel_mix_sentence(asked.pack, asked.view, asked.people):
        st.caption(ui.escape_markdown(mix))
    st.caption(ui.escape_markdown(ui.provenance_line(pack)))
