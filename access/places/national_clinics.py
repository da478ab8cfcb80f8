"""The clinics of the national pack: the starter pack's, SAMHSA's directory, and what was gathered before."""

from pathlib import Path
from typing import Final

from access.places.directory.changes import folded
from access.places.directory.kept import Made, made_of, read_kept
from access.places.directory.live import SAMHSA_LICENCE, SOURCE, STARTER_LICENCE, Asking, directory_list
from access.places.directory.manifests import source_notes
from access.places.national_files import Files
from access.places.pack import STARTER, pack_folder
from access.sources.copies import described
from access.sources.listing import SourceList
from access.sources.samhsa import directory

_TITLE: Final = "National Directory of Mental Health Treatment Facilities"


def national_clinics(files: Files, folder: Path, day: str) -> tuple[Made, list[str]]:
    """All lists as one, and what to know about it.

    folder: of the pack that stands, if any: records that were gathered from other sources stay.

    Raises
    ------
    SourceError: SAMHSA's workbook cannot be had or read, or has lost most of what it had.
    PackError: the starter pack is not there, or what was gathered is damaged.
    """
    before = read_kept(folder)
    listings, changes = before.listings, []
    came = {"curated": _curated(files), "samhsa_directory": _directory(files)}
    for source, got in came.items():
        listings, changed = folded(listings, source, got, day=day, states=None)
        changes.append(changed)
    made = made_of(before, listings, before.points, changes, day)
    return made, [*source_notes(came), *made.assembled.notes()]


def _curated(files: Files) -> SourceList:
    asking = Asking(None, files.cache, files.mirror, files.refresh, files.progress)
    got = SOURCE["curated"].read(asking)
    own = described(pack_folder(STARTER) / "clinics.parquet", SOURCE["curated"].url)
    files.record(own, "Clinics of the starter pack", len(got.clinics), got.vintage, STARTER_LICENCE, source="curated")
    return got


def _directory(files: Files) -> SourceList:
    got = files.fetched("samhsa")
    listed = directory(got.path, source_url=got.url)
    made = directory_list(listed)
    title = f"{_TITLE} {listed.year}"
    files.record(got, title, listed.facilities, made.vintage, SAMHSA_LICENCE, source="samhsa_directory")
    return made
