"""Scenarios: edits by pencil, laws of opening and closing, refusals that leave the tables whole."""

import numpy as np
import pandas as pd
import pytest

from access.errors import ScenarioError
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.places.pack import load_pack
from access.places.services import clinics_offering
from access.questions.what_if import baseline, what_if
from access.scenarios.apply import apply_scenario, fit_scenario
from access.scenarios.compare import before_and_after, everyone_of, nearest_after, trips_after
from access.scenarios.edits import AddTreatment, CertifyRems, CloseClinic, DropTreatment, MoveClinic, OpenClinic
from access.scenarios.scenario import Scenario, read_scenario, scenario_text
from access.tables import CLINICS, SERVICES, check_table
from access.travel.estimate import estimate_trips
from access.travel.origins import origins_of
from tests.worlds import random_world, valley_people, valley_trips

NEW = OpenClinic(clinic_id="new", name="New", latitude=46.5, longitude=-110.0, treatments=("ect",))


def tables(spots: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    filled = {column: spots.get(column) for column in CLINICS.columns}
    clinics = pd.DataFrame(filled).assign(name=spots["clinic_id"], state="MT", location_precision="zip")
    rows = dict.fromkeys(SERVICES.columns) | {"payers_accepted": "", "payers_refused": ""}
    services = pd.DataFrame([rows | {"clinic_id": c, "treatment": "tms", "source": "test"} for c in spots["clinic_id"]])
    return check_table(clinics, CLINICS, where="test"), check_table(services, SERVICES, where="test")


def test_before_and_after_by_pencil() -> None:
    before = minutes_to_nearest(valley_trips())
    after = pd.Series({"city_a": 30.0, "city_b": 20.0, "town": 60.0, "ranch": 15.0, "forest": 120.0})
    table = before_and_after(before, after, valley_people(), 20, by=["rurality"]).set_index("rurality")
    assert table.loc["urban", ["people_gained", "people_lost", "people_farther"]].tolist() == [0, 500, 800]
    assert table.loc["rural", ["people_gained", "people_lost", "people_nearer"]].tolist() == [50, 0, 50]
    assert table.loc["urban", ["share_beyond_before", "share_beyond_after"]].tolist() == [0.0, 0.625]
    assert table.loc["small_town", ["people", "people_beyond_before", "people_nearer"]].tolist() == [
        150,
        150,
        0,
    ]


def test_groups_add_up_to_the_row_of_everyone() -> None:
    before = minutes_to_nearest(valley_trips())
    after = pd.Series({"city_a": 30.0, "city_b": 20.0, "town": 60.0, "ranch": 15.0, "forest": 120.0})
    grouped = before_and_after(before, after, valley_people(), 20, by=["rurality"])
    pd.testing.assert_frame_equal(everyone_of(grouped), before_and_after(before, after, valley_people(), 20))


def test_opening_adds_the_clinic_with_its_services_and_leaves_the_tables_alone() -> None:
    clinics, services = tables(random_world(1)[1])
    opened, given = apply_scenario(Scenario(edits=(NEW,)), clinics, services).tables
    assert clinics_offering(given, ["ect"]) == ["new"]
    assert len(opened) == len(clinics) + 1
    assert "new" not in set(clinics["clinic_id"])


def test_closing_takes_the_services_too() -> None:
    clinics, services = tables(random_world(1)[1])
    left, given = apply_scenario(Scenario(edits=(CloseClinic(clinic_id="c3"),)), clinics, services).tables
    assert "c3" not in set(left["clinic_id"]) | set(given["clinic_id"])


def test_an_opened_clinic_keeps_the_contracts_of_the_tables() -> None:
    opened, given = apply_scenario(Scenario(edits=(NEW,)), *tables(random_world(1)[1])).tables
    pd.testing.assert_frame_equal(check_table(opened, CLINICS, where="test"), opened)
    pd.testing.assert_frame_equal(check_table(given, SERVICES, where="test"), given)


def test_certifying_and_dropping_a_treatment() -> None:
    clinics, services = tables(random_world(1)[1])
    edits = (
        CertifyRems(clinic_id="c1"),
        DropTreatment(clinic_id="c1", treatment="tms"),
    )
    _, given = apply_scenario(Scenario(edits=edits), clinics, services).tables
    assert given.loc[given["clinic_id"] == "c1", "treatment"].tolist() == ["esketamine"]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (CloseClinic(clinic_id="c99"), "no clinic c99"),
        (MoveClinic(clinic_id="zz", latitude=45, longitude=-110), "no clinic zz"),
        (AddTreatment(clinic_id="c1", treatment="leeches"), "'leeches' is not known"),
        (DropTreatment(clinic_id="c1", treatment="ect"), "does not give ect"),
        (NEW.model_copy(update={"clinic_id": "c1"}), "already a clinic c1"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_in_one_sentence(edit, says) -> None:
    with pytest.raises(ScenarioError, match=says):
        apply_scenario(Scenario(edits=(edit,)), *tables(random_world(1)[1]))


@pytest.mark.parametrize("point", [(26.06, -135.51), (45.0, -30.0), (52.0, -97.0)])
def test_a_clinic_at_sea_or_abroad_is_refused(point) -> None:
    base = baseline(load_pack("starter"), "ect")
    latitude, longitude = point
    edit = NEW.model_copy(update={"latitude": latitude, "longitude": longitude})
    with pytest.raises(ScenarioError, match="at sea or abroad"):
        what_if(base, Scenario(edits=(edit,)), 60)


def test_edits_that_do_not_fit_are_told_apart() -> None:
    edits = (CloseClinic(clinic_id="c1"), CloseClinic(clinic_id="c1"), NEW)
    fitted = fit_scenario(Scenario(edits=edits), *tables(random_world(1)[1]))
    kept = fitted.scenario
    misfits = list(fitted.misfits)
    assert kept.edits == (edits[0], NEW)
    assert len(misfits) == 1
    assert "Edit 2 (close: c1) contradicts edit 1 (close: c1)" in misfits[0]


def test_a_scenario_survives_its_file(tmp_path) -> None:
    scenario = Scenario(name="two", edits=(NEW, CloseClinic(clinic_id="c1")))
    (tmp_path / "two.json").write_text(scenario.model_dump_json(exclude_none=True))
    (tmp_path / "two.yaml").write_text(scenario_text(scenario))
    assert read_scenario(tmp_path / "two.json") == scenario
    assert read_scenario(tmp_path / "two.yaml") == scenario


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "line 1: expected the node content"),
        ('{"edits": [{"action": "bomb"}]}', "edits.1"),
        ('{"edits": [{"action": "move", "clinic_id": "a", "latitude": 450, "longitude": 0}]}', "latitude"),
    ],
)
def test_a_bad_scenario_file_is_refused_in_one_sentence(tmp_path, text, says) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ScenarioError, match=says):
        read_scenario(tmp_path / "bad.json")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path / "absent.json")


@pytest.mark.parametrize("seed", range(20))
def test_trips_after_edits_equal_trips_built_anew(seed: int) -> None:
    people, spots = random_world(seed)
    clinics, services = tables(spots)
    edits = (NEW, CloseClinic(clinic_id="c0"), MoveClinic(clinic_id="c2", latitude=47.0, longitude=-109.0))
    after, _ = apply_scenario(Scenario(edits=edits), clinics, services).tables
    quick = trips_after(estimate_trips(people, clinics), origins_of(people), clinics, after).to_frame()
    anew = estimate_trips(people, after).to_frame()
    key = ["geoid", "clinic_id"]
    for rank in (1, 2, 5):
        short = nearest_after(estimate_trips(people, clinics), origins_of(people), clinics, after, rank=rank)
        pd.testing.assert_series_equal(short["minutes"], minutes_to_nearest(estimate_trips(people, after), rank=rank))
        pd.testing.assert_series_equal(short["km"], km_to_nearest(estimate_trips(people, after), rank=rank))
    pd.testing.assert_frame_equal(quick.sort_values(key, ignore_index=True), anew.sort_values(key, ignore_index=True))


@pytest.mark.parametrize("seed", range(20))
def test_closing_never_helps_and_opening_never_harms_anyone(seed: int) -> None:
    people, spots = random_world(seed)
    clinics, services = tables(spots)
    before = minutes_to_nearest(estimate_trips(people, clinics)).fillna(np.inf)
    fewer, _ = apply_scenario(Scenario(edits=(CloseClinic(clinic_id="c4"),)), clinics, services).tables
    more, _ = apply_scenario(Scenario(edits=(NEW,)), clinics, services).tables
    assert (minutes_to_nearest(estimate_trips(people, fewer)).fillna(np.inf) >= before).all()
    assert (minutes_to_nearest(estimate_trips(people, more)).fillna(np.inf) <= before).all()
