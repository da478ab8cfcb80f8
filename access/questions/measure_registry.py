"""Every measure by name: those that give a figure for each place, those that give a table, and the decays that they
take.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures.adequacy import STANDARDS, adequacy_by_county, county_types
from access.measures.beyond import cost_quantiles, urban_rural_gap
from access.measures.catchment import (
    balanced_catchment,
    enhanced_catchment,
    floating_catchment,
    modified_catchment,
    spatial_availability,
    three_step_catchment,
    two_step_catchment,
)
from access.measures.course import course_burden, lightest_course
from access.measures.decay import (
    Decay,
    binary_decay,
    esketamine_decay,
    exponential_decay,
    gaussian_decay,
    linear_decay,
    log_logistic_decay,
    logistic_decay,
    power_decay,
    stepped_decay,
)
from access.measures.equity import (
    concentration_index,
    erreygers_index,
    gini,
    lorenz_curve,
    palma_ratio,
    theil_by_group,
)
from access.measures.gravity import (
    gravity,
    gravity_with_competition,
    supply_within,
    supply_within_interval,
)
from access.measures.layout import align_to_people, groups_of, share_of
from access.measures.nearest import (
    balancing_minutes,
    clinics_within,
    expected_minutes,
    km_to_nearest,
    minutes_to_nearest,
    minutes_to_supply,
)
from access.measures.payers import payer_bounds, payer_shares_beyond
from access.measures.poverty import minutes_excess, minutes_poverty
from access.measures.raam import raam
from access.measures.regimens import regimen_of
from access.measures.subgroups import subgroup_beyond
from access.measures.supply import Demand, SupplyUnit, demand_of, supply_of
from access.measures.uptake import (
    expected_patients,
    relative_starts,
    starts_lost,
    starts_lost_by_group,
)
from access.places.land import estimated_land_km2
from access.places.shares import shares_in
from access.questions.gaps import EVERYONE, by_rurality_then_all, gap_tables, sort_from_urban
from access.tables import require_columns
from access.travel.estimate import estimate_trips
from access.travel.trips import Trips
from access.units import KM_PER_MILE

# Of each decay, how it is made from the reach in minutes and the numbers given; what is left out follows the reach.
DECAYS: Final[dict[str, Callable[..., Decay]]] = {
    "zones": lambda reach: stepped_decay([reach / 3, 2 * reach / 3, reach], [1.0, 0.68, 0.22]),
    "sharp_zones": lambda reach: stepped_decay([reach / 3, 2 * reach / 3, reach], [1.0, 0.42, 0.09]),
    "binary": lambda reach: binary_decay(reach),
    "linear": lambda reach, full=0.0: linear_decay(reach, full_minutes=full),
    "exponential": lambda reach, rate=None: exponential_decay(rate or 3 / reach, max_minutes=reach),
    "power": lambda reach, exponent=1.0: power_decay(exponent, max_minutes=reach),
    "gaussian": lambda reach, sd=None: gaussian_decay(sd or reach / 3, max_minutes=reach),
    "logistic": lambda reach, mean=None, sd=None: logistic_decay(mean or reach / 2, sd or reach / 6, max_minutes=reach),
    "log_logistic": lambda reach, median=None, shape=2.7: log_logistic_decay(
        median or reach / 2, shape, max_minutes=reach
    ),
    "esketamine": lambda _reach: esketamine_decay(),
}


def decay_named(text: str, max_minutes: float) -> Decay:
    """The decay that is meant, 0 beyond `max_minutes` (that of esketamine is over road km, and has its own reach).

    Raises
    ------
    ValueError
        There is no such decay, it takes other numbers, or one of them is out of its range.
    """
    name, _, numbers = text.partition(":")
    if name not in DECAYS:
        raise ValueError(f"There is no decay '{name}'; choose one of {', '.join(DECAYS)}.")
    try:
        given = [float(number) for number in numbers.split(",")] if numbers else []
        return DECAYS[name](max_minutes, *given)
    except TypeError:
        raise ValueError(f"'{name}' takes other numbers than {numbers}; leave them out for the usual ones.") from None


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
        TableError
            Not one treatment is asked for, or its course is not known.
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
        TableError
            The places are too many for it, or not at hand.
        """
        if self.people is None or len(self.people) > MOST_PLACES_BETWEEN:
            raise TableError(
                f"The floating catchment needs trips between all places, which is done for at most "
                f"{MOST_PLACES_BETWEEN:,}; ask for one state."
            )
        there = self.people.rename(columns={"geoid": "clinic_id"})[["clinic_id", "latitude", "longitude"]]
        return estimate_trips(self.people, there, max_minutes=self.max_minutes, landmarks=self.people)


@dataclass(frozen=True)
class Measure:
    """One measure: its unit, whether more of it is worse, and its call. NaN of a cost: not reached."""

    unit: str
    is_cost: bool
    compute: Callable[[Question], "pd.Series[float]"]


MEASURES: Final[dict[str, Measure]] = {
    "nearest": Measure("minutes", True, lambda q: minutes_to_nearest(q.trips, rank=q.rank)),
    "clinics_within": Measure("clinics", False, lambda q: clinics_within(q.trips, max_minutes=q.max_minutes)),
    "minutes_to_supply": Measure("minutes", True, lambda q: minutes_to_supply(q.trips, q.supply, float(q.rank))),
    "supply_within": Measure("supply", False, lambda q: supply_within(q.trips, q.supply, max_minutes=q.max_minutes)),
    "supply_within_interval": Measure(
        "supply",
        False,
        lambda q: supply_within_interval(q.trips, q.supply, from_minutes=q.max_minutes / 2, to_minutes=q.max_minutes),
    ),
    "gravity": Measure("weighted supply", False, lambda q: gravity(q.trips, q.supply, decay=q.zones)),
    "gravity_competition": Measure(
        "supply per person asking",
        False,
        lambda q: gravity_with_competition(q.trips, q.demand, q.supply, decay=q.zones),
    ),
    "floating": Measure(
        "supply per person near",
        False,
        lambda q: floating_catchment(
            q.trips, q.demand, q.supply, between_places=q.between_places, max_minutes=q.max_minutes
        ),
    ),
    "two_step": Measure(
        "supply per person asking",
        False,
        lambda q: two_step_catchment(q.trips, q.demand, q.supply, max_minutes=q.max_minutes),
    ),
    "enhanced_two_step": Measure(
        "supply per person asking", False, lambda q: enhanced_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "modified_two_step": Measure(
        "supply per person asking", False, lambda q: modified_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "three_step": Measure(
        "supply per person asking", False, lambda q: three_step_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "balanced": Measure(
        "supply per person asking", False, lambda q: balanced_catchment(q.trips, q.demand, q.supply, decay=q.zones)
    ),
    "availability": Measure(
        "supply per person",
        False,
        lambda q: spatial_availability(q.trips, q.demand, q.supply, decay=q.zones, per_head=True),
    ),
    "raam": Measure("cost (lower is better)", True, lambda q: raam(q.trips, q.demand, q.supply)),
    "balancing": Measure("minutes", True, lambda q: balancing_minutes(q.trips, q.demand, q.supply)),
    "expected": Measure(
        "minutes, if one works", True, lambda q: expected_minutes(q.trips)["expected_minutes_if_found"]
    ),
    "course_minutes": Measure("minutes of the patient, whole course", True, lambda q: q.course("patient_minutes")),
    "course_escort_minutes": Measure("minutes of the escort, whole course", True, lambda q: q.course("escort_minutes")),
    "course_miles": Measure("miles, whole course", True, lambda q: q.course("miles")),
    "course_usd": Measure("US dollars, whole course, central price", True, lambda q: q.course("usd_central")),
    "uptake": Measure(
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
    pd.DataFrame
        One row per group: the columns of `by` (else `group`), `people`, `people_without` (no value: not reached) and
        `share_without`, `mean` (over those with a value), `quantile_25`, `median`, `quantile_75` (people without
        stand last; NaN: the quantile falls among them).

    Raises
    ------
    TableError
        `values` lacks a place of `people`, or nobody lives there.
    """
    here = align_to_people(values, people)
    groups = groups_of(people, by)
    population = people["population"].to_numpy(float)
    if not population.sum():
        raise TableError("Nobody lives in these places, so there is nothing to sum up.")
    everyone = groups.total(population)
    without = groups.total(population * np.isnan(here))
    total = groups.total(population * np.nan_to_num(here))
    quantiles = cost_quantiles(values, people, (0.25, 0.5, 0.75), by=groups)
    found = quantiles.iloc[:, -1].to_numpy(float).reshape(-1, 3)
    return groups.keys.assign(
        people=everyone.astype("int64"),
        people_without=without.astype("int64"),
        share_without=share_of(without, everyone),
        mean=share_of(total, everyone - without),
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
    KeyError
        No measure has that name.
    ValueError
        A reach beyond the trips, or no such decay.
    TableError
        As the measure.
    """
    offered = supply_of(services, treatments, unit=terms.supply)["supply"].astype("float64")
    curve = None if terms.decay is None else decay_named(terms.decay, terms.max_minutes)
    asking = demand_of(people, terms.demand, adult_share=terms.adult_share)
    question = Question(trips, asking, offered, terms.max_minutes, terms.rank, treatments, curve, people)
    return MEASURES[name].compute(question).rename(name)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a summary is asked: trips from `people` to the clinics that give `treatments`, and what else it needs.

    `by`: the columns that make the groups; none: everybody. `limits`: minutes. `rank_by`: a column of `people` by
    which the worst off are told, and whether its "low" or "high" values are theirs. `adult_share`: of all people, where
    the table does not count adults. `standard`: as `standards.standard` gives it; None: Medicare Advantage psychiatry.
    `land_km2`: by county, for its types; None: estimated from the outlines.
    """

    trips: Trips
    people: pd.DataFrame
    services: pd.DataFrame
    treatments: Sequence[str]
    by: Sequence[str] = ()
    limits: Sequence[float] = (30.0, 60.0, 90.0, 120.0)
    payer: str | None = None
    standard: pd.DataFrame | None = None
    rank_by: str | None = None
    poorest: Literal["low", "high"] = "low"
    adult_share: float | None = None
    land_km2: "pd.Series[float] | None" = None

    @property
    def minutes(self) -> "pd.Series[float]":
        """Minutes to the nearest clinic, which most summaries start from."""
        return minutes_to_nearest(self.trips)

    @property
    def ranked(self) -> tuple[str, Literal["low", "high"]]:
        """The column that tells the worst off, and which end of it is theirs.

        Raises
        ------
        TableError
            None is named.
        """
        if self.rank_by is None:
            raise TableError(
                "Say by which column of the people table the worst off are told, such as --rank-by adults."
            )
        return self.rank_by, self.poorest


def _adequacy_table(asked: Asked) -> pd.DataFrame:
    standard = STANDARDS["medicare_psychiatry"] if asked.standard is None else asked.standard
    types = None
    if "any" not in set(standard["county_type"]):
        land = estimated_land_km2(asked.people) if asked.land_km2 is None else asked.land_km2
        types = county_types(asked.people, land)
    return adequacy_by_county(asked.trips, asked.people, standard, county_type=types)


def _payer_table(asked: Asked) -> pd.DataFrame:
    if asked.payer is None:
        raise TableError("A payer's bounds are those of one payer; name it, such as --payer medicaid.")
    bounds = payer_bounds(asked.trips, asked.services, asked.payer, treatments=asked.treatments)
    return payer_shares_beyond(bounds, asked.people, asked.limits, by=asked.by)


def _figures_by_group(asked: Asked, **figures: Callable[[pd.DataFrame], float]) -> pd.DataFrame:
    """One row per group and a last one of everybody, with each figure of its own people."""
    groups = groups_of(asked.people, asked.by)
    parts = [asked.people[groups.codes == code].reset_index(drop=True) for code in range(len(groups.keys))]
    keys = groups.keys.assign(people=[int(part["population"].sum()) for part in parts])
    rows = [{name: of(part) for name, of in figures.items()} for part in parts]
    return pd.concat([keys.reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def _gini_table(asked: Asked) -> pd.DataFrame:
    minutes = asked.minutes
    most = asked.trips.max_minutes
    return _figures_by_group(asked, gini=lambda part: gini(minutes, part, unreached=most))


def _lorenz_table(asked: Asked) -> pd.DataFrame:
    curve = lorenz_curve(asked.minutes, asked.people, unreached=asked.trips.max_minutes)
    at = np.arange(21) / 20
    burden = np.interp(at, curve["people_share"], curve["access_share"])
    return pd.DataFrame({"people_share": at, "minutes_share": burden})


def _concentration_table(asked: Asked) -> pd.DataFrame:
    (column, poorest), minutes, most = asked.ranked, asked.minutes, asked.trips.max_minutes

    require_columns(asked.people, [column], where="The people table")

    def ranked(part: pd.DataFrame) -> pd.DataFrame:
        return part[part[column].notna()]

    def standard(part: pd.DataFrame) -> float:
        return concentration_index(minutes, ranked(part), column, poorest=poorest, unreached=most)

    def erreygers(part: pd.DataFrame) -> float:
        return erreygers_index(minutes, ranked(part), column, poorest=poorest, bounds=(0.0, most), unreached=most)

    def palma(part: pd.DataFrame) -> float:
        return palma_ratio(minutes, ranked(part), column, poorest=poorest, unreached=most)

    def people_unknown(part: pd.DataFrame) -> float:
        return float(part["population"].sum() - ranked(part)["population"].sum())

    return _figures_by_group(
        asked, concentration=standard, erreygers=erreygers, palma=palma, people_unknown=people_unknown
    )


def _theil_table(asked: Asked) -> pd.DataFrame:
    return theil_by_group(asked.minutes, asked.people, by=asked.by, unreached=asked.trips.max_minutes)


def _poverty_table(asked: Asked) -> pd.DataFrame:
    minutes = asked.minutes
    most = asked.trips.max_minutes
    return pd.concat(
        minutes_poverty(minutes, asked.people, limit_minutes=limit, max_minutes=most, by=asked.by).assign(beyond=limit)
        for limit in asked.limits
    )


def _excess_table(asked: Asked) -> pd.DataFrame:
    minutes = asked.minutes
    return pd.concat(
        minutes_excess(minutes, asked.people, limit_minutes=limit, by=asked.by).assign(beyond=limit)
        for limit in asked.limits
    )


def _gap_table(asked: Asked) -> pd.DataFrame:
    return urban_rural_gap(
        gap_tables(asked.minutes, asked.people, asked.limits).shares, "share_beyond", within=["beyond"]
    )


def _lightest_table(asked: Asked) -> pd.DataFrame:
    """How many people would choose otherwise by money or by time than by nearness."""
    found = lightest_course(asked.trips, asked.services[asked.services["treatment"].isin(list(asked.treatments))])
    groups = groups_of(asked.people, asked.by)
    living = asked.people["population"].to_numpy(float)
    near = found["nearest_clinic_id"]

    def differing(column: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        differs = (found[column].notna() & (found[column] != near)).astype(float)
        return groups.total(living * align_to_people(differs, asked.people))

    everyone = groups.total(living)
    cheaper = differing("cheapest_clinic_id")
    quicker = differing("quickest_clinic_id")
    return groups.keys.assign(
        people=everyone,
        people_cheaper_elsewhere=cheaper,
        share_cheaper_elsewhere=share_of(cheaper, everyone),
        people_quicker_elsewhere=quicker,
        share_quicker_elsewhere=share_of(quicker, everyone),
    )


def _starts_lost_table(asked: Asked) -> pd.DataFrame:
    if list(asked.treatments) != ["esketamine"]:
        raise TableError("What distance goes with losing is known of esketamine starts alone; ask for esketamine.")
    adults = demand_of(asked.people, "adults", adult_share=asked.adult_share)
    lost = starts_lost(km_to_nearest(asked.trips) / KM_PER_MILE, expected_patients(adults))
    return starts_lost_by_group(lost, asked.people, by=asked.by)


def _subgroup_table(asked: Asked) -> pd.DataFrame:
    """By group, and then of everybody ("all")."""
    columns = [f"share_{name}" for name in shares_in(asked.people)]
    if not columns:
        raise TableError(
            "These people have no shares of subgroups. Add them to a pack of block groups or tracts with: "
            "trd-access data shares --year 2024"
        )
    minutes = asked.minutes
    everyone = subgroup_beyond(minutes, asked.people, asked.limits, columns)
    if not asked.by:
        return everyone
    grouped = subgroup_beyond(minutes, asked.people, asked.limits, columns, by=asked.by)
    last = everyone.drop(columns="group").assign(**dict.fromkeys(asked.by, EVERYONE))
    return pd.concat([grouped, last[grouped.columns]], ignore_index=True)


SUMMARIES: Final[dict[str, tuple[str, Callable[[Asked], pd.DataFrame]]]] = {
    "adequacy": ("share of people inside a standard, pass or fail", _adequacy_table),
    "payer": ("share of people beyond, lower and upper bound", _payer_table),
    "gap": ("rural against urban share beyond", _gap_table),
    "gini": ("0 to below 1, of minutes", _gini_table),
    "lorenz": ("share of all minutes", _lorenz_table),
    "concentration": ("-1 to 1 (standard, Erreygers) and the Palma ratio, of minutes", _concentration_table),
    "theil": ("0 upward, of minutes, with its parts between and within", _theil_table),
    "poverty": ("FGT 0, 1 and 2 of minutes, 0 to 1, with contributions", _poverty_table),
    "excess": ("FGT of minutes over the limit, unbounded", _excess_table),
    "subgroups": ("people of a subgroup beyond, their share, and that of all others", _subgroup_table),
    "lightest": ("people whose cheapest or quickest course is not at the nearest clinic", _lightest_table),
    "starts_lost": ("esketamine starts that distance goes with losing", _starts_lost_table),
}


def summary(name: str, asked: Asked) -> pd.DataFrame:
    """The table of a summary by its name, from urban to rural where it is by rurality.

    Raises
    ------
    KeyError
        None has that name.
    TableError
        It lacks what it needs.
    ValueError
        A limit beyond the trips.
    """
    table = SUMMARIES[name][1](asked).reset_index(drop=True)
    if "rurality" not in asked.by or "rurality" not in table:
        return table
    return sort_from_urban(table)
