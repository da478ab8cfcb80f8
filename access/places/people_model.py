"""Modelled people: a guess of where each state's 2020 population lives, from names and points that may be shipped.

Each point is that of a ZIP code. Its people are those of the towns there (GeoNames) and the others:
people outside any town, whose number grows with the people around and with the room between ZIP points. The
others are scaled so that each state adds up to its count of 2020.
"""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from access.geo import Floats, chord, great_circle_km, unit_vectors
from access.places.gazetteer.names import name_key
from access.places.outlines import county_of
from access.tables import PEOPLE, check_table
from access.units import EARTH_RADIUS_KM

# Fitted to the 2020 block groups by benchmarks/people_model_fit.py, as are the coefficients.
PART_WEIGHT: Final = {"whole": 1.0, "own": 0.67, "part": 0.2, "none": 0.0}
# People outside towns at a point: exp(sum of coefficient x term).
COEFFICIENTS: Final = {
    "constant": 4.02,
    "near": 0.436,
    "wide": 0.223,
    "wide_squared": -0.0755,
    "spacing": 0.887,
    "area_codes": 0.146,
}
# Chosen by trial, as is the form of the terms.
_NEAR_KM = 6.0
_WIDE_KM = 20.0
_LONELY_KM: Final = 12.0
_WIDE_MIDDLE: Final = 3.0
_LARGEST_TOWN_SHARE: Final = 0.95  # of a state's people, at most so many live in towns


def model_people(places: pd.DataFrame, zips: pd.DataFrame, counties: gpd.GeoDataFrame) -> pd.DataFrame:
    """The people of the 50 states and DC on the points of their ZIP codes, as the contract PEOPLE.

    Populations are whole and add up to the state's count of 2020. `adults` is NaN: not known. `geoid` is
    "m-", the state and the ZIP. Puerto Rico is left out.

    Parameters
    ----------
    places: as `access.sources.geonames.read_places`.
    zips: as `access.sources.zip_codes.read_zips`.
    counties: as `access.sources.us_atlas.county_shapes`.

    Source
    ------
    Our own model; its measured error is in data/README.md.
    """
    points = model_points(zips, counties)
    towns = model_towns(places, zips, counties)
    spread = spread_of_towns(towns, points)
    in_towns = spread @ (towns["population"] * towns["part"].map(PART_WEIGHT)).to_numpy()
    outside = people_outside(points, predictors(points, towns))
    points["population"] = _round_by_state(points["state"], scale_to_states(points["state"], in_towns, outside))
    points["geoid"] = "m-" + points["state"] + "-" + points["zip"]
    points["adults"] = np.nan
    points["rurality"] = rurality_of_points(points)
    points["rurality_scheme"] = RURALITY_SCHEME
    return check_table(points.sort_values("geoid"), PEOPLE, where="the people model")


def model_points(zips: pd.DataFrame, counties: gpd.GeoDataFrame) -> pd.DataFrame:
    """The points of the model, with county: ZIPs of the 50 states and DC that have a point of their own.

    Standard ZIPs, and the ZIPs of post office boxes far from any of these: roadless Alaska has no others.
    """
    placed = zips[zips["state"].isin(STATE_POPULATION)].dropna(subset="latitude").sort_values("zip")
    standard, boxes = (placed[placed["kind"] == kind] for kind in ("standard", "po_box"))
    tree = cKDTree(unit_vectors(standard["latitude"], standard["longitude"]))
    chords = tree.query(unit_vectors(boxes["latitude"], boxes["longitude"]))[0]
    points = pd.concat([standard, boxes[chords > chord(_LONELY_KM)]]).sort_values("zip")
    points = points.drop_duplicates(["latitude", "longitude"]).reset_index(drop=True)
    return points.assign(county=county_of(points, counties))


def model_towns(places: pd.DataFrame, zips: pd.DataFrame, counties: gpd.GeoDataFrame) -> pd.DataFrame:
    """The GeoNames entries of the 50 states and DC with county, and with `part`, as `town_parts` says it."""
    towns = places[places["state"].isin(STATE_POPULATION)].reset_index(drop=True)
    towns = towns.assign(county=county_of(towns, counties))
    return towns.assign(part=town_parts(towns, zips))


def predictors(points: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    """What the number of people outside towns is guessed from, one row per point, one column per coefficient.

    `near` and `wide`: ln of town people per km2 (+0.3), smoothed over 6 and 20 km; `spacing`: ln of the mean
    km (+0.5) to the four nearest other points; `area_codes`: telephone area codes beyond the first.
    """
    vectors = unit_vectors(points["latitude"], points["longitude"])
    chords = np.asarray(cKDTree(vectors).query(vectors, k=5)[0])[:, 1:]
    wide = _log_density(points, towns, _WIDE_KM)
    return pd.DataFrame(
        {
            "constant": 1.0,
            "near": _log_density(points, towns, _NEAR_KM),
            "wide": wide,
            "wide_squared": (wide - _WIDE_MIDDLE) ** 2,
            "spacing": np.log(chords.mean(axis=1) * EARTH_RADIUS_KM + 0.5),
            "area_codes": points["area_codes"] - 1.0,
        },
        index=points.index,
    )


def people_outside(points: pd.DataFrame, guessed_from: pd.DataFrame) -> Floats:
    """People outside towns at each point before each state is scaled; none where one town is the county."""
    weights = pd.Series(COEFFICIENTS)
    people = np.exp(guessed_from[list(weights.index)].to_numpy() @ weights.to_numpy())
    return np.asarray(np.where(points["county"].isin(list(WHOLE_COUNTY)), 0.0, people))


def scale_to_states(state: "pd.Series[str]", in_towns: Floats, outside: Floats) -> Floats:
    """People at each point such that each state has its count of 2020: those outside towns take up the slack."""
    count = state.map(STATE_POPULATION)
    towns = pd.Series(in_towns, index=state.index)
    others = pd.Series(outside, index=state.index)
    towns *= (_LARGEST_TOWN_SHARE * count / towns.groupby(state).transform("sum")).clip(upper=1)
    slack = count - towns.groupby(state).transform("sum")
    # DC is one town: nobody lives outside it.
    people = towns + (others * slack / others.groupby(state).transform("sum")).fillna(0)
    return np.asarray(people * count / people.groupby(state).transform("sum"), dtype=float)


def _log_density(points: pd.DataFrame, towns: pd.DataFrame, width_km: float) -> Floats:
    people = (towns["population"] * towns["part"].map(PART_WEIGHT)).to_numpy()
    here, there = (cKDTree(unit_vectors(table["latitude"], table["longitude"])) for table in (points, towns))
    pairs = here.sparse_distance_matrix(there, float(chord(3 * width_km)), output_type="ndarray")
    weights = np.exp(-((pairs["v"] * EARTH_RADIUS_KM / width_km) ** 2) / 2)
    near = np.bincount(pairs["i"], weights * people[pairs["j"]], minlength=len(points))
    return np.asarray(np.log(near / (2 * np.pi * width_km**2) + 0.3))


def _round_by_state(state: "pd.Series[str]", people: Floats) -> "pd.Series[int]":
    # The largest remainders of each state are rounded up, so that its sum stays.
    lower = pd.Series(np.floor(people), index=state.index).astype(int)
    missing = state.map(STATE_POPULATION) - lower.groupby(state).transform("sum")
    order = (lower - people).round(6).groupby(state).rank(method="first")
    return lower + (order <= missing).astype(int)


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

PointNumbers = NDArray[np.intp]


def town_parts(places: pd.DataFrame, zips: pd.DataFrame) -> "pd.Series[str]":
    """What each entry is, indexed as `places` (the most populous first).

    Returns
    -------
    pd.Series[str]
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
    homes: list[PointNumbers] = list(np.reshape(tree.query(vectors)[1], (-1, 1)))
    by_county = {county: np.asarray(rows) for county, rows in points.groupby("county").indices.items()}
    by_name = points.groupby([points["city"].map(name_key), "state"]).indices
    large = places[(places["population"] >= _SPREAD_FROM) | (places["part"] == "whole")]
    for row, entry in zip(places.index.get_indexer(large.index), large.itertuples(index=False), strict=True):
        if entry.part == "whole":
            homes[row] = by_county[entry.county]
        elif len(around := _points_around(entry, vectors[row], by_name, points, tree)) > 1:
            homes[row] = around
    counts = np.array([len(home) for home in homes])
    columns = np.repeat(np.arange(len(places)), counts)
    return csr_array(
        (np.repeat(1 / counts, counts), (np.concatenate(homes), columns)), shape=(len(points), len(places))
    )


def _points_around(
    entry: Any, vector: Floats, by_name: dict[Any, Any], points: pd.DataFrame, tree: cKDTree
) -> PointNumbers:
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


RURALITY_SCHEME: Final = "modelled"
# The first that fits: at least so many people within so many km. Tuned so that the shares of people come near
# those of RUCA 2020 by ZIP, primary codes 1-3, 4-6, 7-9 and 10.
RURALITY_NEEDS: Final = (("urban", 90_000, 24.0), ("large_town", 19_000, 16.0), ("small_town", 6_500, 8.0))


def rurality_of_points(points: pd.DataFrame) -> "pd.Series[str]":
    """`urban`, `large_town`, `small_town` or `rural` for each point, from the `population` around it.

    A rough likeness of RUCA, which goes by commuting: about nine in ten people get the class of their ZIP's
    RUCA code, and half of those outside urban areas (data/README.md).
    """
    near = [people_near(points, km) >= least for _, least, km in RURALITY_NEEDS]
    return pd.Series(np.select(near, [name for name, _, _ in RURALITY_NEEDS], default="rural"), index=points.index)


def people_near(points: pd.DataFrame, km: float) -> "pd.Series[int]":
    """People at all points within `km` of each point, its own among them."""
    tree = cKDTree(unit_vectors(points["latitude"], points["longitude"]))
    pairs = tree.sparse_distance_matrix(tree, float(chord(km)), output_type="ndarray")
    people = np.bincount(pairs["i"], points["population"].to_numpy()[pairs["j"]], minlength=len(points))
    return pd.Series(np.rint(people).astype(int), index=points.index)


# Resident population: U.S. Census Bureau, 2020 Census Apportionment Results, table 2 (published 26 April 2021).
STATE_POPULATION: Final[dict[str, int]] = {
    "AL": 5_024_279, "AK": 733_391, "AZ": 7_151_502, "AR": 3_011_524, "CA": 39_538_223, "CO": 5_773_714,
    "CT": 3_605_944, "DE": 989_948, "DC": 689_545, "FL": 21_538_187, "GA": 10_711_908, "HI": 1_455_271,
    "ID": 1_839_106, "IL": 12_812_508, "IN": 6_785_528, "IA": 3_190_369, "KS": 2_937_880, "KY": 4_505_836,
    "LA": 4_657_757, "ME": 1_362_359, "MD": 6_177_224, "MA": 7_029_917, "MI": 10_077_331, "MN": 5_706_494,
    "MS": 2_961_279, "MO": 6_154_913, "MT": 1_084_225, "NE": 1_961_504, "NV": 3_104_614, "NH": 1_377_529,
    "NJ": 9_288_994, "NM": 2_117_522, "NY": 20_201_249, "NC": 10_439_388, "ND": 779_094, "OH": 11_799_448,
    "OK": 3_959_353, "OR": 4_237_256, "PA": 13_002_700, "RI": 1_097_379, "SC": 5_118_425, "SD": 886_667,
    "TN": 6_910_840, "TX": 29_145_505, "UT": 3_271_616, "VT": 643_077, "VA": 8_631_393, "WA": 7_705_281,
    "WV": 1_793_716, "WI": 5_893_718, "WY": 576_851,
}  # fmt: skip
