"""The rational agent access model: what care costs when everybody weighs the drive against the crowd."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import NotSettledError
from access.measures import raam_kernels
from access.measures.layout import Floats, values_by_clinic, values_by_place
from access.travel.trips import Trips

TAU_MINUTES = 60.0
TOLERANCE = 1e-5
MAX_ROUNDS = 1000
FEW_TRIPS = 1_000_000  # a smaller world is asked for as long as one of this size


@dataclass(frozen=True, eq=False)
class RaamAnswer:
    """Where people go when nobody can do better by going elsewhere.

    `cost`: by geoid, as `raam` gives it. `people_at`: by clinic_id, how many come. `people_of_trip`: how many make
    each trip, fractions of people among them, in the order of the trips' arrays. `people_per_unit`: rho.
    `gap`: the most that anybody pays above the least open to them, in units of cost. `relative_gap`: what all
    pay above the least, over what all pay. `rounds`: how often all places were asked.
    """

    cost: "pd.Series[float]"
    people_at: "pd.Series[float]"
    people_of_trip: NDArray[np.float64]
    people_per_unit: float
    gap: float
    relative_gap: float
    rounds: int


def raam(
    trips: Trips,
    demand: "pd.Series[float]",
    supply: "pd.Series[float]",
    *,
    tau_minutes: float = TAU_MINUTES,
    people_per_unit: float | None = None,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> "pd.Series[float]":
    """The cost of care at each place, crowding and driving together, when all choose rationally; lower is better.

    A clinic costs `(people who come / supply) / people_per_unit + minutes / tau_minutes`. 1 is the crowd of a clinic
    with the mean load and no drive, or a drive of `tau_minutes` to an empty one. People are fractions, so that every
    clinic that a place uses costs it the same, within `tolerance`, and none that it does not use costs less.

    Parameters
    ----------
    people_per_unit: rho; none given: the people of all places that reach a clinic with supply, over the supply of all
        clinics that anybody reaches.
    tolerance: how far above the least open to them anybody may pay, in units of cost.

    Returns
    -------
    pd.Series[float]
        Indexed by `geoid`, in the order of `trips.places`. NaN: no clinic with supply within `trips.max_minutes`.
        Where nobody lives: what one more person would pay. A clinic without supply is as one that is not there.

    Raises
    ------
    ValueError
        `tau_minutes`, `people_per_unit`, `tolerance` or `max_rounds` is not above zero.
    TableError
        Demand or supply lacks a number.
    NotSettledError
        The tolerance is not met within `max_rounds`.

    Source
    ------
    Saxon & Snow (2020), doi:10.1080/24694452.2019.1629870.
    """
    return raam_answer(
        trips,
        demand,
        supply,
        tau_minutes=tau_minutes,
        people_per_unit=people_per_unit,
        tolerance=tolerance,
        max_rounds=max_rounds,
    ).cost


def raam_answer(
    trips: Trips,
    demand: "pd.Series[float]",
    supply: "pd.Series[float]",
    *,
    tau_minutes: float = TAU_MINUTES,
    people_per_unit: float | None = None,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> RaamAnswer:
    """As `raam`, with who goes where and how near to the exact answer it is.

    Returns
    -------
    RaamAnswer
        The costs, the people of each clinic and each trip, and the gaps.

    Raises
    ------
    As `raam`.

    Source
    ------
    As `raam`. The costs are those of a congestion game with costs linear in the crowd (Beckmann's convex programme);
    places answer in turn, each exactly, those that still move more often, until the gap is within the tolerance.
    """
    for name, value in (("tau_minutes", tau_minutes), ("tolerance", tolerance), ("max_rounds", max_rounds)):
        if not value > 0:
            raise ValueError(f"{name} is {value:g}; give a number above zero.")
    people = values_by_place(demand, trips)
    units = values_by_clinic(supply, trips)
    rho = mean_people_per_unit(trips, people, units) if people_per_unit is None else people_per_unit
    if not 0 < rho < np.inf:
        raise ValueError(f"people_per_unit is {rho:g}; give a number above zero.")
    return _settle(trips, people, units, rho, 1 / tau_minutes, tolerance, max_rounds)


def mean_people_per_unit(trips: Trips, people: Floats, units: Floats) -> float:
    """The people who reach any supply, over the supply that anybody reaches; 1 where nobody does.

    `people` by place and `units` by clinic, in the order of the trips.
    """
    row = np.repeat(np.arange(len(people)), np.diff(trips.indptr))
    useful = (units[trips.clinic_index] > 0) & (people[row] > 0)
    served = np.zeros(len(people), bool)
    served[row[useful]] = True
    reached = np.zeros(len(units), bool)
    reached[trips.clinic_index[useful]] = True
    return float(people[served].sum() / units[reached].sum()) if reached.any() else 1.0


def _settle(
    trips: Trips, people: Floats, units: Floats, rho: float, rate: float, tolerance: float, max_rounds: int
) -> RaamAnswer:
    room = units * rho
    flow = np.zeros(len(trips))
    load = np.zeros(len(units))
    pairs = (trips.indptr, trips.clinic_index, trips.minutes, rate, room)
    everyone = np.flatnonzero(people > 0)
    width = np.diff(trips.indptr)
    for turn in range(1, max_rounds + 1):
        rows = raam_kernels.answer_in_turn(everyone, *pairs, people, flow, load)
        # The few that still move are asked again at once, as long as that costs no more than asking everybody twice.
        budget = 2 * max(len(trips), FEW_TRIPS)
        while len(rows) and budget > 0:
            budget -= int(width[rows].sum())
            rows = raam_kernels.answer_in_turn(rows, *pairs, people, flow, load)
        load = np.asarray(np.bincount(trips.clinic_index, weights=flow, minlength=len(units)), np.float64)
        least = raam_kernels.least_costs(*pairs, load)
        gap, above, paid = raam_kernels.excess_costs(*pairs, flow, load, least)
        if gap <= tolerance:
            return RaamAnswer(
                cost=pd.Series(np.where(np.isfinite(least), least, np.nan), index=trips.places, name="raam_cost"),
                people_at=pd.Series(load, index=trips.clinics, name="people"),
                people_of_trip=flow,
                people_per_unit=rho,
                gap=gap,
                relative_gap=above / paid if paid else 0.0,
                rounds=turn,
            )
    raise NotSettledError(
        f"After {max_rounds} rounds somebody still pays {gap:.2g} above the least open to them, more than the "
        f"tolerance of {tolerance:.2g}; allow more rounds or a wider tolerance."
    )
