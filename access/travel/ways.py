"""The way that a pack's people get to its clinics: its road network, else its own estimate, else the usual one."""

from functools import lru_cache

from access.places.pack import Pack
from access.travel.calibrate import Calibration
from access.travel.estimate import BANDED, DriveEstimate
from access.travel.mixed import way_by
from access.travel.network import network_stamp
from access.travel.way import Way


def way_of(pack: Pack) -> Way:
    """Along `pack.roads` where they reach, and by the estimate of `estimate_of` elsewhere.

    Raises
    ------
    RoadsError, SourceError: as `way_by`. TableError: as `estimate_of`.
    """
    return _way(pack.roads, pack.calibration, network_stamp(pack.roads) if pack.roads else 0)


def estimate_of(pack: Pack) -> DriveEstimate:
    """The estimate that was fitted to roads and is kept with the pack; else the usual one.

    Raises
    ------
    TableError: what is kept is no calibration.
    """
    return _estimate(pack.calibration)


@lru_cache(maxsize=4)
def _way(roads: str | None, calibration: str | None, stamp: int) -> Way:  # noqa: ARG001 - a network built anew is another
    return way_by(roads, _estimate(calibration))


@lru_cache(maxsize=4)
def _estimate(calibration: str | None) -> DriveEstimate:
    return Calibration.from_json(calibration).estimate if calibration else BANDED
