"""A person's word on which records are one site and which are not: kept on this machine, and taken back at will."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from access.errors import TableError
from access.places.directory.journal import line_of, read_journal, save_journal
from access.places.directory.sites import DecidedPairs, Pair, Partition
from access.settings import settings, starter_folder

DECISIONS_FILE: Final = "decisions.jsonl"


class Decision(BaseModel):
    """Whether two records (by their ids) are one site, who says so, when, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one: str = Field(min_length=1)
    other: str = Field(min_length=1)
    same: bool
    who: str = Field(min_length=1, max_length=200)
    when: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    why: str = Field(min_length=1, max_length=1000)


def read_decisions(folder: Path | None = None) -> list[Decision]:
    """The decisions of this machine, the oldest first; none: [].

    Raises
    ------
    PackError
        The file cannot be read, or a line of it is none; names the line.
    """
    return read_journal((folder or settings().data_folder) / DECISIONS_FILE, Decision)


def shipped_decisions() -> list[Decision]:
    """The decisions that ship with the curated list; those of this machine come after them, and overrule them.

    Raises
    ------
    PackError
        The file is damaged.
    """
    return read_journal(starter_folder() / DECISIONS_FILE, Decision)


def save_decisions(decisions: Sequence[Decision], folder: Path | None = None) -> Path:
    """The file of all decisions, written whole in the place of the old one; gives its path.

    Raises
    ------
    PackError
        The disk is full or may not be written; the old file is untouched.
    """
    return save_journal((folder or settings().data_folder) / DECISIONS_FILE, decisions)


def make_decision(**facts: object) -> Decision:
    """A decision of these facts.

    Raises
    ------
    PackError
        One of them is missing or not what it must be; says which and why.
    """
    return line_of(Decision, facts)


def decision_table(decisions: Sequence[Decision]) -> pd.DataFrame:
    """`one`, `other`, `same`, as `merge_clinics` takes them; of two on one pair the later one."""
    rows = {frozenset((said.one, said.other)): (said.one, said.other, said.same) for said in decisions}
    return pd.DataFrame(list(rows.values()), columns=["one", "other", "same"])


_DECISION_COLUMNS = ("one", "other", "same")


def pairs_of_decisions(decisions: pd.DataFrame | None, ids: "pd.Series[str]") -> DecidedPairs:
    """The decisions by the numbers of their records in `ids`; one of a record that is not there says nothing.

    Raises
    ------
    TableError
        A column is missing, `same` is neither true nor false, or decisions contradict each other.
    """
    if decisions is None or decisions.empty:
        return DecidedPairs()
    _refuse_malformed(decisions)
    number_of = {clinic_id: number for number, clinic_id in enumerate(ids)}
    same: list[Pair] = []
    different: list[Pair] = []
    for one, other, is_same in decisions[list(_DECISION_COLUMNS)].itertuples(index=False):
        if one in number_of and other in number_of:
            pair = sorted((number_of[one], number_of[other]))
            (same if is_same else different).append((pair[0], pair[1]))
    _refuse_contradictory(same, different, ids)
    return DecidedPairs(sorted(same), sorted(different))


def _refuse_malformed(decisions: pd.DataFrame) -> None:
    missing = [column for column in _DECISION_COLUMNS if column not in decisions]
    if missing:
        raise TableError(f"The decisions have no column '{missing[0]}'; they need one, other and same.")
    if decisions["same"].isna().any() or not decisions["same"].isin([True, False]).all():
        raise TableError("In the decisions, same must be true or false in every row. Fill the others, or drop them.")


def _refuse_contradictory(same: list[Pair], different: list[Pair], ids: "pd.Series[str]") -> None:
    said = Partition.of(len(ids), [])
    for one, other in same:
        said.join(one, other, "decision")
    against = [(one, other) for one, other in different if said.first[one] == said.first[other]]
    if against:
        one, other = against[0]
        raise TableError(
            f"{len(against)} decisions contradict each other: '{ids.iloc[one]}' and '{ids.iloc[other]}' are "
            "said to be two sites, and by other decisions one. Take one of them back."
        )
