"""A user's own clinics: on the people of a pack, merged with its clinics or in their place."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from access.errors import PackError
from access.places.changes import folded
from access.places.gazetteer import load_gazetteer, place_clinics
from access.places.kept import made_of, read_kept
from access.places.pack import STARTER, Pack, pack_folder, save_pack
from access.settings import code_version
from access.sources.curated import read_clinic_csv
from access.sources.listing import SourceList


def import_clinics(csv: Path, pack: Pack, name: str, *, alone: bool = False) -> Pack:
    """A new pack `name`: the people of `pack`, and its clinics merged with those of `csv`, saved.

    `csv`: the columns of `access.sources.curated`. `alone`: the clinics of `csv` only.

    Raises
    ------
    SourceError, TableError: the file cannot be read, or a cell is wrong; nothing is saved.
    PlaceError: a clinic cannot be placed by coordinates, ZIP or town.
    PackError: the name is the starter pack's, or the disk cannot be written.
    """
    if name == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    folder = pack_folder(name)
    clinics, services = read_clinic_csv(csv, source=csv.name)
    day = datetime.now(UTC).date().isoformat()
    own = SourceList(place_clinics(clinics, load_gazetteer()), services)
    before = read_kept(pack_folder(pack.name), pack)
    others = before.listings.where(pd.Series(not alone, index=before.listings.clinics.index))
    listings, changed = folded(others, "own", own, day=day, states=None, is_whole=False)
    made = made_of(before, listings, before.points, [changed], day)
    note = f"{len(clinics)} clinics were imported from {csv.name}" + (" alone." if alone else ".")
    manifest = pack.manifest.model_copy(
        update={
            "name": name,
            "title": f"{pack.manifest.title}, with {csv.name}",
            "built_on": day,
            "code_version": code_version(),
            "notes": [*pack.manifest.notes, note],
        }
    )
    merged = made.assembled.merged
    imported = Pack(pack.people, merged.clinics, merged.services, manifest)
    save_pack(imported, folder, beside=made.beside)
    return imported
