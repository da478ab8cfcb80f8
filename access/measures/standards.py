"""Standards of adequate access as tables: how near care must be, for how many people, by type of county."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from access.errors import TableError
from access.sources.csv_text import read_csv_text
from access.tables import check, require_columns
from access.units import KM_PER_MILE

ANY_COUNTY: Final = "any"


class CountyType(NamedTuple):
    """People from `min_people` to below `max_people`, and people per square mile likewise, make a county this type."""

    name: str
    min_people: float
    max_people: float
    min_per_mi2: float
    max_per_mi2: float


# 42 CFR 422.116(c), transcribed; the first that fits counts, and the last is the rest. Beware: as transcribed, the rest
# takes in counties of under 10,000 people at 10 to 50 per square mile. Confirm against the current HSD Reference File.
MEDICARE_COUNTY_TYPES: Final = (
    CountyType("ceac", 0, np.inf, 0, 10),
    CountyType("large_metro", 0, np.inf, 5_000, np.inf),
    CountyType("large_metro", 1_000_000, np.inf, 1_000, np.inf),
    CountyType("large_metro", 500_000, 1_000_000, 1_500, np.inf),
    CountyType("micro", 50_000, 200_000, 10, 100),
    CountyType("micro", 10_000, 50_000, 50, 1_000),
    CountyType("rural", 10_000, 50_000, 10, 50),
    CountyType("rural", 0, 10_000, 50, 1_000),
    CountyType("metro", 0, np.inf, 0, np.inf),
)


def _limit(*, whole: bool = False) -> pa.Column:
    kind = "int64" if whole else "float64"
    return pa.Column(kind, pa.Check.gt(0, error="must be above zero"), nullable=not whole, coerce=True)


_STANDARD: Final = pa.DataFrameSchema(
    {
        "county_type": pa.Column("str", unique=True, coerce=True),
        "max_minutes": _limit(),
        "max_miles": _limit(),
        "rule": pa.Column("str", pa.Check.isin(["both", "either"], error="must be both or either"), coerce=True),
        "min_clinics": _limit(whole=True),
        "min_share": pa.Column(
            "float64", pa.Check.in_range(0, 1, error="must be a share from 0 to 1"), nullable=True, coerce=True
        ),
    },
    name="standard",
)


def standard(rows: "Mapping[str, Mapping[str, Any]] | pd.DataFrame", *, where: str = "The standard") -> pd.DataFrame:
    """A standard as a checked table, one row for each type of county.

    Parameters
    ----------
    rows: `{county_type: {"max_minutes": 30, ...}}`, or a table with these columns. What is left out: `max_minutes` and
        `max_miles`, no such limit (one there must be); `rule` "both" (a clinic must be within both limits), else
        "either"; `min_clinics` 1; `min_share`, the share of people that must be within (missing: the standard names
        none, and no county passes or fails). The type "any" stands for every county.

    Returns
    -------
    `county_type`, `max_minutes`, `max_miles`, `rule`, `min_clinics`, `min_share`.

    Raises
    ------
    TableError: a type comes twice, a value breaks its rule, or a row has no limit at all.
    """
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame([{"county_type": k, **v} for k, v in rows.items()])
    require_columns(table, ["county_type"], where=where)
    _refuse_unknown([str(column) for column in table.columns], where=where)
    whole = table.reindex(columns=list(_STANDARD.columns))
    filled = whole.astype({"rule": object, "min_clinics": float}).fillna({"rule": "both", "min_clinics": 1})
    checked = check(filled, _STANDARD, where=where)
    limitless = checked["max_minutes"].isna() & checked["max_miles"].isna()
    if limitless.any():
        first = checked.loc[limitless, "county_type"].iloc[0]
        raise TableError(f"{where}: {first} has neither max_minutes nor max_miles. Give at least one.")
    return checked


def read_standard(path: Path) -> pd.DataFrame:
    """A state's own standard from a CSV with the columns of `standard`; an empty cell is as one left out.

    Raises
    ------
    SourceError: the file cannot be read. TableError: as `standard`, or a cell that must be a number is not.
    """
    optional = [name for name in _STANDARD.columns if name != "county_type"]
    text = read_csv_text(path, required=["county_type"], optional=optional)
    # A column that is not known may be a limit misspelt: never pass over it.
    header = next(csv.reader([path.read_text(encoding="utf-8-sig").splitlines()[0]]))
    _refuse_unknown([name.strip() for name in header], where=path.name)
    table = text.reset_index(drop=True).replace("", np.nan)
    for column in ("max_minutes", "max_miles", "min_clinics", "min_share"):
        number = pd.to_numeric(table[column], errors="coerce")
        wrong = number.isna() & table[column].notna()
        if wrong.any():
            raise TableError(f"{path.name}: {column} is '{table.loc[wrong, column].iloc[0]}'. Give a number.")
        table[column] = number
    return standard(table, where=path.name)


def _refuse_unknown(columns: Sequence[str], *, where: str) -> None:
    unknown = [column for column in columns if column not in _STANDARD.columns]
    if unknown:
        raise TableError(f"{where} has a column {unknown[0]}; a standard has {', '.join(_STANDARD.columns)}.")


def county_types(
    people: pd.DataFrame,
    land_km2: "pd.Series[float]",
    *,
    types: tuple[CountyType, ...] = MEDICARE_COUNTY_TYPES,
) -> "pd.Series[str]":
    """The type of each county by its people and how densely they live, as Medicare Advantage sorts counties.

    Parameters
    ----------
    people: whole counties; `county` and `population` are read.
    land_km2: land area by 5-digit county: `places.land` reads it, or estimates it from the outlines that ship.

    Returns
    -------
    Text indexed by `county`, for every county of `people`.

    Raises
    ------
    TableError: a county has no land area above zero.

    Source
    ------
    42 CFR 422.116(c), transcribed; confirm against the current HSD Reference File.
    """
    require_columns(people, ["county", "population"], where="The people table")
    living = people.groupby("county", sort=True)["population"].sum().astype(float)
    land = land_km2.reindex(living.index).astype(float)
    wrong = ~((land > 0) & np.isfinite(land))
    if wrong.any():
        raise TableError(f"County {living.index[wrong][0]} has no land area ({int(wrong.sum())} such); give its km2.")
    density = living / land * KM_PER_MILE**2
    fits = [
        living.ge(t.min_people) & living.lt(t.max_people) & density.ge(t.min_per_mi2) & density.lt(t.max_per_mi2)
        for t in types
    ]
    names = np.select(fits, [t.name for t in types], default="")
    return pd.Series(names, index=living.index, name="county_type", dtype="str")


def _medicare(minutes: float, miles: float, share: float) -> dict[str, float]:
    return {"max_minutes": minutes, "max_miles": miles, "min_share": share}


# 42 CFR 422.116(d), psychiatry; transcribed: confirm against the current HSD Reference File.
MEDICARE_PSYCHIATRY: Final = standard(
    {
        "large_metro": _medicare(20, 10, 0.90),
        "metro": _medicare(45, 30, 0.90),
        "micro": _medicare(60, 45, 0.85),
        "rural": _medicare(75, 60, 0.85),
        "ceac": _medicare(110, 100, 0.85),
    }
)
# Average drive beyond which a veteran may go elsewhere; it names no share of a county's people.
VA_MENTAL_HEALTH: Final = standard({ANY_COUNTY: {"max_minutes": 30}})
VA_SPECIALTY: Final = standard({ANY_COUNTY: {"max_minutes": 60}})
# North Carolina Medicaid, specialty care: which counties are urban is the state's own list.
NORTH_CAROLINA_MEDICAID: Final = standard(
    {
        "urban": {"max_minutes": 30, "max_miles": 15, "rule": "either", "min_clinics": 2, "min_share": 0.95},
        "rural": {"max_minutes": 60, "max_miles": 60, "rule": "either", "min_clinics": 2, "min_share": 0.95},
    }
)
STANDARDS: Final[dict[str, pd.DataFrame]] = {
    "medicare_psychiatry": MEDICARE_PSYCHIATRY,
    "va_mental_health": VA_MENTAL_HEALTH,
    "va_specialty": VA_SPECIALTY,
    "north_carolina_medicaid": NORTH_CAROLINA_MEDICAID,
}
