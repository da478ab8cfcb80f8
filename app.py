"""Start: the three questions, which data is loaded, and how old it is."""

import streamlit as st

import ui

QUESTIONS = {
    "Find care": ("Where can I get care?", "Clinics near you, what each gives, whom to call."),
    "Access gaps": ("Who cannot?", "How far people live from care, city against country."),
    "Scenarios": ("What would change that?", "Open or close a clinic and see who gains."),
    "Data and methods": ("How do we know?", "Sources, formulas, limits; choose the data."),
}

with ui.page("Care for treatment-resistant depression"):
    st.write(
        "Depression that two or more antidepressants did not lift is called treatment-resistant. "
        "Its treatments, such as ketamine, esketamine, TMS and ECT, are given in clinics."
    )
    for column, (name, (question, gives)) in zip(st.columns(len(QUESTIONS)), QUESTIONS.items(), strict=True):
        with column.container(border=True):
            st.subheader(question)
            st.write(gives)
            ui.link(name)
    st.caption(ui.provenance(ui.pack_in_use()))
