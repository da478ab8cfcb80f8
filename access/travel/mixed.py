"""Trips by road where a road network knows both ends, and of cars the labelled estimate everywhere else."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.geo import Floats
from access.travel.by_opentimes import is_opentimes, opentimes_way
from access.travel.engine import Engine
from access.travel.engines import KINDS, engine_at
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.network import Network, load_network, network_names, open_network
from access.travel.origins import Origins
from access.travel.roads import Snaps, road_trips
from access.travel.trips import Trips, merged
from access.travel.way import Way, fastest_km_per_minute, is_driven

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ByRoad:
    """Along roads where `engine` knows both ends, and by `estimate` elsewhere; each trip says which.

    `network`: the engine's own, which knows a point that lies between its farthest roads and was put on one of them;
    None: an engine at an address, which knows what was put on a road. Between two points that it knows, no route is
    no trip. On foot or by bicycle nothing is estimated, since the estimate drives: what the engine does not know is out
    of reach. A trip by road has no interval: `low` and `high` are 1.
    """

    engine: Engine
    network: Network | None = None
    estimate: DriveEstimate = BANDED
    low: float = 1.0
    high: float = 1.0

    @property
    def name(self) -> str:
        """The engine, its version and profile."""
        return self.engine.name

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """As `access.travel.way.Way`.

        Raises
        ------
        SourceError: the engine failed.
        """
        asked, sites = origins.points(), clinics
        if self.network:
            asked, sites = asked[within(self.network, asked)], sites[within(self.network, sites)]
        found, snaps = road_trips(asked, sites, self.engine, max_minutes=max_minutes)
        if not is_driven(self.name):
            return _spread(found, origins.geoids, pd.Index(clinics["clinic_id"], name="clinic_id"))
        return mixed(found, snaps, self.estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=landmarks))

    def without_roadless(self, trips: Trips, origins: Origins) -> Trips:
        """Those of these trips that do not start where no road is near, though the engine knows the clinic.

        Places without a road trip, on the network's ground, lose their trips to the clinics that a road trip leads to.
        """
        points, by_road = origins.points(), trips.method_by_trip() == self.name
        on_ground = within(self.network, points) if self.network else np.ones(len(points), bool)
        row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
        roadless = on_ground & (np.bincount(row[by_road], minlength=len(trips.places)) == 0)
        known = np.bincount(trips.clinic_index[by_road], minlength=len(trips.clinics)) > 0
        return _without(trips, roadless, known)

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.way.Way`: a road may be slow, so the longest trips that are kept."""
        return np.full(np.shape(rurality), MAX_MINUTES) if road_km > 0 else np.zeros(np.shape(rurality))

    def most_km(self, max_minutes: float) -> float:
        """As `access.travel.way.Way`."""
        return max_minutes * fastest_km_per_minute(self.name)


def way_by(roads: str | None, estimate: DriveEstimate = BANDED) -> Way:
    """The way along `roads`: a network's name, an engine's address as `engine_at` has it, or "opentimes".

    None: by `estimate`.

    Raises
    ------
    RoadsError: there is no such network, it is damaged, or OSRM is not installed. SourceError: an address is none.
    """
    if roads is None:
        return estimate
    if is_opentimes(roads) and roads not in network_names():
        return opentimes_way(roads, estimate)
    if roads.partition(":")[0] in KINDS and roads not in network_names():
        return ByRoad(engine_at(roads), None, estimate)
    return ByRoad(open_network(roads), load_network(roads), estimate)


def within(network: Network, points: pd.DataFrame) -> Flags:
    """Whether each point lies between the southernmost, westernmost, northernmost and easternmost of its roads."""
    latitude, longitude = points["latitude"].to_numpy(float), points["longitude"].to_numpy(float)
    tall = (latitude >= network.south) & (latitude <= network.north)
    return np.asarray(tall & (longitude >= network.west) & (longitude <= network.east))


def mixed(roads: Trips, snaps: Snaps, estimated: Trips) -> Trips:
    """The trips of `roads` between the points that it knows, and those of `estimated` between all others.

    `roads` is of some of the places and clinics of `estimated`, in the same order.
    """
    known_places = estimated.places.isin(snaps.places.index[~(snaps.places > snaps.limit_km)])
    known_clinics = estimated.clinics.isin(snaps.clinics.index[~(snaps.clinics > snaps.limit_km)])
    rest = _without(estimated, known_places, known_clinics)
    return merged(_spread(roads, estimated.places, estimated.clinics), rest, estimated.clinics, 0)


def _without(trips: Trips, places: Flags, clinics: Flags) -> Trips:
    """The trips but for those between these places and these clinics."""
    row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
    return trips.where(~(places[row] & clinics[trips.clinic_index]))


def _spread(part: Trips, places: pd.Index, clinics: pd.Index) -> Trips:
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
