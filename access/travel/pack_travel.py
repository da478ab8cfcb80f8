"""How the people of a pack get to its clinics: along the roads that it names, else by its own estimate, else the usual.

`trip_finder_by` reads the name of roads, `trip_finder_of` the pack; `keep_estimate` changes what a pack keeps.
"""

from dataclasses import replace
from functools import lru_cache

from access.errors import PackError
from access.places.atomic_writes import lock_folder
from access.places.pack import STARTER, Pack, files_beside, load_pack, pack_folder, save_pack
from access.travel.by_road import ByRoad
from access.travel.calibration import Calibration
from access.travel.estimate import BANDED, DriveEstimate
from access.travel.network import load_network, network_names, network_stamp, open_network
from access.travel.routers.by_address import ROUTER_KINDS, open_router
from access.travel.routers.opentimes import is_opentimes, opentimes_finder
from access.travel.trip_finder import TripFinder


def trip_finder_by(roads: str | None, estimate: DriveEstimate = BANDED) -> TripFinder:
    """The way along `roads`: a network's name, an engine's address as `open_router` has it, or "opentimes".

    None: by `estimate`.

    Raises
    ------
    RoadsError
        There is no such network, it is damaged, or OSRM is not installed.
    SourceError
        An address is none.
    """
    if roads is None:
        return estimate
    if is_opentimes(roads) and roads not in network_names():
        return opentimes_finder(roads, estimate)
    if roads.partition(":")[0] in ROUTER_KINDS and roads not in network_names():
        return ByRoad(open_router(roads), None, estimate)
    return ByRoad(open_network(roads), load_network(roads), estimate)


def trip_finder_of(pack: Pack) -> TripFinder:
    """Along `pack.roads` where they reach, and by the estimate of `estimate_of` elsewhere.

    Raises
    ------
    RoadsError
        As `trip_finder_by`.
    SourceError
        As `trip_finder_by`.
    TableError
        As `estimate_of`.
    """
    return _cached_finder(pack.roads, pack.calibration, network_stamp(pack.roads) if pack.roads else 0)


def estimate_of(pack: Pack) -> DriveEstimate:
    """The estimate that was fitted to roads and is kept with the pack; else the usual one.

    Raises
    ------
    TableError
        What is kept is no calibration.
    """
    return _cached_estimate(pack.calibration)


@lru_cache(maxsize=4)
def _cached_finder(roads: str | None, calibration: str | None, stamp: int) -> TripFinder:  # noqa: ARG001 - a network built anew is another
    return trip_finder_by(roads, _cached_estimate(calibration))


@lru_cache(maxsize=4)
def _cached_estimate(calibration: str | None) -> DriveEstimate:
    return Calibration.from_json(calibration).estimate if calibration else BANDED


def keep_estimate(name: str, calibration: Calibration | None) -> None:
    """The pack of that name with this estimate, which every drive in it is then estimated by; None: the usual one.

    Raises
    ------
    PackError
        It is the starter pack, it is absent or damaged, another command is changing it, or the disk may not be
        written; the pack is untouched.
    """
    if name == STARTER:
        raise PackError(
            "The starter pack ships with the program and keeps no estimate. Build a pack of your own: "
            "trd-access data build"
        )
    folder = pack_folder(name)
    with lock_folder(folder):
        pack = load_pack(name, as_built=True)
        text = calibration.to_json() if calibration else None
        save_pack(replace(pack, calibration=text), folder, beside=files_beside(folder))
