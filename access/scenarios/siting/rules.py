"""Rules: how many sites may open, what they may cost together, and which stand too near to one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from access.errors import ScenarioError
from access.geo import Floats, chord, unit_vectors
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import SitingQuestion

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rules:
    """What a choice of sites must keep to.

    `count`: at most so many. `costs`, `budget`: dollars, the budget infinity where there is none.
    `allowed`: which candidates may open at all. `near`: the pairs (k, 2) of candidates that may not both open.
    """

    count: int
    costs: Floats
    budget: float
    allowed: Flags
    near: Ints

    def clashes(self, chosen: Ints) -> Flags:
        """Which site (n) stands too near to which of the chosen (p)."""
        table = np.zeros((len(self.costs), len(chosen)), bool)
        for one, other in (self.near.T, self.near[:, ::-1].T) if len(self.near) else ():
            for position, site in enumerate(chosen):
                table[other[one == site], position] = True
        return table

    def allows(self, chosen: Ints) -> bool:
        """Whether these sites may open together."""
        in_budget = self.costs[chosen].sum() <= self.budget * (1 + 1e-12)
        apart = not self.clashes(chosen)[chosen].any()
        return bool(len(chosen) <= self.count and in_budget and apart and self.allowed[chosen].all())

    def can_open(self, chosen: Ints) -> Flags:
        """Which sites may open beside the chosen."""
        if len(chosen) >= self.count:
            return np.zeros(len(self.costs), bool)
        free = self.allowed & (self.costs <= self.usd_left(chosen)) & ~self.clashes(chosen).any(axis=1)
        free[chosen] = False
        return np.asarray(free)

    def usd_left(self, chosen: Ints) -> float:
        """The dollars that are left; a hair more, so that a sum of cents is never a cent short."""
        return float(self.budget * (1 + 1e-12) - self.costs[chosen].sum()) if np.isfinite(self.budget) else np.inf


def rules_of(question: SitingQuestion, ground: SitingData) -> Rules:
    """The rules of a question.

    Raises
    ------
    ScenarioError
        A cost that the budget needs is not known, the budget buys no site, or none is far enough from the sites
        there are.
    """
    sites = ground.candidates
    allowed = ground.far_from_existing(question.apart_from_existing_km)
    if not allowed.any():
        raise ScenarioError(
            f"No candidate stands {question.apart_from_existing_km:g} km from every site there is; lower the distance."
        )
    costs = np.zeros(len(sites))
    budget = np.inf
    if question.budget_usd is not None:
        costs = sites["cost_usd"].to_numpy(float)
        budget = question.budget_usd
        if (unknown := np.isnan(costs)).any():
            raise ScenarioError(
                f"A budget needs the cost of every candidate; that of {sites['name'][unknown].iloc[0]} is not known "
                f"({int(unknown.sum())} such). Give a cost for a site."
            )
        if costs[allowed].min() > budget:
            raise ScenarioError(f"{budget:,.0f} dollars buy no site; the cheapest costs {costs[allowed].min():,.0f}.")
    count = min(question.count or len(sites), int(allowed.sum()))
    return Rules(count, costs, budget, allowed & (costs <= budget), _pairs_too_near(question.apart_km, ground))


def _pairs_too_near(km: float, ground: SitingData) -> Ints:
    if km <= 0:
        return np.empty((0, 2), np.int64)
    points = unit_vectors(ground.candidates["latitude"], ground.candidates["longitude"])
    limit = float(chord(km))
    pairs = cKDTree(points).query_pairs(limit, output_type="ndarray").astype(np.int64)
    gaps = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    return np.asarray(np.unique(np.sort(pairs[gaps < limit], axis=1), axis=0))
