"""Bangor, Maine, end to end on the pages: the hospital's drive goes along roads, and every figure says so."""

from pathlib import Path

import pytest

from access.documents.brief import brief_data, brief_words, state_area
from access.places.pack import load_pack
from access.questions.choices import care_choices
from access.questions.what_if import baseline
from access.travel.network import build_network
from tests.pages import cards, opened, typed
from tests.test_corrections import TODAY

# A street corner in Bangor, where the hospital stands for all that our data tell; the page is asked from Hampden.
HERE = (44.8016, -68.7712)
ACADIA = "st-me-001"


@pytest.fixture
def bangor(shared: Path, osrm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    build_network([shared / "osm" / "bangor_maine.osm.pbf"], name="bangor")
    monkeypatch.setenv("TRD_ACCESS_ROADS", "bangor")


def test_a_course_at_the_hospital_is_told_by_road_minutes(bangor: None) -> None:
    found = care_choices(load_pack("starter"), *HERE).set_index("choice_id")
    near, far = found.loc[f"{ACADIA}/ect"], found[found["clinic_id"].ne(ACADIA)].iloc[0]
    assert near["method"].startswith("road: OSRM ")
    assert near["minutes_low"] == near["minutes"] == near["minutes_high"]
    assert far["method"] == "estimate by distance band"
    assert far["minutes_low"] < far["minutes"] < far["minutes_high"]


def test_the_card_and_the_pages_say_how_drives_were_found(bangor: None) -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "44.7620, -68.8100")
    assert not page.error
    (only,) = cards(page).split("<li><h3>")[1:]
    assert "Acadia" in only
    assert "one way along roads without traffic" in only
    page = opened("pages/2_Access_gaps.py")
    said = " ".join(one.value.replace("\\", "") for one in page.caption)
    assert "People by how their drive was found: estimate:" in said
    assert "OSRM" in said
    assert "One-way drives go along roads (bangor; © OpenStreetMap contributors, ODbL), without traffic" in said


def test_a_brief_tells_the_mix_and_its_command_names_the_roads(bangor: None) -> None:
    data = brief_data(load_pack("starter"), ["ect"])
    made = brief_words(data, state_area(data, "ME"), TODAY)
    assert any(line.startswith("People by how their drive was found: estimate: ") for line in made["method"])
    assert "--roads bangor" in made["command"]


def test_a_scenario_goes_by_the_same_roads(bangor: None) -> None:
    pack = load_pack("starter")
    base = baseline(pack, "ect", pack.people[pack.people["state"].eq("ME")].reset_index(drop=True))
    assert {mode.name for mode in base.trips.modes} == {base.trip_finder.mode.name, "estimate by distance band"}
    moved = base.clinics.assign(clinic_id="new-" + base.clinics["clinic_id"])
    again = base.trips_to(moved[moved["clinic_id"].eq(f"new-{ACADIA}")])
    # The same hospital under another id is as far from everybody, and found in the same ways.
    before = base.trips.among([ACADIA])
    assert again.minutes.tolist() == before.minutes.tolist()
    assert again.method_by_trip().tolist() == before.method_by_trip().tolist()


def test_a_network_that_is_gone_is_one_sentence_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_ROADS", "nowhere")
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Bangor, ME")
    assert "There is no road network named 'nowhere'" in page.error[0].value.replace("\\", "")
