"""Where to look: a ZIP, town or county that is typed, where the visitor is, or a street address if they turn it on."""

import streamlit as st

from access.language import say
from access.places.gazetteer.lookup import Place, find_place
from access.sources.census.geocoder import MOST_CHARACTERS, find_address
from ui.caches import gazetteer
from ui.location import ask_location, forget_location, forget_typed


def ask_place() -> Place | None:
    """The place that the visitor means; None: they have not said yet.

    Raises
    ------
    PlaceError: what was typed is no place that we know, or may be several. SourceError: no answer to an address.
    """
    typed = st.text_input(
        say("ZIP, town or county"),
        placeholder=say("59718, or Bozeman, MT, or Gallatin County, MT"),
        key="place",
        max_chars=80,
        on_change=_prefer_typed,
    )
    here = ask_location()
    exact = _ask_address()
    return find_place(typed, *gazetteer()) if typed.strip() else exact or here


def _ask_address() -> Place | None:
    """A street address, sent only when it is turned on and pressed, with word of what is sent to whom."""
    if not st.toggle(say("Search by street address"), key="by_address"):
        st.session_state.pop("address", None)
        return None
    st.warning(
        say(
            "When you press Send, the address goes from this machine to the US Census Bureau's address service, which "
            "may keep it. A ZIP or a town is enough for most searches, and sends nothing."
        )
    )
    with st.form("street", border=False):
        text = st.text_input(say("Street, town and state"), max_chars=MOST_CHARACTERS, autocomplete="off")
        sent = st.form_submit_button(say("Send"), on_click=forget_typed)
    if sent:
        found = find_address(text)
        point = found.coordinates
        label = say("your address")
        state = found.addressComponents.state
        st.session_state["address"] = Place(label, point.y, point.x, state, "address", "exact")
    place: Place | None = st.session_state.get("address")
    return place


def _prefer_typed() -> None:
    """What was typed last counts."""
    forget_location()
    st.session_state.pop("address", None)
