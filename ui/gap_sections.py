"""What stands under the map of Access gaps, one part at a time, so that only what is looked at is worked out."""

from base64 import b64encode
from collections.abc import Callable

import pandas as pd
import streamlit as st

from access.language import mark, say
from access.maps.escape import escape
from access.measures.nearest import minutes_to_nearest
from access.places.shares import shares_in
from access.report import gap_words
from access.report.brief import curves_by_rurality
from access.report.gaps import gap_tables
from access.report.html_table import html_table
from access.report.layer import AreaLayer
from access.report.layer_words import clinic_words, layer_table
from access.report.view import View, view_title, view_trips
from access.report.words import gap_sentence, shares_for_people
from access.sources.atlas import shape_of_county
from access.travel.trips import Trips
from ui import gap_data
from ui.data import gazetteer, outlines
from ui.frame import plain
from ui.gap_files import take_away
from ui.gap_view import STEPS, Asked


def show_section(asked: Asked, layer: AreaLayer) -> None:
    """The part that the visitor has chosen."""
    names = list(SECTIONS)
    chosen = st.segmented_control(
        say("Look closer"), names, default=names[0], format_func=say, key="part", bind="query-params"
    )
    if chosen:
        SECTIONS[chosen](asked, layer)


def _the_gap(asked: Asked, _: AreaLayer) -> None:
    cost, people, unit = _way(asked), asked.people, asked.view.unit
    limits = _limits(asked)
    tables = gap_tables(cost, people, limits)
    clinic = clinic_words(asked.view)
    if asked.view.show not in ("share", "beyond"):
        st.write(plain(gap_sentence(tables, asked.view.limit, unit, asked.area, clinic)))
    table = shares_for_people(tables, unit).reset_index()
    st.html(html_table(table, say("Four classes: people farther than each limit ({unit})", unit=say(unit))))
    by_class = gap_words.gap_by(cost, people, gap_words.two_classes(people), gap_words.CITY, limits)
    st.html(html_table(by_class, say("Two classes: city and outside it")))
    _chart(curves_by_rurality(cost, people, unit, asked.view.limit))


def _by_type_and_list(asked: Asked, _: AreaLayer) -> None:
    view, people = asked.view, asked.people
    limits, types = _limits(asked), gap_data.county_type(asked.pack, asked.everybody)
    table = gap_words.gap_by(_way(asked), people, types, gap_words.TYPES, limits)
    st.html(html_table(table, say("By county type (Medicare's, on land estimated from outlines)")))
    how = view.treatments, view.unit, view.rank, view.limit
    lists = gap_words.list_table(_trips(asked), people, asked.pack.services, *how)
    st.html(html_table(lists, say("The answer under another list of clinics")))
    st.caption(say("A list that leaves clinics out shows people farther away than they are."))


def _who_they_are(asked: Asked, _: AreaLayer) -> None:
    limit = _minutes(asked.view)
    if not shares_in(asked.everybody):
        st.write(
            say("These data hold no shares of the poor, the uninsured, veterans and others. Who runs this page adds:")
        )
        st.code(f"trd-access data shares --pack {asked.pack.name} --year 2024", language=None)
        return
    table = gap_words.subgroups_table(minutes_to_nearest(_trips(asked)), asked.everybody, limit)
    st.html(html_table(table, say("Who lives more than {limit} minutes away, by subgroup", limit=f"{limit:g}")))
    st.caption(say("Tells of places, not of individuals; the interval is that of the survey alone."))
    if "is_forhp_rural" in asked.everybody:
        names = {"True": mark("rural as FORHP has it"), "False": mark("not rural as FORHP has it")}
        group = asked.everybody["is_forhp_rural"].astype("str")
        st.html(
            html_table(
                gap_words.gap_by(_way(asked), asked.people, group, names, _limits(asked)),
                say("City and country as FORHP has it"),
            )
        )


def _limits(asked: Asked) -> list[float]:
    return sorted({asked.view.limit, *map(float, STEPS[asked.view.unit][1:6:2])})


def _chart(drawn: str) -> None:
    """An SVG as a picture, since Streamlit keeps drawings out of HTML; the table above it says the same."""
    coded, told = b64encode(drawn.encode()).decode(), escape(say("Share of people who reach a clinic within so much"))
    st.html(f'<img class="access-chart" alt="{told}" src="data:image/svg+xml;base64,{coded}">')


def _how_sure(asked: Asked, _: AreaLayer) -> None:
    if asked.view.unit != "minutes" or asked.view.rank != 1:
        st.write(say("Intervals are worked out for minutes to the nearest clinic. Choose those."))
        return
    with st.spinner(say("1,000 possible worlds are worked out.")):
        data = gap_data.briefs(asked.pack, asked.view)
        st.info(plain(gap_data.statement(asked.pack, asked.view, asked.state)))
        states = gap_words.ranks_table(data.standing, "state", pd.Series(dtype=str))
        counties = gap_data.standing(asked.pack, asked.view, "county", asked.state)
    st.html(html_table(states, say("States by share of people beyond, with 90 % intervals"), sortable=True))
    caption = say("Counties by share of people beyond, with 90 % intervals")
    st.html(html_table(gap_words.ranks_table(counties, "county", _county_names()), caption, sortable=True))


def _standards(asked: Asked, _: AreaLayer) -> None:
    offered = gap_words.STANDARDS_OFFERED
    name = st.selectbox(say("Standard"), list(offered), format_func=lambda one: say(offered[one]), key="standard")
    view, people = asked.view, asked.people
    found = gap_words.adequacy_found(_trips(asked), people, asked.pack.services, view.treatments, name, _minutes(view))
    st.write(plain(gap_words.adequacy_sentence(found)))
    table = gap_words.adequacy_table(found, _county_names())
    st.html(html_table(table, say("Each county, those that fail first"), sortable=True))


def _where_most(asked: Asked, _: AreaLayer) -> None:
    limit = _minutes(asked.view)
    minutes = minutes_to_nearest(_trips(asked))
    found = gap_words.openings(minutes, asked.people, gazetteer().towns, limit, asked.pack)
    st.write(
        say(
            "Ten towns from which one new clinic would bring most people within {limit} minutes (an estimate). A town "
            "stands for the country around it; whether a clinic can open there is another question.",
            limit=f"{limit:g}",
        )
    )
    if found.empty:
        st.write(say("Nobody in this area is farther than that."))
        return
    st.html(gap_words.openings_html(found, asked.view.treatments[0], asked.state, limit))


def _table(_: Asked, layer: AreaLayer) -> None:
    st.html(html_table(layer_table(layer), view_title(layer.view), sortable=True))


def _minutes(view: View) -> float:
    """The limit in minutes, where miles are chosen that of the usual hour."""
    return view.limit if view.unit == "minutes" else 60.0


def _way(asked: Asked) -> "pd.Series[float]":
    """Minutes or miles to the clinic, whatever else the map shows."""
    view = asked.view
    return gap_data.values(asked.pack, View(view.treatments, view.payer, "share", view.unit, view.rank))


def _trips(asked: Asked) -> Trips:
    everyone = gap_data.trips(asked.pack, asked.view.treatments)
    counted = view_trips(everyone, asked.pack.services, asked.view)
    inside = len(asked.everybody) == len(asked.pack.people)
    return counted if inside else counted.of(counted.places.isin(asked.everybody["geoid"]))


def _county_names() -> "pd.Series[str]":
    """The name and state of each county by its Census 2020 code."""
    counties = outlines()[1].set_index("county")
    shapes = pd.Series([*counties.index, "02063", "02066"], dtype="str")
    named = counties.reindex(shape_of_county(shapes))
    return pd.Series((named["name"] + ", " + named["state"]).to_numpy(), index=pd.Index(shapes))


SECTIONS: dict[str, Callable[[Asked, AreaLayer], None]] = {
    mark("The gap"): _the_gap,
    mark("How sure, and who ranks where"): _how_sure,
    mark("By county type, and by list"): _by_type_and_list,
    mark("Who they are"): _who_they_are,
    mark("Standards"): _standards,
    mark("Where most people are far"): _where_most,
    mark("The map as a table"): _table,
    mark("Brief, poster, data"): take_away,
}
