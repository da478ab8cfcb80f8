"""What a cell of a clinic list must be, and the sentence when it is not."""

import re
from collections.abc import Callable, Iterable
from typing import Final

import pandas as pd

from access.errors import TableError
from access.vocabulary import PAYERS, PRECISIONS, SETTINGS, TREATMENTS, state_code

_DATE: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ZIP: Final = re.compile(r"\d{5}(-?\d{4})?")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?")
_YES_NO: Final = ("yes", "no", "true", "false", "1", "0")


def listed(cell: str) -> list[str]:
    """The parts of a cell joined by |, in lower case, without blanks."""
    return [part.strip().lower() for part in cell.split("|") if part.strip()]


def check_cells(rows: pd.DataFrame, file: str) -> None:
    """Nothing, when every cell of a clinic list (text, indexed by line) is what it must be.

    Raises
    ------
    TableError: one is not; names the file, the first line, and how many.
    """
    for column, (is_right, rule) in _RULES.items():
        wrong = rows[~rows[column].map(is_right)]
        if len(wrong):
            _raise(wrong, f"{column} is {_shown(wrong[column].iloc[0])}, but it must be {rule}", file)
    for is_wrong, trouble in _CROSS_RULES:
        wrong = rows[is_wrong(rows)]
        if len(wrong):
            _raise(wrong, trouble, file)


def _raise(wrong: pd.DataFrame, trouble: str, file: str) -> None:
    first = wrong.iloc[0]
    raise TableError(
        f"{file}, line {wrong.index[0]} ({first['clinic_id'] or first['name']}): {trouble} ({len(wrong)} such). "
        "Correct it and try again."
    )


def _shown(cell: str) -> str:
    return f"'{cell}'" if cell else "empty"


def _one_of(words: Iterable[str]) -> tuple[Callable[[str], bool], str]:
    allowed = tuple(words)
    return (lambda cell: not cell or cell in allowed), f"empty or one of {', '.join(allowed)}"


def _list_of(words: Iterable[str], *, empty: bool) -> tuple[Callable[[str], bool], str]:
    allowed = tuple(words)

    def is_right(cell: str) -> bool:
        parts = listed(cell)
        return (empty or bool(parts)) and set(parts) <= set(allowed) and len(parts) == len(set(parts))

    return is_right, f"{'empty or ' if empty else ''}any of {', '.join(allowed)}, joined by |, each once"


def _between(low: float, high: float) -> tuple[Callable[[str], bool], str]:
    def is_right(cell: str) -> bool:
        return not cell or (bool(_NUMBER.fullmatch(cell)) and low <= float(cell) <= high)

    return is_right, f"empty or a number from {low:g} to {high:g}"


def _like(form: re.Pattern[str], words: str) -> tuple[Callable[[str], bool], str]:
    return (lambda cell: not cell or bool(form.fullmatch(cell))), f"empty or {words}"


def _are_counts(cell: str) -> bool:
    return all(_NUMBER.fullmatch(part) and float(part) >= 0 for part in listed(cell))


_RULES: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "clinic_id": (bool, "a word of its own for each clinic"),
    "name": (bool, "the clinic's name"),
    "state": (lambda cell: state_code(cell) is not None, "a state of the United States, like MT or Montana"),
    "zip": _like(_ZIP, "five digits, with the zeros in front that spreadsheets drop, or nine (59718-1234)"),
    "treatments": _list_of(TREATMENTS, empty=False),
    "payers": _list_of(PAYERS, empty=True),
    "payers_refused": _list_of(PAYERS, empty=True),
    "setting": _one_of(SETTINGS),
    "price_usd": _between(0, 100_000),
    "latitude": _between(-90, 90),
    "longitude": _between(-180, 180),
    "location_precision": _one_of(PRECISIONS),
    "seen_date": _like(_DATE, "a date like 2021, 2021-05 or 2021-05-31"),
    "checked_on": _like(_DATE, "a date like 2021, 2021-05 or 2021-05-31"),
    "rems_certified": (lambda cell: not cell or cell.lower() in _YES_NO, "empty, yes or no"),
    "capacity_per_week": (_are_counts, "empty or visits per week for each treatment, joined by |"),
}
_CROSS_RULES: Final[tuple[tuple[Callable[[pd.DataFrame], "pd.Series[bool]"], str], ...]] = (
    (
        lambda rows: rows["clinic_id"].duplicated(),
        "clinic_id is the same as on an earlier line, but each clinic needs its own",
    ),
    (
        lambda rows: rows["latitude"].eq("") != rows["longitude"].eq(""),
        "one of latitude and longitude is empty, but both or neither must be",
    ),
    (
        lambda rows: rows["latitude"].eq("") & rows["zip"].eq("") & rows["city"].eq(""),
        "city and zip are empty, but one of them or coordinates are needed to place the clinic",
    ),
    (
        lambda rows: pd.Series(
            [
                bool({*listed(one)} & {*listed(other)})
                for one, other in zip(rows["payers"], rows["payers_refused"], strict=True)
            ],
            index=rows.index,
        ),
        "a payer is both in payers and in payers_refused",
    ),
    (
        lambda rows: (
            rows["capacity_per_week"].ne("")
            & (rows["capacity_per_week"].map(listed).str.len() != rows["treatments"].map(listed).str.len())
        ),
        "capacity_per_week must have as many numbers as there are treatments, joined by |",
    ),
    (
        lambda rows: rows["rems_certified"].ne("") & ~rows["treatments"].map(lambda cell: "esketamine" in listed(cell)),
        "rems_certified is filled, but the clinic does not give esketamine",
    ),
)
