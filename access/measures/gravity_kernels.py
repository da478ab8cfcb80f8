"""The loops under gravity and catchments, compiled: a weight for each trip, summed by place or by clinic."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from access.measures.decay_kernels import fill_weights

Array = NDArray[Any]
Curve = tuple[Array, bool, float, int, Array]

# People at a clinic are summed in this many runs of rows whatever the threads, so that the sum is always the same.
RUNS: Final = 16


# As many costs as fit in the processor's nearest memory are weighed at once; a longer row is one block of its own.
BLOCK: Final = 2048
# Counted without a sign, a place in an array needs no look at whether it counts from the end.
_ONE: Final = np.uint64(1)


@numba.njit(cache=True)
def _take_rows(
    indptr: Array, cost: Array, cuts: bool, reach: float, row: int, end: int, costs: Array, ends: Array
) -> Any:
    """Takes rows from `row` on while they fit, with what of each is within reach; gives the row that comes next.

    `cuts`: rows stand by cost and may go beyond the reach, so what is within it is copied; else all of them stays.
    """
    count, first = 0, row
    while row < end and row - first < len(ends) and count + indptr[row + 1] - indptr[row] <= len(costs):
        if cuts:
            for k in range(indptr[row], indptr[row + 1]):
                if cost[k] > reach:
                    break
                costs[count] = cost[k]
                count += 1
        else:
            count += indptr[row + 1] - indptr[row]
        ends[row - first] = count
        row += 1
    return row


@numba.njit(parallel=True, cache=True)
def sum_rows(
    indptr: Array,
    index: Array,
    cost: Array,
    cuts: bool,
    reach: float,
    kind: int,
    numbers: Array,
    of_clinic: Array,
    squared: bool,
    starts: Array,
    longest: int,
) -> Array:
    """For each row, the sum of weight (or its square) times the clinic's value; rows run from start to start."""
    sums = np.zeros(len(indptr) - 1)
    for run in numba.prange(len(starts) - 1):
        costs, weights, ends = np.empty(longest, cost.dtype), np.empty(longest), np.empty(BLOCK, np.int64)
        row = starts[run]
        while row < starts[run + 1]:
            after = _take_rows(indptr, cost, cuts, reach, row, starts[run + 1], costs, ends)
            block = costs if cuts else cost[indptr[row] :]
            fill_weights(kind, numbers, block[: ends[after - row - 1]], reach, squared, weights)
            k = np.uint64(0)
            for i in range(row, after):
                total, trip, end = 0.0, np.uint64(indptr[i]), np.uint64(ends[i - row])
                while k < end:
                    total += weights[k] * of_clinic[np.uint32(index[trip])]
                    k += _ONE
                    trip += _ONE
                sums[i] = total
            row = after
    return sums


@numba.njit(cache=True)
def _sum_parts(parts: Array) -> Array:
    total = np.zeros(parts.shape[1])
    for run in range(len(parts)):
        total += parts[run]
    return total


@numba.njit(parallel=True, cache=True)
def sum_columns(
    indptr: Array,
    index: Array,
    cost: Array,
    cuts: bool,
    reach: float,
    kind: int,
    numbers: Array,
    of_place: Array,
    squared: bool,
    clinics: int,
    starts: Array,
    longest: int,
) -> Array:
    """For each clinic, the sum of weight (or its square) times the place's value; rows run from start to start."""
    parts = np.zeros((len(starts) - 1, clinics))
    for run in numba.prange(len(starts) - 1):
        costs, weights, ends = np.empty(longest, cost.dtype), np.empty(longest), np.empty(BLOCK, np.int64)
        row = starts[run]
        while row < starts[run + 1]:
            after = _take_rows(indptr, cost, cuts, reach, row, starts[run + 1], costs, ends)
            block = costs if cuts else cost[indptr[row] :]
            fill_weights(kind, numbers, block[: ends[after - row - 1]], reach, squared, weights)
            k = np.uint64(0)
            for i in range(row, after):
                trip, end = np.uint64(indptr[i]), np.uint64(ends[i - row])
                while k < end:
                    parts[run, np.uint32(index[trip])] += weights[k] * of_place[i]
                    k += _ONE
                    trip += _ONE
            row = after
    return _sum_parts(parts)


def longest_block(indptr: Array) -> int:
    """How many costs a block must hold: `BLOCK`, or the longest row."""
    return int(max(BLOCK, np.diff(indptr).max(initial=0)))


@numba.njit(parallel=True, cache=True)
def sum_rows_in_zones(
    indptr: Array, index: Array, minutes: Array, limits: Array, of_zone: Array, of_clinic: Array
) -> Array:
    """As `sum_rows` for zones, three times as fast: rows stand by minutes, so a row runs through its zones once."""
    sums = np.zeros(len(indptr) - 1)
    for i in numba.prange(len(indptr) - 1):
        k, end, total = np.uint64(indptr[i]), np.uint64(indptr[i + 1]), 0.0
        for zone in range(len(limits)):
            inside = 0.0
            while k < end and minutes[k] <= limits[zone]:
                inside += of_clinic[np.uint32(index[k])]
                k += _ONE
            total += of_zone[zone] * inside
        sums[i] = total
    return sums


@numba.njit(cache=True)
def _add_row_in_zones(
    part: Array, first: int, last: int, index: Array, minutes: Array, limits: Array, of_zone: Array, value: float
) -> None:
    k, end = np.uint64(first), np.uint64(last)
    for zone in range(len(limits)):
        weighted = of_zone[zone] * value
        while k < end and minutes[k] <= limits[zone]:
            part[np.uint32(index[k])] += weighted
            k += _ONE


@numba.njit(parallel=True, cache=True)
def sum_columns_in_zones(
    indptr: Array,
    index: Array,
    minutes: Array,
    limits: Array,
    of_zone: Array,
    of_place: Array,
    clinics: int,
    starts: Array,
) -> Array:
    """As `sum_columns` for zones; see `sum_rows_in_zones`."""
    parts = np.zeros((len(starts) - 1, clinics))
    for run in numba.prange(len(starts) - 1):
        for i in range(starts[run], starts[run + 1]):
            if of_place[i] != 0:
                ends = indptr[i], indptr[i + 1]
                _add_row_in_zones(parts[run], *ends, index, minutes, limits, of_zone, of_place[i])
    return _sum_parts(parts)


def runs_of_rows(indptr: Array) -> Array:
    """Where each of `RUNS` runs of rows starts, and where the last ends: about as many trips in each."""
    wanted = np.linspace(0, indptr[-1], RUNS + 1)
    starts = np.searchsorted(indptr, wanted).astype(np.int64)
    starts[0], starts[-1] = 0, len(indptr) - 1
    return np.asarray(starts)
