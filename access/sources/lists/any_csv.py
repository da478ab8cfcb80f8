"""A person's CSV, in whatever encoding and with whatever separator it was saved, as rows of text."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Final

from access.errors import SourceError, TableError
from access.language import say

NumberedRows = list[tuple[int, list[str]]]

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_SEPARATORS: Final = (",", ";", "\t", "|")
_MOST_SHOWN: Final = 10


def read_any_csv(content: bytes, name: str, *, known: Callable[[list[str]], int]) -> tuple[NumberedRows, list[str]]:
    """The rows of a CSV that hold any text, each with its number as a spreadsheet shows it, and what to know of them.

    `known`: how many cells of a first row name a column; the separator that makes most of them so is taken.

    Raises
    ------
    SourceError
        It is a web page, or text in no encoding that is known here.
    TableError
        A quote is never closed, or stands where none may.
    """
    text, notes = decode_text(content, name)
    if text.lstrip()[:9].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise SourceError(f"{name} is a web page, not a table. Download the table itself.")
    separator = max(_SEPARATORS, key=lambda one: known(_first_row(text, one)))
    return [(row, cells) for row, cells in _parse_rows(text, separator, name) if any(cells)], notes


def decode_text(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text, and a note where some of it was in an older encoding: UTF-16 with its mark, UTF-8, or line by line
    UTF-8 where it is that, and else Windows-1252.

    Raises
    ------
    SourceError
        It is in none of these.
    """
    if content.startswith(_UTF16):
        return _decode_utf16(content, name), []
    plain = content.removeprefix(_UTF8_MARK)
    if plain[:1_000].count(0) > len(plain[:1_000]) // 4:
        raise SourceError(f"{name} is not text, or is UTF-16 without its mark. Save the table as 'CSV UTF-8'.")
    try:
        return plain.decode(), []
    except UnicodeDecodeError:
        return _decode_by_line(plain, name)


def _decode_utf16(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError:
        text = "\x00" * 4
    if text[:1_000].count("\x00") > len(text[:1_000]) // 4:
        raise SourceError(f"{name} is not whole UTF-16, though it begins so. Save the table as 'CSV UTF-8'.")
    return text


def _decode_by_line(content: bytes, name: str) -> tuple[str, list[str]]:
    lines = []
    older = []
    lost = []
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            older.append(number)
            lines.append(line.decode("cp1252", "replace"))
            lost += [number] * ("\ufffd" in lines[-1])
    if lost:
        raise SourceError(
            f"{name}, line {_join_numbers(lost)}: neither UTF-8 nor Windows-1252. Save the table as 'CSV UTF-8'."
        )
    return "\n".join(lines), [
        say("Lines read as Windows-1252, not as UTF-8, so look at their accents: {lines}.", lines=_join_numbers(older))
    ]


def _join_numbers(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:_MOST_SHOWN])) + (" ..." if len(lines) > _MOST_SHOWN else "")


def _first_row(text: str, separator: str) -> list[str]:
    start = text.lstrip("\r\n")[:10_000]
    try:
        return next(csv.reader(io.StringIO(start, newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _parse_rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    # A cell may be as long as the file: what is too long is refused with its row, and a quote that is never closed
    # with its line.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    begun = 1
    try:
        for row, cells in enumerate(reader, 1):
            yield row, [" ".join(cell.split()) for cell in cells]
            begun = reader.line_num + 1
    except csv.Error as failure:
        why = "a quote that opens here is never closed" if "end of data" in str(failure) else str(failure)
        raise TableError(f"{name}, row {row + 1} (line {begun}): {why}. Mend it, or save the table again.") from None
