"""What the pages share: the frame, the crisis line, the caches, the map, and the one place that shows an error."""

import gc
import json
import logging
import mimetypes
import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from access.errors import AccessError
from access.maps import Bounds, Layer, base_map, bounds_of, points_layer, scene
from access.places.gazetteer import Gazetteer, Place, load_gazetteer
from access.places.outlines import load_outlines
from access.places.pack import STARTER, Pack, default_pack_name, load_pack, pack_folder
from access.places.services import clinics_offering
from access.report.gaps import cost_to_nearest, people_of
from access.report.whatif import Baseline
from access.report.whatif import baseline as make_baseline
from access.report.words import count
from access.scenarios.scenario import CloseClinic, Edit, OpenClinic, Scenario
from access.travel.origins import Origins, origins_of
from access.vocabulary import PAYERS, RURALITIES

CRISIS_LINE = (
    "If you are thinking about suicide or are in crisis, **call or text 988** or chat at "
    "[988lifeline.org](https://988lifeline.org). In immediate danger **call 911**. "
    "Veterans: 988 then 1, or text 838255. En español: 988, luego 2."
)
UNFORESEEN = "Something went wrong on this page, and it is our fault. Load the page again; your data is untouched."

_STATIC = Path(__file__).parent / "static"
_LOG = logging.getLogger("trd_access")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@contextmanager
def page(title: str, *, language: str = "en") -> Iterator[None]:
    """The frame of one page: its title, icon and language, the crisis line, and errors as one sentence each."""
    st.set_page_config(page_title=f"{title} · TRD Access", page_icon=str(_STATIC / "icon.png"), layout="wide")
    st.html(_STATIC / "app.css")
    st.html(f"<script>document.documentElement.lang = {json.dumps(language)}</script>", unsafe_allow_javascript=True)
    st.title(title)
    st.info(CRISIS_LINE)
    with sentences():
        yield


@contextmanager
def sentences() -> Iterator[None]:
    """Shows what goes wrong inside as one plain sentence; for the body of a fragment, which reruns without its page."""
    try:
        yield
    except Exception as failure:  # noqa: BLE001 - the one place where every failure becomes a sentence
        show_failure(failure)


def show_failure(failure: Exception) -> bool:
    """Says on the page what went wrong; True: it has been said."""
    if isinstance(failure, AccessError):
        st.error(plain(str(failure)))
    else:
        # Where it failed, but not the message: that may hold a place somebody searched for.
        where = "".join(traceback.format_tb(failure.__traceback__))
        _LOG.error("A page failed with %s:\n%s", type(failure).__name__, where)
        st.error(UNFORESEEN)
    return True


def plain(text: str) -> str:
    """The text as Markdown that shows it as it is; only a bare web address becomes a link."""
    return _MARKDOWN.sub(r"\\\1", text)


def pack(name: str = STARTER) -> Pack:
    """The pack of that name, loaded once for everybody, and again when it has been rebuilt. It must not be changed.

    Raises
    ------
    PackError: there is no such pack, or it is damaged.
    """
    return _pack(name, _built(name))


@st.cache_resource(max_entries=3, show_spinner="Loading the data")
def _pack(name: str, built: int) -> Pack:  # noqa: ARG001 - a rebuilt pack is another key
    loaded = load_pack(name)
    settle()
    return loaded


@st.cache_resource(show_spinner=False)
def outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """States and counties as `access.places.outlines.load_outlines` gives them, loaded once."""
    loaded = load_outlines()
    settle()
    return loaded


def settle() -> None:
    """After something big is loaded for good: keeps the garbage collector from searching it at every rerun."""
    gc.collect()
    gc.freeze()


def draw_map(
    layers: Sequence[Layer],
    *,
    title: str,
    key: str,
    bounds: Bounds | None = None,
    height: int = 480,
    street_tiles: bool = False,
) -> tuple[float, float] | None:
    """The map on the page, and the latitude and longitude of a new click on it; None: nobody clicked since.

    Parameters
    ----------
    title: what the map shows, for people who hear the page.
    bounds: what must be in sight; None: the lower 48 states. The camera moves only when this changes.
    """
    reply = st_folium(
        base_map(),
        feature_group_to_add=scene(
            layers, title=title, bounds=bounds or bounds_of(outlines()[0], None), street_tiles=street_tiles
        ),
        returned_objects=["last_clicked"],
        use_container_width=True,
        height=height,
        key=key,
        wrap_longitude=True,
    )
    click = (reply or {}).get("last_clicked")
    if click is None or st.session_state.get(f"{key} click") == click:
        return None
    st.session_state[f"{key} click"] = click
    return float(click["lat"]), float(click["lng"])


def pack_in_use() -> Pack:
    """The pack that this visitor has chosen, else the default one."""
    return pack(st.session_state.get("pack") or default_pack_name())


def use_pack(name: str) -> None:
    """From now on this visitor asks the pack of that name."""
    st.session_state["pack"] = name


@st.cache_resource(show_spinner=False)
def gazetteer() -> Gazetteer:
    """The ZIPs and towns that ship, loaded once."""
    return load_gazetteer()


def everywhere(using: Pack) -> Origins:
    """The places of a pack made ready for distance work, once for everybody."""
    return _everywhere(using.name, _built(using.name))


@st.cache_resource(max_entries=3, show_spinner="Preparing the places")
def _everywhere(name: str, built: int) -> Origins:
    return origins_of(_pack(name, built).people)


def baseline(using: Pack, treatment: str, state: str | None = None) -> Baseline:
    """How things stand for one treatment and the people of one state (None: all), worked out once for everybody."""
    return _baseline(using.name, _built(using.name), treatment, state)


@st.cache_resource(max_entries=24, show_spinner="Working out the drives")
def _baseline(name: str, built: int, treatment: str, state: str | None) -> Baseline:
    using = _pack(name, built)
    made = make_baseline(using, treatment, people_of(using.people, state), _everywhere(name, built))
    settle()
    return made


def cost(using: Pack, treatment: str, unit: str, rank: int) -> pd.Series:
    """Minutes or miles from every place to its nearest clinic (or `rank`-th) that gives the treatment."""
    return cost_to_nearest(baseline(using, treatment).trips, unit, rank=rank)


def clinics_giving(using: Pack, treatments: Sequence[str]) -> pd.DataFrame:
    """The clinics of a pack that give any of these treatments."""
    return using.clinics[using.clinics["clinic_id"].isin(clinics_offering(using.services, treatments))]


def _built(name: str) -> int:
    manifest = pack_folder(name) / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.is_file() else 0


def provenance(using: Pack) -> str:
    """Which data a page stands on, how old it is, and that its drives are estimates; one line."""
    manifest = using.manifest
    return (
        f"{manifest.title}; built {manifest.built_on}; people by {manifest.origin_unit.replace('_', ' ')}. "
        "One-way drives are estimates from straight-line distance. A clinic that is not in our data may still exist."
    )


def care_layers(found: pd.DataFrame, place: Place) -> list[Layer]:
    """Clinics numbered as their cards are, and the place of search."""
    numbered = found.assign(number=range(1, len(found) + 1), details=found["minutes"].map("about {:.0f} min".format))
    here = pd.DataFrame([{"latitude": place.latitude, "longitude": place.longitude, "name": place.label}])
    return [points_layer(numbered), points_layer(here, kind="origin")]


def plan_layers(clinics: pd.DataFrame, edits: Sequence[Edit]) -> list[Layer]:
    """The clinics, those that a scenario closes, and those that it opens."""
    gone = clinics["clinic_id"].isin([edit.clinic_id for edit in edits if isinstance(edit, CloseClinic)])
    opened = pd.DataFrame([edit.model_dump() for edit in edits if isinstance(edit, OpenClinic)])
    layers = [points_layer(clinics[~gone]), points_layer(clinics[gone], kind="closed")]
    return layers if opened.empty else [*layers, points_layer(opened, kind="added")]


def bounds_around(found: pd.DataFrame, place: Place) -> Bounds:
    """South-west and north-east of the clinics and the place, with a margin of a tenth of a degree."""
    south, west = min(found["latitude"].min(), place.latitude), min(found["longitude"].min(), place.longitude)
    north, east = max(found["latitude"].max(), place.latitude), max(found["longitude"].max(), place.longitude)
    return (float(south) - 0.1, float(west) - 0.1), (float(north) + 0.1, float(east) + 0.1)


def street_tiles() -> bool:
    """Whether the visitor has turned street tiles on, told beforehand what that reveals."""
    return st.toggle(
        "Street tiles",
        help="Asks OpenStreetMap's servers for pictures of the area in sight. They then see your internet address "
        "and which area you look at. Off, the map asks no other host for anything.",
    )


def say_hidden(farther: int, refusing: int, reach: str, payer: str | None) -> None:
    """How many clinics each filter hides."""
    parts = [f"{count(farther, 'clinic')} farther than {reach} (within 4 hours)"] if farther else []
    if refusing:
        parts.append(f"{count(refusing, 'clinic')} by the insurance filter ({PAYERS[payer or '']})")
    st.caption("Hidden: " + "; ".join(parts) + ".")


def shares_chart(shares: pd.DataFrame, unit: str) -> alt.Chart:
    """Share of people beyond each limit, a line per rurality; colours and dashes tell them apart."""
    named = shares.assign(where=shares["rurality"].map({**RURALITIES, "all": "All"}))
    return (
        alt.Chart(named, title=f"Share of people farther than each limit ({unit})")
        .mark_line(point=True)
        .encode(
            x=alt.X("beyond:Q", title=unit),
            y=alt.Y("share_beyond:Q", title="share of people", axis=alt.Axis(format="%")),
            color=alt.Color("where:N", title="people live in", sort=None, scale=alt.Scale(scheme="cividis")),
            strokeDash=alt.StrokeDash("where:N", title="people live in", sort=None),
            tooltip=["where", "beyond", alt.Tooltip("share_beyond", format=".1%")],
        )
    )


def offer(label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button that makes a file when it is pressed, and hands it over."""
    st.download_button(label, make, name, mimetypes.guess_type(name)[0] or "application/json", on_click="ignore")


def list_edits(edits: list[Edit], names: dict[str, str]) -> None:
    """The edits of a scenario, each with a button that takes it back."""
    for number, edit in enumerate(list(edits)):
        words, button = st.columns([4, 1])
        name = edit.name if isinstance(edit, OpenClinic) else names.get(edit.clinic_id, edit.clinic_id)
        words.write(f"{edit.action.capitalize()}: {plain(name)}")
        button.button("Take back", key=f"undo_{number}_{edit.clinic_id}", on_click=edits.pop, args=(number,))


def save_scenario(scenario: Scenario) -> None:
    """A button that hands the edits over as a file which `trd-access scenario --file` reads."""
    offer("Save this scenario (JSON)", "scenario.json", lambda: scenario.model_dump_json(indent=1).encode())
