"""A road service that the user runs or has an account with: how it is asked, and how its matrices are read."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from access.errors import SourceError
from access.geo import Floats
from access.sources.fetching.replies import Request, ask_own_server
from access.travel.mode import Mode
from access.travel.routers.router import Block

T = TypeVar("T")
Cell = Annotated[float, Field(allow_inf_nan=False)] | None
Cells = list[list[Cell]]
Positions = NDArray[np.int64]
# OSRM was seen to put a target 0.6 m behind its source on one road: so much less than nothing is nothing.
_SLACK_SECONDS: Final = 5.0
_SLACK_KM: Final = 0.05
# The public servers of OSRM, and of FOSSGIS for OSRM and Valhalla: one route at a time, no matrices.
_DEMO: Final = ("project-osrm.org", "openstreetmap.de")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class StrictReply(BaseModel):
    """A reply in which a number is a number, not a text that looks like one; what is not asked for is passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


@dataclass(frozen=True)
class Server:
    """Where a road service answers.

    `url`: its base, without the path of the service. `key`: a secret it wants; None: it wants none.
    `cache`: a folder in which its replies are kept for `max_age_days`, so that a long run that broke is taken up
    where it broke; None: they are not kept. `silence_seconds`: how long it may work without a word.
    `pause_seconds`: between questions. `attempts`: how often a busy or dead server is asked.
    """

    url: str
    key: SecretStr | None = None
    cache: Path | None = None
    max_age_days: float = 30.0
    silence_seconds: float = 120.0
    pause_seconds: float = 0.0
    attempts: int = 4

    def __post_init__(self) -> None:
        """Refuse what is no address, and the public servers that want no matrices.

        Raises
        ------
        SourceError
            No http address, a name and password in it, or a public demonstration server.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise SourceError("The address of a road server is written like http://host:5000, with nothing after it.")
        if "@" in parts.netloc:
            raise SourceError(
                f"The address of the road server {parts.hostname} has a name or password in it. Leave them out."
            )
        if any(parts.hostname == demo or parts.hostname.endswith(f".{demo}") for demo in _DEMO):
            raise SourceError(
                f"{parts.hostname} is a public server for trying out single routes; its rules forbid matrices. "
                "Run an engine of your own: trd-access roads build does that on this machine."
            )

    @property
    def host(self) -> str:
        """Its name and port."""
        return urlsplit(self.url).netloc

    def ask(
        self,
        path: str,
        read: Callable[[bytes], T],
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        told: tuple[int, ...] = (),
    ) -> T:
        """What `read` makes of the reply at `path`; the key goes with it only where nobody on the way can read it.

        Raises
        ------
        SourceError
            Not reachable, refused, too slow, or not what it should be.
        """
        parts = urlsplit(self.url)
        safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
        question = Request(
            f"{self.url.rstrip('/')}/{path}",
            params or {},
            body=body,
            key=self.key if safe else None,
            silence_seconds=self.silence_seconds,
            explaining_statuses=told,
            remedy="Check that the server runs, and try again",
        )
        return ask_own_server(
            question,
            read,
            cache=self.cache,
            max_age_days=self.max_age_days,
            attempts=self.attempts,
            pause_seconds=self.pause_seconds,
        )


class LimitedRouter(ABC):
    """What an engine takes at a time, when it takes as many sources as targets."""

    @property
    @abstractmethod
    def mode(self) -> Mode:
        """The mode of its trips."""

    @property
    @abstractmethod
    def most_sources(self) -> int:
        """The most sources of one block."""

    @property
    @abstractmethod
    def most_pairs(self) -> int:
        """The most pairs of one block."""

    @property
    def most_targets(self) -> int:
        """As `most_sources`."""
        return self.most_sources

    def refuse_large(self, sources: Floats, targets: Floats, remedy: str) -> None:
        """Nothing, when the block is within the limits.

        Raises
        ------
        SourceError
            It is not; names `remedy` beside smaller blocks.
        """
        side = self.most_sources
        pairs = self.most_pairs
        asked = f"{len(sources):,} x {len(targets):,}"
        if max(len(sources), len(targets)) > side or len(sources) * len(targets) > pairs:
            raise SourceError(
                f"{self.mode.name} takes at most {side:,} sources, as many targets and {pairs:,} pairs at a time, but "
                f"{asked} were asked. Ask for smaller blocks, or {remedy}."
            )


def empty_block(sources: int, targets: int) -> Block:
    """A block in which nothing is known yet: no routes, and no word of where points were put."""
    return Block(
        minutes=np.full((sources, targets), np.nan, np.float32),
        km=np.full((sources, targets), np.nan, np.float32),
        source_snap_km=np.full(sources, np.nan, np.float32),
        target_snap_km=np.full(targets, np.nan, np.float32),
    )


def widen_block(found: Block, rows: Positions, columns: Positions, shape: tuple[int, int]) -> Block:
    """`found`, of some rows and columns, in the block of `shape` that was asked for: no other point has a road."""
    whole = empty_block(*shape)
    whole.minutes[np.ix_(rows, columns)] = found.minutes
    whole.km[np.ix_(rows, columns)] = found.km
    whole.source_snap_km[:] = np.inf
    whole.target_snap_km[:] = np.inf
    whole.source_snap_km[rows] = found.source_snap_km
    whole.target_snap_km[columns] = found.target_snap_km
    return whole


def block_of(
    durations: Cells, distances: Cells, *, shape: tuple[int, int], km_per_unit: float, snaps: tuple[Floats, Floats]
) -> Block:
    """The block of a reply's seconds and distances; `snaps` in km, of the sources and of the targets.

    Raises
    ------
    ValueError
        The matrices are not of that shape, a way is shorter than nothing, or a time without its distance.
    """
    seconds = _clip_at_zero(_matrix_of(durations, shape), _SLACK_SECONDS, "seconds")
    km = _clip_at_zero(_matrix_of(distances, shape) * km_per_unit, _SLACK_KM, "km")
    if (np.isnan(seconds) != np.isnan(km)).any():
        raise ValueError("a time without a distance, or a distance without a time")
    if (len(snaps[0]), len(snaps[1])) != shape:
        raise ValueError(f"{len(snaps[0])} sources and {len(snaps[1])} targets, but {shape[0]} and {shape[1]} asked")
    return Block(
        minutes=(seconds / 60).astype(np.float32),
        km=km.astype(np.float32),
        source_snap_km=snaps[0].astype(np.float32),
        target_snap_km=snaps[1].astype(np.float32),
    )


def _matrix_of(cells: Cells, shape: tuple[int, int]) -> NDArray[np.float64]:
    widths = {len(row) for row in cells}
    if len(cells) != shape[0] or widths - {shape[1]}:
        found = f"{len(cells)} rows of {sorted(widths)}"
        raise ValueError(f"a matrix of {found}, but {shape[0]} x {shape[1]} were asked for")
    return np.array(cells, np.float64).reshape(shape)


def _clip_at_zero(table: Floats, slack: float, unit: str) -> Floats:
    if (table < -slack).any():
        raise ValueError(f"a way of {np.nanmin(table):g} {unit}")
    return np.where(table < 0, 0.0, table)
