"""`--roads` takes a command's drives along a road network, and says so; a network that is not there is an error."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from access.places.pack import load_pack
from access.travel.network import build_network
from access.words.provenance import pack_columns, provenance_line
from access.words.travel import NO_CAR_NOTE

Run = Callable[..., tuple[int, str, str]]
# A street corner in Bangor; the hospital is 4 km away.
HERE = "44.8016,-68.7712"


@pytest.fixture
def bangor(shared: Path, osrm: None) -> str:
    return build_network([shared / "osm" / "bangor_maine.osm.pbf"], name="bangor").name


def test_find_drives_by_road_where_the_network_reaches_and_estimates_beyond(bangor: str, run: Run) -> None:
    code, said, _ = run("find", HERE, "-t", "ect", "--roads", bangor, "--json")
    assert code == 0
    answer = json.loads(said)
    near, far = answer["clinics"][0], answer["clinics"][1]
    assert answer["roads"] == "bangor"
    assert (near["name"].startswith("Northern Light Acadia"), near["method"][:11]) == (True, "road: OSRM ")
    assert near["minutes_low"] == near["minutes"] == near["minutes_high"]
    assert 1 < near["minutes"] < 20
    assert far["method"] == "estimate by distance band"
    assert far["minutes_low"] < far["minutes"] < far["minutes_high"]


def test_find_tells_people_what_a_drive_by_road_is(bangor: str, run: Run) -> None:
    _, said, _ = run("find", HERE, "-t", "ect", "--roads", bangor)
    assert "Drives are by road, without traffic" in said
    assert "OpenStreetMap" in said
    _, said, _ = run("find", HERE, "-t", "ect")
    assert "Drives are estimates." in said
    assert "drive (estimate)" in said


def test_gaps_names_both_methods_and_how_many_trips_each_has(bangor: str, run: Run) -> None:
    code, said, _ = run("gaps", "-t", "ect", "--state", "ME", "--roads", bangor, "--json")
    about = json.loads(said)
    assert code == 0
    assert about["method"].startswith("road: OSRM ")
    assert about["method"].endswith("; estimate by distance band")
    shares = about["share_of_people_by_method"]
    assert set(shares) == set(about["method"].split("; "))
    # Of Maine's 1.36 million people, greater Bangor's are by road; nearly all others reach some clinic by estimate.
    assert 0.02 < shares[about["method"].split("; ")[0]] < 0.15
    assert 0.9 < sum(shares.values()) <= 1


@pytest.mark.parametrize("command", [("find", HERE), ("gaps", "--state", "ME")])
def test_a_network_that_is_not_there_is_one_sentence_and_no_answer(command: tuple[str, ...], run: Run) -> None:
    code, said, trouble = run(*command, "-t", "ect", "--roads", "maine")
    assert (code, said) == (1, "")
    assert trouble.startswith("trd-access: There is no road network named 'maine' (none yet).")


@pytest.mark.parametrize("command", [("find", HERE), ("gaps", "--state", "ME")])
def test_on_foot_what_is_missed_is_said_and_no_drive_is_mixed_in(
    command: tuple[str, ...], run: Run, shared: Path, osrm: None
) -> None:
    extract = str(shared / "osm" / "bangor_maine.osm.pbf")
    code, said, _ = run("roads", "build", extract, "--profile", "foot", "--name", "walk")
    assert (code, NO_CAR_NOTE in said) == (0, True)
    code, said, _ = run(*command, "-t", "ect", "--roads", "walk")
    assert code == 0
    assert NO_CAR_NOTE in " ".join(said.split())
    assert "estimate" not in said.lower()


def test_on_foot_where_a_figure_comes_from_says_what_is_missed_and_names_no_estimate(shared: Path, osrm: None) -> None:
    build_network([shared / "osm" / "bangor_maine.osm.pbf"], profile="foot", name="walk")
    walking = replace(load_pack("starter"), roads="walk")
    assert NO_CAR_NOTE in provenance_line(walking)
    assert "estimate" not in provenance_line(walking)
    assert pack_columns(walking)["method"].endswith(", foot")
