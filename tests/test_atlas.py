"""The outlines: every state and county there, none empty, and Census 2020 counties find theirs."""

import json
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from access.errors import PlaceError, SourceError
from access.places.outlines import code_at, load_outlines, outlines_folder
from access.sources.us_atlas import county_shapes, read_topology, shape_of_county, shapes_of_layer, write_outlines
from access.vocabulary import STATE_FIPS, STATE_OF_FIPS

ATLAS = Path(__file__).parents[1] / "node_modules" / "us-atlas"
EQUAL_AREA = "EPSG:6933"
# Two squares side by side; arc 0 is the border that they share.
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [-100.0, 40.0]},
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "31001", "properties": {"name": "West"}, "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "31003", "properties": {"name": "East"}, "arcs": [[-1, 2]]},
                {"type": "Polygon", "id": "60010", "properties": {"name": "Samoa"}, "arcs": [[2, -1]]},
            ],
        }
    },
    "arcs": [[[1, 2], [0, -2]], [[1, 0], [-1, 0], [0, 2], [1, 0]], [[1, 2], [1, 0], [0, -2], [-1, 0]]],
}


@pytest.fixture(scope="module")
def outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return load_outlines()


@pytest.fixture(scope="module")
def atlas() -> Path:
    if not ATLAS.is_dir():
        pytest.skip(f"needs {ATLAS}, which scripts/setup makes")
    return ATLAS


def written(folder: Path, topology: object) -> Path:
    (folder / "counties-10m.json").write_text(json.dumps(topology), encoding="utf-8")
    return folder


def test_two_squares_are_read_point_by_point(tmp_path: Path) -> None:
    counties = county_shapes(written(tmp_path, SQUARES))
    assert counties["county"].tolist() == ["31001", "31003"]
    assert counties["name"].tolist() == ["West", "East"]
    assert counties["state"].tolist() == ["NE", "NE"]
    assert counties.geometry.bounds.to_numpy().tolist() == [[-100, 40, -99.5, 41], [-99.5, 40, -99, 41]]
    assert counties.crs.to_epsg() == 4326


def test_the_outlines_are_the_3142_counties_of_2017_and_the_78_of_puerto_rico(outlines) -> None:
    states, counties = outlines
    by_state = counties["state"].value_counts()
    assert len(counties) == 3142 + 78
    assert (by_state["PR"], by_state["TX"], by_state["VA"], by_state["DC"]) == (78, 254, 133, 1)
    assert counties["county"].is_unique
    assert counties["county"].is_monotonic_increasing
    assert dict(zip(states["state"], states["fips"], strict=True)) == STATE_FIPS
    assert (counties["county"].str[:2].map(STATE_OF_FIPS) == counties["state"]).all()


def test_no_outline_is_empty_or_broken(outlines) -> None:
    for table in outlines:
        assert not table.geometry.is_empty.any()
        assert not table.geometry.isna().any()
        assert table.geometry.is_valid.all()
        assert set(table.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    ("code", "name", "km2"),
    # Land areas in km2 by the Census gazetteer; cartographic outlines of small cities are rough.
    [
        ("51610", "Falls Church", 5.2),
        ("51678", "Lexington", 6.4),
        ("51685", "Manassas Park", 6.5),
        ("15005", "Kalawao", 31),
    ],
)
def test_the_smallest_counties_survive(outlines, code: str, name: str, km2: float) -> None:
    row = outlines[1].set_index("county").to_crs(EQUAL_AREA).loc[code]
    assert row["name"] == name
    assert km2 / 5 < row.geometry.area / 1e6 < km2 * 2


def test_falls_church_lies_where_it_is_and_takes_from_its_neighbours_only(outlines) -> None:
    counties = outlines[1].set_index("county").to_crs(EQUAL_AREA).geometry
    city = counties["51610"]
    assert city.centroid.distance(gpd.points_from_xy([-77.174338], [38.883587], crs=4326).to_crs(EQUAL_AREA)[0]) < 1500
    assert counties["51059"].intersection(city).area < 1
    assert counties["51013"].intersection(city).area < 1


def test_the_counties_of_a_state_cover_the_state(outlines) -> None:
    states, counties = (table.to_crs(EQUAL_AREA) for table in outlines)
    of_counties = counties.assign(km2=counties.area / 1e6).groupby("state")["km2"].sum()
    of_states = pd.Series(states.area.to_numpy() / 1e6, index=states["state"])
    assert (of_counties / of_states - 1).abs().max() < 0.0005


def test_every_census_2020_county_has_an_outline(outlines, shared: Path) -> None:
    path = shared / "mirror/www2.census.gov/geo/docs/reference/cenpop2020/county/CenPop2020_Mean_CO.txt"
    census = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    county = census["STATEFP"] + census["COUNTYFP"]
    shape = shape_of_county(county)
    assert set(shape) == set(outlines[1]["county"])
    assert county[county != shape].tolist() == ["02063", "02066"]
    assert shape[county != shape].tolist() == ["02261", "02261"]


def test_nearly_every_county_holds_its_own_centre_of_population(outlines, shared: Path) -> None:
    path = shared / "mirror/www2.census.gov/geo/docs/reference/cenpop2020/county/CenPop2020_Mean_CO.txt"
    census = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    points = gpd.GeoDataFrame(
        {"own": shape_of_county(census["STATEFP"] + census["COUNTYFP"])},
        geometry=gpd.points_from_xy(census["LONGITUDE"].astype(float), census["LATITUDE"].astype(float)),
        crs=4326,
    )
    found = points.sjoin(outlines[1], predicate="within")
    assert (found["own"] == found["county"]).mean() > 0.99
    assert len(found) > 0.99 * len(points)


def test_the_files_that_ship_are_what_the_package_gives(atlas: Path, tmp_path: Path) -> None:
    write_outlines(atlas, tmp_path)
    for name in ("states.json", "counties.json"):
        assert (tmp_path / name).read_bytes() == (outlines_folder() / name).read_bytes()


def test_the_package_read_directly_gives_the_same_table(atlas: Path, outlines) -> None:
    states = shapes_of_layer(read_topology(atlas / "counties-10m.json"), "states", key="fips")
    assert states.equals(outlines[0])
    assert county_shapes(atlas).equals(outlines[1])


def test_every_state_border_is_a_county_border() -> None:
    def segments(layer: str) -> set[frozenset[tuple[int, int]]]:
        found = set()
        for arc in read_topology(outlines_folder() / f"{layer}.json")["arcs"]:
            line = [(int(x), int(y)) for x, y in np.cumsum(arc, axis=0)]
            found |= {frozenset(pair) for pair in pairwise(line)}
        return found

    assert segments("states") <= segments("counties")


def test_the_files_together_weigh_under_a_megabyte() -> None:
    assert sum(path.stat().st_size for path in outlines_folder().glob("*.json")) < 1_000_000


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [(46.6, -112.0, "30049"), (52.9, 172.9, "02016"), (52.9, -187.1, "02016"), (18.4, -66.1, "72127")],
)
def test_a_click_falls_into_its_county(outlines, latitude: float, longitude: float, code: str) -> None:
    assert code_at(outlines[1], latitude, longitude) == code


def test_a_click_on_the_sea_is_said_to_be_outside(outlines) -> None:
    with pytest.raises(PlaceError, match="outside the United States"):
        code_at(outlines[1], 30.0, -50.0)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"counties-10m\.json is not there"):
        county_shapes(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "Topology"}', "\xff"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "counties-10m.json").write_text(text, encoding="latin-1")
    with pytest.raises(SourceError, match=r"counties-10m\.json"):
        county_shapes(tmp_path)


def test_an_outline_that_encloses_nothing_is_refused(tmp_path: Path) -> None:
    point = {"type": "Polygon", "id": "31005", "properties": {"name": "Speck"}, "arcs": [[3]]}
    flat = json.loads(json.dumps(SQUARES))
    flat["arcs"].append([[3, 3], [0, 0]])
    flat["objects"]["counties"]["geometries"].append(point)
    with pytest.raises(SourceError, match=r"Speck \(31005\) encloses nothing"):
        county_shapes(written(tmp_path, flat))
