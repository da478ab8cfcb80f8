"""The gap: how far the country stands from the city in one measure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.tables import require_columns


def urban_rural_gap(
    table: pd.DataFrame, value: str, *, rural: str = "rural", urban: str = "urban", within: Sequence[str] = ()
) -> pd.DataFrame:
    """Difference and ratio of `value` between the rural and the urban row of a table by `rurality`.

    `within`: further columns that tell rows apart (`beyond`, `quantile`, `state`): one gap for each.

    Returns
    -------
    The columns of `within`, `urban`, `rural` (the two values), `difference` (rural minus urban, in the unit
    of `value`), `ratio` (rural over urban). NaN: a side has no row or no value; a ratio over zero is NaN.

    Raises
    ------
    TableError: `table` lacks one of the columns.
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
