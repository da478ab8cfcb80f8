"""The labelled estimate of driving: great-circle distance to road km and minutes, with no road network."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.geo import Floats, chord, unit_vectors
from access.travel import trip_kernels
from access.travel.mode import Mode, estimate_mode
from access.travel.origins import Origins, origins_of, rurality_codes
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips
from access.units import EARTH_RADIUS_KM
from access.vocabulary import RURALITIES

MAX_MINUTES = 240.0


@dataclass(frozen=True)
class DriveEstimate:
    """How great-circle km become minutes and road km, by distance band and rurality of the place.

    `minutes = start_minutes + sum over bands of minutes_per_km[rurality][band] x km in that band`;
    `road km = km x road_factor[rurality]`. `band_ends_km`: where each band but the last ends.
    `low`, `high`: the factors between which the true minutes of most trips lie. `intervals`: the same for trips of so
    many estimated minutes, as (minutes, low, high), the minutes rising, between two of them in proportion; none: as of
    all.
    """

    name: str
    source: str
    start_minutes: float
    band_ends_km: tuple[float, ...]
    minutes_per_km: Mapping[str, tuple[float, ...]]
    road_factor: Mapping[str, float]
    low: float = 0.85
    high: float = 1.2
    intervals: tuple[tuple[float, float, float], ...] = ()

    @property
    def mode(self) -> Mode:
        """How its trips are found: an estimate by this name."""
        return estimate_mode(self.name)

    def between(self, minutes: ArrayLike) -> tuple[Floats, Floats]:
        """The least and the most minutes that trips of these estimated `minutes` take, nearly all; same shape."""
        at, low, high = np.array(self.intervals or [(0.0, self.low, self.high)]).T
        guess = np.asarray(minutes, float)
        return np.asarray(guess * np.interp(guess, at, low)), np.asarray(guess * np.interp(guess, at, high))

    def minutes(self, km: ArrayLike, rurality: ArrayLike) -> Floats:
        """Estimated one-way minutes for great-circle `km` from places of that `rurality`; same shape."""
        length = np.asarray(km, float)[..., None]
        in_band = np.clip(length - self.edges[:-1], 0, np.diff(self.edges))
        return np.asarray(self.start_minutes + (in_band * self.rates[rurality_codes(rurality)]).sum(axis=-1))

    def road_km(self, km: ArrayLike, rurality: ArrayLike) -> Floats:
        """Estimated one-way road km for great-circle `km`; same shape."""
        return np.asarray(np.asarray(km, float) * self.factors[rurality_codes(rurality)])

    def reach_km(self, max_minutes: float, rurality: ArrayLike) -> Floats:
        """The great-circle km that take exactly `max_minutes`; 0 where the start alone takes longer."""
        return np.asarray(self.reach_by_kind(max_minutes)[rurality_codes(rurality)])

    def reach_by_kind(self, max_minutes: float) -> Floats:
        """`reach_km` for each rurality in the order of `RURALITIES`."""
        return np.array([self._reach_of(rates, max_minutes) for rates in self.rates])

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """As `access.travel.trip_finder.TripFinder`; no trip crosses from one land mass to another."""
        reach_km = self.reach_by_kind(max_minutes)[origins.rurality]
        if max_minutes < self.start_minutes:
            reach_km = np.full(len(origins.geoids), -1.0)
        indptr, columns, km = _pairs_within_reach(origins, clinics, reach_km, landmarks or origins)
        minutes, road_km = trip_kernels.cost_rows(
            indptr, km, origins.rurality, self.start_minutes, self.edges, self.rates, self.factors
        )
        return Trips(
            places=origins.geoids,
            clinics=pd.Index(clinics["clinic_id"], name="clinic_id"),
            indptr=indptr,
            clinic_index=columns,
            minutes=minutes,
            km=road_km,
            modes=(self.mode,),
            max_minutes=max_minutes,
        )

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.trip_finder.TripFinder`: a minute more, so that rounding loses no site."""
        return self.minutes(road_km / self.factors[rurality_codes(rurality)], rurality) + 1.0

    def most_km(self, max_minutes: float) -> float:
        """As `access.travel.trip_finder.TripFinder`."""
        return float(self.reach_by_kind(max_minutes).max())

    def _reach_of(self, rates: Floats, max_minutes: float) -> float:
        left = max_minutes - self.start_minutes
        reach = 0.0
        for rate, width in zip(rates, np.diff(self.edges), strict=True):
            reach += min(max(left, 0.0) / rate, width)
            left -= rate * width
        return reach

    @property
    def edges(self) -> Floats:
        """Where the bands start and end, km: 0, the ends of all but the last, infinity."""
        return np.array([0.0, *self.band_ends_km, np.inf])

    @property
    def rates(self) -> Floats:
        """Minutes per km, one row per rurality in the order of `RURALITIES`, one column per band."""
        return np.array([self.minutes_per_km[name] for name in RURALITIES])

    @property
    def factors(self) -> Floats:
        """Road factors in the order of `RURALITIES`."""
        return np.array([self.road_factor[name] for name in RURALITIES])


def _for_each_rurality(value: tuple[float, ...]) -> dict[str, tuple[float, ...]]:
    return dict.fromkeys(RURALITIES, value)


# Kiang 2021 (doi:10.1016/j.drugalcdep.2021.109081), derived: 1.34 urban, 1.27 rural, 1.30 all.
ROAD_FACTOR = {"urban": 1.34, "large_town": 1.30, "small_town": 1.27, "rural": 1.27, "not_coded": 1.30}

BANDED = DriveEstimate(
    name="estimate by distance band",
    source="fitted to 323 k national tract-to-facility drive times, free flow (r2 0.915, median error 1.8 "
    "min, wrong side of 60 min 2.4 %); road factor derived from Kiang 2021, doi:10.1016/j.drugalcdep.2021.109081",
    start_minutes=2.0,
    band_ends_km=(8.0, 40.0),
    minutes_per_km=_for_each_rurality((1.5, 1.03, 0.9)),
    road_factor=ROAD_FACTOR,
)
# One speed by rurality, as most of the literature has it: 57 urban, 60 all, 64 rural km/h on the road.
FACTOR_SPEED = DriveEstimate(
    name="estimate by road factor and speed",
    source="road factor and mean speed derived from Kiang 2021, doi:10.1016/j.drugalcdep.2021.109081",
    start_minutes=0.0,
    band_ends_km=(),
    minutes_per_km={
        name: (ROAD_FACTOR[name] * 60 / speed,)
        for name, speed in zip(RURALITIES, (57.0, 60.0, 64.0, 64.0, 60.0), strict=True)
    },
    road_factor=ROAD_FACTOR,
)
ESTIMATES = {"banded": BANDED, "factor_speed": FACTOR_SPEED}


def estimate_trips(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    *,
    max_minutes: float = MAX_MINUTES,
    estimate: TripFinder = BANDED,
    landmarks: pd.DataFrame | None = None,
) -> Trips:
    """Trips from every place to every clinic at most `max_minutes` away by `estimate`, or by another way.

    No estimated trip crosses from one land mass to another: an island without a bridge reaches its own clinics only.
    A clinic lies on the land mass of the nearest of `landmarks`, a people table; none given: of `people`.

    Returns
    -------
    Trips
        `places` in the order of `people`, `clinics` in the order of `clinics`.

    Source
    ------
    Named in `estimate.source`; the estimate's error is 0.85 to 1.2 times for most trips.
    """
    origins = origins_of(people)
    around = origins if landmarks is None else origins_of(landmarks)
    return trips_from(origins, clinics, max_minutes=max_minutes, estimate=estimate, landmarks=around)


def trips_from(
    origins: Origins,
    clinics: pd.DataFrame,
    *,
    max_minutes: float = MAX_MINUTES,
    estimate: TripFinder = BANDED,
    landmarks: Origins | None = None,
) -> Trips:
    """As `estimate_trips`, from places made ready before: for questions that come one after another."""
    return estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=landmarks)


def _pairs_within_reach(
    origins: Origins, clinics: pd.DataFrame, reach_km: Floats, landmarks: Origins
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Row starts, clinic columns and great-circle km of the pairs within `reach_km` on one land mass."""
    order = np.argsort(clinics["latitude"].to_numpy(), kind="stable")
    sites = clinics.iloc[order]
    arguments = (
        origins.vectors,
        origins.latitude,
        np.where(reach_km >= 0, chord(reach_km), -1.0),
        origins.land,
        unit_vectors(sites["latitude"], sites["longitude"]),
        sites["latitude"].to_numpy(float),
        origins.lands_at(sites, landmarks),
        # A hair wider than the reach, so that rounding never loses a site at the exact edge of the band.
        np.degrees(np.maximum(reach_km, 0) / EARTH_RADIUS_KM) + 1e-6,
    )
    indptr = np.concatenate([[0], np.cumsum(trip_kernels.count_near(*arguments))]).astype(np.int64)
    columns, km = trip_kernels.fill_near(*arguments, indptr, order.astype(np.int32))
    return indptr, columns, km
