"""The caches of Access gaps: values by place, hexagons, ranks and what briefs stand on; none holds who asked."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from access.documents.brief import BriefData, brief_data
from access.measures.nearest import share_by_method
from access.measures.uncertainty import GapInterval, gap_interval
from access.places.pack import Pack
from access.questions.adequacy import types_of_counties
from access.questions.area_layer import hexagons_to_show
from access.questions.gaps import people_of
from access.questions.ranks import ranks
from access.questions.view import VIEW_MEASURES, View, place_values, view_trips
from access.questions.what_if import outcome_of_applied
from access.scenarios.apply import fit_scenario
from access.scenarios.edits import Edit
from access.scenarios.scenario import Scenario
from access.travel.estimate import trips_from
from access.travel.pack_travel import trip_finder_of
from access.travel.trips import Trips
from access.words.gap_sentence import gap_statement
from access.words.travel import mix_sentence
from access.words.view import clinic_words
from ui.caches import baseline, build_stamp, clinics_giving, pack, pack_origins


def trips(using: Pack, treatments: tuple[str, ...]) -> Trips:
    """The trips from all people of a pack to the clinics that give any of these treatments."""
    return _trips(using.name, build_stamp(using.name), treatments)


@st.cache_resource(max_entries=4, show_spinner=False)
def _trips(name: str, built: int, treatments: tuple[str, ...]) -> Trips:  # noqa: ARG001 - a rebuilt pack is another key
    using = pack(name)
    origins = pack_origins(using)
    there = clinics_giving(using, treatments).reset_index(drop=True)
    return trips_from(origins, there, estimate=trip_finder_of(using), landmarks=origins)


def values(using: Pack, view: View) -> "pd.Series[float]":
    """What a view measures at each place of a pack: worked out once for everybody who asks the same of it."""
    asks = VIEW_MEASURES[view.show].asks
    usual = View(view.treatments)
    key = view if "limit" in asks and "unit" not in asks else replace(view, limit=usual.limit)
    if "unit" in asks:
        key = replace(key, show="share", demand=usual.demand)
    return _values(using.name, build_stamp(using.name), key)


@st.cache_resource(max_entries=60, show_spinner=False)
def _values(name: str, built: int, view: View) -> "pd.Series[float]":
    using = pack(name)
    counted = view_trips(_trips(name, built, view.treatments), using.services, view)
    return place_values(counted, using.people, using.services, view)


def travel_mix_sentence(using: Pack, view: View, people: pd.DataFrame) -> str:
    """How the drives of these people were found, where some go along roads; else ""."""
    if using.roads is None:
        return ""
    counted = view_trips(trips(using, view.treatments), using.services, view)
    return mix_sentence(share_by_method(counted, people, rank=view.rank), counted.modes)


def values_after(using: Pack, view: View, edits: list[Edit]) -> "pd.Series[float]":
    """Minutes from each place to the nearest clinic after the edits that fit the pack."""
    applied = fit_scenario(Scenario(edits=tuple(edits)), using.clinics, using.services)
    return outcome_of_applied(baseline(using, view.treatments[0]), applied).after["minutes"]


def cells(using: Pack, state: str | None) -> "tuple[pd.Series[str], int]":
    """The hexagon of each place of a state (None: of the nation), and their resolution."""
    return _cells(using.name, build_stamp(using.name), state)


@st.cache_resource(max_entries=12, show_spinner=False)
def _cells(name: str, built: int, state: str | None) -> "tuple[pd.Series[str], int]":  # noqa: ARG001
    return hexagons_to_show(people_of(pack(name).people, state))


@st.cache_resource(max_entries=3, show_spinner=False)
def _types(name: str, built: int) -> "pd.Series[str]":  # noqa: ARG001
    return types_of_counties(pack(name).people)


def county_type(using: Pack, people: pd.DataFrame) -> "pd.Series[str]":
    """The CMS type of the county of each place."""
    return people["county"].map(_types(using.name, build_stamp(using.name)))


def area_ranks(using: Pack, view: View, by: str, state: str | None) -> pd.DataFrame:
    """How the states, or the counties of a state or the nation, stand: see `access.questions.ranks.ranks`."""
    return _area_ranks(
        using.name, build_stamp(using.name), View(view.treatments, view.payer, limit=view.limit), by, state
    )


@st.cache_resource(max_entries=24, show_spinner=False)
def _area_ranks(name: str, built: int, view: View, by: str, state: str | None) -> pd.DataFrame:
    using = pack(name)
    counted = view_trips(_trips(name, built, view.treatments), using.services, view)
    people = people_of(using.people, state)
    return ranks(_trips_inside(counted, people), people, view.limit, by)


def briefs(using: Pack, view: View) -> BriefData:
    """What briefs on this view's treatments, payer and limit stand on."""
    return _briefs(using.name, build_stamp(using.name), view.treatments, view.limit, view.payer)


@st.cache_resource(max_entries=2, show_spinner=False)
def _briefs(name: str, built: int, treatments: tuple[str, ...], limit: float, payer: str | None) -> BriefData:  # noqa: ARG001
    return brief_data(pack(name), treatments, limit, payer=payer)


def gap_sentence(using: Pack, view: View, state: str | None) -> str:
    """One sentence: between what and what shares the gap lies, and whether the data support it."""
    found = _interval(using.name, build_stamp(using.name), View(view.treatments, view.payer, limit=view.limit), state)
    return gap_statement(found, view.limit, clinic=clinic_words(view))


@st.cache_resource(max_entries=100, show_spinner=False)
def _interval(name: str, built: int, view: View, state: str | None) -> GapInterval:
    using = pack(name)
    counted = view_trips(_trips(name, built, view.treatments), using.services, view)
    people = people_of(using.people, state)
    return gap_interval(_trips_inside(counted, people), people, [view.limit], seed=1)


def _trips_inside(trips: Trips, people: pd.DataFrame) -> Trips:
    return trips if len(trips.places) == len(people) else trips.of_places(trips.places.isin(people["geoid"]))
