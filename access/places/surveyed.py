"""A pack that stands, with the shares of a survey added to its people."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from access.errors import PackError, PlaceError
from access.places.national_files import Files
from access.places.pack import STARTER, Pack, beside_of, load_pack, pack_folder, save_pack
from access.places.shares import NOTE
from access.places.survey import ABOUT, Survey, with_survey
from access.places.swap import being_changed
from access.settings import code_version, settings
from access.sources.fetch import Progress
from access.vocabulary import state_code


def add_shares(
    name: str,
    survey: Survey,
    *,
    state: str | None = None,
    mirror: str | Path | None = None,
    progress: Progress | None = None,
    refresh: bool = False,
) -> Pack:
    """The pack of that name with the shares of the survey, saved in its place, with the lists that lie beside it.

    Parameters
    ----------
    state: code or name: the people of that state alone; others keep what they have. None: all.
    mirror, progress, refresh: as `build_national`.

    Raises
    ------
    PackError: the pack is absent or damaged, or its places are not those of the Census.
    PlaceError: the pack has nobody in that state. SourceError: as `with_survey`; the pack is untouched.
    """
    with being_changed(pack_folder(name)):
        pack, folder = load_pack(name, as_built=True), pack_folder(name)
        if name == STARTER or pack.manifest.origin_unit not in ("block_group", "tract"):
            raise PackError(
                f"The people of the pack '{name}' are not by block group or tract, so the survey does not fit them. "
                "Build a pack that is: trd-access data build --acs YEAR"
            )
        code = _code(pack, state)
        files = Files(
            settings().data_folder / ".cache", str(mirror) if mirror else settings().mirror, progress, refresh
        )
        people, notes = with_survey(pack.people, pack.manifest.origin_unit, survey, files, state=code)
        older = [note for note in pack.manifest.notes if not note.startswith(NOTE) or (code and note.startswith(ABOUT))]
        read = {(record.name, record.url) for record in files.records}
        manifest = pack.manifest.model_copy(
            update={
                "built_on": datetime.now(UTC).date().isoformat(),
                "code_version": code_version(),
                "notes": [*(note for note in older if note not in notes), *notes],
                "sources": [
                    *(record for record in pack.manifest.sources if (record.name, record.url) not in read),
                    *files.records,
                ],
            }
        )
        made = replace(pack, people=people, manifest=manifest)
        save_pack(made, folder, beside=beside_of(folder))
        return made


def _code(pack: Pack, state: str | None) -> str | None:
    code = state_code(state) if state else None
    if state and code not in set(pack.people["state"]):
        raise PlaceError(f"The pack '{pack.name}' has nobody in a state '{state}'. Use a code such as MT.")
    return code
