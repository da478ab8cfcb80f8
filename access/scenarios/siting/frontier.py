"""The frontier: what each further site, or each further dollar, would bring."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from access.errors import ScenarioError
from access.scenarios.siting.additive import (
    AdditiveProblem,
    OrderedSites,
    additive_problem_of,
    solve_additive,
)
from access.scenarios.siting.best import Siting, best_sites, siting_of
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import MINIMIZED_OBJECTIVES, SitingQuestion
from access.scenarios.siting.rules import rules_of


def frontier(
    question: SitingQuestion,
    ground: SitingData,
    *,
    counts: Sequence[int] | None = None,
    budgets_usd: Sequence[float] | None = None,
) -> pd.DataFrame:
    """The best value for each number of sites, or for each budget; every step is a choice of its own.

    `counts` or `budgets_usd`, not both, stands in place of the question's own; the seconds are shared by the steps.

    Returns
    -------
    pd.DataFrame
        One row per step, from the smallest: `count` or `budget_usd` (what was allowed), `sites` (how many open),
        `cost_usd` (of all of them; NaN: one is not known), `value`, `gain` (beyond the existing sites), `bound`,
        `gap`, `proven` (as `Siting`), `candidates` (their ids by |, in the order to open). The value never worsens
        from row to row, nor does the bound.

    Raises
    ------
    ScenarioError
        Both or neither is given, the objective is `everyone`, or as `best_sites`.
    """
    if question.objective == "everyone":
        raise ScenarioError("everyone asks for the fewest sites: it has no frontier. Choose another objective.")
    if (counts is None) == (budgets_usd is None):
        raise ScenarioError("Give the numbers of sites, or the budgets, of the frontier; one of the two.")
    steps = _questions_of_steps(question, counts, budgets_usd)
    found = _best_of_each(steps, ground)
    rows = [_frontier_row(one, "count" if budgets_usd is None else "budget_usd") for one in found]
    table = pd.DataFrame(rows)
    least = question.objective in MINIMIZED_OBJECTIVES
    # A wider rule allows whatever a narrower one does, so its bound holds for the narrower too.
    turned = table["bound"].iloc[::-1]
    table["bound"] = (turned.cummax() if least else turned.cummin()).iloc[::-1]
    possible = (table["bound"] - found[0].before).abs()
    missing = (table["bound"] - table["value"]).abs()
    table["gap"] = (missing / possible.where(possible > 0)).fillna(0.0).where(~table["proven"], 0.0)
    return table.assign(proven=table["proven"] | (missing == 0))


def _questions_of_steps(
    question: SitingQuestion, counts: Sequence[int] | None, budgets_usd: Sequence[float] | None
) -> list[SitingQuestion]:
    number = len(set(counts or budgets_usd or ()))
    if not number:
        raise ScenarioError("A frontier needs at least one step.")
    timed = replace(question, seconds=question.seconds / number)
    by_count = [replace(timed, count=count) for count in sorted(set(counts or ()))]
    return by_count or [replace(timed, budget_usd=budget) for budget in sorted(set(budgets_usd or ()))]


def _best_of_each(steps: list[SitingQuestion], ground: SitingData) -> list[Siting]:
    """The answer to each question; where a wider one did worse than the one before, that one's stands."""
    found: list[Siting] = []
    problem: AdditiveProblem | None = None
    start: OrderedSites | None = None
    for question in steps:
        if question.objective == "worst" or question.with_capacity:
            one = best_sites(question, ground)
        else:
            begun = time.perf_counter()
            rules = rules_of(question, ground)
            problem = replace(problem or additive_problem_of(question, ground, rules), question=question, rules=rules)
            start = solve_additive(problem, start=None if start is None else start.chosen)
            one = siting_of(question, ground, start, time.perf_counter() - begun)
        found.append(_better_of(found[-1], one) if found else one)
    return found


def _better_of(before: Siting, now: Siting) -> Siting:
    least = now.question.objective in MINIMIZED_OBJECTIVES
    worse = now.value > before.value if least else now.value < before.value
    if not worse:
        return now
    return replace(now, sites=before.sites, value=before.value, proven=before.value == now.bound)


def _frontier_row(one: Siting, allowed: str) -> dict[str, object]:
    return {
        allowed: getattr(one.question, allowed),
        "sites": len(one.sites),
        "cost_usd": one.sites["cost_usd"].sum(skipna=False),
        "value": one.value,
        "gain": abs(one.value - one.before),
        "bound": one.bound,
        "proven": one.proven,
        "candidates": "|".join(one.sites["candidate_id"]),
    }
