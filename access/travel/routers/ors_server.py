"""openrouteservice, the public one with a key or a server of the user's own, asked for a matrix."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, NoReturn

import numpy as np
from pydantic import Field

from access.errors import SourceError
from access.geo import Floats
from access.travel.mode import Mode, road_mode
from access.travel.routers.road_server import (
    Cell,
    Cells,
    LimitedRouter,
    Server,
    StrictReply,
    block_of,
    empty_block,
    widen_block,
)
from access.travel.routers.router import Block

# 40 questions a minute are free; a 404 is a point outside the map, a 413 a body too large.
PAUSE_SECONDS: Final = 1.6
_TELLING_STATUSES: Final = (400, 401, 403, 404, 413)
_OUTSIDE: Final = 6010
_TOO_MANY: Final = 6004
_KM_PER_METER: Final = 0.001


class _Location(StrictReply):
    snapped_distance: Cell = None


class _ErrorBody(StrictReply):
    code: int = 0
    message: str = ""


class _Matrix(StrictReply):
    """`sources`, `destinations`: where each point was put; null: nowhere."""

    durations: Cells = Field(default_factory=list)
    distances: Cells = Field(default_factory=list)
    sources: list[_Location | None] = Field(default_factory=list)
    destinations: list[_Location | None] = Field(default_factory=list)
    error: _ErrorBody | str | None = None


class _OutsideError(SourceError):
    """Points lie outside the server's map; `sources`, `targets`: their positions."""

    def __init__(self, message: str, sources: list[int], targets: list[int]) -> None:
        super().__init__(message)
        self.sources, self.targets = sources, targets


@dataclass(frozen=True)
class OrsServer(LimitedRouter):
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
    def mode(self) -> Mode:
        """The mode of its trips."""
        return road_mode("openrouteservice", self.profile)

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
        SourceError
            The block is too large; the key or the quota does not allow it; the server failed.
        """
        self.refuse_large(sources, targets, "say that your own server takes more, by #most=")
        shape = (len(sources), len(targets))
        if not all(shape):
            return empty_block(*shape)
        try:
            return self._ask(sources, targets)
        except _OutsideError as failure:
            rows = np.delete(np.arange(len(sources)), failure.sources)
            columns = np.delete(np.arange(len(targets)), failure.targets)
        some = len(rows) and len(columns)
        found = self._ask(sources[rows], targets[columns]) if some else empty_block(len(rows), len(columns))
        return widen_block(found, rows, columns, shape)

    def _ask(self, sources: Floats, targets: Floats) -> Block:
        count = len(sources)
        total = len(sources) + len(targets)
        body = {
            "locations": [[round(lon, 6), round(lat, 6)] for lat, lon in np.concatenate([sources, targets]).tolist()],
            "sources": [str(position) for position in range(count)],
            "destinations": [str(position) for position in range(count, total)],
            "metrics": ["duration", "distance"],
            "units": "m",
        }
        read = partial(_read_matrix, host=self.server.host, shape=(count, total - count))
        return self.server.ask(f"v2/matrix/{self.profile}", read, body=body, told=_TELLING_STATUSES)


def _read_matrix(body: bytes, *, host: str, shape: tuple[int, int]) -> Block:
    matrix = _Matrix.model_validate_json(body)
    if matrix.error is not None:
        trouble = matrix.error if isinstance(matrix.error, _ErrorBody) else _ErrorBody(message=matrix.error)
        _raise_refusal(trouble, host, shape)
    snaps = (_snaps_of(matrix.sources), _snaps_of(matrix.destinations))
    return block_of(matrix.durations, matrix.distances, shape=shape, km_per_unit=_KM_PER_METER, snaps=snaps)


def _snaps_of(put: list[_Location | None]) -> Floats:
    """Km; infinity: no road; NaN: it does not say how far."""
    metres = [np.inf if place is None else place.snapped_distance for place in put]
    return np.array(metres, np.float64) * _KM_PER_METER


def _raise_refusal(trouble: _ErrorBody, host: str, shape: tuple[int, int]) -> NoReturn:
    words = trouble.message[:200]
    if trouble.code == _OUTSIDE:
        outside = [_positions_in(kind, trouble.message) for kind in ("Source", "Destination")]
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


def _positions_in(kind: str, words: str) -> list[int]:
    found = re.search(rf"{kind} point\(s\) \[([\d, ]+)\]", words)
    return [int(number) for number in found.group(1).split(",")] if found else []
