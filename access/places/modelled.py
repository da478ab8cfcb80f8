"""Modelled people: a guess of where each state's 2020 population lives, from names and points that may be shipped.

Each point is that of a ZIP code. Its people are those of the towns there (GeoNames) and the others:
people outside any town, whose number grows with the people around and with the room between ZIP points. The
others are scaled so that each state adds up to its count of 2020.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from access.geo import Floats, chord, unit_vectors
from access.places.counties import county_of
from access.places.modelled_rurality import SCHEME, modelled_rurality
from access.places.modelled_towns import WHOLE_COUNTY, spread_of_towns, town_parts
from access.places.state_counts import STATE_POPULATION
from access.tables import PEOPLE, check
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
_NEAR_KM, _WIDE_KM = 6.0, 20.0
_LONELY_KM: Final = 12.0
_WIDE_MIDDLE: Final = 3.0
_LARGEST_TOWN_SHARE: Final = 0.95  # of a state's people, at most so many live in towns


def modelled_people(places: pd.DataFrame, zips: pd.DataFrame, counties: gpd.GeoDataFrame) -> pd.DataFrame:
    """The people of the 50 states and DC on the points of their ZIP codes, as the contract PEOPLE.

    Populations are whole and add up to the state's count of 2020. `adults` is NaN: not known. `geoid` is
    "m-", the state and the ZIP. Puerto Rico is left out.

    Parameters
    ----------
    places: as `access.sources.geonames.read_places`.
    zips: as `access.sources.postal.read_zips`.
    counties: as `access.sources.atlas.county_shapes`.

    Source
    ------
    Our own model; its measured error is in data/README.md.
    """
    points, towns = model_points(zips, counties), model_towns(places, zips, counties)
    spread = spread_of_towns(towns, points)
    in_towns = spread @ (towns["population"] * towns["part"].map(PART_WEIGHT)).to_numpy()
    outside = people_outside(points, terms(points, towns))
    points["population"] = _whole(points["state"], controlled(points["state"], in_towns, outside))
    points["geoid"] = "m-" + points["state"] + "-" + points["zip"]
    points["adults"] = np.nan
    points["rurality"] = modelled_rurality(points)
    points["rurality_scheme"] = SCHEME
    return check(points.sort_values("geoid"), PEOPLE, where="the people model")


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


def terms(points: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
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


def controlled(state: "pd.Series[str]", in_towns: Floats, outside: Floats) -> Floats:
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


def _whole(state: "pd.Series[str]", people: Floats) -> "pd.Series[int]":
    # The largest remainders of each state are rounded up, so that its sum stays.
    lower = pd.Series(np.floor(people), index=state.index).astype(int)
    missing = state.map(STATE_POPULATION) - lower.groupby(state).transform("sum")
    order = (lower - people).round(6).groupby(state).rank(method="first")
    return lower + (order <= missing).astype(int)
