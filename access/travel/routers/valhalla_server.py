"""A Valhalla server of the user's own, asked for a matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, RootModel

from access.errors import SourceError
from access.geo import Floats, great_circle_km
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

# A little more than the 3 miles within which a point is put on a road; Valhalla itself would go 35 km for one.
_SEARCH_CUTOFF_METERS: Final = 5_000
_ECHO_KM: Final = 0.0002  # what the rounding of an address to six decimals can move a point
# No path; regions that are not joined, of which a point without a road is one, or was an error of its own.
_NO_PATH: Final = 442
_NOT_JOINED: Final = (170, 171)
_TOO_FAR: Final = 154
_TOO_MANY: Final = 150
Flags = NDArray[np.bool_]


class _Pair(StrictReply):
    time: Cell
    distance: Cell


class _Point(StrictReply):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class _Matrix(StrictReply):
    """`sources`, `targets`: where each point was put; null: nowhere. Older servers repeat, in a list of one list,
    what they were asked."""

    sources_to_targets: list[list[_Pair]] = Field(default_factory=list)
    sources: list[_Point | None] | list[list[_Point | None]] = Field(default_factory=list)
    targets: list[_Point | None] | list[list[_Point | None]] = Field(default_factory=list)
    units: str = ""
    error_code: int | None = None
    error: str = ""


class _NearRoads(StrictReply):
    """What of the road network is near a point; null or nothing: no road."""

    edges: list[object] | None = None
    nodes: list[object] | None = None


class _LocateReply(RootModel[list[_NearRoads]]):
    """One for each point."""


class _NoPathError(SourceError):
    """No pair of those asked has a route."""


class _NotJoinedError(SourceError):
    """Some points have no road near them or none to the others, and the server does not say which."""


@dataclass(frozen=True)
class ValhallaServer(LimitedRouter):
    """Valhalla over HTTP.

    `costing`: auto, bicycle or pedestrian. `pairs`: the server's `max_matrix_location_pairs`; a side has at most
    the root of it, which is the older servers' limit. `most_km`: the server's `max_matrix_distance`; pairs
    farther apart along the sphere are not asked, and stand as NaN.

    Source
    ------
    Valhalla, docs/docs/api/matrix/api-reference.md, docs/docs/api/turn-by-turn/api-reference.md (locations, error
    codes), src/loki/matrix_action.cc and src/tyr/matrix_serializer.cc. Tried on valhalla_service 3.9.1.
    """

    server: Server
    costing: str = "auto"
    pairs: int = 2_500
    most_km: float = 400.0

    @property
    def mode(self) -> Mode:
        """The mode of its trips."""
        return road_mode("Valhalla server", self.costing)

    @property
    def most_sources(self) -> int:
        """The root of the pairs."""
        return int(self.pairs**0.5)

    @property
    def most_pairs(self) -> int:
        """As the server is set."""
        return self.pairs

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points; a point with no road within 5 km has a snap of infinity.

        Raises
        ------
        SourceError
            The block is too large; the server failed, refused, or answered what is no matrix.
        """
        self.refuse_large(sources, targets, "raise max_matrix_location_pairs in the server's service_limits")
        try:
            return self._ask_in_parts(sources, targets, is_first=True)
        except _NotJoinedError:
            has_road = self._has_road(np.concatenate([sources, targets]))
        rows = np.flatnonzero(has_road[: len(sources)])
        columns = np.flatnonzero(has_road[len(sources) :])
        return widen_block(
            self._ask_in_parts(sources[rows], targets[columns]), rows, columns, (len(sources), len(targets))
        )

    def _ask_in_parts(self, sources: Floats, targets: Floats, *, is_first: bool = False) -> Block:
        """The block, asked in as many parts as it takes that no part holds pairs too far apart or not joined.

        Raises
        ------
        _NotJoinedError: some are not, and `is_first`: perhaps for want of roads.
        """
        if not len(sources) or not len(targets):
            return empty_block(len(sources), len(targets))
        near = great_circle_km(sources[:, :1], sources[:, 1:], targets[:, 0], targets[:, 1]) <= self.most_km
        if not near.any():
            return empty_block(*near.shape)
        again = partial(self._ask_in_parts, is_first=is_first)
        if not near.all():
            return _ask_in_halves(again, sources, targets)
        try:
            return self._ask(sources, targets)
        except _NoPathError:
            return empty_block(*near.shape)
        except _NotJoinedError:
            if is_first:
                raise
            return _ask_in_halves(again, sources, targets) if near.size > 1 else empty_block(1, 1)

    def _has_road(self, points: Floats) -> Flags:
        """Whether each point has a road."""
        body = {"locations": _locations_of(points), "costing": self.costing, "verbose": False}
        return self.server.ask("locate", partial(_read_has_road, count=len(points)), body=body)

    def _ask(self, sources: Floats, targets: Floats) -> Block:
        body = {
            "sources": _locations_of(sources),
            "targets": _locations_of(targets),
            "costing": self.costing,
            "units": "kilometers",
            "verbose": True,
        }
        read = partial(_read_matrix, host=self.server.host, sources=sources, targets=targets)
        return self.server.ask("sources_to_targets", read, body=body, told=(400,))


def _locations_of(points: Floats) -> list[dict[str, float]]:
    return [
        {"lat": round(lat, 6), "lon": round(lon, 6), "search_cutoff": _SEARCH_CUTOFF_METERS}
        for lat, lon in points.tolist()
    ]


def _read_has_road(body: bytes, *, count: int) -> Flags:
    found = _LocateReply.model_validate_json(body).root
    if len(found) != count:
        raise ValueError(f"{len(found)} points located, but {count} asked")
    return np.array([bool(place.edges or place.nodes) for place in found], np.bool_)


def _ask_in_halves(asked: Callable[[Floats, Floats], Block], sources: Floats, targets: Floats) -> Block:
    """The block in two parts, cut across its longer side."""
    if len(sources) >= len(targets):
        middle = len(sources) // 2
        one = asked(sources[:middle], targets)
        two = asked(sources[middle:], targets)
        source_snap = np.concatenate([one.source_snap_km, two.source_snap_km])
        target_snap = np.fmin(one.target_snap_km, two.target_snap_km)
    else:
        middle = len(targets) // 2
        one = asked(sources, targets[:middle])
        two = asked(sources, targets[middle:])
        source_snap = np.fmin(one.source_snap_km, two.source_snap_km)
        target_snap = np.concatenate([one.target_snap_km, two.target_snap_km])
    axis = 0 if len(sources) >= len(targets) else 1
    minutes, km = (np.concatenate(pair, axis) for pair in ((one.minutes, two.minutes), (one.km, two.km)))
    return Block(minutes, km, source_snap, target_snap)


def _read_matrix(body: bytes, *, host: str, sources: Floats, targets: Floats) -> Block:
    matrix = _Matrix.model_validate_json(body)
    if matrix.error_code is not None:
        raise _refusal_of(matrix.error_code, matrix.error, host)
    if matrix.units != "kilometers":
        raise ValueError(f"distances in '{matrix.units}', but kilometers were asked for")
    seconds: Cells = [[pair.time for pair in row] for row in matrix.sources_to_targets]
    km: Cells = [[pair.distance for pair in row] for row in matrix.sources_to_targets]
    snaps = (_snaps_of(matrix.sources, sources), _snaps_of(matrix.targets, targets))
    return block_of(seconds, km, shape=(len(sources), len(targets)), km_per_unit=1.0, snaps=snaps)


def _refusal_of(code: int, words: str, host: str) -> SourceError:
    if code == _NO_PATH:
        return _NoPathError(f"Valhalla at {host} found no route.")
    if code in _NOT_JOINED:
        return _NotJoinedError(f"Valhalla at {host} has no road to a point.")
    if code == _TOO_FAR:
        return SourceError(
            f"Valhalla at {host} takes no pairs so far apart ({words[:200]}). Raise max_matrix_distance in its "
            "service_limits, or give the limit it has, as in valhalla:http://host:8002#most_km=200."
        )
    if code == _TOO_MANY:
        return SourceError(
            f"Valhalla at {host} takes no matrix so large ({words[:200]}). Raise max_matrix_location_pairs in its "
            "service_limits, or give the limit it has, as in valhalla:http://host:8002#most=400."
        )
    return SourceError(f"Valhalla at {host} refused the matrix ({code}: {words[:200]}). Check the server.")


def _snaps_of(put: list[_Point | None] | list[list[_Point | None]], asked: Floats) -> Floats:
    """Km from each point to where it was put; infinity: nowhere; NaN: the server repeats what it was asked."""
    if not put or any(isinstance(point, list) for point in put):
        return np.full(len(asked), np.nan)
    if len(put) != len(asked):
        raise ValueError(f"{len(put)} points put on roads, but {len(asked)} asked")
    known = np.array([(point.lat, point.lon) if isinstance(point, _Point) else (np.nan, np.nan) for point in put])
    km = great_circle_km(asked[:, 0], asked[:, 1], known[:, 0], known[:, 1])
    km[np.isnan(km)] = np.inf
    return np.full(len(asked), np.nan) if (km < _ECHO_KM).all() else km
