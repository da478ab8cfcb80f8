"""Before and after: who comes within reach, who falls out of it, and what the edit does to each group."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.measures.layout import Groups, align_to_people, groups_of, share_of
from access.travel import trip_kernels
from access.travel.estimate import BANDED, trips_from
from access.travel.origins import Origins
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips


def trips_after(
    trips: Trips,
    origins: Origins,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    estimate: TripFinder = BANDED,
    landmarks: Origins | None = None,
) -> Trips:
    """`trips` with clinics that are gone dropped and clinics that are new or moved added: only those are computed.

    `before`, `after`: the clinics tables around the edit.
    `origins`, `estimate`, `landmarks`: as `trips` were built with.

    Returns
    -------
    Trips
        The same entries as trips built anew; kept clinics keep their order, new and moved ones come last.
    """
    kept, fresh = split_kept_and_new(before, after)
    still = trips if len(kept) == len(trips.clinics) else trips.among(kept)
    if fresh.empty:
        return still
    added = trips_from(origins, fresh, max_minutes=trips.max_minutes, estimate=estimate, landmarks=landmarks)
    return still.join(added)


def nearest_after(
    trips: Trips,
    origins: Origins,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    rank: int = 1,
    estimate: TripFinder = BANDED,
    landmarks: Origins | None = None,
) -> pd.DataFrame:
    """What the nearest measures say of `trips_after`, without building those trips.

    Returns
    -------
    pd.DataFrame
        `minutes`, `km`, `clinic_id` (a category) by `geoid`, in the order of `trips.places`; missing: fewer than
        `rank` clinics within reach.
    """
    kept, fresh = split_kept_and_new(before, after)
    added = trips_from(origins, fresh, max_minutes=trips.max_minutes, estimate=estimate, landmarks=landmarks)
    gone = ~trips.clinics.isin(kept)
    minutes, km, column = trip_kernels.merged_rank(
        trips.indptr,
        trips.clinic_index,
        trips.minutes,
        trips.km,
        gone,
        added.indptr,
        added.clinic_index,
        added.minutes,
        added.km,
        rank,
    )
    clinic_id = _clinics_of_columns(column, trips.clinics, added.clinics)
    return pd.DataFrame({"minutes": minutes, "km": km, "clinic_id": clinic_id}, index=trips.places)


def _clinics_of_columns(column: NDArray[np.int64], first: pd.Index, others: pd.Index) -> pd.Categorical:
    """The clinic of each column, of which those of `others` follow those of `first`; a moved one is in both."""
    ids = first.append(others)
    codes, names = pd.factorize(ids)
    return pd.Categorical.from_codes(np.append(codes, -1)[column], names)


def split_kept_and_new(before: pd.DataFrame, after: pd.DataFrame) -> tuple["pd.Series[str]", pd.DataFrame]:
    """The ids of clinics that stay where they were, and the clinics that are new or moved."""
    spot = ["clinic_id", "latitude", "longitude"]
    kept = after.merge(before[spot], on=spot, how="inner", validate="one_to_one")["clinic_id"]
    return kept, after[~after["clinic_id"].isin(kept)]


def changed_clinics(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Clinics that are there before or after, with `change`: kept, closed or opened; one that moves is both.

    Returns
    -------
    pd.DataFrame
        The columns of the tables and `change`: those that are kept or gone as before, then those that are new or
        moved.
    """
    kept, fresh = split_kept_and_new(before, after)
    stays = before["clinic_id"].isin(kept)
    change = stays.map({True: "kept", False: "closed"}).astype("str")
    return pd.concat([before.assign(change=change), fresh.assign(change="opened")], ignore_index=True)


def before_and_after(
    before: pd.Series, after: pd.Series, people: pd.DataFrame, limit: float, *, by: Sequence[str] | Groups = ()
) -> pd.DataFrame:
    """What a change of cost does to each group at one limit; `before`, `after`: minutes or km by geoid.

    Returns
    -------
    pd.DataFrame
        One row per group: the columns of `by` (else `group`, "all"), `people`, `people_beyond_before`,
        `people_beyond_after`, `people_gained` (beyond before, within after), `people_lost` (the reverse),
        `people_nearer`, `people_farther` (the cost fell or rose, whatever the limit; from or to out of reach
        counts), `share_beyond_before`, `share_beyond_after` (NaN: nobody lives there).

    Raises
    ------
    TableError
        A series lacks a place of `people`, or `people` a column of `by`.
    """
    groups = groups_of(people, by)
    population = people["population"].to_numpy(float)
    old, new = (
        np.where(np.isnan(v), np.inf, v) for v in (align_to_people(before, people), align_to_people(after, people))
    )
    near_old = old <= limit
    near_new = new <= limit
    counts = {
        "people": np.ones(len(people), bool),
        "people_beyond_before": ~near_old,
        "people_beyond_after": ~near_new,
        "people_gained": ~near_old & near_new,
        "people_lost": near_old & ~near_new,
        "people_nearer": new < old,
        "people_farther": new > old,
    }
    sums = {name: groups.total(population * chosen) for name, chosen in counts.items()}
    return _add_shares(groups.keys.assign(**sums).astype(dict.fromkeys(sums, "int64")))


def everyone_of(table: pd.DataFrame) -> pd.DataFrame:
    """The one row, `group` "all", that a table of `before_and_after` by groups adds up to."""
    sums = table.filter(regex="^people").sum()
    return _add_shares(pd.DataFrame([{"group": "all", **sums}]))


def _add_shares(table: pd.DataFrame) -> pd.DataFrame:
    people = table["people"].to_numpy(float)
    shares = {
        f"share_beyond_{when}": share_of(table[f"people_beyond_{when}"].to_numpy(float), people)
        for when in ("before", "after")
    }
    return table.assign(**shares)
