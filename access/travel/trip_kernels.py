"""The loops under `Trips`, compiled: find pairs within reach, keep columns or rows, merge sorted rows."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from access.units import EARTH_RADIUS_KM

TripRows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]
Array = NDArray[Any]


@numba.njit(parallel=True, cache=True)
def count_near(
    place: Array,
    latitude: Array,
    reach_chord: Array,
    land: Array,
    site: Array,
    site_latitude: Array,
    site_land: Array,
    reach_degrees: Array,
) -> Array:
    """How many sites each place has within its reach; sites stand by latitude, so a row reads one band."""
    counts = np.zeros(len(place), np.int64)
    for i in numba.prange(len(place)):
        limit = reach_chord[i] * abs(reach_chord[i])  # a chord below zero reaches not even the same spot
        first = np.searchsorted(site_latitude, latitude[i] - reach_degrees[i])
        last = np.searchsorted(site_latitude, latitude[i] + reach_degrees[i], side="right")
        found = 0
        for j in range(first, last):
            dx, dy, dz = place[i, 0] - site[j, 0], place[i, 1] - site[j, 1], place[i, 2] - site[j, 2]
            if dx * dx + dy * dy + dz * dz <= limit and land[i] == site_land[j]:
                found += 1
        counts[i] = found
    return counts


@numba.njit(parallel=True, cache=True)
def fill_near(
    place: Array,
    latitude: Array,
    reach_chord: Array,
    land: Array,
    site: Array,
    site_latitude: Array,
    site_land: Array,
    reach_degrees: Array,
    indptr: Array,
    site_column: Array,
) -> tuple[Array, Array]:
    """The column and great-circle km (float32) of each place's sites within reach, nearest first."""
    columns, kms = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.float32)
    for i in numba.prange(len(place)):
        limit = reach_chord[i] * abs(reach_chord[i])  # a chord below zero reaches not even the same spot
        first = np.searchsorted(site_latitude, latitude[i] - reach_degrees[i])
        last = np.searchsorted(site_latitude, latitude[i] + reach_degrees[i], side="right")
        column, square = np.empty(last - first, np.int32), np.empty(last - first, np.float64)
        found = 0
        for j in range(first, last):
            dx, dy, dz = place[i, 0] - site[j, 0], place[i, 1] - site[j, 1], place[i, 2] - site[j, 2]
            near = dx * dx + dy * dy + dz * dz
            if near <= limit and land[i] == site_land[j]:
                column[found], square[found] = site_column[j], near
                found += 1
        for rank, k in enumerate(np.argsort(square[:found], kind="mergesort")):
            columns[indptr[i] + rank] = column[k]
            kms[indptr[i] + rank] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(square[k]) / 2)
    return columns, kms


@numba.njit(parallel=True, cache=True)
def cost_rows(
    indptr: Array, km: Array, kind: Array, start: float, edges: Array, rates: Array, factor: Array
) -> tuple[Array, Array]:
    """Minutes and road km (float32) of great-circle `km`, by the rates and road factor of each row's kind."""
    minutes, road = np.empty(len(km), np.float32), np.empty(len(km), np.float32)
    for i in numba.prange(len(indptr) - 1):
        rate = rates[kind[i]]
        for k in range(indptr[i], indptr[i + 1]):
            spent = start
            for band in range(len(rate)):
                spent += rate[band] * max(min(km[k], edges[band + 1]) - edges[band], 0.0)
            minutes[k], road[k] = spent, km[k] * factor[kind[i]]
    return minutes, road


@numba.njit(cache=True)
def _offsets(counts: Array) -> Array:
    indptr = np.zeros(len(counts) + 1, np.int64)
    for i in range(len(counts)):
        indptr[i + 1] = indptr[i] + counts[i]
    return indptr


@numba.njit(parallel=True, cache=True)
def keep_columns(indptr: Array, index: Array, minutes: Array, km: Array, wanted: Array, column: Array) -> TripRows:
    """The entries whose column is wanted, renumbered by `column`; rows and order stay."""
    n = len(indptr) - 1
    counts = np.zeros(n, np.int64)
    for i in numba.prange(n):
        for k in range(indptr[i], indptr[i + 1]):
            counts[i] += wanted[index[k]]
    start = _offsets(counts)
    out_index = np.empty(start[-1], np.int32)
    out_minutes, out_km = np.empty(start[-1], np.float32), np.empty(start[-1], np.float32)
    for i in numba.prange(n):
        at = start[i]
        for k in range(indptr[i], indptr[i + 1]):
            if wanted[index[k]]:
                out_index[at], out_minutes[at], out_km[at] = column[index[k]], minutes[k], km[k]
                at += 1
    return start, out_index, out_minutes, out_km


@numba.njit(cache=True)
def keep_rows(indptr: Array, index: Array, minutes: Array, km: Array, rows: Array) -> TripRows:
    """The chosen rows, in the order of `rows`."""
    start = _offsets(indptr[rows + 1] - indptr[rows])
    out_index = np.empty(start[-1], np.int32)
    out_minutes, out_km = np.empty(start[-1], np.float32), np.empty(start[-1], np.float32)
    for i in range(len(rows)):
        low, high = indptr[rows[i]], indptr[rows[i] + 1]
        out_index[start[i] : start[i + 1]] = index[low:high]
        out_minutes[start[i] : start[i + 1]] = minutes[low:high]
        out_km[start[i] : start[i + 1]] = km[low:high]
    return start, out_index, out_minutes, out_km


@numba.njit(parallel=True, cache=True)
def merge_rows(
    indptr: Array,
    index: Array,
    minutes: Array,
    km: Array,
    indptr2: Array,
    index2: Array,
    minutes2: Array,
    km2: Array,
    shift: int,
) -> TripRows:
    """Two sets of sorted rows as one; the second's columns move up by `shift`; the first's win ties."""
    n = len(indptr) - 1
    start = indptr + indptr2
    out_index = np.empty(start[-1], np.int32)
    out_minutes, out_km = np.empty(start[-1], np.float32), np.empty(start[-1], np.float32)
    for i in numba.prange(n):
        a, b = indptr[i], indptr2[i]
        for at in range(start[i], start[i + 1]):
            if b >= indptr2[i + 1] or (a < indptr[i + 1] and minutes[a] <= minutes2[b]):
                out_index[at], out_minutes[at], out_km[at] = index[a], minutes[a], km[a]
                a += 1
            else:
                out_index[at], out_minutes[at], out_km[at] = index2[b] + shift, minutes2[b], km2[b]
                b += 1
    return start, out_index, out_minutes, out_km


@numba.njit(parallel=True, cache=True)
def merged_rank(
    indptr: Array,
    index: Array,
    minutes: Array,
    km: Array,
    gone: Array,
    indptr2: Array,
    index2: Array,
    minutes2: Array,
    km2: Array,
    rank: int,
) -> tuple[Array, Array, Array]:
    """Minutes, km and column of each row's `rank`-th entry, of two sets of sorted rows less the columns that are gone.

    Columns of the second set count on from those of the first; -1: there is no such entry.
    """
    n, first_of_others = len(indptr) - 1, len(gone)
    out_minutes, out_km, column = np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, np.int64)
    for i in numba.prange(n):
        a, b, left = indptr[i], indptr2[i], rank
        while left > 0:
            while a < indptr[i + 1] and gone[index[a]]:
                a += 1
            mine, theirs = a < indptr[i + 1], b < indptr2[i + 1]
            if not mine and not theirs:
                break
            left -= 1
            if mine and (not theirs or minutes[a] <= minutes2[b]):
                if left == 0:
                    out_minutes[i], out_km[i], column[i] = minutes[a], km[a], index[a]
                a += 1
            else:
                if left == 0:
                    out_minutes[i], out_km[i], column[i] = minutes2[b], km2[b], first_of_others + index2[b]
                b += 1
    return out_minutes, out_km, column
