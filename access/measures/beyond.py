"""People and share beyond a limit: the plainest figure of who is far from care."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.measures.groups import Groups, aligned, groups_of, share


def people_beyond(
    cost: pd.Series, people: pd.DataFrame, limits: Sequence[float], *, by: Sequence[str] | Groups = ()
) -> pd.DataFrame:
    """How many people, and what share, have a cost above each limit; a cost equal to the limit is within.

    `cost`: minutes or km by `geoid`, NaN where nothing is reached: those people count as beyond every limit.

    Returns
    -------
    One row per group and limit: the columns of `by` (else `group`, "all"), `beyond` (the limit, in the unit of
    `cost`), `people`, `people_beyond`, `people_unreached` (who reach nothing at all, also counted in
    `people_beyond`), `share_beyond` (0 to 1; NaN: nobody lives in the group).

    Raises
    ------
    TableError: `cost` lacks a place of `people`, or `people` a column of `by`.

    Source
    ------
    Guagliardo (2004), doi:10.1186/1476-072X-3-3.
    """
    values, groups = aligned(cost, people), groups_of(people, by)
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
                share_beyond=share(outside, everyone),
            )
        )
    return _whole_people(pd.concat(rows, ignore_index=True))


def _whole_people(table: pd.DataFrame) -> pd.DataFrame:
    counted = ["people", "people_beyond", "people_unreached"]
    return table.astype(dict.fromkeys(counted, "int64"))
