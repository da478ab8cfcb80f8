"""What siting needs to know: the people, what they reach now, and what each candidate would bring them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import ScenarioError
from access.geo import Floats, chord, unit_vectors
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.scenarios.siting.candidates import check_candidates
from access.travel.estimate import BANDED, trips_from
from access.travel.origins import Origins
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips

Ints = NDArray[np.int64]
_BAND_MINUTES = (15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0, 240.0)
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, eq=False)
class Pairs:
    """Trips from places to candidates, as CSR over all places, nearest first.

    `indptr`: int64, places + 1. `site`: int32, rows of the candidates. `minutes`, `km`: float32.
    """

    indptr: Ints
    site: NDArray[np.int32]
    minutes: NDArray[np.float32]
    km: NDArray[np.float32]

    @property
    def place(self) -> Ints:
        """The place of each pair."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def keep(self, kept: NDArray[np.bool_]) -> "Pairs":
        """Only the pairs where `kept` (one boolean per pair) holds."""
        ends = np.concatenate([[0], np.cumsum(kept)])[self.indptr]
        return Pairs(ends.astype(np.int64), self.site[kept], self.minutes[kept], self.km[kept])


@dataclass(frozen=True, eq=False)
class SitingData:
    """What siting needs to know, made once for many questions.

    `people`: the people table; `origins`: of it; `landmarks`: the pack's people made ready.
    `existing`: trips to the sites that give the treatment now, which stay open; its `max_minutes` is the ceiling:
    people who reach nothing within it count as beyond every time, and with the ceiling in averages.
    `existing_sites`: their table (`latitude`, `longitude`). `candidates`: as `siting.candidates` makes them.
    `estimate`: as `existing` was built with.
    """

    people: pd.DataFrame
    origins: Origins
    landmarks: Origins
    existing: Trips
    existing_sites: pd.DataFrame
    candidates: pd.DataFrame
    estimate: TripFinder = BANDED

    def __post_init__(self) -> None:
        """Refuse candidates that break their contract, and people that are not those of the trips."""
        check_candidates(self.candidates)
        if not self.existing.places.equals(pd.Index(self.people["geoid"])):
            raise ScenarioError("The trips are not those of these people; build both from one pack.")
        if not (self.people["population"] > 0).any():
            raise ScenarioError("Nobody lives in these places; choose others.")

    @property
    def ceiling(self) -> float:
        """The longest trips that are kept, in minutes."""
        return self.existing.max_minutes

    @cached_property
    def population(self) -> Floats:
        """The people of each place."""
        return self.people["population"].to_numpy(float)

    @cached_property
    def minutes_now(self) -> Floats:
        """Minutes to the nearest site there is; infinity: none within the ceiling."""
        return np.asarray(minutes_to_nearest(self.existing).fillna(np.inf), np.float64)

    @cached_property
    def km_now(self) -> Floats:
        """Road km to the nearest site there is; infinity: none within the ceiling."""
        return np.asarray(km_to_nearest(self.existing).fillna(np.inf), np.float64)

    def pairs(self, reach: Floats) -> Pairs:
        """Trips to candidates of at most `reach` minutes, one number per place; below zero: none from there.

        Places of one band of reach go together, so that a short reach never pays for a long one.
        """
        band = np.searchsorted(_BAND_MINUTES, np.minimum(reach, self.ceiling))
        parts = []
        rows = []
        for number in np.unique(band[reach >= 0]):
            inside = np.flatnonzero((band == number) & (reach >= 0))
            for first in range(0, len(inside), _ROWS_AT_ONCE):
                some = inside[first : first + _ROWS_AT_ONCE]
                parts.append(self._near(some, reach[some]))
                rows.append(some)
        return _stack_pairs(parts, rows, len(reach))

    def _near(self, rows: Ints, reach: Floats) -> Pairs:
        sites = self.candidates[["latitude", "longitude"]].assign(clinic_id=self.candidates["candidate_id"])
        longest = float(min(reach.max(), self.ceiling))
        trips = trips_from(
            self.origins.among(rows), sites, max_minutes=longest, estimate=self.estimate, landmarks=self.landmarks
        )
        found = Pairs(trips.indptr, trips.clinic_index, trips.minutes, trips.km)
        return found.keep(found.minutes <= np.repeat(reach, np.diff(trips.indptr)))

    def far_from_existing(self, km: float) -> NDArray[np.bool_]:
        """Which candidates stand at least `km` (great circle) from every site there is."""
        if km <= 0 or self.existing_sites.empty:
            return np.ones(len(self.candidates), bool)
        now = unit_vectors(self.existing_sites["latitude"], self.existing_sites["longitude"])
        points = unit_vectors(self.candidates["latitude"], self.candidates["longitude"])
        return np.asarray(np.array([np.linalg.norm(now - point, axis=1).min() for point in points]) >= chord(km))


def _stack_pairs(parts: list[Pairs], rows: list[Ints], places: int) -> Pairs:
    """The parts, each of some rows, as one CSR over all places in order."""
    counts = np.zeros(places, np.int64)
    for part, some in zip(parts, rows, strict=True):
        counts[some] = np.diff(part.indptr)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    whole = Pairs(indptr, *(np.empty(indptr[-1], kind) for kind in (np.int32, np.float32, np.float32)))
    while parts:
        part = parts.pop()
        some = rows.pop()
        lengths = np.diff(part.indptr)
        at = np.repeat(indptr[some] - part.indptr[:-1], lengths) + np.arange(len(part.site))
        whole.site[at], whole.minutes[at], whole.km[at] = part.site, part.minutes, part.km
    return whole
