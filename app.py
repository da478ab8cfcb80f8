"""Start: the three questions, which data is loaded, and how old it is."""

import streamlit as st

import ui

PAGES = {
    "pages/1_Find_care.py": ("Find care", "Where can I get care?", "Clinics near you, what each gives, whom to call."),
    "pages/2_Access_gaps.py": ("Access gaps", "Who cannot?", "How far people live from care, city against country."),
    "pages/3_Scenarios.py": ("Scenarios", "What would change that?", "Open or close a clinic and see who gains."),
    "pages/4_Data_and_methods.py": (
        "Data and methods",
        "How do we know?",
        "Sources, formulas, limits; choose the data.",
    ),
}


def start() -> None:
    with ui.page("Care for treatment-resistant depression"):
        st.write(
            "Depression that two or more antidepressants did not lift is called treatment-resistant. "
            "Its treatments, such as ketamine, esketamine, TMS and ECT, are given in clinics."
        )
        columns = st.columns(len(PAGES))
        for column, (file, (label, question, gives)) in zip(columns, PAGES.items(), strict=True):
            with column.container(border=True):
                st.subheader(question)
                st.write(gives)
                st.page_link(file, label=f"{label} →")
        st.caption(ui.provenance(ui.pack_in_use()))


st.navigation(
    [st.Page(start, title="Start", default=True), *(st.Page(file, title=page[0]) for file, page in PAGES.items())],
    position="top",
).run()
