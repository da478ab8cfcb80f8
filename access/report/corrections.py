"""Corrections that people report: one file on this machine, sent to nobody, with nothing in it but what they wrote."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import AccessError
from access.language import say
from access.settings import settings

FILE: Final = "corrections.jsonl"
MOST_CHARACTERS: Final = 1000
MOST_BYTES: Final = 5_000_000


def report_correction(clinic_id: str, text: str, today: date, *, folder: Path | None = None) -> None:
    """Adds what somebody wrote of a clinic to the file of corrections in the data folder.

    Raises
    ------
    AccessError: there is no text, or it is too long; or the file is full or cannot be written.
    """
    words = " ".join(text.split())
    if not words:
        raise AccessError(say("Write what is wrong first."))
    if len(words) > MOST_CHARACTERS:
        raise AccessError(say("That is too long; use at most {number} characters.", number=f"{MOST_CHARACTERS:,}"))
    line = json.dumps({"clinic_id": clinic_id, "date": today.isoformat(), "text": words}, ensure_ascii=False) + "\n"
    path = (folder or settings().data_folder) / FILE
    try:
        _append(path, line.encode())
    except OSError as failure:
        raise AccessError(say("The correction could not be kept on this machine; tell its owner.")) from failure


def corrections(*, folder: Path | None = None) -> pd.DataFrame:
    """What was reported so far: `clinic_id`, `date`, `text`, the oldest first; no rows: nothing was.

    Raises
    ------
    AccessError: a line of the file cannot be read.
    """
    path = (folder or settings().data_folder) / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    try:
        rows = [json.loads(line) for line in lines]
    except ValueError as failure:
        raise AccessError(f"{path} has a line that is no correction ({failure}). Mend or remove that line.") from None
    return pd.DataFrame(rows, columns=["clinic_id", "date", "text"], dtype="str")


def _append(path: Path, line: bytes) -> None:
    """One write to the end of the file, so that two processes never mix their lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.fstat(handle).st_size + len(line) > MOST_BYTES:
            raise AccessError(say("This machine holds as many corrections as it keeps; tell its owner."))
        os.write(handle, line)
    finally:
        os.close(handle)
