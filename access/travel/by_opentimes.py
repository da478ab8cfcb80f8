"""Drives by OpenTimes' tables between tracts, and the labelled estimate where these do not tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.errors import SourceError
from access.geo import Floats
from access.settings import settings
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.opentimes import OpenTimesTrips, checked_congestion, opentimes_method, opentimes_trips, tracts_of
from access.travel.origins import Codes, Origins
from access.travel.trips import Trips, merged
from access.travel.way import fastest_km_per_minute
from access.vocabulary import RURALITIES

OPENTIMES: Final = "opentimes"
# Each table ends 300 km beyond its state's border: of longer drives some are lacking, so that none of them is unsaid.
KNOWN_MINUTES: Final = 170.0


def is_opentimes(roads: str) -> bool:
    """Whether `roads` names OpenTimes, with or without factors of congestion."""
    return roads.partition("#")[0] == OPENTIMES


def opentimes_way(roads: str, estimate: DriveEstimate = BANDED) -> "ByOpenTimes":
    """OpenTimes as `roads` names it: "opentimes", or with factors of congestion "opentimes#urban=1.3&rural=1.1".

    Raises
    ------
    SourceError: a factor is none, or of no rurality.
    """
    said = dict(parse_qsl(roads.partition("#")[2], keep_blank_values=True))
    try:
        factors = {name: float(text) for name, text in said.items()}
        checked_congestion(factors)
    except ValueError as failure:
        raise SourceError(f"'{roads}' is not OpenTimes: {failure} Write it like opentimes#urban=1.3.") from None
    return ByOpenTimes(estimate, congestion=factors)


@dataclass(frozen=True, eq=False)
class ByOpenTimes:
    """Between tracts as OpenTimes has it, and by `estimate` where it does not tell; each trip says which.

    Estimated are drives within one tract, from or to a tract that the tables do not know, and those that are not in
    the tables and take longer than `KNOWN_MINUTES` by the estimate. What is not in the tables and would be shorter has
    no route, and is no trip. A place that is not itself of the Census is taken to be in the tract of the nearest
    landmark, and so is each clinic. A drive by the tables has no interval: `low` and `high` are 1. `congestion`:
    factors on the minutes by rurality of the place, 1 to 5; the estimate's drives are without.
    """

    estimate: DriveEstimate = BANDED
    low: float = 1.0
    high: float = 1.0
    congestion: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The version and year of the tables, and the congestion that is asked for."""
        return opentimes_method([self.congestion.get(name, 1.0) for name in RURALITIES])

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """As `access.travel.way.Way`.

        Raises
        ------
        TableError: the landmarks are neither tracts nor block groups. SourceError: a table cannot be had or read.
        """
        around = landmarks or origins
        estimated = self.estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=around)
        people = _people(origins, around)
        nearest = around.geoids[around.nearest(clinics["latitude"], clinics["longitude"])]
        sites = tracts_of(pd.Series(nearest, dtype="str"), "places")
        found = opentimes_trips(
            people,
            clinics,
            max_minutes=np.inf,  # so that a pair that is too long is told from one that is not known
            estimate=self.estimate,
            congestion=self.congestion,
            clinic_tracts=sites.set_axis(pd.Index(clinics["clinic_id"])),
            mirror=settings().mirror,
        )
        told = replace(found.trips, places=origins.geoids, max_minutes=max_minutes).where(~found.is_estimated)
        rest = estimated.where(_is_open(estimated, told, people["geoid"], sites, found))
        return merged(told.where(told.minutes <= max_minutes), rest, told.clinics, 0)

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.way.Way`: a road may be slow, so the longest trips that are kept."""
        return np.full(np.shape(rurality), MAX_MINUTES) if road_km > 0 else np.zeros(np.shape(rurality))

    def most_km(self, max_minutes: float) -> float:
        """As `access.travel.way.Way`, but for how far places and clinics lie from the middles of their tracts."""
        return max(max_minutes * fastest_km_per_minute(self.name), self.estimate.most_km(max_minutes))


def _people(origins: Origins, around: Origins) -> pd.DataFrame:
    """The places by tract, as a people table; to a place that is itself one of `around`, none is nearer."""
    points = origins.points()
    nearest = around.geoids[around.nearest(points["latitude"], points["longitude"])]
    homes = tracts_of(pd.Series(nearest, dtype="str"), "places")
    return points.assign(geoid=homes, county=homes.str[:5], rurality=np.array(list(RURALITIES))[origins.rurality])


def _is_open(
    estimated: Trips, told: Trips, homes: "pd.Series[str]", sites: "pd.Series[str]", found: OpenTimesTrips
) -> NDArray[np.bool_]:
    """Whether the tables leave each estimated trip to the estimate; `homes`, `sites`: tracts of places and clinics."""
    row, column = _row(estimated), estimated.clinic_index
    no_place = homes.isin(found.unknown_places).to_numpy()
    no_clinic = estimated.clinics.isin(found.unknown_clinics.append(found.far_clinics))
    within = homes.to_numpy(object)[row] == sites.to_numpy(object)[column]
    open_to_it = within | no_place[row] | no_clinic[column] | (estimated.minutes > KNOWN_MINUTES)
    return np.asarray(open_to_it & ~np.isin(_pair(row, estimated), _pair(_row(told), told)))


def _row(trips: Trips) -> Codes:
    return np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))


def _pair(row: Codes, trips: Trips) -> Codes:
    """One number for each trip's place and clinic."""
    return np.asarray(row * len(trips.clinics) + trips.clinic_index, np.int64)
