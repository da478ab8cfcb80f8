"""The brief: one page to leave behind, with map, intervals, comparison, method, sources and its own command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.errors import PlaceError
from access.language import language, mark, say
from access.maps import Bounds, class_names, colours, curves_svg, still_map, values_by_shape
from access.measures.by_method import share_by_method
from access.measures.nearest import minutes_to_nearest
from access.measures.statement import SOURCES_IN_WORDS
from access.measures.uncertainty_sources import Sources
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.report.brief_numbers import course_number, gap_number, percents, rank_words, share_number
from access.report.gaps import EVERYONE, gap_tables, people_of, treatment_trips
from access.report.layer_words import clinic_words
from access.report.provenance import brief_command, data_limits, sources_line
from access.report.ranks import ALL, curve, ranks
from access.report.small_cells import counted
from access.report.travel_words import mix_sentence
from access.report.view import SHOWN, View, area_values, treatments_words, view_title, view_trips
from access.report.words import area_name, gap_sentence
from access.settings import code_version
from access.sources.atlas import shape_of_county
from access.travel.trips import Trips
from access.travel.ways import way_of
from access.vocabulary import RURALITIES, STATES

NATION: Final = "US"
_MOST_ROWS: Final = 9
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
    ValueError: `limit` is so near the trips' own that an interval would reach past it.
    """
    view = View(tuple(treatments), payer, limit=limit)
    everyone = treatment_trips(
        pack.people, pack.clinics, pack.services, treatments, way=way_of(pack), landmarks=pack.people
    )
    trips = view_trips(everyone, pack.services, view)
    standing = ranks(trips, pack.people, limit, "state")
    return BriefData(pack, view, trips, minutes_to_nearest(trips), standing, *load_outlines())


def state_area(data: BriefData, state: str | None) -> BriefArea:
    """A state (code or name), or the nation, for a brief.

    Raises
    ------
    PlaceError: there is no such state, or the pack holds none of its people.
    """
    people = people_of(data.pack.people, state)
    code = None if state is None else str(people["state"].iloc[0])
    row = data.standing[data.standing["state"] == (code or ALL)].iloc[0]
    options = ("--state", code or NATION)
    near = () if code is None else _neighbours(code, data.states)
    return BriefArea(area_name(data.pack.people, code), people, row, options, code, near=near)


def own_area(data: BriefData, people: pd.DataFrame, name: str, options: Sequence[str]) -> BriefArea:
    """Some of the pack's people, such as those of a few counties or inside a drawn border, for a brief.

    Raises
    ------
    PlaceError: nobody lives there.
    """
    if not people["population"].sum():
        raise PlaceError(f"Nobody in this pack lives in {name}. Choose a larger area.")
    inside = data.trips.of(data.trips.places.isin(people["geoid"]))
    row = ranks(inside, people.assign(area=name), data.view.limit, "area").iloc[0]
    south, north = float(people["latitude"].min()), float(people["latitude"].max())
    west, east = float(people["longitude"].min()), float(people["longitude"].max())
    margin = max(0.1, 0.1 * (north - south), 0.1 * (east - west))
    bounds = (south - margin, west - margin), (north + margin, east + margin)
    near = tuple(people.groupby("state")["population"].sum().sort_values(ascending=False).index[:_MOST_ROWS])
    return BriefArea(name, people, row, tuple(options), bounds=bounds, near=near)


def brief(data: BriefData, area: BriefArea, today: date) -> dict[str, Any]:
    """All words, figures and the map of a brief in the current language, as JSON can hold them."""
    asked = treatments_words(data.view.treatments)
    limit, title = f"{data.view.limit:g}", say("Who can reach {treatment} in {area}?", treatment=asked, area=area.name)
    clinic = clinic_words(data.view)
    tables = gap_tables(data.minutes, area.people, [data.view.limit], with_quantiles=False)
    names = class_names(SHOWN["share"].edges, "%")
    command = brief_command(data.view, area.options, data.pack)
    return {
        "language": language(),
        "title": title,
        "subtitle": say("A brief by TRD Access, {date}", date=today.isoformat()),
        "sentence": gap_sentence(tables, data.view.limit, "minutes", area.name, clinic),
        "map": _map(data, area),
        "map-title": view_title(data.view),
        "map-note": _map_note(area),
        "legend": [[shade, name] for shade, name in zip(colours(len(names)).values(), names, strict=False)],
        "numbers": [
            share_number(area.row, limit, clinic),
            gap_number(area.row, limit),
            course_number(data.view, data.trips, area.people, area.row),
        ],
        "curves-title": say("Share of people who reach a clinic within so many minutes"),
        "curves": curves_by_rurality(data.minutes, area.people, "minutes", data.view.limit),
        "comparison-title": say("People farther than {limit} minutes: how others fare", limit=limit),
        "comparison": _comparison(data, area),
        "where-title": say("Where most of them live"),
        "where": _most_people(data, area),
        "method-title": say("How we know, and what we do not"),
        "method": _method(data, area.people),
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


def _map_note(area: BriefArea) -> str:
    if area.row.iloc[0] == ALL:
        return say("Hatched: no people in our data.")
    return say("Circles: clinics in our data. Hatched: no people in our data.")


def _map(data: BriefData, area: BriefArea) -> str:
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
        edges=SHOWN["share"].edges,
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


def curves_by_rurality(cost: "pd.Series[float]", people: pd.DataFrame, unit: str, limit: float | None) -> str:
    """The chart of who reaches a clinic within how much, a line for each rurality that people live in, and for all."""
    until = {"minutes": 240.0, "miles": 200.0}[unit]
    everyone = curve(cost, people, until, by=[]).rename(columns={"group": "rurality"})
    table = pd.concat([curve(cost, people, until, by=["rurality"]), everyone], ignore_index=True)
    names = {name: say(words) for name, words in {**RURALITIES, EVERYONE: mark("All")}.items()}
    here = {name: words for name, words in names.items() if (table["rurality"] == name).any()}
    across = say("{unit} to the nearest clinic, one way", unit=say(unit))
    return curves_svg(table, here, limit=limit, across=across, up=say("share of people"))


def _neighbours(state: str, states: gpd.GeoDataFrame) -> tuple[str, ...]:
    """The states with which a state shares a border that is more than a point, by name."""
    shape = states.loc[states["state"] == state, "geometry"].iloc[0]
    shared = shapely.length(shapely.intersection(np.asarray(states.geometry), shape)) > 0
    return tuple(sorted((code for code in states.loc[shared, "state"] if code != state), key=STATES.__getitem__))


def _comparison(data: BriefData, area: BriefArea) -> list[list[str]]:
    """A header, the area, its neighbours (of the nation: the four states at each end) and the nation."""
    standing = {row["state"]: row for _, row in data.standing.iterrows()}
    ranked = [state for state in standing if state != ALL]
    near = area.near or (() if area.state else (*ranked[:4], *ranked[-4:]))
    rows = [(area.name, area.row)] if area.state or area.bounds else []
    rows += [(say(STATES[code]), standing[code]) for code in near[:_MOST_ROWS] if code in standing]
    rows.append((say("Nation"), standing[ALL]))
    header = [
        say("area"),
        say("people beyond"),
        say("share beyond"),
        say("90 % interval"),
        say("rank, of {of}", of=len(ranked)),
    ]
    return [header, *(_compared(name, row) for name, row in rows)]


def _compared(name: str, row: "pd.Series[Any]") -> list[str]:
    rank = rank_words(row["rank"], row["rank_low"], row["rank_high"]) if row["of"] > 1 else ""
    share = f"{100 * row['share']:.1f} %"
    return [name, counted(row["people_beyond"]), share, percents(row["low"], row["high"]), rank]


def _most_people(data: BriefData, area: BriefArea) -> str:
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
    kept = [f"{name}: {counted(people)}" for name, people in named if people]
    return "; ".join(kept) + "." if kept else say("Nobody lives so far.")


def _method(data: BriefData, people: pd.DataFrame) -> list[str]:
    counted_in = "; ".join(say(SOURCES_IN_WORDS[name]) for name in Sources().without("payer_taken").on())
    interval = say("The 90 % interval is the middle of 1,000 drawn worlds and counts: {sources}.", sources=counted_in)
    mix = mix_sentence(share_by_method(data.trips, people))
    return [*data_limits(data.pack), *filter(None, [mix]), say("Counts from 1 to 10 are not shown."), interval]
