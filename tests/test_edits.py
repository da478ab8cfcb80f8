"""Each kind of edit by pencil on a clinic or two; what contradicts or does not exist is refused by name; plain YAML."""

import pandas as pd
import pytest

from access.errors import ScenarioError
from access.places.gazetteer.lookup import find_place, load_gazetteer
from access.scenarios import edits as kinds
from access.scenarios.apply import apply_scenario
from access.scenarios.edits import Edit, Stop
from access.scenarios.scenario import Scenario, locate_towns, parse_scenario, scenario_text
from access.tables import CLINICS, SERVICES, check_table

POINT = {"latitude": 46.0, "longitude": -110.0}
OPEN = kinds.OpenClinic(clinic_id="new", name="New", treatments=("tms",), **POINT)


def two_clinics() -> tuple[pd.DataFrame, pd.DataFrame]:
    """East gives TMS (20 a week; takes Medicare, refuses Medicaid) and IV ketamine; west gives esketamine."""
    clinics = pd.DataFrame(
        {
            "clinic_id": ["east", "west"],
            "name": ["East", "West"],
            "state": "MT",
            "latitude": [45.0, 47.0],
            "longitude": -110.0,
            "location_precision": "zip",
        }
    ).reindex(columns=list(CLINICS.columns))
    services = pd.DataFrame(
        {
            "clinic_id": ["east", "east", "west"],
            "treatment": ["tms", "ketamine_iv", "esketamine"],
            "payers_accepted": ["medicare", "", ""],
            "payers_refused": ["medicaid", "", ""],
            "capacity_per_week": [20.0, None, 10.0],
            "source": "test",
        }
    ).reindex(columns=list(SERVICES.columns))
    return check_table(clinics, CLINICS, where="test"), check_table(services, SERVICES, where="test")


def after(*edits: Edit) -> tuple[pd.DataFrame, pd.DataFrame]:
    clinics, services = apply_scenario(Scenario(edits=edits), *two_clinics()).tables
    for table, contract in ((clinics, CLINICS), (services, SERVICES)):
        pd.testing.assert_frame_equal(check_table(table, contract, where="test"), table.reset_index(drop=True))
    return clinics, services


def given(services: pd.DataFrame, clinic_id: str) -> dict[str, pd.Series]:
    return {row["treatment"]: row for _, row in services[services["clinic_id"] == clinic_id].iterrows()}


def test_a_clinic_opens_at_the_site_of_another() -> None:
    clinics, services = after(kinds.OpenClinic(clinic_id="new", name="New", treatments=("ect",), at_clinic="west"))
    assert clinics.set_index("clinic_id").loc["new", ["latitude", "longitude"]].tolist() == [47.0, -110.0]
    assert list(given(services, "new")) == ["ect"]


def test_a_clinic_moves_to_the_site_of_another() -> None:
    clinics, _ = after(kinds.MoveClinic(clinic_id="east", at_clinic="west"))
    assert clinics["latitude"].tolist() == [47.0, 47.0]


def test_a_treatment_is_added_and_one_dropped() -> None:
    add = kinds.AddTreatment(clinic_id="west", treatment="tms", payers=("va",))
    _, services = after(add, kinds.DropTreatment(clinic_id="east", treatment="tms"))
    assert given(services, "west")["tms"]["payers_accepted"] == "va"
    assert list(given(services, "east")) == ["ketamine_iv"]


def test_certifying_a_clinic_that_gives_esketamine_marks_it_and_another_begins() -> None:
    _, services = after(kinds.CertifyRems(clinic_id="west"), kinds.CertifyRems(clinic_id="east"))
    assert given(services, "west")["esketamine"]["rems_certified"] is True
    assert given(services, "east")["esketamine"]["rems_certified"] is True
    assert services["rems_certified"].notna().sum() == 2


def test_a_payer_is_accepted_for_one_treatment_or_for_all() -> None:
    _, one = after(kinds.AcceptPayer(clinic_id="east", payer="medicaid", treatment="tms"))
    assert given(one, "east")["tms"][["payers_accepted", "payers_refused"]].tolist() == ["medicare|medicaid", ""]
    assert given(one, "east")["ketamine_iv"]["payers_accepted"] == ""
    _, both = after(kinds.AcceptPayer(clinic_id="east", payer="medicaid"))
    assert given(both, "east")["ketamine_iv"]["payers_accepted"] == "medicaid"
    assert given(both, "west")["esketamine"]["payers_accepted"] == ""


def test_capacity_is_set_and_hours_scale_what_is_known() -> None:
    _, services = after(kinds.ChangeCapacity(clinic_id="east", treatment="ketamine_iv", capacity_per_week=8))
    assert given(services, "east")["ketamine_iv"]["capacity_per_week"] == 8
    _, services = after(kinds.ChangeHours(clinic_id="east", hours_per_week=60, instead_of=40))
    assert given(services, "east")["tms"]["capacity_per_week"] == 30
    assert pd.isna(given(services, "east")["ketamine_iv"]["capacity_per_week"])


def test_a_part_of_the_week_shrinks_capacity_and_must_hold_the_course() -> None:
    _, services = after(kinds.PartWeek(clinic_id="west", days=("mon", "thu")))
    assert given(services, "west")["esketamine"][["capacity_per_week", "note"]].tolist() == [4.0, "open on mon, thu"]
    with pytest.raises(ScenarioError, match=r"tms needs 5 days a week, and east would be open on 2 \(mon, thu\)"):
        after(kinds.PartWeek(clinic_id="east", days=("mon", "thu")))


def test_a_mobile_site_is_a_clinic_at_each_stop_with_its_part_of_the_capacity() -> None:
    stops = (Stop(days=("mon", "tue"), **POINT), Stop(days=("wed", "thu", "fri"), at_clinic="west"))
    bus = kinds.MobileSite(
        clinic_id="bus", name="Bus", treatments=("esketamine",), stops=stops, payers=("medicaid",), capacity_per_week=10
    )
    clinics, services = after(bus)
    assert clinics["clinic_id"].tolist() == ["east", "west", "bus@1", "bus@2"]
    assert clinics["latitude"].tolist()[2:] == [46.0, 47.0]
    assert [given(services, stop)["esketamine"]["capacity_per_week"] for stop in ("bus@1", "bus@2")] == [4.0, 6.0]
    with pytest.raises(ScenarioError, match="tms needs 5 days a week, and bus@1"):
        after(bus.model_copy(update={"treatments": ("tms",)}))


def test_rides_change_no_table() -> None:
    for table, same in zip(after(kinds.RideProgram(name="Rides", clinic_ids=("west",))), two_clinics(), strict=True):
        pd.testing.assert_frame_equal(table, same)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (kinds.AddTreatment(clinic_id="east", treatment="tms"), r"Edit 1 \(add tms: east\).*gives tms already"),
        (kinds.AddTreatment(clinic_id="east", treatment="ect", payers=("va", "va")), "'va' is named twice"),
        (kinds.AcceptPayer(clinic_id="east", payer="medicare", treatment="tms"), "accepts medicare already"),
        (kinds.AcceptPayer(clinic_id="east", payer="gold"), "'gold' is not known"),
        (kinds.AcceptPayer(clinic_id="west", payer="va", treatment="tms"), "does not give tms"),
        (kinds.ChangeCapacity(clinic_id="west", treatment="tms", capacity_per_week=1), "does not give tms"),
        (kinds.ChangeHours(clinic_id="wets", hours_per_week=1, instead_of=2), "Did you mean west"),
        (kinds.RideProgram(name="Rides", clinic_ids=("nobody",)), r"Edit 1 \(ride: Rides\).*no clinic nobody"),
        (kinds.RideProgram(name="Rides", treatments=("leeches",)), "'leeches' is not known"),
        (OPEN.model_copy(update={"latitude": None, "longitude": None, "town": "Bozeman, MT"}), "has no point yet"),
        (kinds.OpenClinic(clinic_id="new", name="New", treatments=("ect",), at_clinic="moon"), "no clinic moon"),
        (OPEN.model_copy(update={"days": ("mon",)}), "tms needs 5 days a week"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(edit: Edit, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        after(edit)


def test_certifying_twice_over_is_refused() -> None:
    clinics, services = after(kinds.CertifyRems(clinic_id="west"))
    with pytest.raises(ScenarioError, match="certified for esketamine already"):
        apply_scenario(Scenario(edits=(kinds.CertifyRems(clinic_id="west"),)), clinics, services)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (OPEN, kinds.CloseClinic(clinic_id="new")),
        (OPEN, OPEN),
        (kinds.MoveClinic(clinic_id="east", **POINT), kinds.CloseClinic(clinic_id="east")),
        (kinds.MoveClinic(clinic_id="east", **POINT), kinds.MoveClinic(clinic_id="east", at_clinic="west")),
        (
            kinds.AddTreatment(clinic_id="west", treatment="tms"),
            kinds.DropTreatment(clinic_id="west", treatment="tms"),
        ),
        (
            kinds.DropTreatment(clinic_id="east", treatment="tms"),
            kinds.AddTreatment(clinic_id="east", treatment="tms"),
        ),
        (
            kinds.ChangeCapacity(clinic_id="east", treatment="tms", capacity_per_week=1),
            kinds.DropTreatment(clinic_id="east", treatment="tms"),
        ),
        (
            kinds.AcceptPayer(clinic_id="east", treatment="tms", payer="va"),
            kinds.DropTreatment(clinic_id="east", treatment="tms"),
        ),
        (
            kinds.ChangeHours(clinic_id="east", hours_per_week=1, instead_of=2),
            kinds.ChangeHours(clinic_id="east", hours_per_week=1, instead_of=2),
        ),
        (kinds.RideProgram(name="Rides"), kinds.RideProgram(name="Rides", max_minutes=90)),
        (kinds.CertifyRems(clinic_id="east"), kinds.DropTreatment(clinic_id="east", treatment="esketamine")),
    ],
)
def test_edits_that_contradict_each_other_are_refused_by_number(first: Edit, second: Edit) -> None:
    other = kinds.AddTreatment(clinic_id="west", treatment="ect")
    with pytest.raises(ScenarioError, match=r"^Edit 3 \(.*\) contradicts edit 1 \(.*\); take one of them out\.$"):
        after(first, other, second)


def test_a_file_by_hand_reads_as_it_says_and_towns_get_their_points() -> None:
    text = """
    version: 1
    name: Two sites
    pack: us-2020
    edits:
    - {action: open, clinic_id: a, name: A, town: "59330", treatments: [ect], cost_usd: 250000, state: NO}
    - action: mobile
      clinic_id: bus
      name: Bus
      treatments: [ketamine_iv]
      cost_usd:
      stops:
      - {town: "Miles City, MT", days: [mon, tue]}
    """
    gazetteer = load_gazetteer()
    plan = parse_scenario(text)
    assert (plan.edits[0].town, plan.edits[0].state, plan.cost_usd) == ("59330", "NO", None)
    found = locate_towns(plan, lambda typed: find_place(typed, *gazetteer))
    zip_59330 = gazetteer.zips.set_index("zip").loc["59330"]
    assert found.edits[0].latitude == zip_59330["latitude"]
    assert found.edits[1].stops[0].has_point
    assert parse_scenario(scenario_text(found)) == found
    with pytest.raises(ScenarioError, match="Edit 1: "):
        locate_towns(parse_scenario(text.replace("59330", "Nowhere, MT")), lambda typed: find_place(typed, *gazetteer))


EDIT = "edits: [{action: open, clinic_id: a, name: b, treatments: [tms], %s}]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: *x", "line 2: it refers to another part"),
        ("edits: !!python/object/apply:os.system [ls]", r"line 1: it has a tag \(!\)"),
        ("name: a\nname: b", "line 2: the key 'name' is there twice"),
        ("? [a, b]\n: c", "is not text"),
        ("- 1", "holds no scenario"),
        ("", "holds no scenario"),
        ("version: 2", "is of version 2"),
        ("name: a\nsurprise: 1", "surprise: Extra inputs"),
        ("[" * 5000, "too deep"),
        ("name: a\x00b", "not a readable YAML file"),
        ("note: " + "x" * 1_000_000, "larger than 1,000,000 bytes"),
        (EDIT % "latitude: 45", "a point needs latitude and longitude"),
        (EDIT % "note: here", "note: Extra inputs"),
        (EDIT % "payers: [va]", "say where"),
        (EDIT % "town: x, at_clinic: y", "at_clinic stands alone"),
        (EDIT % "latitude: .nan, longitude: 5", "latitude"),
        (EDIT % "latitude: 45, longitude: -110, cost_usd: -1", "cost_usd"),
        (EDIT % "latitude: 45, longitude: -110, days: [monday]", "days"),
        ("edits: [{action: hours, clinic_id: a, hours_per_week: 0, instead_of: 40}]", "hours_per_week"),
        (
            "edits: [{action: mobile, clinic_id: a, name: b, treatments: [tms], stops: "
            "[{town: x, days: [mon]}, {town: y, days: [mon]}]}]",
            "stand twice on mon",
        ),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says) as refused:
        parse_scenario(text, "plan.yaml")
    assert str(refused.value).startswith("plan.yaml")
    assert "\n" not in str(refused.value)
