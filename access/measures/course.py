"""The burden of a whole course: hours, escort, miles, money and work days; a trip is not a course."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.measures.layout import Floats
from access.measures.regimens import DEFAULT_REGIMENS, Regimen
from access.tables import require_columns
from access.travel.trips import Trips
from access.units import KM_PER_MILE

USD_PER_MILE: Final = 0.205  # IRS medical mileage of 2026 (A/B); 0.21 in 2025 and 2024, 0.22 in 2023
TIME_USD_PER_HOUR: Final = 21.3  # in 2010 dollars, D from Ray 2015, PMC8085714
HALF_DAY_MINUTES: Final = 240.0  # away from the door for up to 4 hours is half a work day, longer a whole one
_TRIPS_AT_ONCE: Final = 50_000  # trips worked on at once, so that float64 stays in the cache; float32 is kept


def course_burden(
    minutes: pd.Series,
    miles: pd.Series,
    regimen: Regimen,
    *,
    prices: pd.Series | None = None,
    usd_per_mile: float = USD_PER_MILE,
) -> pd.DataFrame:
    """What one whole course asks of a patient who lives `minutes` and `miles` (one way) from the clinic.

    With n sessions, t minutes, v visit, w wait, d miles: patient `n (2t + v + w)`; escort, each session, the less
    of waiting there and of two round trips, `min(2t + v + w, 4t)`, 0 where none is needed; miles `2nd`. A session
    away from the door for up to 4 hours costs half a work day, a longer one a whole day; an escort's likewise.

    Parameters
    ----------
    prices: what each clinic says that a session costs, US dollars, indexed as `minutes`; NaN: the regimen's range.

    Returns
    -------
    pd.DataFrame
        Indexed as `minutes`: `patient_minutes`, `escort_minutes`, `miles`; `treatment_usd_low`, `_central`, `_high`,
        `travel_usd`, and their sums `usd_low`, `usd_central`, `usd_high`; `patient_days`, `escort_days`; `sessions`,
        `sessions_per_week` (the fullest week), `weeks`. NaN: the place reaches no clinic, or the course or its price
        is not known; 0: none needed. Time is not in the money: see `time_usd`.

    Raises
    ------
    TableError
        The two have different indexes, or hold a value below zero.
    ValueError
        A rate per mile below zero.

    Source
    ------
    The formulas are our own arithmetic (grade D) on each regimen's sources; mileage: IRS medical rate.
    """
    if not all(minutes.index.equals(other.index) for other in (miles, prices) if other is not None):
        raise TableError("Minutes, miles and prices are not of the same places in order; take all from one table.")
    if (minutes < 0).any() or (miles < 0).any():
        raise TableError("Minutes and miles cannot be below zero; leave empty what is not known.")
    own = None if prices is None else prices.to_numpy(float)
    numbers = _burden_columns(minutes.to_numpy(float), miles.to_numpy(float), regimen, usd_per_mile, own)
    calendar = {
        "sessions": float(regimen.sessions),
        "sessions_per_week": float(regimen.sessions_per_week),
        "weeks": float(regimen.weeks),
    }
    return pd.DataFrame(numbers, index=minutes.index).assign(**calendar)


def course_by_trip(
    trips: Trips, regimen: Regimen, *, prices: pd.Series | None = None, usd_per_mile: float = USD_PER_MILE
) -> pd.DataFrame:
    """The burden of a course for every trip: row k belongs to trip k of `trips` (and of `trips.to_frame()`).

    `prices`: US dollars per session by clinic_id; where a clinic has none (absent or NaN) the regimen's range stands.

    Returns
    -------
    pd.DataFrame
        The columns of `course_burden` but the calendar, as float32: a row for each trip, nothing for pairs out of
        reach.

    Raises
    ------
    TableError
        `prices` names a clinic twice.
    ValueError
        A rate per mile below zero.

    Source
    ------
    As `course_burden`.
    """
    stated = _prices_by_clinic(prices, trips)
    course: dict[str, NDArray[np.float32]] = {}
    for start in range(0, max(len(trips), 1), _TRIPS_AT_ONCE):
        chunk = slice(start, start + _TRIPS_AT_ONCE)
        miles = trips.km[chunk].astype(float) / KM_PER_MILE
        own = stated[trips.clinic_index[chunk]]
        for name, numbers in _burden_columns(
            trips.minutes[chunk].astype(float), miles, regimen, usd_per_mile, own
        ).items():
            course.setdefault(name, np.empty(len(trips), np.float32))[chunk] = numbers
    return pd.DataFrame(course, copy=False)


def time_usd(course: pd.DataFrame, *, usd_per_hour: float = TIME_USD_PER_HOUR) -> pd.Series:
    """What the hours of patient and escort are worth at a rate: never part of a course's money unless you add it.

    Returns
    -------
    pd.Series
        Indexed as `course` (of `course_burden` or `course_by_trip`). NaN: hours not known.

    Raises
    ------
    TableError
        `course` lacks the minutes.
    ValueError
        A rate below zero.

    Source
    ------
    Default: $21.3 per hour in 2010 dollars, derived (D) from Ray et al. (2015), PMC8085714; not brought to today.
    """
    require_columns(course, ["patient_minutes", "escort_minutes"], where="The course")
    if not usd_per_hour >= 0:
        raise ValueError(f"An hour is worth {usd_per_hour:g} dollars; give 0 or more.")
    hours = (course["patient_minutes"] + course["escort_minutes"]) / 60
    return (hours * usd_per_hour).rename("time_usd")


def lightest_course(
    trips: Trips,
    services: pd.DataFrame,
    *,
    regimens: Mapping[str, Regimen] = DEFAULT_REGIMENS,
    price: Literal["low", "central", "high"] = "central",
    usd_per_mile: float = USD_PER_MILE,
) -> pd.DataFrame:
    """For each place the nearest clinic, the course that costs least money, and the one that takes least time.

    They may differ: a farther clinic may ask less, or give a shorter course. `services`: `clinic_id`, `treatment`,
    `price_usd` per session, as in a pack; sources that differ on a price: their median; none: the regimen's.
    Give the services of treatments that a patient would accept: the comparison weighs burden alone, not benefit.

    Returns
    -------
    pd.DataFrame
        Indexed by `geoid`: `nearest_clinic_id`, `nearest_minutes`; `cheapest_clinic_id`, `cheapest_treatment`,
        `cheapest_usd`; `quickest_clinic_id`, `quickest_treatment`, `quickest_patient_minutes`; `offers_unpriced`,
        `offers_untimed`: offers within reach whose money or time is not known, so one of them may be lighter.
        Missing: no clinic with an offer within reach, or none whose cost is known. Ties: the nearest.

    Raises
    ------
    TableError
        `services` lacks a column.
    ValueError
        `price` is none of the three, or a rate below zero.

    Source
    ------
    As `course_burden`.
    """
    offers = _offers_of(services, regimens, price)
    offers, start = _offers_by_clinic(offers, trips)
    n = offers["sessions"].to_numpy()
    visit = offers["visit_minutes"].to_numpy()
    rows = trips.indptr, trips.clinic_index
    per_km = 2 * n * _check_rate(usd_per_mile) / KM_PER_MILE
    cheap, usd, unpriced = least_offer(*rows, trips.km, start, n * offers["usd"].to_numpy(), per_km)
    quick, spent, untimed = least_offer(*rows, trips.minutes, start, n * visit, 2 * n)
    near, minutes = _nearest_offer(trips, start)
    return pd.DataFrame(
        {
            "nearest_clinic_id": _text_at(trips.clinics, near),
            "nearest_minutes": minutes,
            "cheapest_clinic_id": _text_at(offers["clinic_id"], cheap),
            "cheapest_treatment": _text_at(offers["treatment"], cheap),
            "cheapest_usd": usd,
            "quickest_clinic_id": _text_at(offers["clinic_id"], quick),
            "quickest_treatment": _text_at(offers["treatment"], quick),
            "quickest_patient_minutes": spent,
            "offers_unpriced": unpriced,
            "offers_untimed": untimed,
        }
    ).set_axis(trips.places, axis=0)


def _burden_columns(
    t: Floats, d: Floats, regimen: Regimen, usd_per_mile: float, own_price: Floats | None = None
) -> dict[str, Floats]:
    n = regimen.sessions
    reached = np.where(np.isnan(t), np.nan, 1.0)
    away = 2 * t + regimen.visit_minutes + regimen.wait_minutes
    escort = np.minimum(away, 4 * t) if regimen.needs_escort else 0 * t
    columns = {"patient_minutes": n * away, "escort_minutes": n * escort, "miles": 2 * n * d}
    travel = columns["miles"] * _check_rate(usd_per_mile)
    treatment = {}
    for level in ("low", "central", "high"):
        usual = np.full(len(t), getattr(regimen.price_usd, level), float)
        price = usual if own_price is None else np.where(np.isnan(own_price), usual, own_price)
        treatment[level] = n * price * reached
    columns |= {f"treatment_usd_{level}": usd for level, usd in treatment.items()} | {"travel_usd": travel}
    columns |= {f"usd_{level}": usd + travel for level, usd in treatment.items()}
    return columns | {"patient_days": n * _work_days(away), "escort_days": n * _work_days(escort)}


def _work_days(away: Floats) -> Floats:
    days = np.where(away == 0, 0.0, np.where(away <= HALF_DAY_MINUTES, 0.5, 1.0))
    return np.where(np.isnan(away), np.nan, days)


def _check_rate(usd_per_mile: float) -> float:
    if not usd_per_mile >= 0:
        raise ValueError(f"A mile costs {usd_per_mile:g} dollars; give 0 or more.")
    return usd_per_mile


def _prices_by_clinic(prices: pd.Series | None, trips: Trips) -> Floats:
    if prices is None:
        return np.full(len(trips.clinics), np.nan)
    if not prices.index.is_unique:
        raise TableError("The prices name a clinic more than once; keep one price for each.")
    return prices.reindex(trips.clinics).to_numpy(float)


def _offers_of(services: pd.DataFrame, regimens: Mapping[str, Regimen], price: str) -> pd.DataFrame:
    require_columns(services, ["clinic_id", "treatment", "price_usd"], where="The services table")
    if price not in ("low", "central", "high"):
        raise ValueError(f"price is '{price}'; choose low, central or high.")
    offers = services.groupby(["clinic_id", "treatment"], sort=False)["price_usd"].median().reset_index()
    known = {treatment: one for treatment, one in regimens.items() if treatment in set(offers["treatment"])}
    usual = {treatment: getattr(one.price_usd, price) for treatment, one in known.items()}
    return offers.assign(
        sessions=offers["treatment"].map({key: one.sessions for key, one in known.items()}).astype(float),
        visit_minutes=offers["treatment"]
        .map({key: one.visit_minutes + one.wait_minutes for key, one in known.items()})
        .astype(float),
        usd=offers["price_usd"].fillna(offers["treatment"].map(usual).astype(float)),
    )


def _nearest_offer(trips: Trips, offer_indptr: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """The position of each place's nearest clinic that offers anything, and the minutes to it; -1 and NaN: none."""
    entry = first_with_offer(trips.indptr, trips.clinic_index, offer_indptr)
    clinic = np.full(len(entry), -1, np.int64)
    minutes = np.full(len(entry), np.nan)
    found = entry >= 0
    clinic[found], minutes[found] = trips.clinic_index[entry[found]], trips.minutes[entry[found]]
    return clinic, minutes


def _offers_by_clinic(offers: pd.DataFrame, trips: Trips) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The offers in the order of the clinics of `trips`, and where each clinic's begin."""
    column = trips.clinics.get_indexer(pd.Index(offers["clinic_id"]))
    within = offers[column >= 0].iloc[np.argsort(column[column >= 0], kind="stable")]
    counts = np.bincount(column[column >= 0], minlength=len(trips.clinics))
    return within, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _text_at(values: "pd.Index | pd.Series", at: NDArray[np.int64]) -> pd.Series:
    """The text at each position; missing where it is -1."""
    return pd.Series(values.to_numpy(), dtype="str").reindex(at).reset_index(drop=True)


Array = NDArray[Any]


@numba.njit(cache=True)
def least_offer(
    indptr: Array, clinic_index: Array, distance: Array, offer_indptr: Array, fixed: Array, per_unit: Array
) -> tuple[Array, Array, Array]:
    """Of each row's offers the position and cost of the cheapest, and how many have a cost that is not known.

    Offer o of clinic j (`offer_indptr[j]` to `offer_indptr[j + 1]`) costs `fixed[o] + per_unit[o] * distance`; NaN
    is not known. On a tie the first wins: the nearest clinic's, then the first of its offers. None: -1 and NaN.
    """
    n = len(indptr) - 1
    best = np.full(n, -1, np.int64)
    cost = np.full(n, np.nan)
    unknown = np.zeros(n, np.int64)
    for i in range(n):
        for k in range(indptr[i], indptr[i + 1]):
            for o in range(offer_indptr[clinic_index[k]], offer_indptr[clinic_index[k] + 1]):
                one = fixed[o] + per_unit[o] * np.float64(distance[k])
                if np.isnan(one):
                    unknown[i] += 1
                elif best[i] < 0 or one < cost[i]:
                    best[i], cost[i] = o, one
    return best, cost, unknown


@numba.njit(cache=True)
def first_with_offer(indptr: Array, clinic_index: Array, offer_indptr: Array) -> Array:
    """The position of each row's first entry, so its nearest, whose clinic offers anything; none: -1."""
    first = np.full(len(indptr) - 1, -1, np.int64)
    for i in range(len(first)):
        for k in range(indptr[i], indptr[i + 1]):
            if offer_indptr[clinic_index[k]] < offer_indptr[clinic_index[k] + 1]:
                first[i] = k
                break
    return first
