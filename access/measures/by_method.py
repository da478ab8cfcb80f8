"""How the drives were found that people are counted by: along which roads, or by which estimate."""

import pandas as pd

from access.measures.groups import aligned
from access.measures.nearest import at_rank
from access.travel.trips import Trips


def share_by_method(trips: Trips, people: pd.DataFrame, *, rank: int = 1) -> pd.Series:
    """The share of people by how the drive to their `rank`-th nearest clinic was found; the largest first.

    Returns
    -------
    Indexed by method, in shares of all `people`, weighted by `population`. What is missing to 1 lives where fewer than
    `rank` clinics are reached. No rows: nobody reaches one.

    Raises
    ------
    TableError: a place of `people` is not among those of the trips. ValueError: `rank` below 1.
    """
    methods = trips.method_by_trip()
    of_place = aligned(at_rank(trips, methods.codes, rank), people)
    weights = people["population"].to_numpy(float)
    sums = [float(weights[of_place == number].sum()) for number in range(len(methods.categories))]
    shares = pd.Series(sums, index=pd.Index(methods.categories, name="method", dtype="str")) / max(weights.sum(), 1.0)
    known: pd.Series = shares[shares > 0].sort_values(ascending=False, kind="stable").rename("share")
    return known
