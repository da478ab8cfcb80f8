"""OpenStreetMap's hospitals, clinics and doctors, asked of an Overpass server: they confirm where a site is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.progress import Progress
from access.sources.fetching.replies import Request, ask_service
from access.sources.lists.rules import web_address
from access.sources.source_list import SourceList, clinic_rows, service_rows
from access.vocabulary import STATES

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
_SERVER_SECONDS: Final = 180
_PAUSE_SECONDS: Final = 2.0
_MAX_AGE_DAYS: Final = 7.0
_HEAD: Final = f"[out:json][timeout:{_SERVER_SECONDS}];"
_CUTS: Final = 4  # a state is cut so often each way: into quarters of its quarters
_WANTED: Final = ('["amenity"~"^(hospital|clinic|doctors)$"]', '["healthcare"]')
_Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
_Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class _Center(BaseModel):
    lat: _Latitude
    lon: _Longitude


class _Bounds(BaseModel):
    minlat: _Latitude
    minlon: _Longitude
    maxlat: _Latitude
    maxlon: _Longitude


class _Element(BaseModel):
    type: Literal["node", "way", "relation", "area"]
    id: int
    lat: _Latitude | None = None
    lon: _Longitude | None = None
    center: _Center | None = None
    bounds: _Bounds | None = None
    tags: dict[str, str] = {}

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude; None: the map has none."""
        if self.lat is not None and self.lon is not None:
            return self.lat, self.lon
        return (self.center.lat, self.center.lon) if self.center else None


class _Base(BaseModel):
    timestamp_osm_base: str


class _Answer(BaseModel):
    osm3s: _Base
    elements: list[_Element]
    remark: str = ""


class _TooMuchError(SourceError):
    """The server gave up half way: what it sent is not all there is."""


# Asks a question in Overpass QL about an area (None: about none), and gives the whole answer.
_AskServer = Callable[[str, str | None], _Answer]


@dataclass(frozen=True)
class _Part:
    """What one question is about: a state's elements of one kind (nwr: of all) in a box (south, west, north, east)."""

    state: str
    kind: str = "nwr"
    box: tuple[float, float, float, float] | None = None

    def question(self) -> str:
        """In Overpass QL. The area comes with the answer, so that an unknown one is not taken for an empty one."""
        box = f"({','.join(f'{edge:.7f}' for edge in self.box)})" if self.box else ""
        wanted = "".join(f"{self.kind}{tags}(area.a){box};" for tags in _WANTED)
        # Not "out center tags": by the manual, "tags" leaves out the coordinates of nodes.
        return f'{_HEAD}area["ISO3166-2"="US-{self.state}"]->.a;.a out ids;({wanted});out center;'


def fetch_openstreetmap_list(
    *, states: Iterable[str] | None, cache: Path, mirror: str | None, refresh: bool, progress: Progress | None
) -> SourceList:
    """Hospitals, clinics, doctors and all else that is tagged as health care, of each state (USPS codes; None: all).

    No services: the map has no tag for our treatments, so a record only confirms, or sharpens, where a site is.
    Left out: what has no name, and what is "(historical)". `state` is the one whose area the point is in;
    `vintage` is the time of the map's oldest data.

    Parameters
    ----------
    cache, mirror, refresh: as `access.sources.fetching.replies.ask_service`; a kept copy is taken for a week.

    Raises
    ------
    SourceError
        Not reachable or not as it should be; an area too large for the server however it is cut; a mirror.

    Source
    ------
    OpenStreetMap contributors (ODbL 1.0), by the Overpass API.
    """
    asked = list(dict.fromkeys(STATES if states is None else states))
    if unknown := [state for state in asked if state not in STATES]:
        raise SourceError(f"'{unknown[0]}' is no state ({len(unknown)} such). Give codes like ME.")
    ask = partial(_ask_server, cache=cache, mirror=mirror, refresh=refresh)
    found: dict[str, dict[str, object]] = {}
    times: list[str] = []
    for done, state in enumerate(asked):
        if progress:
            progress(f"OpenStreetMap, {STATES[state]}", done, len(asked))
        for answer in _fetch_answers(_Part(state), ask):
            times.append(answer.osm3s.timestamp_osm_base)
            for row in _element_rows(answer, state):
                found.setdefault(str(row["clinic_id"]), row)
    clinics = clinic_rows(list(found.values()))
    return SourceList(
        clinics=clinics,
        services=service_rows([]),
        urls=pd.Series([_page_of(key) for key in found], index=pd.Index(list(found), dtype="str"), dtype="str"),
        notes=(ATTRIBUTION,),
        vintage=min(times, default=""),
    )


def _fetch_answers(part: _Part, ask: _AskServer) -> Iterator[_Answer]:
    """The answers that together are all of `part`; never half of one."""
    try:
        answer = ask(part.question(), f"US-{part.state}")
    except _TooMuchError:
        for smaller in _split_part(part, ask):
            yield from _fetch_answers(smaller, ask)
    else:
        yield answer


def _split_part(part: _Part, ask: _AskServer) -> list[_Part]:
    if part.kind == "nwr":
        return [replace(part, kind=kind) for kind in ("node", "way", "relation")]
    if part.box:
        raise SourceError(
            f"OpenStreetMap's server gave up on {STATES[part.state]}, though it was asked for small parts. "
            "Try again at another hour, or name another server in TRD_ACCESS_URL_OVERPASS."
        )
    lats, lons = _fetch_cuts(part.state, ask)
    return [
        replace(part, box=(south, west, north, east))
        for south, north in pairwise(lats)
        for west, east in pairwise(lons)
    ]


def _fetch_cuts(state: str, ask: _AskServer) -> tuple[list[float], list[float]]:
    """The latitudes and longitudes that part a state; the outer ones are the world's, so that nothing falls outside."""
    answer = ask(f'{_HEAD}rel["ISO3166-2"="US-{state}"]["boundary"];out ids bb;', None)
    box = next((element.bounds for element in answer.elements if element.bounds), None)
    if not box:
        raise SourceError(f"OpenStreetMap's server gave up on {STATES[state]}, and does not say where that is.")
    crosses = box.minlon > box.maxlon  # the 180th meridian
    west, east = (-180.0, 180.0) if crosses else (box.minlon, box.maxlon)
    lats = np.linspace(box.minlat, box.maxlat, _CUTS + 1)[1:-1].tolist()
    lons = np.linspace(west, east, _CUTS + 1)[1:-1].tolist()
    return [-90.0, *lats, 90.0], [-180.0, *lons, 180.0]


def _ask_server(question: str, area: str | None, *, cache: Path, mirror: str | None, refresh: bool) -> _Answer:
    return ask_service(
        Request(settings().addresses["overpass"][0], form={"data": question}, silence_seconds=_SERVER_SECONDS + 30),
        partial(_read_answer, area=area),
        cache=cache,
        mirror=mirror,
        max_age_days=0.0 if refresh else _MAX_AGE_DAYS,
        pause_seconds=_PAUSE_SECONDS,
    ).value


def _read_answer(body: bytes, area: str | None) -> _Answer:
    """The answer, when it is whole: a time-out comes with status 200, a remark, and some of the elements."""
    answer = _Answer.model_validate_json(body)
    if answer.remark:
        raise _TooMuchError(f"OpenStreetMap's server gave up ({answer.remark[:200]}). Try again later.")
    if area and not any(element.type == "area" for element in answer.elements):
        raise ValueError(f"it knows no area {area}")
    if any(element.type == "node" and element.point is None for element in answer.elements):
        raise ValueError("a node without coordinates")
    return answer


def _element_rows(answer: _Answer, state: str) -> Iterator[dict[str, object]]:
    for element in answer.elements:
        known = clinic_of_tags(element.tags) if element.type != "area" else None
        if known:
            lat, lon = element.point or (None, None)
            yield {
                **known,
                "clinic_id": f"osm-{element.type[0]}{element.id}",
                "state": state,
                "latitude": lat,
                "longitude": lon,
                "location_precision": None if lat is None else "rooftop",
            }


def _page_of(clinic_id: str) -> str:
    kind = {"n": "node", "w": "way", "r": "relation"}[clinic_id[4]]
    return f"https://www.openstreetmap.org/{kind}/{clinic_id[5:]}"


_ZIP: Final = re.compile(r"(\d{5})(-\d{4})?")
_PSYCHIATRY: Final = "psychiatry"


def clinic_of_tags(tags: Mapping[str, str]) -> dict[str, object] | None:
    """Name, address, telephone, website and setting, as columns of CLINICS; what is not tagged is None.

    Of several values joined by ";" the first that fits is taken. None: it has no name, or is "(historical)": closed,
    and mapped from an old gazetteer.
    """
    name = " ".join(tags.get("name", "").split())
    if not name or "(historical)" in name.lower():
        return None
    street = " ".join(
        part for part in (_first_value(tags, "addr:housenumber"), _first_value(tags, "addr:street")) if part
    )
    return {
        "name": name,
        "address": (street if _first_value(tags, "addr:street") else "") or None,
        "city": _first_value(tags, "addr:city"),
        "zip": next(
            (found[1] for value in _tag_values(tags, "addr:postcode") if (found := _ZIP.fullmatch(value))), None
        ),
        "phone": _first_value(tags, "phone", "contact:phone"),
        "website": next(
            (page for value in _tag_values(tags, "website", "contact:website") if (page := web_address(value))), None
        ),
        "setting": _setting_of(tags),
    }


def _tag_values(tags: Mapping[str, str], *keys: str) -> list[str]:
    parts = [" ".join(part.split()) for key in keys for part in tags.get(key, "").split(";")]
    return [part for part in parts if part]


def _first_value(tags: Mapping[str, str], *keys: str) -> str | None:
    return next(iter(_tag_values(tags, *keys)), None)


def _setting_of(tags: Mapping[str, str]) -> str | None:
    kinds = _tag_values(tags, "amenity", "healthcare")
    if "hospital" in kinds:
        return "hospital"
    is_practice = "doctors" in kinds or "doctor" in kinds
    return "psychiatry_practice" if is_practice and _PSYCHIATRY in _tag_values(tags, "healthcare:speciality") else None
