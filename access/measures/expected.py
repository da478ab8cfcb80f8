"""The minutes to expect when a listed clinic may turn out not to give the treatment."""

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures import reach_kernels
from access.measures.align import by_clinic
from access.travel.trips import Trips

# The chance that a listing works: 82.8 % by telephone in ten search tools (Riley 2024, PMC11260587).
WORKS = 0.83
WORKS_SWEEP = (0.5, 0.67, 0.83, 0.95)


def expected_minutes(trips: Trips, *, works: "float | pd.Series[float]" = WORKS) -> pd.DataFrame:
    """The minutes to the first clinic that works, calling nearest first, each listing working with a chance.

    `works`: one chance from 0 to 1 for all, or one for each by clinic_id; clinics work or not independently.

    Returns
    -------
    Indexed by `geoid`, in the order of `trips.places`:

    - `expected_minutes_if_found`: the mean over the cases in which some clinic in reach works (conditional).
      It alone may be read as minutes.
    - `expected_minutes`: the sum of minutes by chance over the clinics in reach (unconditional): the cases in which
      none works add nothing, so that it is too low where they are many; never without the next column.
    - `chance_none_works`: the chance of those cases; 1 where no clinic is in reach.

    NaN minutes: no clinic in reach can work.

    Raises
    ------
    ValueError: one chance for all is outside 0 to 1. TableError: a clinic's chance is missing or outside 0 to 1.

    Source
    ------
    `sum over k of t_(k) q (1 - q)^(k - 1)`; default q and its sweep (0.5 to 0.95): Riley (2024), PMC11260587.
    """
    if isinstance(works, pd.Series):
        chance = by_clinic(works, trips, what="chance that a listing works")
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
