"""openrouteservice, the public one with a key or a server of the user's own, asked for a matrix."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, NoReturn

import numpy as np
from pydantic import Field

from access.errors import SourceError
from access.geo import Floats
from access.travel.engine import Block
from access.travel.road_server import (
    Cell,
    Cells,
    Limited,
    Server,
    Strict,
    block_of,
    empty_block,
    placed,
)

# 40 questions a minute are free; a 404 is a point outside the map, a 413 a body too large.
PAUSE_SECONDS: Final = 1.6
_TOLD: Final = (400, 401, 403, 404, 413)
_OUTSIDE: Final = 6010
_TOO_MANY: Final = 6004
_METRES: Final = 0.001


class _Location(Strict):
    snapped_distance: Cell = None


class _Trouble(Strict):
    code: int = 0
    message: str = ""


class _Matrix(Strict):
    """`sources`, `destinations`: where each point was put; null: nowhere."""

    durations: Cells = Field(default_factory=list)
    distances: Cells = Field(default_factory=list)
    sources: list[_Location | None] = Field(default_factory=list)
    destinations: list[_Location | None] = Field(default_factory=list)
    error: _Trouble | str | None = None


class _OutsideError(SourceError):
    """Points lie outside the server's map; `sources`, `targets`: their positions."""

    def __init__(self, message: str, sources: list[int], targets: list[int]) -> None:
        super().__init__(message)
        self.sources, self.targets = sources, targets


@dataclass(frozen=True)
class OrsServer(Limited):
    """openrouteservice over HTTP.

    `profile`: driving-car, foot-walking or cycling-regular. `pairs`: the most of one matrix.

    Source
    ------
    openrouteservice, docs/api-reference/endpoints/matrix/index.md, error-codes.md, the FAQ on quotas (403 for the
    day's, 429 for the minute's) and openrouteservice.org/restrictions (3,500 pairs); MatrixSearchContextBuilder.java
    for points without a road.
    """

    server: Server
    profile: str = "driving-car"
    pairs: int = 3_500

    @property
    def name(self) -> str:
        """The method of its trips."""
        return f"road: openrouteservice, {self.profile}"

    @property
    def most_sources(self) -> int:
        """As many as there may be pairs."""
        return self.pairs

    @property
    def most_pairs(self) -> int:
        """Sources times targets."""
        return self.pairs

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points; a point that it finds no road for has a snap of infinity.

        Raises
        ------
        SourceError: the block is too large; the key or the quota does not allow it; the server failed.
        """
        self.refuse_large(sources, targets, "say that your own server takes more, by #most=")
        shape = (len(sources), len(targets))
        if not all(shape):
            return empty_block(*shape)
        try:
            return self._asked(sources, targets)
        except _OutsideError as failure:
            rows = np.delete(np.arange(len(sources)), failure.sources)
            columns = np.delete(np.arange(len(targets)), failure.targets)
        some = len(rows) and len(columns)
        found = self._asked(sources[rows], targets[columns]) if some else empty_block(len(rows), len(columns))
        return placed(found, rows, columns, shape)

    def _asked(self, sources: Floats, targets: Floats) -> Block:
        count, total = len(sources), len(sources) + len(targets)
        body = {
            "locations": [[round(lon, 6), round(lat, 6)] for lat, lon in np.concatenate([sources, targets]).tolist()],
            "sources": [str(position) for position in range(count)],
            "destinations": [str(position) for position in range(count, total)],
            "metrics": ["duration", "distance"],
            "units": "m",
        }
        read = partial(_read, host=self.server.host, shape=(count, total - count))
        return self.server.ask(f"v2/matrix/{self.profile}", read, body=body, told=_TOLD)


def _read(body: bytes, *, host: str, shape: tuple[int, int]) -> Block:
    matrix = _Matrix.model_validate_json(body)
    if matrix.error is not None:
        trouble = matrix.error if isinstance(matrix.error, _Trouble) else _Trouble(message=matrix.error)
        _refuse(trouble, host, shape)
    snaps = (_snaps(matrix.sources), _snaps(matrix.destinations))
    return block_of(matrix.durations, matrix.distances, shape=shape, km_per_unit=_METRES, snaps=snaps)


def _snaps(put: list[_Location | None]) -> Floats:
    """Km; infinity: no road; NaN: it does not say how far."""
    metres = [np.inf if place is None else place.snapped_distance for place in put]
    return np.array(metres, np.float64) * _METRES


def _refuse(trouble: _Trouble, host: str, shape: tuple[int, int]) -> NoReturn:
    words = trouble.message[:200]
    if trouble.code == _OUTSIDE:
        outside = [_positions(kind, trouble.message) for kind in ("Source", "Destination")]
        if any(outside) and all(max(found, default=-1) < size for found, size in zip(outside, shape, strict=True)):
            raise _OutsideError(f"openrouteservice at {host} has points outside its map.", *outside)
    if trouble.code == _TOO_MANY:
        raise SourceError(
            f"openrouteservice at {host} takes no matrix of {shape[0]} x {shape[1]} ({words}). Give the limit it has, "
            "as in ors:https://host#most=2500."
        )
    if re.search("quota|unauthori[sz]ed|disallowed|missing|forbidden", trouble.message, re.IGNORECASE):
        raise SourceError(
            f"openrouteservice at {host} refused ({words}). The quota of the day is used up, or the key is not "
            "accepted: wait a day, or set TRD_ACCESS_ORS_KEY."
        )
    raise SourceError(f"openrouteservice at {host} refused the matrix ({trouble.code}: {words}). Check the server.")


def _positions(kind: str, words: str) -> list[int]:
    found = re.search(rf"{kind} point\(s\) \[([\d, ]+)\]", words)
    return [int(number) for number in found.group(1).split(",")] if found else []
