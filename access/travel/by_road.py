"""Trips by road where a road network knows both ends, and of cars the labelled estimate everywhere else."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.geo import Floats
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.mode import Mode
from access.travel.network import Network
from access.travel.origins import Origins
from access.travel.road_trips import Snaps, road_trips
from access.travel.routers.router import Router
from access.travel.trips import Trips, merge_trips

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ByRoad:
    """Along roads where `engine` knows both ends, and by `estimate` elsewhere; each trip says which.

    `network`: the engine's own, which knows a point that lies between its farthest roads and was put on one of them;
    None: an engine at an address, which knows what was put on a road. Between two points that it knows, no route is
    no trip. On foot or by bicycle nothing is estimated, since the estimate drives: what the engine does not know is out
    of reach. A trip by road has no interval: `low` and `high` are 1.
    """

    router: Router
    network: Network | None = None
    estimate: DriveEstimate = BANDED
    low: float = 1.0
    high: float = 1.0

    @property
    def mode(self) -> Mode:
        """That of the router."""
        return self.router.mode

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """As `access.travel.trip_finder.TripFinder`.

        Raises
        ------
        SourceError
            The engine failed.
        """
        asked = origins.points()
        sites = clinics
        if self.network:
            asked = asked[is_within(self.network, asked)]
            sites = sites[is_within(self.network, sites)]
        found, snaps = road_trips(asked, sites, self.router, max_minutes=max_minutes)
        if not self.mode.is_driven:
            return _widen_trips(found, origins.geoids, pd.Index(clinics["clinic_id"], name="clinic_id"))
        return merge_with_estimate(
            found, snaps, self.estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=landmarks)
        )

    def without_roadless(self, trips: Trips, origins: Origins) -> Trips:
        """Those of these trips that do not start where no road is near, though the engine knows the clinic.

        Places without a road trip, on the network's ground, lose their trips to the clinics that a road trip leads to.
        """
        points = origins.points()
        by_road = trips.method_by_trip() == self.mode.name
        on_ground = is_within(self.network, points) if self.network else np.ones(len(points), bool)
        row = trips.row_by_trip
        roadless = on_ground & (np.bincount(row[by_road], minlength=len(trips.places)) == 0)
        known = np.bincount(trips.clinic_index[by_road], minlength=len(trips.clinics)) > 0
        return _drop_between(trips, roadless, known)

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.trip_finder.TripFinder`: a road may be slow, so the longest trips that are kept."""
        return np.full(np.shape(rurality), MAX_MINUTES) if road_km > 0 else np.zeros(np.shape(rurality))

    def most_km(self, max_minutes: float) -> float:
        """As `access.travel.trip_finder.TripFinder`."""
        return max_minutes * self.mode.fastest_km_per_minute


def is_within(network: Network, points: pd.DataFrame) -> Flags:
    """Whether each point lies between the southernmost, westernmost, northernmost and easternmost of its roads."""
    latitude = points["latitude"].to_numpy(float)
    longitude = points["longitude"].to_numpy(float)
    tall = (latitude >= network.south) & (latitude <= network.north)
    return np.asarray(tall & (longitude >= network.west) & (longitude <= network.east))


def merge_with_estimate(roads: Trips, snaps: Snaps, estimated: Trips) -> Trips:
    """The trips of `roads` between the points that it knows, and those of `estimated` between all others.

    `roads` is of some of the places and clinics of `estimated`, in the same order.
    """
    known_places = estimated.places.isin(snaps.places.index[~(snaps.places > snaps.limit_km)])
    known_clinics = estimated.clinics.isin(snaps.clinics.index[~(snaps.clinics > snaps.limit_km)])
    rest = _drop_between(estimated, known_places, known_clinics)
    return merge_trips(_widen_trips(roads, estimated.places, estimated.clinics), rest, estimated.clinics, 0)


def _drop_between(trips: Trips, places: Flags, clinics: Flags) -> Trips:
    """The trips but for those between these places and these clinics."""
    row = trips.row_by_trip
    return trips.where(~(places[row] & clinics[trips.clinic_index]))


def _widen_trips(part: Trips, places: pd.Index, clinics: pd.Index) -> Trips:
    """The same trips among all these places and clinics."""
    counts = np.zeros(len(places), np.int64)
    counts[places.get_indexer(part.places)] = np.diff(part.indptr)
    column = clinics.get_indexer(part.clinics).astype(np.int32)
    return replace(
        part,
        places=places,
        clinics=clinics,
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        clinic_index=column[part.clinic_index],
    )
