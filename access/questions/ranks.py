"""Where each state or county stands among the others, how wide its gap is, and how sure both are."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from access.measures.beyond import cost_quantiles, people_beyond
from access.measures.layout import Floats, align_to_people, groups_of, share_of
from access.measures.nearest import minutes_to_nearest
from access.measures.uncertainty import ErrorSources, interval_ends, shares_by_draw
from access.travel.trips import Trips

INTERVAL_LEVEL: Final = 0.9
SIDES: Final = ("urban", "rural")
ALL: Final = "all"


def ranks(
    trips: Trips, people: pd.DataFrame, limit: float, by: str, *, seed: int = 1, draws: int = 1000
) -> pd.DataFrame:
    """Each area's share of people beyond a limit in minutes, its rank and its urban-rural gap, with 90 % intervals.

    In each draw (see `gap_interval`, whose luck this shares) the areas are ranked anew, so that two whose intervals
    overlap are still told apart when they mostly fall on one side of each other. Rank 1: the largest share; equal
    shares share the middle of their ranks.

    Returns
    -------
    pd.DataFrame
        One row per area with people, by rank, then name, and a last one of everybody, "all", without a rank: `by`,
        `people`, `people_beyond`, `people_unreached`, `share_of`, `low`, `high`, `median` (minutes; NaN: half or more
        reach none), `urban`, `rural` (shares beyond), `gap` (rural minus urban), `gap_low`, `gap_high` (NaN: a side
        has no people), `rank`, `rank_low`, `rank_high`, `of` (how many areas are ranked).

    Raises
    ------
    As `gap_interval`.
    """
    groups = groups_of(people, [by, "rurality"])
    drawn = shares_by_draw(
        trips, people, [limit], groups=groups, seed=seed, sources=ErrorSources().without("payer_taken"), draws=draws
    )[:, :-1, 0]
    minutes = minutes_to_nearest(trips)
    areas = groups_of(people, [by])
    plain = _add_everyone(
        people_beyond(minutes, people, [limit], by=areas), people_beyond(minutes, people, [limit]), by
    )
    medians = [cost_quantiles(minutes, people, [0.5], by=areas), cost_quantiles(minutes, people, [0.5])]
    parts = people_beyond(minutes, people, [limit], by=groups)
    table = plain.assign(median=pd.concat(medians)["minutes"].to_numpy()).join(_shares_by_side(parts, by), on=by)
    table["share"], table["gap"] = table["share_beyond"], table["rural"] - table["urban"]
    shares, gaps = _draws_by_area(drawn, parts, table[by], by)
    table["low"], _, table["high"] = interval_ends(shares, INTERVAL_LEVEL)
    table["gap_low"], _, table["gap_high"] = interval_ends(gaps, INTERVAL_LEVEL)
    return _add_ranks(table[table["people"] > 0], shares[:, table["people"] > 0], by)


def _add_everyone(grouped: pd.DataFrame, everyone: pd.DataFrame, by: str) -> pd.DataFrame:
    return pd.concat([grouped, everyone.rename(columns={"group": by})], ignore_index=True)


def _shares_by_side(parts: pd.DataFrame, by: str) -> pd.DataFrame:
    """The shares beyond of urban and of rural people by area, everybody's too."""
    sides = parts[parts["rurality"].isin(SIDES)]
    whole = sides.groupby("rurality")[["people", "people_beyond"]].sum().assign(**{by: ALL}).reset_index()
    both = pd.concat([sides, whole], ignore_index=True)
    both["share"] = both["people_beyond"] / both["people"].where(both["people"] > 0)
    return both.pivot(index=by, columns="rurality", values="share").reindex(columns=list(SIDES))


def _draws_by_area(drawn: Floats, parts: pd.DataFrame, areas: "pd.Series[str]", by: str) -> tuple[Floats, Floats]:
    """The share beyond, and the gap, by draw and area: people are added up over the area's groups."""
    at = {area: number for number, area in enumerate(areas)}
    owner = parts[by].map(at).to_numpy()
    last = len(areas) - 1
    living = parts["people"].to_numpy(float)
    beyond = np.nan_to_num(drawn) * living

    def share_of(chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
        far = np.zeros((len(drawn), len(areas)))
        all_people = np.zeros(len(areas))
        for column in np.flatnonzero(chosen):
            for area in (owner[column], last):
                far[:, area] += beyond[:, column]
                all_people[area] += living[column]
        return far / np.where(all_people > 0, all_people, np.nan)

    urban, rural = (share_of((parts["rurality"] == side).to_numpy()) for side in SIDES)
    return share_of(np.ones(len(parts), bool)), rural - urban


def _add_ranks(table: pd.DataFrame, shares: Floats, by: str) -> pd.DataFrame:
    """The rows by rank; everybody, the last of them, has none."""
    low, _, high = interval_ends(rankdata(-shares[:, :-1], axis=1), INTERVAL_LEVEL)
    none = [np.nan]
    ranked = table.assign(
        rank=[*rankdata(-table["share"].to_numpy()[:-1]), *none],
        rank_low=[*np.floor(low), *none],
        rank_high=[*np.ceil(high), *none],
        of=len(table) - 1,
    )
    kept = ["people", "people_beyond", "people_unreached", "share", "low", "high", "median"]
    columns = [by, *kept, *SIDES, "gap", "gap_low", "gap_high", "rank", "rank_low", "rank_high", "of"]
    return ranked[columns].sort_values(["rank", by], kind="stable", na_position="last", ignore_index=True)


def curve(
    cost: "pd.Series[float]", people: pd.DataFrame, until: float, *, by: Sequence[str], steps: int = 48
) -> pd.DataFrame:
    """The share of people who have at most each of `steps` costs up to `until`: a cumulative curve for each group.

    Returns
    -------
    pd.DataFrame
        The columns of `by` (else `group`), `within` (minutes or miles, as `cost`), `people`, `share_within`; NaN:
        nobody lives there. Who reaches nothing is within no limit, so a curve need not end at 1.

    Raises
    ------
    TableError
        `cost` lacks a place of `people`, or `people` a column of `by`.
    """
    limits = np.linspace(0, until, steps + 1)
    groups = groups_of(people, by)
    living = people["population"].to_numpy(float)
    count = len(groups.keys)
    # The first limit that each cost does not exceed; a place that reaches nothing, or farther, comes after the last.
    first = np.searchsorted(limits, align_to_people(cost, people), side="left")
    sums = np.bincount(groups.codes * (steps + 2) + first, weights=living, minlength=count * (steps + 2))
    within = sums.reshape(count, steps + 2).cumsum(axis=1)
    repeated = groups.keys.loc[groups.keys.index.repeat(steps + 1)].reset_index(drop=True)
    everyone = np.repeat(within[:, -1], steps + 1)
    return repeated.assign(
        within=np.tile(limits, count),
        people=everyone.astype("int64"),
        share_within=share_of(within[:, :-1].ravel(), everyone),
    )
