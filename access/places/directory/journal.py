"""What the keeper of this machine has said, a line each, in a file that can be read, mended and carried away."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from access.errors import PackError
from access.places.atomic_writes import write_whole

Line = TypeVar("Line", bound=BaseModel)


def read_journal(path: Path, kind: type[Line]) -> list[Line]:
    """The lines of the file, the oldest first; no file: [].

    Raises
    ------
    PackError
        The file cannot be read, or a line of it is none; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    except (OSError, ValueError) as failure:
        raise PackError(f"{path} cannot be read ({failure}). Mend it, or put it aside.") from failure
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(kind.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as failure:
            name = kind.__name__.lower()
            raise PackError(
                f"{path}, line {number} is no {name} ({_fault_words(failure)}). Mend or remove that line."
            ) from None
    return found


def save_journal(path: Path, lines: Sequence[BaseModel]) -> Path:
    """The file of all lines, written whole in the place of the old one; gives its path.

    Raises
    ------
    PackError
        The disk is full or may not be written; the old file is untouched.
    """
    write_whole(path, "".join(f"{one.model_dump_json(exclude_none=True)}\n" for one in lines).encode())
    return path


def line_of(kind: type[Line], facts: Mapping[str, object]) -> Line:
    """A line of these facts.

    Raises
    ------
    PackError
        One of them is missing or not what it must be; says which and why.
    """
    try:
        return kind.model_validate(facts)
    except ValidationError as failure:
        raise PackError(f"This is no {kind.__name__.lower()} ({_fault_words(failure)}). Nothing was changed.") from None


def _fault_words(failure: ValueError) -> str:
    """What is wrong with the first field that is, as a person may read it."""
    if not isinstance(failure, ValidationError):
        return " ".join(str(failure).split())
    first = failure.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said[:1].lower()}{said[1:]}" if where else said
