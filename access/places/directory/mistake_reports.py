"""Mistakes that visitors report: one file on this machine, sent to nobody, with nothing in it but what they wrote.

Nothing of it counts until the keeper of the machine accepts it; then it is one of `corrections`.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import AccessError
from access.language import mark, say
from access.places.directory.corrections import (
    Correction,
    make_correction,
    read_corrections,
    save_corrections,
)
from access.places.gazetteer.lookup import Gazetteer, address_facts
from access.settings import settings

REPORTS_FILE: Final = "corrections.jsonl"
MOST_CHARACTERS: Final = 1000
MOST_DETAIL: Final = 200
MOST_BYTES: Final = 5_000_000
VISITOR: Final = mark("a visitor")
# What may be wrong with a listing: as `Correction` has it, and what no correction can say.
MISTAKES: Final[Mapping[str, str]] = {
    "closed": mark("It is closed"),
    "moved": mark("It has moved"),
    "phone": mark("It has another telephone number"),
    "not_offered": mark("It does not give a treatment"),
    "other": mark("Something else"),
}
# Which fact a kind needs beside the clinic.
_FACT_NEEDED: Final = {"phone": "phone", "not_offered": "treatment"}
_COLUMNS: Final = ["clinic_id", "date", "text", "kind", "detail", "who"]


def save_report(
    clinic_id: str,
    text: str,
    today: date,
    *,
    kind: str = "other",
    detail: str = "",
    who: str = "",
    folder: Path | None = None,
) -> None:
    """Adds what somebody reports of a clinic to the file of reports in the data folder.

    Parameters
    ----------
    text: what is wrong, or how it is known. kind: of `MISTAKES`. detail: the new address or telephone number, or the
    treatment. who: as whom they want to be known; "": they do not say.

    Raises
    ------
    AccessError
        There is no text, or no detail where one is needed, or it is too long; or the file is full or cannot be
        written.
    """
    words, fact, name = (" ".join(part.split()) for part in (text, detail, who))
    if not words:
        raise AccessError(say("Write how you know, or what is wrong, first."))
    if not fact and kind in ("moved", *_FACT_NEEDED):
        raise AccessError(say("Write what it is now, too."))
    if len(words) > MOST_CHARACTERS or max(len(fact), len(name)) > MOST_DETAIL:
        raise AccessError(say("That is too long; use at most {number} characters.", number=f"{MOST_CHARACTERS:,}"))
    known = {"clinic_id": clinic_id, "date": today.isoformat(), "text": words, "kind": kind, "detail": fact}
    _save_line({name: said for name, said in {**known, "who": name}.items() if said}, folder)


def open_reports(*, folder: Path | None = None) -> pd.DataFrame:
    """What was reported and is not settled yet, by its number, the oldest first; no rows: nothing was.

    Columns `clinic_id`, `date`, `text`, `kind`, `detail`, `who`; "": not said.

    Raises
    ------
    AccessError
        A line of the file cannot be read.
    """
    path = (folder or settings().data_folder) / REPORTS_FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    try:
        rows = [json.loads(line) for line in lines]
    except ValueError as failure:
        raise AccessError(f"{path} has a line that is no correction ({failure}). Mend or remove that line.") from None
    settled = {row["settled"] for row in rows if "settled" in row}
    table = pd.DataFrame(rows, columns=_COLUMNS, index=pd.RangeIndex(1, len(rows) + 1, name="number"), dtype="str")
    is_open = [("settled" not in row and number not in settled) for number, row in enumerate(rows, 1)]
    return table[is_open].fillna({"kind": "other"}).fillna("")


def accept_report(number: int, today: date, gazetteer: Gazetteer) -> Correction:
    """The report of that number as a correction, which counts from now on in every pack of this machine.

    Raises
    ------
    AccessError
        There is no such report, or it says nothing that a correction can;.
    PlaceError
        Its address is none.
    """
    said = _open_report(number)
    if said["kind"] == "other":
        raise AccessError(say("Report {number} says in words what is wrong: correct it by hand.", number=number))
    made = correction_of_report(said, gazetteer)
    save_corrections([*read_corrections(), made])
    _save_line({"settled": number, "date": today.isoformat(), "as": "accepted"}, None)
    return made


def dismiss_report(number: int, today: date) -> None:
    """Settle the report of that number without a change.

    Raises
    ------
    AccessError
        There is no such report.
    """
    _open_report(number)
    _save_line({"settled": number, "date": today.isoformat(), "as": "dismissed"}, None)


def correction_of_report(said: Mapping[str, str], gazetteer: Gazetteer) -> Correction:
    """A correction of what a report says, by the columns of `open_reports`.

    Raises
    ------
    PackError
        A fact is missing or wrong.
    PlaceError
        An address is none.
    """
    facts: dict[str, object] = {_FACT_NEEDED[said["kind"]]: said["detail"]} if said["kind"] in _FACT_NEEDED else {}
    if said["kind"] == "moved":
        facts = address_facts(said["detail"], gazetteer)
    who = said["who"] or VISITOR
    return make_correction(
        clinic_id=said["clinic_id"], kind=said["kind"], who=who, when=said["date"], why=said["text"], **facts
    )


def _open_report(number: int) -> dict[str, str]:
    waiting = open_reports()
    if number not in waiting.index:
        raise AccessError(say("There is no report {number} that waits.", number=number))
    return {str(name): str(cell) for name, cell in waiting.loc[number].items()}


def _save_line(line: Mapping[str, object], folder: Path | None) -> None:
    path = (folder or settings().data_folder) / REPORTS_FILE
    try:
        _append_line(path, (json.dumps(line, ensure_ascii=False) + "\n").encode())
    except OSError as failure:
        raise AccessError(say("The correction could not be kept on this machine; tell its owner.")) from failure


def _append_line(path: Path, line: bytes) -> None:
    """One write to the end of the file, so that two processes never mix their lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.fstat(handle).st_size + len(line) > MOST_BYTES:
            raise AccessError(say("This machine holds as many corrections as it keeps; tell its owner."))
        os.write(handle, line)
    finally:
        os.close(handle)
