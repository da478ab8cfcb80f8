"""Access gaps: who lives far from a treatment, in the city and in the country, with figures to take away."""

import pandas as pd
import streamlit as st

import ui
from access.language import mark, say
from access.maps import bounds_of, county_picture, points_layer
from access.report.exports import counties_geojson, csv_bytes, labelled
from access.report.gaps import GapTables, cost_by_area, gap_tables, people_of
from access.report.words import area_name, gap_sentence, nearest_clinic_words, shares_for_people
from access.vocabulary import STATES, TREATMENTS

STEPS = {mark("minutes"): [15, 30, 45, 60, 90, 120, 180, 240], mark("miles"): [5, 10, 20, 30, 50, 75, 100, 150]}
AREAS = {"US": mark("United States"), **STATES}
RANKS = {1: mark("nearest clinic"), 2: mark("2nd nearest clinic"), 3: mark("3rd nearest clinic")}


def downloads(counties: pd.DataFrame, tables: GapTables, title: str, about: dict[str, str | int]) -> None:
    states, outlines = ui.outlines()
    name = f"{about['area']}_{about['treatment']}_{about['unit']}_rank{about['rank']}".replace(" ", "_")
    percent = counties.set_index("county")["share_beyond"] * 100
    state = None if about["area"] == "US" else str(about["area"])
    picture = {"title": title, "footer": ui.provenance(ui.pack_in_use()), "unit": "%", "state": state}
    by_county = labelled(counties, about, outlines)
    ui.offer(say("By county (CSV)"), f"{name}_by_county.csv", lambda: csv_bytes(by_county))
    ui.offer(say("By rurality (CSV)"), f"{name}_by_rurality.csv", lambda: csv_bytes(labelled(tables.shares, about)))
    ui.offer(say("Counties (GeoJSON)"), f"{name}.geojson", lambda: counties_geojson(by_county, outlines))
    draw = {"edges": ui.SHARE_EDGES, **picture}
    ui.offer(say("Map (PNG)"), f"{name}.png", lambda: county_picture(percent, states, outlines, **draw))
    with st.expander(say("Every county in a table")):
        st.dataframe(by_county, hide_index=True)


with ui.page(mark("Access gaps")):
    first, second, third, fourth = st.columns(4)
    area = first.selectbox(say("Area"), AREAS, format_func=lambda one: say(AREAS[one]), key="area", bind="query-params")
    state = None if area == "US" else area
    treatment = second.selectbox(
        say("Treatment"),
        list(TREATMENTS),
        format_func=lambda one: say(TREATMENTS[one]),
        key="treatment",
        bind="query-params",
    )
    unit = third.selectbox(say("Measured in"), list(STEPS), format_func=say, key="unit", bind="query-params")
    rank = fourth.selectbox(
        say("Count the"), RANKS, format_func=lambda one: say(RANKS[one]), key="rank", bind="query-params"
    )
    limit = st.select_slider(
        say("Farther than ({unit}, one way)", unit=say(unit)),
        STEPS[unit],
        value=STEPS[unit][3],
        key=unit,
        bind="query-params",
    )
    pack = ui.pack_in_use()
    people = people_of(pack.people, state)
    cost = ui.cost(pack, treatment, unit, rank)
    tables = gap_tables(cost, people, sorted({limit, *STEPS[unit][1:6:2]}))
    counties = cost_by_area(cost, people, [limit], "county")
    clinic = nearest_clinic_words(treatment, rank)
    title = say("People more than {limit} {unit} from {clinic} in our data", limit=limit, unit=say(unit), clinic=clinic)
    st.subheader(gap_sentence(tables, limit, unit, area_name(people, state), clinic))
    ui.share_legend(unit, limit)
    ui.draw_map(
        [ui.share_layer(counties, state, unit, limit), points_layer(ui.clinics_giving(pack, [treatment]))],
        title=title,
        key="gaps",
        bounds=bounds_of(ui.outlines()[0], state),
        street_tiles=ui.street_tiles(),
    )
    if (unit, rank) == ("minutes", 1) and st.toggle(say("How sure is this? (works out 1,000 possible worlds)")):
        st.info(ui.plain(ui.certainty(pack, treatment, state, float(limit))))
    table, chart = st.columns(2)
    table.table(shares_for_people(tables, unit))
    chart.altair_chart(ui.shares_chart(tables.shares, unit))
    st.caption(ui.provenance(pack))
    about = {"area": area, "treatment": treatment, "unit": unit, "rank": rank}
    downloads(counties, tables, title, about | ui.pack_words(pack))
