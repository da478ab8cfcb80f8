"""A user's own list of clinics (CSV, XLSX or GeoJSON) as rows in our columns and words, with every fault of them."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from access.errors import SourceError, TableError
from access.language import say
from access.sources.lists.any_csv import NumberedRows, read_any_csv
from access.sources.lists.columns import MatchedColumns, count_known, match_columns
from access.sources.lists.curated import OPTIONAL, REQUIRED
from access.sources.lists.geojson import GEOMETRY, read_features
from access.sources.lists.rules import Fault, fault_table, find_faults, shorten_text
from access.sources.lists.words import translate_words
from access.sources.lists.workbook import read_workbook

MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 20_000
# With the empty ones.
_MOST_SHEET_ROWS: Final = 2 * MOST_ROWS
EXAMPLE_ID: Final = "example-row"
_COLUMNS: Final = [*REQUIRED, *OPTIONAL]
_ID_COLUMNS: Final = ["name", "street", "city", "state", "zip"]
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class OwnRows:
    """What was understood of a list.

    `rows`: every column of `access.sources.lists.curated`, as text in our words, indexed by the number that the user's
    file shows (a table's header is row 1; GeoJSON's first feature is 1). `given`: the same as it stands in the file.
    `faults`: `row`, `column`, `value`, `reason`. `theirs`: the file's name for each column found. `passed_over`: its
    other columns. `notes`: what else to know.
    """

    rows: pd.DataFrame
    given: pd.DataFrame
    faults: pd.DataFrame
    theirs: dict[str, str]
    passed_over: list[str]
    notes: list[str]

    def in_their_words(self, found: pd.DataFrame) -> pd.DataFrame:
        """Faults by row, each once, with the file's own names of columns and its own text, 60 characters at most."""
        values = [
            shorten_text(str(self.given.at[row, column]) if column in self.theirs else value)
            for row, column, value in found[["row", "column", "value"]].itertuples(index=False)
        ]
        named = found["column"].map(lambda column: self.theirs.get(column, column))
        told = found.assign(value=pd.Series(values, index=found.index, dtype="str"), column=named)
        return told.astype({"row": "int64"}).sort_values("row", kind="stable").drop_duplicates().reset_index(drop=True)


def read_own_rows(content: bytes, name: str) -> OwnRows:
    """The list in a file's bytes; `name`: what the file is called.

    Raises
    ------
    SourceError
        It is empty, too large, damaged, or none of CSV, XLSX and GeoJSON.
    TableError
        A column that every list needs is missing, two mean the same, or there are no rows.
    """
    known_as = file_label(name)
    lines, notes = _read_lines(content, known_as)
    if not lines:
        raise SourceError(f"{known_as} is empty. Save the table again.")
    header = lines[0][1]
    body = lines[1:]
    matched = match_columns(header, known_as)
    if not body:
        raise TableError(f"{known_as} has a header but no rows. Add at least one.")
    if len(body) > MOST_ROWS:
        raise TableError(f"{known_as} has {len(body):,} rows, and {MOST_ROWS:,} is the most. Part it in several files.")
    given = _table_of(body, matched)
    rows = _fill_ids(translate_words(given))
    found = pd.concat(
        [
            _width_faults(body, len(header)),
            _point_faults(header, body),
            _example_faults(rows),
            _rule_faults(rows, given),
        ]
    )
    passed_over = [one for one in matched.passed_over if one != GEOMETRY or lines[0][0]]
    return OwnRows(rows, given, found.reset_index(drop=True), matched.theirs, passed_over, notes)


def check_size(size_bytes: int, name: str) -> None:
    """Nothing, when a file is small enough to be read.

    Raises
    ------
    SourceError
        It is too large.
    """
    if size_bytes > MOST_BYTES:
        raise SourceError(
            f"{file_label(name)} has {size_bytes / 1e6:,.0f} MB, and {MOST_BYTES / 1e6:,.0f} MB is the most. "
            "Leave out what is no clinic, or part it in several files."
        )


def file_label(name: str) -> str:
    """A file's name as it may be shown and kept: without its folder, in one line, 60 characters at most."""
    last = re.split(r"[/\\]", name)[-1]
    return shorten_text(" ".join("".join(sign if sign.isprintable() else " " for sign in last).split())) or "the file"


def _read_lines(content: bytes, name: str) -> tuple[NumberedRows, list[str]]:
    check_size(len(content), name)
    if content.startswith(_OLD_WORKBOOK):
        raise SourceError(f"{name} is an old workbook (XLS) or has a password. Save it as XLSX without one, or as CSV.")
    if content.startswith(b"PK"):
        return read_workbook(content, name, most_rows=_MOST_SHEET_ROWS)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return read_features(content, name)
    return read_any_csv(content, name, known=count_known)


def _table_of(body: NumberedRows, matched: MatchedColumns) -> pd.DataFrame:
    index = pd.Index([row for row, _ in body], name="row")
    cells = {
        ours: [line[place] if place < len(line) else "" for _, line in body] for ours, place in matched.places.items()
    }
    return pd.DataFrame(cells, index=index, dtype="str").reindex(columns=_COLUMNS, fill_value="").astype("str")


def _fill_ids(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, those without an id with one of name, street, town and ZIP, which stays when rows move."""
    keys = rows[_ID_COLUMNS].agg("|".join, axis=1).str.lower()
    made = [f"own-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:10]}" for key in keys]
    return rows.assign(clinic_id=rows["clinic_id"].where(rows["clinic_id"].ne(""), pd.Series(made, index=rows.index)))


def _rule_faults(rows: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """The faults by our rules; a clinic that stands twice without an id is told of by its name."""
    found = find_faults(rows)
    made = found["column"].eq("clinic_id") & found["row"].isin(given.index[given["clinic_id"].eq("")])
    alike = say("another row has the same name, street, town and ZIP")
    return found.assign(column=found["column"].mask(made, "name"), reason=found["reason"].mask(made, alike))


def _example_faults(rows: pd.DataFrame) -> pd.DataFrame:
    reason = say("it is the example of the template; delete the row")
    return fault_table(
        [Fault(row, "clinic_id", EXAMPLE_ID, reason) for row in rows.index[rows["clinic_id"].eq(EXAMPLE_ID)]]
    )


def _width_faults(body: NumberedRows, width: int) -> pd.DataFrame:
    return fault_table([
        Fault(row, "", " ".join(line[width:]), _width_reason(len(line), width))
        for row, line in body
        if len(line) < width or any(line[width:])
    ])  # fmt: skip


def _width_reason(cells: int, width: int) -> str:
    return say(
        "the row has {cells} cells and the header {width}; put quotes around a cell that holds the separator",
        cells=cells,
        width=width,
    )


def _point_faults(header: list[str], body: NumberedRows) -> pd.DataFrame:
    """Of GeoJSON, whose header is row 0 of no file: the features whose geometry is no point."""
    if GEOMETRY not in header or body[0][0] != 1:
        return fault_table([])
    place = header.index(GEOMETRY)
    reason = say("its geometry must be a Point of longitude and latitude")
    return fault_table([Fault(row, GEOMETRY, line[place], reason) for row, line in body if line[place]])
