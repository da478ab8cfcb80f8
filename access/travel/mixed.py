"""Trips by road where a road network knows both ends, and the labelled estimate everywhere else."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.geo import Floats
from access.travel.by_opentimes import OPENTIMES, ByOpenTimes
from access.travel.engine import Engine
from access.travel.engines import KINDS, engine_at
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate
from access.travel.network import Network, load_network, network_names, open_network
from access.travel.origins import Origins
from access.travel.roads import Snaps, road_trips
from access.travel.trips import Trips, merged
from access.travel.way import Way

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ByRoad:
    """Along roads where `engine` knows both ends, and by `estimate` elsewhere; each trip says which.

    `network`: the engine's own, which knows a point that lies between its farthest roads and was put on one of them;
    None: an engine at an address, which knows what was put on a road. Between two points that it knows, no route is
    no trip. A drive by road has no interval: `low` and `high` are 1.
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
        estimated = self.estimate.trips(origins, clinics, max_minutes=max_minutes, landmarks=landmarks)
        asked, sites = origins.points(), clinics
        if self.network:
            asked, sites = asked[within(self.network, asked)], sites[within(self.network, sites)]
        found, snaps = road_trips(asked, sites, self.engine, max_minutes=max_minutes)
        return mixed(found, snaps, estimated)

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """As `access.travel.way.Way`: a road may be slow, so the longest trips that are kept."""
        return np.full(np.shape(rurality), MAX_MINUTES) if road_km > 0 else np.zeros(np.shape(rurality))


def way_by(roads: str | None, estimate: DriveEstimate = BANDED) -> Way:
    """The way along `roads`: a network's name, an engine's address as `engine_at` has it, or "opentimes".

    None: by `estimate`.

    Raises
    ------
    RoadsError: there is no such network, it is damaged, or OSRM is not installed. SourceError: an address is none.
    """
    if roads is None:
        return estimate
    if roads == OPENTIMES and roads not in network_names():
        return ByOpenTimes(estimate)
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
    return merged(_spread(roads, estimated), rest, estimated.clinics, 0)


def _without(trips: Trips, places: Flags, clinics: Flags) -> Trips:
    """The trips but for those between these places and these clinics."""
    row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
    return trips.where(~(places[row] & clinics[trips.clinic_index]))


def _spread(part: Trips, whole: Trips) -> Trips:
    """The same trips among all the places and clinics of `whole`."""
    counts = np.zeros(len(whole.places), np.int64)
    counts[whole.places.get_indexer(part.places)] = np.diff(part.indptr)
    column = whole.clinics.get_indexer(part.clinics).astype(np.int32)
    return replace(
        part,
        places=whole.places,
        clinics=whole.clinics,
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        clinic_index=column[part.clinic_index],
    )
