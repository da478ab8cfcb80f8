"""The survey's table-based summary files: one large pipe file a table, of which we read a few columns and rows."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import SourceError
from access.sources.census.survey import DIGITS, Level, cells_of, numbers_of

_PREFIXES: Final[dict[Level, str]] = {"block_group": "1500000US", "tract": "1400000US"}
_ROWS_AT_ONCE: Final = 50_000  # read at a time: a file holds every kind of place, and most of it is not wanted


def table_in(path: Path) -> str:
    """The table that a file holds, such as B17021.

    Raises
    ------
    SourceError
        It cannot be read, or is no table-based summary file.
    """
    header = _read_header(path)
    table, _, cell = (header[1] if len(header) > 1 else "").rpartition("_")
    if header[0] != "GEO_ID" or not table or cell != "E001":
        raise SourceError(
            f"{path} is no table-based summary file: it begins with {', '.join(header[:2])}, not with GEO_ID and "
            "a cell such as B17021_E001. Give an acsdt5y....dat file."
        )
    return table


def read_table_file(
    path: Path, table: str, *, levels: Sequence[Level], states: Collection[str] | None = None
) -> pd.DataFrame:
    """The cells that we read of a table, at these levels.

    Parameters
    ----------
    states: two-digit codes; None: all.

    Returns
    -------
    pd.DataFrame
        `geoid` (11 or 12 digits), and `E...`, `M...` for each cell of `cells_of(table)`; NaN where there is no
        number.

    Raises
    ------
    SourceError
        It cannot be read, lacks a cell, has none of these places, one twice, or a code of another width.
    """
    named = {f"{table}_{kind}{cell}": f"{kind}{cell}" for cell in cells_of(table) for kind in "EM"}
    lacking = [column for column in ("GEO_ID", *named) if column not in _read_header(path)]
    if lacking:
        raise SourceError(f"{path} has no column {', '.join(lacking)}; it is not table {table}, or its layout changed.")
    text = _read_rows(path, list(named), levels, states)
    if text.empty:
        raise SourceError(f"{path} has none of the places that were asked for. Check the file, or --state.")
    geoid = text["GEO_ID"].str[len(_PREFIXES["tract"]) :]
    expected = text["GEO_ID"].str[:2].map({prefix[:2]: DIGITS[level] for level, prefix in _PREFIXES.items()})
    wrong = ~geoid.str.fullmatch(r"\d+") | geoid.str.len().ne(expected) | geoid.duplicated()
    if wrong.any():
        first = text.loc[wrong, "GEO_ID"].iloc[0]
        raise SourceError(
            f"{path}: {first} comes twice or has too few digits ({int(wrong.sum())} such). Fetch it again."
        )
    cells = numbers_of(text[list(named)].rename(columns=named), where=str(path))
    return pd.concat([geoid.rename("geoid"), cells], axis=1).reset_index(drop=True)


def _read_rows(path: Path, columns: list[str], levels: Sequence[Level], states: Collection[str] | None) -> pd.DataFrame:
    starts = tuple(_PREFIXES[level] + state for level in levels for state in (states or [""]))
    wanted: list[pd.DataFrame] = []
    try:
        with pd.read_csv(
            path, sep="|", dtype="str", usecols=["GEO_ID", *columns], keep_default_na=False, chunksize=_ROWS_AT_ONCE
        ) as chunks:
            wanted.extend(chunk[chunk["GEO_ID"].str.startswith(starts)] for chunk in chunks)
    except (OSError, ValueError) as failure:
        raise _unreadable_error(path, failure) from failure
    return pd.concat(wanted, ignore_index=True) if wanted else pd.DataFrame(columns=["GEO_ID", *columns], dtype="str")


def _read_header(path: Path) -> list[str]:
    try:
        return [str(name) for name in pd.read_csv(path, sep="|", dtype="str", nrows=0).columns]
    except (OSError, ValueError) as failure:
        raise _unreadable_error(path, failure) from failure


def _unreadable_error(path: Path, failure: Exception) -> SourceError:
    return SourceError(f"{path} cannot be read as a summary file ({' '.join(str(failure).split())}). Fetch it again.")
