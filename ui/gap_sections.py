"""What stands under the map of Access gaps, one part at a time, so that only what is looked at is worked out."""

from base64 import b64encode
from collections.abc import Callable

import pandas as pd
import streamlit as st
from markupsafe import Markup

from access.documents.html_tables import html_table, openings_html
from access.documents.pictures import curves_by_rurality
from access.language import mark, say
from access.measures.nearest import minutes_to_nearest
from access.places.shares import shares_in
from access.questions.adequacy import adequacy_by_standard
from access.questions.area_layer import AreaLayer
from access.questions.gaps import city_or_outside, gap_tables, openings_by_town
from access.questions.view import View, view_trips
from access.sources.us_atlas import shape_of_county
from access.travel.trips import Trips
from access.words.adequacy import (
    COUNTY_TYPES,
    STANDARDS_OFFERED,
    adequacy_sentence,
    adequacy_table,
)
from access.words.gaps import (
    CITY,
    gap_by_group,
    gap_sentence,
    list_table,
    ranks_table,
    shares_for_people,
    subgroups_table,
)
from access.words.view import clinic_words, layer_table, view_title
from ui import gap_caches
from ui.caches import gazetteer, outlines
from ui.frame import escape_markdown
from ui.gap_files import offer_files
from ui.gap_inputs import STEPS, GapInputs


def show_section(asked: GapInputs, layer: AreaLayer) -> None:
    """The part that the visitor has chosen."""
    names = list(SECTIONS)
    chosen = st.segmented_control(
        say("Look closer"), names, default=names[0], format_func=say, key="part", bind="query-params"
    )
    if chosen:
        SECTIONS[chosen](asked, layer)


def _show_gap(asked: GapInputs, _: AreaLayer) -> None:
    cost = _cost_to_nearest(asked)
    people = asked.people
    unit = asked.view.unit
    limits = _limits(asked)
    tables = gap_tables(cost, people, limits)
    clinic = clinic_words(asked.view)
    if asked.view.show not in ("share", "beyond"):
        st.write(escape_markdown(gap_sentence(tables, asked.view.limit, unit, asked.area, clinic)))
    table = shares_for_people(tables, unit).reset_index()
    st.html(html_table(table, say("Four classes: people farther than each limit ({unit})", unit=say(unit))))
    by_class = gap_by_group(cost, people, city_or_outside(people), CITY, limits)
    st.html(html_table(by_class, say("Two classes: city and outside it")))
    _show_chart(curves_by_rurality(cost, people, unit, asked.view.limit))


def _show_gap_by_type(asked: GapInputs, _: AreaLayer) -> None:
    view = asked.view
    people = asked.people
    limits = _limits(asked)
    types = gap_caches.county_type(asked.pack, asked.everybody)
    table = gap_by_group(_cost_to_nearest(asked), people, types, COUNTY_TYPES, limits)
    st.html(html_table(table, say("By county type (Medicare's, on land estimated from outlines)")))
    lists = list_table(
        _trips(asked),
        people,
        asked.pack.services,
        treatments=view.treatments,
        unit=view.unit,
        rank=view.rank,
        limit=view.limit,
    )
    st.html(html_table(lists, say("The answer under another list of clinics")))
    st.caption(say("A list that leaves clinics out shows people farther away than they are."))


def _show_subgroups(asked: GapInputs, _: AreaLayer) -> None:
    limit = _limit_minutes(asked.view)
    if not shares_in(asked.everybody):
        st.write(
            say("These data hold no shares of the poor, the uninsured, veterans and others. Who runs this page adds:")
        )
        st.code(f"trd-access data shares --pack {asked.pack.name} --year 2024", language=None)
        return
    table = subgroups_table(minutes_to_nearest(_trips(asked)), asked.everybody, limit)
    st.html(html_table(table, say("Who lives more than {limit} minutes away, by subgroup", limit=f"{limit:g}")))
    st.caption(say("Tells of places, not of individuals; the interval is that of the survey alone."))
    if "is_forhp_rural" in asked.everybody:
        names = {"True": mark("rural as FORHP has it"), "False": mark("not rural as FORHP has it")}
        group = asked.everybody["is_forhp_rural"].astype("str")
        st.html(
            html_table(
                gap_by_group(_cost_to_nearest(asked), asked.people, group, names, _limits(asked)),
                say("City and country as FORHP has it"),
            )
        )


def _limits(asked: GapInputs) -> list[float]:
    return sorted({asked.view.limit, *map(float, STEPS[asked.view.unit][1:6:2])})


def _show_chart(drawn: str) -> None:
    """An SVG as a picture, since Streamlit keeps drawings out of HTML; the table above it says the same."""
    coded = b64encode(drawn.encode()).decode()
    words = say("Share of people who reach a clinic within so much")
    st.html(Markup('<img class="access-chart" alt="{}" src="data:image/svg+xml;base64,{}">').format(words, coded))


def _show_certainty(asked: GapInputs, _: AreaLayer) -> None:
    if asked.view.unit != "minutes" or asked.view.rank != 1:
        st.write(say("Intervals are worked out for minutes to the nearest clinic. Choose those."))
        return
    with st.spinner(say("1,000 possible worlds are worked out.")):
        data = gap_caches.briefs(asked.pack, asked.view)
        st.info(escape_markdown(gap_caches.gap_sentence(asked.pack, asked.view, asked.state)))
        states = ranks_table(data.standing, "state", pd.Series(dtype=str))
        counties = gap_caches.area_ranks(asked.pack, asked.view, "county", asked.state)
    st.html(html_table(states, say("States by share of people beyond, with 90 % intervals"), sortable=True))
    caption = say("Counties by share of people beyond, with 90 % intervals")
    st.html(html_table(ranks_table(counties, "county", _county_names()), caption, sortable=True))


def _show_standards(asked: GapInputs, _: AreaLayer) -> None:
    offered = STANDARDS_OFFERED
    name = st.selectbox(say("Standard"), list(offered), format_func=lambda one: say(offered[one]), key="standard")
    view = asked.view
    people = asked.people
    found = adequacy_by_standard(
        _trips(asked), people, asked.pack.services, view.treatments, name, _limit_minutes(view)
    )
    st.write(escape_markdown(adequacy_sentence(found)))
    table = adequacy_table(found, _county_names())
    st.html(html_table(table, say("Each county, those that fail first"), sortable=True))


def _show_ranks(asked: GapInputs, _: AreaLayer) -> None:
    limit = _limit_minutes(asked.view)
    minutes = minutes_to_nearest(_trips(asked))
    found = openings_by_town(minutes, asked.people, gazetteer().towns, limit, asked.pack)
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
    st.html(openings_html(found, asked.view.treatments[0], asked.state, limit))


def _show_table(_: GapInputs, layer: AreaLayer) -> None:
    st.html(html_table(layer_table(layer), view_title(layer.view), sortable=True))


def _limit_minutes(view: View) -> float:
    """The limit in minutes, where miles are chosen that of the usual hour."""
    return view.limit if view.unit == "minutes" else 60.0


def _cost_to_nearest(asked: GapInputs) -> "pd.Series[float]":
    """Minutes or miles to the clinic, whatever else the map shows."""
    view = asked.view
    return gap_caches.values(asked.pack, View(view.treatments, view.payer, "share", view.unit, view.rank))


def _trips(asked: GapInputs) -> Trips:
    everyone = gap_caches.trips(asked.pack, asked.view.treatments)
    counted = view_trips(everyone, asked.pack.services, asked.view)
    inside = len(asked.everybody) == len(asked.pack.people)
    return counted if inside else counted.of_places(counted.places.isin(asked.everybody["geoid"]))


def _county_names() -> "pd.Series[str]":
    """The name and state of each county by its Census 2020 code."""
    counties = outlines()[1].set_index("county")
    shapes = pd.Series([*counties.index, "02063", "02066"], dtype="str")
    named = counties.reindex(shape_of_county(shapes))
    return pd.Series((named["name"] + ", " + named["state"]).to_numpy(), index=pd.Index(shapes))


SECTIONS: dict[str, Callable[[GapInputs, AreaLayer], None]] = {
    mark("The gap"): _show_gap,
    mark("How sure, and who ranks where"): _show_certainty,
    mark("By county type, and by list"): _show_gap_by_type,
    mark("Who they are"): _show_subgroups,
    mark("Standards"): _show_standards,
    mark("Where most people are far"): _show_ranks,
    mark("The map as a table"): _show_table,
    mark("Brief, poster, data"): offer_files,
}
