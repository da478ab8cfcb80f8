"""Where the visitor is, if they press for it: rounded in the browser to about 1 km before anything leaves it."""

from pathlib import Path
from typing import Final

import streamlit as st

from access.language import mark, say
from access.places.gazetteer.lookup import Place, find_place
from ui.caches import gazetteer

_SCRIPT: Final = Path(__file__).parents[1] / "static" / "location.js"
_BUTTON: Final = st.components.v2.component(
    "access_location",
    html='<button type="button"></button><span role="status"></span>',
    css="""
    button { font: inherit; padding: 0.45rem 0.9rem; min-height: 2.75rem; border: 1px solid #5f6368;
             border-radius: 0.5rem; background: #ffffff; color: #1a1a1a; cursor: pointer; }
    button:focus-visible { outline: 3px solid #00467f; outline-offset: 2px; }
    span { margin-left: 0.75rem; }
    """,
    js=_SCRIPT.read_text(encoding="utf-8"),
)
_REASONS: Final = {
    "denied": mark("Your browser did not share where you are. Type a ZIP or a town instead."),
    "unavailable": mark("Your device could not tell where you are. Type a ZIP or a town instead."),
    "timeout": mark("Your device took too long to tell where you are. Type a ZIP or a town instead."),
    "unsupported": mark("This page may not ask where you are here. Type a ZIP or a town instead."),
}


def ask_location() -> Place | None:
    """The place of the visitor's last press, until they type another; None: none, and a sentence says why it failed.

    Raises
    ------
    PlaceError: it is outside the United States.
    """
    labels = {"label": say("Use my location (to about 1 km)"), "waiting": say("Asking your browser ...")}
    pressed = _BUTTON(key="location button", data=labels, on_found_change=forget_typed).found
    if pressed:
        st.session_state["location"] = pressed
    answer = st.session_state.get("location")
    if not answer:
        return None
    if reason := answer.get("reason"):
        st.warning(say(_REASONS.get(reason, _REASONS["unavailable"])))
        return None
    here = find_place(f"{float(answer['latitude']):.2f}, {float(answer['longitude']):.2f}", *gazetteer())
    return Place(say("your place"), here.latitude, here.longitude, here.state, here.kind, here.precision)


def forget_location() -> None:
    """What was typed last counts: for the change of another box."""
    st.session_state.pop("location", None)


def forget_typed() -> None:
    """What was pressed last counts: for a press that says where else to look."""
    st.session_state["place"] = ""
    st.session_state.pop("address", None)
