"""Privacy: what this page knows of you, where it stays, and what leaves only when you say so."""

import streamlit as st

import ui
from access.content.privacy import load_privacy
from access.language import mark, say

with ui.page(mark("Privacy")):
    for section in load_privacy().sections:
        st.subheader(section.title)
        st.markdown("\n".join(f"- {ui.escape_markdown(sentence)}" for sentence in section.sentences))
    st.caption(say("The tests are tests/test_browser_privacy.py and tests/test_browser_walk.py."))
