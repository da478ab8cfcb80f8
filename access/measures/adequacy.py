"""Standards of adequate access: how near care must be, for how many, by county type; and which counties meet them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from access.errors import TableError
from access.measures import reach_kernels
from access.measures.layout import Floats, align_to_people, groups_of, share_of, values_by_place
from access.sources.lists.strict_csv import read_strict_csv
from access.tables import check_table, require_columns
from access.travel.trips import Trips
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


def _limit_column(*, whole: bool = False) -> pa.Column:
    kind = "int64" if whole else "float64"
    return pa.Column(kind, pa.Check.gt(0, error="must be above zero"), nullable=not whole, coerce=True)


_STANDARD_SCHEMA: Final = pa.DataFrameSchema(
    {
        "county_type": pa.Column("str", unique=True, coerce=True),
        "max_minutes": _limit_column(),
        "max_miles": _limit_column(),
        "rule": pa.Column("str", pa.Check.isin(["both", "either"], error="must be both or either"), coerce=True),
        "min_clinics": _limit_column(whole=True),
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
    pd.DataFrame
        `county_type`, `max_minutes`, `max_miles`, `rule`, `min_clinics`, `min_share`.

    Raises
    ------
    TableError
        A type comes twice, a value breaks its rule, or a row has no limit at all.
    """
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame([{"county_type": k, **v} for k, v in rows.items()])
    require_columns(table, ["county_type"], where=where)
    _refuse_unknown_columns([str(column) for column in table.columns], where=where)
    whole = table.reindex(columns=list(_STANDARD_SCHEMA.columns))
    filled = whole.astype({"rule": object, "min_clinics": float}).fillna({"rule": "both", "min_clinics": 1})
    checked = check_table(filled, _STANDARD_SCHEMA, where=where)
    limitless = checked["max_minutes"].isna() & checked["max_miles"].isna()
    if limitless.any():
        first = checked.loc[limitless, "county_type"].iloc[0]
        raise TableError(f"{where}: {first} has neither max_minutes nor max_miles. Give at least one.")
    return checked


def read_standard(path: Path) -> pd.DataFrame:
    """A state's own standard from a CSV with the columns of `standard`; an empty cell is as one left out.

    Raises
    ------
    SourceError
        The file cannot be read.
    TableError
        As `standard`, or a cell that must be a number is not.
    """
    optional = [name for name in _STANDARD_SCHEMA.columns if name != "county_type"]
    text = read_strict_csv(path, required=["county_type"], optional=optional)
    # A column that is not known may be a limit misspelt: never pass over it.
    header = next(csv.reader([path.read_text(encoding="utf-8-sig").splitlines()[0]]))
    _refuse_unknown_columns([name.strip() for name in header], where=path.name)
    table = text.reset_index(drop=True).replace("", np.nan)
    for column in ("max_minutes", "max_miles", "min_clinics", "min_share"):
        number = pd.to_numeric(table[column], errors="coerce")
        wrong = number.isna() & table[column].notna()
        if wrong.any():
            raise TableError(f"{path.name}: {column} is '{table.loc[wrong, column].iloc[0]}'. Give a number.")
        table[column] = number
    return standard(table, where=path.name)


def _refuse_unknown_columns(columns: Sequence[str], *, where: str) -> None:
    unknown = [column for column in columns if column not in _STANDARD_SCHEMA.columns]
    if unknown:
        raise TableError(f"{where} has a column {unknown[0]}; a standard has {', '.join(_STANDARD_SCHEMA.columns)}.")


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
    pd.Series[str]
        Text indexed by `county`, for every county of `people`.

    Raises
    ------
    TableError
        A county has no land area above zero.

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


def _medicare_row(minutes: float, miles: float, share: float) -> dict[str, float]:
    return {"max_minutes": minutes, "max_miles": miles, "min_share": share}


# 42 CFR 422.116(d), psychiatry; transcribed: confirm against the current HSD Reference File.
MEDICARE_PSYCHIATRY: Final = standard(
    {
        "large_metro": _medicare_row(20, 10, 0.90),
        "metro": _medicare_row(45, 30, 0.90),
        "micro": _medicare_row(60, 45, 0.85),
        "rural": _medicare_row(75, 60, 0.85),
        "ceac": _medicare_row(110, 100, 0.85),
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


PASS = "pass"
FAIL = "fail"
NOT_APPLICABLE = "not_applicable"
NOT_JUDGED = "not_judged"


def adequacy_by_county(
    trips: Trips,
    people: pd.DataFrame,
    standard: pd.DataFrame,
    *,
    county_type: "pd.Series[str] | None" = None,
    demand: "pd.Series[float] | None" = None,
) -> pd.DataFrame:
    """Whether each county meets a standard: the share of its people within the limits of enough clinics.

    A person is inside when at least `min_clinics` clinics are each within the minutes and the miles (rule "both"), or
    each within one of them ("either"); a limit counts as within. Clinics beyond the county's border count.

    Parameters
    ----------
    standard: as `standards.standard` gives it. Under "either", and where only miles are limited, trips must be kept
        for more minutes than the miles can take, or people are counted outside who are not.
    county_type: by 5-digit county, such as `standards.county_types`; not needed where the standard has "any".
    demand: people by geoid; none given: all residents.

    Returns
    -------
    pd.DataFrame
        One row per county, sorted: `county`, `county_type`, `people`, `people_inside`, `people_outside` (those who
        reach nothing are among them), `share_inside`, `share_within_minutes` and `share_within_miles` (each limit
        alone; NaN: no such limit, or nobody lives there), `min_share`, `result` and `fails`. `result`: "pass",
        "fail", "not_applicable" (nobody lives there), "not_judged" (the standard names no share). `fails`, of a
        county that fails: "minutes", "miles", "minutes and miles", or "together" (enough people within each, too few
        within both at once); else "".

    Raises
    ------
    TableError
        An inhabited county has no type, or one that the standard lacks; the trips or `demand` lack a place.
    ValueError
        A limit of the standard lies beyond the trips' own, which would count too few.

    Source
    ------
    42 CFR 422.116; 42 CFR 438.68 (Medicaid).
    """
    require_columns(people, ["geoid", "county", "population"], where="The people table")
    counted = people.set_index("geoid")["population"].reindex(trips.places, fill_value=0) if demand is None else demand
    living = align_to_people(pd.Series(values_by_place(counted, trips), index=trips.places), people)
    groups = groups_of(people, ["county"])
    everyone = groups.total(living)
    rows = _standard_rows(groups.keys["county"], everyone, standard, county_type)
    if (asked := rows["max_minutes"].max()) > trips.max_minutes:
        raise ValueError(f"These trips stop at {trips.max_minutes:g} minutes; the standard asks for {asked:g}.")
    here = pd.Series(groups.codes, index=people["geoid"]).reindex(trips.places, fill_value=-1).to_numpy()
    inside, near, short = (
        groups.total(living * align_to_people(pd.Series(found, index=trips.places), people))
        for found in _enough_by_limit(trips, rows.iloc[here])
    )
    table = groups.keys.assign(
        county_type=rows["county_type"].to_numpy(),
        people=everyone,
        people_inside=inside,
        people_outside=everyone - inside,
        share_inside=share_of(inside, everyone),
        share_within_minutes=np.where(rows["max_minutes"].notna(), share_of(near, everyone), np.nan),
        share_within_miles=np.where(rows["max_miles"].notna(), share_of(short, everyone), np.nan),
        min_share=rows["min_share"].to_numpy(),
    )
    result = _result_of(table)
    return table.assign(result=result, fails=np.where(result == FAIL, _failing_limits(table), "")).astype(
        {"result": "str", "fails": "str"}
    )


def _standard_rows(
    counties: "pd.Series[str]", everyone: Floats, standard: pd.DataFrame, county_type: "pd.Series[str] | None"
) -> pd.DataFrame:
    """The row of the standard for each county; an empty one where nobody lives and no type is known."""
    by_type = standard.set_index("county_type")
    if ANY_COUNTY in by_type.index:
        types = pd.Series(ANY_COUNTY, index=counties.index)
    elif county_type is None:
        raise TableError(f"This standard differs by county type ({', '.join(by_type.index)}); give each county's type.")
    else:
        types = counties.map(county_type)
    lacking = ~types.isin(by_type.index) & (everyone > 0)
    if lacking.any():
        raise TableError(
            f"County {counties[lacking].iloc[0]} has the type {types[lacking].iloc[0]}, which the standard lacks "
            f"({int(lacking.sum())} such); its types are {', '.join(by_type.index)}."
        )
    return by_type.reindex(pd.Index(types, name="county_type")).reset_index()


def _enough_by_limit(trips: Trips, rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Whether enough clinics are near enough to each place, by the row of the standard for each; by each limit too."""
    # Trips hold float32: a limit is rounded alike, so that a trip of exactly that length is within.
    minutes, km = (
        limit.fillna(np.inf).to_numpy(np.float32) for limit in (rows["max_minutes"], rows["max_miles"] * KM_PER_MILE)
    )
    near, short, both = reach_kernels.count_inside(trips.indptr, trips.minutes, trips.km, minutes, km)
    # With one limit alone there is nothing to choose between: the other holds for every trip.
    either = (rows["rule"] == "either") & rows["max_minutes"].notna() & rows["max_miles"].notna()
    enough = rows["min_clinics"].fillna(1).to_numpy()
    within = np.where(either, near + short - both, both)
    return (within >= enough).astype(float), (near >= enough).astype(float), (short >= enough).astype(float)


def _result_of(table: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    judged = np.where(table["share_inside"] >= table["min_share"], PASS, FAIL).astype(object)
    judged[table["min_share"].isna()] = NOT_JUDGED
    judged[table["people"] == 0] = NOT_APPLICABLE
    return judged


def _failing_limits(table: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    late = table["share_within_minutes"] < table["min_share"]
    far = table["share_within_miles"] < table["min_share"]
    return np.select([late & far, late, far], ["minutes and miles", "minutes", "miles"], "together")
