"""Every measure by name: what it needs, what it gives, and how it is summed up by rurality, state or county."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures.balanced import balanced_catchment, spatial_availability
from access.measures.balancing import balancing_minutes, minutes_to_supply
from access.measures.catchment import (
    enhanced_catchment,
    floating_catchment,
    modified_catchment,
    three_step_catchment,
    two_step_catchment,
)
from access.measures.course import course_burden
from access.measures.decay import Decay
from access.measures.expected import expected_minutes
from access.measures.gravity import gravity, gravity_with_competition, supply_within, supply_within_interval
from access.measures.groups import aligned, groups_of, share
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.measures.quantiles import cost_quantiles
from access.measures.raam import raam
from access.measures.regimens import regimen_of
from access.measures.supply import Demand, SupplyUnit, demand_of, supply_of
from access.measures.uptake import relative_starts
from access.measures.within import clinics_within
from access.report.decays import decay_named
from access.report.gaps import by_rurality_then_all
from access.travel.estimate import estimate_trips
from access.travel.trips import Trips
from access.units import KM_PER_MILE

MOST_PLACES_BETWEEN: Final = 30_000


@dataclass(frozen=True, eq=False)
class Question:
    """What a measure is asked: trips to the clinics, people asking, supply by clinic, the reach and the rank."""

    trips: Trips
    demand: "pd.Series[float]"
    supply: "pd.Series[float]"
    max_minutes: float = 60.0
    rank: int = 1
    treatments: Sequence[str] = ()
    decay: Decay | None = None
    people: pd.DataFrame | None = None

    def course(self, column: str) -> "pd.Series[float]":
        """What the course of the one treatment asked for takes at the `rank`-th nearest clinic.

        Raises
        ------
        TableError: not one treatment is asked for, or its course is not known.
        """
        if len(self.treatments) != 1:
            raise TableError("A course is that of one treatment; ask for one, such as ketamine_iv.")
        try:
            regimen = regimen_of(self.treatments[0])
        except ValueError as failure:
            raise TableError(str(failure)) from None
        miles = km_to_nearest(self.trips, rank=self.rank) / KM_PER_MILE
        return course_burden(minutes_to_nearest(self.trips, rank=self.rank), miles, regimen)[column]

    @property
    def zones(self) -> Decay:
        """The decay that is asked for; else three equal zones up to `max_minutes` with the weights of E2SFCA."""
        return self.decay or decay_named("zones", self.max_minutes)

    @property
    def between_places(self) -> Trips:
        """Trips from each place to every place within `max_minutes`, its own included.

        Raises
        ------
        TableError: the places are too many for it, or not at hand.
        """
        if self.people is None or len(self.people) > MOST_PLACES_BETWEEN:
            raise TableError(
                f"The floating catchment needs trips between all places, which is done for at most "
                f"{MOST_PLACES_BETWEEN:,}; ask for one state."
            )
        there = self.people.rename(columns={"geoid": "clinic_id"})[["clinic_id", "latitude", "longitude"]]
        return estimate_trips(self.people, there, max_minutes=self.max_minutes, landmarks=self.people)


@dataclass(frozen=True)
class Measured:
    """One measure: its unit, whether more of it is worse, and its call. NaN of a cost: not reached."""

    unit: str
    is_cost: bool
    of: Callable[[Question], "pd.Series[float]"]


MEASURES: Final[dict[str, Measured]] = {
    "nearest": Measured("minutes", True, lambda q: minutes_to_nearest(q.trips, rank=q.rank)),
    "clinics_within": Measured("clinics", False, lambda q: clinics_within(q.trips, max_minutes=q.max_minutes)),
    "minutes_to_supply": Measured("minutes", True, lambda q: minutes_to_supply(q.trips, q.supply, float(q.rank))),
    "supply_within": Measured("supply", False, lambda q: supply_within(q.trips, q.supply, max_minutes=q.max_minutes)),
    "supply_within_interval": Measured(
        "supply",
        False,
        lambda q: supply_within_interval(q.trips, q.supply, from_minutes=q.max_minutes / 2, to_minutes=q.max_minutes),
    ),
    "gravity": Measured("weighted supply", False, lambda q: gravity(q.trips, q.supply, decay=q.zones)),
    "gravity_competition": Measured(
        "supply per person asking",
        False,
        lambda q: gravity_with_competition(q.trips, q.demand, q.supply, decay=q.zones),
    ),
    "floating": Measured(
        "supply per person near",
        False,
        lambda q: floating_catchment(
            q.trips, q.demand, q.supply, between_places=q.between_places, max_minutes=q.max_minutes
        ),
    ),
    "two_step": Measured(
        "supply per person asking",
        False,
        lambda q: two_step_catchment(q.trips, q.demand, q.supply, max_minutes=q.max_minutes),
    ),
    "enhanced_two_step": Measured(
        "supply per person asking", False, lambda q: enhanced_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "modified_two_step": Measured(
        "supply per person asking", False, lambda q: modified_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "three_step": Measured(
        "supply per person asking", False, lambda q: three_step_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "balanced": Measured(
        "supply per person asking", False, lambda q: balanced_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "availability": Measured(
        "supply per person",
        False,
        lambda q: spatial_availability(q.trips, q.demand, q.supply, decay=q.zones, per_head=True),
    ),
    "raam": Measured("cost (lower is better)", True, lambda q: raam(q.trips, q.demand, q.supply)),
    "balancing": Measured("minutes", True, lambda q: balancing_minutes(q.trips, q.demand, q.supply)),
    "expected": Measured(
        "minutes, if one works", True, lambda q: expected_minutes(q.trips)["expected_minutes_if_found"]
    ),
    "course_minutes": Measured("minutes of the patient, whole course", True, lambda q: q.course("patient_minutes")),
    "course_escort_minutes": Measured(
        "minutes of the escort, whole course", True, lambda q: q.course("escort_minutes")
    ),
    "course_miles": Measured("miles, whole course", True, lambda q: q.course("miles")),
    "course_usd": Measured("US dollars, whole course, central price", True, lambda q: q.course("usd_central")),
    "uptake": Measured(
        "starts relative to living near",
        False,
        lambda q: relative_starts(km_to_nearest(q.trips, rank=q.rank) / KM_PER_MILE),
    ),
}


# In these, people beyond a border ask at the same clinics: they are right only when all people of a pack ask.
SHARED_SUPPLY: Final = frozenset(
    {
        "gravity_competition", "two_step", "enhanced_two_step", "modified_two_step", "three_step", "balanced",
        "availability", "raam", "balancing",
    }
)  # fmt: skip


def measure_table(values: "pd.Series[float]", people: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """A measure summed up: mean and quartiles weighted by people, and those who have no value counted apart.

    Returns
    -------
    One row per group: the columns of `by` (else `group`), `people`, `people_without` (no value: not reached) and
    `share_without`, `mean` (over those with a value), `quantile_25`, `median`, `quantile_75` (people without stand
    last; NaN: the quantile falls among them).

    Raises
    ------
    TableError: `values` lacks a place of `people`, or nobody lives there.
    """
    here, groups = aligned(values, people), groups_of(people, by)
    population = people["population"].to_numpy(float)
    if not population.sum():
        raise TableError("Nobody lives in these places, so there is nothing to sum up.")
    everyone, without = groups.total(population), groups.total(population * np.isnan(here))
    total = groups.total(population * np.nan_to_num(here))
    quantiles = cost_quantiles(values, people, (0.25, 0.5, 0.75), by=groups)
    found = quantiles.iloc[:, -1].to_numpy(float).reshape(-1, 3)
    return groups.keys.assign(
        people=everyone.astype("int64"),
        people_without=without.astype("int64"),
        share_without=share(without, everyone),
        mean=share(total, everyone - without),
        quantile_25=found[:, 0],
        median=found[:, 1],
        quantile_75=found[:, 2],
    )


def measure_tables(values: "pd.Series[float]", people: pd.DataFrame, by: str) -> pd.DataFrame:
    """`measure_table` by rurality (from urban to rural), state or county, and a last row "all"."""
    everyone = measure_table(values, people).rename(columns={"group": by})
    if by == "rurality":
        return by_rurality_then_all(measure_table(values, people, by=[by]), everyone.rename(columns={by: "group"}))
    return pd.concat([measure_table(values, people, by=[by]), everyone], ignore_index=True)


@dataclass(frozen=True)
class Terms:
    """On what terms a measure is asked.

    `decay`: as `decays.decay_named` reads it; None: three zones. `demand`, `adult_share`: as `demand_of`. `supply`:
    "clinics", one unit for each; "courses" a month; None: courses where all capacities are known.
    """

    max_minutes: float = 60.0
    rank: int = 1
    decay: str | None = None
    demand: Demand = "people"
    supply: SupplyUnit | None = "clinics"
    adult_share: float | None = None


def ask(
    name: str,
    trips: Trips,
    people: pd.DataFrame,
    services: pd.DataFrame,
    treatments: Sequence[str],
    terms: Terms = Terms(),
) -> "pd.Series[float]":
    """A measure by its name. `trips`: from `people` to the clinics that give any of `treatments`.

    Raises
    ------
    KeyError: no measure has that name. ValueError: a reach beyond the trips, or no such decay. TableError: as the
    measure.
    """
    offered = supply_of(services, treatments, unit=terms.supply)["supply"].astype("float64")
    curve = None if terms.decay is None else decay_named(terms.decay, terms.max_minutes)
    asking = demand_of(people, terms.demand, adult_share=terms.adult_share)
    question = Question(trips, asking, offered, terms.max_minutes, terms.rank, treatments, curve, people)
    return MEASURES[name].of(question).rename(name)
