"""The loops under siting, compiled: merging rows, greedy steps, swaps and prices over rows of sites, best first."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_GOLDEN, _FIRST, _SECOND = (np.uint64(bits) for bits in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_S27, _S30, _S31 = np.uint64(27), np.uint64(30), np.uint64(31)


@numba.njit(cache=True)
def _mix_key(key: Any) -> Any:
    key = (key ^ (key >> _S30)) * _FIRST
    key = (key ^ (key >> _S27)) * _SECOND
    return key ^ (key >> _S31)


@numba.njit(cache=True)
def row_keys(indptr: Array, site: Array) -> Array:
    """Two 64-bit keys of each row's set of sites, whatever their order: equal for equal sets alone (but for luck
    of one in 10^28)."""
    keys = np.zeros((len(indptr) - 1, 2), np.uint64)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            once = _mix_key(_GOLDEN * np.uint64(site[k] + 1))
            keys[i, 0] += once
            keys[i, 1] += _mix_key(once ^ _GOLDEN)
    return keys


def same_rows(indptr: Array, site: Array) -> tuple[Array, Array]:
    """The first row of each set of sites, by row, and the number of its set for each row; -1: the row is empty."""
    group = np.full(len(indptr) - 1, -1, np.int64)
    lived = np.flatnonzero(np.diff(indptr))
    keys = row_keys(indptr, site)[lived]
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    fresh = np.ones(len(lived), bool)
    fresh[1:] = (np.diff(keys[order], axis=0) != 0).any(axis=1)
    number = np.cumsum(fresh) - 1
    first = np.full(number[-1] + 1 if len(number) else 0, len(indptr), np.int64)
    np.minimum.at(first, number, lived[order])
    rank = np.argsort(np.argsort(first))
    group[lived[order]] = rank[number]
    return np.sort(first), group


@numba.njit(cache=True)
def take_rows(indptr: Array, site: Array, rows: Array) -> tuple[Array, Array]:
    """These rows alone, in their order."""
    start = np.zeros(len(rows) + 1, np.int64)
    for i in range(len(rows)):
        start[i + 1] = start[i] + indptr[rows[i] + 1] - indptr[rows[i]]
    out = np.empty(start[-1], site.dtype)
    for i in range(len(rows)):
        out[start[i] : start[i + 1]] = site[indptr[rows[i]] : indptr[rows[i] + 1]]
    return start, out


def positions(chosen: Array, sites: int) -> Array:
    """The position of each site among the chosen; -1: it is not."""
    position = np.full(sites, -1, np.int64)
    position[chosen] = np.arange(len(chosen))
    return position


@numba.njit(cache=True)
def best_two_of_rows(indptr: Array, site: Array, gain: Array, position: Array) -> tuple[Array, Array, Array]:
    """The best gain of each row among the chosen sites, whose it is (position; -1: none), and the second best."""
    n = len(indptr) - 1
    best, owner, second = np.zeros(n), np.full(n, -1, np.int64), np.zeros(n)
    for i in range(n):
        for k in range(indptr[i], indptr[i + 1]):
            at = position[site[k]]
            if at >= 0:
                if owner[i] >= 0:
                    second[i] = gain[k]
                    break
                best[i], owner[i] = gain[k], at
    return best, owner, second


@numba.njit(cache=True)
def added_gain_of_sites(indptr: Array, site: Array, gain: Array, best: Array, sites: int) -> Array:
    """What each site would gain beyond the best that every row has."""
    more = np.zeros(sites)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if gain[k] <= best[i]:
                break
            more[site[k]] += gain[k] - best[i]
    return more


@numba.njit(cache=True)
def raise_best(indptr: Array, site: Array, gain: Array, best: Array, added: int) -> None:
    """`best` brought up to what the added site gains, in place."""
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if gain[k] <= best[i]:
                break
            if site[k] == added:
                best[i] = gain[k]
                break


@numba.njit(cache=True)
def swap_parts(
    indptr: Array, site: Array, gain: Array, best: Array, owner: Array, second: Array, sites: int, chosen: int
) -> tuple[Array, Array, Array]:
    """What each site adds (n), each chosen one loses when it goes (p), and what of that loss each site saves (n, p).

    Source
    ------
    Fast interchange: Resende & Werneck (2007), doi:10.1016/j.ejor.2005.05.033.
    """
    more, lost, saved = np.zeros(sites), np.zeros(chosen), np.zeros((sites, chosen))
    for i in range(len(indptr) - 1):
        o = owner[i]
        if o >= 0:
            lost[o] += best[i] - second[i]
        for k in range(indptr[i], indptr[i + 1]):
            if gain[k] <= second[i]:
                break
            if gain[k] > best[i]:
                more[site[k]] += gain[k] - best[i]
            if o >= 0:
                saved[site[k], o] += min(gain[k], best[i]) - second[i]
    return more, lost, saved


@numba.njit(cache=True)
def best_swap(
    more: Array, lost: Array, saved: Array, chosen: Array, free: Array, clashes: Array, costs: Array, left: float
) -> tuple[float, int, int]:
    """The gain of the best swap that the rules allow, the site that comes and the position of the one that goes.

    `free`: sites that may open and are not chosen. `clashes` (n, p): which chosen site stands too near.
    `left`: what is left of the budget.
    """
    top, comes, goes = 0.0, -1, -1
    for j in range(len(more)):
        if not free[j]:
            continue
        near = 0
        for r in range(len(chosen)):
            near += clashes[j, r]
        for r in range(len(chosen)):
            profit = more[j] - lost[r] + saved[j, r]
            if profit > top and near == clashes[j, r] and costs[j] <= left + costs[chosen[r]]:
                top, comes, goes = profit, j, r
    return top, comes, goes


@numba.njit(cache=True)
def keep_sites(indptr: Array, site: Array, gain: Array, kept: Array) -> tuple[Array, Array, Array]:
    """The same rows with the kept sites alone; a row that loses all of them stays, empty."""
    start = np.zeros(len(indptr), np.int64)
    for i in range(len(indptr) - 1):
        start[i + 1] = start[i] + kept[site[indptr[i] : indptr[i + 1]]].sum()
    out_site, out_gain = np.empty(start[-1], site.dtype), np.empty(start[-1])
    at = 0
    for k in range(len(site)):
        if kept[site[k]]:
            out_site[at], out_gain[at] = site[k], gain[k]
            at += 1
    return start, out_site, out_gain


@numba.njit(cache=True)
def fill_worth_at_prices(indptr: Array, site: Array, gain: Array, price: Array, worth: Array) -> None:
    """`worth` of each site: what it gains beyond the price of every row; filled in place."""
    worth[:] = 0.0
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if gain[k] <= price[i]:
                break
            worth[site[k]] += gain[k] - price[i]


@numba.njit(cache=True)
def claims(indptr: Array, site: Array, gain: Array, price: Array, taken: Array) -> Array:
    """How many of the taken sites gain each row more than its price."""
    found = np.zeros(len(indptr) - 1)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if gain[k] <= price[i]:
                break
            found[i] += taken[site[k]]
    return found


@numba.njit(cache=True)
def steps_of_rows(indptr: Array, site: Array, gain: Array, kept: Array) -> tuple[Array, Array, Array]:
    """Each row as nested covers over the kept sites: their starts, their sites, and what each step is worth.

    The k-th cover of a row holds its sites down to the k-th different gain, and is worth what that gain is above
    the next; so the covers that hold a chosen site add up to the best gain.
    """
    rows, size = size_of_steps(indptr, site, gain, kept)
    starts, members, worth = np.zeros(rows + 1, np.int64), np.empty(size, np.int32), np.empty(rows)
    row, at = 0, 0
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            if kept[site[k]] < 0:
                continue
            following = _next_kept(indptr, site, kept, i, k)
            below = gain[following] if following >= 0 else 0.0
            if below < gain[k]:
                for h in range(indptr[i], k + 1):
                    if kept[site[h]] >= 0:
                        members[at] = kept[site[h]]
                        at += 1
                starts[row + 1], worth[row] = at, gain[k] - below
                row += 1
    return starts, members, worth


@numba.njit(cache=True)
def size_of_steps(indptr: Array, site: Array, gain: Array, kept: Array) -> tuple[int, int]:
    """How many covers `steps_of_rows` makes, and how many sites stand in them, so that one can ask before."""
    rows, size = 0, 0
    for i in range(len(indptr) - 1):
        held = 0
        for k in range(indptr[i], indptr[i + 1]):
            if kept[site[k]] < 0:
                continue
            held += 1
            following = _next_kept(indptr, site, kept, i, k)
            if following < 0 or gain[following] < gain[k]:
                rows, size = rows + 1, size + held
    return rows, size


@numba.njit(cache=True)
def _next_kept(indptr: Array, site: Array, kept: Array, row: int, k: int) -> int:
    for h in range(k + 1, indptr[row + 1]):
        if kept[site[h]] >= 0:
            return h
    return -1
