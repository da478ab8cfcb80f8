"""What a pack's manifest says of the sources of its clinics."""

import hashlib
from collections.abc import Mapping

from access.places.directory.assembled import MERGING, Assembled
from access.places.directory.listings import Listings
from access.places.directory.live import SOURCE
from access.places.pack import Manifest, SourceRecord
from access.settings import code_version
from access.sources.listing import SourceList
from access.vocabulary import SOURCES


def refreshed_manifest(
    old: Manifest, name: str, came: Mapping[str, SourceList], failures: Mapping[str, str], made: Assembled, day: str
) -> Manifest:
    """The manifest of a pack whose clinics were asked anew: each source's notes and record in the place of the old.

    `came`, `failures`: by source, what it sent, and why it sent nothing.
    """
    told = source_notes(came)
    for source, why in failures.items():
        told += [f"{_start(source)} could not be read on {day}, so what was known of it stays. {why}"]
    again = (MERGING, *map(_start, [*came, *failures]))
    title = old.title if old.name == name else f"{old.title}, with clinics of {day}"
    return old.model_copy(
        update={
            "name": name,
            "title": title,
            "refreshed_on": day,
            "code_version": code_version(),
            "notes": [*(note for note in old.notes if not note.startswith(again)), *told, *made.notes()],
            "sources": [
                *(record for record in old.sources if record.source not in came),
                *(source_record(source, got, made.listings, day) for source, got in came.items()),
            ],
        }
    )


def source_notes(came: Mapping[str, SourceList]) -> list[str]:
    """What each source says is to be known of it, under its name."""
    return [f"{_start(source)} {note}" for source, got in came.items() for note in got.notes]


def source_record(source: str, got: SourceList, listings: Listings, day: str) -> SourceRecord:
    """What a service sent, by the records that are kept of it: their number, and the size and hash of their CSV."""
    kept = listings.of(source)
    content = (kept.clinics.to_csv(index=False) + kept.services.to_csv(index=False)).encode()
    return SourceRecord(
        name=SOURCES[source],
        url=SOURCE[source].url,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        rows=len(kept.clinics),
        retrieved=day,
        vintage=got.vintage or day,
        licence=SOURCE[source].licence,
        source=source,
    )


def _start(source: str) -> str:
    return f"{SOURCES[source]}:"
