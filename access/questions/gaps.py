"""The gap between city and country for one treatment: the tables that an advocate quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from access.errors import PlaceError
from access.measures.beyond import cost_quantiles, people_beyond, urban_rural_gap
from access.measures.layout import groups_of
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.scenarios.openings import best_openings
from access.travel.estimate import BANDED, MAX_MINUTES, estimate_trips
from access.travel.pack_travel import trip_finder_of
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips
from access.units import KM_PER_MILE
from access.vocabulary import RURALITIES, STATES, state_code

_FEWEST_IN_A_TOWN: Final = 10_000  # where a clinic for people of many states would stand


def city_or_outside(people: pd.DataFrame) -> "pd.Series[str]":
    """City or outside it, for each place: "urban", "outside"; "not_coded" where no scheme has a code."""
    outside = people["rurality"].isin(["large_town", "small_town", "rural"])
    return people["rurality"].mask(outside, "outside")


def openings_by_town(
    minutes: "pd.Series[float]", people: pd.DataFrame, towns: pd.DataFrame, limit: float, pack: Pack
) -> pd.DataFrame:
    """`best_openings` among the towns of the states where these people of `pack` live; of many, the larger towns.

    Raises
    ------
    TableError
        As `best_openings`.
    """
    states = people["state"].unique()
    near = towns[towns["state"].isin(states)]
    if len(states) > 1:
        near = near[near["population"].fillna(0) >= _FEWEST_IN_A_TOWN]
    return best_openings(minutes, people, near, limit, estimate=trip_finder_of(pack), landmarks=pack.people)


FARTHEST_BY_UNIT = {"minutes": MAX_MINUTES, "miles": 200.0}  # beyond it the trips that are kept cannot tell
LIMITS_BY_UNIT = {"minutes": (30.0, 60.0, 90.0, 120.0), "miles": (10.0, 30.0, 50.0, 100.0)}
EVERYONE = "all"


@dataclass(frozen=True)
class GapTables:
    """What `gap_tables` found; `cost` is the column that holds minutes or miles.

    `shares`: by rurality and limit, then all (see `people_beyond`). `quantiles`: the same rows by quantile
    (see `cost_quantiles`). `gaps`: rural against urban, one row per limit (see `urban_rural_gap`).
    """

    shares: pd.DataFrame
    quantiles: pd.DataFrame
    gaps: pd.DataFrame


def people_of(people: pd.DataFrame, state: str | None) -> pd.DataFrame:
    """The people of one state (code or name), or all of them.

    Raises
    ------
    PlaceError
        There is no such state, or none of its people are in the table.
    """
    if not state:
        return people
    code = state_code(state)
    if code is None:
        raise PlaceError(f"There is no state '{state}'. Use a code such as {', '.join(list(STATES)[:4])}.")
    chosen = people[people["state"] == code].reset_index(drop=True)
    if chosen.empty:
        raise PlaceError(f"This pack holds no people of {STATES[code]}. Choose another state or pack.")
    return chosen


def treatment_trips(
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    services: pd.DataFrame,
    treatments: Sequence[str],
    *,
    way: TripFinder = BANDED,
    landmarks: pd.DataFrame | None = None,
) -> Trips:
    """Trips from `people` to every clinic, on either side of a border, that gives any of `treatments`.

    `way`: how they go; that of a pack is `access.travel.pack_travel.trip_finder_of`.
    """
    offering = clinics["clinic_id"].isin(clinics_offering(services, treatments))
    there = clinics[offering].reset_index(drop=True)
    return estimate_trips(people, there, estimate=way, landmarks=landmarks)


def cost_to_nearest(trips: Trips, unit: str = "minutes", *, rank: int = 1) -> pd.Series:
    """Minutes, or road miles, to the `rank`-th nearest clinic; NaN: not reached within the trips."""
    if unit == "minutes":
        return minutes_to_nearest(trips, rank=rank)
    return (km_to_nearest(trips, rank=rank) / KM_PER_MILE).rename("miles")


def gap_tables(
    cost: pd.Series, people: pd.DataFrame, limits: Sequence[float], *, with_quantiles: bool = True
) -> GapTables:
    """Shares beyond, quantiles and the urban-rural gap of a cost by geoid.

    `with_quantiles`: False leaves them out (no rows), which takes a third of the time.

    Raises
    ------
    TableError
        `cost` lacks a place of `people`.
    """
    groups = groups_of(people, ["rurality"])
    shares = by_rurality_then_all(
        people_beyond(cost, people, limits, by=groups),
        people_beyond(cost, people, limits),
    )
    gaps = urban_rural_gap(shares, "share_beyond", within=["beyond"])
    if not with_quantiles:
        return GapTables(shares, pd.DataFrame(), gaps)
    quantiles = by_rurality_then_all(cost_quantiles(cost, people, by=groups), cost_quantiles(cost, people))
    return GapTables(shares, quantiles, gaps)


def cost_by_area(cost: pd.Series, people: pd.DataFrame, limits: Sequence[float], by: str) -> pd.DataFrame:
    """The columns of `people_beyond`, and `median`: one row per state or county and limit.

    Raises
    ------
    TableError
        `cost` lacks a place of `people`.
    """
    groups = groups_of(people, [by])
    shares = people_beyond(cost, people, limits, by=groups)
    medians = cost_quantiles(cost, people, [0.5], by=groups)
    return shares.assign(median=np.tile(medians[str(cost.name)].to_numpy(), len(limits)))


def by_rurality_then_all(grouped: pd.DataFrame, everyone: pd.DataFrame) -> pd.DataFrame:
    """The rows by rurality, from urban to rural, then the row of everyone as "all"."""
    return sort_from_urban(pd.concat([grouped, everyone.rename(columns={"group": "rurality"})], ignore_index=True))


def sort_from_urban(table: pd.DataFrame) -> pd.DataFrame:
    """The rows by `rurality`, from urban to rural, those of everyone last; rows of one keep their order."""
    rank = {name: order for order, name in enumerate([*RURALITIES, EVERYONE])}
    return table.iloc[np.argsort(table["rurality"].map(rank), kind="stable")].reset_index(drop=True)
