"""The exact problem: the sites that prices could not rule out, their rows merged again, given to HiGHS."""

import numpy as np
from scipy import sparse

from access.geo import Floats
from access.scenarios.siting import kernels
from access.scenarios.siting.gains import Gains
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.solver import Programme, members, rule_rows, sites_in, solve

_LARGEST = 6_000_000  # sites in covers: beyond it HiGHS ends neither in seconds nor in memory


def exact(gains: Gains, rules: Rules, kept: Flags, known: Ints, *, seconds: float, seed: int) -> tuple[Ints, float]:
    """A better answer than the known, if HiGHS ends and finds one, and what no answer among the kept sites exceeds.

    Infinity: HiGHS proved nothing, or the problem is too large for it. An answer of a search that was broken off is
    not taken, because it would differ from run to run.
    """
    able = kept & rules.allowed
    able[known] = True
    number = np.where(able, np.cumsum(able) - 1, -1)
    if kernels.size_of_steps(gains.indptr, gains.site, gains.gain, number)[1] > _LARGEST:
        return known, np.inf
    starts, sites, worth = _covers(gains, number)
    sites_able = np.flatnonzero(able)
    programme = _programme(starts, sites, worth, rules, sites_able)
    opened = np.isin(sites_able, known).astype(float)
    start = np.concatenate([opened, np.minimum(members(starts, sites, len(opened), 1.0) @ opened, 1.0)])
    solved = solve(programme, seconds=seconds, seed=seed, start=start)
    if solved.finished and solved.columns is not None:
        found = sites_in(solved, sites_able)
        if rules.keep(found) and gains.of(found) > gains.of(known):
            known = found
    return known, solved.bound


def _covers(gains: Gains, number: Ints) -> tuple[Ints, Ints, Floats]:
    """The nested covers of every row over the kept sites, equal ones merged."""
    starts, sites, worth = kernels.steps_of_rows(gains.indptr, gains.site, gains.gain, number)
    first, group = kernels.same_rows(starts, sites)
    summed = np.bincount(group, weights=worth, minlength=len(first)).astype(np.float64)
    return (*kernels.take_rows(starts, sites, first), summed)


def _programme(starts: Ints, sites: Ints, worth: Floats, rules: Rules, kept: Ints) -> Programme:
    """A column for each site and cover; a cover counts as far as sites of it open."""
    covers, columns = len(worth), len(kept) + len(worth)
    counted = sparse.csr_array(
        (np.ones(covers), (np.arange(covers), len(kept) + np.arange(covers))), shape=(covers, columns)
    )
    rules_matrix, high = rule_rows(rules, kept, columns)
    return Programme(
        worth=np.concatenate([np.zeros(len(kept)), worth]),
        upper=np.ones(columns),
        whole=len(kept),
        matrix=sparse.vstack([counted + members(starts, sites, columns, -1.0), rules_matrix], format="csr"),
        low=np.full(covers + len(high), -np.inf),
        high=np.concatenate([np.zeros(covers), high]),
    )
