"""Objectives that add up over places: people, patients, starts, rural people, average time, poverty of access."""

import time
from dataclasses import dataclass, replace

import numpy as np

from access.geo import Floats
from access.measures.uptake import esketamine_curve
from access.scenarios.siting.gains import Gains, gains_of, loss, reach_of, weights_of
from access.scenarios.siting.ground import Ground, Pairs
from access.scenarios.siting.prices import price_bound
from access.scenarios.siting.programme import exact
from access.scenarios.siting.question import LEAST, Question
from access.scenarios.siting.rules import Ints, Rules
from access.scenarios.siting.search import KICKS, greedy, improved, search
from access.units import KM_PER_MILE

_ROUNDING, _MANY = 1e-6, 3_000_000


@dataclass(frozen=True, eq=False)
class Found:
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
class Sum:
    """A question on a ground, as rows of gains; made once for several numbers of sites."""

    question: Question
    gains: Gains
    rules: Rules
    before: float
    per: float

    def value(self, gain: float) -> float:
        """The value where the new sites gain so much: sums of whole people are whole."""
        sign = -1.0 if self.question.objective in LEAST else 1.0
        value = self.before + sign * gain / self.per
        return float(np.floor(value + _ROUNDING)) if self.question.objective in ("people", "rural") else value


def sum_of(question: Question, ground: Ground, rules: Rules) -> Sum:
    """The question as a sum.

    Raises
    ------
    ScenarioError, TableError: as `gains_of` and `weights_of`.
    """
    now = ground.km_now if question.objective == "starts" else ground.minutes_now
    return sum_from(question, ground, rules, ground.pairs(reach_of(question, ground, now)), now)


def sum_from(question: Question, ground: Ground, rules: Rules, pairs: Pairs, now: Floats) -> Sum:
    """As `sum_of`, with the pairs and what is reached now at hand (for `starts` in km, else in minutes)."""
    weights = weights_of(question, ground)
    gains = gains_of(question, ground, pairs, weights, now)
    return Sum(question, gains, rules, *_now(question, ground, weights, now))


def answer(problem: Sum, *, start: Ints | None = None) -> Found:
    """The best sites that search and HiGHS find, in the order to open them, and the bound."""
    begun, question = time.perf_counter(), problem.question
    gains, rules = problem.gains, problem.rules
    # Of millions of entries each kick takes a second, and helps least.
    kicks = KICKS if len(gains.site) < _MANY else KICKS // 4
    begin_at = np.empty(0, np.int64) if start is None else start
    known = search(gains, rules, question.seed, start=begin_at, kicks=kicks)
    bound = price_bound(gains, rules, gains.of(known))
    # The tip may break the rules: so many of its sites as keep to them, the best first.
    favoured = replace(rules, allowed=rules.allowed & np.isin(np.arange(gains.sites), bound.tip))
    guided = improved(gains, rules, greedy(gains, rules, start=greedy(gains, favoured)))
    known = max((known, np.sort(guided)), key=gains.of)
    ceiling = bound.gain
    if not closed(problem, gains.of(known), ceiling):
        left = question.seconds - (time.perf_counter() - begun)
        known, proven = exact(gains, rules, bound.kept(gains.of(known)), known, seconds=left, seed=question.seed)
        ceiling = min(ceiling, max(proven, gains.of(known)))
    if closed(problem, gains.of(known), ceiling):
        ceiling = gains.of(known)
    chosen, steps = in_order(problem, known)
    return Found(chosen, steps, problem.value(0.0), problem.value(ceiling))


def closed(problem: Sum, gain: float, ceiling: float) -> bool:
    """Whether nothing but rounding lies between a gain and its ceiling."""
    whole = problem.question.objective == "people" and problem.value(gain) == problem.value(ceiling)
    return whole or ceiling - gain <= _ROUNDING * max(gain, 1.0) * 1e-2


def in_order(problem: Sum, chosen: Ints) -> tuple[Ints, Floats]:
    """The chosen sites, each next one that which gains most, and the value after each."""
    only = np.isin(np.arange(problem.gains.sites), chosen)
    ordered = greedy(problem.gains, replace(problem.rules, allowed=only, count=len(chosen)))
    steps = [problem.value(problem.gains.of(ordered[: number + 1])) for number in range(len(ordered))]
    return ordered, np.array(steps, float)


def _now(question: Question, ground: Ground, weights: Floats, now: Floats) -> tuple[float, float]:
    """The value with the sites there are, and what gains are divided by."""
    if question.objective == "starts":
        return float(weights @ esketamine_curve(now / KM_PER_MILE)), 1.0
    if question.objective in LEAST:
        total = float(weights.sum())
        return float(weights @ loss(question, now, ground.ceiling)) / total, total
    counted = weights * (ground.people["rurality"].to_numpy() == "rural") if question.objective == "rural" else weights
    return float(counted[now <= question.limit].sum()), 1.0
