"""One pass over each place's trips, nearest first: until enough supply is reached, or until a listing works."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# An amount that is reached exactly counts as reached: allow for the rounding of the sum of its parts.
_EXACT = 1 - 1e-12


@numba.njit(parallel=True, cache=True)
def minutes_until(indptr: Array, index: Array, minutes: Array, supply: Array, wanted: Array) -> Array:
    """The minutes at which each row's summed supply is what it wants; 0: it wants nothing; NaN: never."""
    until = np.full(len(indptr) - 1, np.nan)
    for i in numba.prange(len(indptr) - 1):
        if wanted[i] == 0:
            until[i] = 0.0
            continue
        reached = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            reached += supply[index[k]]
            if reached >= wanted[i] * _EXACT:
                until[i] = minutes[k]
                break
    return until


@numba.njit(parallel=True, cache=True)
def minutes_until_one_works(indptr: Array, index: Array, minutes: Array, works: Array) -> tuple[Array, Array]:
    """The sum of minutes by the chance that a listing is the first that works, and the chance that none does."""
    n = len(indptr) - 1
    expected, none = np.zeros(n), np.ones(n)
    for i in numba.prange(n):
        for k in range(indptr[i], indptr[i + 1]):
            expected[i] += minutes[k] * works[index[k]] * none[i]
            none[i] *= 1 - works[index[k]]
    return expected, none


@numba.njit(parallel=True, cache=True)
def count_inside(
    indptr: Array, minutes: Array, km: Array, max_minutes: Array, max_km: Array
) -> tuple[Array, Array, Array]:
    """How many trips of each row lie within its minutes, within its km, and within both; a limit counts as within."""
    n = len(indptr) - 1
    near, short, both = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in numba.prange(n):
        for k in range(indptr[i], indptr[i + 1]):
            in_time, in_distance = minutes[k] <= max_minutes[i], km[k] <= max_km[i]
            near[i] += in_time
            short[i] += in_distance
            both[i] += in_time and in_distance
    return near, short, both


@numba.njit(parallel=True, cache=True)
def count_until(indptr: Array, minutes: Array, limit: float) -> Array:
    """How many trips of each row take at most so long: rows stand by minutes, so a row is cut in halves."""
    counts = np.zeros(len(indptr) - 1, np.int64)
    for i in numba.prange(len(indptr) - 1):
        low, high = indptr[i], indptr[i + 1]
        while low < high:
            middle = (low + high) // 2
            if minutes[middle] <= limit:
                low = middle + 1
            else:
                high = middle
        counts[i] = low - indptr[i]
    return counts
