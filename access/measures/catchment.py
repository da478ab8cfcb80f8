"""Floating catchments: supply per person, where a clinic is shared by everybody within its catchment.

The last three count each person and each unit of supply once: balanced catchments and spatial availability.
To print with each: the unit is supply per person of the demand given; compare treatments only with supply in one
unit. In scattered rural areas the choice of limit dominates at small scale, that of decay at large scale (Chen &
Jia 2019).
"""

from typing import TypeAlias

import numpy as np
import pandas as pd

from access.measures.decay import E2SFCA, Decay, binary_decay
from access.measures.gravity import (
    gravity_with_competition,
    share_out,
    sum_by_clinic,
    sum_by_place,
)
from access.measures.layout import values_by_clinic, values_by_place
from access.travel.trips import Trips

Values: TypeAlias = "pd.Series[float]"


def floating_catchment(
    trips: Trips, demand: Values, supply: Values, *, between_places: Trips, max_minutes: float
) -> Values:
    """The supply within `max_minutes` of a place, over the people within `max_minutes` of it.

    `between_places`: trips of the same places whose clinics are places too, by geoid, each one's own included.

    Returns
    -------
    Values
        Units of supply per person by `geoid`, in the order of `trips.places`. 0: no supply within the limit.
        NaN: nobody lives within the limit, so there is nothing to divide by.

    Raises
    ------
    ValueError
        `max_minutes` below zero, or beyond the trips' own; the two trips start from different places.
    TableError
        A place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Luo (2004), Health & Place 10(1), 1-11.
    """
    if not trips.places.equals(between_places.places):
        raise ValueError("Both trips must start from the same places in the same order.")
    values_by_place(demand, trips)  # names a place without demand as a place, before it is looked for as a destination
    limit = binary_decay(max_minutes)
    around = sum_by_place(between_places, limit, values_by_clinic(demand, between_places, what="demand"))
    within = sum_by_place(trips, limit, values_by_clinic(supply, trips))
    ratio = np.divide(within, around, out=np.full(len(within), np.nan), where=around > 0)
    return pd.Series(ratio, index=trips.places, name="supply_per_person")


def two_step_catchment(trips: Trips, demand: Values, supply: Values, *, max_minutes: float) -> Values:
    """Supply per person (2SFCA): each clinic is shared by all within `max_minutes`; a place sums what it reaches.

    Conserves supply: people times access sum to the supply of the clinics with demand within the limit.
    Over-counts demand: a person stands in the queue of every clinic within the limit (Paez et al. 2019).

    Returns
    -------
    Values
        Units of supply per person by `geoid`, in the order of `trips.places`; also where nobody lives (what one more
        person would find). 0: no supply within the limit. A clinic with no demand within it gives nothing; never NaN.

    Raises
    ------
    ValueError
        `max_minutes` below zero, or beyond the trips' own.
    TableError
        A place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Radke & Mu (2000), doi:10.1080/10824000009480538; Luo & Wang (2003), doi:10.1068/b29120.
    """
    return gravity_with_competition(trips, demand, supply, decay=binary_decay(max_minutes))


def enhanced_catchment(trips: Trips, demand: Values, supply: Values, *, decay: Decay = E2SFCA) -> Values:
    """Supply per person (E2SFCA): as the two steps, with the weight of the trip's zone in both.

    Zones: 10, 20, 30 minutes at 1, 0.68, 0.22, unless `decay` says otherwise; rural care needs wider ones
    (`E2SFCA_RURAL`: 20, 40, 60). Conserves supply, as `two_step_catchment`.

    Returns, Raises
    ---------------
    As `two_step_catchment`.

    Source
    ------
    Luo & Qi (2009), doi:10.1016/j.healthplace.2009.06.002.
    """
    return gravity_with_competition(trips, demand, supply, decay=decay)


def modified_catchment(trips: Trips, demand: Values, supply: Values, *, decay: Decay = E2SFCA) -> Values:
    """Supply per person (M2SFCA): the weight counts twice in the second step, so far-off supply is partly lost.

    People times access sum to the supply at most: the rest is what distance loses.

    Returns, Raises
    ---------------
    As `two_step_catchment`.

    Source
    ------
    Delamater (2013), doi:10.1016/j.healthplace.2013.07.012.
    """
    per_person = share_out(values_by_clinic(supply, trips), sum_by_clinic(trips, decay, values_by_place(demand, trips)))
    reached = sum_by_place(trips, decay, per_person, squared=True)
    return pd.Series(reached, index=trips.places, name="supply_per_person")


def three_step_catchment(trips: Trips, demand: Values, supply: Values, *, decay: Decay = E2SFCA) -> Values:
    """Supply per person (3SFCA): people first spread over the clinics they reach, by weight, then as E2SFCA.

    The weights of that choice are a clinic's share of all the weight inside the place's catchment alone: a clinic
    outside it changes nothing, nor does the supply of a clinic, so leave out of the trips those that are closed.
    Conserves supply, as `two_step_catchment`.

    Returns, Raises
    ---------------
    As `two_step_catchment`.

    Source
    ------
    Wan, Zou & Sternberg (2012), doi:10.1080/13658816.2011.624987; the catchment alone: R accessibility, issue 8.
    """
    people = values_by_place(demand, trips)
    capacity = values_by_clinic(supply, trips)
    # With G = f / (sum of f in the row), G x f is f^2 over that sum: one squared pass each way.
    choice = sum_by_place(trips, decay, np.ones(len(trips.clinics)))
    choosing = share_out(people, choice)
    per_person = share_out(capacity, sum_by_clinic(trips, decay, choosing, squared=True))
    reached = share_out(sum_by_place(trips, decay, per_person, squared=True), choice)
    return pd.Series(reached, index=trips.places, name="supply_per_person")


def balanced_demand(trips: Trips, demand: "pd.Series[float]", *, decay: Decay = E2SFCA) -> "pd.Series[float]":
    """How many people each clinic serves when every person is spread over the clinics in reach, by weight.

    Conserves demand: the clinics' people sum to the people of the places that reach any clinic.

    Returns
    -------
    pd.Series[float]
        People by `clinic_id`, in the order of `trips.clinics`. 0: nobody reaches it; never NaN.

    Raises
    ------
    ValueError
        The decay reaches beyond the trips' own minutes.
    TableError
        A place has no demand, or below zero.

    Source
    ------
    Paez, Higgins & Vivona (2019), doi:10.1371/journal.pone.0218773.
    """
    choice = sum_by_place(trips, decay, np.ones(len(trips.clinics)))
    people = sum_by_clinic(trips, decay, share_out(values_by_place(demand, trips), choice))
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
    pd.Series[float]
        Level of service by `geoid`, in the order of `trips.places`; also where nobody lives. 0: nothing reached.
        A clinic with no demand in reach gives nothing; never NaN.

    Raises
    ------
    ValueError
        The decay reaches beyond the trips' own minutes.
    TableError
        A place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Paez, Higgins & Vivona (2019), doi:10.1371/journal.pone.0218773.
    """
    people = np.asarray(balanced_demand(trips, demand, decay=decay), np.float64)
    level = share_out(values_by_clinic(supply, trips), people)
    spread = share_out(level, sum_by_clinic(trips, decay, np.ones(len(trips.places))))
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
    pd.Series[float]
        Units of supply, or per person, by `geoid`, in the order of `trips.places`. 0: nothing reached, or (not per
        head) nobody lives there. NaN, per head only: nobody lives there.

    Raises
    ------
    ValueError
        `demand_exponent` is not above zero, or the decay reaches beyond the trips' own minutes.
    TableError
        A place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Soukhov et al. (2023), doi:10.1371/journal.pone.0278468.
    """
    if not 0 < demand_exponent < np.inf:
        raise ValueError(f"demand_exponent is {demand_exponent}; give a finite number above zero.")
    people = values_by_place(demand, trips)
    pull = np.asarray(people**demand_exponent, np.float64)
    # The totals that scale both balancing factors in the paper cancel in their product.
    per_pull = share_out(values_by_clinic(supply, trips), sum_by_clinic(trips, decay, pull))
    available = pull * sum_by_place(trips, decay, per_pull)
    if per_head:
        available = np.divide(available, people, out=np.full(len(people), np.nan), where=people > 0)
    return pd.Series(available, index=trips.places, name="supply_per_person" if per_head else "available_supply")
