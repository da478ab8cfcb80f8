"""OpenStreetMap's hospitals, clinics and doctors, asked of an Overpass server: they confirm where a site is."""

from collections.abc import Callable, Iterable, Iterator
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
from access.sources.fetch import Progress
from access.sources.listing import SourceList, clinic_rows, service_rows
from access.sources.osm_tags import clinic_of
from access.sources.replies import Question, reply
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
_Ask = Callable[[str, str | None], _Answer]


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


def facilities(
    *, states: Iterable[str] | None, cache: Path, mirror: str | None, refresh: bool, progress: Progress | None
) -> SourceList:
    """Hospitals, clinics, doctors and all else that is tagged as health care, of each state (USPS codes; None: all).

    No services: the map has no tag for our treatments, so a record only confirms, or sharpens, where a site is.
    Left out: what has no name, and what is "(historical)". `state` is the one whose area the point is in;
    `vintage` is the time of the map's oldest data.

    Parameters
    ----------
    cache, mirror, refresh: as `access.sources.replies.reply`; a kept copy is taken for a week.

    Raises
    ------
    SourceError: not reachable or not as it should be; an area too large for the server however it is cut; a mirror.

    Source
    ------
    OpenStreetMap contributors (ODbL 1.0), by the Overpass API.
    """
    asked = list(dict.fromkeys(STATES if states is None else states))
    if unknown := [state for state in asked if state not in STATES]:
        raise SourceError(f"'{unknown[0]}' is no state ({len(unknown)} such). Give codes like ME.")
    ask = partial(_ask, cache=cache, mirror=mirror, refresh=refresh)
    found: dict[str, dict[str, object]] = {}
    times: list[str] = []
    for done, state in enumerate(asked):
        if progress:
            progress(f"OpenStreetMap, {STATES[state]}", done, len(asked))
        for answer in _answers(_Part(state), ask):
            times.append(answer.osm3s.timestamp_osm_base)
            for row in _rows(answer, state):
                found.setdefault(str(row["clinic_id"]), row)
    clinics = clinic_rows(list(found.values()))
    return SourceList(
        clinics=clinics,
        services=service_rows([]),
        urls=pd.Series([_page(key) for key in found], index=pd.Index(list(found), dtype="str"), dtype="str"),
        notes=(ATTRIBUTION,),
        vintage=min(times, default=""),
    )


def _answers(part: _Part, ask: _Ask) -> Iterator[_Answer]:
    """The answers that together are all of `part`; never half of one."""
    try:
        answer = ask(part.question(), f"US-{part.state}")
    except _TooMuchError:
        for smaller in _smaller(part, ask):
            yield from _answers(smaller, ask)
    else:
        yield answer


def _smaller(part: _Part, ask: _Ask) -> list[_Part]:
    if part.kind == "nwr":
        return [replace(part, kind=kind) for kind in ("node", "way", "relation")]
    if part.box:
        raise SourceError(
            f"OpenStreetMap's server gave up on {STATES[part.state]}, though it was asked for small parts. "
            "Try again at another hour, or name another server in TRD_ACCESS_URL_OVERPASS."
        )
    lats, lons = _cuts(part.state, ask)
    return [
        replace(part, box=(south, west, north, east))
        for south, north in pairwise(lats)
        for west, east in pairwise(lons)
    ]


def _cuts(state: str, ask: _Ask) -> tuple[list[float], list[float]]:
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


def _ask(question: str, area: str | None, *, cache: Path, mirror: str | None, refresh: bool) -> _Answer:
    return reply(
        Question(settings().addresses["overpass"][0], form={"data": question}, silence_seconds=_SERVER_SECONDS + 30),
        partial(_read, area=area),
        cache=cache,
        mirror=mirror,
        max_age_days=0.0 if refresh else _MAX_AGE_DAYS,
        pause_seconds=_PAUSE_SECONDS,
    ).value


def _read(body: bytes, area: str | None) -> _Answer:
    """The answer, when it is whole: a time-out comes with status 200, a remark, and some of the elements."""
    answer = _Answer.model_validate_json(body)
    if answer.remark:
        raise _TooMuchError(f"OpenStreetMap's server gave up ({answer.remark[:200]}). Try again later.")
    if area and not any(element.type == "area" for element in answer.elements):
        raise ValueError(f"it knows no area {area}")
    if any(element.type == "node" and element.point is None for element in answer.elements):
        raise ValueError("a node without coordinates")
    return answer


def _rows(answer: _Answer, state: str) -> Iterator[dict[str, object]]:
    for element in answer.elements:
        known = clinic_of(element.tags) if element.type != "area" else None
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


def _page(clinic_id: str) -> str:
    kind = {"n": "node", "w": "way", "r": "relation"}[clinic_id[4]]
    return f"https://www.openstreetmap.org/{kind}/{clinic_id[5:]}"
