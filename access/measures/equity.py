"""How unequally access is shared, and along which line: Gini, Lorenz, concentration, Palma; Theil between and within.

Every figure is weighted by people. `share` counts only a part of them: a column of `people` from 0 to 1 (veterans,
no vehicle). `unreached` is the access of a place that has none known (NaN): 0 for clinics or supply within reach, a
number of minutes for minutes. It has no default: people who reach nothing are never dropped, nor guessed for.
All are defined for access, of which more is better. For minutes, of which less is better, the same number reads the
other way about: see each.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy.special import xlogy

from access.errors import TableError
from access.measures.layout import Floats, Groups, align_to_people, groups_of
from access.measures.layout import share_of as ratio
from access.tables import require_columns

Poorest = Literal["low", "high"]
_ROUNDING: Final = 1e-12  # a cumulative share that equals a step but for rounding belongs to that step


def gini(access: pd.Series, people: pd.DataFrame, *, unreached: float | None = None, share: str | None = None) -> float:
    """The Gini coefficient of access: 0 when all have the same, towards 1 when few have it all.

    `1 - sum p_i (L_i + L_(i-1))`, places sorted by access, p their share of people, L the cumulated share of access.
    The same for minutes, but then it says how unequal the burden is.

    Returns
    -------
    float
        At least 0 and below 1. NaN: nobody is counted, or nobody has any access.

    Raises
    ------
    TableError
        `access` lacks a place of `people`, is below zero or infinite, or is missing where people live and
        `unreached` is not given; `people` lacks `share`, or it is missing or outside 0 to 1 somewhere.

    Source
    ------
    Gini (1912); in this form Lorenz curve trapezoids (Lorenz 1905, doi:10.2307/2276207).

    Examples
    --------
    Half of the people have all the access:

    >>> people = pd.DataFrame({"geoid": ["1", "2"], "population": [100, 100]})
    >>> gini(pd.Series({"1": 0.0, "2": 1.0}), people)
    0.5
    """
    people_share, access_share = _lorenz_points(*access_and_people(access, people, unreached=unreached, share=share))
    if np.isnan(access_share[-1]) or len(access_share) == 1:
        return float("nan")
    doubled = float(np.sum(np.diff(people_share) * (access_share[1:] + access_share[:-1])))
    return max(0.0, 1 - doubled)  # equal access may round to just below zero


def lorenz_curve(
    access: pd.Series, people: pd.DataFrame, *, unreached: float | None = None, share: str | None = None
) -> pd.DataFrame:
    """The Lorenz curve: the share of all access that the worst-off share of people has.

    Returns
    -------
    pd.DataFrame
        `people_share` and `access_share`, from (0, 0) to (1, 1), one step for each place with people, least access
        first. `access_share` NaN: nobody has any access. No rows but the first: nobody is counted.

    Raises
    ------
    TableError
        As `gini`.

    Source
    ------
    Lorenz (1905), doi:10.2307/2276207.
    """
    people_share, access_share = _lorenz_points(*access_and_people(access, people, unreached=unreached, share=share))
    return pd.DataFrame({"people_share": people_share, "access_share": access_share})


def concentration_index(
    access: pd.Series,
    people: pd.DataFrame,
    rank_by: str,
    *,
    poorest: Poorest,
    unreached: float | None = None,
    share: str | None = None,
) -> float:
    """Whether access gathers among the better off: above 0, or among the worse off: below 0; -1 to 1.

    `(2 / mu) sum p_i (A_i - mu)(r_i - 1/2)`, poorest first, r the share of people before a place and half its own;
    places equal in `rank_by` share one averaged rank. **For minutes the sign reads the other way**: below 0, the
    poor travel longer.

    Parameters
    ----------
    rank_by: a column of `people`. poorest: "low" if its low values are the worst off (income), "high" if its high
    values are (share in poverty).

    Returns
    -------
    float
        NaN: nobody is counted, or nobody has any access.

    Raises
    ------
    TableError
        As `gini`, or `people` lacks `rank_by`, or it is missing where people live.
    ValueError
        `poorest`.

    Source
    ------
    van Doorslaer & Koolman (2004), doi:10.1002/hec.918.
    """
    mean, covariance = _mean_and_covariance(access, people, rank_by, poorest, unreached, share)
    return 2 * covariance / mean if mean > 0 else float("nan")


def erreygers_index(
    access: pd.Series,
    people: pd.DataFrame,
    rank_by: str,
    *,
    poorest: Poorest,
    bounds: tuple[float, float],
    unreached: float | None = None,
    share: str | None = None,
) -> float:
    """The concentration index of a measure with `bounds`, corrected so that its level does not drive it; -1 to 1.

    `E = 4 mu C / (max - min)`; its sign reads as that of `concentration_index`, and flips for minutes likewise.

    Returns
    -------
    float
        0 where nobody has any access. NaN: nobody is counted.

    Raises
    ------
    As `concentration_index`; ValueError: `bounds` are not low and high, or a value lies outside them.

    Source
    ------
    Erreygers (2009), doi:10.1016/j.jhealeco.2008.02.003.
    """
    low, high = bounds
    if not low < high:
        raise ValueError(f"The bounds run from low to high; given {low:g} and {high:g}.")
    values, _ = access_and_people(access, people, unreached=unreached, share=share)
    if len(values) and (values.min() < low or values.max() > high):
        raise ValueError(f"Access runs from {values.min():g} to {values.max():g}, outside the bounds; widen them.")
    _, covariance = _mean_and_covariance(access, people, rank_by, poorest, unreached, share)
    return 8 * covariance / (high - low)


def palma_ratio(
    access: pd.Series,
    people: pd.DataFrame,
    rank_by: str,
    *,
    poorest: Poorest,
    unreached: float | None = None,
    share: str | None = None,
) -> float:
    """Mean access of the richest tenth of people over that of the poorest four tenths; 1 when they are equal.

    The poorest: up to and with the 40 % quantile of `rank_by`; the richest: above the 90 % quantile (the smallest
    value that so large a share of people do not exceed). Above 1, access favours the rich; **for minutes, the poor**.

    Returns
    -------
    float
        NaN: nobody is counted, nobody stands above the 90 % quantile, or the poorest have no access.

    Raises
    ------
    As `concentration_index`.

    Source
    ------
    Palma (2011), doi:10.1111/j.1467-7660.2011.01694.x; for accessibility: R package `accessibility` (Ipea).
    """
    values, weights, ranks = _access_and_standing(access, people, rank_by, poorest, unreached, share)
    if not len(values):
        return float("nan")
    order = np.argsort(ranks, kind="stable")
    so_far = np.cumsum(weights[order])
    q40, q90 = ranks[order][np.searchsorted(so_far, np.array([0.4, 0.9]) * so_far[-1] * (1 - _ROUNDING))]
    poor = _mean_of(values, weights, ranks <= q40)
    rich = _mean_of(values, weights, ranks > q90)
    return rich / poor if poor > 0 else float("nan")


def access_and_people(
    access: pd.Series, people: pd.DataFrame, *, unreached: float | None, share: str | None
) -> tuple[Floats, Floats]:
    """Access and people of the places where any of those counted live, in the order of `people`; access is never NaN.

    Raises
    ------
    TableError
        As `gini`.
    """
    weights = people_counted(people, share)
    lived_in = weights > 0
    return known_access(access, people, weights, unreached)[lived_in], weights[lived_in]


def people_counted(people: pd.DataFrame, share: str | None) -> Floats:
    """The people of each place, or the `share` of them that this column gives.

    Raises
    ------
    TableError
        `people` lacks the column, or where people live it is missing or outside 0 to 1.
    """
    require_columns(people, ["population", *([share] if share else [])], where="The people table")
    population = people["population"].to_numpy(float)
    if share is None:
        return population
    part = people[share].to_numpy(float, na_value=np.nan)
    _refuse_places(
        people, (population > 0) & ~((part >= 0) & (part <= 1)), f"{share} is missing or not between 0 and 1"
    )
    return np.where(population > 0, population * part, 0.0)


def known_access(access: pd.Series, people: pd.DataFrame, weights: Floats, unreached: float | None) -> Floats:
    """Access in the order of `people`, NaN replaced by `unreached`.

    Raises
    ------
    TableError
        Where `weights` are above zero access is missing and `unreached` is None, is below zero or infinite.
    """
    values = align_to_people(access, people)
    if unreached is None:
        missing = "access is missing; give `unreached`, the value that stands for reaching nothing"
        _refuse_places(people, (weights > 0) & np.isnan(values), missing)
    else:
        values = np.where(np.isnan(values), float(unreached), values)
    _refuse_places(
        people, (weights > 0) & ~((values >= 0) & (values < np.inf)), "access is below zero or not a finite number"
    )
    return values


def _refuse_places(people: pd.DataFrame, wrong: "np.ndarray[tuple[int], np.dtype[np.bool_]]", what: str) -> None:
    if wrong.any():
        first = people["geoid"].to_numpy()[wrong][0]
        raise TableError(f"At place {first} ({int(wrong.sum())} such) {what}.")


def _lorenz_points(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(values, kind="stable")
    return _cumulate_share(weights[order]), _cumulate_share((weights * values)[order])


def _cumulate_share(parts: Floats) -> Floats:
    so_far = np.concatenate([[0.0], np.cumsum(parts)])
    if so_far[-1] > 0:
        return np.asarray(so_far / so_far[-1])
    return np.concatenate([[0.0], np.full(len(parts), np.nan)])


def _access_and_standing(
    access: pd.Series, people: pd.DataFrame, rank_by: str, poorest: str, unreached: float | None, share: str | None
) -> tuple[Floats, Floats, Floats]:
    """Access, people and standing (low: worst off) of the places where any of those counted live."""
    if poorest not in ("low", "high"):
        raise ValueError(f"poorest is '{poorest}'; say whether low or high values of {rank_by} are the worst off.")
    require_columns(people, [rank_by], where="The people table")
    values, weights = access_and_people(access, people, unreached=unreached, share=share)
    everyone = people_counted(people, share)
    standing = people[rank_by].to_numpy(float, na_value=np.nan)
    _refuse_places(people, (everyone > 0) & np.isnan(standing), f"{rank_by} is missing; leave such places out yourself")
    return values, weights, (standing if poorest == "low" else -standing)[everyone > 0]


def _mean_and_covariance(
    access: pd.Series, people: pd.DataFrame, rank_by: str, poorest: str, unreached: float | None, share: str | None
) -> tuple[float, float]:
    """Mean access, and its covariance with the averaged rank of people by standing; NaN: nobody."""
    values, weights, standing = _access_and_standing(access, people, rank_by, poorest, unreached, share)
    if not len(values):
        return float("nan"), float("nan")
    p = weights / weights.sum()
    _, tie = np.unique(standing, return_inverse=True)
    tied = np.bincount(tie, weights=p)
    rank = (np.cumsum(tied) - tied / 2)[tie]
    mean = float(np.sum(p * values))
    return mean, float(np.sum(p * (values - mean) * (rank - 0.5)))


def _mean_of(values: Floats, weights: Floats, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
    whole = float(weights[chosen].sum())
    return float(np.sum(values[chosen] * weights[chosen])) / whole if whole > 0 else float("nan")


def theil(
    access: pd.Series, people: pd.DataFrame, *, unreached: float | None = None, share: str | None = None
) -> float:
    """The Theil T index of access: 0 when all have the same, at most the logarithm of the number of people.

    `sum p_i (A_i / mu) ln(A_i / mu)`; a place without access contributes 0, its limit. `unreached` and `share` as in
    `access.measures.equity`.

    Returns
    -------
    float
        NaN: nobody is counted, or nobody has any access.

    Raises
    ------
    TableError
        As `access.measures.equity.gini`.

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
    pd.DataFrame
        One row per group: the columns of `by` (else `group`, "all"), `people`, `people_share`, `access_share`,
        `mean`, `theil`, `between`, `within`. NaN: mean, nobody is counted there; theil, nobody there has access; all
        but the people, nobody has access anywhere.

    Raises
    ------
    TableError
        As `access.measures.equity.gini`, or `people` lacks a column of `by`.

    Source
    ------
    Theil (1967), Economics and Information Theory.
    """
    weights = people_counted(people, share)
    groups = groups_of(people, by)
    values = np.where(weights > 0, known_access(access, people, weights, unreached), 0.0)
    crowd = groups.total(weights)
    total = groups.total(weights * values)
    mean = ratio(total, crowd)
    own = _theil_of_groups(values, weights, groups, mean, total)
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


def _theil_of_groups(values: Floats, weights: Floats, groups: Groups, mean: Floats, total: Floats) -> Floats:
    """The index of each group by itself; NaN where it has no access."""
    level = np.where(total > 0, mean, 1.0)[groups.codes]
    summed = groups.total(weights * xlogy(values / level, values / level))
    return ratio(np.where(total > 0, summed, np.nan), groups.total(weights))


def _share_of_all(parts: Floats) -> Floats:
    return ratio(parts, np.full(len(parts), parts.sum()))
