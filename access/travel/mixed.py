"""Trips by road where a road network knows both ends, and the labelled estimate everywhere else."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.sources.fetch import Progress
from access.travel.engine import Engine
from access.travel.engines import KINDS, engine_at
from access.travel.estimate import BANDED, MAX_MINUTES, DriveEstimate, estimate_trips
from access.travel.network import Network, load_network, network_names, open_network
from access.travel.roads import Snaps, road_trips
from access.travel.trips import Trips, merged

Flags = NDArray[np.bool_]


def trips_of(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    *,
    roads: str | None = None,
    max_minutes: float = MAX_MINUTES,
    estimate: DriveEstimate = BANDED,
    landmarks: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> Trips:
    """Trips from every place to every clinic; along roads where `roads` knows both ends, and estimated elsewhere.

    `roads`: a network's name, or an engine's address as `engine_at` has it ("osrm:http://host:5000"); None: all trips
    are estimated. A network knows a point that lies between its farthest roads and was put on one of them; an engine
    at an address, one that was put on a road. Between two points that it knows, no route is no trip. Each trip says
    its method (`method_by_trip`).

    Raises
    ------
    RoadsError: there is no such network, it is damaged, or OSRM is not installed.
    SourceError: the engine failed, or its address is none.
    """
    estimated = estimate_trips(people, clinics, max_minutes=max_minutes, estimate=estimate, landmarks=landmarks)
    if roads is None:
        return estimated
    if roads.partition(":")[0] in KINDS and roads not in network_names():
        engine: Engine = engine_at(roads)
        asked, sites = people, clinics
    else:
        network = load_network(roads)
        engine = open_network(roads)
        asked, sites = people[within(network, people)], clinics[within(network, clinics)]
    found, snaps = road_trips(asked, sites, engine, max_minutes=max_minutes, progress=progress)
    return mixed(found, snaps, estimated)


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
    kept = ~(places[row] & clinics[trips.clinic_index])
    counts = np.bincount(row[kept], minlength=len(trips.places))
    return replace(
        trips,
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        clinic_index=trips.clinic_index[kept],
        minutes=trips.minutes[kept],
        km=trips.km[kept],
    )


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
