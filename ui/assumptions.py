"""What a course is reckoned with, each figure with its grade and source, and each open to change."""

from collections.abc import Mapping
from dataclasses import replace
from math import isnan, nan
from typing import Final

import streamlit as st

from access.language import say
from access.measures.course import USD_PER_MILE
from access.measures.regimens import DEFAULT_REGIMENS, REGIMENS, Price, Regimen, visits_by_week
from access.vocabulary import TREATMENTS

_FIGURES: Final = {
    "sessions": (1, 400),
    "sessions_per_week": (1, 7),
    "visit_minutes": (0, 1440),
    "wait_minutes": (0, 600),
}
_MOST_USD: Final = 100_000


def ask_assumptions() -> tuple[Mapping[str, Regimen], float]:
    """The boxes of one treatment's course and of the mile; gives the courses of all treatments as changed so far."""
    assumed, usd_per_mile = assumptions_so_far()
    treatment = st.selectbox(
        say("Treatment to look at or change"), list(REGIMENS), format_func=lambda name: say(TREATMENTS[name])
    )
    assumed[treatment] = _ask_regimen(treatment, assumed[treatment])
    st.button(say("Back to what our sources say"), on_click=_forget_assumptions)
    mile = st.number_input(
        say("Cost of a mile, in dollars (US tax rate for medical drives, 2026)"),
        *(0.0, 5.0, usd_per_mile, 0.005),
        format="%.3f",
        key="assume mile",
    )
    st.session_state["usd_per_mile"] = mile
    return assumed, mile


def assumptions_so_far() -> tuple[dict[str, Regimen], float]:
    """The courses of all treatments and the cost of a mile as this visitor has changed them, boxes shown or not."""
    assumed: dict[str, Regimen] = st.session_state.setdefault("assumed", dict(DEFAULT_REGIMENS))
    return assumed, st.session_state.get("usd_per_mile", USD_PER_MILE)


def _ask_regimen(treatment: str, now: Regimen) -> Regimen:
    presets = {one.name: one for one in REGIMENS[treatment]}
    name = st.selectbox(
        say("Course"),
        list(presets),
        list(presets).index(now.name),
        format_func=lambda one: say(one),
        key=f"assume {treatment}",
    )
    base = now if name == now.name else presets[name]
    st.caption(say("Grade {grade}. {source}", grade=base.grade, source=say(base.source)))
    key = f"assume {treatment} {name}"
    changed = {
        figure: _ask_figure(figure, getattr(base, figure), key, least, most)
        for figure, (least, most) in _FIGURES.items()
    }
    escort = st.checkbox(say("Somebody must bring the patient home"), base.needs_escort, key=f"{key} escort")
    told = replace(base, **changed, needs_escort=escort, price_usd=_ask_price(base.price_usd, key))
    if (told.sessions, told.sessions_per_week) == (base.sessions, base.sessions_per_week):
        return told
    # Other visits than the source's have no calendar of their own: they fill their fullest week until they are done.
    return replace(told, phases=(), weeks=float(len(visits_by_week(replace(told, phases=())).weeks)))


def _ask_figure(figure: str, value: float, key: str, least: int, most: int) -> float:
    labels = {
        "sessions": say("Visits in all"),
        "sessions_per_week": say("Visits in the fullest week"),
        "visit_minutes": say("Minutes at the clinic, each visit"),
        "wait_minutes": say("Minutes of waiting beside that"),
    }
    return float(
        st.number_input(labels[figure], float(least), float(most), float(value), 1.0, "%g", key=f"{key} {figure}")
    )


def _ask_price(price: Price, key: str) -> Price:
    """The price of one visit; a box that is empty is not known."""
    st.caption(say("Price of one visit: {source}. Grade {grade}.", source=say(price.source), grade=price.grade or "–"))
    labels = {"low": say("Lowest price"), "central": say("Usual price"), "high": say("Highest price")}
    asked = {
        level: st.number_input(
            label, 0.0, float(_MOST_USD), _or_none(getattr(price, level)), 10.0, "%g", key=f"{key} {level}"
        )
        for level, label in labels.items()
    }
    figures = [nan if figure is None else float(figure) for figure in asked.values()]
    if _are_same(figures, [price.low, price.central, price.high]):
        return price
    try:
        return Price(*figures, grade="", source=say("typed by you"))
    except ValueError:
        st.error(say("The three prices must rise from lowest to highest; the earlier ones still stand."))
        return price


def _forget_assumptions() -> None:
    for key in [key for key in st.session_state if str(key).startswith(("assume ", "assumed", "usd_per_mile"))]:
        del st.session_state[key]


def _are_same(these: list[float], those: list[float]) -> bool:
    return all(one == other or (isnan(one) and isnan(other)) for one, other in zip(these, those, strict=True))


def _or_none(figure: float) -> float | None:
    return None if isnan(figure) else float(figure)
