"""The estimate fitted to road minutes, with its error on places that the fit has not seen."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from scipy.optimize import least_squares

from access.errors import TableError
from access.geo import Floats, great_circle_km
from access.travel.estimate import BANDED, DriveEstimate
from access.travel.estimate_errors import errors_table, estimate_errors
from access.travel.trips import Trips
from access.vocabulary import RURALITIES

_ENOUGH: Final = 200  # trips for a rate or a factor of its own
_FASTEST: Final = 0.3  # minutes per km: 200 km/h in a straight line
_SLOWER: Final = 1.5  # how much slower than the usual estimate a road may be and still be in the sample
_FACTOR_KM: Final = 2.0  # below it the ratio of two short ways says little
_STARTS_MINUTES: Final = (0.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)  # of estimated trips with their own interval
_MOST: Final = 500_000  # trips that one fit looks at


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted `estimate`, and how it does on places held out of the fit.

    `report`: as `access.travel.estimate_errors` gives it, of the trips held out. `fitted`, `held_out`: trips.
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
        TableError: it is something else, or an estimate that cannot be one.
        """
        try:
            kept = TypeAdapter(_Kept).validate_json(text)
        except ValidationError as failure:
            why = " ".join(str(failure).split())[:200]
            raise TableError(f"This is no calibration ({why}). Make it again.") from None
        _require_sane(kept.estimate)
        return cls(kept.estimate, errors_table(kept.report), kept.fitted, kept.held_out, kept.unfitted)


@dataclass(frozen=True)
class _Kept:
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
    TableError: a place or a clinic of the trips is not in its table.
    """
    row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
    place = _rows(trips.places, people["geoid"], "people")[row]
    clinic = _rows(trips.clinics, clinics["clinic_id"], "clinics")[trips.clinic_index]
    straight = great_circle_km(
        people["latitude"].to_numpy(float)[place],
        people["longitude"].to_numpy(float)[place],
        clinics["latitude"].to_numpy(float)[clinic],
        clinics["longitude"].to_numpy(float)[clinic],
    )
    rurality = people["rurality"].to_numpy()[place]
    learnt = BANDED.minutes(straight, rurality) * _SLOWER <= trips.max_minutes
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


def calibrated(
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
    TableError: too few trips, on either side.
    ValueError: a share that is none.
    """
    if not 0 < held_out < 1:
        raise ValueError("The share that is held out lies between 0 and 1.")
    apart = is_held_out(pairs["geoid"], share=held_out, seed=seed)
    seen, unseen = pairs[~apart], pairs[apart]
    if min(len(seen), len(unseen)) < _ENOUGH:
        raise TableError(
            f"{len(seen):,} trips to learn from and {len(unseen):,} to judge by are too few; at least {_ENOUGH} of "
            "each are needed. Take a larger area or more clinics."
        )
    estimate, unfitted = _fitted(seen, by_rurality, seed)
    road, guess = unseen["minutes"].to_numpy(), estimate.minutes(unseen["straight_km"], unseen["rurality"])
    low, high = _ends(road / guess)
    report = estimate_errors(unseen, estimate)
    estimate = replace(
        estimate,
        name=f"estimate fitted to {method}",
        source=_source(method, len(seen), unseen, report),
        low=low,
        high=high,
        intervals=_intervals(road / guess, guess),
    )
    _require_sane(estimate)
    return Calibration(estimate, report, len(seen), len(unseen), unfitted)


def _ends(ratio: Floats) -> tuple[float, float]:
    low, high = np.quantile(ratio, (0.05, 0.95)).tolist()
    return min(low, 1.0), max(high, 1.0)


def _intervals(ratio: Floats, guess: Floats) -> tuple[tuple[float, float, float], ...]:
    """At some estimated minutes, the factors between which most roads lie: at the median of each band of trips."""
    band, found = np.searchsorted(_STARTS_MINUTES, guess, side="right") - 1, []
    for number, start in enumerate(_STARTS_MINUTES):
        here = band == number
        enough = bool(here.sum() >= _ENOUGH)
        found.append((float(np.median(guess[here])), *_ends(ratio[here])) if enough else (start, *_ends(ratio)))
    return tuple(found)


def _rows(keys: pd.Index, table: "pd.Series[str]", what: str) -> NDArray[np.int64]:
    rows = pd.Index(table).get_indexer(keys)
    if (rows < 0).any():
        raise TableError(
            f"{keys[rows < 0][0]} of the trips is not among the {what} ({int((rows < 0).sum())} such). Give the tables "
            "that the trips were made of."
        )
    return np.asarray(rows, np.int64)


def _fitted(seen: pd.DataFrame, by_rurality: bool, seed: int) -> tuple[DriveEstimate, tuple[str, ...]]:
    """The estimate fitted, still under the usual name, and what of it could not be."""
    usual = np.array([BANDED.start_minutes, *BANDED.minutes_per_km["urban"]])
    sample = seen.sample(min(len(seen), _MOST), random_state=seed)
    overall, lacking = _rates(sample, usual, frozenset())
    rates, factors = dict.fromkeys(RURALITIES, overall), _factors(sample)
    if by_rurality:
        groups = ((name, sample[sample["rurality"] == name]) for name in RURALITIES)
        rates |= {name: _rates(group, overall, frozenset({0}))[0] for name, group in groups if len(group) >= _ENOUGH}
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


def _rates(sample: pd.DataFrame, usual: Floats, held: frozenset[int]) -> tuple[Floats, list[int]]:
    """Start and rates; those in `held`, and those of bands that few trips enter, as usual; and which bands these are.

    Errors add up along the way, so that their spread grows about with its root: each counts by that.
    """
    km, minutes = sample["straight_km"].to_numpy(float), sample["minutes"].to_numpy(float)
    parts = np.clip(km[:, None] - BANDED.edges[:-1], 0, np.diff(BANDED.edges))
    lacking = [band for band in range(parts.shape[1]) if (parts[:, band] > 0).sum() < _ENOUGH]
    free = [column for column in range(len(usual)) if column not in held and column - 1 not in lacking]
    rest = [column for column in range(len(usual)) if column not in free]
    columns, weight = np.column_stack([np.ones(len(km)), parts]), 1 / np.sqrt(np.maximum(km, 1.0))
    target = (minutes - columns[:, rest] @ usual[rest]) * weight
    design = columns[:, free] * weight[:, None]
    lowest = np.array([0.0 if column == 0 else _FASTEST for column in free])
    found, scale = np.maximum(usual[free], lowest + 1e-6), 1.0
    for _ in range(3):  # the scale of what counts as an outlier settles with the fit
        found = _robust(design, target, found, lowest, scale)
        scale = max(float(np.median(np.abs(design @ found - target))) * 1.4826, 1e-3)
    whole = usual.copy()
    whole[free] = found
    return whole, lacking


def _robust(design: Floats, target: Floats, first: Floats, lowest: Floats, scale: float) -> Floats:
    def misses(rates: Floats) -> Floats:
        return np.asarray(design @ rates - target)

    def slope(_: Floats) -> Floats:
        return design

    start, bounds = np.maximum(first, lowest + 1e-9), (lowest, np.full(len(lowest), np.inf))
    done = least_squares(misses, start, jac=slope, bounds=bounds, loss="soft_l1", f_scale=scale)
    return np.asarray(done.x)


def _factors(sample: pd.DataFrame) -> dict[str, float]:
    """The median of road km over straight km, by rurality and for all, where there are enough."""
    far = sample[sample["straight_km"] >= _FACTOR_KM]
    ratio = far["km"] / far["straight_km"]
    groups = {"all": ratio, **{name: ratio[far["rurality"] == name] for name in RURALITIES}}
    return {name: max(float(found.median()), 1.0) for name, found in groups.items() if len(found) >= _ENOUGH}


def _source(method: str, fitted: int, unseen: pd.DataFrame, report: pd.DataFrame) -> str:
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
