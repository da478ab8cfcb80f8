"""Where next from a baseline and in the terminal: candidates by name, sentences, the saved scenario, exit codes."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from access.errors import ScenarioError
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import load_pack
from access.places.services import clinics_offering
from access.questions.gaps import people_of
from access.questions.siting import candidates_named, scenario_of, siting_data_of, where_next
from access.questions.what_if import Baseline, baseline, what_if
from access.scenarios.scenario import read_scenario
from access.scenarios.siting.candidates import clinic_candidates, read_candidates, town_candidates
from access.scenarios.siting.question import OBJECTIVES, SitingQuestion
from access.words.siting import sites_for_people, siting_sentences

MONTANA = ("site", "--treatment", "esketamine", "--state", "MT", "--pack", "starter")


@pytest.fixture(scope="module")
def montana() -> Baseline:
    pack = load_pack("starter")
    return baseline(pack, "esketamine", people_of(pack.people, "MT"))


def csv_of(folder: Path, text: str) -> Path:
    file = folder / "own.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("named", ["towns", "hospitals"])
def test_the_scenario_of_an_answer_brings_exactly_the_people_it_says(named: str) -> None:
    pack = load_pack("starter")
    base = baseline(pack, "ketamine_iv", people_of(pack.people, "CO"))
    ground = siting_data_of(base, candidates_named(base, named, state="CO"))
    found = where_next(base, SitingQuestion(count=3), ground)
    assert len(found.sites) > 0
    changed = what_if(base, scenario_of(found, "ketamine_iv"), 60.0)
    everyone = changed[changed["rurality"] == "all"].iloc[0]
    assert everyone["people"] - everyone["people_beyond_after"] == found.value
    assert everyone["people"] - everyone["people_beyond_before"] == found.before
    assert everyone["people_gained"] == found.value - found.before


@pytest.mark.parametrize("objective", [name for name in OBJECTIVES if name != "everyone"])
def test_every_objective_has_its_sentences_and_table(montana: Baseline, objective: str) -> None:
    share = {"adult_share": 0.779} if objective in ("patients", "starts") else {}
    ground = siting_data_of(montana, candidates_named(montana, state="MT"))
    found = where_next(montana, SitingQuestion(objective=objective, count=2, **share), ground)
    sentences = siting_sentences(found)
    assert "{" not in " ".join(sentences)
    assert "proven" in sentences[1] or "at least" in sentences[1]
    assert len(sites_for_people(found)) == len(found.sites)


def test_everyone_is_told_with_the_people_left_out(montana: Baseline) -> None:
    ground = siting_data_of(montana, candidates_named(montana, state="MT", most=5))
    found = where_next(montana, SitingQuestion(objective="everyone", where_possible=True), ground)
    sentences = " ".join(siting_sentences(found))
    assert found.left_out > 0
    assert f"{found.left_out:,} people whom no candidate reaches are left out" in sentences


def test_starts_are_refused_for_another_treatment() -> None:
    pack = load_pack("starter")
    base = baseline(pack, "tms", people_of(pack.people, "MT"))
    ground = siting_data_of(base, candidates_named(base, state="MT", most=5))
    with pytest.raises(ScenarioError, match="is for esketamine, not tms"):
        where_next(base, SitingQuestion(objective="starts", count=1, adult_share=0.8), ground)


def test_towns_stand_by_population_and_each_has_an_id_of_its_own() -> None:
    towns = load_gazetteer().towns
    table = town_candidates(towns, state="MT")
    population = towns[towns["state"] == "MT"].set_index("name")["population"]
    known = [population[name] for name in table["name"].head(20)]
    assert known == sorted(known, reverse=True)
    assert table["candidate_id"].is_unique
    assert town_candidates(towns, most=7)["candidate_id"].is_unique
    with pytest.raises(ScenarioError, match="nowhere to open"):
        town_candidates(towns, most=0)


def test_clinics_that_could_add_a_treatment_do_not_give_it() -> None:
    pack = load_pack("starter")
    table = clinic_candidates(pack.clinics, pack.services, "ect", settings=("hospital",))
    assert not set(table["clinic_id"]) & set(clinics_offering(pack.services, ["ect"]))
    assert set(pack.clinics.set_index("clinic_id").loc[table["clinic_id"], "setting"]) == {"hospital"}
    with pytest.raises(ScenarioError, match="'shed' is no setting"):
        clinic_candidates(pack.clinics, pack.services, "ect", settings=("shed",))


def test_a_list_of_ones_own_keeps_its_costs_and_capacities(tmp_path: Path) -> None:
    text = "name,latitude,longitude,cost_usd,capacity\nA,46.6,-112.0,5000,\nB,47.5,-111.3,,200\n"
    table = read_candidates(csv_of(tmp_path, text), cost_usd=70.0)
    assert table["cost_usd"].tolist() == [5000.0, 70.0]
    assert np.array_equal(table["capacity"], [np.nan, 200.0], equal_nan=True)
    assert table["name"].tolist() == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,latitude\nA,46\n", "no column longitude"),
        ("name,latitude,longitude\n", "holds no candidate"),
        ("name,latitude,longitude\nA,-112.0,46.6\n", "A is at -112, 46.6.*swapped"),
        ("name,latitude,longitude\nA,46.6,112.0\n", "longitude is negative"),
        ("name,latitude,longitude\nA,north,-112\n", "A has a latitude that is no number"),
        ("name,latitude,longitude\nA,,-112\n", "A has a latitude that is no number"),
        ("name,latitude,longitude,cost_usd\nA,46.6,-112,-5\n", "A has a cost_usd below zero"),
        ("name,latitude,longitude,capacity\nA,46.6,-112,many\n", "A has a capacity that is no number"),
    ],
)
def test_a_list_that_is_wrong_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        read_candidates(csv_of(tmp_path, text))


def test_a_site_at_sea_is_refused(montana: Baseline, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="at sea or abroad"):
        candidates_named(montana, csv_of(tmp_path, "name,latitude,longitude\nA,30.0,-120.0\n"))
    with pytest.raises(ScenarioError, match="cannot be read"):
        candidates_named(montana, tmp_path / "absent.csv")
    with pytest.raises(ScenarioError, match="Only towns can be limited"):
        candidates_named(montana, "clinics", most=5)


def test_the_terminal_answers_in_every_form_and_saves_a_scenario(run, tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"
    code, out, _ = run(*MONTANA, "--add", "3", "--json", "--save", str(file), "--stability", "3")
    told = json.loads(out)
    assert code == 0
    assert told["proven"] is True
    assert len(told["sites"]) == 3
    assert len(told["stability"]) == 3
    assert [edit.action for edit in read_scenario(file).edits] == ["open"] * 3
    code, out, _ = run(*MONTANA, "--add", "3", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["candidate_id"] for row in rows] == [row["candidate_id"] for row in told["sites"]]
    code, out, _ = run(*MONTANA, "--add", "3")
    assert code == 0
    assert "3 new sites." in out


def test_the_terminal_shows_a_frontier(run) -> None:
    code, out, _ = run(*MONTANA, "--frontier", "1,2", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [row["count"] for row in rows] == ["1", "2"]
    code, out, _ = run(*MONTANA, "--frontier", "$1e6", "--site-cost", "400000", "--csv")
    assert next(csv.DictReader(io.StringIO(out)))["sites"] == "2"


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ((), 1, "how many sites"),
        (("--add", "2", "--objective", "best"), 1, "no objective"),
        (("--add", "2", "--within", "50mi"), 2, "drive time"),
        (("--add", "2", "--frontier", "1,2"), 2, "leave out --add"),
        (("--frontier", "1,2", "--stability", "3"), 2, "shown alone"),
        (("--frontier", "one"), 2, "whole numbers"),
        (("--add", "1", "--objective", "patients"), 1, "adult"),
        (("--budget", "5"), 1, "cost of every candidate"),
        (("--add", "1", "--capacity"), 1, "No candidate has a capacity"),
        (("--add", "1", "--candidates", "absent.csv"), 1, "cannot be read"),
    ],
)
def test_the_terminal_says_what_is_wrong(run, options: tuple[str, ...], code: int, says: str) -> None:
    found, out, error = run(*MONTANA, *options)
    assert found == code
    assert says in out + error
    assert "Traceback" not in error


def test_siting_asks_on_from_a_scenario(run, tmp_path) -> None:
    first = str(tmp_path / "first.yaml")
    alone = json.loads(run(*MONTANA, "--add", "1", "--json", "--save", first)[1])
    both = json.loads(run(*MONTANA, "--add", "2", "--json")[1])
    then = json.loads(run(*MONTANA, "--add", "1", "--json", "--scenario", first)[1])
    assert then["before"] == alone["value"]
    assert alone["value"] < then["value"] <= both["value"] + 0.5
    assert then["sites"][0]["name"] != alone["sites"][0]["name"]
