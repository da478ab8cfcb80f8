"""Rurality of modelled points: how many modelled people live near."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from access.geo import chord, unit_vectors

SCHEME: Final = "modelled"
# The first that fits: at least so many people within so many km. Tuned so that the shares of people come near
# those of RUCA 2020 by ZIP, primary codes 1-3, 4-6, 7-9 and 10.
NEEDS: Final = (("urban", 90_000, 24.0), ("large_town", 19_000, 16.0), ("small_town", 6_500, 8.0))


def modelled_rurality(points: pd.DataFrame) -> "pd.Series[str]":
    """`urban`, `large_town`, `small_town` or `rural` for each point, from the `population` around it.

    A rough likeness of RUCA, which goes by commuting: about nine in ten people get the class of their ZIP's
    RUCA code, and half of those outside urban areas (data/README.md).
    """
    near = [people_within(points, km) >= least for _, least, km in NEEDS]
    return pd.Series(np.select(near, [name for name, _, _ in NEEDS], default="rural"), index=points.index)


def people_within(points: pd.DataFrame, km: float) -> "pd.Series[int]":
    """People at all points within `km` of each point, its own among them."""
    tree = cKDTree(unit_vectors(points["latitude"], points["longitude"]))
    pairs = tree.sparse_distance_matrix(tree, float(chord(km)), output_type="ndarray")
    people = np.bincount(pairs["i"], points["population"].to_numpy()[pairs["j"]], minlength=len(points))
    return pd.Series(np.rint(people).astype(int), index=points.index)
