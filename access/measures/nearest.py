"""What the nearest clinic costs, and which one it is; by rank, because a listing may be wrong."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.travel.trips import Trips


def minutes_to_nearest(trips: Trips, *, rank: int = 1) -> pd.Series:
    """One-way minutes from each place to its `rank`-th nearest clinic.

    Returns
    -------
    Indexed by `geoid`, in the order of `trips.places`. NaN: fewer than `rank` clinics within `trips.max_minutes`.

    Raises
    ------
    ValueError: `rank` below 1.

    Source
    ------
    Guagliardo (2004), doi:10.1186/1476-072X-3-3; robustness by rank: Kiang et al. (2021),
    doi:10.1016/j.drugalcdep.2021.109081.
    """
    return at_rank(trips, trips.minutes, rank).rename("minutes")


def km_to_nearest(trips: Trips, *, rank: int = 1) -> pd.Series:
    """One-way road km from each place to its `rank`-th nearest clinic by minutes.

    Returns
    -------
    Indexed by `geoid`, in the order of `trips.places`. NaN: fewer than `rank` clinics within `trips.max_minutes`.

    Raises
    ------
    ValueError: `rank` below 1.

    Source
    ------
    As `minutes_to_nearest`.
    """
    return at_rank(trips, trips.km, rank).rename("km")


def nearest_clinic(trips: Trips, *, rank: int = 1) -> pd.Series:
    """The id of each place's `rank`-th nearest clinic.

    Returns
    -------
    Text indexed by `geoid`, in the order of `trips.places`. Missing: fewer than `rank` clinics within reach.

    Raises
    ------
    ValueError: `rank` below 1.
    """
    ids = pd.Series(trips.clinics, dtype="str").reindex(at_rank(trips, trips.clinic_index, rank))
    return pd.Series(ids.to_numpy(), index=trips.places, name="clinic_id", dtype="str")


def at_rank(
    trips: Trips, values: NDArray[np.float32] | NDArray[np.int32] | NDArray[np.int8], rank: int
) -> "pd.Series[float]":
    """What `values` (one for each trip) says of each place's `rank`-th nearest clinic, by `geoid`; NaN: none reached.

    Raises
    ------
    ValueError: `rank` below 1.
    """
    if rank < 1:
        raise ValueError(f"rank is {rank}; the nearest clinic has rank 1.")
    entry = trips.indptr[:-1] + rank - 1
    found = entry < trips.indptr[1:]
    result = np.full(len(trips.places), np.nan)
    result[found] = values[entry[found]]
    return pd.Series(result, index=trips.places)
