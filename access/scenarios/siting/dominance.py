"""Smaller covers with the same answer: rows that others imply are dropped, and sites that others replace."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from access.scenarios.siting.gains import Gains
from access.scenarios.siting.rules import Ints, Rules

Array = NDArray[Any]
_MOST = 30_000  # sets, beyond which comparing each with each takes longer than it saves
_ROUNDS = 4


def reduced(rows: Gains, rules: Rules) -> tuple[sparse.csr_array, Ints]:
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
    for _ in range(_ROUNDS):
        before = matrix.shape
        matrix = matrix[~_dominated(matrix, containing=True)].tocsr()
        if alike:
            needed = ~_dominated(matrix.T.tocsr(), containing=False)
            matrix, sites = matrix[:, needed].tocsr(), sites[needed]
        if matrix.shape == before:
            break
    return matrix, sites


def _dominated(matrix: sparse.csr_array, *, containing: bool) -> NDArray[np.bool_]:
    """Which rows contain another (or, not `containing`, are contained in another); of equal ones the first stays."""
    count, width = matrix.shape
    if count > _MOST or not count:
        return np.zeros(count, bool)
    bits = _bits(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), width)
    return np.asarray(_containing(bits if containing else ~bits), np.bool_)


@numba.njit(cache=True)
def _bits(indptr: Array, column: Array, width: int) -> Array:
    bits = np.zeros((len(indptr) - 1, width // 64 + 1), np.uint64)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            bits[i, column[k] // 64] |= np.uint64(1) << np.uint64(column[k] % 64)
    return bits


@numba.njit(cache=True, parallel=True)
def _containing(bits: Array) -> Array:
    """Which sets hold all of another set, or equal one that stands before."""
    found = np.zeros(len(bits), np.bool_)
    for i in numba.prange(len(bits)):
        for j in range(len(bits)):
            if i == j:
                continue
            inside, equal = True, True
            for word in range(bits.shape[1]):
                if bits[j, word] & ~bits[i, word]:
                    inside = False
                    break
                equal = equal and bits[i, word] == bits[j, word]
            if inside and (not equal or j < i):
                found[i] = True
                break
    return found
