"""Nearest first: the nearest clinic (by rank, because a listing may be wrong), and how its trip was found.

And how many clinics a limit holds, how far the supply is enough, and the minutes to expect where listings fail.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.measures import reach_kernels
from access.measures.layout import Floats, align_to_people, values_by_clinic, values_by_place
from access.measures.reach_kernels import count_until
from access.travel.trips import Trips


def minutes_to_nearest(trips: Trips, *, rank: int = 1) -> pd.Series:
    """One-way minutes from each place to its `rank`-th nearest clinic.

    Returns
    -------
    pd.Series
        Indexed by `geoid`, in the order of `trips.places`. NaN: fewer than `rank` clinics within `trips.max_minutes`.

    Raises
    ------
    ValueError
        `rank` below 1.

    Source
    ------
    Guagliardo (2004), doi:10.1186/1476-072X-3-3; robustness by rank: Kiang et al. (2021),
    doi:10.1016/j.drugalcdep.2021.109081.
    """
    return values_at_rank(trips, trips.minutes, rank).rename("minutes")


def km_to_nearest(trips: Trips, *, rank: int = 1) -> pd.Series:
    """One-way road km from each place to its `rank`-th nearest clinic by minutes.

    Returns
    -------
    pd.Series
        Indexed by `geoid`, in the order of `trips.places`. NaN: fewer than `rank` clinics within `trips.max_minutes`.

    Raises
    ------
    ValueError
        `rank` below 1.

    Source
    ------
    As `minutes_to_nearest`.
    """
    return values_at_rank(trips, trips.km, rank).rename("km")


def nearest_clinic(trips: Trips, *, rank: int = 1) -> pd.Series:
    """The id of each place's `rank`-th nearest clinic.

    Returns
    -------
    pd.Series
        Text indexed by `geoid`, in the order of `trips.places`. Missing: fewer than `rank` clinics within reach.

    Raises
    ------
    ValueError
        `rank` below 1.
    """
    ids = pd.Series(trips.clinics, dtype="str").reindex(values_at_rank(trips, trips.clinic_index, rank))
    return pd.Series(ids.to_numpy(), index=trips.places, name="clinic_id", dtype="str")


def values_at_rank(
    trips: Trips, values: NDArray[np.float32] | NDArray[np.int32] | NDArray[np.int8], rank: int
) -> "pd.Series[float]":
    """What `values` (one for each trip) says of each place's `rank`-th nearest clinic, by `geoid`; NaN: none reached.

    Raises
    ------
    ValueError
        `rank` below 1.
    """
    if rank < 1:
        raise ValueError(f"rank is {rank}; the nearest clinic has rank 1.")
    entry = trips.indptr[:-1] + rank - 1
    found = entry < trips.indptr[1:]
    result = np.full(len(trips.places), np.nan)
    result[found] = values[entry[found]]
    return pd.Series(result, index=trips.places)


def share_by_method(trips: Trips, people: pd.DataFrame, *, rank: int = 1) -> pd.Series:
    """The share of people by how the drive to their `rank`-th nearest clinic was found; the largest first.

    Returns
    -------
    pd.Series
        Indexed by method, in shares of all `people`, weighted by `population`. What is missing to 1 lives where fewer
        than `rank` clinics are reached. No rows: nobody reaches one.

    Raises
    ------
    TableError
        A place of `people` is not among those of the trips.
    ValueError
        `rank` below 1.
    """
    methods = trips.method_by_trip()
    of_place = align_to_people(values_at_rank(trips, methods.codes, rank), people)
    weights = people["population"].to_numpy(float)
    sums = [float(weights[of_place == number].sum()) for number in range(len(methods.categories))]
    shares = pd.Series(sums, index=pd.Index(methods.categories, name="method", dtype="str")) / max(weights.sum(), 1.0)
    known: pd.Series = shares[shares > 0].sort_values(ascending=False, kind="stable").rename("share")
    return known


def clinics_within(trips: Trips, *, max_minutes: float | None = None, max_km: float | None = None) -> pd.Series:
    """How many clinics lie within `max_minutes`, or within `max_km` by road; the limit itself counts.

    Returns
    -------
    pd.Series
        Whole numbers indexed by `geoid`, in the order of `trips.places`. Zero: none in these trips within the limit.

    Raises
    ------
    ValueError
        Not exactly one limit, or `max_minutes` beyond the trips' own, which would count too few.

    Source
    ------
    Cumulative opportunities: Wachs & Kumagai (1973), doi:10.1016/0038-0121(73)90041-4.
    """
    if (max_minutes is None) == (max_km is None):
        raise ValueError("Give one limit: max_minutes or max_km.")
    if max_minutes is not None:
        if max_minutes > trips.max_minutes:
            raise ValueError(f"These trips stop at {trips.max_minutes:g} minutes; {max_minutes:g} asks for more.")
        # As minutes are compared with it: a trip of exactly the limit is within it.
        counts = count_until(trips.indptr, trips.minutes, np.float64(np.float32(max_minutes)))
    else:
        before = np.concatenate([[0], np.cumsum(trips.km <= np.float64(max_km or 0))])
        counts = before[trips.indptr[1:]] - before[trips.indptr[:-1]]
    return pd.Series(counts, index=trips.places, name="clinics")


def balancing_minutes(
    trips: Trips, demand: "pd.Series[float]", supply: "pd.Series[float]", *, factor: float = 1.0
) -> "pd.Series[float]":
    """The fewest minutes within which the supply is at least `factor` times the place's own demand.

    `factor`: units of supply that one person asks for, such as courses a month.

    Returns
    -------
    pd.Series[float]
        Indexed by `geoid`, in the order of `trips.places`. 0: a clinic at the door is enough, or nobody asks. NaN:
        all supply within `trips.max_minutes` is not enough.

    Raises
    ------
    ValueError
        `factor` is below zero or not a number.
    TableError
        Demand or supply lacks a number.

    Source
    ------
    Barboza et al. (2021), doi:10.1016/j.jtrangeo.2020.102924.
    """
    if not 0 <= factor < np.inf:
        raise ValueError(f"factor is {factor:g}; give the units of supply for one person, zero or more.")
    return _minutes_until(trips, supply, values_by_place(demand, trips) * factor).rename("balancing_minutes")


def minutes_to_supply(trips: Trips, supply: "pd.Series[float] | None", amount: float) -> "pd.Series[float]":
    """The fewest minutes within which a place reaches `amount` units of supply (dual access).

    `supply`: by clinic_id; None counts each clinic as one, so that `amount` is a number of clinics.

    Returns
    -------
    pd.Series[float]
        Indexed by `geoid`, in the order of `trips.places`. 0: reached at the door, or `amount` is 0. NaN: all supply
        within `trips.max_minutes` is less.

    Raises
    ------
    ValueError
        `amount` is below zero or not a number.
    TableError
        Supply lacks a number.

    Source
    ------
    Dual access, the cost to the n-th opportunity: as `cost_to_closest` of R accessibility.
    """
    if not 0 <= amount < np.inf:
        raise ValueError(f"amount is {amount:g}; give the units of supply to reach, zero or more.")
    each = pd.Series(1.0, index=trips.clinics) if supply is None else supply
    return _minutes_until(trips, each, np.full(len(trips.places), float(amount))).rename("minutes")


def _minutes_until(trips: Trips, supply: "pd.Series[float]", wanted: Floats) -> "pd.Series[float]":
    units = values_by_clinic(supply, trips)
    until = reach_kernels.minutes_until(trips.indptr, trips.clinic_index, trips.minutes, units, wanted)
    return pd.Series(until, index=trips.places)


# The chance that a listing works: 82.8 % by telephone in ten search tools (Riley 2024, PMC11260587).
CHANCE_LISTING_WORKS = 0.83
CHANCE_SWEEP = (0.5, 0.67, 0.83, 0.95)


def expected_minutes(trips: Trips, *, works: "float | pd.Series[float]" = CHANCE_LISTING_WORKS) -> pd.DataFrame:
    """The minutes to the first clinic that works, calling nearest first, each listing working with a chance.

    `works`: one chance from 0 to 1 for all, or one for each by clinic_id; clinics work or not independently.

    Returns
    -------
    pd.DataFrame
        Indexed by `geoid`, in the order of `trips.places`:

        - `expected_minutes_if_found`: the mean over the cases in which some clinic in reach works (conditional).
          It alone may be read as minutes.
        - `expected_minutes`: the sum of minutes by chance over the clinics in reach (unconditional): the cases in which
          none works add nothing, so that it is too low where they are many; never without the next column.
        - `chance_none_works`: the chance of those cases; 1 where no clinic is in reach.

        NaN minutes: no clinic in reach can work.

    Raises
    ------
    ValueError
        One chance for all is outside 0 to 1.
    TableError
        A clinic's chance is missing or outside 0 to 1.

    Source
    ------
    `sum over k of t_(k) q (1 - q)^(k - 1)`; default q and its sweep (0.5 to 0.95): Riley (2024), PMC11260587.
    """
    if isinstance(works, pd.Series):
        chance = values_by_clinic(works, trips, what="chance that a listing works")
        if (chance > 1).any():
            raise TableError(
                f"The chance that {trips.clinics[chance > 1][0]} works is above 1 ({int((chance > 1).sum())} such); "
                "give shares from 0 to 1."
            )
    elif 0 <= works <= 1:
        chance = np.full(len(trips.clinics), float(works))
    else:
        raise ValueError(f"works is {works:g}; give a chance from 0 to 1.")
    total, none = reach_kernels.minutes_until_one_works(trips.indptr, trips.clinic_index, trips.minutes, chance)
    found = np.where(none < 1, 1 - none, np.nan)
    return pd.DataFrame(
        {
            "expected_minutes_if_found": total / found,
            "expected_minutes": np.where(none < 1, total, np.nan),
            "chance_none_works": none,
        },
        index=trips.places,
    )
