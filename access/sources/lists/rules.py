"""What a cell of a clinic list must be, and the words for every cell that is not."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from access.errors import TableError
from access.language import mark, say
from access.tables import is_date
from access.vocabulary import PAYERS, PRECISIONS, SETTINGS, TREATMENTS, state_code

# Of any cell: the longest notes have a fifth of it, and a workbook's cell may hold sixteen times as much.
MOST_CHARACTERS: Final = 2_000
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
_ZIP: Final = re.compile(r"[0-9]{5}(-?[0-9]{4})?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
# Characters that are no text: controls, and those that turn the reading direction, so that a name shows another.
_NOT_TEXT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_YES_NO: Final = ("yes", "no", "true", "false", "1", "0")
_MOST_A_WEEK: Final = 100_000
_TREATMENT_WORDS: Final = {
    "ketamine_iv": r"\b(ketamine_iv|iv|infusions?)\b",
    "ketamine_im": r"\b(ketamine_im|im|injections?|shots?)\b",
    "esketamine": r"\b(esketamine|spravato)\b",
    "tms": r"\btms\b",
    "ect": r"\bect\b",
}
_KETAMINE: Final = ("ketamine_iv", "ketamine_im")


@dataclass(frozen=True)
class Rule:
    """What a cell must be: the test of its text, and the words that end "but it must be"."""

    is_right: Callable[[str], bool]
    words: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CrossRule:
    """What the cells of a row must be to each other: the column that is named, the test of all rows, and the words."""

    column: str
    is_wrong: Callable[[pd.DataFrame], "pd.Series[bool]"]
    words: str


def parts_of(cell: str) -> list[str]:
    """The parts of a cell joined by |, in lower case, without blanks."""
    return [part.strip().lower() for part in cell.split("|") if part.strip()]


def find_faults(rows: pd.DataFrame) -> pd.DataFrame:
    """Every cell of a clinic list (text, all columns of `access.sources.lists.curated`) that is not what it must be.

    Returns
    -------
    pd.DataFrame
        `row` (its label in `rows`), `column`, `value`, `reason` (in the language spoken): rule by rule, each in the
        order of the rows. What is wrong with a cell's text at all is told alone; no rows: nothing is wrong.
    """
    unreadable = [fault for column in rows for fault in _text_faults(rows, str(column))]
    settled = {(fault.row, fault.column) for fault in unreadable}
    others = (*_cell_faults(rows), *_cross_faults(rows))
    return fault_table([*unreadable, *(fault for fault in others if (fault.row, fault.column) not in settled)])


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell of a list. `row`: its label in the list's index."""

    row: Hashable
    column: str
    value: str
    reason: str


def fault_table(faults: Sequence[Fault]) -> pd.DataFrame:
    """One row for each fault: `row`, `column`, `value`, `reason`."""
    rows = [(fault.row, fault.column, fault.value, fault.reason) for fault in faults]
    return pd.DataFrame(rows, columns=["row", "column", "value", "reason"])


def check_cells(rows: pd.DataFrame, file: str) -> None:
    """Nothing, when every cell of a clinic list (text, indexed by line) is what it must be.

    Raises
    ------
    TableError
        One is not; names the file, the first line, and how many have the same fault.
    """
    found = find_faults(rows)
    if found.empty:
        return
    line, column, value, reason = found.iloc[0]
    many = int((found["column"].eq(column) & found["reason"].eq(reason)).sum())
    named = rows.at[line, "clinic_id"] or rows.at[line, "name"]
    shown = f"'{shorten_text(value)}'" if value else "empty"
    raise TableError(
        f"{file}, line {line} ({shorten_text(str(named))}): {column} is {shown}, but {reason} ({many} such). "
        "Correct it and try again."
    )


def shorten_text(text: str, most: int = 60) -> str:
    """The text with no more characters than that, the last of them a sign that there were more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def web_address(text: str) -> str | None:
    """An http(s) address; a bare domain gets https://. None: neither (so never javascript: or mailto:)."""
    if _ADDRESS.fullmatch(text):
        return text
    return f"https://{text}" if _DOMAIN.fullmatch(text) else None


def priced_treatment(treatments: list[str], note: str) -> str | None:
    """The one treatment that a price is of: the only one, else the one its note speaks of; None: it does not say."""
    if len(treatments) == 1:
        return treatments[0]
    said = note.lower()
    named = [one for one in treatments if one in _TREATMENT_WORDS and re.search(_TREATMENT_WORDS[one], said)]
    if not named and re.search(r"\bketamine\b", said):
        named = [one for one in treatments if one in _KETAMINE]
    return named[0] if len(named) == 1 else None


def _text_faults(rows: pd.DataFrame, column: str) -> Iterator[Fault]:
    cells = rows[column]
    long = cells.str.len() > MOST_CHARACTERS
    reason = say("it must have no more than {most} characters", most=f"{MOST_CHARACTERS:,}")
    yield from (Fault(row, column, cell, reason) for row, cell in cells[long].items())
    strange = cells[~long].map(lambda cell: bool(_NOT_TEXT.search(cell)))
    reason = say("it must hold no control characters; type it anew")
    yield from (Fault(row, column, cell, reason) for row, cell in cells[~long][strange.astype(bool)].items())


def _cell_faults(rows: pd.DataFrame) -> Iterator[Fault]:
    for column, rule in _RULES.items():
        reason = say("it must be {what}", what=say(rule.words, **rule.values))
        wrong = rows.loc[~rows[column].map(rule.is_right).astype(bool), column]
        yield from (Fault(row, column, cell, reason) for row, cell in wrong.items())


def _cross_faults(rows: pd.DataFrame) -> Iterator[Fault]:
    for rule in _CROSS_RULES:
        wrong = rows.loc[rule.is_wrong(rows), rule.column]
        yield from (Fault(row, rule.column, cell, say(rule.words)) for row, cell in wrong.items())


def _one_of(words: Iterable[str]) -> Rule:
    allowed = tuple(words)
    return Rule(
        lambda cell: not cell or cell in allowed, mark("empty or one of {words}"), {"words": ", ".join(allowed)}
    )


def _list_of(words: Iterable[str], *, empty: bool) -> Rule:
    allowed = tuple(words)

    def is_right(cell: str) -> bool:
        parts = parts_of(cell)
        return (empty or bool(parts)) and set(parts) <= set(allowed) and len(parts) == len(set(parts))

    either = mark("empty or any of {words}, joined by |, each once")
    always = mark("any of {words}, joined by |, each once")
    return Rule(is_right, either if empty else always, {"words": ", ".join(allowed)})


def _between(low: float, high: float) -> Rule:
    def is_right(cell: str) -> bool:
        return not cell or (bool(_NUMBER.fullmatch(cell)) and low <= float(cell) <= high)

    return Rule(is_right, mark("empty or a number from {low} to {high}"), {"low": f"{low:g}", "high": f"{high:g}"})


def _are_counts(cell: str) -> bool:
    return all(_NUMBER.fullmatch(part) and 0 <= float(part) <= _MOST_A_WEEK for part in parts_of(cell))


_DATE: Final = Rule(lambda cell: not cell or is_date(cell), mark("empty or a date like 2021, 2021-05 or 2021-05-31"))
_YES_OR_NO: Final = Rule(lambda cell: not cell or cell.lower() in _YES_NO, mark("empty, yes or no"))
_WEB_ADDRESS: Final = Rule(
    lambda cell: not cell or web_address(cell) is not None,
    mark("empty or an address of the web, like https://alpha.org"),
)
_RULES: Final[dict[str, Rule]] = {
    "clinic_id": Rule(
        lambda cell: bool(_ID.fullmatch(cell)),
        mark("a word of its own for each clinic: letters, digits, dots, dashes, 80 at most"),
    ),
    "name": Rule(bool, mark("the clinic's name")),
    "state": Rule(lambda cell: state_code(cell) is not None, mark("a state of the United States, like MT or Montana")),
    "zip": Rule(
        lambda cell: not cell or bool(_ZIP.fullmatch(cell)),
        mark("empty or five digits, with the zeros in front that spreadsheets drop, or nine (59718-1234)"),
    ),
    "treatments": _list_of(TREATMENTS, empty=False),
    "payers": _list_of(PAYERS, empty=True),
    "payers_refused": _list_of(PAYERS, empty=True),
    "website": _WEB_ADDRESS,
    "source_url": _WEB_ADDRESS,
    "setting": _one_of(SETTINGS),
    "price_usd": _between(0, 100_000),
    "latitude": _between(-90, 90),
    "longitude": _between(-180, 180),
    "location_precision": _one_of(PRECISIONS),
    "seen_date": _DATE,
    "checked_on": _DATE,
    "rems_certified": _YES_OR_NO,
    "telehealth": _YES_OR_NO,
    "speaks_spanish": _YES_OR_NO,
    "capacity_per_week": Rule(_are_counts, mark("empty or visits per week for each treatment, joined by |")),
}


def _has_payer_both_ways(rows: pd.DataFrame) -> "pd.Series[bool]":
    pairs = zip(rows["payers"], rows["payers_refused"], strict=True)
    return pd.Series(
        [bool({*parts_of(one)} & {*parts_of(other)}) for one, other in pairs], index=rows.index, dtype=bool
    )


def _has_unnamed_price(rows: pd.DataFrame) -> "pd.Series[bool]":
    cells = zip(rows["price_usd"], rows["treatments"], rows["price_note"], strict=True)
    wrong = [
        bool(price and len(parts_of(given)) > 1 and priced_treatment(parts_of(given), note) is None)
        for price, given, note in cells
    ]
    return pd.Series(wrong, index=rows.index, dtype=bool)


_CROSS_RULES: Final = (
    CrossRule(
        "clinic_id",
        lambda rows: rows["clinic_id"].ne("") & rows["clinic_id"].duplicated(keep=False),
        mark("another line has the same, and each clinic needs its own"),
    ),
    CrossRule(
        "latitude",
        lambda rows: rows["latitude"].eq("") != rows["longitude"].eq(""),
        mark("one of latitude and longitude is empty, and both or neither must be"),
    ),
    CrossRule(
        "city",
        lambda rows: rows["latitude"].eq("") & rows["zip"].eq("") & rows["city"].eq(""),
        mark("the ZIP is empty too, and one of them or coordinates are needed to place the clinic"),
    ),
    CrossRule(
        "payers_refused", _has_payer_both_ways, mark("a payer is both among those accepted and among those refused")
    ),
    CrossRule("price_usd", _has_unnamed_price, mark("price_note does not say of which treatment; name one in it")),
    CrossRule(
        "capacity_per_week",
        lambda rows: (
            rows["capacity_per_week"].ne("")
            & (rows["capacity_per_week"].map(parts_of).str.len() != rows["treatments"].map(parts_of).str.len())
        ),
        mark("it must have as many numbers as there are treatments, joined by |"),
    ),
    CrossRule(
        "rems_certified",
        lambda rows: (
            rows["rems_certified"].ne("") & ~rows["treatments"].map(lambda cell: "esketamine" in parts_of(cell))
        ),
        mark("the clinic does not give esketamine, of which alone it is said"),
    ),
)
