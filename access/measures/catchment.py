"""Floating catchments: supply per person, where a clinic is shared by everybody within its catchment.

To print with each: the unit is supply per person of the demand given; compare treatments only with supply in one unit.
In scattered rural areas the choice of limit dominates at small scale, that of decay at large scale (Chen & Jia 2019).
"""

from typing import TypeAlias

import numpy as np
import pandas as pd

from access.measures.align import by_clinic, by_place
from access.measures.decay import E2SFCA, Decay, binary
from access.measures.gravity import gravity_with_competition, shared_out, sum_by_clinic, sum_by_place
from access.travel.trips import Trips

Values: TypeAlias = "pd.Series[float]"


def floating_catchment(
    trips: Trips, demand: Values, supply: Values, *, between_places: Trips, max_minutes: float
) -> Values:
    """The supply within `max_minutes` of a place, over the people within `max_minutes` of it.

    `between_places`: trips of the same places whose clinics are places too, by geoid, each one's own included.

    Returns
    -------
    Units of supply per person by `geoid`, in the order of `trips.places`. 0: no supply within the limit.
    NaN: nobody lives within the limit, so there is nothing to divide by.

    Raises
    ------
    ValueError: `max_minutes` below zero, or beyond the trips' own; the two trips start from different places.
    TableError: a place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Luo (2004), Health & Place 10(1), 1-11.
    """
    if not trips.places.equals(between_places.places):
        raise ValueError("Both trips must start from the same places in the same order.")
    by_place(demand, trips)  # names a place without demand as a place, before it is looked for as a destination
    limit = binary(max_minutes)
    around = sum_by_place(between_places, limit, by_clinic(demand, between_places, what="demand"))
    within = sum_by_place(trips, limit, by_clinic(supply, trips))
    ratio = np.divide(within, around, out=np.full(len(within), np.nan), where=around > 0)
    return pd.Series(ratio, index=trips.places, name="supply_per_person")


def two_step_catchment(trips: Trips, demand: Values, supply: Values, *, max_minutes: float) -> Values:
    """Supply per person (2SFCA): each clinic is shared by all within `max_minutes`; a place sums what it reaches.

    Conserves supply: people times access sum to the supply of the clinics with demand within the limit.
    Over-counts demand: a person stands in the queue of every clinic within the limit (Paez et al. 2019).

    Returns
    -------
    Units of supply per person by `geoid`, in the order of `trips.places`; also where nobody lives (what one more
    person would find). 0: no supply within the limit. A clinic with no demand within it gives nothing; never NaN.

    Raises
    ------
    ValueError: `max_minutes` below zero, or beyond the trips' own.
    TableError: a place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Radke & Mu (2000), doi:10.1080/10824000009480538; Luo & Wang (2003), doi:10.1068/b29120.
    """
    return gravity_with_competition(trips, demand, supply, decay=binary(max_minutes))


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
    per_person = shared_out(by_clinic(supply, trips), sum_by_clinic(trips, decay, by_place(demand, trips)))
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
    people, capacity = by_place(demand, trips), by_clinic(supply, trips)
    # With G = f / (sum of f in the row), G x f is f^2 over that sum: one squared pass each way.
    choice = sum_by_place(trips, decay, np.ones(len(trips.clinics)))
    choosing = shared_out(people, choice)
    per_person = shared_out(capacity, sum_by_clinic(trips, decay, choosing, squared=True))
    reached = shared_out(sum_by_place(trips, decay, per_person, squared=True), choice)
    return pd.Series(reached, index=trips.places, name="supply_per_person")
