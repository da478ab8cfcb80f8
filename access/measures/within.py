"""How many clinics a place can reach within a limit."""

import numpy as np
import pandas as pd

from access.measures.reach_kernels import count_until
from access.travel.trips import Trips


def clinics_within(trips: Trips, *, max_minutes: float | None = None, max_km: float | None = None) -> pd.Series:
    """How many clinics lie within `max_minutes`, or within `max_km` by road; the limit itself counts.

    Returns
    -------
    Whole numbers indexed by `geoid`, in the order of `trips.places`. Zero: none in these trips within the limit.

    Raises
    ------
    ValueError: not exactly one limit, or `max_minutes` beyond the trips' own, which would count too few.

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
