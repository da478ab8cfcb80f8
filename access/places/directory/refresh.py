"""The clinics of a pack asked of their sources anew; what a source no longer has is marked, and history kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import pandas as pd

from access.errors import AccessError, PackError, SourceError
from access.places.directory.changes import folded
from access.places.directory.kept import Kept, made_of, read_kept
from access.places.directory.listings import Listings
from access.places.directory.live import SOURCE, Asking
from access.places.directory.located import located
from access.places.directory.manifests import refreshed_manifest
from access.places.pack import LIVE, STARTER, Pack, load_pack, pack_folder, save_pack
from access.places.swap import being_changed
from access.settings import settings
from access.sources.fetch import Progress
from access.sources.listing import SourceList

GEOCODER: Final = "geocoder"
_SHIPS: Final = "curated"  # always read: it costs nothing, and a newer program may bring a newer list
ASKED: Final = (*(source for source in SOURCE if source != _SHIPS), GEOCODER)


@dataclass(frozen=True)
class Refreshed:
    """`pack`: as it is now. `changes`: as CHANGES. `failures`: by source, why its last records stay."""

    pack: Pack
    changes: pd.DataFrame
    failures: dict[str, str]


@dataclass
class _Gathering:
    """What has come so far: `came` by source, `changes`, and `failures`."""

    listings: Listings
    points: pd.DataFrame
    came: dict[str, SourceList] = field(default_factory=dict)
    changes: list[pd.DataFrame] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def refresh_clinics(
    name: str | None = None,
    *,
    into: str | None = None,
    sources: Sequence[str] | None = None,
    states: Sequence[str] | None = None,
    mirror: str | None = None,
    progress: Progress | None = None,
    again: bool = False,
    accept_loss: bool = False,
) -> Refreshed:
    """A pack with its clinics as their sources have them today, saved whole; its people stay.

    A source that cannot be read, or has lost more than half of its records, leaves its last records as they are. A
    record that its source no longer has stays too, marked with the day. No other command can change the pack
    meanwhile.

    Parameters
    ----------
    name: the pack; None: the default one. into: the pack to make; None: the same, or `starter-live` of the starter.
    sources: of `ASKED`; None: all; (): none, so that the clinics are only made anew of the records at hand.
    states: USPS codes; None: everywhere. again: ask also for what was read lately.
    accept_loss: take a source's word even where it has lost more than half of its records.

    Raises
    ------
    SourceError: no source could be read, or there is none of that name; nothing is changed.
    PackError: there is no such pack, it is being changed by another command, or it cannot be written.
    """
    chosen = _chosen(sources)
    base = load_pack(name, as_built=True).name
    target = into or (LIVE if base == STARTER else base)
    if target == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    asking = Asking(states, settings().data_folder / ".cache", mirror or settings().mirror, again, progress)
    with being_changed(pack_folder(target)):
        pack = load_pack(base, as_built=True)
        before = read_kept(pack_folder(base), pack)
        return _saved(pack, target, before, _gathered(before, chosen, asking, accept_loss))


def _chosen(sources: Sequence[str] | None) -> list[str]:
    chosen = list(dict.fromkeys(ASKED if sources is None else sources))
    if unknown := [source for source in chosen if source not in ASKED]:
        raise SourceError(f"There is no source '{unknown[0]}' to ask; there are {', '.join(ASKED)}.")
    return chosen


def _gathered(before: Kept, chosen: Sequence[str], asking: Asking, accept_loss: bool) -> _Gathering:
    """Every source in turn, each failing on its own."""
    gathered = _Gathering(before.listings, before.points)
    for source in [_SHIPS, *(source for source in chosen if source != GEOCODER)]:
        try:
            got = SOURCE[source].read(asking)
            gathered.listings, changed = folded(
                gathered.listings, source, got, day=today(), states=asking.states, accept_loss=accept_loss
            )
        except AccessError as failure:
            gathered.failures[source] = str(failure)
        else:
            gathered.came[source] = got
            gathered.changes.append(changed)
    if GEOCODER in chosen:
        try:
            gathered.points = located(gathered.listings, before.points, asking, today())
        except AccessError as failure:
            gathered.failures[GEOCODER] = str(failure)
    if chosen and gathered.failures.keys() >= set(chosen):
        raise SourceError("No source could be read, and nothing is changed. " + " ".join(gathered.failures.values()))
    return gathered


def _saved(base: Pack, target: str, before: Kept, gathered: _Gathering) -> Refreshed:
    made = made_of(before, gathered.listings, gathered.points, gathered.changes, today())
    manifest = refreshed_manifest(base.manifest, target, gathered.came, gathered.failures, made.assembled, today())
    merged = made.assembled.merged
    pack = replace(base, clinics=merged.clinics, services=merged.services, manifest=manifest)
    save_pack(pack, pack_folder(target), beside=made.beside)
    return Refreshed(pack, made.changes, gathered.failures)


def today() -> str:
    """The UTC date."""
    return datetime.now(UTC).date().isoformat()
