"""Few sites that hold every row: greedy, then again and again some taken out and the holes filled anew."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from access.scenarios.siting.rules import Ints

Array = NDArray[Any]
_ROUNDS, _GONE = 1500, 0.15


def few_sites(covers: sparse.csr_array, seed: int, *, enough: int) -> Ints:
    """Columns that together hold every row, few of them, in order; the same for the same seed.

    `covers`: rows by sites, every row with one site at least. `enough`: so few are good enough. Rules on costs and
    distances are not looked at.

    Source
    ------
    Ruin and recreate: Schrimpf et al. (2000), doi:10.1006/jcph.1999.6413.
    """
    rng, sites = np.random.default_rng(seed), covers.shape[1]
    columns = covers.tocsc()
    parts = (covers.indptr, covers.indices, columns.indptr, columns.indices)
    held = _filled(*parts, np.zeros(sites, np.bool_), np.zeros(sites))
    for _ in range(_ROUNDS):
        if held.sum() <= enough:
            break
        # Luck parts sites that hold equally many rows, else the holes would be filled as before.
        kept = held & (rng.random(sites) >= _GONE)
        tried = _filled(*parts, kept, rng.random(sites))
        if tried.sum() <= held.sum():
            held = tried
    return np.flatnonzero(held).astype(np.int64)


@numba.njit(cache=True)
def _filled(row_start: Array, row_site: Array, site_start: Array, site_row: Array, kept: Array, luck: Array) -> Array:
    """The kept sites and, one by one, those that hold most rows that none holds yet; then less those not needed."""
    chosen, holders = kept.copy(), np.zeros(len(row_start) - 1, np.int64)
    unmet = np.zeros(len(kept), np.int64)
    for i in range(len(holders)):
        row = row_site[row_start[i] : row_start[i + 1]]
        holders[i] = kept[row].sum()
        unmet[row] += holders[i] == 0
    best = np.argmax(unmet + luck)
    while unmet[best] > 0:
        chosen[best] = True
        for i in site_row[site_start[best] : site_start[best + 1]]:
            unmet[row_site[row_start[i] : row_start[i + 1]]] -= holders[i] == 0
            holders[i] += 1
        best = np.argmax(unmet + luck)
    for j in np.argsort(luck):
        rows = site_row[site_start[j] : site_start[j + 1]]
        if chosen[j] and holders[rows].min() > 1:
            chosen[j] = False
            holders[rows] -= 1
    return chosen
