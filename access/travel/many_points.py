"""Points by the million: the nearest clinic and the number within a limit, in chunks, with no trips kept.

The answers are those of `Trips` to the last bit of its float32; only the memory differs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.geo import Floats, chord, unit_vectors
from access.places.landmass import landmass
from access.tables import require_columns
from access.travel import point_kernels, trip_kernels
from access.travel.cluster import answers_of
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.origins import Codes, Origins, origins_of
from access.vocabulary import RURALITIES

CHUNK = 1_000_000  # points at a time: about 150 MB of work
TILE = 64  # neighbouring points that are judged together


@dataclass(frozen=True, eq=False)
class Points:
    """A chunk of points as arrays; `land` (a position in the landmarks' names) and `kind` None: the nearest place's."""

    latitude: Floats
    longitude: Floats
    land: Codes | None
    kind: Codes | None


@dataclass(frozen=True, eq=False)
class PointsQuery:
    """What is asked of every chunk, with the clinics made ready: by land mass, then by latitude.

    `land_start`: where the clinics of each land mass start, and the end; one more land mass, the last, has none.
    """

    is_count: bool
    estimate: DriveEstimate
    max_minutes: float
    landmarks: Origins
    site: Floats
    site_latitude: Floats
    land_start: Codes

    def answer(self, points: Points) -> Floats:
        """One column of counts, or two of minutes and road km, a row per point."""
        vectors = unit_vectors(points.latitude, points.longitude)
        land, kind = self._land_and_kind(points, vectors)
        order = np.argsort(point_kernels.morton_keys(points.latitude, points.longitude, land))
        tile, tile_land = _tiles(land[order])
        reach = chord(self.estimate.reach_by_kind(self.max_minutes))[kind[order]]
        arguments = (vectors[order], reach, tile, tile_land, self.site, self.site_latitude, self.land_start)
        found = point_kernels.count_within(*arguments) if self.is_count else point_kernels.nearest_km(*arguments)
        columns = [found] if self.is_count else self._cost(found, kind[order])
        result = np.empty((len(order), len(columns)))
        for number, column in enumerate(columns):
            result[order, number] = column
        return result

    def _land_and_kind(self, points: Points, vectors: Floats) -> tuple[Codes, Codes]:
        if points.land is not None and points.kind is not None:
            return points.land, points.kind
        nearest = self.landmarks.tree.query(vectors, workers=-1)[1]
        lent_land = self.landmarks.land[nearest]
        lent_kind = self.landmarks.rurality[nearest]
        return (
            lent_land if points.land is None else points.land,
            lent_kind if points.kind is None else points.kind,
        )

    def _cost(self, km: NDArray[np.float32], kind: Codes) -> list[Floats]:
        """Minutes and road km, as `trips_from` has them; NaN where there is no clinic."""
        reached = np.flatnonzero(~np.isnan(km))
        rule = self.estimate
        each = np.arange(len(reached) + 1)  # every row has one trip
        cost = trip_kernels.cost_rows(
            each, km[reached], kind[reached], rule.start_minutes, rule.edges, rule.rates, rule.factors
        )
        columns = [np.full(len(km), np.nan), np.full(len(km), np.nan)]
        for column, values in zip(columns, cost, strict=True):
            column[reached] = values
        return columns


@overload
def nearest_of_points(
    points: pd.DataFrame,
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float = ...,
    estimate: DriveEstimate = ...,
    chunk: int = ...,
    cluster: str | None = ...,
) -> pd.DataFrame: ...
@overload
def nearest_of_points(
    points: Iterable[pd.DataFrame],
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float = ...,
    estimate: DriveEstimate = ...,
    chunk: int = ...,
    cluster: str | None = ...,
) -> Iterator[pd.DataFrame]: ...
def nearest_of_points(
    points: pd.DataFrame | Iterable[pd.DataFrame],
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float = MAX_MINUTES,
    estimate: DriveEstimate = BANDED,
    chunk: int = CHUNK,
    cluster: str | None = None,
) -> pd.DataFrame | Iterator[pd.DataFrame]:
    """Estimated one-way minutes and road km from each point to its nearest clinic at most `max_minutes` away.

    `points`: `latitude`, `longitude`, and `county` and `rurality` where they are known; the nearest of `landmarks`
    (people made ready by `origins_of`) lends what is not, and every clinic its land mass. `cluster`: the address of
    a Dask scheduler, such as "tcp://10.0.0.1:8786", whose workers then do the chunks.

    Returns
    -------
    pd.DataFrame | Iterator[pd.DataFrame]
        `minutes` and `km` on the index of the points: one table for a table; for tables in turn (which are cut in
        chunks, never joined), their parts in turn, made as they are asked for. NaN: no clinic within `max_minutes` on
        that land mass. The same numbers as `minutes_to_nearest` and `km_to_nearest` of trips with this limit.

    Raises
    ------
    ValueError
        `chunk` below 1, or `max_minutes` is not a number from 0.
    TableError
        A column is missing, a coordinate or rurality is not one, or there are no landmarks.
    AccessError
        The cluster cannot be reached, or its workers fail.

    Source
    ------
    Guagliardo (2004), doi:10.1186/1476-072X-3-3; minutes as `estimate.source` says.
    """
    question = _prepare_query(clinics, landmarks, estimate, max_minutes, is_count=False)
    return _answer_in_chunks(question, points, ["minutes", "km"], "float64", chunk, cluster)


@overload
def count_within_points(
    points: pd.DataFrame,
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float,
    estimate: DriveEstimate = ...,
    chunk: int = ...,
    cluster: str | None = ...,
) -> pd.DataFrame: ...
@overload
def count_within_points(
    points: Iterable[pd.DataFrame],
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float,
    estimate: DriveEstimate = ...,
    chunk: int = ...,
    cluster: str | None = ...,
) -> Iterator[pd.DataFrame]: ...
def count_within_points(
    points: pd.DataFrame | Iterable[pd.DataFrame],
    clinics: pd.DataFrame,
    *,
    landmarks: Origins,
    max_minutes: float,
    estimate: DriveEstimate = BANDED,
    chunk: int = CHUNK,
    cluster: str | None = None,
) -> pd.DataFrame | Iterator[pd.DataFrame]:
    """How many clinics lie within an estimated `max_minutes` of each point; the limit itself counts.

    Returns
    -------
    pd.DataFrame | Iterator[pd.DataFrame]
        `clinics`, whole numbers, as `nearest_of_points` gives its columns. Zero: none within the limit on that land
        mass. The same numbers as the trips per place of trips with this limit.

    Raises
    ------
    As `nearest_of_points`.

    Source
    ------
    Cumulative opportunities: Wachs & Kumagai (1973), doi:10.1016/0038-0121(73)90041-4.
    """
    question = _prepare_query(clinics, landmarks, estimate, max_minutes, is_count=True)
    return _answer_in_chunks(question, points, ["clinics"], "int64", chunk, cluster)


def add_areas(points: pd.DataFrame, people: pd.DataFrame, *, landmarks: Origins | None = None) -> pd.DataFrame:
    """`points` with the `state`, `county`, `rurality` and `rurality_scheme` of the nearest place of `people`.

    For points that come without, such as a population grid's. `landmarks`: `people` made ready, if at hand.
    """
    ready = landmarks or origins_of(people)
    nearest = ready.tree.query(unit_vectors(points["latitude"], points["longitude"]), workers=-1)[1]
    lent = people[["state", "county", "rurality", "rurality_scheme"]].iloc[nearest]
    return points.assign(**lent.set_axis(points.index))


def _prepare_query(
    clinics: pd.DataFrame, landmarks: Origins, estimate: DriveEstimate, max_minutes: float, *, is_count: bool
) -> PointsQuery:
    if not 0 <= max_minutes < np.inf:
        raise ValueError(f"max_minutes is {max_minutes}; give a number of minutes from 0.")
    if not len(landmarks.geoids):
        raise TableError("There are no landmarks: give the people of a pack, which say where the land masses are.")
    if max_minutes < estimate.start_minutes:
        clinics = clinics.head(0)  # not even the one on the spot
    land = landmarks.lands_at(clinics, landmarks)
    latitude = clinics["latitude"].to_numpy(float)
    order = np.lexsort((latitude, land))
    land_start = np.searchsorted(land[order], np.arange(len(landmarks.land_names) + 1))
    return PointsQuery(
        is_count=is_count,
        estimate=estimate,
        max_minutes=float(max_minutes),
        landmarks=landmarks,
        site=unit_vectors(latitude, clinics["longitude"])[order],
        site_latitude=latitude[order],
        land_start=np.append(land_start, len(order)).astype(np.int64),
    )


def _answer_in_chunks(
    question: PointsQuery,
    points: pd.DataFrame | Iterable[pd.DataFrame],
    columns: list[str],
    dtype: str,
    chunk: int,
    cluster: str | None,
) -> pd.DataFrame | Iterator[pd.DataFrame]:
    if chunk < 1:
        raise ValueError(f"chunk is {chunk}; give at least one point at a time.")
    is_table = isinstance(points, pd.DataFrame)
    tables = [points] if isinstance(points, pd.DataFrame) else points
    pieces = (table.iloc[at : at + chunk] for table in tables for at in range(0, max(len(table), 1), chunk))
    answers = answers_of(
        question, ((piece.index, _read_points(piece, question.landmarks)) for piece in pieces), cluster
    )
    parts = (pd.DataFrame(answer, index=index, columns=columns, dtype=np.dtype(dtype)) for index, answer in answers)
    return pd.concat(parts) if is_table else parts


def _read_points(points: pd.DataFrame, landmarks: Origins) -> Points:
    require_columns(points, ["latitude", "longitude"], where="The points table")
    latitude = points["latitude"].to_numpy(float)
    longitude = points["longitude"].to_numpy(float)
    wrong = ~((np.abs(latitude) <= 90) & (np.abs(longitude) <= 180))
    if wrong.any():
        raise TableError(
            f"Point {points.index[wrong][0]} has no latitude from -90 to 90 and longitude from -180 to 180 "
            f"({int(wrong.sum())} such); correct it or leave it out."
        )
    land = _land_codes(points["county"], landmarks) if "county" in points else None
    return Points(latitude, longitude, land, _rurality_positions(points["rurality"]) if "rurality" in points else None)


def _land_codes(county: pd.Series, landmarks: Origins) -> Codes:
    """The land mass of each county as the landmarks count; theirs that no landmark is on: the last, without clinics."""
    codes, counties = pd.factorize(county)
    known = landmarks.land_names.get_indexer(pd.Index(landmass(pd.Series(counties, dtype="str"))))
    if (codes < 0).any():
        raise TableError(f"{int((codes < 0).sum())} points have no county; leave the column out, and it is lent.")
    return np.where(known < 0, len(landmarks.land_names), known).astype(np.int64)[codes]


def _rurality_positions(rurality: pd.Series) -> Codes:
    codes, words = pd.factorize(rurality)
    known = np.append(pd.Index(list(RURALITIES)).get_indexer(pd.Index(words)), -1)[codes]
    if (known < 0).any():
        first = rurality[known < 0].iloc[0]
        raise TableError(f"A point's rurality is {first!r}; it must be one of {', '.join(RURALITIES)}.")
    return known.astype(np.int64)


def _tiles(land: Codes) -> tuple[Codes, Codes]:
    """Where each tile starts, and the end, and each tile's land mass: at most `TILE` points, all on one."""
    edges = np.flatnonzero(np.diff(land, prepend=-1, append=-1))
    starts = [np.arange(begin, end, TILE) for begin, end in pairwise(edges)]
    tile = np.concatenate([*starts, [len(land)]]).astype(np.int64)
    return tile, land[tile[:-1]]
