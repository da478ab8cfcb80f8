"""A CSV in UTF-8 and in the columns that we name, as rows of text, with a plain word about what is wrong with it."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from access.errors import SourceError, TableError
from access.tables import require_columns


def read_strict_csv(path: Path, *, required: Sequence[str], optional: Sequence[str]) -> pd.DataFrame:
    """The rows of a CSV: every cell one line of stripped text, indexed by `line` of the file.

    Returns
    -------
    pd.DataFrame
        The columns `required` and `optional`; an optional one that the file lacks is empty text. Other columns and
        rows without any text are left out.

    Raises
    ------
    SourceError
        The file is not there, not UTF-8, empty, a web page or a workbook.
    TableError
        A required column is missing or comes twice, or a line has more or fewer cells than the header.
    """
    content = _read_text(path)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        lines = [(reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader]
    except csv.Error as failure:
        raise TableError(f"{path.name}, line {reader.line_num}: {failure}. Save the table again as CSV.") from None
    header = lines[0][1]
    rows = [(line, cells) for line, cells in lines[1:] if any(cells)]
    _check_shape(header, rows, path)
    table = pd.DataFrame([cells for _, cells in rows], columns=header, dtype="str")
    require_columns(table, required, where=path.name)
    if table.empty:
        raise TableError(f"{path.name} has a header but no rows. Add at least one.")
    table.index = pd.Index([line for line, _ in rows], name="line")
    return table.reindex(columns=[*required, *optional], fill_value="").astype("str")


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise SourceError(f"{path} cannot be read ({failure.strerror}). Check its name.") from failure
    start = content.lstrip()[:100].lower()
    if not start:
        raise SourceError(f"{path} is empty. Save the table again as CSV.")
    if content.startswith(b"PK"):
        raise SourceError(f"{path} is a workbook or ZIP archive. Save the table as 'CSV UTF-8' instead.")
    if start.removeprefix(b"\xef\xbb\xbf").startswith((b"<!doctype", b"<html", b"<?xml")):
        raise SourceError(f"{path} is a web page, not a CSV. Download the table itself.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content[: failure.start].count(b"\n") + 1
        raise SourceError(f"{path} is not UTF-8 (line {line}). Save the table as 'CSV UTF-8'.") from None


def _check_shape(header: list[str], rows: list[tuple[int, list[str]]], path: Path) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise TableError(f"{path.name} has the column {', '.join(twice)} more than once. Keep one of them.")
    ragged = [(line, len(cells)) for line, cells in rows if len(cells) != len(header)]
    if ragged:
        line, count = ragged[0]
        raise TableError(
            f"{path.name}, line {line} has {count} cells, but the header has {len(header)} ({len(ragged)} such "
            "lines). Put quotes around cells that hold a comma."
        )
