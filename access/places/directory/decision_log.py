"""A person's word on which records are one site and which are not: kept on this machine, and taken back at will."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from access.places.directory.journal import read_journal, save_journal, stated
from access.settings import settings, starter_folder

FILE: Final = "decisions.jsonl"


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
    PackError: the file cannot be read, or a line of it is none; names the line.
    """
    return read_journal((folder or settings().data_folder) / FILE, Decision)


def shipped_decisions() -> list[Decision]:
    """The decisions that ship with the curated list; those of this machine come after them, and overrule them.

    Raises
    ------
    PackError: the file is damaged.
    """
    return read_journal(starter_folder() / FILE, Decision)


def save_decisions(decisions: Sequence[Decision], folder: Path | None = None) -> Path:
    """The file of all decisions, written whole in the place of the old one; gives its path.

    Raises
    ------
    PackError: the disk is full or may not be written; the old file is untouched.
    """
    return save_journal((folder or settings().data_folder) / FILE, decisions)


def decision(**facts: object) -> Decision:
    """A decision of these facts.

    Raises
    ------
    PackError: one of them is missing or not what it must be; says which and why.
    """
    return stated(Decision, facts)


def decision_table(decisions: Sequence[Decision]) -> pd.DataFrame:
    """`one`, `other`, `same`, as `merge_clinics` takes them; of two on one pair the later one."""
    rows = {frozenset((said.one, said.other)): (said.one, said.other, said.same) for said in decisions}
    return pd.DataFrame(list(rows.values()), columns=["one", "other", "same"])
