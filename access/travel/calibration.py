"""The estimate fitted to road minutes, and how far an estimate is off the road, on places that no fit has seen."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from access.errors import TableError
from access.geo import Floats, great_circle_km
from access.travel.estimate import BANDED, DriveEstimate
from access.travel.trips import Trips
from access.vocabulary import RURALITIES

_ENOUGH_TRIPS: Final = 200  # trips for a rate or a factor of its own
_LEAST_MINUTES_PER_KM: Final = 0.3  # minutes per km: 200 km/h in a straight line
_SLOWER_ROADS: Final = 1.5  # how much slower than the usual estimate a road may be and still be in the sample
_FACTOR_KM: Final = 2.0  # below it the ratio of two short ways says little
_STARTS_MINUTES: Final = (0.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)  # of estimated trips with their own interval
_MOST_TRIPS: Final = 500_000  # trips that one fit looks at


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted `estimate`, and how it does on places held out of the fit.

    `report`: as `access.travel.calibration` gives it, of the trips held out. `fitted`, `held_out`: trips.
    `unfitted`: what had too few trips, and is the usual estimate's.
    """

    estimate: DriveEstimate
    report: pd.DataFrame
    fitted: int
    held_out: int
    unfitted: tuple[str, ...]

    def to_json(self) -> str:
        """As text, to be kept with a pack."""
        rows = self.report.astype(object).where(self.report.notna(), None).to_dict("records")
        counts = {"fitted": self.fitted, "held_out": self.held_out, "unfitted": self.unfitted}
        return json.dumps({"estimate": asdict(self.estimate), "report": rows, **counts}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """What `to_json` wrote.

        Raises
        ------
        TableError
            It is something else, or an estimate that cannot be one.
        """
        try:
            kept = TypeAdapter(_CalibrationRecord).validate_json(text)
        except ValidationError as failure:
            why = " ".join(str(failure).split())[:200]
            raise TableError(f"This is no calibration ({why}). Make it again.") from None
        _require_sane(kept.estimate)
        return cls(kept.estimate, errors_table(kept.report), kept.fitted, kept.held_out, kept.unfitted)


@dataclass(frozen=True)
class _CalibrationRecord:
    estimate: DriveEstimate
    report: list[dict[str, str | float | None]]
    fitted: int
    held_out: int
    unfitted: tuple[str, ...]


def road_pairs(
    trips: Trips, people: pd.DataFrame, clinics: pd.DataFrame, *, measured: NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """One row per trip that can be learnt from: `geoid`, `rurality`, `straight_km`, `minutes`, `km`.

    Left out are pairs so far apart that slower ones like them were cut at `trips.max_minutes`: those for which the
    usual estimate times 1.5 is beyond it.

    Parameters
    ----------
    measured: for each trip, whether its minutes come from roads; None: all do.

    Raises
    ------
    TableError
        A place or a clinic of the trips is not in its table.
    """
    row = trips.row_by_trip
    place = _positions_of(trips.places, people["geoid"], "people")[row]
    clinic = _positions_of(trips.clinics, clinics["clinic_id"], "clinics")[trips.clinic_index]
    straight = great_circle_km(
        people["latitude"].to_numpy(float)[place],
        people["longitude"].to_numpy(float)[place],
        clinics["latitude"].to_numpy(float)[clinic],
        clinics["longitude"].to_numpy(float)[clinic],
    )
    rurality = people["rurality"].to_numpy()[place]
    learnt = BANDED.minutes(straight, rurality) * _SLOWER_ROADS <= trips.max_minutes
    if measured is not None:
        learnt &= measured
    pairs = {
        "geoid": trips.places[row],
        "rurality": rurality,
        "straight_km": straight,
        "minutes": trips.minutes.astype(np.float64),
        "km": trips.km.astype(np.float64),
    }
    return pd.DataFrame(pairs)[learnt].reset_index(drop=True)


def is_held_out(geoids: "pd.Series[str]", *, share: float = 0.2, seed: int = 0) -> NDArray[np.bool_]:
    """Which places a fit does not see: those whose hash falls below `share`; block groups go with their tract."""
    codes, unique = pd.factorize(geoids.str[:11])
    salted = np.array([f"{seed}:{name}" for name in unique], dtype=object)
    return np.asarray((pd.util.hash_array(salted, categorize=False) / 2.0**64 < share)[codes])


def calibrate_estimate(
    pairs: pd.DataFrame,
    *,
    method: str,
    by_rurality: bool = False,
    held_out: float = 0.2,
    seed: int = 0,
) -> Calibration:
    """The estimate by distance band that fits road minutes best, outliers counting little.

    One start and one rate for each band, none below zero; the road factor is the median by rurality. A band or a
    rurality with fewer than 200 trips has the usual estimate's, or that of all. `low` and `high` of the estimate
    are the 5th and 95th percentile of road minutes over its own, on the places held out; `intervals` are the same of
    trips of 0, 5, 10, 20, 30, 60 and 120 minutes on, where there are 200 (else, of all). The estimate itself lies
    in each.

    Parameters
    ----------
    pairs: as `road_pairs` gives them.
    method: of the trips; it becomes part of the estimate's name.
    by_rurality: whether each rurality has rates of its own.
    held_out: the share of places that the fit does not see. Block groups of one tract are held out together.
    seed: which of them.

    Raises
    ------
    TableError
        Too few trips, on either side.
    ValueError
        A share that is none.
    """
    if not 0 < held_out < 1:
        raise ValueError("The share that is held out lies between 0 and 1.")
    apart = is_held_out(pairs["geoid"], share=held_out, seed=seed)
    seen = pairs[~apart]
    unseen = pairs[apart]
    if min(len(seen), len(unseen)) < _ENOUGH_TRIPS:
        raise TableError(
            f"{len(seen):,} trips to learn from and {len(unseen):,} to judge by are too few; at least {_ENOUGH_TRIPS} "
            "of each are needed. Take a larger area or more clinics."
        )
    estimate, unfitted = _fit_estimate(seen, by_rurality, seed)
    road = unseen["minutes"].to_numpy()
    guess = estimate.minutes(unseen["straight_km"], unseen["rurality"])
    low, high = _interval_ends(road / guess)
    report = estimate_errors(unseen, estimate)
    estimate = replace(
        estimate,
        name=f"estimate fitted to {method}",
        source=_source_words(method, len(seen), unseen, report),
        low=low,
        high=high,
        intervals=_intervals_of(road / guess, guess),
    )
    _require_sane(estimate)
    return Calibration(estimate, report, len(seen), len(unseen), unfitted)


def _interval_ends(ratio: Floats) -> tuple[float, float]:
    low, high = np.quantile(ratio, (0.05, 0.95)).tolist()
    return min(low, 1.0), max(high, 1.0)


def _intervals_of(ratio: Floats, guess: Floats) -> tuple[tuple[float, float, float], ...]:
    """At some estimated minutes, the factors between which most roads lie: at the median of each band of trips."""
    band = np.searchsorted(_STARTS_MINUTES, guess, side="right") - 1
    found = []
    for number, start in enumerate(_STARTS_MINUTES):
        here = band == number
        enough = bool(here.sum() >= _ENOUGH_TRIPS)
        found.append(
            (float(np.median(guess[here])), *_interval_ends(ratio[here])) if enough else (start, *_interval_ends(ratio))
        )
    return tuple(found)


def _positions_of(keys: pd.Index, table: "pd.Series[str]", what: str) -> NDArray[np.int64]:
    rows = pd.Index(table).get_indexer(keys)
    if (rows < 0).any():
        raise TableError(
            f"{keys[rows < 0][0]} of the trips is not among the {what} ({int((rows < 0).sum())} such). Give the tables "
            "that the trips were made of."
        )
    return np.asarray(rows, np.int64)


def _fit_estimate(seen: pd.DataFrame, by_rurality: bool, seed: int) -> tuple[DriveEstimate, tuple[str, ...]]:
    """The estimate fitted, still under the usual name, and what of it could not be."""
    usual = np.array([BANDED.start_minutes, *BANDED.minutes_per_km["urban"]])
    sample = seen.sample(min(len(seen), _MOST_TRIPS), random_state=seed)
    overall, lacking = _fit_rates(sample, usual, frozenset())
    rates = dict.fromkeys(RURALITIES, overall)
    factors = _road_factors(sample)
    if by_rurality:
        groups = ((name, sample[sample["rurality"] == name]) for name in RURALITIES)
        rates |= {
            name: _fit_rates(group, overall, frozenset({0}))[0] for name, group in groups if len(group) >= _ENOUGH_TRIPS
        }
    edges = [f"{edge:g}" for edge in BANDED.edges[:-1]]
    unfitted = [f"minutes per km from {edges[band]} km on" for band in lacking]
    unfitted += [f"road factor, {name}" for name in RURALITIES if name not in factors]
    everywhere = factors.get("all", BANDED.road_factor["not_coded"])
    estimate = replace(
        BANDED,
        start_minutes=float(overall[0]),
        minutes_per_km={name: tuple(found[1:].tolist()) for name, found in rates.items()},
        road_factor={name: factors.get(name, everywhere) for name in RURALITIES},
    )
    return estimate, tuple(unfitted)


def _fit_rates(sample: pd.DataFrame, usual: Floats, held: frozenset[int]) -> tuple[Floats, list[int]]:
    """Start and rates; those in `held`, and those of bands that few trips enter, as usual; and which bands these are.

    Errors add up along the way, so that their spread grows about with its root: each counts by that.
    """
    km = sample["straight_km"].to_numpy(float)
    minutes = sample["minutes"].to_numpy(float)
    parts = np.clip(km[:, None] - BANDED.edges[:-1], 0, np.diff(BANDED.edges))
    lacking = [band for band in range(parts.shape[1]) if (parts[:, band] > 0).sum() < _ENOUGH_TRIPS]
    free = [column for column in range(len(usual)) if column not in held and column - 1 not in lacking]
    rest = [column for column in range(len(usual)) if column not in free]
    columns = np.column_stack([np.ones(len(km)), parts])
    weight = 1 / np.sqrt(np.maximum(km, 1.0))
    target = (minutes - columns[:, rest] @ usual[rest]) * weight
    design = columns[:, free] * weight[:, None]
    lowest = np.array([0.0 if column == 0 else _LEAST_MINUTES_PER_KM for column in free])
    found = np.maximum(usual[free], lowest + 1e-6)
    scale = 1.0
    for _ in range(3):  # the scale of what counts as an outlier settles with the fit
        found = _fit_robustly(design, target, found, lowest, scale)
        scale = max(float(np.median(np.abs(design @ found - target))) * 1.4826, 1e-3)
    whole = usual.copy()
    whole[free] = found
    return whole, lacking


def _fit_robustly(design: Floats, target: Floats, first: Floats, lowest: Floats, scale: float) -> Floats:
    def misses(rates: Floats) -> Floats:
        return np.asarray(design @ rates - target)

    def slope(_: Floats) -> Floats:
        return design

    from scipy.optimize import least_squares  # loaded by who calibrates, not by every search

    start = np.maximum(first, lowest + 1e-9)
    bounds = (lowest, np.full(len(lowest), np.inf))
    done = least_squares(misses, start, jac=slope, bounds=bounds, loss="soft_l1", f_scale=scale)
    return np.asarray(done.x)


def _road_factors(sample: pd.DataFrame) -> dict[str, float]:
    """The median of road km over straight km, by rurality and for all, where there are enough."""
    far = sample[sample["straight_km"] >= _FACTOR_KM]
    ratio = far["km"] / far["straight_km"]
    groups = {"all": ratio, **{name: ratio[far["rurality"] == name] for name in RURALITIES}}
    return {name: max(float(found.median()), 1.0) for name, found in groups.items() if len(found) >= _ENOUGH_TRIPS}


def _source_words(method: str, fitted: int, unseen: pd.DataFrame, report: pd.DataFrame) -> str:
    whole = report.iloc[0]
    return (
        f"fitted to {fitted:,} trips by {method}; on {len(unseen):,} trips of places held out: median error "
        f"{whole['median_minutes']:.1f} min, 90th percentile {whole['p90_minutes']:.1f}, wrong side of 60 min "
        f"{whole['share_wrong_60']:.1%}"
    )


def _require_sane(estimate: DriveEstimate) -> None:
    ends = [number for interval in estimate.intervals for number in interval]
    numbers = np.array([estimate.start_minutes, estimate.low, estimate.high, *estimate.road_factor.values(), *ends])
    rates = [rate for rates in estimate.minutes_per_km.values() for rate in rates]
    whole = set(estimate.minutes_per_km) == set(estimate.road_factor) == set(RURALITIES)
    bands = {len(rates) for rates in estimate.minutes_per_km.values()} == {len(estimate.band_ends_km) + 1}
    if not (whole and bands and np.isfinite([*numbers, *rates]).all() and min(rates) > 0 and numbers.min() >= 0):
        raise TableError(f"The {estimate.name} has a rate, factor or rurality that cannot be. Make it again.")


ALL: Final = "all"
_BAND_ENDS_KM: Final = (8.0, 16.0, 40.0, 80.0)
_LIMITS_MINUTES: Final = (30, 60)
_BAND_NAMES: Final = [
    *(f"{low:g}-{high:g} km" for low, high in pairwise((0.0, *_BAND_ENDS_KM))),
    f"{_BAND_ENDS_KM[-1]:g}+ km",
]
_ERROR_TYPES: Final = {
    "band": "str",
    "rurality": "str",
    "trips": "int64",
    **dict.fromkeys(["bias_minutes", "median_minutes", "p90_minutes"], "float64"),
    **{f"share_wrong_{limit}": "float64" for limit in _LIMITS_MINUTES},
}


def estimate_errors(pairs: pd.DataFrame, estimate: DriveEstimate) -> pd.DataFrame:
    """What `estimate` says of `pairs` (as `access.travel.calibration.road_pairs` gives them), against the road.

    Returns
    -------
    pd.DataFrame
        One row for each band of straight km (its end is in the next) and each rurality, "all" among both; the first
        row is of all trips. `band`, `rurality`, `trips`; `bias_minutes`: estimate less road, in the mean;
        `median_minutes`, `p90_minutes`: of the error without its sign; `share_wrong_30`, `share_wrong_60`: of trips
        that one of the two has at most so long and the other longer. NaN where there are no trips.
    """
    road = pairs["minutes"].to_numpy(float)
    rurality = pairs["rurality"].to_numpy(object)
    guess = estimate.minutes(pairs["straight_km"], pairs["rurality"])
    band = np.array(_BAND_NAMES)[np.searchsorted(_BAND_ENDS_KM, pairs["straight_km"].to_numpy(float), side="right")]
    rows = []
    for one in (ALL, *_BAND_NAMES):
        for kind in (ALL, *RURALITIES):
            chosen = ((band == one) | (one == ALL)) & ((rurality == kind) | (kind == ALL))
            rows.append({"band": one, "rurality": kind, **_errors_of(guess[chosen], road[chosen])})
    return errors_table(rows)


def share_between(pairs: pd.DataFrame, estimate: DriveEstimate) -> float:
    """The share of `pairs` whose minutes by road lie in the estimate's own interval; NaN where there are none."""
    road = pairs["minutes"]
    guess = estimate.minutes(pairs["straight_km"], pairs["rurality"])
    return float(road.between(*estimate.between(guess)).astype(float).mean())


def errors_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows of `estimate_errors` as a table, whatever they leave out being NaN."""
    return pd.DataFrame(rows, columns=list(_ERROR_TYPES)).astype(_ERROR_TYPES)


def _errors_of(guess: Floats, road: Floats) -> dict[str, float]:
    if not len(road):
        return {"trips": 0}
    median, p90 = np.quantile(np.abs(guess - road), (0.5, 0.9)).tolist()
    wrong = {f"share_wrong_{limit}": float(np.mean((guess <= limit) != (road <= limit))) for limit in _LIMITS_MINUTES}
    bias = float((guess - road).mean())
    return {"trips": len(road), "bias_minutes": bias, "median_minutes": median, "p90_minutes": p90, **wrong}
