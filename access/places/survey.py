"""The American Community Survey for a pack: its tables from files at hand, the Census API or the summary files."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import SecretStr

from access.errors import SourceError
from access.places.national_files import RUCA_TITLE, Files
from access.places.shares import NOTE, share_notes, with_shares
from access.sources.acs import TABLES, Level, shares_of
from access.sources.acs_api import questions, read_reply
from access.sources.acs_files import read_table_file, table_in
from access.sources.connecticut import in_planning_regions, tracts_by_region, tracts_of_2020, with_counties_of_2020
from access.sources.copies import Absent, Fetched, described
from access.sources.fetch import fetch_with_key
from access.sources.usda import ruca_by_tract
from access.vocabulary import STATE_FIPS

ABOUT: Final = f"{NOTE} American Community Survey"
FIRST_YEAR: Final = 2020  # the first whose block groups are those of the 2020 Census


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
    people: pd.DataFrame, origin: str, survey: Survey, files: Files, *, state: str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """`people` with the shares of the survey, and what to know about them; what was read is on record in `files`.

    Parameters
    ----------
    origin: "block_group" or "tract", what the places of `people` are.
    state: a USPS code: the people of other states keep the shares that they have; None: all.

    Raises
    ------
    SourceError: a table cannot be had or is not what it should be; the year is before 2020.
    """
    if survey.year < FIRST_YEAR:
        raise SourceError(f"The survey of {survey.year} has other block groups; take {FIRST_YEAR} or a later year.")
    states = sorted(STATE_FIPS[code] for code in ({state} if state else set(people["state"])))
    levels: list[Level] = ["block_group", "tract"] if origin == "block_group" else ["tract"]
    placed, notes = _in_counties_of_2020(_shares(survey, files, states, levels), survey, files)
    found = with_shares(people, placed)
    if state:
        new = found.columns.difference(["geoid", "state"]).intersection(people.columns)
        found[new] = found[new].where(people["state"].eq(state), people[new])
    of_state = f" of {state} alone" if state else ""
    about = f"{ABOUT} {survey.vintage}{of_state}; population is that of the 2020 Census."
    return found, [about, *notes, *share_notes(found)]


def _shares(survey: Survey, files: Files, states: Sequence[str], levels: Sequence[Level]) -> pd.DataFrame:
    """The shares of each table as it comes, since all tables together are large."""
    names = {table_in(path): path for path in survey.tables} or dict.fromkeys(TABLES)
    found = []
    for done, (name, path) in enumerate(names.items()):
        files.step(f"American Community Survey {survey.vintage}", done, len(names))
        table = _table(name, path, survey, files, states, levels)
        found.append(shares_of({name: table}).set_index("geoid"))
    files.step(f"American Community Survey {survey.vintage}", len(names), len(names))
    return pd.concat(found, axis=1).rename_axis("geoid").reset_index()


def _table(
    name: str, path: Path | None, survey: Survey, files: Files, states: Sequence[str], levels: Sequence[Level]
) -> pd.DataFrame:
    if path is None and survey.key is not None:
        return _from_api(name, survey, survey.key, files, states, levels)
    got = described(path, path.name) if path else _file(name, survey.year, files)
    found = read_table_file(got.path, name, levels=levels, states=states)
    files.record(got, _title(name), len(found), survey.vintage)
    return found


def _file(table: str, year: int, files: Files) -> Fetched:
    return files.fetched("acs_table", year=str(year), table=table.lower())


def _title(table: str) -> str:
    return f"American Community Survey, table {table}"


def _from_api(
    table: str, survey: Survey, key: SecretStr, files: Files, states: Sequence[str], levels: Sequence[Level]
) -> pd.DataFrame:
    """A table of each state; all its replies are one record."""
    replies: list[Fetched] = []

    def asked(state: str, level: Level) -> pd.DataFrame:
        parts = []
        for url, cells in questions(table, year=survey.year, state=state, level=level).items():
            got = fetch_with_key(
                url, key.get_secret_value(), cache=files.cache, mirror=files.mirror, refresh=files.refresh
            )
            replies.append(got)
            parts.append(read_reply(got.path, table, cells, level=level))
        return reduce(lambda left, right: left.merge(right, on="geoid", how="outer", validate="one_to_one"), parts)

    found = pd.concat([_finest(asked, state, levels) for state in states], ignore_index=True)
    files.record(_as_one(replies), f"{_title(table)}, {len(replies)} replies of the API", len(found), survey.vintage)
    return found


def _finest(asked: Callable[[str, Level], pd.DataFrame], state: str, levels: Sequence[Level]) -> pd.DataFrame:
    """The first of the levels at which the state has any number; else the last."""
    *finer, last = levels
    for level in finer:
        with suppress(Absent):
            table = asked(state, level)
            if table["E001"].notna().any():
                return table
    return asked(state, last)


def _as_one(replies: Sequence[Fetched]) -> Fetched:
    """The first reply, with the size of all, and the hash of the text of all their hashes in turn."""
    digest = hashlib.sha256("".join(got.sha256 for got in replies).encode()).hexdigest()
    return replace(replies[0], sha256=digest, size_bytes=sum(got.size_bytes for got in replies))


def _in_counties_of_2020(shares: pd.DataFrame, survey: Survey, files: Files) -> tuple[pd.DataFrame, list[str]]:
    """`shares` with Connecticut's places as the 2020 Census numbers them; or unknown, and a note that says so."""
    if not in_planning_regions(shares["geoid"]).any():
        return shares, []
    try:
        if survey.connecticut:
            tracts = tracts_of_2020(survey.connecticut)
        else:
            tracts = tracts_by_region(files.get("ruca", ruca_by_tract, RUCA_TITLE, "2020"))
    except SourceError as failure:
        if survey.connecticut:
            raise
        why = f"{NOTE} Connecticut's are not known, since its new tract numbers could not be read ({failure})"
        return shares, [f"{why} Give its crosswalk with --connecticut."]
    return with_counties_of_2020(shares, tracts), [f"{NOTE} Connecticut's planning regions are joined by tract."]
