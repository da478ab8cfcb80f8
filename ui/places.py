"""Where to look: a ZIP, town or county that is typed, or where the visitor is."""

import streamlit as st

from access.language import say
from access.places.gazetteer import Place, find_place
from ui.data import gazetteer
from ui.location import forget_location, my_location


def ask_place() -> Place | None:
    """The place that the visitor means; None: they have not said yet.

    Raises
    ------
    PlaceError: what was typed is no place that we know, or may be several.
    """
    typed = st.text_input(
        say("ZIP, town or county"),
        placeholder=say("59718, or Bozeman, MT, or Gallatin County, MT"),
        key="place",
        max_chars=80,
        on_change=forget_location,
    )
    here = my_location()
    if typed.strip():
        return find_place(typed, *gazetteer())
    return here
