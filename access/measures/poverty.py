"""Poverty of access: how many fall short, by how much, and how much worse the worst are (Foster, Greer, Thorbecke).

Each table carries FGT 0, 1 and 2 by group and what each group contributes: contributions sum to the whole exactly,
because a group contributes its share of people times its own figure.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.measures.equity import known_access, people_counted
from access.measures.layout import Floats, Groups, align_to_people, groups_of
from access.measures.layout import share_of as ratio


def minutes_poverty(
    minutes: pd.Series,
    people: pd.DataFrame,
    *,
    limit_minutes: float,
    max_minutes: float,
    by: Sequence[str] | Groups = (),
    share: str | None = None,
) -> pd.DataFrame:
    """How many live beyond a limit, how far beyond, and how severely, on a scale from 0 (at the limit) to 1.

    `g = (min(T, max_minutes) - limit) / (max_minutes - limit)` where T is above the limit, else 0. Who reaches
    nothing (NaN), or lies beyond `max_minutes`, has 1. `share`: see `access.measures.equity`.

    Returns
    -------
    pd.DataFrame
        One row per group: the columns of `by` (else `group`, "all"), `people`, `people_share` (of all), `fgt0` (the
        share beyond), `fgt1` (depth), `fgt2` (severity), each 0 to 1, and `contribution0`, `contribution1`,
        `contribution2`, which sum over the groups to the figure of the whole. NaN: nobody is counted there.

    Raises
    ------
    ValueError
        Not 0 <= limit < `max_minutes`, or that is not finite.
    TableError
        `minutes` lacks a place of `people`, or a share is missing or outside 0 to 1.

    Source
    ------
    Foster, Greer & Thorbecke (1984), doi:10.2307/1913475; for minutes, the dual form bounded here.
    """
    if not 0 <= limit_minutes < max_minutes < np.inf:
        raise ValueError(f"The limit ({limit_minutes:g}) lies from 0 to below max_minutes ({max_minutes:g}).")
    costs = np.nan_to_num(align_to_people(minutes, people), nan=max_minutes)
    gap = np.clip(costs, limit_minutes, max_minutes) - limit_minutes
    return _fgt(gap / (max_minutes - limit_minutes), people_counted(people, share), groups_of(people, by))


def minutes_excess(
    minutes: pd.Series,
    people: pd.DataFrame,
    *,
    limit_minutes: float,
    by: Sequence[str] | Groups = (),
    share: str | None = None,
) -> pd.DataFrame:
    """As `minutes_poverty` without an upper bound, **for the people who reach a clinic**; the others stand apart.

    `g = (T - limit) / limit` where T is above the limit, else 0: 1 is twice the limit. Who reaches nothing has no
    excess that could be told: they are in `people_unreached` and in no `fgt`. Quote both or neither.

    Returns
    -------
    pd.DataFrame
        The columns of `minutes_poverty`, but for the people who reach a clinic (so `people_reached`, not `people`),
        then `people_unreached` and `share_unreached` (of all people of the group). NaN: nobody in the group reaches
        one.

    Raises
    ------
    ValueError
        The limit is not above zero.
    TableError
        As `minutes_poverty`.

    Source
    ------
    As `minutes_poverty`.
    """
    if not 0 < limit_minutes < np.inf:
        raise ValueError(f"The limit is {limit_minutes:g} minutes; the excess over it needs one above zero.")
    costs = align_to_people(minutes, people)
    weights = people_counted(people, share)
    groups = groups_of(people, by)
    reached = ~np.isnan(costs)
    gap = np.where(reached, np.maximum(costs - limit_minutes, 0) / limit_minutes, 0.0)
    unreached = groups.total(weights * ~reached)
    among_reached = _fgt(gap, weights * reached, groups).rename(columns={"people": "people_reached"})
    return among_reached.assign(people_unreached=unreached, share_unreached=ratio(unreached, groups.total(weights)))


def access_poverty(
    access: pd.Series,
    people: pd.DataFrame,
    *,
    line: float,
    by: Sequence[str] | Groups = (),
    unreached: float | None = None,
    share: str | None = None,
) -> pd.DataFrame:
    """How many have less access than a line, how far below it, and how severely, from 0 (at the line) to 1 (none).

    `g = (line - A) / line` where A is below the line, else 0. `unreached`, `share`: see `access.measures.equity`.

    Returns
    -------
    pd.DataFrame
        As `minutes_poverty`.

    Raises
    ------
    ValueError
        The line is not above zero.
    TableError
        As `access.measures.equity.gini`.

    Source
    ------
    Foster, Greer & Thorbecke (1984), doi:10.2307/1913475.
    """
    if not 0 < line < np.inf:
        raise ValueError(f"The line is {line:g}; to be below it needs one above zero.")
    weights = people_counted(people, share)
    values = np.where(weights > 0, known_access(access, people, weights, unreached), line)
    return _fgt(np.maximum(line - values, 0) / line, weights, groups_of(people, by))


def _fgt(gap: Floats, weights: Floats, groups: Groups) -> pd.DataFrame:
    """FGT 0, 1, 2 of a gap that is above zero for the poor alone, by group, and each group's part of the whole."""
    crowd = groups.total(weights)
    everyone = np.full(len(crowd), crowd.sum())
    sums = {"0": groups.total(weights * (gap > 0)), "1": groups.total(weights * gap)}
    sums["2"] = groups.total(weights * gap**2)
    own = {f"fgt{power}": ratio(summed, crowd) for power, summed in sums.items()}
    parts = {f"contribution{power}": ratio(summed, everyone) for power, summed in sums.items()}
    return groups.keys.assign(people=crowd, people_share=ratio(crowd, everyone), **own, **parts)
