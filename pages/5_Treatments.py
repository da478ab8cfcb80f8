"""Treatments: what this illness is, how the treatments differ, what to expect and what to ask."""

import streamlit as st

import ui
from access.content.guide import load_guide
from access.documents.guide_page import section_html, sources_html, treatments_html
from access.language import mark, say

with ui.page(mark("Treatments")):
    st.write(
        say(
            "A short guide for people whom two antidepressants did not help, and for those who care for them. "
            "It is not medical advice: talk with somebody who knows you."
        )
    )
    *first, questions = load_guide().sections
    for section in first:
        st.html(section_html(section))
    st.html(treatments_html())
    st.html(section_html(questions))
    ui.link_to_page("Find care")
    st.subheader(say("Sources"))
    st.caption(
        say("Grade A: research or government. B: a maker, a hospital or a charity. C: web pages, which may be wrong.")
    )
    st.html(sources_html())
