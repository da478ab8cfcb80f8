"""Population-weighted quantiles: what the person in the middle, or the worst-off tenth, has to travel."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from access.measures.groups import Floats, aligned, groups_of

QUARTILES_AND_TENTH = (0.25, 0.5, 0.75, 0.9)


def cost_quantiles(
    cost: pd.Series,
    people: pd.DataFrame,
    quantiles: Sequence[float] = QUARTILES_AND_TENTH,
    *,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """The cost that at least a share `quantile` of a group's people do not exceed.

    The smallest cost whose people, with all nearer ones, make up the share (no interpolation). People who
    reach nothing stand last, so they are in the total and never pull a quantile down.

    Returns
    -------
    One row per group and quantile: the columns of `by` (else `group`), `quantile` (0 to 1), and a column
    named as `cost` is. NaN: the quantile falls among the people who reach nothing, or nobody lives there.

    Raises
    ------
    ValueError: a quantile outside 0 to 1. TableError: as `people_beyond`.
    """
    if any(not 0 <= q <= 1 for q in quantiles):
        raise ValueError(f"Quantiles lie between 0 and 1; given {list(quantiles)}.")
    values, groups = aligned(cost, people), groups_of(people, by)
    population = people["population"].to_numpy(float)
    order = np.argsort(np.where(np.isnan(values), np.inf, values), kind="stable")
    order = order[np.argsort(groups.codes[order], kind="stable")]
    ends = np.searchsorted(groups.codes[order], np.arange(len(groups.keys) + 1))
    found = [
        _group_quantiles(values[order[low:high]], population[order[low:high]], quantiles)
        for low, high in pairwise(ends.tolist())
    ]
    repeated = groups.keys.loc[groups.keys.index.repeat(len(quantiles))].reset_index(drop=True)
    name = "cost" if cost.name is None else str(cost.name)
    return repeated.assign(quantile=list(quantiles) * len(groups.keys), **{name: np.concatenate(found)})


def _group_quantiles(values: Floats, weights: Floats, quantiles: Sequence[float]) -> Floats:
    """Quantiles of values that stand in ascending order, NaN last."""
    inhabited = weights > 0
    values, so_far = values[inhabited], np.cumsum(weights[inhabited])
    if not len(values):
        return np.full(len(quantiles), np.nan)
    # A share that equals a step exactly belongs to that step: allow for the rounding of the product.
    at = np.searchsorted(so_far, np.asarray(quantiles) * so_far[-1] * (1 - 1e-12), side="left")
    return np.asarray(values[np.minimum(at, len(values) - 1)])
