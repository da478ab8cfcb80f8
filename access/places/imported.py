"""A user's own clinics: on the people of a pack, merged with its clinics or in their place."""

from datetime import UTC, datetime

from access.errors import PackError
from access.places.clinics import merge_clinics
from access.places.own_list import OwnList, refuse_faulty
from access.places.pack import STARTER, Pack, pack_folder, save_pack
from access.settings import code_version


def import_clinics(
    brought: OwnList, pack: Pack, name: str, *, alone: bool = False, leave_out_refused: bool = False
) -> Pack:
    """A new pack `name`: the people of `pack`, and its clinics merged with those of a user's list, saved.

    `alone`: the clinics of the list only. `leave_out_refused`: without the rows that are refused; else one such row
    is enough that nothing is imported.

    Raises
    ------
    TableError: a row is refused; nothing is saved.
    PackError: the name is the starter pack's, or the disk cannot be written.
    """
    if name == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    folder = pack_folder(name)
    refuse_faulty(brought, leave_out=leave_out_refused)
    lists = [(brought.clinics, brought.services)]
    merged = merge_clinics(lists if alone else [(pack.clinics, pack.services), *lists])
    left_out = f"; {brought.refused_rows} refused rows were left out" if brought.refused_rows else ""
    note = f"{len(brought.clinics)} clinics were imported from {brought.file}{' alone' if alone else ''}{left_out}."
    manifest = pack.manifest.model_copy(
        update={
            "name": name,
            "title": f"{pack.manifest.title}, with {brought.file}",
            "built_on": datetime.now(UTC).date().isoformat(),
            "code_version": code_version(),
            "notes": [*pack.manifest.notes, note],
            "sources": [*pack.manifest.sources, brought.record],
        }
    )
    made = Pack(pack.people, merged.clinics, merged.services, manifest)
    save_pack(made, folder)
    return made
