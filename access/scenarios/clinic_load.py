"""Who leans on which clinic: people for whom it is the nearest, what they would ask of it, and who has no other."""

from typing import Final

import numpy as np
import pandas as pd

from access.measures.layout import Floats, align_to_people
from access.measures.regimens import Regimen
from access.measures.uptake import TRD_PER_ADULT
from access.travel.trips import Trips

WEEKS_A_YEAR: Final = 52
# The share of patients who begin a course in a year where nobody says: an assumption, for no source of ours gives one.
STARTING_SHARE: Final = 0.05


def load_by_clinic(before: pd.Series, after: pd.Series, people: pd.DataFrame) -> pd.DataFrame:
    """How many people have each clinic as their nearest, before and after.

    `before`, `after`: the nearest `clinic_id` by geoid; missing: none within reach.

    Returns
    -------
    pd.DataFrame
        `clinic_id`, `people_before`, `people_after`, `people_change`: one row for each clinic that is anybody's
        nearest before or after; the largest change first. Who reaches no clinic is in no row.
    """
    geoids = pd.Index(people["geoid"])
    population = people["population"].to_numpy(float)
    sums = {}
    for when, nearest in (("before", before), ("after", after)):
        here = nearest if nearest.index.equals(geoids) else nearest.reindex(geoids)
        named = here.astype("category").cat
        by_code = np.bincount(named.codes.to_numpy(np.int64) + 1, population, len(named.categories) + 1)[1:]
        sums[f"people_{when}"] = pd.Series(by_code, index=named.categories.astype("str"))
    table = pd.DataFrame(sums).fillna(0).astype("int64").rename_axis("clinic_id").reset_index()
    table = table[(table["people_before"] > 0) | (table["people_after"] > 0)]
    table["people_change"] = table["people_after"] - table["people_before"]
    order = np.lexsort([table["clinic_id"], -table["people_change"].abs()])
    return table.iloc[order].reset_index(drop=True)


def sessions_asked_per_week(people: pd.Series, regimen: Regimen, *, adult_share: float, starting: float) -> pd.Series:
    """Sessions a week that so many people would ask for: an estimate, to hold against a clinic's capacity.

    People, times the share of adults, times treatment-resistant patients per adult (central), times `starting`: the
    share of them who begin a course in a year, which no source of ours gives; times the sessions of a course, over 52.

    Source
    ------
    Patients per adult: as `expected_patients`. Sessions: the regimen's.
    """
    per_person = adult_share * TRD_PER_ADULT["central"] * starting * regimen.sessions / WEEKS_A_YEAR
    return (people * per_person).rename("sessions_per_week")


def with_capacity(
    load: pd.DataFrame, services: pd.DataFrame, regimen: Regimen, *, adult_share: float, starting: float
) -> pd.DataFrame:
    """`load`, with what is asked after the change and what is known of each clinic's capacity for the treatment.

    Returns
    -------
    pd.DataFrame
        Adds `sessions_per_week`, `capacity_per_week` (the largest that a source states; NaN: none does) and
        `is_exceeded` (missing: the capacity is not known).
    """
    asked = sessions_asked_per_week(load["people_after"], regimen, adult_share=adult_share, starting=starting)
    given = services[services["treatment"] == regimen.treatment]
    capacity = load["clinic_id"].map(given.groupby("clinic_id")["capacity_per_week"].max()).astype(float)
    exceeded = (asked > capacity).astype("boolean").mask(capacity.isna())
    return load.assign(sessions_per_week=asked, capacity_per_week=capacity, is_exceeded=exceeded)


def criticality(trips: Trips, people: pd.DataFrame, limit: float) -> pd.DataFrame:
    """What each clinic's closing would do: who would fall out of the limit, and who would have farther to go.

    Returns
    -------
    pd.DataFrame
        One row per clinic of `trips`, the most critical first: `clinic_id`, `people_lost` (within `limit` minutes of
        it and of no other), `people_farther` (it is their nearest, and no other is as near), `people_unreached` (of
        them, who would reach no clinic at all), `minutes_more` (how much farther those who still reach one would go
        on average, by people; NaN: nobody).
    """
    population = align_to_people(people.set_index("geoid")["population"], trips.places.to_frame())
    first, second, nearest = _two_nearest(trips)
    farther = nearest >= 0
    farther &= ~(second <= first)
    alone = farther & (first <= limit) & ~(second <= limit)
    cut_off = farther & np.isnan(second)
    more = np.where(farther & ~cut_off, second - first, 0.0)
    weights = {
        "people_lost": population * alone,
        "people_farther": population * farther,
        "people_unreached": population * cut_off,
        "person_minutes": population * more,
    }
    column = np.where(farther, nearest, 0)
    sums = {name: np.bincount(column, weight, len(trips.clinics)) for name, weight in weights.items()}
    still = sums["people_farther"] - sums["people_unreached"]
    spent = sums.pop("person_minutes")
    mean = np.divide(spent, still, out=np.full(len(spent), np.nan), where=still > 0)
    table = pd.DataFrame({"clinic_id": trips.clinics, **sums}).astype(dict.fromkeys(sums, "int64"))
    order = np.lexsort([table["clinic_id"], -table["people_farther"], -table["people_lost"]])
    return table.assign(minutes_more=mean).iloc[order].reset_index(drop=True)


def _two_nearest(trips: Trips) -> tuple[Floats, Floats, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    """Minutes to the nearest and to the next clinic of each place (NaN: none), and the column of the nearest."""
    counts = np.diff(trips.indptr)
    first = np.full(len(counts), np.nan)
    second = np.full(len(counts), np.nan)
    nearest = np.full(len(counts), -1, np.int64)
    one = counts > 0
    two = counts > 1
    start = trips.indptr[:-1]
    first[one], second[two] = trips.minutes[start[one]], trips.minutes[start[two] + 1]
    nearest[one] = trips.clinic_index[start[one]]
    return first, second, nearest
