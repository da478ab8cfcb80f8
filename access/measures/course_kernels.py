"""The loops under `lightest_course`: the nearest offer to a place, and the one that costs least."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@numba.njit(cache=True)
def least_offer(
    indptr: Array, clinic_index: Array, distance: Array, offer_indptr: Array, fixed: Array, per_unit: Array
) -> tuple[Array, Array, Array]:
    """Of each row's offers the position and cost of the cheapest, and how many have a cost that is not known.

    Offer o of clinic j (`offer_indptr[j]` to `offer_indptr[j + 1]`) costs `fixed[o] + per_unit[o] * distance`; NaN
    is not known. On a tie the first wins: the nearest clinic's, then the first of its offers. None: -1 and NaN.
    """
    n = len(indptr) - 1
    best, cost, unknown = np.full(n, -1, np.int64), np.full(n, np.nan), np.zeros(n, np.int64)
    for i in range(n):
        for k in range(indptr[i], indptr[i + 1]):
            for o in range(offer_indptr[clinic_index[k]], offer_indptr[clinic_index[k] + 1]):
                one = fixed[o] + per_unit[o] * np.float64(distance[k])
                if np.isnan(one):
                    unknown[i] += 1
                elif best[i] < 0 or one < cost[i]:
                    best[i], cost[i] = o, one
    return best, cost, unknown


@numba.njit(cache=True)
def first_offered(indptr: Array, clinic_index: Array, offer_indptr: Array) -> Array:
    """The position of each row's first entry, so its nearest, whose clinic offers anything; none: -1."""
    first = np.full(len(indptr) - 1, -1, np.int64)
    for i in range(len(first)):
        for k in range(indptr[i], indptr[i + 1]):
            if offer_indptr[clinic_index[k]] < offer_indptr[clinic_index[k] + 1]:
                first[i] = k
                break
    return first
