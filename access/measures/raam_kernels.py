"""The loops under the rational agent model, compiled: places answer one after another, each as well as it can."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_STILL = 1e-12  # a change of cost that is no more than rounding


@numba.njit(cache=True)
def answer_in_turn(
    rows: Array,
    indptr: Array,
    index: Array,
    minutes: Array,
    rate: float,
    room: Array,
    demand: Array,
    flow: Array,
    load: Array,
) -> Array:
    """The rows that moved anybody when each, in turn, spread its people at the least cost, the others staying.

    `flow` (people of each trip) and `load` (people of each clinic) change in place. `room`: how many people
    raise a clinic's cost by one. `rate`: cost of a minute.
    """
    moved, without_us = np.zeros(len(rows), np.bool_), np.empty(len(room))
    for at in range(len(rows)):
        start, end = indptr[rows[at]], indptr[rows[at] + 1]
        people = demand[rows[at]]
        best, second, first = np.inf, np.inf, -1
        for k in range(start, end):
            j = index[k]
            cost = (load[j] - flow[k]) / room[j] + minutes[k] * rate if room[j] > 0 else np.inf
            without_us[k - start] = cost
            if cost < best:
                best, second, first = cost, best, k
            elif cost < second:
                second = cost
        if first < 0:
            continue
        level = people / room[index[first]]
        if best + level > second:
            level = _common_cost(without_us, index[start:end], room, people, best, level)
        elif flow[first] == people:
            continue
        moved[at] = _fill_clinics(without_us, index[start:end], room, best, level, flow[start:end], load) > _STILL
    return rows[moved]


@numba.njit(cache=True)
def _common_cost(cost: Array, index: Array, room: Array, people: float, best: float, level: float) -> float:
    """How far above `best` all end up; Newton from above on a convex line of pieces comes to it exactly."""
    while True:
        width, depth = 0.0, people
        for k in range(len(index)):
            above = cost[k] - best
            if above < level:
                width += room[index[k]]
                depth += room[index[k]] * above
        lower = depth / width
        if lower >= level:
            return level
        level = lower


@numba.njit(cache=True)
def _fill_clinics(cost: Array, index: Array, room: Array, best: float, level: float, flow: Array, load: Array) -> float:
    """Fill the clinics of a row up to the common cost; the most by which this changes the cost of one."""
    most = 0.0
    for k in range(len(index)):
        above = cost[k] - best
        people = room[index[k]] * (level - above) if above < level else 0.0
        if people != flow[k]:
            most = max(most, abs(people - flow[k]) / room[index[k]])
            load[index[k]] += people - flow[k]
            flow[k] = people
    return most


@numba.njit(parallel=True, cache=True)
def least_costs(indptr: Array, index: Array, minutes: Array, rate: float, room: Array, load: Array) -> Array:
    """The least cost open to each row; infinite where it reaches no clinic with room."""
    least = np.full(len(indptr) - 1, np.inf)
    for i in numba.prange(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            j = index[k]
            if room[j] > 0:
                least[i] = min(least[i], load[j] / room[j] + minutes[k] * rate)
    return least


@numba.njit(cache=True)
def excess_costs(
    indptr: Array, index: Array, minutes: Array, rate: float, room: Array, flow: Array, load: Array, least: Array
) -> tuple[float, float, float]:
    """The largest cost anybody pays above the least open to them, the sum of it over people, the sum of all costs."""
    worst, above, paid = 0.0, 0.0, 0.0
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if flow[k] > 0:
                cost = load[index[k]] / room[index[k]] + minutes[k] * rate
                worst = max(worst, cost - least[i])
                above += flow[k] * (cost - least[i])
                paid += flow[k] * cost
    return worst, above, paid
