"""The contract of each table: key, columns, types, ranges; checked where data enters, trusted inside."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from access.errors import TableError
from access.vocabulary import (
    CHANGE_KINDS,
    EVIDENCE,
    PAYERS,
    PRECISIONS,
    RURALITIES,
    SETTINGS,
    SHARES,
    SOURCES,
    STATES,
    TREATMENTS,
)

_DATE: Final = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$", re.ASCII)
_DATES: Final = "must be a date like 2021, 2021-05 or 2021-05-31"
_FIVE_DIGITS = pa.Check.str_matches(r"^\d{5}$", error="must be five digits, as text")


def _one_of(values: Iterable[str]) -> pa.Check:
    allowed = list(values)
    return pa.Check.isin(allowed, error="must be one of " + ", ".join(allowed))


def _between(low: float, high: float) -> pa.Check:
    return pa.Check.in_range(low, high, error=f"must be between {low:g} and {high:g}")


def _text(*checks: pa.Check, nullable: bool = False, unique: bool = False) -> pa.Column:
    return pa.Column("str", list(checks), nullable=nullable, unique=unique, coerce=True)


def _number(*checks: pa.Check, nullable: bool = False) -> pa.Column:
    return pa.Column("float64", list(checks), nullable=nullable, coerce=True)


def _flag(*, required: bool = True) -> pa.Column:
    """Yes, no or not known; where it need not be there, an absent column is read as not known."""
    return pa.Column("boolean", nullable=True, coerce=True, required=required)


def _optional_column(kind: str, *checks: pa.Check) -> pa.Column:
    """What only some packs hold; where it is absent it stays so."""
    return pa.Column(kind, list(checks), nullable=True, coerce=True, required=False, metadata={"layer": True})


def is_date(cell: str) -> bool:
    """Whether the text is a year, month or day that there is: 2021, 2021-05 or 2021-05-31."""
    try:
        return bool(_DATE.match(cell) and date.fromisoformat(cell + "-01-01"[len(cell) - len("2021") :]))
    except ValueError:
        return False


_DAY: Final = pa.Check(is_date, element_wise=True, error=_DATES)


def _payer_list() -> pa.Check:
    return pa.Check(
        lambda cell: all(payer in PAYERS for payer in str(cell).split("|") if payer),
        element_wise=True,
        error="must hold payers joined by | out of " + ", ".join(PAYERS),
    )


_POINT: Final = {
    "latitude": _number(_between(-90, 90)),
    "longitude": _number(_between(-180, 180)),
}
# Dollars a session or sessions a week: beyond it a slip, which sums and products would make infinite.
_MOST: Final = 1_000_000
_NOT_NEGATIVE = pa.Check.ge(0, error="must not be negative")

# Of the shares, `moe` is the margin at 90 %, and `is_tract` whether it is the tract's, standing for its block group.
_LAYERS: Final[dict[str, Any]] = {
    "share": ("float64", _between(0, 1)),
    "moe": ("float64", _NOT_NEGATIVE),
    "is_tract": ("boolean",),
}
_SHARES: Final = {
    **{f"{layer}_{name}": _optional_column(*rule) for name in SHARES for layer, rule in _LAYERS.items()},
    "moe_adults": _optional_column("float64", _NOT_NEGATIVE),
    "median_income_usd": _optional_column("float64", _NOT_NEGATIVE),
}
PEOPLE: Final = pa.DataFrameSchema(
    {
        "geoid": _text(unique=True),
        **_POINT,
        "population": pa.Column("int64", [_NOT_NEGATIVE], coerce=True),
        "adults": _number(_NOT_NEGATIVE, nullable=True),
        "state": _text(_one_of(STATES)),
        "county": _text(_FIVE_DIGITS),
        "rurality": _text(_one_of(RURALITIES)),
        "rurality_scheme": _text(),
        # As the Federal Office of Rural Health Policy has it, as far as that can be judged.
        "is_forhp_rural": _optional_column("boolean"),
        **_SHARES,
    },
    name="people",
)
_CLINIC: Final = {
    "clinic_id": _text(unique=True),
    "name": _text(),
    "address": _text(nullable=True),
    "city": _text(nullable=True),
    "state": _text(),
    "zip": _text(_FIVE_DIGITS, nullable=True),
    "phone": _text(nullable=True),
    "website": _text(nullable=True),
    **_POINT,
    "location_precision": _text(_one_of(PRECISIONS)),
    "setting": _text(_one_of(SETTINGS), nullable=True),
    # Care by video or telephone, and in Spanish. Packs made before these were kept lack both.
    "telehealth": _flag(required=False),
    "speaks_spanish": _flag(required=False),
}
CLINICS: Final = pa.DataFrameSchema(_CLINIC, name="clinics")
SERVICES: Final = pa.DataFrameSchema(
    {
        "clinic_id": _text(),
        "treatment": _text(_one_of(TREATMENTS)),
        "payers_accepted": _text(_payer_list()),
        "payers_refused": _text(_payer_list()),
        "price_usd": _number(_between(0, _MOST), nullable=True),
        "rems_certified": _flag(),
        "capacity_per_week": _number(_between(0, _MOST), nullable=True),
        "source": _text(),
        "source_url": _text(nullable=True),
        "seen_date": _text(_DAY, nullable=True),
        "checked_on": _text(nullable=True),
        "note": _text(nullable=True),
        # What the source's word rests on; patients of the year whom Medicare paid for, where it was billed; since
        # when the source no longer has this (missing: it still had it when last asked).
        "evidence": _optional_column("str", _one_of(EVIDENCE)),
        "patients_billed": _optional_column("float64", _NOT_NEGATIVE),
        "missing_since": _optional_column("str", _DAY),
    },
    unique=["clinic_id", "treatment", "source"],
    name="services",
)
# What one source says of one site, as it says it: `clinic_id` is the record's own id, `site` that of the clinic it
# is part of (missing: of none). A record without a point is placed when sites are made of records.
LISTINGS: Final = pa.DataFrameSchema(
    {
        **_CLINIC,
        "latitude": _number(_between(-90, 90), nullable=True),
        "longitude": _number(_between(-180, 180), nullable=True),
        "location_precision": _text(_one_of(PRECISIONS), nullable=True),
        "source": _text(_one_of(SOURCES)),
        "url": _text(nullable=True),
        "first_seen": _text(_DAY),
        "last_seen": _text(_DAY),
        "missing_since": _text(_DAY, nullable=True),
        "site": _text(nullable=True),
    },
    name="listings",
)
# What changed in the directory, one fact a row: `record_id` is a source's record, `clinic_id` the site that it is of
# (missing: of none). "joined": the site `before` is now part of the site `after`.
CHANGES: Final = pa.DataFrameSchema(
    {
        "day": _text(_DAY),
        "source": _text(_one_of(SOURCES)),
        "change": _text(_one_of(CHANGE_KINDS)),
        "clinic_id": _text(nullable=True),
        "record_id": _text(),
        "name": _text(),
        "state": _text(),
        "field": _text(nullable=True),
        "before": _text(nullable=True),
        "after": _text(nullable=True),
    },
    name="changes",
)
# Where a record's address is, by a geocoder: `address` is what was asked, and the point is good only for that.
ADDRESS_POINTS: Final = pa.DataFrameSchema(
    {"record_id": _text(unique=True), "address": _text(), **_POINT, "day": _text(_DAY)}, name="located"
)
ZIPS: Final = pa.DataFrameSchema(
    {
        "zip": _text(_FIVE_DIGITS, unique=True),
        "city": _text(),
        "state": _text(_one_of(STATES)),
        **_POINT,
        "location_precision": _text(_one_of(("zip", "city"))),
    },
    name="zips",
)
TOWNS: Final = pa.DataFrameSchema(
    {"name": _text(), "state": _text(_one_of(STATES)), **_POINT, "population": _number(nullable=True)},
    name="towns",
)


def check_table(table: pd.DataFrame, contract: pa.DataFrameSchema, *, where: str) -> pd.DataFrame:
    """`table` with the contract's columns, in its order and types; other columns are left out.

    A column that the contract does not require and the table lacks is not known in any row; a layer that it lacks
    stays away.

    Parameters
    ----------
    where: the file or source, as the person who must mend it knows it.

    Raises
    ------
    TableError
        A column is missing, or a value breaks its rule; names the first offender and how many.
    """
    require_columns(table, [name for name, column in contract.columns.items() if column.required], where=where)
    kept = [name for name, column in contract.columns.items() if name in table or not column.metadata]
    chosen = table.reindex(columns=kept)
    try:
        return contract.validate(chosen, lazy=True).reset_index(drop=True)
    except SchemaErrors as failure:
        raise TableError(_failure_sentence(failure.failure_cases, chosen, contract, where)) from None


def conform_table(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """The table with every column of the contract, those that it lacks missing."""
    kinds = {name: str(column.dtype) for name, column in contract.columns.items()}
    text = {name: "str" if kind.startswith("str") else kind for name, kind in kinds.items()}
    return table.reindex(columns=list(text)).astype(text)


def stack_tables(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all, numbered anew. Empty tables are left out, since they would change the kinds of columns."""
    return pd.concat([table for table in tables if len(table)] or list(tables[:1]), ignore_index=True)


def parquet_bytes(table: pd.DataFrame, contract: pa.DataFrameSchema) -> bytes:
    """The table, checked, as the bytes of a Parquet file."""
    written = io.BytesIO()
    check_table(table, contract, where=f"the new {contract.name} table").to_parquet(
        written, compression="zstd", index=False
    )
    return written.getvalue()


def require_columns(table: pd.DataFrame, columns: Sequence[str], *, where: str) -> None:
    """Nothing, when every one of `columns` is there.

    Raises
    ------
    TableError
        Some are not; names them and what the table has instead.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        has = ", ".join(map(str, table.columns)) or "nothing"
        raise TableError(f"{where} has no column {', '.join(missing)}; it has {has}. Add what is missing.")


def _failure_sentence(cases: pd.DataFrame, table: pd.DataFrame, contract: pa.DataFrameSchema, where: str) -> str:
    first = cases.iloc[0]
    if first["schema_context"] == "Column":
        column = str(first["column"])
        same = cases[(cases["column"] == first["column"]) & (cases["check"] == first["check"])]
        rule = _rule_words(str(first["check"]))
        offender = _offender_words(first, table)
        return (
            f"{where}: {column} is {_value_words(first['failure_case'])}{offender}, but {rule} "
            f"({len(same)} such in the {contract.name} table). Correct it and try again."
        )
    keys = ", ".join(contract.unique or [])
    return (
        f"{where}: the {contract.name} table has more than one row with the same {keys} "
        f"(the first is {_value_words(first['failure_case'])}). Keep one of them."
    )


def _value_words(value: Any) -> str:
    if pd.isna(value):
        return "empty"
    return repr(value) if isinstance(value, str) else f"{float(value):g}"


def _rule_words(check_name: str) -> str:
    if check_name.startswith("must"):
        return check_name
    if check_name == "not_nullable":
        return "it must not be empty"
    if "unique" in check_name:
        return "it must not be repeated"
    return "it must be a number" if "float" in check_name or "int" in check_name else f"it must pass {check_name}"


def _offender_words(first: "pd.Series[Any]", table: pd.DataFrame) -> str:
    row = first["index"]
    if pd.isna(row) or row not in table.index:
        return ""
    key = str(table.columns[0])
    named = "" if key == first["column"] else f", {key} {table[key].loc[row]!s}"
    return f" (row {list(table.index).index(row) + 1}{named})"
