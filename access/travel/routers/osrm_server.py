"""An OSRM server of the user's own, asked for a table over HTTP."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from pydantic import Field

from access.errors import SourceError
from access.geo import Floats
from access.travel.mode import Mode, road_mode
from access.travel.routers.road_server import (
    Cell,
    Cells,
    LimitedRouter,
    Positions,
    Server,
    StrictReply,
    block_of,
    empty_block,
    widen_block,
)
from access.travel.routers.router import Block

_TABLE_SIZE: Final = 100
_KM_PER_METER: Final = 0.001


class _Waypoint(StrictReply):
    distance: Cell = None


class _Table(StrictReply):
    code: str
    message: str = ""
    durations: Cells = Field(default_factory=list)
    distances: Cells = Field(default_factory=list)
    sources: list[_Waypoint] = Field(default_factory=list)
    destinations: list[_Waypoint] = Field(default_factory=list)


class _NoSegmentError(SourceError):
    """A point has no road within the server's own radius; `position`: which, sources first."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class OsrmServer(LimitedRouter):
    """OSRM over HTTP.

    `profile`: how the server's data was prepared, which its answers do not say: car, bicycle or foot.
    `table_size`: the server's `--max-table-size`; a table has at most that number squared of pairs.

    Source
    ------
    OSRM, docs/http.md (table service) and src/engine/plugins/table.cpp: `TooBig` where sources times
    destinations are more than the square of --max-table-size. Seen to be so with osrm-routed 26.10.
    """

    server: Server
    profile: str = "car"
    table_size: int = _TABLE_SIZE

    @property
    def mode(self) -> Mode:
        """The mode of its trips."""
        return road_mode("OSRM server", self.profile)

    @property
    def most_sources(self) -> int:
        """As many as make a square table; an address of more points would be too long for some servers."""
        return self.table_size

    @property
    def most_pairs(self) -> int:
        """The square of the table size."""
        return self.table_size**2

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points; a point that the server finds no road for has a snap of infinity.

        Raises
        ------
        SourceError
            The block is too large; the server failed, refused, or answered what is no table.
        """
        self.refuse_large(sources, targets, "start the server with a larger --max-table-size")
        rows = np.arange(len(sources))
        columns = np.arange(len(targets))
        while len(rows) and len(columns):
            try:
                found = self._table(sources[rows], targets[columns])
            except _NoSegmentError as failure:
                rows, columns = _drop_point(failure, rows, columns)
            else:
                return widen_block(found, rows, columns, (len(sources), len(targets)))
        return widen_block(empty_block(len(rows), len(columns)), rows, columns, (len(sources), len(targets)))

    def _table(self, sources: Floats, targets: Floats) -> Block:
        points = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in np.concatenate([sources, targets]).tolist())
        count = len(sources)
        total = len(sources) + len(targets)
        params = {
            "sources": ";".join(map(str, range(count))),
            "destinations": ";".join(map(str, range(count, total))),
            "annotations": "duration,distance",
            "generate_hints": "false",
        }
        read = partial(_read_table, host=self.server.host, shape=(count, total - count))
        return self.server.ask(f"table/v1/driving/{points}", read, params=params, told=(400,))


def _read_table(body: bytes, *, host: str, shape: tuple[int, int]) -> Block:
    table = _Table.model_validate_json(body)
    if table.code == "NoSegment" and (found := re.search(r"coordinate (\d+)", table.message)):
        raise _NoSegmentError(f"OSRM at {host} has no road near a point.", int(found.group(1)))
    if table.code == "TooBig":
        raise SourceError(
            f"OSRM at {host} takes no table of {shape[0]} x {shape[1]} (TooBig). Start it with a larger "
            "--max-table-size, or give the size it has, as in osrm:http://host:5000#most=50."
        )
    if table.code != "Ok":
        raise SourceError(f"OSRM at {host} refused the table ({table.code}: {table.message[:200]}). Check the server.")
    snaps = (_snaps_of(table.sources), _snaps_of(table.destinations))
    return block_of(table.durations, table.distances, shape=shape, km_per_unit=_KM_PER_METER, snaps=snaps)


def _snaps_of(waypoints: list[_Waypoint]) -> Floats:
    return np.array([point.distance for point in waypoints], np.float64) * _KM_PER_METER


def _drop_point(failure: _NoSegmentError, rows: Positions, columns: Positions) -> tuple[Positions, Positions]:
    """The rows and columns that are left once the point without a road is taken away."""
    if failure.position < len(rows):
        return np.delete(rows, failure.position), columns
    if failure.position < len(rows) + len(columns):
        return rows, np.delete(columns, failure.position - len(rows))
    raise SourceError(f"{failure} It names point {failure.position}, which was not asked. Check the server.")
