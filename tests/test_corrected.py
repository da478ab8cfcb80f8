"""What the keeper of a machine corrects is so in every pack, is said, and can be taken back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from access.errors import PackError
from access.places.directory.corrections import (
    CORRECTIONS_FILE,
    Correction,
    apply_corrections,
    read_corrections,
    save_corrections,
)
from access.places.pack import load_pack
from access.settings import settings

Run = Callable[..., tuple[int, str, str]]
SAYS = {"who": "Ann", "when": "2026-11-28", "why": "rang them"}


def fact(clinic_id: str, kind: str, **facts: object) -> Correction:
    return Correction.model_validate({"clinic_id": clinic_id, "kind": kind, **SAYS, **facts})


def test_a_closed_clinic_is_gone_and_nothing_else_is() -> None:
    pack = load_pack("starter")
    clinics, services = apply_corrections(pack.clinics, pack.services, [fact("st-me-001", "closed")])
    assert set(pack.clinics["clinic_id"]) - set(clinics["clinic_id"]) == {"st-me-001"}
    assert set(pack.services["clinic_id"]) - set(services["clinic_id"]) == {"st-me-001"}


def test_a_treatment_that_is_not_offered_goes_and_the_last_one_takes_the_clinic() -> None:
    pack = load_pack("starter")
    first = fact("st-al-002", "not_offered", treatment="tms")  # data/clinics.csv: esketamine and tms
    clinics, services = apply_corrections(pack.clinics, pack.services, [first])
    assert services.loc[services["clinic_id"] == "st-al-002", "treatment"].tolist() == ["esketamine"]
    assert "st-al-002" in set(clinics["clinic_id"])
    both = [first, fact("st-al-002", "not_offered", treatment="esketamine")]
    assert "st-al-002" not in set(apply_corrections(pack.clinics, pack.services, both)[0]["clinic_id"])


def test_a_new_phone_and_a_move_change_just_that_clinic_and_the_last_word_holds() -> None:
    pack = load_pack("starter")
    moved = {"address": "1 New St", "city": "Bangor", "state": "ME", "zip": "04401", "latitude": 44.8,
             "longitude": -68.8, "location_precision": "zip"}  # fmt: skip
    told = [fact("st-me-001", "phone", phone="207-555-0100"), fact("st-me-001", "moved", **moved),
            fact("st-me-001", "phone", phone="207-555-0199")]  # fmt: skip
    clinics, _ = apply_corrections(pack.clinics, pack.services, told)
    after = clinics.set_index("clinic_id")
    assert after.loc["st-me-001", list(moved)].to_dict() == moved
    assert after.loc["st-me-001", "phone"] == "207-555-0199"
    before = pack.clinics.set_index("clinic_id").drop(index="st-me-001")
    assert after.drop(index="st-me-001").equals(before)


def test_a_correction_holds_in_every_pack_that_is_loaded_until_it_is_taken_back(run: Run) -> None:
    code, said, _ = run("data", "correct", "st-me-001", "--closed", "--why", "rang them", "--who", "Ann")
    assert (code, "applied to every pack" in said) == (0, True)
    pack = load_pack("starter")
    assert "st-me-001" not in set(pack.clinics["clinic_id"])
    assert pack.manifest.notes[-1].startswith("1 clinics are corrected by the keeper")
    assert "st-me-001" in set(load_pack("starter", as_built=True).clinics["clinic_id"])
    code, said, _ = run("data", "corrected", "--json")
    (row,) = json.loads(said)["corrections"]
    assert (row["number"], row["clinic_id"], row["kind"], row["who"], row["why"]) == (
        1, "st-me-001", "closed", "Ann", "rang them",
    )  # fmt: skip
    assert run("data", "uncorrect", "1")[0] == 0
    assert "st-me-001" in set(load_pack("starter").clinics["clinic_id"])
    assert run("data", "uncorrect", "1")[0] == 1


def test_a_move_is_placed_by_its_zip_and_a_wrong_one_is_refused(run: Run) -> None:
    arguments = ("data", "correct", "st-me-001", "--why", "x", "--who", "Ann", "--moved")
    assert run(*arguments, "12 Main St, Bangor, ME 04401")[0] == 0
    clinic = load_pack("starter").clinics.set_index("clinic_id").loc["st-me-001"]
    assert clinic[["address", "city", "zip", "location_precision"]].tolist() == ["12 Main St", "Bangor", "04401", "zip"]
    for wrong in ("nowhere", "1 Main St, Bangor, XX 04401", "1 Main St, Nosuchtown, ME"):
        code, _, trouble = run(*arguments, wrong)
        assert code == 1
        assert trouble
    assert len(read_corrections()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("st-me-001",), ("st-me-001", "--closed", "--phone", "1"), ("st-me-001", "--not-offered", "magic")],
)
def test_one_thing_is_said_at_a_time_and_in_our_words(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("data", "correct", *arguments, "--why", "x")[0] == 2
    assert read_corrections() == []


def test_a_clinic_that_is_not_there_cannot_be_corrected(run: Run) -> None:
    code, _, trouble = run("data", "correct", "st-xx-999", "--closed", "--why", "x", "--who", "Ann")
    assert code == 1
    assert "There is no clinic 'st-xx-999'" in trouble


def test_the_file_is_exported_by_copying_and_a_broken_line_is_named(tmp_path: Path) -> None:
    path = save_corrections([fact("a", "closed"), fact("b", "phone", phone="1")], tmp_path)
    assert path == tmp_path / CORRECTIONS_FILE
    assert [one.clinic_id for one in read_corrections(tmp_path)] == ["a", "b"]
    path.write_text(path.read_text() + '{"clinic_id": "c", "kind": "burnt"}\n')
    with pytest.raises(PackError, match="line 3 is no correction"):
        read_corrections(tmp_path)


def test_a_broken_file_stops_the_pack_with_a_sentence_and_loses_nothing() -> None:
    folder = settings().data_folder
    folder.mkdir(parents=True)
    (folder / CORRECTIONS_FILE).write_text("nonsense\n")
    with pytest.raises(PackError, match="line 1 is no correction"):
        load_pack("starter")
    assert (folder / CORRECTIONS_FILE).read_text() == "nonsense\n"


def test_a_pack_made_of_another_does_not_keep_its_corrections(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("clinic_id,name,city,state,zip,treatments\nmine,Mine,Bangor,ME,04401,tms\n")
    save_corrections([fact("st-me-001", "closed")])
    assert run("data", "import", str(own), "--name", "mine", "--pack", "starter")[0] == 0
    assert "st-me-001" not in set(load_pack("mine").clinics["clinic_id"])
    save_corrections([])
    assert {"st-me-001", "mine"} <= set(load_pack("mine").clinics["clinic_id"])
