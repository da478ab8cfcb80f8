"""What a road router is: minutes and km along roads from some points to others, a block at a time."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from access.geo import Floats
from access.travel.mode import Mode


@dataclass(frozen=True, eq=False)
class Block:
    """One-way minutes and road km from each source (row) to each target (column); NaN: no route.

    `source_snap_km`, `target_snap_km`: from each point to the road that it was put on. NaN: the engine
    does not say; infinity: it found no road.
    """

    minutes: NDArray[np.float32]
    km: NDArray[np.float32]
    source_snap_km: NDArray[np.float32]
    target_snap_km: NDArray[np.float32]


class Router(Protocol):
    """One router; its `mode` becomes that of the trips."""

    @property
    def mode(self) -> Mode:
        """The engine, its version and profile, as in "road: OSRM 26.10, car"."""
        ...

    @property
    def most_sources(self) -> int:
        """The most sources of one block."""
        ...

    @property
    def most_targets(self) -> int:
        """The most targets of one block."""
        ...

    @property
    def most_pairs(self) -> int:
        """The most pairs of one block."""
        ...

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points, given as rows of latitude and longitude in degrees.

        Raises
        ------
        SourceError
            The engine refused or failed; the sentence says why and what to do.
        """
        ...
