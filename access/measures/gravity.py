"""Gravity: how much supply a place can reach, near supply counting more; alone, or shared with who else reaches it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.measures import gravity_kernels as kernels
from access.measures.decay import Decay, binary_decay, linear_decay
from access.measures.decay_kernels import LEAST
from access.measures.layout import Floats, values_by_clinic, values_by_place
from access.travel.trips import Trips


def supply_within(trips: Trips, supply: "pd.Series[float]", *, max_minutes: float) -> "pd.Series[float]":
    """All the supply at most `max_minutes` away, the limit included.

    Returns
    -------
    pd.Series[float]
        Units of supply by `geoid`, in the order of `trips.places`. 0: no supply within the limit; never NaN.

    Raises
    ------
    ValueError
        `max_minutes` below zero, or beyond the trips' own.
    TableError
        A clinic has no supply, or below zero.

    Source
    ------
    Wachs & Kumagai (1973), doi:10.1016/0038-0121(73)90041-4.
    """
    return gravity(trips, supply, decay=binary_decay(max_minutes)).rename("supply_within")


def supply_within_interval(
    trips: Trips, supply: "pd.Series[float]", *, from_minutes: float, to_minutes: float
) -> "pd.Series[float]":
    """The mean of `supply_within` over every limit from `from_minutes` to `to_minutes`: no single limit decides.

    Exact: a clinic counts whole up to `from_minutes`, then straight down to nothing at `to_minutes`.

    Returns
    -------
    pd.Series[float]
        As `supply_within`.

    Raises
    ------
    ValueError
        Not `0 <= from_minutes < to_minutes`, or `to_minutes` beyond the trips' own.
    TableError
        A clinic has no supply, or below zero.

    Source
    ------
    Tomasiello et al. (2023), doi:10.1016/j.apgeog.2023.103007, who average over whole minutes.
    """
    decay = linear_decay(to_minutes, full_minutes=from_minutes)
    return gravity(trips, supply, decay=decay).rename("supply_within_interval")


def gravity(trips: Trips, supply: "pd.Series[float]", *, decay: Decay) -> "pd.Series[float]":
    """All the supply a place can reach, each clinic's times its weight by `decay`.

    Trips that were not kept weigh 0: of a decay that never ends, the tail beyond `trips.max_minutes` is left out.

    Returns
    -------
    pd.Series[float]
        Weighted units of supply by `geoid`, in the order of `trips.places`. 0: nothing of weight reached; never NaN.

    Raises
    ------
    ValueError
        The decay reaches beyond the trips' own minutes.
    TableError
        A clinic has no supply, or below zero.

    Source
    ------
    Hansen (1959), doi:10.1080/01944365908978307.
    """
    reached = sum_by_place(trips, decay, values_by_clinic(supply, trips))
    return pd.Series(reached, index=trips.places, name="gravity")


def gravity_with_competition(
    trips: Trips, demand: "pd.Series[float]", supply: "pd.Series[float]", *, decay: Decay
) -> "pd.Series[float]":
    """Supply per person: each clinic's is shared by all who reach it, by weight, then summed as `gravity`.

    Conserves supply: people times access sum to the supply of the clinics that anybody reaches.

    Returns
    -------
    pd.Series[float]
        Units of supply per person by `geoid`, in the order of `trips.places`; also where nobody lives (what one more
        person would find). 0: nothing of weight reached. A clinic that nobody reaches gives nothing; never NaN.

    Raises
    ------
    ValueError
        The decay reaches beyond the trips' own minutes.
    TableError
        A place has no demand or a clinic no supply, or below zero.

    Source
    ------
    Joseph & Bantock (1982), doi:10.1016/0277-9536(82)90428-2.
    """
    per_person = share_out(values_by_clinic(supply, trips), sum_by_clinic(trips, decay, values_by_place(demand, trips)))
    return pd.Series(sum_by_place(trips, decay, per_person), index=trips.places, name="supply_per_person")


def sum_by_place(trips: Trips, decay: Decay, of_clinic: Floats, *, squared: bool = False) -> Floats:
    """For each place, the sum over its clinics of weight (or its square) times the clinic's value."""
    _check_reach(trips, decay)
    starts = trips.indptr
    columns = trips.clinic_index
    if decay.is_zones_of_minutes:
        limits, weights = _zones_of(decay, squared)
        summed = kernels.sum_rows_in_zones(starts, columns, trips.minutes, limits, weights, of_clinic)
    else:
        blocks = kernels.runs_of_rows(starts), kernels.longest_block(starts)
        summed = kernels.sum_rows(starts, columns, *_curve_of(trips, decay), of_clinic, squared, *blocks)
    return np.asarray(summed, np.float64)


def sum_by_clinic(trips: Trips, decay: Decay, of_place: Floats, *, squared: bool = False) -> Floats:
    """For each clinic, the sum over the places that reach it of weight (or its square) times the place's value."""
    _check_reach(trips, decay)
    starts = trips.indptr
    columns = trips.clinic_index
    count = len(trips.clinics)
    runs = kernels.runs_of_rows(starts)
    longest = kernels.longest_block(starts)
    if decay.is_zones_of_minutes:
        limits, weights = _zones_of(decay, squared)
        summed = kernels.sum_columns_in_zones(starts, columns, trips.minutes, limits, weights, of_place, count, runs)
    else:
        summed = kernels.sum_columns(starts, columns, *_curve_of(trips, decay), of_place, squared, count, runs, longest)
    return np.asarray(summed, np.float64)


def share_out(supply: Floats, demand: Floats) -> Floats:
    """Supply over demand; 0 where there is no demand."""
    return np.asarray(np.divide(supply, demand, out=np.zeros(len(supply)), where=demand > 0))


def _check_reach(trips: Trips, decay: Decay) -> None:
    if decay.unit == "minutes" and trips.max_minutes < decay.reach < np.inf:
        raise ValueError(f"These trips stop at {trips.max_minutes:g} minutes; {decay.reach:g} asks for more.")


def _zones_of(decay: Decay, squared: bool) -> tuple[NDArray[np.float32], Floats]:
    limits, weights = np.split(decay.compared_numbers, 2)
    weights = np.where(weights >= LEAST, weights, 0.0)
    return limits.astype(np.float32), weights**2 if squared else weights


def _curve_of(trips: Trips, decay: Decay) -> kernels.Curve:
    in_minutes = decay.unit == "minutes"
    cost = trips.minutes if in_minutes else trips.km
    # Rows stand by minutes, so only minutes can end a row early.
    cuts = in_minutes and decay.reach < trips.max_minutes
    return cost, cuts, decay.compared_reach, decay.kind, decay.compared_numbers
