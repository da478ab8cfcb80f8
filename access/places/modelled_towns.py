"""GeoNames entries as towns whose people add up: which are parts of others, and where their people live."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from access.geo import Floats, chord, great_circle_km, unit_vectors
from access.places.names import name_key

# In these counties one entry is the whole county, and the other entries are its parts.
WHOLE_COUNTY: Final = {
    "06075": "San Francisco",
    "08031": "Denver",
    "11001": "Washington",
    "22071": "New Orleans",
    "24510": "Baltimore",
    "29510": "St. Louis",
    "36005": "The Bronx",
    "36047": "Brooklyn",
    "36061": "Manhattan",
    "36081": "Queens",
    "36085": "Staten Island",
    "42101": "Philadelphia",
}
# The entry of a place of its own has a post office of its name, or this many other names.
OWN_OTHER_NAMES: Final = 9
_POST_OFFICE_KM: Final = 30.0
_SPREAD_PER_KM2: Final = 700.0
_SPREAD_FROM: Final = 15_000  # smaller towns have one point

Rows = NDArray[np.intp]


def town_parts(places: pd.DataFrame, zips: pd.DataFrame) -> "pd.Series[str]":
    """What each entry is, indexed as `places` (the most populous first).

    Returns
    -------
    `whole` (all of a county), `none` (a part of such a county), `own` (a place of its own: GeoNames has it under
    nine other names, or a post office has its name), `part` (mostly a quarter, a centre, a district).
    """
    is_own = _has_post_office(places, zips) | (places["other_names"] >= OWN_OTHER_NAMES)
    whole = places["county"].map(WHOLE_COUNTY)
    kinds = np.select(
        [whole == places["name"], whole.notna(), is_own],
        ["whole", "none", "own"],
        default="part",
    )
    return pd.Series(kinds, index=places.index)


def spread_of_towns(places: pd.DataFrame, points: pd.DataFrame) -> csr_array:
    """Where the people of each entry live: a matrix points x entries whose columns add up to one.

    A whole county spreads evenly over the county's points; a town of 15,000 or more over the points of the
    post office of its name, else over those around it; any other entry is at the point nearest to it.
    """
    tree = cKDTree(unit_vectors(points["latitude"], points["longitude"]))
    vectors = unit_vectors(places["latitude"], places["longitude"])
    homes: list[Rows] = list(np.reshape(tree.query(vectors)[1], (-1, 1)))
    by_county = {county: np.asarray(rows) for county, rows in points.groupby("county").indices.items()}
    by_name = points.groupby([points["city"].map(name_key), "state"]).indices
    large = places[(places["population"] >= _SPREAD_FROM) | (places["part"] == "whole")]
    for row, entry in zip(places.index.get_indexer(large.index), large.itertuples(index=False), strict=True):
        if entry.part == "whole":
            homes[row] = by_county[entry.county]
        elif len(around := _around(entry, vectors[row], by_name, points, tree)) > 1:
            homes[row] = around
    counts = np.array([len(home) for home in homes])
    columns = np.repeat(np.arange(len(places)), counts)
    return csr_array(
        (np.repeat(1 / counts, counts), (np.concatenate(homes), columns)), shape=(len(points), len(places))
    )


def _around(entry: Any, vector: Floats, by_name: dict[Any, Any], points: pd.DataFrame, tree: cKDTree) -> Rows:
    reach_km = max(np.sqrt(entry.population / _SPREAD_PER_KM2 / np.pi), 3.0)
    named = by_name.get((name_key(entry.name), entry.state), np.empty(0, np.intp))
    near = points.iloc[named]
    km = great_circle_km(entry.latitude, entry.longitude, near["latitude"], near["longitude"])
    own = named[km < max(1.5 * reach_km, 10)]
    if len(own) > 1:
        return np.asarray(own)
    return np.asarray(tree.query_ball_point(vector, float(chord(reach_km / 2))), dtype=np.intp)


def _has_post_office(places: pd.DataFrame, zips: pd.DataFrame) -> "pd.Series[bool]":
    keyed = zips.dropna(subset="latitude").assign(key=lambda table: table["city"].map(name_key))
    pairs = places.assign(key=places["name"].map(name_key)).reset_index(names="entry")
    pairs = pairs.merge(keyed, on=["key", "state"], how="inner", suffixes=("", "_zip"), validate="many_to_many")
    km = great_circle_km(pairs["latitude"], pairs["longitude"], pairs["latitude_zip"], pairs["longitude_zip"])
    return pd.Series(places.index.isin(pairs.loc[km < _POST_OFFICE_KM, "entry"]), index=places.index)
