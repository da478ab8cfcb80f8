"""Any geography: a person's own polygons and hexagons, in which everyone is counted once and nobody is lost."""

import json
import shutil
import warnings
from pathlib import Path

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from access.errors import AccessError, SourceError, TableError
from access.measures.beyond import people_beyond, urban_rural_gap
from access.measures.layout import groups_of
from access.measures.nearest import minutes_to_nearest
from access.places.areas import area_notes, areas_of, overlaps_of, population_by
from access.places.hexagons import hexagon_shapes, hexagons_of
from access.sources.polygons import read_polygons
from tests.worlds import random_world, valley_people, valley_trips

SOUTH = shapely.box(-110.5, 44.5, -109.5, 45.2)  # both cities
NORTH = shapely.box(-110.5, 45.2, -109.5, 46.2)  # the town and the forest; the ranch is in neither
BOW_TIE = shapely.Polygon([(-111, 44), (-110, 45), (-110, 44), (-111, 45)])
FLAT = shapely.Polygon([(-111, 44), (-110, 45), (-111, 44)])
LAYOUTS = ["areas.geojson", "areas.gpkg", "areas.shp", "areas", "areas.zip", "nested.zip"]


def areas(*shapes, names=None, crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    columns = {
        "Name": names or [f"area {k}" for k in range(len(shapes))],
        "code": [f"x{k}" for k in range(len(shapes))],
    }
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def written(folder: Path, layout: str, table: gpd.GeoDataFrame) -> Path:
    """The table as GeoJSON, GeoPackage, Shapefile, a folder of it, or that folder as ZIP (flat or nested)."""
    path = folder / layout
    if path.suffix in (".geojson", ".gpkg", ".shp"):
        table.to_file(path)
        return path
    inner = folder / "made" / "areas"
    inner.mkdir(parents=True)
    table.to_file(inner / "areas.shp")
    if layout == "areas":
        return inner
    base = folder / "made" if layout == "nested.zip" else inner
    return Path(shutil.make_archive(str(path.with_suffix("")), "zip", base))


def read(folder: Path, *shapes, **options) -> gpd.GeoDataFrame:
    return read_polygons(written(folder, "areas.geojson", areas(*shapes)), **options)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:5070", "EPSG:26912", "EPSG:3857"])
def test_areas_are_the_same_from_any_file_in_any_coordinate_system(tmp_path: Path, layout: str, crs: str) -> None:
    found = read_polygons(written(tmp_path, layout, areas(SOUTH, NORTH, names=["south", "north"]).to_crs(crs)))
    assert found.columns.tolist() == ["area_id", "name", "is_repaired", "geometry"]
    assert (found["area_id"].tolist(), found["name"].tolist()) == (["1", "2"], ["south", "north"])
    assert found.crs.to_epsg() == 4326
    assert not found["is_repaired"].any()
    assert shapely.equals_exact(found.geometry.normalize(), [SOUTH.normalize(), NORTH.normalize()], 1e-6).all()


def test_places_belong_to_the_area_they_lie_in(tmp_path: Path) -> None:
    people = valley_people()
    found = areas_of(people, read(tmp_path, SOUTH, NORTH))
    assert found.isna().tolist() == [False, False, False, True, False]
    assert found.dropna().tolist() == ["1", "1", "2", "2"]
    # 500 + 300; 150 + 0 (the forest); the ranch's 50 are outside: 1,000 in all.
    table = population_by(people.assign(area=found), "area")
    assert table["population"].tolist() == [800, 150, 50]
    assert table["places"].tolist() == [2, 2, 1]
    assert table["area"].isna().tolist() == [False, False, True]


def test_who_lives_in_two_areas_is_counted_once_in_the_first(tmp_path: Path) -> None:
    people = valley_people()
    whole = shapely.box(-111, 44, -109, 45.05)  # city_a, which is of the first area too
    found = read(tmp_path, SOUTH, NORTH, whole)
    assert areas_of(people, found).dropna().tolist() == ["1", "1", "2", "2"]
    assert overlaps_of(people, found).to_dict("records") == [
        {"area_id": "1", "also_in": "3", "places": 1, "population": 500}
    ]


def test_a_place_on_a_common_border_belongs_to_the_first(tmp_path: Path) -> None:
    people = valley_people().head(1)  # at 45.0
    found = read(tmp_path, shapely.box(-111, 45, -109, 46), shapely.box(-111, 44, -109, 45))
    assert areas_of(people, found).tolist() == ["1"]


def test_areas_agree_with_a_plain_loop_on_random_worlds() -> None:
    for seed in range(20):
        people, _ = random_world(seed)
        rng = np.random.default_rng(seed)
        corners = rng.uniform((-115, 44.5), (-105, 48.9), (6, 2))
        shapes = [shapely.Point(corner).buffer(rng.uniform(0.5, 3)) for corner in corners]
        polygons = areas(*shapes).assign(area_id=list("abcdef"))
        expected = []
        for place in people.itertuples():
            point = shapely.Point(place.longitude, place.latitude)
            expected.append(next((k for k, shape in zip("abcdef", shapes, strict=True) if shape.covers(point)), "none"))
        assert areas_of(people, polygons).fillna("none").tolist() == expected


def test_notes_tell_of_repair_overlap_and_people_outside(tmp_path: Path) -> None:
    assert area_notes(valley_people().head(3), read(tmp_path, SOUTH, NORTH)) == []
    notes = area_notes(valley_people(), read(tmp_path, SOUTH, SOUTH, BOW_TIE))
    assert [note.split(".")[0] for note in notes] == [
        "The border of 1 areas was not valid and was repaired, the first area 2",
        "2 pairs of areas overlap where people live, the first area 0 and area 1; "
        "each person is counted once, in the earlier area of the file",
        "200 of 1,000 people live outside every area",
    ]


@pytest.mark.parametrize("by", [["state"], ["county"], ["rurality"], ["area"], ["hexagon"], ["area", "rurality"]])
def test_every_grouping_adds_up_to_everyone(tmp_path: Path, by: list[str]) -> None:
    people, _ = random_world(3, places=400)
    polygons = read(tmp_path, shapely.box(-115, 44, -110, 47), shapely.box(-112, 46, -107, 48))
    people = people.assign(area=areas_of(people, polygons), hexagon=hexagons_of(people))
    everyone = people["population"].sum()
    assert groups_of(people, by).total(people["population"].to_numpy(float)).sum() == everyone
    assert population_by(people, by)["population"].sum() == everyone
    assert population_by(people, by)["places"].sum() == len(people)
    minutes = pd.Series(np.linspace(0, 100, len(people)), index=pd.Index(people["geoid"], name="geoid"), name="minutes")
    table = people_beyond(minutes, people, [50], by=by)
    assert table["people"].sum() == everyone
    assert table["people_beyond"].sum() == people_beyond(minutes, people, [50])["people_beyond"].item()


def test_a_measure_by_area_by_pencil(tmp_path: Path) -> None:
    people = valley_people()
    people = people.assign(area=areas_of(people, read(tmp_path, SOUTH, NORTH)))
    table = people_beyond(minutes_to_nearest(valley_trips()), people, [15], by=["area"])
    # South: city_a 0 and city_b 10 minutes; north: the town's 150 people are 60 minutes away; the ranch's 50 outside.
    assert table["people_beyond"].tolist() == [0, 150, 50]
    gaps = urban_rural_gap(
        people_beyond(minutes_to_nearest(valley_trips()), people, [15], by=["rurality"]),
        "share_beyond",
        within=["beyond"],
    )
    assert len(gaps) == 1


def test_population_by_an_unknown_column_is_refused() -> None:
    with pytest.raises(TableError, match="people table has no column planet"):
        population_by(valley_people(), "planet")


def test_a_border_that_crosses_itself_is_repaired_and_said_so(tmp_path: Path) -> None:
    found = read(tmp_path, BOW_TIE, SOUTH)
    assert found["is_repaired"].tolist() == [True, False]
    assert found.geometry.is_valid.all()
    assert found.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    assert shapely.area(found.geometry[0]) == pytest.approx(0.5)  # two triangles of 1 x 0.5 / 2


def test_heights_are_left_out(tmp_path: Path) -> None:
    assert not read(tmp_path, shapely.force_3d(SOUTH, 7)).geometry.has_z.any()


def test_names_are_of_the_column_asked_for_or_numbers(tmp_path: Path) -> None:
    assert read(tmp_path, SOUTH, NORTH, name_column="code")["name"].tolist() == ["x0", "x1"]
    bare = areas(SOUTH, NORTH).drop(columns=["Name", "code"])
    assert read_polygons(written(tmp_path, "bare.geojson", bare))["name"].tolist() == ["Area 1", "Area 2"]


def test_area_ids_sort_as_the_file_does(tmp_path: Path) -> None:
    boxes = [shapely.box(-111 + k / 10, 44, -110.95 + k / 10, 45) for k in range(12)]
    assert read(tmp_path, *boxes)["area_id"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (FLAT, "'area 0' in areas.geojson encloses nothing, even when its border is repaired"),
        (shapely.Point(-110, 45), "'area 0' in areas.geojson is not a polygon"),
        (shapely.LineString([(-110, 45), (-109, 45)]), "is not a polygon"),
        (None, "'area 0' in areas.geojson has no shape"),
        (shapely.Polygon(), "has no shape"),
        (shapely.box(170, 50, 190, 60), "has coordinates outside -180 to 180"),
        (shapely.box(-110, 85, -109, 95), "has coordinates outside -180 to 180"),
        (shapely.Polygon([(170, 50), (-170, 50), (-170, 60), (170, 60)]), "crosses the 180th meridian"),
    ],
)
def test_a_shape_that_is_no_area_is_refused_by_name(tmp_path: Path, shape, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read(tmp_path, shape, NORTH)


def test_an_area_split_at_the_180th_meridian_is_read(tmp_path: Path) -> None:
    split = shapely.MultiPolygon([shapely.box(170, 50, 180, 60), shapely.box(-180, 50, -170, 60)])
    aleutians = valley_people().head(2).assign(latitude=52.0, longitude=[179.5, -179.5])
    assert areas_of(aleutians, read(tmp_path, split)).tolist() == ["1", "1"]


def test_names_that_are_missing_or_twice_there_are_refused(tmp_path: Path) -> None:
    twice = written(tmp_path, "areas.geojson", areas(SOUTH, NORTH, names=["a", "a"]))
    with pytest.raises(TableError, match=r"more than one area named 'a'; join them, or choose another name_column"):
        read_polygons(twice)
    missing = written(tmp_path, "missing.geojson", areas(SOUTH, NORTH, names=["a", None]))
    with pytest.raises(TableError, match=r"Row 2 of missing.geojson has no Name"):
        read_polygons(missing)
    with pytest.raises(TableError, match=r"areas.geojson has no column planet; it has Name, code"):
        read_polygons(twice, name_column="planet")


@pytest.mark.parametrize("layout", ["areas.gpkg", "areas", "areas.zip"])
def test_a_file_without_coordinate_system_is_refused_by_name(tmp_path: Path, layout: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        path = written(tmp_path, layout, areas(SOUTH, NORTH, crs=None))
    with pytest.raises(SourceError, match=f"{path.name} does not say its coordinate system"):
        read_polygons(path)


def test_a_layer_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    areas(SOUTH).to_file(path, layer="south")
    gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4326).to_file(path, layer="capital")
    assert len(read_polygons(path)) == 1
    areas(NORTH, SOUTH).to_file(path, layer="both")
    with pytest.raises(SourceError, match=r"has 2 layers with shapes \(south, both\); choose one"):
        read_polygons(path)
    assert len(read_polygons(path, layer="both")) == 2
    with pytest.raises(SourceError, match=r"has no layer 'west'; it has south, capital, both"):
        read_polygons(path, layer="west")


def test_a_file_of_rows_without_shapes_is_refused(tmp_path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "rows.gpkg")
    with pytest.raises(TableError, match="rows but no shapes"):
        read_polygons(tmp_path / "rows.gpkg")
    with pytest.raises(TableError, match="rows but no shapes"):
        read_polygons(tmp_path / "rows.gpkg", layer="rows")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "has no areas in it"),
        ("a.geojson", "", "is not JSON that is whole"),
        ("a.geojson", "[1, 2]", "is not JSON that is whole"),
        ("a.json", '{"type": "Topology"}', "not GeoJSON with areas"),
        ("a.json", "<OGRVRTDataSource><SrcDataSource>http://127.0.0.1/</SrcDataSource></OGRVRTDataSource>", "not JSON"),
        ("a.gpkg", "<OGRVRTDataSource/>", "is not a GeoJSON file"),
        ("a.shp", "nothing", "is not a GeoJSON file"),
        ("a.csv", "x,y\n1,2\n", "is not a GeoJSON file"),
        ("a.zip", "nothing", "cannot be read as a ZIP archive"),
    ],
)
def test_a_file_that_is_no_areas_is_refused(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(AccessError, match=sentence):
        read_polygons(tmp_path / name)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_cut_short_is_refused(tmp_path: Path, layout: str) -> None:
    path = written(tmp_path, layout, areas(SOUTH, NORTH))
    cut = path / "areas.shp" if path.is_dir() else path
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    with pytest.raises(AccessError, match=path.name):
        read_polygons(path)


def test_absent_files_and_folders_without_areas_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        read_polygons(tmp_path / "none.gpkg")
    with pytest.raises(SourceError, match="has no Shapefile"):
        read_polygons(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds 0 readable Shapefiles"):
        read_polygons(Path(shutil.make_archive(str(tmp_path / "none"), "zip", tmp_path / "empty")))


def test_a_hexagon_holds_its_places() -> None:
    people, _ = random_world(1)
    for resolution in (0, 5, 9):
        cells = hexagons_of(people, resolution)
        assert [h3.get_resolution(cell) for cell in cells] == [resolution] * len(people)
        shapes = hexagon_shapes(cells).set_index("hexagon").geometry
        points = gpd.points_from_xy(people["longitude"], people["latitude"])
        if resolution:  # the sides of the largest cells are arcs, which straight lines in degrees cut
            assert shapes.loc[cells].reset_index(drop=True).intersects(gpd.GeoSeries(points, crs=4326)).all()


def test_hexagons_know_the_published_cell() -> None:
    # The example of H3's own documentation: 37.769377, -122.388903 at resolution 9.
    spot = pd.DataFrame({"latitude": [37.769377], "longitude": [-122.388903]}, index=["here"])
    assert hexagons_of(spot, 9).to_dict() == {"here": "89283082e73ffff"}


def test_a_hexagon_across_the_180th_meridian_is_two_parts() -> None:
    aleutians = pd.DataFrame({"latitude": [51.95, 51.95], "longitude": [179.99, -179.99]})
    shapes = hexagon_shapes(hexagons_of(aleutians, 3)).geometry
    assert (shapes.bounds["maxx"] <= 180).all()
    assert (shapes.bounds["minx"] >= -180).all()
    assert (shapely.area(shapes.to_numpy()) < 5).all()
    points = gpd.points_from_xy(aleutians["longitude"], aleutians["latitude"])
    assert all(shapes.intersects(point).any() for point in points)


def test_what_is_no_hexagon_is_refused() -> None:
    with pytest.raises(ValueError, match="resolution is 16; H3 has 0 to 15"):
        hexagons_of(valley_people(), 16)
    with pytest.raises(ValueError, match="'nothing' is not an H3 cell"):
        hexagon_shapes(["nothing"])


def test_geojson_without_properties_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(shapely.geometry.mapping(SOUTH)))
    assert read_polygons(tmp_path / "one.json")["name"].tolist() == ["Area 1"]
