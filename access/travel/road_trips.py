"""Trips along roads: every place to every clinic within reach, asked of a router block by block."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isqrt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.geo import Floats, chord, unit_vectors
from access.sources.fetching.progress import Progress
from access.travel import point_kernels, trip_kernels
from access.travel.estimate import MAX_MINUTES
from access.travel.routers.router import Block, Router
from access.travel.trips import Trips
from access.units import KM_PER_MILE

SNAP_KM: Final = 3 * KM_PER_MILE
# No road trip is faster than this along the straight line: what lies beyond is not asked.
FASTEST_KM_PER_MINUTE: Final = 130 / 60


# Sources, targets, what the engine says of them, and which of the pairs are within reach.
_BlockAnswer = tuple[NDArray[np.int64], NDArray[np.int64], Block, NDArray[np.bool_]]
_NO_TRIPS: Final = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32))


@dataclass(frozen=True, eq=False)
class Snaps:
    """How far from the road that it was put on each point lies, km; beyond `limit_km` it has no trips.

    `places` by geoid, `clinics` by clinic id. Infinity: the engine found no road; NaN: it does not say, or was not
    asked, because nothing is within reach of the point.
    """

    places: pd.Series
    clinics: pd.Series
    limit_km: float

    def off_road(self) -> pd.DataFrame:
        """The points without trips for want of a road: `what` (place or clinic), `id`, `km`; farthest first."""
        named = {"place": self.places, "clinic": self.clinics}
        beyond = [
            pd.DataFrame({"what": what, "id": km.index[km > self.limit_km], "km": km[km > self.limit_km].to_numpy()})
            for what, km in named.items()
        ]
        return pd.concat(beyond, ignore_index=True).sort_values("km", ascending=False, ignore_index=True)


@dataclass(frozen=True, eq=False)
class _SortedPoints:
    """Points on the earth, neighbours together: `row` is where each stands in its table."""

    row: NDArray[np.int64]
    degrees: Floats
    vectors: Floats
    snap_km: NDArray[np.float32]

    def parts(self, most: int) -> Iterator[NDArray[np.int64]]:
        """Positions, at most so many at a time."""
        for start in range(0, len(self.row), most):
            yield np.arange(start, min(start + most, len(self.row)))


def road_trips(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    engine: Router,
    *,
    max_minutes: float = MAX_MINUTES,
    snap_km: float = SNAP_KM,
    progress: Progress | None = None,
) -> tuple[Trips, Snaps]:
    """Trips by road from every place to every clinic at most `max_minutes` away, and how far off the road they lie.

    The way from a point to its road is counted at a slow speed (`Mode.off_road_minutes_per_km`). No route is no trip:
    nothing is estimated. A place or clinic more than `snap_km` from a road has no trips. Pairs
    farther apart than `max_minutes` at 130 km/h along the straight line are never trips; a block is asked only if
    each of its points has a partner nearer than that.

    Returns
    -------
    tuple[Trips, Snaps]
        `places` in the order of `people`, `clinics` in the order of `clinics`; `method` is the engine's name.

    Raises
    ------
    SourceError
        The engine refused or failed.
    """
    places = _sort_points(people)
    sites = _sort_points(clinics)
    least_cosine = 1 - float(chord(max_minutes * FASTEST_KM_PER_MINUTE)) ** 2 / 2
    most_sources, most_targets = _block_shape(engine, len(places.row), len(sites.row))
    rows = []
    for part in places.parts(most_sources):
        answers = list(_ask_router(places, part, sites, engine, least_cosine, most_targets))
        answers = [_add_way_to_road(answer, engine.mode.off_road_minutes_per_km) for answer in answers]
        rows.append(_trips_of_part(places, part, sites, answers, max_minutes, snap_km))
        if progress:
            progress("road trips", int(part[-1]) + 1, len(places.row))
    indptr, index, minutes, km = _join_in_order(rows, places)
    trips = Trips(
        places=pd.Index(people["geoid"], name="geoid"),
        clinics=pd.Index(clinics["clinic_id"], name="clinic_id"),
        indptr=indptr,
        clinic_index=index,
        minutes=minutes,
        km=km,
        modes=(engine.mode,),
        max_minutes=max_minutes,
    )
    return trips, Snaps(_snaps_by_name(places, trips.places), _snaps_by_name(sites, trips.clinics), snap_km)


def _sort_points(table: pd.DataFrame) -> _SortedPoints:
    degrees = table[["latitude", "longitude"]].to_numpy(float)
    row = np.argsort(point_kernels.morton_keys(degrees[:, 0], degrees[:, 1], np.zeros(len(degrees), np.int64)))
    degrees = degrees[row]
    vectors = unit_vectors(degrees[:, 0], degrees[:, 1])
    return _SortedPoints(row, degrees, vectors, np.full(len(row), np.nan, np.float32))


def _block_shape(engine: Router, places: int, sites: int) -> tuple[int, int]:
    """Sources and targets of one block: near a square, as the engine allows."""
    sources = max(min(engine.most_sources, places), 1)
    targets = max(min(engine.most_targets, sites, max(isqrt(engine.most_pairs), engine.most_pairs // sources)), 1)
    return max(min(sources, engine.most_pairs // targets), 1), targets


def _ask_router(
    places: _SortedPoints, part: NDArray[np.int64], sites: _SortedPoints, engine: Router, least_cosine: float, most: int
) -> Iterator[_BlockAnswer]:
    """What the engine says of some places and all sites, a block at a time."""
    for others in sites.parts(most):
        near = places.vectors[part] @ sites.vectors[others].T >= least_cosine
        asked = near.any(axis=1)
        partners = near.any(axis=0)
        if not asked.any():
            continue
        sources = part[asked]
        targets = others[partners]
        block = engine.block(places.degrees[sources], sites.degrees[targets])
        places.snap_km[sources] = block.source_snap_km
        sites.snap_km[targets] = block.target_snap_km
        yield sources, targets, block, near[np.ix_(asked, partners)]


def _add_way_to_road(answer: _BlockAnswer, minutes_per_km: float) -> _BlockAnswer:
    """With the ways from each point to its road; where the engine does not say how far that is, without."""
    sources, targets, block, near = answer
    near_end, far_end = (
        np.where(np.isfinite(snap), snap, 0).astype(np.float32) for snap in (block.source_snap_km, block.target_snap_km)
    )
    ways = near_end[:, None] + far_end
    with_ways = replace(
        block,
        minutes=block.minutes + np.float32(minutes_per_km) * ways,
        km=block.km + ways,
    )
    return sources, targets, with_ways, near


def _trips_of_part(
    places: _SortedPoints,
    part: NDArray[np.int64],
    sites: _SortedPoints,
    answers: list[_BlockAnswer],
    max_minutes: float,
    snap_km: float,
) -> trip_kernels.TripRows:
    """The trips of these places in their order, each place's nearest first."""
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]] = []
    for sources, targets, block, near in answers:
        on_road = ~(places.snap_km[sources] > snap_km)[:, None] & ~(sites.snap_km[targets] > snap_km)
        at, to = np.nonzero(near & on_road & (block.minutes <= max_minutes))
        found.append((sources[at] - part[0], sites.row[targets[to]], block.minutes[at, to], block.km[at, to]))
    row, column, minutes, km = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else _NO_TRIPS
    order = np.lexsort((column, minutes, row))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(part)))]).astype(np.int64)
    return indptr, column[order].astype(np.int32), minutes[order].astype(np.float32), km[order].astype(np.float32)


def _join_in_order(parts: list[trip_kernels.TripRows], places: _SortedPoints) -> trip_kernels.TripRows:
    """All rows, in the order of the people table."""
    if not parts:
        return np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32)
    counts = np.concatenate([np.diff(indptr) for indptr, *_ in parts])
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    index, minutes, km = (np.concatenate([part[k] for part in parts]) for k in (1, 2, 3))
    return trip_kernels.keep_rows(indptr, index, minutes, km, np.argsort(places.row))


def _snaps_by_name(points: _SortedPoints, names: pd.Index) -> pd.Series:
    km = np.empty(len(points.row), np.float32)
    km[points.row] = points.snap_km
    return pd.Series(km, index=names, name="km")
