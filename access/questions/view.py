"""A view of access: what is measured for whom, at each place and summed up by area; page, map, brief and link stand
on it.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from access.errors import TableError
from access.language import mark, say
from access.measures.beyond import cost_quantiles
from access.measures.course import course_burden
from access.measures.layout import align_to_people, groups_of, share_of
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.measures.regimens import regimen_of
from access.measures.supply import Demand, demand_of
from access.measures.uptake import relative_starts
from access.places.services import STATED, payer_answer
from access.questions.gaps import cost_by_area, cost_to_nearest
from access.questions.measure_registry import Terms, ask
from access.travel.trips import Trips
from access.units import KM_PER_MILE

# Adults among all people where a pack does not count them: 258,343,281 of 331,449,281.
ADULT_SHARE: Final = 0.779
# Of those who ask, how many a supply is counted for: patients are a hundredth of the people.
SUPPLY_PER: Final[dict[Demand, int]] = {"people": 100_000, "adults": 100_000, "trd_low": 1_000, "trd_central": 1_000}


@dataclass(frozen=True)
class View:
    """What is asked of a pack, in small values that make a key.

    `treatments`: any of these. `payer`: only clinics of which a source says that they take it; None: all. `show`: a
    name of `VIEW_MEASURES`. `unit`: minutes or miles, of the way there. `limit`: of that way, or the reach of a
    catchment.
    `has_car`: else somebody drives the patient to every visit (for the hours of a course).
    """

    treatments: tuple[str, ...]
    payer: str | None = None
    show: str = "share"
    unit: str = "minutes"
    rank: int = 1
    limit: float = 60.0
    demand: Demand = "people"
    has_car: bool = True


@dataclass(frozen=True)
class ViewMeasure:
    """One thing that a map can show of an area.

    `words`: its name. `title`: what the legend says; {limit}, {unit} and {clinic} are put in. `edges`: upper limits of
    its classes. `unit`: of the edges. `asks`: which options it depends on. `dark_is_high`: whether more of it is worse.
    """

    words: str
    title: str
    edges: tuple[float, ...]
    unit: str
    asks: frozenset[str]
    dark_is_high: bool = True


_TRIP_OPTIONS: Final = frozenset({"unit", "rank", "demand"})
VIEW_MEASURES: Final[dict[str, ViewMeasure]] = {
    "share": ViewMeasure(
        mark("Share of people far away"),
        mark("Share of people farther than {limit} {unit}"),
        (1, 10, 25, 50, 75, 90),
        "%",
        _TRIP_OPTIONS | {"limit"},
    ),
    "beyond": ViewMeasure(
        mark("Number of people far away"),
        mark("People farther than {limit} {unit}"),
        (10, 1_000, 5_000, 20_000, 50_000, 200_000),
        mark("people"),
        _TRIP_OPTIONS | {"limit"},
    ),
    "median": ViewMeasure(
        mark("Typical way to a clinic"),
        mark("Median {unit} to the clinic, one way"),
        (15, 30, 60, 90, 120, 180),
        mark("minutes"),
        _TRIP_OPTIONS,
    ),
    "course": ViewMeasure(
        mark("Hours of a whole course"),
        mark("Median hours of a whole course, of patient and driver together"),
        (20, 40, 60, 80, 120, 160),
        mark("hours"),
        frozenset({"rank", "car", "demand"}),
    ),
    "starts_lost": ViewMeasure(
        mark("Esketamine starts that distance goes with losing"),
        mark("Starts fewer than near a clinic, as a share (estimate; esketamine alone)"),
        (10, 25, 50, 75, 90),
        "%",
        frozenset({"demand"}),
    ),
    **{
        name: ViewMeasure(
            words,
            mark("Clinics per {per} asking within {limit} minutes, with competition counted ({method})"),
            (0.01, 0.05, 0.1, 0.2, 0.5, 1),
            mark("clinics"),
            frozenset({"limit", "demand"}),
            dark_is_high=False,
        )
        for name, words in {
            "two_step": mark("Clinics per person asking (2SFCA)"),
            "enhanced_two_step": mark("Clinics per person asking, nearer counts more (E2SFCA)"),
            "modified_two_step": mark("Clinics per person asking, scarce ones spread (M2SFCA)"),
            "three_step": mark("Clinics per person asking, nearer ones chosen (3SFCA)"),
        }.items()
    },
}


def view_trips(trips: Trips, services: pd.DataFrame, view: View) -> Trips:
    """Of the trips to the clinics that give any of the view's treatments, those to clinics that count in it."""
    if view.payer is None:
        return trips
    answer = payer_answer(services[services["treatment"].isin(list(view.treatments))], view.payer)
    return trips.among(answer.index[answer == STATED])


def view_people(people: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """`people` with those who ask as their `population`: everybody, adults, or the expected patients.

    Adults are `ADULT_SHARE` of the people where the table does not count them.
    """
    if demand == "people":
        return people
    counted = None if people["adults"].notna().all() else ADULT_SHARE
    return people.assign(population=demand_of(people, demand, adult_share=counted).to_numpy())


def place_values(trips: Trips, people: pd.DataFrame, services: pd.DataFrame, view: View) -> "pd.Series[float]":
    """What the view measures at each place, by geoid: minutes, miles, hours, a share or clinics per person.

    `trips`: of `view_trips`, from all `people` of the pack, since those across a border compete for the same clinics.

    Raises
    ------
    TableError
        A course or lost starts of several treatments, or of one for which they are not known.
    """
    if view.show == "course":
        return course_hours(trips, view)
    if view.show == "starts_lost":
        if view.treatments != ("esketamine",):
            raise TableError(say("Lost starts are known of esketamine alone; choose esketamine as the one treatment."))
        return 1 - relative_starts(km_to_nearest(trips) / KM_PER_MILE)
    if "unit" in VIEW_MEASURES[view.show].asks:
        return cost_to_nearest(trips, view.unit, rank=view.rank)
    counted = None if people["adults"].notna().all() else ADULT_SHARE
    terms = Terms(view.limit, demand=view.demand, adult_share=counted if view.demand != "people" else None)
    return ask(view.show, trips, people, services, view.treatments, terms) * SUPPLY_PER[view.demand]


def course_hours(trips: Trips, view: View, *, minutes_factor: float = 1.0) -> "pd.Series[float]":
    """Hours of patient and driver together for a whole course at the `rank`-th nearest clinic; NaN: not reached.

    `minutes_factor`: every drive takes so many times as long.

    Raises
    ------
    TableError
        As `place_values`.
    """
    if len(view.treatments) != 1:
        raise TableError(say("A course is that of one treatment; choose one."))
    try:
        regimen = regimen_of(view.treatments[0])
    except ValueError as failure:
        raise TableError(str(failure)) from None
    if not view.has_car:
        regimen = replace(regimen, needs_escort=True)
    miles = km_to_nearest(trips, rank=view.rank) / KM_PER_MILE
    course = course_burden(minutes_to_nearest(trips, rank=view.rank) * minutes_factor, miles, regimen)
    return ((course["patient_minutes"] + course["escort_minutes"]) / 60).rename("hours")


def area_values(values: "pd.Series[float]", people: pd.DataFrame, view: View, by: str) -> pd.DataFrame:
    """The view summed up by state, county or another column of `people` (of `view_people`).

    Returns
    -------
    pd.DataFrame
        One row per area that is in `people`: `by`, `people`, `people_beyond` and `people_unreached` (NaN where the
        view has no limit), `median` (NaN: half or more reach none), `value` (what the map colours, in the unit of
        `VIEW_MEASURES`; NaN: nobody asks there; infinity: half or more reach none).

    Raises
    ------
    TableError
        `values` lacks a place of `people`.
    """
    if "unit" in VIEW_MEASURES[view.show].asks:
        table = cost_by_area(values, people, [view.limit], by)
        value = {
            "share": table["share_beyond"] * 100,
            "beyond": table["people_beyond"].where(table["share_beyond"].notna()),
            "median": table["median"].fillna(np.inf).where(table["share_beyond"].notna()),
        }[view.show]
        return table.assign(value=value)[[by, "people", "people_beyond", "people_unreached", "median", "value"]]
    groups = groups_of(people, [by])
    living = people["population"].to_numpy(float)
    here = align_to_people(values, people)
    everyone = groups.total(living)
    unreached = groups.total(living * np.isnan(here))
    median = cost_quantiles(values.rename("value"), people, [0.5], by=groups)["value"].to_numpy(float)
    value = pd.Series(share_of(groups.total(living * np.nan_to_num(here)), everyone))
    if view.show == "course":
        value = pd.Series(median).fillna(np.inf).where(everyone > 0)
    elif view.show == "starts_lost":
        value = 100 * value
    return groups.keys.assign(
        people=everyone.astype("int64"),
        people_beyond=np.nan,
        people_unreached=unreached.astype("int64"),
        median=median,
        value=value,
    )
