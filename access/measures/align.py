"""Values by place or by clinic, laid out as the rows or columns of trips; what is missing is named, never dropped."""

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures.groups import Floats
from access.travel.trips import Trips


def by_place(values: "pd.Series[float]", trips: Trips, *, what: str = "demand") -> Floats:
    """`values` (indexed by geoid) in the order of `trips.places`.

    Raises
    ------
    TableError: a place of the trips has no value, or one that is missing or below zero.
    """
    return _laid_out(values, trips.places, what)


def by_clinic(values: "pd.Series[float]", trips: Trips, *, what: str = "supply") -> Floats:
    """`values` (indexed by clinic_id) in the order of `trips.clinics`.

    Raises
    ------
    TableError: a clinic of the trips has no value, or one that is missing or below zero.
    """
    return _laid_out(values, trips.clinics, what)


def _laid_out(values: "pd.Series[float]", keys: pd.Index, what: str) -> Floats:
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
