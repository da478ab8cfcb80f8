"""The brief: one page to leave behind, with map, intervals, comparison, method, sources and its own command; PDF
(typst, tagged) or HTML that needs nothing beside itself.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.documents.commands import NATION, brief_command
from access.documents.pictures import curves_by_rurality
from access.documents.render import render_html, render_pdf
from access.errors import PlaceError, TableError
from access.language import language, mark, say
from access.maps.bounds import Bounds
from access.maps.choropleth import values_by_shape
from access.maps.palette import class_colors, class_names
from access.maps.still import still_map
from access.measures.beyond import cost_quantiles
from access.measures.nearest import minutes_to_nearest, share_by_method
from access.measures.uncertainty import ErrorSources
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.questions.gaps import gap_tables, people_of, treatment_trips
from access.questions.ranks import ALL, ranks
from access.questions.view import VIEW_MEASURES, View, area_values, course_hours, view_trips
from access.settings import code_version
from access.sources.us_atlas import shape_of_county
from access.travel.pack_travel import trip_finder_of
from access.travel.trips import Trips
from access.vocabulary import STATES
from access.words.figures import area_name, percent_range, rank_words
from access.words.gap_sentence import SOURCES_IN_WORDS
from access.words.gaps import gap_sentence
from access.words.provenance import data_limits, sources_line
from access.words.small_cells import FEWEST, safe_count
from access.words.travel import mix_sentence
from access.words.view import clinic_words, treatments_words, view_title

Number = dict[str, str]
_AS_LISTED: Final = mark("{figure} if every listing works and every drive is as estimated")


def share_number(row: "pd.Series[Any]", limit: str, clinic: str) -> Number:
    """What share of an area's people live beyond the limit. `row`: of `ranks`."""
    people = row["people_beyond"]
    share = f"{100 * row['share']:.1f} %"
    told = say("{people} people, {share}", people=safe_count(people), share=share)
    if 0 < people < FEWEST:
        told = safe_count(people)
    return {
        "figure": percent_range(row["low"], row["high"]),
        "words": say("of the people live more than {limit} minutes from {clinic}", limit=limit, clinic=clinic),
        "plain": say(_AS_LISTED, figure=told),
    }


def gap_number(row: "pd.Series[Any]", limit: str) -> Number:
    """By how many points the rural share is above the urban one, and whether the data support a difference."""
    if math.isnan(row["gap_low"]):
        return {
            "figure": say("no gap to state"),
            "words": say("the area lacks places coded rural or urban, or nobody lives in them"),
            "plain": "",
        }
    low = math.floor(round(100 * row["gap_low"], 6))
    high = math.ceil(round(100 * row["gap_high"], 6))
    words = say("more of the rural than of the urban people live beyond {limit} minutes, in points", limit=limit)
    if row["gap_high"] < 0:
        low, high = -high, -low
        words = say("more of the urban than of the rural people live beyond {limit} minutes, in points", limit=limit)
    elif row["gap_low"] <= 0:
        words = say("rural minus urban share: the data do not support a difference between them")
    sides = {side: f"{100 * row[side]:.0f} %" for side in ("rural", "urban")}
    return {
        "figure": say("{low} to {high} points", low=low, high=high),
        "words": words,
        "plain": say(_AS_LISTED, figure=say("{rural} rural, {urban} urban", **sides)),
    }


def course_number(view: View, trips: Trips, people: pd.DataFrame, row: "pd.Series[Any]") -> Number:
    """The hours of a whole course for the person in the middle, in the band of travel times; else who reaches none."""
    try:
        hours = [_median_hours(view, trips, people, factor) for factor in (*_travel_band(), 1.0)]
    except TableError:
        hours = [math.nan]
    if any(math.isnan(one) for one in hours):
        return {
            "figure": safe_count(row["people_unreached"]),
            "words": say("people reach no such clinic in our data within 4 hours by road"),
            "plain": say(_AS_LISTED, figure=say("{people} people", people=safe_count(row["people_unreached"]))),
        }
    return {
        "figure": say("{low} to {high} hours", low=math.floor(hours[0]), high=math.ceil(hours[1])),
        "words": say("a whole course asks of the person in the middle, patient and driver together"),
        "plain": say("{hours} hours if every drive is as estimated", hours=f"{hours[2]:.0f}"),
    }


def _travel_band() -> tuple[float, float]:
    """By what all drives together may be shorter or longer: the 5th and the 95th percentile."""
    return ErrorSources().travel_factor or (1.0, 1.0)


def _median_hours(view: View, trips: Trips, people: pd.DataFrame, factor: float) -> float:
    return float(cost_quantiles(course_hours(trips, view, minutes_factor=factor), people, [0.5])["hours"].iloc[0])


_MOST_NEIGHBORS: Final = 9
_MOST_COUNTIES: Final = 3


@dataclass(frozen=True, eq=False)
class BriefData:
    """What all briefs on one question share: the view, the trips from everybody, how every state stands."""

    pack: Pack
    view: View
    trips: Trips
    minutes: "pd.Series[float]"
    standing: pd.DataFrame
    states: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame

    @property
    def clinics(self) -> pd.DataFrame:
        """The clinics that count."""
        return self.pack.clinics[self.pack.clinics["clinic_id"].isin(self.trips.clinics)]


@dataclass(frozen=True, eq=False)
class BriefArea:
    """One area: its name, its people, how it stands; `state` or `bounds` say what its map shows."""

    name: str
    people: pd.DataFrame
    row: "pd.Series[Any]"
    options: tuple[str, ...]
    state: str | None = None
    bounds: Bounds | None = None
    near: tuple[str, ...] = ()


def brief_data(pack: Pack, treatments: Sequence[str], limit: float = 60.0, *, payer: str | None = None) -> BriefData:
    """What briefs on these treatments stand on, worked out once for all of them.

    Raises
    ------
    ValueError
        `limit` is so near the trips' own that an interval would reach past it.
    """
    view = View(tuple(treatments), payer, limit=limit)
    everyone = treatment_trips(
        pack.people, pack.clinics, pack.services, treatments, way=trip_finder_of(pack), landmarks=pack.people
    )
    trips = view_trips(everyone, pack.services, view)
    standing = ranks(trips, pack.people, limit, "state")
    states, counties = load_outlines()
    return BriefData(pack, view, trips, minutes_to_nearest(trips), standing, states=states, counties=counties)


def state_area(data: BriefData, state: str | None) -> BriefArea:
    """A state (code or name), or the nation, for a brief.

    Raises
    ------
    PlaceError
        There is no such state, or the pack holds none of its people.
    """
    people = people_of(data.pack.people, state)
    code = None if state is None else str(people["state"].iloc[0])
    row = data.standing[data.standing["state"] == (code or ALL)].iloc[0]
    options = ("--state", code or NATION)
    near = () if code is None else _neighbors_of(code, data.states)
    return BriefArea(area_name(data.pack.people, code), people, row, options, code, near=near)


def own_area(data: BriefData, people: pd.DataFrame, name: str, options: Sequence[str]) -> BriefArea:
    """Some of the pack's people, such as those of a few counties or inside a drawn border, for a brief.

    Raises
    ------
    PlaceError
        Nobody lives there.
    """
    if not people["population"].sum():
        raise PlaceError(f"Nobody in this pack lives in {name}. Choose a larger area.")
    inside = data.trips.of_places(data.trips.places.isin(people["geoid"]))
    row = ranks(inside, people.assign(area=name), data.view.limit, "area").iloc[0]
    south = float(people["latitude"].min())
    north = float(people["latitude"].max())
    west = float(people["longitude"].min())
    east = float(people["longitude"].max())
    margin = max(0.1, 0.1 * (north - south), 0.1 * (east - west))
    bounds = (south - margin, west - margin), (north + margin, east + margin)
    near = tuple(people.groupby("state")["population"].sum().sort_values(ascending=False).index[:_MOST_NEIGHBORS])
    return BriefArea(name, people, row, tuple(options), bounds=bounds, near=near)


def brief_words(data: BriefData, area: BriefArea, today: date) -> dict[str, Any]:
    """All words, figures and the map of a brief in the current language, as JSON can hold them."""
    asked = treatments_words(data.view.treatments)
    limit = f"{data.view.limit:g}"
    title = say("Who can reach {treatment} in {area}?", treatment=asked, area=area.name)
    clinic = clinic_words(data.view)
    tables = gap_tables(data.minutes, area.people, [data.view.limit], with_quantiles=False)
    names = class_names(VIEW_MEASURES["share"].edges, "%")
    command = brief_command(data.view, area.options, data.pack)
    return {
        "language": language(),
        "title": title,
        "subtitle": say("A brief by TRD Access, {date}", date=today.isoformat()),
        "sentence": gap_sentence(tables, data.view.limit, "minutes", area.name, clinic),
        "map": _map_svg(data, area),
        "map-title": view_title(data.view),
        "map-note": _map_note_words(area),
        "legend": [[shade, name] for shade, name in zip(class_colors(len(names)).values(), names, strict=False)],
        "numbers": [
            share_number(area.row, limit, clinic),
            gap_number(area.row, limit),
            course_number(data.view, data.trips, area.people, area.row),
        ],
        "curves-title": say("Share of people who reach a clinic within so many minutes"),
        "curves": curves_by_rurality(data.minutes, area.people, "minutes", data.view.limit),
        "comparison-title": say("People farther than {limit} minutes: how others fare", limit=limit),
        "comparison": _comparison_rows(data, area),
        "where-title": say("Where most of them live"),
        "where": _where_most_live(data, area),
        "method-title": say("How we know, and what we do not"),
        "method": _method_sentences(data, area.people),
        "sources-title": say("Sources"),
        "sources": sources_line(data.pack),
        "cite-title": say("How to cite, and how to check"),
        "cite": say(
            "TRD Access {version} ({year}): {title} Data {pack}, built {built}. The same figures come from:",
            version=code_version(),
            year=today.year,
            title=title,
            pack=data.pack.name,
            built=data.pack.manifest.built_on,
        ),
        "command": command,
        "crisis": say("In a crisis call or text 988. In immediate danger call 911. En español: 988, luego 2."),
    }


def _map_note_words(area: BriefArea) -> str:
    if area.row.iloc[0] == ALL:
        return say("Hatched: no people in our data.")
    return say("Circles: clinics in our data. Hatched: no people in our data.")


def _map_svg(data: BriefData, area: BriefArea) -> str:
    shown = data.counties
    if area.state:
        shown = shown[shown["state"] == area.state]
    elif area.bounds:
        (south, west), (north, east) = area.bounds
        shown = shown[shown.intersects(shapely.box(west, south, east, north))]
    table = area_values(data.minutes, area.people, data.view, "county").set_index("county")
    values = values_by_shape(table["value"], data.counties)
    points = None if area.row.iloc[0] == ALL else data.clinics
    return still_map(
        values,
        shown,
        data.states,
        edges=VIEW_MEASURES["share"].edges,
        state=area.state,
        bounds=area.bounds,
        clinics=points,
        titles=county_titles(table["value"], data.counties),
        label=view_title(data.view),
    )


def county_titles(percent: "pd.Series[float]", counties: gpd.GeoDataFrame) -> dict[str, str]:
    """What a still map says of each county: its name and its percent."""
    known = values_by_shape(percent, counties).dropna()
    names = counties.set_index("county")["name"].reindex(known.index)
    told = zip(known.index.astype(str), names, known.to_numpy(float).tolist(), strict=True)
    return {code: f"{name}: {value:.0f} %" for code, name, value in told}


def _neighbors_of(state: str, states: gpd.GeoDataFrame) -> tuple[str, ...]:
    """The states with which a state shares a border that is more than a point, by name."""
    shape = states.loc[states["state"] == state, "geometry"].iloc[0]
    shared = shapely.length(shapely.intersection(np.asarray(states.geometry), shape)) > 0
    return tuple(sorted((code for code in states.loc[shared, "state"] if code != state), key=STATES.__getitem__))


def _comparison_rows(data: BriefData, area: BriefArea) -> list[list[str]]:
    """A header, the area, its neighbours (of the nation: the four states at each end) and the nation."""
    standing = {row["state"]: row for _, row in data.standing.iterrows()}
    ranked = [state for state in standing if state != ALL]
    near = area.near or (() if area.state else (*ranked[:4], *ranked[-4:]))
    rows = [(area.name, area.row)] if area.state or area.bounds else []
    rows += [(say(STATES[code]), standing[code]) for code in near[:_MOST_NEIGHBORS] if code in standing]
    rows.append((say("Nation"), standing[ALL]))
    header = [
        say("area"),
        say("people beyond"),
        say("share beyond"),
        say("90 % interval"),
        say("rank, of {of}", of=len(ranked)),
    ]
    return [header, *(_comparison_row(name, row) for name, row in rows)]


def _comparison_row(name: str, row: "pd.Series[Any]") -> list[str]:
    rank = rank_words(row["rank"], row["rank_low"], row["rank_high"]) if row["of"] > 1 else ""
    share = f"{100 * row['share']:.1f} %"
    return [name, safe_count(row["people_beyond"]), share, percent_range(row["low"], row["high"]), rank]


def _where_most_live(data: BriefData, area: BriefArea) -> str:
    """The counties (of the nation: the states) where most of the people beyond live."""
    if area.row.iloc[0] == ALL:
        far = data.standing[data.standing["state"] != ALL].nlargest(_MOST_COUNTIES, "people_beyond")
        names = far["state"].map(STATES).map(say)
    else:
        view = View(data.view.treatments, show="beyond", limit=data.view.limit)
        far = area_values(data.minutes, area.people, view, "county").nlargest(_MOST_COUNTIES, "people_beyond")
        shapes = data.counties.set_index("county").loc[shape_of_county(far["county"]).tolist()]
        names = shapes["name"] + ", " + shapes["state"]
    named = zip(names, far["people_beyond"].to_numpy(float).tolist(), strict=True)
    kept = [f"{name}: {safe_count(people)}" for name, people in named if people]
    return "; ".join(kept) + "." if kept else say("Nobody lives so far.")


def _method_sentences(data: BriefData, people: pd.DataFrame) -> list[str]:
    counted_in = "; ".join(say(SOURCES_IN_WORDS[name]) for name in ErrorSources().without("payer_taken").on())
    interval = say("The 90 % interval is the middle of 1,000 drawn worlds and counts: {sources}.", sources=counted_in)
    mix = mix_sentence(share_by_method(data.trips, people), data.trips.modes)
    return [*data_limits(data.pack), *filter(None, [mix]), say("Counts from 1 to 10 are not shown."), interval]


def brief_pdf(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one tagged page of US Letter."""
    return render_pdf("brief.typ", words)


def brief_html(words: Mapping[str, Any]) -> bytes:
    """What `brief` gives, as one HTML file: no script, no request, every text escaped."""
    return render_html("brief.html", words)
