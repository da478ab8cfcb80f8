"""Objectives where every place counts: fewest sites for everyone within a time, and least worst time; covers are made
smaller first, then searched, then proven.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from access.errors import ScenarioError
from access.geo import Floats
from access.scenarios.siting.additive import OrderedSites
from access.scenarios.siting.data import Pairs, SitingData
from access.scenarios.siting.gains import Gains, merge_places, reach_minutes_of
from access.scenarios.siting.integer_program import IntegerProgram, rule_rows, sites_in, solve
from access.scenarios.siting.question import SitingQuestion
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.search import choose_greedily

Array = NDArray[Any]
_MOST_SETS_COMPARED = 30_000  # sets, beyond which comparing each with each takes longer than it saves
_REDUCTION_ROUNDS = 4


def reduce_cover(rows: Gains, rules: Rules) -> tuple[sparse.csr_array, Ints]:
    """Rows by sites (1: the site holds the row) that have the same fewest sites, and which sites they are.

    A row that holds all sites of another is met whenever that one is. A site whose rows another holds too is never
    needed, unless costs or distances tell the two apart. Only sites that may open are there.

    Source
    ------
    Toregas & ReVelle (1973), doi:10.1111/j.1538-4632.1973.tb01009.x.
    """
    shape = (len(rows.indptr) - 1, rows.sites)
    matrix = sparse.csr_array((np.ones(len(rows.site)), rows.site, rows.indptr), shape=shape)
    sites = np.flatnonzero(rules.allowed)
    matrix = matrix[:, sites].tocsr()
    alike = not np.isfinite(rules.budget) and not len(rules.near)
    for _ in range(_REDUCTION_ROUNDS):
        before = matrix.shape
        matrix = matrix[~_rows_dominated(matrix, containing=True)].tocsr()
        if alike:
            needed = ~_rows_dominated(matrix.T.tocsr(), containing=False)
            matrix = matrix[:, needed].tocsr()
            sites = sites[needed]
        if matrix.shape == before:
            break
    return matrix, sites


def _rows_dominated(matrix: sparse.csr_array, *, containing: bool) -> NDArray[np.bool_]:
    """Which rows contain another (or, not `containing`, are contained in another); of equal ones the first stays."""
    count, width = matrix.shape
    if count > _MOST_SETS_COMPARED or not count:
        return np.zeros(count, bool)
    bits = _row_bits(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), width)
    return np.asarray(_sets_containing(bits if containing else ~bits), np.bool_)


@numba.njit(cache=True)
def _row_bits(indptr: Array, column: Array, width: int) -> Array:
    bits = np.zeros((len(indptr) - 1, width // 64 + 1), np.uint64)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            bits[i, column[k] // 64] |= np.uint64(1) << np.uint64(column[k] % 64)
    return bits


@numba.njit(cache=True, parallel=True)
def _sets_containing(bits: Array) -> Array:
    """Which sets hold all of another set, or equal one that stands before."""
    found = np.zeros(len(bits), np.bool_)
    for i in numba.prange(len(bits)):
        for j in range(len(bits)):
            if i == j:
                continue
            inside = True
            equal = True
            for word in range(bits.shape[1]):
                if bits[j, word] & ~bits[i, word]:
                    inside = False
                    break
                equal = equal and bits[i, word] == bits[j, word]
            if inside and (not equal or j < i):
                found[i] = True
                break
    return found


_SEARCH_ROUNDS = 1500
_SHARE_TAKEN_OUT = 0.15


def few_sites(covers: sparse.csr_array, seed: int, *, enough: int) -> Ints:
    """Columns that together hold every row, few of them, in order; the same for the same seed.

    `covers`: rows by sites, every row with one site at least. `enough`: so few are good enough. Rules on costs and
    distances are not looked at.

    Source
    ------
    Ruin and recreate: Schrimpf et al. (2000), doi:10.1006/jcph.1999.6413.
    """
    rng = np.random.default_rng(seed)
    sites = covers.shape[1]
    columns = covers.tocsc()
    parts = (covers.indptr, covers.indices, columns.indptr, columns.indices)
    held = _fill_holes(*parts, np.zeros(sites, np.bool_), np.zeros(sites))
    for _ in range(_SEARCH_ROUNDS):
        if held.sum() <= enough:
            break
        # Luck parts sites that hold equally many rows, else the holes would be filled as before.
        kept = held & (rng.random(sites) >= _SHARE_TAKEN_OUT)
        tried = _fill_holes(*parts, kept, rng.random(sites))
        if tried.sum() <= held.sum():
            held = tried
    return np.flatnonzero(held).astype(np.int64)


@numba.njit(cache=True)
def _fill_holes(
    row_start: Array, row_site: Array, site_start: Array, site_row: Array, kept: Array, luck: Array
) -> Array:
    """The kept sites and, one by one, those that hold most rows that none holds yet; then less those not needed."""
    chosen = kept.copy()
    holders = np.zeros(len(row_start) - 1, np.int64)
    unmet = np.zeros(len(kept), np.int64)
    for i in range(len(holders)):
        row = row_site[row_start[i] : row_start[i + 1]]
        holders[i] = kept[row].sum()
        unmet[row] += holders[i] == 0
    best = np.argmax(unmet + luck)
    while unmet[best] > 0:
        chosen[best] = True
        for i in site_row[site_start[best] : site_start[best + 1]]:
            unmet[row_site[row_start[i] : row_start[i + 1]]] -= holders[i] == 0
            holders[i] += 1
        best = np.argmax(unmet + luck)
    for j in np.argsort(luck):
        rows = site_row[site_start[j] : site_start[j + 1]]
        if chosen[j] and holders[rows].min() > 1:
            chosen[j] = False
            holders[rows] -= 1
    return chosen


_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Cover:
    """Sites that bring every row within reach (None: none found), fewer than which is impossible: `fewest`.

    `impossible`: it is proven that no sites under the rules do.
    """

    sites: Ints | None
    fewest: float
    is_impossible: bool = False


def solve_everyone(question: SitingQuestion, ground: SitingData, rules: Rules) -> OrderedSites:
    """The fewest sites that bring everyone within the time; its steps and `before` count people.

    Raises
    ------
    ScenarioError
        Someone has no candidate within the time, the rules allow no such choice, or none was found in time.
    """
    begun = time.perf_counter()
    limit = question.limit
    pairs = allowed_pairs(ground.pairs(reach_minutes_of(question, ground, ground.minutes_now)), rules)
    waiting = (ground.population > 0) & (ground.minutes_now > limit)
    lost = waiting & (np.diff(pairs.indptr) == 0)
    if lost.any() and not question.where_possible:
        raise ScenarioError(_unreached_sentence(ground, lost, limit))
    rows = merge_places(pairs, ground.population, len(ground.candidates))
    left = question.seconds - (time.perf_counter() - begun)
    cover = smallest_cover(rows, rules, seconds=left, seed=question.seed)
    if cover.is_impossible:
        raise ScenarioError("No choice of candidates under these rules brings everyone within the time; loosen a rule.")
    if cover.sites is None:
        raise ScenarioError(f"No answer was found within {question.seconds:g} seconds; allow more.")
    only = replace(rules, allowed=np.isin(np.arange(rows.sites), cover.sites), count=len(cover.sites))
    ordered = choose_greedily(rows, only)
    before = float(ground.population[ground.minutes_now <= limit].sum())
    steps = [before + rows.gain_of(ordered[: number + 1]) for number in range(len(ordered))]
    return OrderedSites(ordered, np.array(steps), before, cover.fewest, float(ground.population[lost].sum()))


def solve_worst(question: SitingQuestion, ground: SitingData, rules: Rules) -> OrderedSites:
    """The sites after which the worst time is least, among people whom any site or candidate reaches."""
    until = time.perf_counter() + question.seconds
    pairs = allowed_pairs(ground.pairs(reach_minutes_of(question, ground, ground.minutes_now)), rules)
    now = np.where(ground.population > 0, np.minimum(ground.minutes_now, ground.ceiling), 0.0)
    lost = (ground.population > 0) & np.isinf(ground.minutes_now) & (np.diff(pairs.indptr) == 0)
    now = np.where(lost, 0.0, now)
    times = _possible_times(pairs, now)
    chosen, low = _least_time(question, ground, rules, pairs, now, times, until)
    ordered, steps = _order_sites(ground, rules, pairs, now, chosen)
    bound = min(float(times[low]), float(steps[-1]) if len(steps) else float(now.max()))
    return OrderedSites(ordered, steps, float(now.max()), bound, float(ground.population[lost].sum()))


def smallest_cover(rows: Gains, rules: Rules, *, seconds: float, seed: int, any_will_do: bool = False) -> Cover:
    """The fewest sites under the rules that hold every row; `any_will_do`: the first found is enough.

    Source
    ------
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363.
    """
    if not len(rows.weight):
        return Cover(np.empty(0, np.int64), 0.0)
    until = time.perf_counter() + seconds
    covers, sites = reduce_cover(rows, rules)
    known = sites[few_sites(covers, seed, enough=rules.count if any_will_do else 1)]
    fits = rules.allows(known)
    if fits and (any_will_do or len(known) == 1):
        return Cover(known, 1.0)
    solved = solve(_cover_program(covers, rules, sites, any_will_do), seconds=until - time.perf_counter(), seed=seed)
    if solved.is_impossible:
        return Cover(None, np.inf, is_impossible=True)
    fewest = 1.0 if any_will_do else max(1.0, float(np.ceil(-solved.bound - _ROUNDING)))
    found = sites_in(solved, sites) if solved.finished else known
    if rules.allows(found) and (not fits or len(found) < len(known)):
        return Cover(found, fewest)
    return Cover(known if fits else None, fewest)


def allowed_pairs(pairs: Pairs, rules: Rules) -> Pairs:
    """The pairs whose site may open."""
    return pairs if rules.allowed.all() else pairs.keep(rules.allowed[pairs.site])


def _cover_program(covers: sparse.csr_array, rules: Rules, sites: Ints, any_will_do: bool) -> IntegerProgram:
    count = covers.shape[0]
    rules_matrix, high = rule_rows(rules, sites, len(sites))
    return IntegerProgram(
        worth=np.zeros(len(sites)) if any_will_do else -np.ones(len(sites)),
        upper=np.ones(len(sites)),
        whole=len(sites),
        matrix=sparse.vstack([covers, rules_matrix], format="csr"),
        low=np.concatenate([np.ones(count), np.full(len(high), -np.inf)]),
        high=np.concatenate([np.full(count, np.inf), high]),
    )


def _possible_times(pairs: Pairs, now: Floats) -> Floats:
    """Every time that the worst could be: not below what the best site brings each place, nor above what it is now."""
    best = now.copy()
    lived = np.flatnonzero(np.diff(pairs.indptr))
    best[lived] = np.minimum(best[lived], pairs.minutes[pairs.indptr[lived]])
    low = best.max()
    high = now.max()
    values = np.unique(np.concatenate([pairs.minutes.astype(float), now]))
    return np.asarray(values[(values >= low) & (values <= high)], np.float64)


def _least_time(
    question: SitingQuestion, ground: SitingData, rules: Rules, pairs: Pairs, now: Floats, times: Floats, until: float
) -> tuple[Ints, int]:
    """By halves: sites that attain the least time found, and the position of the first time not proven impossible."""
    chosen = np.empty(0, np.int64)
    first = 0
    proven = 0
    last = len(times) - 1
    while first < last:
        middle = (first + last) // 2
        rows = _rows_at(ground, pairs, now, times[middle])
        # Half of what is left for each: a time that HiGHS cannot judge must not eat the turn of the others.
        seconds = (until - time.perf_counter()) / 2
        cover = smallest_cover(rows, rules, seconds=seconds, seed=question.seed, any_will_do=True)
        if cover.sites is not None:
            chosen = cover.sites
            last = middle
            continue
        # A longer time allows more: what is impossible here is so at every time before.
        proven = middle + 1 if cover.is_impossible else proven
        first = middle + 1
    return chosen, proven


def _rows_at(ground: SitingData, pairs: Pairs, now: Floats, minutes: float) -> Gains:
    far = now > minutes
    near: Flags = far[pairs.place] & (pairs.minutes <= minutes)
    return merge_places(pairs.keep(near), ground.population, len(ground.candidates))


def _order_sites(ground: SitingData, rules: Rules, pairs: Pairs, now: Floats, chosen: Ints) -> tuple[Ints, Floats]:
    """The sites by how many people each brings below the final worst time, and the worst time after each."""
    only = np.isin(np.arange(len(rules.costs)), chosen)
    mine = pairs.keep(only[pairs.site])
    place = mine.place
    after = now.copy()
    np.minimum.at(after, place, mine.minutes.astype(float))
    rows = _rows_at(ground, mine, now, float(after.max()))
    ordered = choose_greedily(rows, replace(rules, allowed=only, count=max(len(chosen), 1)))
    steps = []
    so_far = now.copy()
    for site in ordered:
        its = mine.site == site
        np.minimum.at(so_far, place[its], mine.minutes[its].astype(float))
        steps.append(float(so_far.max()))
    return ordered, np.array(steps, float)


def _unreached_sentence(ground: SitingData, lost: Flags, limit: float) -> str:
    people = int(ground.population[lost].sum())
    return (
        f"Not everyone can be brought within {limit:g} minutes: place {ground.people['geoid'][lost].iloc[0]} has no "
        f"candidate so near ({int(lost.sum())} such places with {people:,} people). Lengthen the time, add "
        "candidates, or ask for everyone where possible."
    )
