"""HiGHS, asked for one mixed integer programme: its best columns, what it has proven, and whether it finished."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from access.geo import Floats
from access.scenarios.siting.rules import Ints, Rules


@dataclass(frozen=True, eq=False)
class IntegerProgram:
    """Most of `worth @ columns` where `low <= matrix @ columns <= high` and `0 <= columns <= upper`.

    The first `whole` columns are 0 or 1.
    """

    worth: Floats
    upper: Floats
    whole: int
    matrix: sparse.csr_array
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Solution:
    """`columns`: the best found, None: none. `bound`: no columns are worth more. `finished`: HiGHS ended by itself."""

    columns: Floats | None
    bound: float
    finished: bool

    @property
    def is_impossible(self) -> bool:
        """Whether it is proven that no columns keep to the rows."""
        return self.finished and self.columns is None


def solve(programme: IntegerProgram, *, seconds: float, seed: int, start: Floats | None = None) -> Solution:
    """What HiGHS finds and proves within the seconds, on one thread, so that one that ends gives the same each time.

    `start`: columns known to keep to the rows, from which it may prune.

    Source
    ------
    Huangfu & Hall (2018), doi:10.1007/s12532-017-0130-5.
    """
    _silence_greeting()
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "threads": 1, "random_seed": seed, "time_limit": max(seconds, 0.1)}
    options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 1e-6, "mip_feasibility_tolerance": 1e-9}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_highs_model(programme))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    done = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    columns = np.asarray(solver.getSolution().col_value, np.float64) if found else None
    proven = -info.mip_dual_bound if programme.whole else -info.objective_function_value if done else np.inf
    return Solution(columns, float(proven), done)


def rule_rows(rules: Rules, kept: Ints, columns: int) -> tuple[sparse.csr_array, Floats]:
    """The rows that keep count, budget and distances among the kept sites (the first columns), and their high ends."""
    place = np.full(len(rules.costs), -1, np.int64)
    place[kept] = np.arange(len(kept))
    near = place[rules.near]
    near = near[(near >= 0).all(axis=1)]
    pairs = sparse.coo_array(
        (np.ones(near.size), (np.repeat(np.arange(len(near)), 2), near.ravel())), shape=(len(near), columns)
    )
    padded = np.zeros((2, columns))
    padded[0, : len(kept)] = 1.0
    high = [float(rules.count), np.inf]
    if np.isfinite(rules.budget):
        # In thousands of dollars, so that the row is of the size of the others.
        padded[1, : len(kept)], high[1] = rules.costs[kept] / 1000, rules.budget / 1000
    rows = sparse.vstack([sparse.csr_array(padded), pairs.tocsr()], format="csr")
    return rows, np.concatenate([high, np.ones(len(near))])


def members(starts: Ints, sites: Ints, columns: int, value: float) -> sparse.csr_array:
    """One row for each cover, `value` at each of its sites."""
    return sparse.csr_array((np.full(len(sites), value), sites, starts), shape=(len(starts) - 1, columns))


def sites_in(solved: Solution, kept: Ints) -> Ints:
    """The sites that the best columns open."""
    assert solved.columns is not None
    return kept[solved.columns[: len(kept)] > 0.5]


@cache
def _silence_greeting() -> None:
    """Makes the first solver of the process in silence: it greets on the process's own stdout, as no option forbids."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _highs_model(programme: IntegerProgram) -> highspy.HighsLp:
    model = highspy.HighsLp()
    matrix = programme.matrix.tocsr()
    columns = len(programme.worth)
    rows = matrix.shape[0]
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = -programme.worth
    model.col_lower_, model.col_upper_ = np.zeros(columns), programme.upper
    model.row_lower_, model.row_upper_ = programme.low, programme.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = columns, rows
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kInteger] * programme.whole
    model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (columns - programme.whole)
    return model
