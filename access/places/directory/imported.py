"""A user's own clinics: on the people of a pack, merged with its clinics or in their place."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from access.errors import PackError
from access.places.directory.changes import folded
from access.places.directory.kept import made_of, read_kept
from access.places.directory.own_list import OwnList, refuse_faulty
from access.places.pack import STARTER, Pack, pack_folder, save_pack
from access.places.swap import being_changed
from access.settings import code_version
from access.sources.listing import SourceList


def taken_ids(pack: Pack) -> set[str]:
    """The ids of a pack's records that a list may not have; those of lists that were imported before, it may: it then
    says anew what they said.

    Raises
    ------
    PackError: a file of the pack is damaged.
    """
    known = read_kept(pack_folder(pack.name), pack).listings.clinics
    return set(known.loc[known["source"].ne("own"), "clinic_id"])


def import_clinics(
    brought: OwnList, pack: Pack, name: str, *, alone: bool = False, leave_out_refused: bool = False
) -> Pack:
    """A new pack `name`: the people of `pack`, and its clinics merged with those of a user's list, saved.

    `brought`: as `read_own_list` gives it, with the `taken_ids` of `pack`. `alone`: the clinics of the list only.
    `leave_out_refused`: without the rows that are refused; else one such row is enough that nothing is imported.

    Raises
    ------
    TableError: a row is refused; nothing is saved.
    PackError: the name is the starter pack's, another command is changing that pack, or the disk cannot be written.
    """
    if name == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    folder = pack_folder(name)
    refuse_faulty(brought, leave_out=leave_out_refused)
    day = datetime.now(UTC).date().isoformat()
    with being_changed(folder):
        before = read_kept(pack_folder(pack.name), pack)
        others = before.listings.where(pd.Series(not alone, index=before.listings.clinics.index))
        own = SourceList(brought.clinics, brought.services)
        listings, changed = folded(others, "own", own, day=day, states=None, is_whole=False)
        made = made_of(before, listings, before.points, [changed], day)
        left_out = f"; {brought.refused_rows} refused rows were left out" if brought.refused_rows else ""
        note = f"{len(brought.clinics)} clinics were imported from {brought.file}{' alone' if alone else ''}{left_out}."
        manifest = pack.manifest.model_copy(
            update={
                "name": name,
                "title": f"{pack.manifest.title}, with {brought.file}",
                "built_on": day,
                "code_version": code_version(),
                "notes": [*pack.manifest.notes, note],
                "sources": [*pack.manifest.sources, brought.record],
            }
        )
        merged = made.assembled.merged
        imported = replace(pack, clinics=merged.clinics, services=merged.services, manifest=manifest)
        save_pack(imported, folder, beside=made.beside)
        return imported
