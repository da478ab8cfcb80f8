"""Population-weighted quantiles: what the person in the middle, or the worst-off tenth, has to travel."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.measures.groups import Groups, aligned, groups_of

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
