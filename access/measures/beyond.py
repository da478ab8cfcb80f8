"""Who is far from care, by group: people beyond a limit, quantiles of what care costs, and country against city."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.measures.layout import Groups, align_to_people, groups_of, share_of
from access.tables import require_columns


def people_beyond(
    cost: pd.Series, people: pd.DataFrame, limits: Sequence[float], *, by: Sequence[str] | Groups = ()
) -> pd.DataFrame:
    """How many people, and what share, have a cost above each limit; a cost equal to the limit is within.

    `cost`: minutes or km by `geoid`, NaN where nothing is reached: those people count as beyond every limit.

    Returns
    -------
    pd.DataFrame
        One row per group and limit: the columns of `by` (else `group`, "all"), `beyond` (the limit, in the unit of
        `cost`), `people`, `people_beyond`, `people_unreached` (who reach nothing at all, also counted in
        `people_beyond`), `share_beyond` (0 to 1; NaN: nobody lives in the group).

    Raises
    ------
    TableError
        `cost` lacks a place of `people`, or `people` a column of `by`.

    Source
    ------
    Guagliardo (2004), doi:10.1186/1476-072X-3-3.

    Examples
    --------
    Of 1,000 people, 600 reach no clinic, and 300 need exactly an hour:

    >>> people = pd.DataFrame({"geoid": ["1", "2", "3"], "population": [100, 300, 600]})
    >>> minutes = pd.Series({"1": 20.0, "2": 60.0, "3": float("nan")})
    >>> people_beyond(minutes, people, [30, 60])["share_beyond"].tolist()
    [0.9, 0.6]
    """
    values = align_to_people(cost, people)
    groups = groups_of(people, by)
    population = people["population"].to_numpy(float)
    everyone = groups.total(population)
    unreached = groups.total(population * np.isnan(values))
    rows = []
    for limit in limits:
        outside = groups.total(population * ~(values <= limit))
        rows.append(
            groups.keys.assign(
                beyond=float(limit),
                people=everyone,
                people_beyond=outside,
                people_unreached=unreached,
                share_beyond=share_of(outside, everyone),
            )
        )
    return _as_whole_people(pd.concat(rows, ignore_index=True))


def _as_whole_people(table: pd.DataFrame) -> pd.DataFrame:
    counted = ["people", "people_beyond", "people_unreached"]
    return table.astype(dict.fromkeys(counted, "int64"))


QUARTILES_AND_TENTH = (0.25, 0.5, 0.75, 0.9)


def cost_quantiles(
    cost: pd.Series,
    people: pd.DataFrame,
    quantiles: Sequence[float] = QUARTILES_AND_TENTH,
    *,
    by: Sequence[str] | Groups = (),
) -> pd.DataFrame:
    """The cost that at least a share `quantile` of a group's people do not exceed.

    The smallest cost whose people, with all nearer ones, make up the share (no interpolation). People who
    reach nothing stand last, so they are in the total and never pull a quantile down.

    Returns
    -------
    pd.DataFrame
        One row per group and quantile: the columns of `by` (else `group`), `quantile` (0 to 1), and a column
        named as `cost` is. NaN: the quantile falls among the people who reach nothing, or nobody lives there.

    Raises
    ------
    ValueError
        A quantile outside 0 to 1.
    TableError
        As `people_beyond`.
    """
    if any(not 0 <= q <= 1 for q in quantiles):
        raise ValueError(f"Quantiles lie between 0 and 1; given {list(quantiles)}.")
    values = align_to_people(cost, people)
    groups = groups_of(people, by)
    population = people["population"].to_numpy(float)
    order = np.lexsort((values, groups.codes))  # NaN sorts last
    so_far = np.cumsum(population[order])
    whole = groups.total(population)
    base = np.cumsum(whole) - whole
    # A share that equals a step exactly belongs to that step: allow for the rounding of the product.
    wanted = base[:, None] + np.asarray(quantiles) * whole[:, None] * (1 - 1e-12)
    at = np.where(
        wanted > base[:, None], np.searchsorted(so_far, wanted), np.searchsorted(so_far, wanted, side="right")
    )
    found = np.where(whole[:, None] > 0, values[order][np.minimum(at, len(order) - 1)], np.nan)
    repeated = groups.keys.loc[groups.keys.index.repeat(len(quantiles))].reset_index(drop=True)
    name = "cost" if cost.name is None else str(cost.name)
    return repeated.assign(quantile=list(quantiles) * len(groups.keys), **{name: found.ravel()})


def urban_rural_gap(
    table: pd.DataFrame, value: str, *, rural: str = "rural", urban: str = "urban", within: Sequence[str] = ()
) -> pd.DataFrame:
    """Difference and ratio of `value` between the rural and the urban row of a table by `rurality`.

    `within`: further columns that tell rows apart (`beyond`, `quantile`, `state`): one gap for each.

    Returns
    -------
    pd.DataFrame
        The columns of `within`, `urban`, `rural` (the two values), `difference` (rural minus urban, in the unit
        of `value`), `ratio` (rural over urban). NaN: a side has no row or no value; a ratio over zero is NaN.

    Raises
    ------
    TableError
        `table` lacks one of the columns.
    """
    require_columns(table, ["rurality", value, *within], where="The table by rurality")
    sides = table[table["rurality"].isin([urban, rural])]
    sides = sides.assign(side=np.where(sides["rurality"] == urban, "urban", "rural"))
    keys = list(within) or ["group"]
    wide = (
        (sides if within else sides.assign(group="all"))
        .set_index([*keys, "side"])[value]
        .unstack("side")
        .reindex(columns=["urban", "rural"])
    )
    ratio = wide["rural"] / wide["urban"].where(wide["urban"] != 0)
    return wide.assign(difference=wide["rural"] - wide["urban"], ratio=ratio).rename_axis(columns=None).reset_index()
