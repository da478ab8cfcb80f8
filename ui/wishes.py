"""The questions of Find care: what a person wants, what they can do, and what the course is reckoned with."""

from typing import Any, Final

import streamlit as st

from access.language import say
from access.questions.choices import ORDERS
from access.questions.wish import Wish
from access.units import KM_PER_MILE
from access.vocabulary import PAYERS, TREATMENTS
from access.words.wish import SETTINGS_ASKED, WEEKDAYS, reach_words
from ui.assumptions import ask_assumptions, assumptions_so_far

_REACHES: Final = [
    *(("minutes", float(number)) for number in (30, 60, 90, 120, 180, 240)),
    *(("km", number * KM_PER_MILE) for number in (10, 25, 50, 100)),
]
_FARTHEST: Final = _REACHES[5]
_USUAL_REACH: Final = 3
_MOST_USD: Final = 1_000_000
# What giving up a part of the wish sets each box to.
_GIVEN_UP: Final[dict[str, dict[str, Any]]] = {
    "treatment": {"treatments": []},
    "payer": {"only_stated": False},
    "reach": {"reach": _FARTHEST},
    "days": {"days": []},
    "driver": {"no_driver": False},
    "budget": {"budget": None},
    "telehealth": {"telehealth": False},
    "spanish": {"spanish": False},
    "setting": {"settings": []},
}


def ask_wish() -> Wish:
    """The boxes of the wish, and what they hold."""
    what, insurance = st.columns(2)
    treatments = what.multiselect(
        say("Treatment"),
        list(TREATMENTS),
        format_func=lambda name: say(TREATMENTS[name]),
        placeholder=say("Any that I could take"),
        select_all=False,
        key="treatments",
    )
    payer = insurance.selectbox(
        say("Insurance"),
        [None, *PAYERS],
        format_func=lambda name: say(PAYERS[name]) if name else say("Any"),
        key="payer",
    )
    only_stated = payer is not None and st.checkbox(
        say("Only clinics that state that they take {payer}", payer=say(PAYERS[payer])), key="only_stated"
    )
    with st.expander(say("How far, which days, driver, budget")):
        unit, longest = _ask_reach()
        more = _ask_more()
    # A switch, not a fold: its dozen boxes are then no part of the first page that a phone must draw.
    is_open = st.toggle(say("Visits, hours and prices that we use (change them here)"), key="assumptions")
    regimens, usd_per_mile = ask_assumptions() if is_open else assumptions_so_far()
    return Wish(
        tuple(treatments),
        payer,
        bool(only_stated),
        unit,
        longest,
        **more,
        regimens=regimens,
        usd_per_mile=usd_per_mile,
    )


def ask_order() -> str:
    """The box of the order in which clinics stand, and what it holds."""
    names = {
        "drive": say("the shortest drive"),
        "hours": say("the fewest hours of the whole course"),
        "cost": say("the lowest cost of the whole course"),
        "sure": say("the newest evidence"),
    }
    return st.selectbox(say("Show first"), ORDERS, format_func=lambda order: names[order], key="order")


def give_up(parts: tuple[str, ...]) -> None:
    """Empties these parts of the wish; for the press of a button."""
    for part in parts:
        if part == "payer" and not st.session_state.get("only_stated"):
            st.session_state["payer"] = None
        for key, value in _GIVEN_UP[part].items():
            st.session_state[key] = value


def _ask_reach() -> tuple[Any, float]:
    chosen: tuple[Any, float] = st.selectbox(
        say("Longest way there, one way"),
        _REACHES,
        _USUAL_REACH,
        format_func=lambda one: reach_words(*one),
        key="reach",
    )
    return chosen


def _ask_more() -> dict[str, Any]:
    days = st.multiselect(
        say("Days on which I can go"),
        range(len(WEEKDAYS)),
        format_func=lambda day: say(WEEKDAYS[day]),
        placeholder=say("Any day"),
        select_all=False,
        key="days",
    )
    no_car = st.checkbox(say("I have no car"), key="no_car")
    no_driver = st.checkbox(say("I have nobody who can bring me home"), key="no_driver")
    budget = st.number_input(
        say("Most that the whole course may cost me, in dollars"), 0, _MOST_USD, None, 100, key="budget"
    )
    telehealth = st.checkbox(say("Only clinics that state video or phone visits"), key="telehealth")
    spanish = st.checkbox(say("Only clinics that state care in Spanish"), key="spanish")
    settings = st.multiselect(
        say("Kind of clinic"),
        list(SETTINGS_ASKED),
        format_func=lambda name: say(SETTINGS_ASKED[name]),
        placeholder=say("Any kind"),
        select_all=False,
        key="settings",
    )
    return {
        "days": tuple(sorted(days)),
        "has_car": not no_car,
        "has_driver": not no_driver,
        "budget_usd": budget,
        "telehealth": telehealth,
        "spanish": spanish,
        "settings": tuple(settings),
    }
