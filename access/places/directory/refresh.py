"""The clinics of a pack asked of their sources anew; what a source no longer has is marked, and history kept."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from access.errors import AccessError, PackError, SourceError
from access.places.atomic_writes import lock_folder
from access.places.directory.assemble import MERGE_PREFIX, AssembledClinics, update_clinics
from access.places.directory.changes import update_listings
from access.places.directory.geocode import geocode_records
from access.places.directory.records import Listings, PackRecords, read_records
from access.places.directory.source_registry import SOURCE_REGISTRY, SourceQuery
from access.places.pack import (
    LIVE,
    STARTER,
    Manifest,
    Pack,
    SourceRecord,
    load_pack,
    pack_folder,
    save_pack,
)
from access.settings import code_version, settings
from access.sources.fetching.copies import utc_day
from access.sources.fetching.progress import Progress
from access.sources.source_list import SourceList
from access.vocabulary import SOURCES

GEOCODER: Final = "geocoder"
_SHIPPED_SOURCE: Final = "curated"  # always read: it costs nothing, and a newer program may bring a newer list
SOURCES_TO_ASK: Final = (*(source for source in SOURCE_REGISTRY if source != _SHIPPED_SOURCE), GEOCODER)


@dataclass(frozen=True)
class RefreshedPack:
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
) -> RefreshedPack:
    """A pack with its clinics as their sources have them today, saved whole; its people stay.

    A source that cannot be read, or has lost more than half of its records, leaves its last records as they are. A
    record that its source no longer has stays too, marked with the day. No other command can change the pack
    meanwhile.

    Parameters
    ----------
    name: the pack; None: the default one. into: the pack to make; None: the same, or `starter-live` of the starter.
    sources: of `SOURCES_TO_ASK`; None: all; (): none, so that the clinics are only made anew of the records at hand.
    states: USPS codes; None: everywhere. again: ask also for what was read lately.
    accept_loss: take a source's word even where it has lost more than half of its records.

    Raises
    ------
    SourceError
        No source could be read, or there is none of that name; nothing is changed.
    PackError
        There is no such pack, it is being changed by another command, or it cannot be written.
    """
    chosen = _choose_sources(sources)
    base = load_pack(name, as_built=True).name
    target = into or (LIVE if base == STARTER else base)
    if target == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    asking = SourceQuery(
        states=states,
        cache=settings().data_folder / ".cache",
        mirror=mirror or settings().mirror,
        refresh=again,
        progress=progress,
    )
    with lock_folder(pack_folder(target)):
        pack = load_pack(base, as_built=True)
        before = read_records(pack_folder(base), pack)
        return _save_refreshed(pack, target, before, _gather_sources(before, chosen, asking, accept_loss))


def _choose_sources(sources: Sequence[str] | None) -> list[str]:
    chosen = list(dict.fromkeys(SOURCES_TO_ASK if sources is None else sources))
    if unknown := [source for source in chosen if source not in SOURCES_TO_ASK]:
        raise SourceError(f"There is no source '{unknown[0]}' to ask; there are {', '.join(SOURCES_TO_ASK)}.")
    return chosen


def _gather_sources(before: PackRecords, chosen: Sequence[str], asking: SourceQuery, accept_loss: bool) -> _Gathering:
    """Every source in turn, each failing on its own."""
    gathered = _Gathering(before.listings, before.points)
    for source in [_SHIPPED_SOURCE, *(source for source in chosen if source != GEOCODER)]:
        try:
            got = SOURCE_REGISTRY[source].read(asking)
            gathered.listings, changed = update_listings(
                gathered.listings, source, got, day=utc_day(), states=asking.states, accept_loss=accept_loss
            )
        except AccessError as failure:
            gathered.failures[source] = str(failure)
        else:
            gathered.came[source] = got
            gathered.changes.append(changed)
    if GEOCODER in chosen:
        try:
            gathered.points = geocode_records(gathered.listings, before.points, asking, utc_day())
        except AccessError as failure:
            gathered.failures[GEOCODER] = str(failure)
    if chosen and gathered.failures.keys() >= set(chosen):
        raise SourceError("No source could be read, and nothing is changed. " + " ".join(gathered.failures.values()))
    return gathered


def _save_refreshed(base: Pack, target: str, before: PackRecords, gathered: _Gathering) -> RefreshedPack:
    made = update_clinics(before, gathered.listings, gathered.points, gathered.changes, utc_day())
    manifest = _manifest_of_refresh(base.manifest, target, gathered, made.assembled, utc_day())
    merged = made.assembled.merged
    pack = replace(base, clinics=merged.clinics, services=merged.services, manifest=manifest)
    save_pack(pack, pack_folder(target), beside=made.beside)
    return RefreshedPack(pack, made.changes, gathered.failures)


def _manifest_of_refresh(
    old: Manifest,
    name: str,
    gathered: _Gathering,
    made: AssembledClinics,
    day: str,
) -> Manifest:
    """The manifest of a pack whose clinics were asked anew: each source's notes and record in the place of the old."""
    came = gathered.came
    new_notes = source_notes(came)
    for source, why in gathered.failures.items():
        new_notes += [f"{_note_start(source)} could not be read on {day}, so what was known of it stays. {why}"]
    replaced = (MERGE_PREFIX, *map(_note_start, [*came, *gathered.failures]))
    title = old.title if old.name == name else f"{old.title}, with clinics of {day}"
    return old.model_copy(
        update={
            "name": name,
            "title": title,
            "refreshed_on": day,
            "code_version": code_version(),
            "notes": [*(note for note in old.notes if not note.startswith(replaced)), *new_notes, *made.notes()],
            "sources": [
                *(record for record in old.sources if record.source not in came),
                *(source_record(source, got, made.listings, day) for source, got in came.items()),
            ],
        }
    )


def source_notes(came: Mapping[str, SourceList]) -> list[str]:
    """What each source says is to be known of it, under its name."""
    return [f"{_note_start(source)} {note}" for source, got in came.items() for note in got.notes]


def source_record(source: str, got: SourceList, listings: Listings, day: str) -> SourceRecord:
    """What a service sent, by the records that are kept of it: their number, and the size and hash of their CSV."""
    kept = listings.of_source(source)
    content = (kept.clinics.to_csv(index=False) + kept.services.to_csv(index=False)).encode()
    return SourceRecord(
        name=SOURCES[source],
        url=SOURCE_REGISTRY[source].url,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        rows=len(kept.clinics),
        retrieved=day,
        vintage=got.vintage or day,
        licence=SOURCE_REGISTRY[source].license,
        source=source,
    )


def _note_start(source: str) -> str:
    return f"{SOURCES[source]}:"
