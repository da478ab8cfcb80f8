"""Start: the three questions, which data is loaded, and how old it is."""

import streamlit as st

import ui
from access.language import mark, say

QUESTIONS = {
    "Find care": (mark("Where can I get care?"), mark("Clinics near you, what each gives, whom to call.")),
    "Treatments": (mark("What is it, and what helps?"), mark("A short guide, the four treatments side by side.")),
    "Access gaps": (mark("Who cannot?"), mark("How far people live from care, city against country.")),
    "Scenarios": (mark("What would change that?"), mark("Open or close a clinic and see who gains.")),
    "Data and methods": (mark("How do we know?"), mark("Sources, formulas, limits; choose the data.")),
}

with ui.page(mark("Care for treatment-resistant depression")):
    st.write(
        say(
            "Depression that two or more antidepressants did not lift is called treatment-resistant. "
            "Its treatments, such as ketamine, esketamine, TMS and ECT, are given in clinics."
        )
    )
    for column, (name, (question, gives)) in zip(st.columns(len(QUESTIONS)), QUESTIONS.items(), strict=True):
        with column.container(border=True):
            st.subheader(say(question))
            st.write(say(gives))
            ui.link_to_page(name)
    st.caption(ui.escape_markdown(ui.provenance_line(ui.pack_in_use())))
