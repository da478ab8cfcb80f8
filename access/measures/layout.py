"""What is under every measure: values laid out in the order of people, places or clinics, and people summed by group.

What is missing is named, never dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.tables import require_columns
from access.travel.trips import Trips

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
    TableError
        `people` has no such column.
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


def share_of(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, NaN where the whole is zero."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def align_to_people(values: pd.Series, people: pd.DataFrame) -> Floats:
    """`values` (indexed by geoid) in the row order of `people`.

    Raises
    ------
    TableError
        A place of `people` is not among the values: that would drop its people silently.
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


def values_by_place(values: "pd.Series[float]", trips: Trips, *, what: str = "demand") -> Floats:
    """`values` (indexed by geoid) in the order of `trips.places`.

    Raises
    ------
    TableError
        A place of the trips has no value, or one that is missing or below zero.
    """
    return _lay_out(values, trips.places, what)


def values_by_clinic(values: "pd.Series[float]", trips: Trips, *, what: str = "supply") -> Floats:
    """`values` (indexed by clinic_id) in the order of `trips.clinics`.

    Raises
    ------
    TableError
        A clinic of the trips has no value, or one that is missing or below zero.
    """
    return _lay_out(values, trips.clinics, what)


def _lay_out(values: "pd.Series[float]", keys: pd.Index, what: str) -> Floats:
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()]
        raise TableError(f"The {what} names {twice[0]} more than once ({len(twice)} such); keep one value for each.")
    laid_out = np.asarray(values.reindex(keys), np.float64)
    wrong = ~(laid_out >= 0)
    if wrong.any():
        raise TableError(
            f"The {what} of {keys[wrong][0]} is missing or below zero ({int(wrong.sum())} such); give each a number."
        )
    return laid_out
