"""Access gaps: who lives far from a treatment, in the city and in the country, with figures to take away."""

import pandas as pd
import streamlit as st

import ui
from access.maps import bounds_of, county_picture, points_layer
from access.report.exports import counties_geojson, csv_bytes
from access.report.gaps import GapTables, cost_by_area, gap_tables, people_of
from access.report.words import area_name, gap_sentence, shares_for_people
from access.vocabulary import STATES, TREATMENTS

STEPS = {"minutes": [15, 30, 45, 60, 90, 120, 180, 240], "miles": [5, 10, 20, 30, 50, 75, 100, 150]}
AREAS = {"US": "United States", **STATES}
RANKS = {1: "nearest clinic", 2: "2nd nearest clinic", 3: "3rd nearest clinic"}


def downloads(counties: pd.DataFrame, tables: GapTables, title: str, state: str | None) -> None:
    states, outlines = ui.outlines()
    percent = counties.set_index("county")["share_beyond"] * 100
    words = {"title": title, "footer": ui.provenance(ui.pack_in_use()), "unit": "%"}
    ui.offer("By county (CSV)", "counties.csv", lambda: csv_bytes(counties))
    ui.offer("By rurality (CSV)", "rurality.csv", lambda: csv_bytes(tables.shares))
    ui.offer("Counties (GeoJSON)", "counties.geojson", lambda: counties_geojson(counties, outlines))
    ui.offer(
        "Map (PNG)", "map.png",
        lambda: county_picture(percent, states, outlines, edges=ui.SHARE_EDGES, state=state, **words),
    )  # fmt: skip


with ui.page("Access gaps"):
    first, second, third, fourth = st.columns(4)
    area = first.selectbox("Area", AREAS, format_func=AREAS.get, key="area", bind="query-params")
    state = None if area == "US" else area
    treatment = second.selectbox(
        "Treatment", list(TREATMENTS), format_func=TREATMENTS.get, key="treatment", bind="query-params"
    )
    unit = third.selectbox("Measured in", list(STEPS), key="unit", bind="query-params")
    rank = fourth.selectbox("Count the", RANKS, format_func=RANKS.get, key="rank", bind="query-params")
    limit = st.select_slider(
        f"Farther than ({unit}, one way)", STEPS[unit], value=STEPS[unit][3], key=unit, bind="query-params"
    )
    pack = ui.pack_in_use()
    people = people_of(pack.people, state)
    cost = ui.cost(pack, treatment, unit, rank)
    tables = gap_tables(cost, people, sorted({limit, *STEPS[unit][1:6:2]}))
    counties = cost_by_area(cost, people, [limit], "county")
    title = f"{TREATMENTS[treatment]}: people more than {limit} {unit} from the nearest clinic in our data"
    st.subheader(gap_sentence(tables, limit, unit, area_name(people, state)))
    ui.share_legend(unit, limit)
    ui.draw_map(
        [ui.share_layer(counties, state, unit, limit), points_layer(ui.clinics_giving(pack, [treatment]))],
        title=title,
        key="gaps",
        bounds=bounds_of(ui.outlines()[0], state),
        street_tiles=ui.street_tiles(),
    )
    table, chart = st.columns(2)
    table.table(shares_for_people(tables, unit))
    chart.altair_chart(ui.shares_chart(tables.shares, unit))
    st.caption(ui.provenance(pack))
    with st.container(horizontal=True):
        downloads(counties, tables, title, state)
    with st.expander("Every county in a table"):
        st.dataframe(counties, hide_index=True)
