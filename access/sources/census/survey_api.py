"""The Census Bureau's API of the survey: the addresses that ask it for a table, and its replies as tables."""

import json
from collections.abc import Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import pandas as pd

from access.errors import SourceError
from access.settings import settings
from access.sources.census.survey import Level, cells_of, numbers_of

# The API answers at most 50 variables. Fewer are asked at a time, since a mirror keeps a reply under its whole
# address, and a file's name holds at most 255 bytes.
_CELLS_AT_ONCE: Final = 6
_DIGITS: Final = {"state": 2, "county": 3, "tract": 6, "block group": 1}
_GEOGRAPHY: Final[dict[Level, str]] = {
    "block_group": "for=block%20group:*&in=state:{state}&in=county:*&in=tract:*",
    "tract": "for=tract:*&in=state:{state}&in=county:*",
}
_GEOID_COLUMNS: Final[dict[Level, list[str]]] = {
    "block_group": ["state", "county", "tract", "block group"],
    "tract": ["state", "county", "tract"],
}


def request_addresses(table: str, *, year: int, state: str, level: Level) -> dict[str, list[str]]:
    """The addresses, without a key, that together ask for a table in one state (two digits), and each one's cells."""
    cells = cells_of(table)
    base = settings().addresses["acs_api"][0].format(year=year)
    within = _GEOGRAPHY[level].format(state=state)
    parts = [cells[start : start + _CELLS_AT_ONCE] for start in range(0, len(cells), _CELLS_AT_ONCE)]
    return {f"{base}?get={','.join(_variables_of(table, part))}&{within}": part for part in parts}


def read_reply(path: Path, table: str, cells: Sequence[str], *, level: Level) -> pd.DataFrame:
    """The reply to one of `request_addresses`.

    Returns
    -------
    pd.DataFrame
        `geoid` (text), and `E...`, `M...` for each of `cells`; NaN where there is no number.

    Raises
    ------
    SourceError
        It is no list of rows, has other columns than were asked for, a damaged code, or a place twice.
    """
    header, *rows = _read_lists(path)
    variables = _variables_of(table, cells)
    place = _GEOID_COLUMNS[level]
    if sorted(map(str, header)) != sorted([*variables, *place]) or not rows:
        raise SourceError(
            f"{path} has {len(rows)} rows of {', '.join(map(str, header))}, but {', '.join([*variables, *place])} were "
            "asked for. Ask again with --refresh, or report that the API has changed."
        )
    text = pd.DataFrame(rows, columns=header, dtype="str")
    geoid = reduce(add, [text[part] for part in place])
    right = [text[part].str.fullmatch(rf"\d{{{_DIGITS[part]}}}").fillna(False) for part in place]
    wrong = ~pd.concat(right, axis=1).all(axis=1) | geoid.duplicated()
    if wrong.any():
        raise SourceError(
            f"{path}: place {geoid[wrong].iloc[0]} comes twice or has lost a digit ({int(wrong.sum())} such). "
            "Ask again with --refresh."
        )
    named = {variable: f"{variable[-1]}{variable[-4:-1]}" for variable in variables}
    cell_numbers = numbers_of(text[variables].rename(columns=named), where=str(path))
    return pd.concat([geoid.rename("geoid"), cell_numbers], axis=1)


def _variables_of(table: str, cells: Sequence[str]) -> list[str]:
    return [f"{table}_{cell}{kind}" for cell in cells for kind in "EM"]


def _read_lists(path: Path) -> list[list[Any]]:
    """A header and rows as wide."""
    try:
        reply = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise SourceError(f"{path} is no reply of the Census API. Ask again with --refresh.") from failure
    lists = isinstance(reply, list) and len(reply) > 0 and all(isinstance(row, list) for row in reply)
    if not lists or any(len(row) != len(reply[0]) for row in reply):
        raise SourceError(f"{path} is no table of rows as wide as its header. Ask again with --refresh.")
    return [list(row) for row in reply]
