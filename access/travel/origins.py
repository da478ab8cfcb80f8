"""Where trips start: a people table made ready for distance work, once for many questions."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from access.geo import Floats, span_km, unit_vectors
from access.places.landmass import landmass
from access.vocabulary import RURALITIES

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Origins:
    """Places as arrays, one entry per row of the people table they come from.

    `geoids`; `latitude` in degrees; `vectors` on the unit sphere (n, 3); `rurality`: position in `RURALITIES`;
    `land`: position in `land_names`; `tree` over `vectors`.
    """

    geoids: pd.Index
    latitude: Floats
    vectors: Floats
    rurality: Codes
    land: Codes
    land_names: pd.Index
    tree: cKDTree

    def among(self, rows: Codes) -> "Origins":
        """The places of these rows, in their order."""
        vectors = self.vectors[rows]
        return replace(
            self,
            geoids=self.geoids[rows],
            latitude=self.latitude[rows],
            vectors=vectors,
            rurality=self.rurality[rows],
            land=self.land[rows],
            tree=cKDTree(vectors),
        )

    def nearest(self, latitude: ArrayLike, longitude: ArrayLike) -> Codes:
        """The row of the place nearest to each point."""
        return np.asarray(self.tree.query(unit_vectors(latitude, longitude))[1], np.int64)

    def km_to(self, latitude: ArrayLike, longitude: ArrayLike) -> Floats:
        """Great-circle km from each point to the nearest place."""
        return span_km(self.tree.query(unit_vectors(latitude, longitude))[0])

    def points(self) -> pd.DataFrame:
        """`geoid`, `latitude` and `longitude` of each place, in degrees."""
        longitude = np.degrees(np.arctan2(self.vectors[:, 1], self.vectors[:, 0]))
        return pd.DataFrame({"geoid": self.geoids, "latitude": self.latitude, "longitude": longitude})

    def lands_at(self, places: pd.DataFrame, landmarks: "Origins") -> Codes:
        """The land mass of each of `places` (the nearest landmark's), as `self.land` counts; -1: another."""
        if places.empty or not len(landmarks.geoids):
            return np.zeros(len(places), np.int64)
        codes = landmarks.land[landmarks.nearest(places["latitude"], places["longitude"])]
        return np.asarray(self.land_names.get_indexer(landmarks.land_names)[codes], np.int64)


def origins_of(people: pd.DataFrame) -> Origins:
    """The places of a people table, ready for trips; `geoid`, a point, `county` and `rurality` are read."""
    vectors = unit_vectors(people["latitude"], people["longitude"])
    county, counties = pd.factorize(people["county"])
    land, land_names = pd.factorize(landmass(pd.Series(counties, dtype="str")))
    return Origins(
        geoids=pd.Index(people["geoid"], name="geoid"),
        latitude=people["latitude"].to_numpy(float),
        vectors=vectors,
        rurality=rurality_codes(people["rurality"]),
        land=land[county],
        land_names=pd.Index(land_names),
        tree=cKDTree(vectors),
    )


def rurality_codes(rurality: ArrayLike) -> Codes:
    """The position in `RURALITIES` of each word; same shape."""
    codes, words = pd.factorize(pd.Series(np.atleast_1d(np.asarray(rurality, object)), dtype="str"))
    positions = pd.Index(list(RURALITIES)).get_indexer(words)[codes]
    return np.asarray(positions.reshape(np.shape(rurality)), np.int64)
