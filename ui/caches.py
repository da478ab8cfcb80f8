"""The only caches: packs, places made ready and baselines, loaded once for everybody; none holds a search."""

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st

from access.places.directory.corrections import CORRECTIONS_FILE as CORRECTED
from access.places.directory.records import read_history
from access.places.gazetteer.lookup import Gazetteer, load_gazetteer
from access.places.outlines import load_outlines
from access.places.pack import STARTER, Pack, default_pack_name, load_pack, pack_folder, pack_names
from access.places.services import clinics_offering
from access.questions.choices import offers_of
from access.questions.gaps import people_of
from access.questions.what_if import Baseline
from access.questions.what_if import baseline as make_baseline
from access.settings import settings
from access.travel.network import network_stamp
from access.travel.origins import Origins, origins_of

if TYPE_CHECKING:  # loaded where a scenario is kept, not by every visit
    from sqlalchemy import Engine


def pack(name: str = STARTER) -> Pack:
    """The pack of that name, loaded once for everybody, and again when it has been rebuilt. It must not be changed.

    Raises
    ------
    PackError: there is no such pack, or it is damaged.
    """
    return _pack(name, build_stamp(name))


@st.cache_resource(max_entries=3, show_spinner=False)
def _pack(name: str, built: int) -> Pack:  # noqa: ARG001 - a rebuilt pack is another key
    loaded = load_pack(name)
    freeze_loaded_objects()
    return loaded


@st.cache_resource(show_spinner=False)
def outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """States and counties as `access.places.outlines.load_outlines` gives them, loaded once."""
    loaded = load_outlines()
    freeze_loaded_objects()
    return loaded


def freeze_loaded_objects() -> None:
    """After something big is loaded for good: keeps the garbage collector from searching it at every rerun."""
    gc.collect()
    gc.freeze()


def name_in_use() -> str:
    """The name of the pack that this visitor has chosen, else of the default one; a pack that is gone: the starter."""
    name = st.session_state.get("pack") or default_pack_name()
    return name if name in pack_names() else STARTER


def pack_in_use() -> Pack:
    """The pack of `name_in_use`."""
    return pack(name_in_use())


def use_pack(name: str) -> None:
    """From now on this visitor asks the pack of that name."""
    st.session_state["pack"] = name


@st.cache_resource(show_spinner=False)
def gazetteer() -> Gazetteer:
    """The ZIPs and towns that ship, loaded once."""
    return load_gazetteer()


def pack_origins(using: Pack) -> Origins:
    """The places of a pack made ready for distance work, once for everybody."""
    return _pack_origins(using.name, build_stamp(using.name))


@st.cache_resource(max_entries=3, show_spinner=False)
def _pack_origins(name: str, built: int) -> Origins:
    return origins_of(_pack(name, built).people)


def clinic_offers(using: Pack, payer: str | None) -> pd.DataFrame:
    """What each clinic of a pack offers, and what is said of one payer there, worked out once for everybody."""
    return _clinic_offers(using.name, build_stamp(using.name), payer)


@st.cache_resource(max_entries=24, show_spinner=False)
def _clinic_offers(name: str, built: int, payer: str | None) -> pd.DataFrame:
    return offers_of(_pack(name, built).services, payer)


def baseline(using: Pack, treatment: str, state: str | None = None) -> Baseline:
    """How things stand for one treatment and the people of one state (None: all), worked out once for everybody."""
    return _baseline(using.name, build_stamp(using.name), treatment, state)


@st.cache_resource(max_entries=24, show_spinner=False)
def _baseline(name: str, built: int, treatment: str, state: str | None) -> Baseline:
    using = _pack(name, built)
    made = make_baseline(using, treatment, people_of(using.people, state), _pack_origins(name, built))
    freeze_loaded_objects()
    return made


def clinics_giving(using: Pack, treatments: Sequence[str]) -> pd.DataFrame:
    """The clinics of a pack that give any of these treatments."""
    return using.clinics[using.clinics["clinic_id"].isin(clinics_offering(using.services, treatments))]


def build_stamp(name: str) -> int:
    """A number that changes when it is written, or a correction, or other roads are in use, or the same built anew."""
    files = (pack_folder(name) / "manifest.json", settings().data_folder / CORRECTED)
    roads = settings().roads
    written = sum(path.stat().st_mtime_ns for path in files if path.is_file())
    return written + (crc32(roads.encode()) + network_stamp(roads) if roads else 0)


def directory_history(using: Pack) -> pd.DataFrame:
    """What each refresh of a pack's clinics found new, gone, changed or back, as CHANGES."""
    return _directory_history(using.name, build_stamp(using.name))


@st.cache_resource(max_entries=3, show_spinner=False)
def _directory_history(name: str, built: int) -> pd.DataFrame:  # noqa: ARG001 - a rebuilt pack is another key
    return read_history(pack_folder(name))


@st.cache_resource(show_spinner=False)
def scenario_store() -> "Engine":
    """The store of scenarios, opened once for everybody; it keeps no connection open."""
    from access.scenarios.store.database import open_store

    return open_store()
