"""How much of the inequality lies between groups (city and country, states), and how much within them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from access.measures.equity import known_access, people_counted
from access.measures.groups import Floats, Groups, groups_of
from access.measures.groups import share as ratio


def theil(
    access: pd.Series, people: pd.DataFrame, *, unreached: float | None = None, share: str | None = None
) -> float:
    """The Theil T index of access: 0 when all have the same, at most the logarithm of the number of people.

    `sum p_i (A_i / mu) ln(A_i / mu)`; a place without access contributes 0, its limit. `unreached` and `share` as in
    `access.measures.equity`.

    Returns
    -------
    NaN: nobody is counted, or nobody has any access.

    Raises
    ------
    TableError: as `access.measures.equity.gini`.

    Source
    ------
    Theil (1967), Economics and Information Theory.
    """
    return float(theil_by_group(access, people, unreached=unreached, share=share)["theil"].iloc[0])


def theil_by_group(
    access: pd.Series,
    people: pd.DataFrame,
    *,
    by: Sequence[str] | Groups = (),
    unreached: float | None = None,
    share: str | None = None,
) -> pd.DataFrame:
    """The Theil T index of each group, and what each adds to the whole: `between` groups and `within` it.

    With s the group's share of all access: between `s ln(mu_g / mu)`, within `s T_g`. Both columns summed are the
    index of the whole, exactly; a group below the mean adds less than nothing to `between`, whose sum is not negative.

    Returns
    -------
    One row per group: the columns of `by` (else `group`, "all"), `people`, `people_share`, `access_share`, `mean`,
    `theil`, `between`, `within`. NaN: mean, nobody is counted there; theil, nobody there has access; all but the
    people, nobody has access anywhere.

    Raises
    ------
    TableError: as `access.measures.equity.gini`, or `people` lacks a column of `by`.

    Source
    ------
    Theil (1967), Economics and Information Theory.
    """
    weights, groups = people_counted(people, share), groups_of(people, by)
    values = np.where(weights > 0, known_access(access, people, weights, unreached), 0.0)
    crowd, total = groups.total(weights), groups.total(weights * values)
    mean = ratio(total, crowd)
    own = _own(values, weights, groups, mean, total)
    access_share = _share_of_all(total)
    overall = total.sum() / crowd.sum() if total.sum() > 0 else 1.0
    return groups.keys.assign(
        people=crowd,
        people_share=_share_of_all(crowd),
        access_share=access_share,
        mean=mean,
        theil=own,
        between=np.where(total > 0, xlogy(access_share, np.where(total > 0, mean, 1.0) / overall), access_share),
        within=np.where(total > 0, access_share * own, access_share),
    )


def _own(values: Floats, weights: Floats, groups: Groups, mean: Floats, total: Floats) -> Floats:
    """The index of each group by itself; NaN where it has no access."""
    level = np.where(total > 0, mean, 1.0)[groups.codes]
    summed = groups.total(weights * xlogy(values / level, values / level))
    return ratio(np.where(total > 0, summed, np.nan), groups.total(weights))


def _share_of_all(parts: Floats) -> Floats:
    return ratio(parts, np.full(len(parts), parts.sum()))
