"""How far a place must go until the supply within reach is enough."""

import numpy as np
import pandas as pd

from access.measures import reach_kernels
from access.measures.align import by_clinic, by_place
from access.measures.groups import Floats
from access.travel.trips import Trips


def balancing_minutes(
    trips: Trips, demand: "pd.Series[float]", supply: "pd.Series[float]", *, factor: float = 1.0
) -> "pd.Series[float]":
    """The fewest minutes within which the supply is at least `factor` times the place's own demand.

    `factor`: units of supply that one person asks for, such as courses a month.

    Returns
    -------
    Indexed by `geoid`, in the order of `trips.places`. 0: a clinic at the door is enough, or nobody asks. NaN: all
    supply within `trips.max_minutes` is not enough.

    Raises
    ------
    ValueError: `factor` is below zero or not a number. TableError: demand or supply lacks a number.

    Source
    ------
    Barboza et al. (2021), doi:10.1016/j.jtrangeo.2020.102924.
    """
    if not 0 <= factor < np.inf:
        raise ValueError(f"factor is {factor:g}; give the units of supply for one person, zero or more.")
    return _minutes_until(trips, supply, by_place(demand, trips) * factor).rename("balancing_minutes")


def minutes_to_supply(trips: Trips, supply: "pd.Series[float] | None", amount: float) -> "pd.Series[float]":
    """The fewest minutes within which a place reaches `amount` units of supply (dual access).

    `supply`: by clinic_id; None counts each clinic as one, so that `amount` is a number of clinics.

    Returns
    -------
    Indexed by `geoid`, in the order of `trips.places`. 0: reached at the door, or `amount` is 0. NaN: all supply
    within `trips.max_minutes` is less.

    Raises
    ------
    ValueError: `amount` is below zero or not a number. TableError: supply lacks a number.

    Source
    ------
    Dual access, the cost to the n-th opportunity: as `cost_to_closest` of R accessibility.
    """
    if not 0 <= amount < np.inf:
        raise ValueError(f"amount is {amount:g}; give the units of supply to reach, zero or more.")
    each = pd.Series(1.0, index=trips.clinics) if supply is None else supply
    return _minutes_until(trips, each, np.full(len(trips.places), float(amount))).rename("minutes")


def _minutes_until(trips: Trips, supply: "pd.Series[float]", wanted: Floats) -> "pd.Series[float]":
    units = by_clinic(supply, trips)
    until = reach_kernels.minutes_until(trips.indptr, trips.clinic_index, trips.minutes, units, wanted)
    return pd.Series(until, index=trips.places)
