"""Which counties meet a standard of access: enough of their people near enough to enough clinics."""

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures import reach_kernels
from access.measures.align import by_place
from access.measures.groups import Floats, aligned, groups_of, share
from access.measures.standards import ANY_COUNTY
from access.tables import require_columns
from access.travel.trips import Trips
from access.units import KM_PER_MILE

PASS, FAIL, NOT_APPLICABLE, NOT_JUDGED = "pass", "fail", "not_applicable", "not_judged"


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
    One row per county, sorted: `county`, `county_type`, `people`, `people_inside`, `people_outside` (those who reach
    nothing are among them), `share_inside`, `share_within_minutes` and `share_within_miles` (each limit alone; NaN: no
    such limit, or nobody lives there), `min_share`, `result` and `fails`. `result`: "pass", "fail", "not_applicable"
    (nobody lives there), "not_judged" (the standard names no share). `fails`, of a county that fails: "minutes",
    "miles", "minutes and miles", or "together" (enough people within each, too few within both at once); else "".

    Raises
    ------
    TableError: an inhabited county has no type, or one that the standard lacks; the trips or `demand` lack a place.
    ValueError: a limit of the standard lies beyond the trips' own, which would count too few.

    Source
    ------
    42 CFR 422.116; 42 CFR 438.68 (Medicaid).
    """
    require_columns(people, ["geoid", "county", "population"], where="The people table")
    counted = people.set_index("geoid")["population"].reindex(trips.places, fill_value=0) if demand is None else demand
    living = aligned(pd.Series(by_place(counted, trips), index=trips.places), people)
    groups = groups_of(people, ["county"])
    everyone = groups.total(living)
    rows = _rows_of(groups.keys["county"], everyone, standard, county_type)
    if (asked := rows["max_minutes"].max()) > trips.max_minutes:
        raise ValueError(f"These trips stop at {trips.max_minutes:g} minutes; the standard asks for {asked:g}.")
    here = pd.Series(groups.codes, index=people["geoid"]).reindex(trips.places, fill_value=-1).to_numpy()
    inside, near, short = (
        groups.total(living * aligned(pd.Series(found, index=trips.places), people))
        for found in _inside(trips, rows.iloc[here])
    )
    table = groups.keys.assign(
        county_type=rows["county_type"].to_numpy(),
        people=everyone,
        people_inside=inside,
        people_outside=everyone - inside,
        share_inside=share(inside, everyone),
        share_within_minutes=np.where(rows["max_minutes"].notna(), share(near, everyone), np.nan),
        share_within_miles=np.where(rows["max_miles"].notna(), share(short, everyone), np.nan),
        min_share=rows["min_share"].to_numpy(),
    )
    result = _result(table)
    return table.assign(result=result, fails=np.where(result == FAIL, _fails(table), "")).astype(
        {"result": "str", "fails": "str"}
    )


def _rows_of(
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


def _inside(trips: Trips, rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
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


def _result(table: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    judged = np.where(table["share_inside"] >= table["min_share"], PASS, FAIL).astype(object)
    judged[table["min_share"].isna()] = NOT_JUDGED
    judged[table["people"] == 0] = NOT_APPLICABLE
    return judged


def _fails(table: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    late = table["share_within_minutes"] < table["min_share"]
    far = table["share_within_miles"] < table["min_share"]
    return np.select([late & far, late, far], ["minutes and miles", "minutes", "miles"], "together")
