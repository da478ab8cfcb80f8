"""An OSRM server of the user's own, asked for a table over HTTP."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from pydantic import Field

from access.errors import SourceError
from access.geo import Floats
from access.travel.engine import Block
from access.travel.road_server import Cell, Cells, Limited, Rows, Server, Strict, block_of, empty_block, placed

_TABLE_SIZE: Final = 100
_METRES: Final = 0.001


class _Waypoint(Strict):
    distance: Cell = None


class _Table(Strict):
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
class OsrmServer(Limited):
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
    def name(self) -> str:
        """The method of its trips."""
        return f"road: OSRM server, {self.profile}"

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
        SourceError: the block is too large; the server failed, refused, or answered what is no table.
        """
        self.refuse_large(sources, targets, "start the server with a larger --max-table-size")
        rows, columns = np.arange(len(sources)), np.arange(len(targets))
        while len(rows) and len(columns):
            try:
                found = self._table(sources[rows], targets[columns])
            except _NoSegmentError as failure:
                rows, columns = _without(failure, rows, columns)
            else:
                return placed(found, rows, columns, (len(sources), len(targets)))
        return placed(empty_block(len(rows), len(columns)), rows, columns, (len(sources), len(targets)))

    def _table(self, sources: Floats, targets: Floats) -> Block:
        points = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in np.concatenate([sources, targets]).tolist())
        count, total = len(sources), len(sources) + len(targets)
        params = {
            "sources": ";".join(map(str, range(count))),
            "destinations": ";".join(map(str, range(count, total))),
            "annotations": "duration,distance",
            "generate_hints": "false",
        }
        read = partial(_read, host=self.server.host, shape=(count, total - count))
        return self.server.ask(f"table/v1/driving/{points}", read, params=params, told=(400,))


def _read(body: bytes, *, host: str, shape: tuple[int, int]) -> Block:
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
    snaps = (_snaps(table.sources), _snaps(table.destinations))
    return block_of(table.durations, table.distances, shape=shape, km_per_unit=_METRES, snaps=snaps)


def _snaps(waypoints: list[_Waypoint]) -> Floats:
    return np.array([point.distance for point in waypoints], np.float64) * _METRES


def _without(failure: _NoSegmentError, rows: Rows, columns: Rows) -> tuple[Rows, Rows]:
    """The rows and columns that are left once the point without a road is taken away."""
    if failure.position < len(rows):
        return np.delete(rows, failure.position), columns
    if failure.position < len(rows) + len(columns):
        return rows, np.delete(columns, failure.position - len(rows))
    raise SourceError(f"{failure} It names point {failure.position}, which was not asked. Check the server.")
