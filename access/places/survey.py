"""The American Community Survey for a pack: read from files or the Census API, and added to its people."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import SecretStr

from access.errors import PackError, PlaceError, SourceError
from access.places.atomic_writes import lock_folder
from access.places.pack import STARTER, Pack, files_beside, load_pack, pack_folder, save_pack
from access.places.shares import SHARES_PREFIX, share_notes, with_shares
from access.places.source_files import RUCA_TITLE, SourceFiles
from access.settings import code_version
from access.sources.census.connecticut import (
    convert_to_counties_of_2020,
    is_in_planning_region,
    tracts_by_region,
    tracts_of_2020,
)
from access.sources.census.survey import TABLES, Level, shares_of
from access.sources.census.survey_api import read_reply, request_addresses
from access.sources.census.survey_files import read_table_file, table_in
from access.sources.fetching.copies import AbsentFileError, FetchedFile, describe_file, utc_day
from access.sources.fetching.download import fetch_with_key
from access.sources.fetching.progress import Progress
from access.sources.usda import ruca_by_tract
from access.vocabulary import STATE_FIPS, state_code

SURVEY_PREFIX: Final = f"{SHARES_PREFIX} American Community Survey"
FIRST_SURVEY_YEAR: Final = 2020  # the first whose block groups are those of the 2020 Census


@dataclass(frozen=True)
class Survey:
    """Which survey, and where it is read.

    `year`: the last of its five. `key`: for the Census API; None: the summary files. `tables`: summary files at hand,
    read in place of either. `connecticut`: the state's crosswalk of tracts; None: RUCA's table tells the same.
    """

    year: int
    key: SecretStr | None = None
    tables: Sequence[Path] = ()
    connecticut: Path | None = None

    @property
    def vintage(self) -> str:
        """Its five years."""
        return f"{self.year - 4}-{self.year}"


def with_survey(
    people: pd.DataFrame, origin: str, survey: Survey, files: SourceFiles, *, state: str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """`people` with the shares of the survey, and what to know about them; what was read is on record in `files`.

    Parameters
    ----------
    origin: "block_group" or "tract", what the places of `people` are.
    state: a USPS code: the people of other states keep the shares that they have; None: all.

    Raises
    ------
    SourceError
        A table cannot be had or is not what it should be; the year is before 2020.
    """
    if survey.year < FIRST_SURVEY_YEAR:
        raise SourceError(
            f"The survey of {survey.year} has other block groups; take {FIRST_SURVEY_YEAR} or a later year."
        )
    states = sorted(STATE_FIPS[code] for code in ({state} if state else set(people["state"])))
    levels: list[Level] = ["block_group", "tract"] if origin == "block_group" else ["tract"]
    placed, notes = _in_counties_of_2020(_read_shares(survey, files, states, levels), survey, files)
    found = with_shares(people, placed)
    if state:
        new = found.columns.difference(["geoid", "state"]).intersection(people.columns)
        found[new] = found[new].where(people["state"].eq(state), people[new])
    of_state = f" of {state} alone" if state else ""
    about = f"{SURVEY_PREFIX} {survey.vintage}{of_state}; population is that of the 2020 Census."
    return found, [about, *notes, *share_notes(found)]


def _read_shares(survey: Survey, files: SourceFiles, states: Sequence[str], levels: Sequence[Level]) -> pd.DataFrame:
    """The shares of each table as it comes, since all tables together are large."""
    names = {table_in(path): path for path in survey.tables} or dict.fromkeys(TABLES)
    found = []
    for done, (name, path) in enumerate(names.items()):
        files.step(f"American Community Survey {survey.vintage}", done, len(names))
        table = _read_table(name, path, survey, files, states=states, levels=levels)
        found.append(shares_of({name: table}).set_index("geoid"))
    files.step(f"American Community Survey {survey.vintage}", len(names), len(names))
    return pd.concat(found, axis=1).rename_axis("geoid").reset_index()


def _read_table(
    name: str, path: Path | None, survey: Survey, files: SourceFiles, *, states: Sequence[str], levels: Sequence[Level]
) -> pd.DataFrame:
    if path is None and survey.key is not None:
        return _read_from_api(name, survey, survey.key, files, states=states, levels=levels)
    got = describe_file(path, path.name) if path else _fetch_table(name, survey.year, files)
    found = read_table_file(got.path, name, levels=levels, states=states)
    files.record(got, title=_table_title(name), rows=len(found), vintage=survey.vintage)
    return found


def _fetch_table(table: str, year: int, files: SourceFiles) -> FetchedFile:
    return files.fetch("acs_table", year=str(year), table=table.lower())


def _table_title(table: str) -> str:
    return f"American Community Survey, table {table}"


def _read_from_api(
    table: str, survey: Survey, key: SecretStr, files: SourceFiles, *, states: Sequence[str], levels: Sequence[Level]
) -> pd.DataFrame:
    """A table of each state; all its replies are one record."""
    replies: list[FetchedFile] = []

    def read_level(state: str, level: Level) -> pd.DataFrame:
        parts = []
        for url, cells in request_addresses(table, year=survey.year, state=state, level=level).items():
            got = fetch_with_key(
                url, key.get_secret_value(), cache=files.cache, mirror=files.mirror, refresh=files.refresh
            )
            replies.append(got)
            parts.append(read_reply(got.path, table, cells, level=level))
        return reduce(lambda left, right: left.merge(right, on="geoid", how="outer", validate="one_to_one"), parts)

    found = pd.concat([_finest_level(read_level, state, levels) for state in states], ignore_index=True)
    files.record(
        _join_replies(replies),
        title=f"{_table_title(table)}, {len(replies)} replies of the API",
        rows=len(found),
        vintage=survey.vintage,
    )
    return found


def _finest_level(read: Callable[[str, Level], pd.DataFrame], state: str, levels: Sequence[Level]) -> pd.DataFrame:
    """The first of the levels at which the state has any number; else the last."""
    *finer, last = levels
    for level in finer:
        with suppress(AbsentFileError):
            table = read(state, level)
            if table["E001"].notna().any():
                return table
    return read(state, last)


def _join_replies(replies: Sequence[FetchedFile]) -> FetchedFile:
    """The first reply, with the size of all, and the hash of the text of all their hashes in turn."""
    digest = hashlib.sha256("".join(got.sha256 for got in replies).encode()).hexdigest()
    return replace(replies[0], sha256=digest, size_bytes=sum(got.size_bytes for got in replies))


def _in_counties_of_2020(shares: pd.DataFrame, survey: Survey, files: SourceFiles) -> tuple[pd.DataFrame, list[str]]:
    """`shares` with Connecticut's places as the 2020 Census numbers them; or unknown, and a note that says so."""
    if not is_in_planning_region(shares["geoid"]).any():
        return shares, []
    try:
        if survey.connecticut:
            tracts = tracts_of_2020(survey.connecticut)
        else:
            tracts = tracts_by_region(files.read_table("ruca", ruca_by_tract, RUCA_TITLE, "2020"))
    except SourceError as failure:
        if survey.connecticut:
            raise
        why = f"{SHARES_PREFIX} Connecticut's are not known, since its new tract numbers could not be read ({failure})"
        return shares, [f"{why} Give its crosswalk with --connecticut."]
    return convert_to_counties_of_2020(shares, tracts), [
        f"{SHARES_PREFIX} Connecticut's planning regions are joined by tract."
    ]


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
    PackError
        The pack is absent or damaged, or its places are not those of the Census.
    PlaceError
        The pack has nobody in that state.
    SourceError
        As `with_survey`; the pack is untouched.
    """
    with lock_folder(pack_folder(name)):
        pack = load_pack(name, as_built=True)
        folder = pack_folder(name)
        if name == STARTER or pack.manifest.origin_unit not in ("block_group", "tract"):
            raise PackError(
                f"The people of the pack '{name}' are not by block group or tract, so the survey does not fit them. "
                "Build a pack that is: trd-access data build --acs YEAR"
            )
        code = _state_in_pack(pack, state)
        files = SourceFiles.from_settings(mirror, progress, refresh=refresh)
        people, notes = with_survey(pack.people, pack.manifest.origin_unit, survey, files, state=code)
        older = [
            note
            for note in pack.manifest.notes
            if not note.startswith(SHARES_PREFIX) or (code and note.startswith(SURVEY_PREFIX))
        ]
        read = {(record.name, record.url) for record in files.records}
        manifest = pack.manifest.model_copy(
            update={
                "built_on": utc_day(),
                "code_version": code_version(),
                "notes": [*(note for note in older if note not in notes), *notes],
                "sources": [
                    *(record for record in pack.manifest.sources if (record.name, record.url) not in read),
                    *files.records,
                ],
            }
        )
        made = replace(pack, people=people, manifest=manifest)
        save_pack(made, folder, beside=files_beside(folder))
        return made


def _state_in_pack(pack: Pack, state: str | None) -> str | None:
    code = state_code(state) if state else None
    if state and code not in set(pack.people["state"]):
        raise PlaceError(f"The pack '{pack.name}' has nobody in a state '{state}'. Use a code such as MT.")
    return code
