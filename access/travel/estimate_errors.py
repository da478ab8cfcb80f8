"""How far an estimate is off the road: its errors by distance band and rurality."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from access.geo import Floats
from access.travel.estimate import DriveEstimate
from access.vocabulary import RURALITIES

ALL: Final = "all"
_BAND_ENDS_KM: Final = (8.0, 16.0, 40.0, 80.0)
_LIMITS_MINUTES: Final = (30, 60)
_BANDS: Final = [
    *(f"{low:g}-{high:g} km" for low, high in pairwise((0.0, *_BAND_ENDS_KM))),
    f"{_BAND_ENDS_KM[-1]:g}+ km",
]
_TYPES: Final = {
    "band": "str",
    "rurality": "str",
    "trips": "int64",
    **dict.fromkeys(["bias_minutes", "median_minutes", "p90_minutes"], "float64"),
    **{f"share_wrong_{limit}": "float64" for limit in _LIMITS_MINUTES},
}


def estimate_errors(pairs: pd.DataFrame, estimate: DriveEstimate) -> pd.DataFrame:
    """What `estimate` says of `pairs` (as `access.travel.calibrate.road_pairs` gives them), against the road.

    Returns
    -------
    One row for each band of straight km (its end is in the next) and each rurality, "all" among both; the first row
    is of all trips. `band`, `rurality`, `trips`; `bias_minutes`: estimate less road, in the mean; `median_minutes`,
    `p90_minutes`: of the error without its sign; `share_wrong_30`, `share_wrong_60`: of trips that one of the two
    has at most so long and the other longer. NaN where there are no trips.
    """
    road, rurality = pairs["minutes"].to_numpy(float), pairs["rurality"].to_numpy(object)
    guess = estimate.minutes(pairs["straight_km"], pairs["rurality"])
    band = np.array(_BANDS)[np.searchsorted(_BAND_ENDS_KM, pairs["straight_km"].to_numpy(float), side="right")]
    rows = []
    for one in (ALL, *_BANDS):
        for kind in (ALL, *RURALITIES):
            chosen = ((band == one) | (one == ALL)) & ((rurality == kind) | (kind == ALL))
            rows.append({"band": one, "rurality": kind, **_errors(guess[chosen], road[chosen])})
    return errors_table(rows)


def share_between(pairs: pd.DataFrame, estimate: DriveEstimate) -> float:
    """The share of `pairs` whose minutes by road lie in the estimate's own interval; NaN where there are none."""
    road, guess = pairs["minutes"], estimate.minutes(pairs["straight_km"], pairs["rurality"])
    return float(road.between(*estimate.between(guess)).astype(float).mean())


def errors_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows of `estimate_errors` as a table, whatever they leave out being NaN."""
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def _errors(guess: Floats, road: Floats) -> dict[str, float]:
    if not len(road):
        return {"trips": 0}
    median, p90 = np.quantile(np.abs(guess - road), (0.5, 0.9)).tolist()
    wrong = {f"share_wrong_{limit}": float(np.mean((guess <= limit) != (road <= limit))) for limit in _LIMITS_MINUTES}
    bias = float((guess - road).mean())
    return {"trips": len(road), "bias_minutes": bias, "median_minutes": median, "p90_minutes": p90, **wrong}
