"""OSRM's own engine inside this program, on a network that was built before."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from access.errors import RoadsError, SourceError
from access.geo import Floats
from access.travel.engine import Block

PACKAGE: Final = "osrm-bindings"
STEM: Final = "roads"  # the network's files are roads.osrm.*
_NOT_HERE: Final = (
    "Real roads need OSRM's engine, which is not installed: pip install trd-access[roads] (Python 3.12 or newer)."
)


@dataclass(frozen=True, eq=False)
class Osrm:
    """An engine on OSRM's own library: as `access.travel.engine.Engine` says.

    Each point goes to the nearest road that leads somewhere, however far: the snap is told, not limited.
    """

    name: str
    router: Any
    # A block's reply is held as Python objects: about 400 bytes a pair.
    most_sources: int = 2_000
    most_targets: int = 1_000
    most_pairs: int = 250_000

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points, given as rows of latitude and longitude in degrees.

        Raises
        ------
        SourceError: OSRM refused; its own words stand in the sentence.
        """
        from osrm import TableParameters

        points = np.vstack([sources, targets])
        asked = TableParameters(
            coordinates=list(zip(points[:, 1].tolist(), points[:, 0].tolist(), strict=True)),
            sources=list(range(len(sources))),
            destinations=list(range(len(sources), len(points))),
            annotations=["duration", "distance"],
            generate_hints=False,
        )
        try:
            reply = self.router.Table(asked)
        except RuntimeError as failure:
            raise SourceError(f"OSRM refused {len(sources)} by {len(targets)} points ({failure}).") from failure
        shape = (len(sources), len(targets))
        return Block(
            minutes=_matrix(reply["durations"], shape) / np.float32(60),
            km=_matrix(reply["distances"], shape) / np.float32(1000),
            source_snap_km=_snaps(reply["sources"]),
            target_snap_km=_snaps(reply["destinations"]),
        )


def _matrix(rows: Any, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Null, which is no route, becomes NaN."""
    return np.array([cell for row in rows for cell in row], np.float64).reshape(shape).astype(np.float32)


def _snaps(waypoints: Any) -> NDArray[np.float32]:
    return np.array([point["distance"] for point in waypoints], np.float32) / np.float32(1000)


def osrm_version() -> str:
    """The version of OSRM in this environment.

    Raises
    ------
    RoadsError: it is not installed.
    """
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        raise RoadsError(_NOT_HERE) from None


def osrm_folder() -> Path:
    """The folder of the installed library, with its tools (`bin`) and profiles (`share/profiles`).

    Raises
    ------
    RoadsError: it is not installed.
    """
    osrm_version()
    found = find_spec("osrm")
    if found is None or not found.origin:
        raise RoadsError(_NOT_HERE)
    return Path(found.origin).parent


def open_osrm(folder: Path, *, profile: str, algorithm: str) -> Osrm:
    """The engine on the network whose files are in `folder`, read into memory.

    Raises
    ------
    RoadsError: OSRM is not installed, or cannot read the files: damaged, or built by another version.
    """
    name = f"road: OSRM {osrm_version()}, {profile}"
    from osrm import OSRM

    try:
        router = OSRM(
            algorithm=algorithm,
            storage_config=str(folder / f"{STEM}.osrm"),
            use_shared_memory=False,
            max_locations_distance_table=-1,
        )
    except RuntimeError as failure:
        raise RoadsError(
            f"OSRM {osrm_version()} cannot read the road network in {folder} ({failure}). "
            "Build it again: trd-access roads build"
        ) from failure
    return Osrm(name, cast(Any, router))
