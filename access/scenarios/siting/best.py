"""Where next: the sites to open so that an objective is met best, the order to open them in, and the proof."""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from access.scenarios.siting.additive import OrderedSites, additive_problem_of, solve_additive
from access.scenarios.siting.candidates import CANDIDATE_COLUMNS
from access.scenarios.siting.capacity import answer_with_capacity
from access.scenarios.siting.cover import solve_everyone, solve_worst
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import MINIMIZED_OBJECTIVES, SitingQuestion
from access.scenarios.siting.rules import Rules, rules_of

UNITS: Final = {
    "people": "people",
    "patients": "patients",
    "starts": "starts",
    "rural": "rural people",
    "average": "minutes",
    "worst": "minutes",
    "everyone": "sites",
    "poverty": "index",
    "severity": "index",
}
PROVEN_GAP: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Siting:
    """What `best_sites` found.

    `sites`: one row per new site in the order to open: `order` (from 1), the columns of a candidates table, `gain`
    (what this step improves, never below zero) and `cumulative` (the value after it). For `solve_everyone` both count
    people within the time. Fewer rows than asked for: a further site would gain nothing. None: no site would.
    `value`: with existing and new sites, in `unit`; `before`: with existing sites alone (for `solve_everyone`: 0
    sites).
    `bound`: no choice under the same rules has a better value. `gap`: how much of the best possible improvement
    may be missing, as a share from 0 to 1 (for `solve_everyone`, the share of the sites that may be needless).
    `proven`: nothing better exists. `left_out`: people whom no site or candidate reaches, in `solve_worst` and
    `solve_everyone`
    where possible; they count in no value.
    `people`: all people counted. `ceiling`: minutes that stand for "reaches nothing". `seconds`: how long it took.
    """

    question: SitingQuestion
    sites: pd.DataFrame
    value: float
    bound: float
    gap: float
    proven: bool
    before: float
    unit: str
    left_out: int
    people: int
    ceiling: float
    seconds: float


def best_sites(question: SitingQuestion, ground: SitingData) -> Siting:
    """The new sites that answer the question best, with what no other choice could exceed.

    Existing sites stay open: whom they reach counts as reached. Places with the same candidates are merged, which
    loses nothing; a search gives the first answer; prices on places bound every answer and rule out most
    candidates; HiGHS solves what is left, and where it ends in time the answer is proven best. Where it does not,
    the answer of the search stands with the least bound that was proven. So a seed gives the same sites, unless HiGHS
    ends in one run and is broken off in another. `question.seconds` breaks off HiGHS alone: the search and the prices
    take what they need (some seconds for a large state, half a minute for average time in the nation).

    Raises
    ------
    ScenarioError
        The rules leave no choice, or not everyone can be reached; says what and how many.
    TableError
        Patients are asked for, adults are not counted, and no share of them is given.

    Source
    ------
    Most people: Church & ReVelle (1974), doi:10.1007/BF01942293. Average and worst: Hakimi (1964),
    doi:10.1287/opre.12.3.450. Everyone: Toregas et al. (1971), doi:10.1287/opre.19.6.1363. Poverty: Foster, Greer &
    Thorbecke (1984), doi:10.2307/1913475. Starts: `access.measures.uptake.esketamine_curve`.
    """
    begun = time.perf_counter()
    rules = rules_of(question, ground)
    return siting_of(question, ground, _solve(question, ground, rules), time.perf_counter() - begun)


def siting_of(question: SitingQuestion, ground: SitingData, found: OrderedSites, seconds: float) -> Siting:
    """The answer as people read it."""
    sites = _site_table(question, ground, found)
    counts_sites = question.objective == "everyone"
    value = float(len(sites)) if counts_sites else float(found.steps[-1]) if len(sites) else found.before
    gap = gap_between(question, 0.0 if counts_sites else found.before, value, found.bound)
    return Siting(
        question=question,
        sites=sites,
        value=value,
        bound=value if gap <= PROVEN_GAP else found.bound,
        gap=0.0 if gap <= PROVEN_GAP else gap,
        proven=gap <= PROVEN_GAP,
        before=0.0 if counts_sites else found.before,
        unit=UNITS[question.objective],
        left_out=round(found.left_out),
        people=int(ground.population.sum()),
        ceiling=ground.ceiling,
        seconds=seconds,
    )


def gap_between(question: SitingQuestion, before: float, value: float, bound: float) -> float:
    """How much of the best possible improvement may be missing, 0 to 1; for `solve_everyone`, how many sites are too
    many.
    """
    if question.objective == "everyone":
        return (value - bound) / value if value else 0.0
    possible = abs(bound - before)
    return abs(bound - value) / possible if possible > PROVEN_GAP * max(abs(before), 1e-12) else 0.0


def _solve(question: SitingQuestion, ground: SitingData, rules: Rules) -> OrderedSites:
    if question.objective == "everyone":
        return solve_everyone(question, ground, rules)
    if question.objective == "worst":
        return solve_worst(question, ground, rules)
    if question.with_capacity:
        return answer_with_capacity(question, ground, rules)
    return solve_additive(additive_problem_of(question, ground, rules))


def _site_table(question: SitingQuestion, ground: SitingData, found: OrderedSites) -> pd.DataFrame:
    steps = np.concatenate([[found.before], found.steps])
    falls = question.objective in MINIMIZED_OBJECTIVES and question.objective != "everyone"
    gain = np.diff(steps) * (-1.0 if falls else 1.0)
    table = ground.candidates[CANDIDATE_COLUMNS].iloc[found.chosen].reset_index(drop=True)
    table.insert(0, "order", np.arange(1, len(table) + 1))
    return table.assign(gain=gain, cumulative=found.steps)
