"""Objectives that add up over places (people, patients, starts, rural people, average time, poverty of access):
searched, bounded, and where the bound leaves a gap given to HiGHS.
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from access.geo import Floats
from access.measures.uptake import esketamine_curve
from access.scenarios.siting import kernels
from access.scenarios.siting.data import Pairs, SitingData
from access.scenarios.siting.gains import Gains, gains_of, loss, reach_minutes_of, weights_of
from access.scenarios.siting.integer_program import (
    IntegerProgram,
    members,
    rule_rows,
    sites_in,
    solve,
)
from access.scenarios.siting.lagrangian import lagrangian_bound
from access.scenarios.siting.question import MINIMIZED_OBJECTIVES, SitingQuestion
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.search import KICKS, choose_greedily, improve_by_swaps, search_sites
from access.units import KM_PER_MILE

_MOST_SITES_IN_COVERS = 6_000_000  # sites in covers: beyond it HiGHS ends neither in seconds nor in memory


def solve_exactly(
    gains: Gains, rules: Rules, kept: Flags, known: Ints, *, seconds: float, seed: int
) -> tuple[Ints, float]:
    """A better answer than the known, if HiGHS ends and finds one, and what no answer among the kept sites exceeds.

    Infinity: HiGHS proved nothing, or the problem is too large for it. An answer of a search that was broken off is
    not taken, because it would differ from run to run.
    """
    able = kept & rules.allowed
    able[known] = True
    number = np.where(able, np.cumsum(able) - 1, -1)
    if kernels.size_of_steps(gains.indptr, gains.site, gains.gain, number)[1] > _MOST_SITES_IN_COVERS:
        return known, np.inf
    starts, sites, worth = _nested_covers(gains, number)
    sites_able = np.flatnonzero(able)
    programme = _cover_program(starts, sites, worth, rules, sites_able)
    opened = np.isin(sites_able, known).astype(float)
    start = np.concatenate([opened, np.minimum(members(starts, sites, len(opened), 1.0) @ opened, 1.0)])
    solved = solve(programme, seconds=seconds, seed=seed, start=start)
    if solved.finished and solved.columns is not None:
        found = sites_in(solved, sites_able)
        if rules.allows(found) and gains.gain_of(found) > gains.gain_of(known):
            known = found
    return known, solved.bound


def _nested_covers(gains: Gains, number: Ints) -> tuple[Ints, Ints, Floats]:
    """The nested covers of every row over the kept sites, equal ones merged."""
    starts, sites, worth = kernels.steps_of_rows(gains.indptr, gains.site, gains.gain, number)
    first, group = kernels.same_rows(starts, sites)
    summed = np.bincount(group, weights=worth, minlength=len(first)).astype(np.float64)
    return (*kernels.take_rows(starts, sites, first), summed)


def _cover_program(starts: Ints, sites: Ints, worth: Floats, rules: Rules, kept: Ints) -> IntegerProgram:
    """A column for each site and cover; a cover counts as far as sites of it open."""
    covers = len(worth)
    columns = len(kept) + len(worth)
    counted = sparse.csr_array(
        (np.ones(covers), (np.arange(covers), len(kept) + np.arange(covers))), shape=(covers, columns)
    )
    rules_matrix, high = rule_rows(rules, kept, columns)
    return IntegerProgram(
        worth=np.concatenate([np.zeros(len(kept)), worth]),
        upper=np.ones(columns),
        whole=len(kept),
        matrix=sparse.vstack([counted + members(starts, sites, columns, -1.0), rules_matrix], format="csr"),
        low=np.full(covers + len(high), -np.inf),
        high=np.concatenate([np.zeros(covers), high]),
    )


_ROUNDING = 1e-6
_MANY_ENTRIES = 3_000_000


@dataclass(frozen=True, eq=False)
class OrderedSites:
    """An answer before it is dressed: candidates in the order to open, the value after each, and its bound.

    `before`: the value with the sites there are. `bound`: no choice under the rules is better.
    `left_out`: people who count in no value, because no site reaches them.
    """

    chosen: Ints
    steps: Floats
    before: float
    bound: float
    left_out: float = 0.0


@dataclass(frozen=True, eq=False)
class AdditiveProblem:
    """A question on a ground, as rows of gains; made once for several numbers of sites."""

    question: SitingQuestion
    gains: Gains
    rules: Rules
    before: float
    per: float

    def value(self, gain: float) -> float:
        """The value where the new sites gain so much: sums of whole people are whole."""
        sign = -1.0 if self.question.objective in MINIMIZED_OBJECTIVES else 1.0
        value = self.before + sign * gain / self.per
        return float(np.floor(value + _ROUNDING)) if self.question.objective in ("people", "rural") else value


def additive_problem_of(question: SitingQuestion, ground: SitingData, rules: Rules) -> AdditiveProblem:
    """The question as a sum.

    Raises
    ------
    ScenarioError
        As `gains_of` and `weights_of`.
    TableError
        As `gains_of` and `weights_of`.
    """
    now = ground.km_now if question.objective == "starts" else ground.minutes_now
    return additive_problem_from(question, ground, rules, ground.pairs(reach_minutes_of(question, ground, now)), now)


def additive_problem_from(
    question: SitingQuestion, ground: SitingData, rules: Rules, pairs: Pairs, now: Floats
) -> AdditiveProblem:
    """As `additive_problem_of`, with the pairs and what is reached now at hand (km for `starts`, else minutes)."""
    weights = weights_of(question, ground)
    gains = gains_of(question, ground, pairs, weights, now)
    return AdditiveProblem(question, gains, rules, *_value_now(question, ground, weights, now))


def solve_additive(problem: AdditiveProblem, *, start: Ints | None = None) -> OrderedSites:
    """The best sites that search and HiGHS find, in the order to open them, and the bound."""
    begun = time.perf_counter()
    question = problem.question
    gains = problem.gains
    rules = problem.rules
    # Of millions of entries each kick takes a second, and helps least.
    kicks = KICKS if len(gains.site) < _MANY_ENTRIES else KICKS // 4
    begin_at = np.empty(0, np.int64) if start is None else start
    known = search_sites(gains, rules, question.seed, start=begin_at, kicks=kicks)
    bound = lagrangian_bound(gains, rules, gains.gain_of(known))
    # The tip may break the rules: so many of its sites as keep to them, the best first.
    favoured = replace(rules, allowed=rules.allowed & np.isin(np.arange(gains.sites), bound.tip))
    guided = improve_by_swaps(gains, rules, choose_greedily(gains, rules, start=choose_greedily(gains, favoured)))
    known = max((known, np.sort(guided)), key=gains.gain_of)
    ceiling = bound.gain
    if not is_gap_closed(problem, gains.gain_of(known), ceiling):
        left = question.seconds - (time.perf_counter() - begun)
        known, proven = solve_exactly(
            gains, rules, bound.sites_possible(gains.gain_of(known)), known, seconds=left, seed=question.seed
        )
        ceiling = min(ceiling, max(proven, gains.gain_of(known)))
    if is_gap_closed(problem, gains.gain_of(known), ceiling):
        ceiling = gains.gain_of(known)
    chosen, steps = order_sites(problem, known)
    return OrderedSites(chosen, steps, problem.value(0.0), problem.value(ceiling))


def is_gap_closed(problem: AdditiveProblem, gain: float, ceiling: float) -> bool:
    """Whether nothing but rounding lies between a gain and its ceiling."""
    whole = problem.question.objective == "people" and problem.value(gain) == problem.value(ceiling)
    return whole or ceiling - gain <= _ROUNDING * max(gain, 1.0) * 1e-2


def order_sites(problem: AdditiveProblem, chosen: Ints) -> tuple[Ints, Floats]:
    """The chosen sites, each next one that which gains most, and the value after each."""
    only = np.isin(np.arange(problem.gains.sites), chosen)
    ordered = choose_greedily(problem.gains, replace(problem.rules, allowed=only, count=len(chosen)))
    steps = [problem.value(problem.gains.gain_of(ordered[: number + 1])) for number in range(len(ordered))]
    return ordered, np.array(steps, float)


def _value_now(question: SitingQuestion, ground: SitingData, weights: Floats, now: Floats) -> tuple[float, float]:
    """The value with the sites there are, and what gains are divided by."""
    if question.objective == "starts":
        return float(weights @ esketamine_curve(now / KM_PER_MILE)), 1.0
    if question.objective in MINIMIZED_OBJECTIVES:
        total = float(weights.sum())
        return float(weights @ loss(question, now, ground.ceiling)) / total, total
    counted = weights * (ground.people["rurality"].to_numpy() == "rural") if question.objective == "rural" else weights
    return float(counted[now <= question.limit].sum()), 1.0
