"""Objectives where every place counts: fewest sites for everyone within a time, and least worst time."""

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from access.errors import ScenarioError
from access.geo import Floats
from access.scenarios.siting.cover_search import few_sites
from access.scenarios.siting.dominance import reduced
from access.scenarios.siting.gains import Gains, merged, reach_of
from access.scenarios.siting.ground import Ground, Pairs
from access.scenarios.siting.question import Question
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.search import greedy
from access.scenarios.siting.solver import Programme, rule_rows, sites_in, solve
from access.scenarios.siting.sums import Found

_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Cover:
    """Sites that bring every row within reach (None: none found), fewer than which is impossible: `fewest`.

    `impossible`: it is proven that no sites under the rules do.
    """

    sites: Ints | None
    fewest: float
    impossible: bool = False


def everyone(question: Question, ground: Ground, rules: Rules) -> Found:
    """The fewest sites that bring everyone within the time; its steps and `before` count people.

    Raises
    ------
    ScenarioError: someone has no candidate within the time, the rules allow no such choice, or none was found in time.
    """
    begun, limit = time.perf_counter(), question.limit
    pairs = allowed_pairs(ground.pairs(reach_of(question, ground, ground.minutes_now)), rules)
    waiting = (ground.population > 0) & (ground.minutes_now > limit)
    lost = waiting & (np.diff(pairs.indptr) == 0)
    if lost.any() and not question.where_possible:
        raise ScenarioError(_lost(ground, lost, limit))
    rows = merged(pairs, ground.population, len(ground.candidates))
    left = question.seconds - (time.perf_counter() - begun)
    cover = smallest_cover(rows, rules, seconds=left, seed=question.seed)
    if cover.impossible:
        raise ScenarioError("No choice of candidates under these rules brings everyone within the time; loosen a rule.")
    if cover.sites is None:
        raise ScenarioError(f"No answer was found within {question.seconds:g} seconds; allow more.")
    only = replace(rules, allowed=np.isin(np.arange(rows.sites), cover.sites), count=len(cover.sites))
    ordered = greedy(rows, only)
    before = float(ground.population[ground.minutes_now <= limit].sum())
    steps = [before + rows.of(ordered[: number + 1]) for number in range(len(ordered))]
    return Found(ordered, np.array(steps), before, cover.fewest, float(ground.population[lost].sum()))


def worst(question: Question, ground: Ground, rules: Rules) -> Found:
    """The sites after which the worst time is least, among people whom any site or candidate reaches."""
    until = time.perf_counter() + question.seconds
    pairs = allowed_pairs(ground.pairs(reach_of(question, ground, ground.minutes_now)), rules)
    now = np.where(ground.population > 0, np.minimum(ground.minutes_now, ground.ceiling), 0.0)
    lost = (ground.population > 0) & np.isinf(ground.minutes_now) & (np.diff(pairs.indptr) == 0)
    now = np.where(lost, 0.0, now)
    times = _times(pairs, now)
    chosen, low = _least_time(question, ground, rules, pairs, now, times, until)
    ordered, steps = _ordered(ground, rules, pairs, now, chosen)
    bound = min(float(times[low]), float(steps[-1]) if len(steps) else float(now.max()))
    return Found(ordered, steps, float(now.max()), bound, float(ground.population[lost].sum()))


def smallest_cover(rows: Gains, rules: Rules, *, seconds: float, seed: int, any_will_do: bool = False) -> Cover:
    """The fewest sites under the rules that hold every row; `any_will_do`: the first found is enough.

    Source
    ------
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363.
    """
    if not len(rows.weight):
        return Cover(np.empty(0, np.int64), 0.0)
    until = time.perf_counter() + seconds
    covers, sites = reduced(rows, rules)
    known = sites[few_sites(covers, seed, enough=rules.count if any_will_do else 1)]
    fits = rules.keep(known)
    if fits and (any_will_do or len(known) == 1):
        return Cover(known, 1.0)
    solved = solve(_programme(covers, rules, sites, any_will_do), seconds=until - time.perf_counter(), seed=seed)
    if solved.impossible:
        return Cover(None, np.inf, impossible=True)
    fewest = 1.0 if any_will_do else max(1.0, float(np.ceil(-solved.bound - _ROUNDING)))
    found = sites_in(solved, sites) if solved.finished else known
    if rules.keep(found) and (not fits or len(found) < len(known)):
        return Cover(found, fewest)
    return Cover(known if fits else None, fewest)


def allowed_pairs(pairs: Pairs, rules: Rules) -> Pairs:
    """The pairs whose site may open."""
    return pairs if rules.allowed.all() else pairs.where(rules.allowed[pairs.site])


def _programme(covers: sparse.csr_array, rules: Rules, sites: Ints, any_will_do: bool) -> Programme:
    count = covers.shape[0]
    rules_matrix, high = rule_rows(rules, sites, len(sites))
    return Programme(
        worth=np.zeros(len(sites)) if any_will_do else -np.ones(len(sites)),
        upper=np.ones(len(sites)),
        whole=len(sites),
        matrix=sparse.vstack([covers, rules_matrix], format="csr"),
        low=np.concatenate([np.ones(count), np.full(len(high), -np.inf)]),
        high=np.concatenate([np.full(count, np.inf), high]),
    )


def _times(pairs: Pairs, now: Floats) -> Floats:
    """Every time that the worst could be: not below what the best site brings each place, nor above what it is now."""
    best = now.copy()
    lived = np.flatnonzero(np.diff(pairs.indptr))
    best[lived] = np.minimum(best[lived], pairs.minutes[pairs.indptr[lived]])
    low, high = best.max(), now.max()
    values = np.unique(np.concatenate([pairs.minutes.astype(float), now]))
    return np.asarray(values[(values >= low) & (values <= high)], np.float64)


def _least_time(
    question: Question, ground: Ground, rules: Rules, pairs: Pairs, now: Floats, times: Floats, until: float
) -> tuple[Ints, int]:
    """By halves: sites that attain the least time found, and the position of the first time not proven impossible."""
    chosen, first, proven, last = np.empty(0, np.int64), 0, 0, len(times) - 1
    while first < last:
        middle = (first + last) // 2
        rows = _rows_at(ground, pairs, now, times[middle])
        # Half of what is left for each: a time that HiGHS cannot judge must not eat the turn of the others.
        seconds = (until - time.perf_counter()) / 2
        cover = smallest_cover(rows, rules, seconds=seconds, seed=question.seed, any_will_do=True)
        if cover.sites is not None:
            chosen, last = cover.sites, middle
            continue
        # A longer time allows more: what is impossible here is so at every time before.
        proven = middle + 1 if cover.impossible else proven
        first = middle + 1
    return chosen, proven


def _rows_at(ground: Ground, pairs: Pairs, now: Floats, minutes: float) -> Gains:
    far = now > minutes
    near: Flags = far[pairs.place] & (pairs.minutes <= minutes)
    return merged(pairs.where(near), ground.population, len(ground.candidates))


def _ordered(ground: Ground, rules: Rules, pairs: Pairs, now: Floats, chosen: Ints) -> tuple[Ints, Floats]:
    """The sites by how many people each brings below the final worst time, and the worst time after each."""
    only = np.isin(np.arange(len(rules.costs)), chosen)
    mine = pairs.where(only[pairs.site])
    place, after = mine.place, now.copy()
    np.minimum.at(after, place, mine.minutes.astype(float))
    rows = _rows_at(ground, mine, now, float(after.max()))
    ordered = greedy(rows, replace(rules, allowed=only, count=max(len(chosen), 1)))
    steps, so_far = [], now.copy()
    for site in ordered:
        its = mine.site == site
        np.minimum.at(so_far, place[its], mine.minutes[its].astype(float))
        steps.append(float(so_far.max()))
    return ordered, np.array(steps, float)


def _lost(ground: Ground, lost: Flags, limit: float) -> str:
    people = int(ground.population[lost].sum())
    return (
        f"Not everyone can be brought within {limit:g} minutes: place {ground.people['geoid'][lost].iloc[0]} has no "
        f"candidate so near ({int(lost.sum())} such places with {people:,} people). Lengthen the time, add "
        "candidates, or ask for everyone where possible."
    )
