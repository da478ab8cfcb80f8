"""Access gaps: who lives far from a treatment, in the city and in the country; maps and briefs to take away."""

import streamlit as st

import ui
from access.language import mark
from access.report.layer_words import view_sentence
from ui import gap_data
from ui.gap_map import layer_of, show_map
from ui.gap_sections import show_section
from ui.gap_view import ask_view

with ui.page(mark("Access gaps")):
    pack = ui.pack_in_use()
    asked = ask_view(pack)
    values = gap_data.values(pack, asked.view)
    layer = layer_of(asked, asked.view, values)
    st.subheader(ui.plain(view_sentence(values, asked.people, asked.view, asked.area)))
    show_map(asked, layer, street_tiles=ui.street_tiles())
    show_section(asked, layer)
    if mix := gap_data.mix(asked.pack, asked.view, asked.people):
        st.caption(ui.plain(mix))
    st.caption(ui.plain(ui.provenance(pack)))
