"""The questions of Access gaps: whom, what, how far, how it is drawn, and against what; all but the area is shared."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from access.language import LANGUAGES, language, mark, say, use_language
from access.places.areas import areas_of
from access.places.outlines import county_names
from access.places.pack import Pack
from access.questions.area_layer import AREA_UNITS, AreaUnit
from access.questions.gaps import people_of
from access.questions.view import VIEW_MEASURES, View, view_people
from access.sources.polygons import read_polygons, title_of
from access.sources.us_atlas import shape_of_county
from access.vocabulary import PAYERS, STATES, TREATMENTS
from access.words.figures import area_name
from ui.caches import outlines
from ui.scenario_draft import draft_edits

STEPS = {mark("minutes"): [15, 30, 45, 60, 90, 120, 180, 240], mark("miles"): [5, 10, 20, 30, 50, 75, 100, 150]}
AREAS = {"US": mark("United States"), **STATES}
RANKS = {1: mark("nearest clinic"), 2: mark("2nd nearest clinic"), 3: mark("3rd nearest clinic")}
DEMANDS = {
    "people": mark("everybody"),
    "adults": mark("adults (77.9 % of people where they are not counted)"),
    "trd_low": mark("expected patients, low (0.21 % of adults)"),
    "trd_central": mark("expected patients, central (1.15 % of adults)"),
}
AREA_KINDS: dict[AreaUnit, str] = {"county": mark("counties"), "hexagon": mark("hexagons where people live")}
AreaPeople = tuple[pd.DataFrame, str | None, tuple[str, ...]]
NOTHING = "nothing"
CAR = "car"
PLAN = "plan"


@dataclass(frozen=True, eq=False)
class GapInputs:
    """What the visitor asks: a view of the people of an area, drawn by county or hexagon, and what it is held against.

    `everybody`: the people of the area; `people`: those of them who ask. `own`: what an area of one's own is called;
    `options`: how the command names the area.
    """

    pack: Pack
    view: View
    by: AreaUnit
    against: str
    state: str | None
    everybody: pd.DataFrame
    own: str | None
    options: tuple[str, ...]

    @property
    def area(self) -> str:
        """What the area is called."""
        return self.own or area_name(self.everybody, self.state)

    @property
    def people(self) -> pd.DataFrame:
        """Those who ask."""
        return view_people(self.everybody, self.view.demand)


def ask_gap_inputs(pack: Pack) -> GapInputs:
    """The boxes of the view, and what they hold."""
    first, second, third, fourth = st.columns(4)
    _translate_link("treatment", TREATMENTS, several=True)
    area = _ask_choice(first, say("Area"), AREAS, "area")
    treatments = second.multiselect(
        say("Treatment (any of)"),
        list(TREATMENTS),
        default=[next(iter(TREATMENTS))],
        format_func=lambda one: say(TREATMENTS[one]),
        placeholder=say("All treatments"),
        select_all=False,
        key="treatment",
        bind="query-params",
    )
    payer = _ask_choice(third, say("Insurance"), {None: mark("Any, stated or not"), **PAYERS}, "payer")
    show = _ask_choice(fourth, say("Show"), {name: shown.words for name, shown in VIEW_MEASURES.items()}, "show")
    view = View(tuple(one for one in TREATMENTS if one in treatments) or tuple(TREATMENTS), payer, show)
    state = None if area == "US" else area
    limit = st.container()
    everybody = people_of(pack.people, state)
    by = AREA_UNITS[0]
    against = NOTHING
    own = None
    options = ("--state", state or "US")
    # A switch, not a fold: its boxes are then no part of the first page that a phone must draw.
    more = say("More choices: miles, hexagons, a comparison, counties, an area of your own")
    if st.toggle(more, key="more", bind="query-params"):
        view, by, against = _ask_more(view)
        everybody, own, options = _ask_area_people(everybody, state)
    with limit:
        view = _with_limit(view)
    return GapInputs(pack, view, by, against, state, everybody, own, options)


def _with_limit(view: View) -> View:
    if "limit" not in VIEW_MEASURES[view.show].asks:
        return view
    label = say("Farther than ({unit}, one way)", unit=say(view.unit))
    if "unit" not in VIEW_MEASURES[view.show].asks:
        label = say("Within how many minutes, one way")
    steps = STEPS[view.unit]
    limit = st.select_slider(label, steps, value=steps[3], key=view.unit, bind="query-params")
    return replace(view, limit=float(limit))


def _ask_more(view: View) -> tuple[View, AreaUnit, str]:
    """The view with what is asked for less often, how it is drawn, and what it is held against."""
    asks = VIEW_MEASURES[view.show].asks
    left, middle, right = st.columns(3)
    by = _ask_choice(left, say("Draw"), AREA_KINDS, "by")
    against = _ask_choice(middle, say("Compare with"), _comparisons(view), "against")
    demand = _ask_choice(right, say("Count people as"), DEMANDS, "asking")
    unit = _ask_choice(left, say("Measured in"), {one: one for one in STEPS}, "unit") if "unit" in asks else "minutes"
    rank = _ask_choice(middle, say("Count the"), RANKS, "rank") if "rank" in asks else 1
    no_car = "car" in asks and right.toggle(say("Without a car"), key="no_car", bind="query-params")
    return replace(view, unit=unit, rank=rank, demand=demand, has_car=not no_car), by, against


def second_view(view: View, against: str) -> View:
    """The view that a comparison adds."""
    kind, _, what = against.partition(" ")
    changed: dict[str, Any] = {"treatment": {"treatments": (what,)}, "payer": {"payer": what}, CAR: {"has_car": False}}
    return replace(view, **changed.get(kind, {}))


def link_of(asked: GapInputs) -> str:
    """The address that restores the view, relative to the app: no counties and no area of one's own, which are not in
    it."""
    view = asked.view
    usual = View(asked.view.treatments)
    words = {
        "lang": language(),
        "area": say(AREAS[asked.state or "US"]),
        "treatment": [say(TREATMENTS[one]) for one in view.treatments],
        "payer": say(PAYERS[view.payer]) if view.payer else None,
        "show": say(VIEW_MEASURES[view.show].words),
        view.unit: f"{view.limit:g}" if "limit" in VIEW_MEASURES[view.show].asks else None,
    }
    more = {
        "by": say(AREA_KINDS[asked.by]) if asked.by != AREA_UNITS[0] else None,
        "against": say(_comparisons(view)[asked.against]) if asked.against not in (NOTHING, PLAN) else None,
        "asking": say(DEMANDS[view.demand]) if view.demand != usual.demand else None,
        "unit": say(view.unit) if view.unit != usual.unit else None,
        "rank": say(RANKS[view.rank]) if view.rank != usual.rank else None,
        "no_car": None if view.has_car else "true",
    }
    if any(more.values()):
        words |= {"more": "true", **more}
    return "Access_gaps?" + urlencode({key: word for key, word in words.items() if word}, doseq=True)


def _comparisons(view: View) -> dict[str, str]:
    treatments = {f"treatment {one}": words for one, words in TREATMENTS.items() if (one,) != view.treatments}
    payers = {f"payer {one}": words for one, words in PAYERS.items() if one != view.payer}
    offered = {NOTHING: mark("nothing"), **treatments, **payers}
    if "car" in VIEW_MEASURES[view.show].asks:
        offered[CAR] = mark("the same without a car")
    is_plain = "unit" in VIEW_MEASURES[view.show].asks and view.payer is None and len(view.treatments) == 1
    return {**offered, PLAN: mark("the same after my scenario")} if draft_edits() and is_plain else offered


def _ask_area_people(people: pd.DataFrame, state: str | None) -> AreaPeople:
    """The people of the counties that are chosen, or inside the area that is brought; its name, and its options."""
    if state:
        codes = people["county"].drop_duplicates()
        names = outlines()[1].set_index("county")["name"].reindex(shape_of_county(codes)).set_axis(codes).to_dict()
        chosen = st.multiselect(
            say("Only these counties"),
            list(names),
            format_func=lambda code: names.get(code, code),
            placeholder=say("All counties"),
            select_all=False,
            key=f"counties {state}",
        )
        if chosen:
            inside = people[people["county"].isin(chosen)].reset_index(drop=True)
            return inside, county_names(chosen), tuple(word for one in chosen for word in ("--county", one))
    # A switch, since the box for files is heavy, and few bring one.
    if not st.toggle(say("An area of my own (GeoJSON, GeoPackage or zipped Shapefile)"), key="own_area"):
        return people, None, ("--state", state or "US")
    brought = st.file_uploader(say("It stays on the machine that runs this page, for this visit."), key="own_file")
    if brought is None:
        return people, None, ("--state", state or "US")
    return _people_inside(people, brought.name, brought.getvalue())


def _people_inside(people: pd.DataFrame, name: str, content: bytes) -> AreaPeople:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"area{Path(name).suffix}"
        path.write_bytes(content)
        drawn = read_polygons(path)
    inside = people[areas_of(people, drawn).notna()].reset_index(drop=True)
    return inside, title_of(drawn, Path(name)), ("--areas", name)


def _translate_link(key: str, options: dict[Any, str], *, several: bool = False) -> None:
    """A link holds words as its maker read them: those of another language choose what they mean there."""
    asked = st.query_params.get_all(key)
    if key in st.session_state or {say(words) for words in options.values()}.issuperset(asked):
        return
    meant: dict[str, Any] = {}
    for code in LANGUAGES:
        with use_language(code):
            meant |= {say(words): option for option, words in options.items()}
    chosen = [meant[word] for word in asked if word in meant]
    if chosen:
        st.session_state[key] = chosen if several else chosen[0]


def _ask_choice(where: Any, label: str, options: dict[Any, str], key: str) -> Any:
    _translate_link(key, options)

    def words(one: Any) -> str:
        return say(options.get(one, ""))

    return where.selectbox(label, list(options), format_func=words, key=key, bind="query-params")
