"""Catchments that count each person and each unit of supply once: balanced catchments and spatial availability."""

import numpy as np
import pandas as pd

from access.measures.align import by_clinic, by_place
from access.measures.decay import E2SFCA, Decay
from access.measures.gravity import shared_out, sum_by_clinic, sum_by_place
from access.travel.trips import Trips


def balanced_demand(trips: Trips, demand: "pd.Series[float]", *, decay: Decay = E2SFCA) -> "pd.Series[float]":
    """How many people each clinic serves when every person is spread over the clinics in reach, by weight.

    Conserves demand: the clinics' people sum to the people of the places that reach any clinic.

    Returns
    -------
    People by `clinic_id`, in the order of `trips.clinics`. 0: nobody reaches it; never NaN.

    Raises
    ------
    ValueError: the decay reaches beyond the trips' own minutes. TableError: a place has no demand, or below zero.

    Source
    ------
    Paez, Higgins & Vivona (2019), doi:10.1371/journal.pone.0218773.
    """
    choice = sum_by_place(trips, decay, np.ones(len(trips.clinics)))
    people = sum_by_clinic(trips, decay, shared_out(by_place(demand, trips), choice))
    return pd.Series(people, index=trips.clinics, name="people")


def balanced_catchment(
    trips: Trips, demand: "pd.Series[float]", supply: "pd.Series[float]", *, decay: Decay = E2SFCA
) -> "pd.Series[float]":
    """Level of service (BFCA): demand spread over clinics, and each clinic's supply per person spread over places.

    Conserves both: demand as `balanced_demand`, and the places' levels sum to the clinics' (supply over people).
    A place's level depends on how many places a clinic's surroundings are cut into, empty ones too: compare only
    within one unit of origin.

    Returns
    -------
    Level of service by `geoid`, in the order of `trips.places`; also where nobody lives. 0: nothing reached.
    A clinic with no demand in reach gives nothing; never NaN.

    Raises
    ------
    ValueError: the decay reaches beyond the trips' own minutes.
    TableError: a place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Paez, Higgins & Vivona (2019), doi:10.1371/journal.pone.0218773.
    """
    people = np.asarray(balanced_demand(trips, demand, decay=decay), np.float64)
    level = shared_out(by_clinic(supply, trips), people)
    spread = shared_out(level, sum_by_clinic(trips, decay, np.ones(len(trips.places))))
    return pd.Series(sum_by_place(trips, decay, spread), index=trips.places, name="level_of_service")


def spatial_availability(
    trips: Trips,
    demand: "pd.Series[float]",
    supply: "pd.Series[float]",
    *,
    decay: Decay = E2SFCA,
    demand_exponent: float = 1.0,
    per_head: bool = False,
) -> "pd.Series[float]":
    """The supply that falls to each place when every clinic is divided, by people and weight, among all it serves.

    Conserves supply: the places' parts sum to the supply of the clinics that anybody reaches. `demand_exponent`
    (the paper's alpha): below 1, crowds count for less. `per_head`: over the people of the place; with an exponent
    of 1 that equals `enhanced_catchment`.

    Returns
    -------
    Units of supply, or per person, by `geoid`, in the order of `trips.places`. 0: nothing reached, or (not per
    head) nobody lives there. NaN, per head only: nobody lives there.

    Raises
    ------
    ValueError: `demand_exponent` is not above zero, or the decay reaches beyond the trips' own minutes.
    TableError: a place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Soukhov et al. (2023), doi:10.1371/journal.pone.0278468.
    """
    if not 0 < demand_exponent < np.inf:
        raise ValueError(f"demand_exponent is {demand_exponent}; give a finite number above zero.")
    people = by_place(demand, trips)
    pull = np.asarray(people**demand_exponent, np.float64)
    # The totals that scale both balancing factors in the paper cancel in their product.
    per_pull = shared_out(by_clinic(supply, trips), sum_by_clinic(trips, decay, pull))
    available = pull * sum_by_place(trips, decay, per_pull)
    if per_head:
        available = np.divide(available, people, out=np.full(len(people), np.nan), where=people > 0)
    return pd.Series(available, index=trips.places, name="supply_per_person" if per_head else "available_supply")
