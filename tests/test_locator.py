"""SAMHSA's locator is read whole or not at all: against a server that speaks its format and has bad days."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from access.errors import SourceError
from access.sources.samhsa import locator as module
from access.sources.samhsa.locator import fetch_locator_list, fetch_locator_list_near
from access.sources.samhsa.locator_facilities import (
    FacilityPage,
    FacilityRow,
    clinic_of_facility,
    codes_in_text,
    services_of_facility,
)
from access.sources.source_list import SourceList
from access.tables import CLINICS, SERVICES
from tests.locator_server import ORDER, Facility, World, facilities, metres, serving

LISTED = facilities()
MEANING = {"KIT": "ketamine_iv", "TMS": "tms", "ECT": "ect"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)
    with serving(LISTED) as held:
        monkeypatch.setenv("TRD_ACCESS_URL_FINDTREATMENT", f"{held.base}/locator/exportsAsJson/v2")
        yield held


def given(found: SourceList) -> set[tuple[str, str]]:
    return set(zip(found.services["clinic_id"], found.services["treatment"], strict=True))


def expected(listed: list[Facility], *, by_text: bool = False) -> set[tuple[str, str]]:
    pairs = set()
    for one in listed:
        if one.codes or by_text:
            for code in one.codes | one.words:
                pairs.add((f"ft-{one.frid[:12]}", MEANING[code]))
    return pairs


def of_state(state: str) -> list[Facility]:
    return [one for one in LISTED if one.state == state]


def maine(cache: Path) -> SourceList:
    return fetch_locator_list(states=["ME"], cache=cache)


def test_the_country_comes_whole_and_a_treatment_named_by_text_alone_counts(world: World, tmp_path: Path) -> None:
    found = fetch_locator_list(states=None, cache=tmp_path)
    assert given(found) == expected(LISTED, by_text=True)
    assert len(found.clinics) == 460
    assert [asked["page"] for asked in world.asked if "sCodes" not in asked] == list("1234567")
    assert set(found.services["payers_accepted"]) == {"medicare|self_pay"}
    assert found.services["seen_date"].isna().all()
    SERVICES.validate(found.services)
    CLINICS.validate(found.clinics)


@pytest.mark.parametrize("state", ["ME", "WI", "MD", "WY"])
def test_a_state_is_asked_by_the_locators_own_number(world: World, tmp_path: Path, state: str) -> None:
    assert given(fetch_locator_list(states=[state], cache=tmp_path)) == expected(of_state(state))
    assert {asked["limitValue"] for asked in world.asked} == {str(ORDER.index(state) + 1)}


def test_puerto_rico_is_asked_by_distance_and_states_are_joined(world: World, tmp_path: Path) -> None:
    found = fetch_locator_list(states=["PR", "ME"], cache=tmp_path)
    assert given(found) == expected(of_state("PR") + of_state("ME"))
    assert expected(of_state("PR"))


def test_near_a_point_is_within_the_distance(world: World, tmp_path: Path) -> None:
    within = [one for one in LISTED if metres((32.0, -118.0), (one.latitude, one.longitude)) <= 20_000]
    assert given(fetch_locator_list_near(32.0, -118.0, 20_000, cache=tmp_path)) == expected(within)
    assert 0 < len(within) < len(of_state("MI"))


def test_a_copy_of_today_is_not_asked_again_but_on_refresh(world: World, tmp_path: Path) -> None:
    maine(tmp_path)
    asked = len(world.asked)
    maine(tmp_path)
    assert len(world.asked) == asked
    fetch_locator_list(states=["ME"], cache=tmp_path, refresh=True)
    assert len(world.asked) == 2 * asked


@pytest.mark.parametrize(
    "mischief",
    [["429"], ["good", "500"], ["truncated"], ["html"], ["renamed"], ["good", "short"]],
)
def test_a_bad_moment_passes(world: World, tmp_path: Path, mischief: list[str]) -> None:
    world.mischief = mischief
    assert given(maine(tmp_path)) == expected(of_state("ME"))


@pytest.mark.parametrize("word", ["shrunk", "duplicated", "short", "500"])
def test_a_page_that_does_not_fit_the_others_is_read_again(world: World, tmp_path: Path, word: str) -> None:
    world.mischief = ["good", "good", word]
    assert given(fetch_locator_list(states=None, cache=tmp_path)) == expected(LISTED, by_text=True)


@pytest.mark.parametrize(
    ("always", "says"),
    [
        ("truncated", "did not answer as it should"),
        ("html", "a web page instead of data"),
        ("renamed", "latitude"),
        ("short", "did not hold still, read 3 times"),
        ("huge", "2,147,483,648 bytes"),
        ("drip", "too slowly"),
        ("no_filter", "ignored the filter"),
        ("redirect", "sends us on to"),
        ("wrong_ids", r"asked for ME and answered with MI \(1 rows"),
    ],
)
def test_a_bad_day_is_a_plain_error(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always: str, says: str
) -> None:
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.2 if always == "drip" else 60)
    world.always = always
    with pytest.raises(SourceError, match=says) as caught:
        maine(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_duplicated_page_each_time_is_an_error(world: World, tmp_path: Path) -> None:
    world.always = "duplicated"
    with pytest.raises(SourceError, match="page 2 repeats Facility"):
        fetch_locator_list(states=None, cache=tmp_path)


def test_a_list_without_a_state_is_not_the_country(world: World, tmp_path: Path) -> None:
    world.listed = [one for one in LISTED if one.state != "HI"]
    with pytest.raises(SourceError, match="no facility in HI"):
        fetch_locator_list(states=None, cache=tmp_path)


def recorded(shared: Path) -> list[FacilityRow]:
    path = shared / "recorded" / "findtreatment_listing_recorded_2019.json"
    page = FacilityPage.model_validate_json(path.read_bytes())
    assert (page.page, page.totalPages, page.recordCount, len(page.rows)) == (1, 765, 22949, 30)
    return page.rows


def test_the_recorded_reply_reads_as_it_stands(shared: Path) -> None:
    rows = recorded(shared)
    assert [at for at, row in enumerate(rows, 1) if codes_in_text(row)] == [7, 9]
    hospital = clinic_of_facility(rows[6])
    assert hospital["clinic_id"] == "ft-7fa166708aed"
    assert hospital["name"] == "University of Virginia Medical Center"
    assert (hospital["latitude"], hospital["longitude"]) == (38.0311849, -78.4988225)
    assert (hospital["zip"], hospital["setting"], hospital["telehealth"]) == ("22908", "hospital", None)
    (offer,) = services_of_facility(rows[6], codes_in_text(rows[6]), "2026-11-29", "https://findtreatment.gov/")
    assert (offer["treatment"], offer["note"]) == ("ect", "lists no outpatient care")
    assert offer["payers_accepted"] == "medicare|medicaid|private|tricare|va|self_pay|sliding_scale"
    practice = clinic_of_facility(rows[8])
    assert practice["name"] == "UVA Health Systems, Department of Psychiatric Medicine"
    assert (practice["telehealth"], practice["setting"]) == (True, None)
    assert clinic_of_facility(rows[2])["speaks_spanish"] is True


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"zip": "2155"}, "zip", "02155"),
        ({"zip": "02155-1234"}, "zip", "02155"),
        ({"zip": "none"}, "zip", None),
        ({"latitude": "0", "longitude": "0"}, "latitude", None),
        ({"latitude": None}, "location_precision", None),
        ({"latitude": "-78.5", "longitude": "38.0"}, "latitude", None),
        ({"latitude": "nan"}, "latitude", None),
        ({"services": None}, "telehealth", None),
    ],
)
def test_a_bad_field_is_missing_and_the_record_stays(
    shared: Path, change: dict[str, object], column: str, value: object
) -> None:
    row = recorded(shared)[8].model_copy(update=change)
    assert clinic_of_facility(row)[column] == value
    assert clinic_of_facility(row)["clinic_id"] == "ft-e96ab37c4fde"


def test_insurance_other_than_medicaid_is_not_medicaid_and_assistance_is_no_sliding_scale() -> None:
    made = Facility("a" * 64, "ME", 44.0, -69.0, words={"ECT"}).row()
    made["services"] = [
        {"f1": "", "f2": "PAY", "f3": "State-financed health insurance plan other than Medicaid"},
        {"f1": "", "f2": "PYAS", "f3": "Payment assistance (check with facility for details)"},
    ]
    (offer,) = services_of_facility(FacilityRow.model_validate(made), {"ECT"}, "2026-11-29", "")
    assert (offer["payers_accepted"], offer["note"]) == ("", None)
