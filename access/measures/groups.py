"""People summed by group: the small engine under every table by state, county or rurality."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.tables import require_columns

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group each place belongs to: `codes` (one per place) into the rows of `keys`."""

    codes: NDArray[np.int64]
    keys: pd.DataFrame

    def total(self, weights: Floats) -> Floats:
        """The sum of `weights` (one per place) in each group."""
        return np.asarray(np.bincount(self.codes, weights=weights, minlength=len(self.keys)), np.float64)


def groups_of(people: pd.DataFrame, by: Sequence[str] | Groups) -> Groups:
    """The groups of `people` by these columns, sorted by them; no columns: one group of everybody.

    Groups made before from the same table are given back as they are, for questions that come one after another.

    Raises
    ------
    TableError: `people` has no such column.
    """
    if isinstance(by, Groups):
        return by
    if not by:
        return Groups(np.zeros(len(people), np.int64), pd.DataFrame({"group": ["all"]}))
    require_columns(people, by, where="The people table")
    numbered = people.groupby(list(by), sort=True, dropna=False, observed=True).ngroup()
    codes = np.asarray(numbered, dtype=np.int64)
    _, first_rows = np.unique(codes, return_index=True)
    return Groups(codes, people[list(by)].iloc[first_rows].reset_index(drop=True))


def share(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, NaN where the whole is zero."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def aligned(values: pd.Series, people: pd.DataFrame) -> Floats:
    """`values` (indexed by geoid) in the row order of `people`.

    Raises
    ------
    TableError: a place of `people` is not among the values: that would drop its people silently.
    """
    geoids = pd.Index(people["geoid"])
    if values.index.equals(geoids):
        return values.to_numpy(float)
    at = values.index.get_indexer(geoids)
    if (at < 0).any():
        first = geoids[at < 0][0]
        raise TableError(
            f"The values have no row for place {first} ({int((at < 0).sum())} such); "
            "build the trips and the people from one pack."
        )
    return values.to_numpy(float)[at]
