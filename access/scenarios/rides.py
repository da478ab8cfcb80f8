"""Rides home: for whom a programme lifts the rule that somebody else must drive after a treatment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.measures.regimens import DEFAULT_REGIMENS
from access.scenarios.edits import Edit, RideProgram


def needs_escort(nearest: pd.DataFrame, treatment: str, edits: Sequence[Edit] = ()) -> NDArray[np.bool_]:
    """Whether a patient at each place must find somebody to drive, to have the treatment at the nearest clinic.

    `nearest`: `minutes`, `clinic_id` by geoid. A place that reaches no clinic needs one as far as the treatment does:
    no programme serves it. A treatment without a known course: False, for no rule of it is known.
    """
    regimen = DEFAULT_REGIMENS.get(treatment)
    if regimen is None or not regimen.needs_escort:
        return np.zeros(len(nearest), bool)
    served = np.zeros(len(nearest), bool)
    for ride in edits:
        if isinstance(ride, RideProgram) and (not ride.treatments or treatment in ride.treatments):
            near = (nearest["minutes"] <= ride.max_minutes).to_numpy(bool)
            if ride.clinic_ids:
                near = near & nearest["clinic_id"].isin(ride.clinic_ids).to_numpy(bool)
            served |= near
    return ~served


def people_who_need_escort(
    nearest: pd.DataFrame, people: pd.DataFrame, treatment: str, limit: float, edits: Sequence[Edit] = ()
) -> int:
    """People within `limit` minutes of a clinic who can have the treatment only if somebody drives them home."""
    here = nearest.reindex(people["geoid"])
    within = (here["minutes"] <= limit).to_numpy(bool) & needs_escort(here, treatment, edits)
    return int(people["population"].to_numpy(float)[within].sum())
