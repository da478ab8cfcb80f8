"""Data and methods: where every figure comes from, how it is worked out, and where it cannot be trusted."""

import pandas as pd
import streamlit as st

import ui
from access.places.pack import NATIONAL, Pack, pack_names
from access.report.methods import CAUTIONS, estimate_table, methods_table
from access.travel.estimate import BANDED
from access.vocabulary import TREATMENTS


def choose_pack() -> Pack:
    names = pack_names()
    chosen = st.selectbox("Data in use", names, index=names.index(ui.name_in_use()))
    ui.use_pack(chosen)
    if NATIONAL not in names:
        st.info(
            "This is the starter data: its people are modelled. For Census 2020 block groups and SAMHSA's national "
            "directory, run `trd-access data build` once (about a minute and 30 MB from the publishers), then choose "
            f"`{NATIONAL}` here. Behind a firewall, give it a folder of copies: `--mirror FOLDER`."
        )
    return ui.pack(chosen)


def describe(pack: Pack) -> None:
    manifest = pack.manifest
    st.write(f"**{ui.plain(manifest.title)}**, built {manifest.built_on} by version {ui.plain(manifest.code_version)}.")
    st.write(
        f"{pack.people['population'].sum():,} people in {len(pack.people):,} places (each a "
        f"{ui.plain(manifest.origin_unit.replace('_', ' '))}); {len(pack.clinics):,} clinics."
    )
    sites = pack.services.groupby("treatment")["clinic_id"].nunique().rename(index=TREATMENTS).rename("clinics")
    sources = pack.services.groupby("source").agg(listings=("clinic_id", "size"), newest=("seen_date", "max"))
    left, right = st.columns(2)
    left.table(sites)
    right.table(sources.rename(index=ui.plain))
    for note in manifest.notes:
        st.write(f"- {ui.plain(note)}")
    files = pd.DataFrame([source.model_dump() for source in manifest.sources])
    with st.expander("Every source file, with its address and hash"):
        st.dataframe(files, hide_index=True)


with ui.page("Data and methods"):
    st.header("Data")
    describe(choose_pack())
    st.header("How drives are estimated")
    st.write(
        "minutes = 2 + 1.5 per km for the first 8 km, 1.03 per km from 8 to 40 km, 0.9 per km beyond (straight line). "
        "Road miles are straight-line miles times 1.34 (urban), 1.30 (large town) or 1.27 (small town, rural)."
    )
    st.caption(f"Source: {ui.plain(BANDED.source)}.")
    st.table(estimate_table(BANDED).set_index("straight line"))
    st.header("Figures")
    st.table(methods_table().set_index("name"))
    st.header("Limits")
    for caution in CAUTIONS:
        st.write(f"- {caution}")
    st.header("Privacy")
    st.write(
        "What you type stays in the memory of the machine that runs this app. The pages ask no other host for "
        "anything, unless you turn on street tiles, and no search is written to a file, a log or an address."
    )
