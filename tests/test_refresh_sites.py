"""Sites keep their ids through every refresh, people overrule the rules and take it back, and a kill costs nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from access.places.directory.assemble import DROPPED_AFTER_DAYS, assemble_clinics
from access.places.directory.decisions import DECISIONS_FILE, decision_table, shipped_decisions
from access.places.directory.records import Listings, read_records
from access.places.directory.refresh import refresh_clinics
from access.places.gazetteer.lookup import load_gazetteer
from access.places.national_pack import build_clinics
from access.places.pack import LIVE, load_pack, pack_folder
from access.places.source_files import SourceFiles
from access.tables import LISTINGS, SERVICES, conform_table
from tests.conftest import ROOT
from tests.directory_world import Directory, directory, facility
from tests.killing import killed

Run = Callable[..., tuple[int, str, str]]
FIRST = facility("aaaaa1111111", "ME", 44.80, -68.77, "TMS")
SECOND = facility("bbbbb2222222", "ME", 43.66, -70.26, "ECT")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with directory(monkeypatch, [FIRST, SECOND]) as made:
        yield made


def maine() -> pd.DataFrame:
    return refresh_clinics(sources=["samhsa_locator"], states=["ME"], again=True).changes


def record(record_id: str, source: str, name: str, **more: object) -> dict[str, object]:
    return {
        "clinic_id": record_id, "source": source, "name": name, "address": "5 Elm St", "city": "Bangor", "state": "ME",
        "zip": "04401", "first_seen": "2026-01-01", "last_seen": "2026-01-01", "latitude": 44.8, "longitude": -68.77,
        "location_precision": "street",
    } | more  # fmt: skip


def service(record_id: str, treatment: str, **more: object) -> dict[str, object]:
    said = {"clinic_id": record_id, "treatment": treatment, "payers_accepted": "", "payers_refused": "", "source": "x"}
    return said | more


def listed(*records: dict[str, object], **gone: str) -> Listings:
    services = [service(str(one["clinic_id"]), "tms", missing_since=one.get("missing_since")) for one in records]
    return Listings(conform_table(pd.DataFrame(records), LISTINGS), conform_table(pd.DataFrame(services), SERVICES))


def sites(listings: Listings, day: str = "2026-11-29", decisions: pd.DataFrame | None = None) -> dict[str, str]:
    made = assemble_clinics(listings, load_gazetteer(), day=day, decisions=decisions)
    kept = made.listings.clinics.dropna(subset=["site"])
    assert set(kept["site"]) == set(made.merged.clinics["clinic_id"]) == set(made.merged.services["clinic_id"])
    return dict(zip(kept["clinic_id"], kept["site"], strict=True))


def test_a_site_keeps_its_id_when_a_more_trusted_source_comes() -> None:
    old = record("samhsa-1", "samhsa_directory", "Elm Clinic", site="samhsa-1")
    new = record("ft-1", "samhsa_locator", "Elm Clinic")
    assert sites(listed(new)) == {"ft-1": "ft-1"}
    assert sites(listed(new, old)) == {"ft-1": "samhsa-1", "samhsa-1": "samhsa-1"}


def test_of_two_sites_that_become_one_the_more_trusted_one_s_id_stays() -> None:
    one = record("ft-1", "samhsa_locator", "Elm Clinic", site="ft-1")
    other = record("samhsa-1", "samhsa_directory", "Elm Clinic", site="samhsa-1")
    assert set(sites(listed(one, other)).values()) == {"ft-1"}


def test_of_a_site_that_becomes_two_the_part_that_gave_the_id_keeps_it() -> None:
    one = record("ft-1", "samhsa_locator", "Elm Clinic", site="samhsa-1")
    other = record("samhsa-1", "samhsa_directory", "Elm Clinic", site="samhsa-1")
    apart = pd.DataFrame([{"one": "ft-1", "other": "samhsa-1", "same": False}])
    assert sites(listed(one, other), decisions=apart) == {"ft-1": "ft-1", "samhsa-1": "samhsa-1"}
    # And when a third record had the id of a site that is no more, no two sites get one id.
    third = record("cms-1", "medicare", "Oak Practice", address="9 Oak St", site="samhsa-1")
    found = sites(listed(one, other, third), decisions=apart)
    assert found == {"ft-1": "ft-1", "samhsa-1": "samhsa-1", "cms-1": "cms-1"}


@pytest.mark.parametrize(("days", "stays"), [(DROPPED_AFTER_DAYS, True), (DROPPED_AFTER_DAYS + 1, False)])
def test_a_site_missing_for_over_a_year_is_no_clinic_but_stays_on_record(days: int, stays: bool) -> None:
    since = (pd.Timestamp("2026-11-29") - pd.Timedelta(days=days)).date().isoformat()
    gone = record("ft-1", "samhsa_locator", "Elm Clinic", site="ft-1", missing_since=since)
    here = record("ft-2", "samhsa_locator", "Oak Clinic", address="9 Oak St")
    made = assemble_clinics(listed(gone, here), load_gazetteer(), day="2026-11-29")
    assert ("ft-1" in set(made.merged.clinics["clinic_id"])) is stays
    assert set(made.listings.clinics["clinic_id"]) == {"ft-1", "ft-2"}


def test_a_treatment_that_one_record_of_a_source_still_has_is_not_missing() -> None:
    gone = record("cms-1", "medicare", "Elm Clinic", missing_since="2026-10-01")
    here = record("cms-2", "medicare", "Elm Clinic")
    made = assemble_clinics(listed(gone, here), load_gazetteer(), day="2026-11-29")
    assert made.merged.services[["clinic_id", "missing_since"]].fillna("").to_numpy().tolist() == [["cms-1", ""]]


def test_a_rebuilt_national_pack_keeps_what_was_gathered(world: Directory, shared: Path, tmp_path: Path) -> None:
    maine()
    files = SourceFiles(tmp_path / "cache", str(shared / "mirror"), None, refresh=False)
    made, _ = build_clinics(files, pack_folder(LIVE), "2026-11-30")
    kept = made.assembled.listings
    assert {"ft-aaaaa1111111", "ft-bbbbb2222222"} <= set(made.assembled.merged.clinics["clinic_id"])
    assert len(kept.of_source("samhsa_directory").clinics) == 444
    assert kept.of_source("samhsa_locator").clinics["missing_since"].isna().all()


def test_the_decisions_that_ship_join_sites_and_this_machine_overrules_them(
    national_pack_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = shipped_decisions()
    assert (ROOT / "data" / DECISIONS_FILE).read_bytes() == (ROOT / "data" / "starter" / DECISIONS_FILE).read_bytes()
    monkeypatch.setenv("TRD_ACCESS_DATA", str(national_pack_folder.parent))
    kept = read_records(national_pack_folder).listings
    site = kept.clinics.set_index("clinic_id")["site"]
    assert [site[said.one] == site[said.other] for said in shipped] == [True] * 5
    apart = [said.model_copy(update={"same": False}) for said in shipped]
    found = sites(kept, decisions=decision_table([*shipped, *apart]))
    assert [found[said.one] == found[said.other] for said in shipped] == [False] * 5


def test_a_decision_joins_sites_and_taken_back_parts_them(world: Directory, run: Run) -> None:
    maine()
    assert run("data", "same", "ft-bbbbb2222222", "ft-aaaaa1111111", "--why", "one campus", "--who", "me")[0] == 0
    assert "ft-bbbbb2222222" not in set(load_pack().clinics["clinic_id"])
    last = read_records(pack_folder(LIVE)).history.iloc[-1]
    assert (last["change"], last["before"], last["after"]) == ("joined", "ft-bbbbb2222222", "ft-aaaaa1111111")
    # The rules do not overturn it.
    assert maine().empty
    assert "ft-bbbbb2222222" not in set(load_pack().clinics["clinic_id"])
    code, out, _ = run("data", "why", "ft-bbbbb2222222")
    assert code == 0
    assert out.startswith("ft-aaaaa1111111: 2 records")
    assert "one with ft-aaaaa1111111: a person of this machine decided so" in out
    assert "me decided on" in out
    assert json.loads(run("data", "decided", "--json")[1])["decisions"][0]["why"] == "one campus"
    assert run("data", "undecide", "1")[0] == 0
    assert {"ft-aaaaa1111111", "ft-bbbbb2222222"} <= set(load_pack().clinics["clinic_id"])


def test_a_decision_against_another_is_refused_and_nothing_is_changed(world: Directory, run: Run) -> None:
    maine()
    pair = ("ft-aaaaa1111111", "ft-bbbbb2222222")
    third = ("ft-bbbbb2222222", "st-me-001")
    assert run("data", "same", *pair, "--why", "x")[0] == 0
    assert run("data", "same", *third, "--why", "x")[0] == 0
    code, _, said = run("data", "different", "ft-aaaaa1111111", "st-me-001", "--why", "x")
    assert code == 1
    assert "contradict each other" in said
    assert len(json.loads(run("data", "decided", "--json")[1])["decisions"]) == 2
    # Of two words on one pair the later one counts.
    assert run("data", "different", *pair, "--why", "x")[0] == 0
    assert "ft-aaaaa1111111" in set(load_pack().clinics["clinic_id"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["why", "nope"], "no clinic 'nope'"),
        (["same", "nope", "st-me-001", "--why", "x"], "no record 'nope'"),
        (["same", "st-me-002", "st-me-001", "--why", " "], "no decision (why: string should have at least 1"),
        (["undecide", "1"], "0 decisions"),
        (["refresh", "--state", "ZZ"], "no state 'ZZ'"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: list[str], says: str) -> None:
    code, _, said = run("data", *arguments)
    assert code == 1
    assert says in said


def test_the_command_tells_what_is_new_and_what_failed(world: Directory, run: Run) -> None:
    code, out, _ = run("data", "refresh", "--source", "samhsa_locator", "--state", "Maine")
    assert code == 0
    assert "SAMHSA FindTreatment.gov" in out
    assert "Facility aaaaa1" in out
    world.locator.always = "500"
    code, out, said = run(
        "data", "refresh", "--source", "samhsa_locator", "--source", "medicare", "--state", "ME", "--again", "--json"
    )
    assert code == 4
    assert "SAMHSA FindTreatment.gov could not be read, so what was known of it stays." in said
    assert list(json.loads(out)["failures"]) == ["samhsa_locator"]
    code, out, _ = run("data", "changes", "--csv", "--source", "samhsa_locator", "--since", "2026-01-01")
    assert code == 0
    assert [line.split(",")[2] for line in out.splitlines()] == ["change", "new", "new"]


REFRESHING = """
from access.places.directory.refresh import refresh_clinics

def act():
    refresh_clinics(sources=["samhsa_locator"], states=["ME"])
"""


def assert_usable(old: set[str]) -> bool:
    """The pack is whole, and is the old one or the new one; gives which."""
    pack = load_pack(LIVE)
    clinics, kept = set(pack.clinics["clinic_id"]), read_records(pack_folder(LIVE))
    assert set(kept.listings.clinics["site"].dropna()) == clinics
    assert set(pack.services["clinic_id"]) == clinics
    assert clinics - old <= {"ft-ccccc3333333"}
    return clinics == old


def test_killed_at_many_moments_a_refresh_leaves_a_usable_pack(world: Directory) -> None:
    maine()
    old = set(load_pack().clinics["clinic_id"])
    world.locator.listed = [FIRST, SECOND, facility("ccccc3333333", "ME", 44.1, -69.1, "KIT")]
    data = pack_folder(LIVE).parent
    for copy in [path for path in (data / ".cache").rglob("*") if path.is_file()]:
        copy.unlink()
    were_old = [assert_usable(old) for _ in killed(REFRESHING, data, stride=5)]
    assert len(were_old) > 7
    assert were_old[0]
    assert not assert_usable(old)
    # Nothing of those who were killed lies about.
    assert {path.name for path in data.iterdir()} == {LIVE, ".cache", f".{LIVE}.lock"}
