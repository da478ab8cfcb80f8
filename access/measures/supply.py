"""What is offered and who asks: supply by clinic and demand by place, each in one unit that is said."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.measures.layout import Floats
from access.measures.regimens import DEFAULT_REGIMENS, Regimen
from access.measures.uptake import TRD_PER_ADULT
from access.places.services import clinics_offering
from access.tables import require_columns

WEEKS_PER_MONTH: Final = 52 / 12

SupplyUnit = Literal["courses", "clinics"]
Demand = Literal["people", "adults", "trd_low", "trd_central"]


def supply_of(
    services: pd.DataFrame,
    treatments: Sequence[str],
    *,
    course: Mapping[str, Regimen] = DEFAULT_REGIMENS,
    unit: SupplyUnit | None = None,
    assumed_courses: float | None = None,
) -> pd.DataFrame:
    """The supply of each clinic that gives any of `treatments`: courses a month, or one a clinic; never a mixture.

    Courses a month are `capacity_per_week / sessions of the course x 52 / 12`, summed over the treatments. Where
    sources differ on a capacity, the lowest is taken. `unit` not given: courses when every capacity and course is
    known, else one for each clinic. `unit="courses"`: clinics whose capacity is not known get `assumed_courses`
    a month, which you must then give. `unit="clinics"`: one for each, whatever is known.

    Returns
    -------
    pd.DataFrame
        Indexed by `clinic_id`, in the order of `services`: `supply`; `is_assumed`: the number is not from the
        clinic's stated capacity; `unit`: "courses per month" or "clinics", the same in every row.

    Raises
    ------
    ValueError
        `unit` is neither; `assumed_courses` is below zero, or given and not used.
    TableError
        `unit="courses"`, and a capacity or course is not known and nothing is assumed.
    """
    require_columns(services, ["clinic_id", "treatment", "capacity_per_week"], where="The services table")
    _check_supply(unit, assumed_courses)
    ids = pd.Index(clinics_offering(services, treatments), name="clinic_id")
    if unit == "clinics":
        return _supply_table(ids, np.ones(len(ids)), np.ones(len(ids), bool), "clinics")
    courses = _courses_per_month(services, treatments, course).reindex(ids).to_numpy(float)
    unknown = np.isnan(courses)
    if unit is None and unknown.any():
        return _supply_table(ids, np.ones(len(ids)), np.ones(len(ids), bool), "clinics")
    if unknown.any() and assumed_courses is None:
        raise TableError(
            f"Courses a month are not known for {int(unknown.sum())} of {len(ids)} clinics, the first "
            f"{ids[unknown][0]}; give assumed_courses for them, or count one for each clinic (unit='clinics')."
        )
    filled = np.where(unknown, np.nan if assumed_courses is None else assumed_courses, courses)
    return _supply_table(ids, filled, unknown, "courses per month")


def demand_of(people: pd.DataFrame, of: Demand = "people", *, adult_share: float | None = None) -> "pd.Series[float]":
    """Who asks for care at each place: all people, adults, or adults expected to have treatment-resistant depression.

    `trd_low` and `trd_central`: 0.21 % and 1.15 % of adults; show both, as a range. `adult_share`: adults are this
    share of the population at every place, whatever the table counts.

    Returns
    -------
    pd.Series[float]
        People, fractions too, indexed by `geoid`, named for what they are; never NaN.

    Raises
    ------
    ValueError
        `of` is none of these; `adult_share` is outside 0 to 1, or given for all people.
    TableError
        Adults are asked for, and the table does not count them at every place.

    Source
    ------
    The rates: derived, see `access.measures.uptake.expected_patients`.
    """
    rates = {"adults": 1.0} | {f"trd_{level}": rate for level, rate in TRD_PER_ADULT.items()}
    if of not in ("people", *rates):
        raise ValueError(f"of is '{of}'; choose people, {', '.join(rates)}.")
    if adult_share is not None and (of == "people" or not 0 <= adult_share <= 1):
        raise ValueError("adult_share is a share of people from 0 to 1, for a demand that is counted in adults.")
    require_columns(people, ["geoid", "population"], where="The people table")
    asking = people["population"].to_numpy(float) if of == "people" else _adults_of(people, adult_share) * rates[of]
    return pd.Series(asking, index=pd.Index(people["geoid"], name="geoid"), name=of)


def _adults_of(people: pd.DataFrame, adult_share: float | None) -> Floats:
    if adult_share is not None:
        return np.asarray(people["population"].to_numpy(float) * adult_share)
    require_columns(people, ["adults"], where="The people table")
    missing = int(people["adults"].isna().sum())
    if missing:
        raise TableError(
            f"This pack does not count adults at {missing} of {len(people)} places; ask for all people, or give "
            "adult_share, the share of people who are adults."
        )
    return people["adults"].to_numpy(float)


def _check_supply(unit: str | None, assumed_courses: float | None) -> None:
    if unit not in (None, "courses", "clinics"):
        raise ValueError(f"unit is '{unit}'; choose courses or clinics.")
    if assumed_courses is None:
        return
    if unit != "courses":
        raise ValueError("assumed_courses is used with unit='courses' alone; give both or neither.")
    if not 0 <= assumed_courses < np.inf:
        raise ValueError(f"assumed_courses is {assumed_courses}; give a number of zero or more.")


def _courses_per_month(
    services: pd.DataFrame, treatments: Sequence[str], course: Mapping[str, Regimen]
) -> "pd.Series[float]":
    """By clinic; NaN: the capacity or the course of one of its treatments is not known."""
    chosen = services[services["treatment"].isin(list(treatments))] if treatments else services
    weekly = chosen.groupby(["clinic_id", "treatment"], sort=False)["capacity_per_week"].min()
    sessions = weekly.index.get_level_values("treatment").map(
        {treatment: regimen.sessions for treatment, regimen in course.items()}
    )
    monthly = weekly.astype(float) / sessions.to_numpy(float) * WEEKS_PER_MONTH
    total: pd.Series[float] = monthly.groupby(level="clinic_id", sort=False).sum(skipna=False)
    return total


def _supply_table(ids: pd.Index, supply: Floats, is_assumed: NDArray[np.bool_], unit: str) -> pd.DataFrame:
    return pd.DataFrame({"supply": supply, "is_assumed": is_assumed, "unit": unit}, index=ids)
