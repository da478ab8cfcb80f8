"""The loops under gravity and catchments, compiled: a weight for each trip, summed by place or by clinic."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Curve = tuple[Array, bool, float, int, Array]

STEPPED: Final = 0
LINEAR: Final = 1
EXPONENTIAL: Final = 2
POWER: Final = 3
GAUSSIAN: Final = 4
LOGISTIC: Final = 5
LOG_LOGISTIC: Final = 6
# A weight below this counts as none: so its square, and supply over it, stay within floating point.
LEAST: Final = 1e-150
# People at a clinic are summed in this many runs of rows whatever the threads, so that the sum is always the same.
RUNS: Final = 16


@numba.njit(cache=True)
def _step(numbers: Array, cost: float) -> Any:
    zones = len(numbers) // 2
    for zone in range(zones):
        if cost <= numbers[zone]:
            return numbers[zones + zone]
    return 0.0


@numba.njit(cache=True)
def _formula(kind: int, numbers: Array, cost: float) -> Any:
    if kind == STEPPED:
        return _step(numbers, cost)
    if kind == LINEAR:
        return min(max((numbers[1] - cost) / (numbers[1] - numbers[0]), 0.0), 1.0)
    if kind == EXPONENTIAL:
        return np.exp(-numbers[0] * cost)
    if kind == POWER:
        return np.exp(-numbers[0] * np.log(max(cost, numbers[1])))
    if kind == GAUSSIAN:
        return np.exp(-0.5 * (cost / numbers[0]) ** 2)
    if kind == LOGISTIC:
        steep = np.pi / (numbers[1] * np.sqrt(3.0))
        return (1 + np.exp(-numbers[0] * steep)) / (1 + np.exp((cost - numbers[0]) * steep))
    return 1 / (1 + np.exp(numbers[1] * np.log(cost / numbers[0])))


@numba.njit(cache=True)
def _weight(kind: int, numbers: Array, cost: float) -> Any:
    weight = _formula(kind, numbers, cost)
    return weight if weight >= LEAST else 0.0


@numba.njit(cache=True)
def weights(cost: Array, reach: float, kind: int, numbers: Array) -> Array:
    """The weight of each cost; 0 above `reach`, NaN where the cost is."""
    found = np.zeros(len(cost))
    for k in range(len(cost)):
        if np.isnan(cost[k]):
            found[k] = np.nan
        elif cost[k] <= reach:
            found[k] = _weight(kind, numbers, np.float64(cost[k]))
    return found


@numba.njit(parallel=True, cache=True)
def by_place(
    indptr: Array,
    index: Array,
    cost: Array,
    is_sorted: bool,
    reach: float,
    kind: int,
    numbers: Array,
    of_clinic: Array,
    squared: bool,
) -> Array:
    """For each row, the sum of weight (or its square) times the clinic's value."""
    sums = np.zeros(len(indptr) - 1)
    for i in numba.prange(len(indptr) - 1):
        total = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            if cost[k] > reach:
                if is_sorted:
                    break
                continue
            weight = _weight(kind, numbers, np.float64(cost[k]))
            total += (weight * weight if squared else weight) * of_clinic[index[k]]
        sums[i] = total
    return sums


@numba.njit(cache=True)
def _summed(parts: Array) -> Array:
    total = np.zeros(parts.shape[1])
    for run in range(len(parts)):
        total += parts[run]
    return total


@numba.njit(cache=True)
def _add_row(
    part: Array,
    first: int,
    end: int,
    index: Array,
    cost: Array,
    is_sorted: bool,
    reach: float,
    kind: int,
    numbers: Array,
    value: float,
    squared: bool,
) -> None:
    for k in range(first, end):
        if cost[k] > reach:
            if is_sorted:
                break
            continue
        weight = _weight(kind, numbers, np.float64(cost[k]))
        part[index[k]] += (weight * weight if squared else weight) * value


@numba.njit(parallel=True, cache=True)
def by_clinic(
    indptr: Array,
    index: Array,
    cost: Array,
    is_sorted: bool,
    reach: float,
    kind: int,
    numbers: Array,
    of_place: Array,
    squared: bool,
    clinics: int,
    starts: Array,
) -> Array:
    """For each clinic, the sum of weight (or its square) times the place's value; rows run from start to start."""
    parts = np.zeros((len(starts) - 1, clinics))
    for run in numba.prange(len(starts) - 1):
        for i in range(starts[run], starts[run + 1]):
            if of_place[i] != 0:
                ends = indptr[i], indptr[i + 1]
                _add_row(parts[run], *ends, index, cost, is_sorted, reach, kind, numbers, of_place[i], squared)
    return _summed(parts)


@numba.njit(parallel=True, cache=True)
def by_place_in_zones(
    indptr: Array, index: Array, minutes: Array, limits: Array, of_zone: Array, of_clinic: Array
) -> Array:
    """As `by_place` for zones, three times as fast: rows stand by minutes, so a row runs through its zones once."""
    sums = np.zeros(len(indptr) - 1)
    for i in numba.prange(len(indptr) - 1):
        k, total = indptr[i], 0.0
        for zone in range(len(limits)):
            inside = 0.0
            while k < indptr[i + 1] and minutes[k] <= limits[zone]:
                inside += of_clinic[index[k]]
                k += 1
            total += of_zone[zone] * inside
        sums[i] = total
    return sums


@numba.njit(cache=True)
def _add_row_in_zones(
    part: Array, first: int, end: int, index: Array, minutes: Array, limits: Array, of_zone: Array, value: float
) -> None:
    k = first
    for zone in range(len(limits)):
        weighted = of_zone[zone] * value
        while k < end and minutes[k] <= limits[zone]:
            part[index[k]] += weighted
            k += 1


@numba.njit(parallel=True, cache=True)
def by_clinic_in_zones(
    indptr: Array,
    index: Array,
    minutes: Array,
    limits: Array,
    of_zone: Array,
    of_place: Array,
    clinics: int,
    starts: Array,
) -> Array:
    """As `by_clinic` for zones; see `by_place_in_zones`."""
    parts = np.zeros((len(starts) - 1, clinics))
    for run in numba.prange(len(starts) - 1):
        for i in range(starts[run], starts[run + 1]):
            if of_place[i] != 0:
                ends = indptr[i], indptr[i + 1]
                _add_row_in_zones(parts[run], *ends, index, minutes, limits, of_zone, of_place[i])
    return _summed(parts)


def runs_of_rows(indptr: Array) -> Array:
    """Where each of `RUNS` runs of rows starts, and where the last ends: about as many trips in each."""
    wanted = np.linspace(0, indptr[-1], RUNS + 1)
    starts = np.searchsorted(indptr, wanted).astype(np.int64)
    starts[0], starts[-1] = 0, len(indptr) - 1
    return np.asarray(starts)
