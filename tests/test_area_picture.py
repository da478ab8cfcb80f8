"""The area within minutes of clinics as a picture, as files and as a command: what they show and say."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h3  # type: ignore[import-untyped]
import pytest
import shapely

from access.documents.reached_area import reached_area_file
from access.maps.labels import scale_bar_svg, town_names_svg
from access.measures.reached_area import ReachedArea, hexagons_within
from access.places.outlines import load_outlines
from access.places.pack import load_pack
from access.travel.estimate import BANDED
from access.travel.mode import road_mode
from access.travel.network import build_network
from access.words.reached_area import reached_area_notes
from access.words.travel import NO_CAR_NOTE

Run = Callable[..., tuple[int, str, str]]
ACADIA = "st-me-001"


@pytest.fixture(scope="module")
def area() -> ReachedArea:
    pack = load_pack("starter")
    clinic = pack.clinics[pack.clinics["clinic_id"] == ACADIA]
    return hexagons_within(clinic, BANDED, pack.people, load_outlines()[0], minutes=(15, 30), most=900)


def made(form: str, area: ReachedArea) -> bytes:
    return reached_area_file(form, area, load_pack("starter"), "Near <Acadia>")


@pytest.fixture(scope="module")
def halved(area: ReachedArea) -> ReachedArea:
    methods = ["road: OSRM 1, car" if row % 4 else BANDED.name for row in range(len(area.cells))]
    is_estimate = [method == BANDED.name for method in methods]
    cells = area.cells.assign(method=methods, is_estimate=is_estimate)
    return replace(area, cells=cells, mode=road_mode("OSRM", "car", version="1"))


def test_geojson_holds_each_hexagon_once_turned_as_the_standard_has_it(area: ReachedArea) -> None:
    collection = json.loads(made(".geojson", area))
    assert collection["title"] == "Near <Acadia>"
    assert "crs" not in collection
    told = area.cells.set_index("cell")
    assert [feature["id"] for feature in collection["features"]] == told.index.tolist()
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.exterior.is_ccw
        north, east = h3.cell_to_latlng(feature["id"])
        assert shape.contains(shapely.Point(east, north))
        said = feature["properties"]
        assert said["minutes"] == pytest.approx(told.loc[feature["id"], "minutes"], abs=0.006)
        assert (said["clinic_id"], said["method"]) == (ACADIA, BANDED.name)
        assert said["within_minutes"] == (15 if said["minutes"] <= 15 else 30)


def test_csv_says_of_each_hexagon_how_and_from_which_data_and_credits_the_map(halved: ReachedArea) -> None:
    rows = list(csv.DictReader(io.StringIO(made(".csv", halved).decode())))
    assert [row["cell"] for row in rows] == halved.cells["cell"].tolist()
    assert all(("OpenStreetMap" in row["attribution"]) == row["method"].startswith("road") for row in rows)
    assert {(row["pack"], row["clinic_id"]) for row in rows} == {("starter", ACADIA)}


def test_the_picture_of_an_estimate_says_that_it_is_one_and_credits_no_map(area: ReachedArea) -> None:
    picture = made(".svg", area).decode()
    for text in (
        "Near &lt;Acadia&gt;",
        "(estimate)",
        "at most 15 minutes",
        "15 to 30 minutes",
        "Bangor",
        "Starter pack",
    ):
        assert text in picture
    assert "OpenStreetMap" not in picture
    assert "stripes" not in picture
    assert "more than" not in picture


def test_a_picture_by_road_names_the_engine_stripes_what_is_an_estimate_and_credits_the_map(
    halved: ReachedArea,
) -> None:
    picture = made(".svg", halved).decode()
    by_road = sum(method.startswith("road") for method in halved.cells["method"])
    for text in ("OSRM 1, car", "url(#stripes)", "© OpenStreetMap contributors", f"{by_road / len(halved.cells):.0%}"):
        assert text in picture


def test_notes_on_foot_say_what_they_miss(area: ReachedArea) -> None:
    cells = area.cells.assign(method="road: OSRM 1, foot", is_estimate=False)
    walked = replace(area, cells=cells, mode=road_mode("OSRM", "foot", version="1"))
    notes = reached_area_notes(walked, load_pack("starter"))
    assert NO_CAR_NOTE in notes
    assert "without traffic" not in " ".join(notes)
    assert NO_CAR_NOTE not in reached_area_notes(area, load_pack("starter"))


def test_a_picture_is_written_as_png(area: ReachedArea) -> None:
    assert made(".png", area).startswith(b"\x89PNG\r\n\x1a\n")


def test_names_stand_where_they_cover_no_other_and_no_clinic() -> None:
    # The clinic stands at the big town; a suburb beside it would read as the name of the clinic.
    towns = [((500.0, 300.0), "Big"), ((505.0, 301.0), "Suburb"), ((500.0, 380.0), "Apart"), ((2.0, 2.0), "Edge")]
    drawn = town_names_svg(towns, (1000, 640), taken=[(500.0, 300.0)])
    assert [name for _, name in towns if f">{name}<" in drawn] == ["Big", "Apart"]
    assert drawn.count("<circle") == 1
    assert 'cy="380.0"' in drawn
    assert "&lt;b&gt;" in town_names_svg([((500.0, 300.0), "<b>")], (1000, 640))


def test_the_scale_is_a_round_length_of_less_than_a_quarter() -> None:
    # 3 units a km and 1,000 wide: 50 km are 150, 100 km would be 300.
    assert "h150.0" in scale_bar_svg(3, (1000, 640))
    assert "50 km, 31 mi" in scale_bar_svg(3, (1000, 640))
    assert "200 km, 120 mi" in scale_bar_svg(0.4, (1000, 640))


def test_the_command_counts_people_and_writes_what_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "new" / "area.csv"
    code, said, _ = run(
        "roads", "area", "-t", "ect", "--state", "ME", "--minutes", "60,20", "--out", str(out), "--json"
    )
    answer = json.loads(said)
    assert code == 0
    pack = load_pack("starter")
    giving = pack.services.loc[pack.services["treatment"] == "ect", "clinic_id"]
    in_maine = pack.clinics.loc[pack.clinics["state"] == "ME", "clinic_id"]
    assert set(answer["clinics"]) == set(giving) & set(in_maine)
    assert [row["within_minutes"] for row in answer["within"]] == [20, 60]
    assert 0 < answer["within"][0]["people"] < answer["within"][1]["people"]
    assert len(out.read_text("utf-8").splitlines()) == answer["hexagons"]["reached"] + 1
    assert (
        sum(answer["hexagons"][name] for name in ("reached", "unreached", "roadless", "off_land"))
        == (answer["hexagons"]["looked_at"])
    )
    assert answer["share_of_hexagons"] == {BANDED.name: 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "one of the two"),
        ((ACADIA, "-t", "ect"), "one of the two"),
        (("nowhere",), "no clinic nowhere"),
        ((ACADIA, "--minutes", "a"), "not numbers"),
        ((ACADIA, "--minutes", "0,30"), "above 0"),
        ((ACADIA, "--minutes", "500"), "up to 240"),
        ((ACADIA, "--out", "area.pdf"), "is not one of"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(arguments: tuple[str, ...], sentence: str, run: Run) -> None:
    code, said, trouble = run("roads", "area", *arguments)
    assert (code, said) == (2, "")
    assert sentence in trouble.replace("\n", " ")


def test_that_nobody_gives_it_there_is_an_answer(run: Run) -> None:
    code, said, trouble = run("roads", "area", "-t", "esketamine", "--state", "AK")
    assert (code, said) == (3, "")
    assert "not proof" in trouble


def test_a_file_that_cannot_be_written_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, trouble = run("roads", "area", ACADIA, "--minutes", "5", "--out", str(tmp_path / "file" / "a.csv"))
    assert code == 1
    assert "cannot be written" in trouble


@pytest.mark.usefixtures("osrm")
def test_on_foot_in_bangor_the_command_says_how_and_what_is_missed_and_beyond_the_map_nothing(
    run: Run, shared: Path
) -> None:
    build_network([shared / "osm" / "bangor_maine.osm.pbf"], profile="foot", name="walk")
    code, said, _ = run("roads", "area", ACADIA, "--roads", "walk", "--minutes", "15,30", "--json")
    answer = json.loads(said)
    assert code == 0
    assert NO_CAR_NOTE in answer["notes"]
    assert next(iter(answer["share_of_hexagons"])).endswith(", foot")
    # At 5 km/h nobody is farther than 2.5 km in half an hour: less than 19.6 km2, and a town's streets give a third.
    assert 6 < answer["within"][1]["km2"] < 19.6
    elsewhere = "st-me-002"
    code, said, _ = run("roads", "area", elsewhere, "--roads", "walk", "--minutes", "15", "--out", "never.png")
    assert code == 3
    assert not Path("never.png").exists()
