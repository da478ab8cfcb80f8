"""People of a subgroup who live beyond a limit, against all others, from the shares of the places they live in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import TableError
from access.measures.layout import Floats, Groups, align_to_people, groups_of, share_of
from access.tables import require_columns

_TRACT_DIGITS = 11


def subgroup_beyond(
    cost: pd.Series,
    people: pd.DataFrame,
    limits: Sequence[float],
    columns: Sequence[str],
    *,
    by: Sequence[str] | Groups = (),
) -> pd.DataFrame:
    """How many of a subgroup, and what share of it, have a cost above each limit, and how that differs for the rest.

    The people of a subgroup at a place are its population times their share there; the rest are the others. That is an
    ecological estimate: it supposes that the subgroup lives as near to care as its neighbours, and tells of places,
    not of individuals. Where nobody counted a share (of households, of civilian adults), it stands for that of all.

    The interval is what the margins of error of the shares alone do to `share_beyond`, by the delta method. With
    weights w (population), shares s, and b = 1 beyond the limit, else 0, it is S = sum w s b / sum w s. Its slope by
    the share of a place is g = w (b - S) / sum w s; its margin at 90 % is sqrt(sum over estimates of
    (moe x sum of g)^2), where the inner sum is over the places that have the same estimate: one, or the block groups
    for which their tract stands. Estimates are taken to be independent of each other. Errors of travel, of clinics and
    of population are not in it.

    Parameters
    ----------
    cost: minutes or km by `geoid`, NaN where nothing is reached: those people are beyond every limit.
    columns: the shares, such as `share_poverty`; `moe_poverty` is its margin at 90 % where `people` has one, and
        `is_tract_poverty` says where it is the tract's.

    Returns
    -------
    pd.DataFrame
        One row per group, subgroup and limit: the columns of `by` (else `group`, "all"), `subgroup` (such as
        poverty), `beyond`, `people` of the subgroup, `people_beyond`, `share_beyond` (NaN: there are none), `low` and
        `high` (the interval, within 0 to 1; NaN: no margin is known), the same three of the rest (`people_rest`,
        `people_rest_beyond`, `share_rest_beyond`), `difference` (subgroup less rest), `people_unknown` (who live
        where the share is not known, and are in none of these), `people_without_margin` (who live where the share is
        known and its margin is not: it is taken as exact). People are rounded to whole ones.

    Raises
    ------
    TableError
        `cost` lacks a place of `people`, or `people` a column; a share is not between 0 and 1.

    Source
    ------
    Margins: Census Bureau, Understanding and Using American Community Survey Data (2020), chapter 8.
    """
    require_columns(people, columns, where="The people table")
    values = align_to_people(cost, people)
    groups = groups_of(people, by)
    rows = [
        _rows_beyond(values, people, groups, column, limit).assign(
            subgroup=column.removeprefix("share_"), beyond=float(limit)
        )
        for column in columns
        for limit in limits
    ]
    named = [*groups.keys.columns, "subgroup", "beyond"]
    table = pd.concat(rows, ignore_index=True)
    return table[[*named, *table.columns.difference(named, sort=False)]]


def _rows_beyond(values: Floats, people: pd.DataFrame, groups: Groups, column: str, limit: float) -> pd.DataFrame:
    population = people["population"].to_numpy(float)
    part = _shares_in(people, column)
    known = ~np.isnan(part)
    outside = ~(values <= limit)
    living = np.where(known, population, 0.0)
    inside = living * np.nan_to_num(part)
    everyone = groups.total(living)
    of_them = groups.total(inside)
    all_beyond = groups.total(living * outside)
    beyond = groups.total(inside * outside)
    rest = np.maximum(everyone - of_them, 0)
    rest_beyond = np.maximum(all_beyond - beyond, 0)
    found = share_of(beyond, of_them)
    other = share_of(rest_beyond, rest)
    moe = _numbers_in(people, column.replace("share_", "moe_", 1))
    # The slope times the total; a place without a margin adds nothing to it.
    slopes = living * (outside - found[groups.codes]) * np.nan_to_num(moe)
    margin = share_of(np.sqrt(_sum_squares(slopes, groups, _estimate_codes(people, column))), of_them)
    with_margin = groups.total(living * ~np.isnan(moe))
    margin = np.where(with_margin > 0, margin, np.nan)
    return groups.keys.assign(
        people=_as_whole_numbers(of_them),
        people_beyond=_as_whole_numbers(beyond),
        share_beyond=found,
        low=np.clip(found - margin, 0, 1),
        high=np.clip(found + margin, 0, 1),
        people_rest=_as_whole_numbers(rest),
        people_rest_beyond=_as_whole_numbers(rest_beyond),
        share_rest_beyond=other,
        difference=found - other,
        people_unknown=_as_whole_numbers(groups.total(population * ~known)),
        people_without_margin=_as_whole_numbers(everyone - with_margin),
    )


def _shares_in(people: pd.DataFrame, column: str) -> Floats:
    part = _numbers_in(people, column)
    wrong = (part < 0) | (part > 1)
    if wrong.any():
        first = people["geoid"].to_numpy()[wrong][0]
        raise TableError(f"At place {first} ({int(wrong.sum())} such) {column} is not between 0 and 1.")
    return part


def _numbers_in(people: pd.DataFrame, column: str) -> Floats:
    """A column as numbers; NaN in all rows: it is not there."""
    return people[column].to_numpy(float, na_value=np.nan) if column in people else np.full(len(people), np.nan)


def _estimate_codes(people: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Which estimate each place has, as a code: its own, or its tract's, which its neighbours have too."""
    is_tract = column.replace("share_", "is_tract_", 1)
    geoid = people["geoid"]
    if is_tract in people:
        geoid = geoid.mask(people[is_tract].fillna(False).astype(bool), geoid.str[:_TRACT_DIGITS])
    return np.asarray(pd.factorize(geoid)[0], np.int64)


def _sum_squares(slopes: Floats, groups: Groups, estimates: NDArray[np.int64]) -> Floats:
    """The sum over the estimates of a group of the square of what each adds to it."""
    count = int(estimates.max(initial=0)) + 1
    pairs, at = np.unique(groups.codes * count + estimates, return_inverse=True)
    added = np.bincount(at, weights=slopes, minlength=len(pairs))
    return np.asarray(np.bincount(pairs // count, weights=added**2, minlength=len(groups.keys)), np.float64)


def _as_whole_numbers(amounts: Floats) -> NDArray[Any]:
    return np.rint(amounts).astype(np.int64)
