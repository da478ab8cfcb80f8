"""Data and methods: where every figure comes from, how it is worked out, and where it cannot be trusted."""

import pandas as pd
import streamlit as st

import ui
from access.content.methods import load_methods, methods_for_people
from access.language import mark, say
from access.places.pack import NATIONAL, Pack, pack_names
from access.travel.pack_travel import estimate_of
from access.vocabulary import TREATMENTS
from access.words.travel import drives_sentence, estimate_sentence, estimate_table
from ui.directory import show_directory
from ui.own_list import show_own_list


def choose_pack() -> Pack:
    names = pack_names()
    chosen = st.selectbox(say("Data in use"), names, index=names.index(ui.name_in_use()))
    ui.use_pack(chosen)
    if NATIONAL not in names:
        st.info(
            say(
                "This is the starter data: its people are modelled. For Census 2020 block groups and SAMHSA's national "
                "directory, run `trd-access data build` once (about a minute and 30 MB from the publishers), then "
                "choose `{pack}` here. Behind a firewall, give it a folder of copies: `--mirror FOLDER`.",
                pack=NATIONAL,
            )
        )
    return ui.pack(chosen)


def describe_pack(pack: Pack) -> None:
    manifest = pack.manifest
    built = say(
        "built {date} by version {version}", date=manifest.built_on, version=ui.escape_markdown(manifest.code_version)
    )
    st.write(f"**{ui.escape_markdown(say(manifest.title))}**, {built}.")
    st.write(
        say(
            "{people} people in {places} places (each a {unit}); {clinics} clinics.",
            people=f"{pack.people['population'].sum():,}",
            places=f"{len(pack.people):,}",
            unit=ui.escape_markdown(say(manifest.origin_unit.replace("_", " "))),
            clinics=f"{len(pack.clinics):,}",
        )
    )
    names = {name: say(word) for name, word in TREATMENTS.items()}
    sites = pack.services.groupby("treatment")["clinic_id"].nunique().rename(index=names)
    sources = pack.services.groupby("source").agg(listings=("clinic_id", "size"), newest=("seen_date", "max"))
    sources = sources.set_axis([say("listings"), say("newest")], axis=1).rename_axis(say("source"))
    left, right = st.columns(2)
    left.table(sites.rename(say("clinics")).rename_axis(say("treatment")))
    right.table(sources.rename(index=ui.escape_markdown))
    for note in manifest.notes:
        st.write(f"- {ui.escape_markdown(say(note))}")
    files = pd.DataFrame([source.model_dump() for source in manifest.sources])
    with st.expander(say("Every source file, with its address and hash")):
        st.dataframe(files, hide_index=True)


with ui.page(mark("Data and methods")):
    st.header(say("Data"))
    pack = choose_pack()
    for section in (describe_pack, show_directory, show_own_list):
        section(pack)
    st.header(say("How drives are estimated"))
    estimate = estimate_of(pack)
    st.write(ui.escape_markdown(drives_sentence(pack)))
    st.write(ui.escape_markdown(estimate_sentence(estimate)))
    st.caption(say("Source: {source}.", source=ui.escape_markdown(estimate.source)))
    st.table(estimate_table(estimate).set_index(say("straight line")))
    st.header(say("Figures"))
    st.table(methods_for_people())
    st.header(say("Limits"))
    for caution in load_methods().cautions:
        st.write(f"- {caution}")
    st.header(say("Privacy"))
    ui.link_to_page("Privacy")
