"""Gains: every objective as one problem, to choose sites so that the best gain of each row adds up to most.

A row is a place (or places with the same candidates, merged: lossless), and each site that would help it stands in
the row with what it would gain, best first. A row counts its best chosen site only.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from access.errors import ScenarioError
from access.geo import Floats
from access.measures.supply import demand_of
from access.measures.uptake import ESKETAMINE_STEPS, esketamine_curve
from access.scenarios.siting import kernels
from access.scenarios.siting.data import Pairs, SitingData
from access.scenarios.siting.question import ADULT_OBJECTIVES, SitingQuestion
from access.units import KM_PER_MILE

_POWER = {"average": 1, "poverty": 1, "severity": 2}


@dataclass(frozen=True, eq=False)
class Gains:
    """Rows of sites with what each would gain, as CSR, best first within a row.

    `indptr`: int64, rows + 1. `site`: int32. `gain`: float64, above zero, in people (or patients, person-minutes).
    `weight`: what the row counts for (its people). `sites`: how many candidates there are.
    """

    indptr: NDArray[np.int64]
    site: NDArray[np.int32]
    gain: Floats
    weight: Floats
    sites: int

    def gain_of(self, chosen: NDArray[np.int64]) -> float:
        """What the chosen sites gain together."""
        best, *_ = kernels.best_two_of_rows(self.indptr, self.site, self.gain, kernels.positions(chosen, self.sites))
        return float(best.sum())


def weights_of(question: SitingQuestion, ground: SitingData) -> Floats:
    """What each place counts for: its people, its expected patients, or rural people before others.

    Raises
    ------
    TableError
        The adults of a place are not counted, and no share is given.
    ScenarioError
        Nobody counted is rural.
    """
    if question.objective in ADULT_OBJECTIVES:
        counted = demand_of(ground.people, "trd_central", adult_share=question.adult_share)
        return np.asarray(counted, np.float64)
    if question.objective != "rural":
        return ground.population
    rural = ground.people["rurality"].to_numpy() == "rural"
    if not ground.population[rural].any():
        raise ScenarioError("Nobody here lives in a place coded rural; choose another objective or other people.")
    # All others together weigh less than half a rural person: they only part answers that are equal for the rural.
    return np.where(rural, ground.population, ground.population / (2 * ground.population.sum() + 1))


def reach_minutes_of(question: SitingQuestion, ground: SitingData, now: Floats) -> Floats:
    """How many minutes a candidate may be away from each place and still gain it anything; -1: none can.

    `now`: minutes (km for `starts`) to the nearest site there is; infinity: none.
    """
    living = ground.population > 0
    if question.objective == "starts":
        nearest_step = ESKETAMINE_STEPS[1][0]
        last_step = ESKETAMINE_STEPS[-1][0]
        longest = _minutes_of(ground, last_step * KM_PER_MILE)
        return np.where(living & (now >= nearest_step * KM_PER_MILE), longest, -1.0)
    if question.objective in ("average", "worst"):
        return np.where(living, np.minimum(now, ground.ceiling), -1.0)
    if question.objective in ("poverty", "severity"):
        return np.where(living & (now > question.limit), np.minimum(now, ground.ceiling), -1.0)
    return np.where(living & (now > question.limit), question.limit, -1.0)


def gains_of(question: SitingQuestion, ground: SitingData, pairs: Pairs, weights: Floats, now: Floats) -> Gains:
    """The gains of every pair; `now`: minutes (km for starts) to the nearest site there is, infinity: none.

    Raises
    ------
    ScenarioError
        The time is not below the ceiling, where poverty is measured between them.
    """
    sites = len(ground.candidates)
    if question.objective == "starts":
        return _gains_of_starts(pairs, weights, now, sites)
    if question.objective not in _POWER:
        place = pairs.place
        inside = pairs.keep(
            (pairs.minutes <= np.float64(question.limit)) & (now[place] > question.limit) & (weights[place] > 0)
        )
        return merge_places(inside, weights, sites)
    loss_now = loss(question, now, ground.ceiling) * weights
    gain = loss_now[pairs.place] - loss(question, pairs.minutes.astype(float), ground.ceiling) * weights[pairs.place]
    helpful = pairs.keep(gain > 0)
    lived = np.flatnonzero(np.diff(helpful.indptr))
    indptr = np.append(helpful.indptr[lived], helpful.indptr[-1])
    return Gains(indptr, helpful.site, gain[gain > 0], weights[lived], sites)


def loss(question: SitingQuestion, minutes: Floats, ceiling: float) -> Floats:
    """What each person of a place bears: minutes up to the ceiling, or their gap beyond the time to a power (0 to 1).

    Raises
    ------
    ScenarioError
        As `gains_of`.
    """
    kept = np.minimum(minutes, ceiling)
    if question.objective == "average":
        return np.asarray(kept, np.float64)
    if question.limit >= ceiling:
        raise ScenarioError(
            f"Poverty of access is measured from the time ({question.limit:g} minutes) up to {ceiling:g}; shorten it."
        )
    return np.asarray((np.maximum(kept - question.limit, 0) / (ceiling - question.limit)) ** _POWER[question.objective])


def merge_places(pairs: Pairs, weights: Floats, sites: int) -> Gains:
    """One row for all places with the same candidates, whatever their order; each candidate gains the whole row."""
    first, group = kernels.same_rows(pairs.indptr, pairs.site)
    summed = np.bincount(group[group >= 0], weights=weights[group >= 0], minlength=len(first)).astype(np.float64)
    indptr, site = kernels.take_rows(pairs.indptr, pairs.site, first)
    return Gains(indptr, site, np.repeat(summed, np.diff(indptr)), summed, sites)


def _minutes_of(ground: SitingData, road_km: float) -> Floats:
    """The longest that a drive of `road_km` from each place may take."""
    return ground.estimate.most_minutes(road_km, ground.people["rurality"])


def _gains_of_starts(pairs: Pairs, weights: Floats, km_now: Floats, sites: int) -> Gains:
    """Each step of the evidence as a cover of its own: what is gained by being as near as that step at least."""
    ratios = np.array([ratio for _, ratio in ESKETAMINE_STEPS])
    now = esketamine_curve(km_now / KM_PER_MILE)
    near = esketamine_curve(pairs.km / KM_PER_MILE)
    place = pairs.place
    steps = [
        merge_places(
            pairs.keep((near >= high) & (now[place] < high) & (weights[place] > 0)), weights * (high - low), sites
        )
        for high, low in pairwise(ratios)
    ]
    ends = np.cumsum([0, *(step.indptr[-1] for step in steps)])
    indptr = np.concatenate([[0], *(step.indptr[1:] + start for step, start in zip(steps, ends, strict=False))])
    site, gain, weight = (np.concatenate([getattr(one, name) for one in steps]) for name in ("site", "gain", "weight"))
    return Gains(indptr.astype(np.int64), site, gain, weight, sites)
