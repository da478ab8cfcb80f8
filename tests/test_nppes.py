"""The NPI registry's replies become places, whole or told: its recorded replies, and a server of its format."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from access.errors import SourceError
from access.sources.cms import nppes as source
from access.sources.cms.nppes import fetch_nppes_list, fetch_provider, read_providers
from access.sources.source_list import SourceList
from tests.services import Asked, Service, serving

Result = dict[str, Any]


def place(street: str, state: str, postal_code: str, **other: str) -> dict[str, str]:
    """An address as the registry sends it."""
    return {
        "country_code": "US",
        "country_name": "United States",
        "address_purpose": "LOCATION",
        "address_type": "DOM",
        "address_1": street,
        "address_2": "",
        "city": "BANGOR",
        "state": state,
        "postal_code": postal_code,
        "telephone_number": "207-555-0100",
    } | other


def organisation(number: int, *places: dict[str, str], code: str = "2084P0800X", desc: str = "") -> Result:
    """A provider as the registry sends it; the first of `places` is the primary one."""
    first, *further = places or (place("1 MAIN ST", "ME", "044011234"),)
    return {
        "enumeration_type": "NPI-2",
        "number": number,
        "basic": {"organization_name": f"CLINIC {number}", "status": "A", "name": None},
        "addresses": [first, place("PO BOX 1", "TX", "750010000", address_purpose="MAILING")],
        "practiceLocations": [{key: cell for key, cell in it.items() if key != "address_purpose"} for it in further],
        "taxonomies": [{"code": code, "desc": desc or "Psychiatry & Neurology, Psychiatry", "primary": True}],
    }


@dataclass
class Registry:
    """Answers as the registry's help says: at most 200 a page, nothing past 1,000; `word`: how it misbehaves."""

    service: Service
    held: list[Result] = field(default_factory=list)
    word: str = ""

    def answer(self, _path: str, asked: Asked) -> object:
        found = [result for result in self.held if self.word == "ignored" or fits(result, asked)]
        skip = min(int(asked.get("skip", "0")), 600 if self.word == "repeats" else 1000)
        page = found[skip : skip + int(asked.get("limit", "10"))]
        return {"result_count": len(page), "results": page}

    def read(self, cache: Path, *states: str) -> SourceList:
        return fetch_nppes_list(states=states, cache=cache, mirror=None, refresh=True, progress=None)


def fits(result: Result, asked: Asked) -> bool:
    primary = [it for it in result["addresses"] if it["address_purpose"] == "LOCATION"]
    places = primary + result.get("practiceLocations", [])
    return (
        str(result["number"]) == asked.get("number", str(result["number"]))
        and any(it["state"] == asked.get("state", it["state"]) for it in places)
        and any(it["postal_code"].startswith(asked.get("postal_code", "*").rstrip("*")) for it in places)
        and any(is_called(it["desc"], asked.get("taxonomy_description", "*")) for it in result["taxonomies"])
    )


def is_called(description: str, asked: str) -> bool:
    """As the help says: the whole description or the specialty in it, or with a * its beginning."""
    names = {description.lower(), description.lower().partition(", ")[2] or description.lower()}
    words = asked.lower()
    return any(name.startswith(words[:-1]) for name in names) if words.endswith("*") else words in names


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with serving() as service:
        made = Registry(service)
        service.answer = made.answer
        monkeypatch.setenv("TRD_ACCESS_URL_NPPES", f"{service.base}/api/")
        monkeypatch.setattr(source, "_PAUSE_SECONDS", 0.0)
        yield made


def ids(got: SourceList) -> list[str]:
    return list(got.clinics["clinic_id"])


@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("1f9cef", 10, "1568946812", "1598037822"),
        ("34c18d", 10, "1114920071", "1316934664"),
        ("6b1573", 10, "1053975268", "1972547016"),
        ("8bdc8b", 1, "1568946812", "1568946812"),
        ("a769af", 200, "1003142399", "1073979746"),
        ("b2f594", 1, "1720377294", "1720377294"),
        ("f62abe", 5, "1396949913", "1972910164"),
        ("f7d8ea", 10, "1053975268", "1083762025"),
    ],
)
def test_a_recorded_reply_is_read(shared: Path, name: str, count: int, first: str, last: str) -> None:
    said, found = read_providers((shared / "recorded" / f"api-{name}.json").read_bytes())
    assert (said, found[0].number, found[-1].number) == (count, first, last)


def test_a_recorded_reply_of_nobody_is_empty(shared: Path) -> None:
    assert read_providers((shared / "recorded" / "api-a2f836.json").read_bytes()) == (0, [])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("8d2d52", "04 No valid search criteria provided"),
        ("c85286", "09 enumeration_type requires additional search criteria"),
    ],
)
def test_a_recorded_refusal_with_status_200_is_told_in_its_words(shared: Path, name: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_providers((shared / "recorded" / f"api-{name}.json").read_bytes())


def test_a_recorded_organisation_has_its_two_places(shared: Path, registry: Registry, tmp_path: Path) -> None:
    recorded = json.loads((shared / "recorded" / "api-8bdc8b.json").read_bytes())
    registry.held = recorded["results"]
    got = fetch_provider("1568946812", cache=tmp_path)
    rows = got.clinics[["clinic_id", "name", "address", "city", "state", "zip", "phone"]].to_numpy().tolist()
    name, phone = "CSP ANESTHESIA LLC", "888-408-0200"
    assert rows == [
        ["npi-1568946812", name, "403 PERMIAN WAY STE D", "VILLA RICA", "GA", "30180", phone],
        ["npi-1568946812-2", name, "5505 ROSWELL RD STE 350B", "ATLANTA", "GA", "30342", phone],
    ]
    assert got.services.empty
    assert got.urls["npi-1568946812-2"].endswith("/1568946812")


def test_a_recorded_person_has_a_name_and_title(shared: Path, registry: Registry, tmp_path: Path) -> None:
    registry.held = json.loads((shared / "recorded" / "api-b2f594.json").read_bytes())["results"]
    got = fetch_provider("1720377294", cache=tmp_path).clinics
    assert list(got["name"]) == ["ELISE HIZA, M.D."] * 2
    assert list(got["zip"]) == ["28801", "30303"]


def test_a_recorded_address_abroad_is_left_out(shared: Path, registry: Registry, tmp_path: Path) -> None:
    registry.held = json.loads((shared / "recorded" / "api-6b1573.json").read_bytes())["results"]
    assert ids(fetch_provider("1053975268", cache=tmp_path)) == []


def test_only_what_is_active_and_has_a_code_that_is_meant_is_taken(registry: Registry, tmp_path: Path) -> None:
    closed = organisation(1000000002)
    closed["basic"]["status"] = "D"
    person = organisation(1000000010)
    person["enumeration_type"] = "NPI-1"
    registry.held = [
        organisation(1000000001),
        closed,
        person,
        organisation(1000000003, code="2084P0804X", desc="Child & Adolescent Psychiatry"),
        organisation(1000000004, code="261QM0801X", desc="Clinic/Center, Mental Health (Including Community)"),
        organisation(1000000005, code="283Q00000X", desc="Psychiatric Hospital"),
        organisation(1000000006, code="261QI0500X", desc="Clinic/Center, Infusion Therapy"),
        organisation(1000000007, code="261QU0200X", desc="Clinic/Center, Urgent Care"),
        organisation(1000000008, code="261QM0850X", desc="Clinic/Center, Adult Mental Health"),
        organisation(1000000009, code="101YM0800X", desc="Counselor, Mental Health"),
    ]
    got = registry.read(tmp_path, "ME")
    assert ids(got) == [f"npi-100000000{at}" for at in (1, 4, 5, 6, 8)]
    assert got.notes[-1].endswith("left out: 1.")


def test_an_organisation_of_two_taxonomies_comes_once(registry: Registry, tmp_path: Path) -> None:
    both = organisation(1000000001)
    both["taxonomies"].append({"code": "283Q00000X", "desc": "Psychiatric Hospital", "primary": False})
    registry.held = [both]
    assert ids(registry.read(tmp_path, "ME")) == ["npi-1000000001"]


def test_places_keep_their_number_and_come_once(registry: Registry, tmp_path: Path) -> None:
    main = place("1 MAIN ST", "ME", "04401")
    registry.held = [
        organisation(
            1000000001,
            main,
            main,
            place("2 ELM ST", "NH", "03031"),
            place("3 OAK ST", "ME", "044019999", address_2="--"),
            place("4 RUE X", "QUEBEC", "H2X1Y4", country_code="CA", address_type="FGN"),
        )
    ]
    got = registry.read(tmp_path, "ME")
    assert ids(got) == ["npi-1000000001", "npi-1000000001-4"]
    assert list(got.clinics["address"]) == ["1 MAIN ST", "3 OAK ST"]
    assert list(got.clinics["zip"]) == ["04401", "04401"]


def test_what_is_no_zip_is_not_known(registry: Registry, tmp_path: Path) -> None:
    registry.held = [organisation(1000000001, place("1 MAIN ST", "ME", "0440"))]
    assert registry.read(tmp_path, "ME").clinics["zip"].isna().all()


def test_each_question_is_one_the_registry_takes(registry: Registry, tmp_path: Path) -> None:
    registry.held = [organisation(1000000001)]
    registry.read(tmp_path, "ME", "NH")
    assert len(registry.service.asked) == 2 * 5
    for _, asked in registry.service.asked:
        assert asked["version"] == "2.1"
        assert asked["enumeration_type"] == "NPI-2"
        assert asked["address_purpose"] == "LOCATION"
        assert int(asked["limit"]) <= 200
        assert int(asked["skip"]) <= 1000


def spread(count: int, zips: list[str]) -> list[Result]:
    """Organisations over ZIPs in turn."""
    return [
        organisation(1000000000 + at, place(f"{at} MAIN ST", "ME", zips[at % len(zips)] + "0001"))
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [199, 200, 201, 1199])
def test_up_to_the_limit_pages_are_enough(registry: Registry, tmp_path: Path, count: int) -> None:
    registry.held = spread(count, ["04401"])
    assert len(ids(registry.read(tmp_path, "ME"))) == count
    assert not any("postal_code" in asked for _, asked in registry.service.asked)


@pytest.mark.parametrize("word", ["", "repeats"])
def test_past_the_limit_zips_are_asked_until_all_are_there(registry: Registry, tmp_path: Path, word: str) -> None:
    registry.word = word
    registry.held = spread(1501, ["04401", "04402", "04511", "03901"])
    registry.held.append(organisation(1999999999, place("9 HIGH ST", "ME", "")))
    registry.held.insert(0, organisation(1999999998, place("8 HIGH ST", "ME", "")))
    # Without a ZIP, an organisation is found only among the first pages: so the one at the end is out of reach.
    truth = {f"npi-{result['number']}" for result in registry.held[:-1]}
    got = registry.read(tmp_path, "ME")
    assert set(ids(got)) == truth
    assert {"04*", "03*"} <= {asked.get("postal_code") for _, asked in registry.service.asked}


def test_one_zip_past_the_limit_is_told(registry: Registry, tmp_path: Path) -> None:
    registry.held = spread(1300, ["04401"])
    got = registry.read(tmp_path, "ME")
    assert len(ids(got)) == 1200
    assert got.notes[-1] == "The NPI registry gave only a part of Psychiatry in ME 04401."


def test_a_question_that_is_not_heeded_is_an_error(registry: Registry, tmp_path: Path) -> None:
    registry.word = "ignored"
    registry.held = [organisation(1000000001, place("1 X ST", state, "990010000")) for state in ("TX", "ME", "CA")]
    with pytest.raises(SourceError, match="not heeded"):
        registry.read(tmp_path, "ME")


def test_one_odd_entry_among_many_is_no_error(registry: Registry, tmp_path: Path) -> None:
    registry.word = "ignored"
    every = [{"code": "2084P0800X", "desc": "Psychiatry, Adult Mental Health, Psychiatric Hospital, Infusion Therapy"}]
    registry.held = [organisation(1000000000 + at) for at in range(3)]
    registry.held.append(organisation(1000000009, place("1 X ST", "TX", "750010000")))
    for result in registry.held:
        result["taxonomies"] = every
    assert ids(registry.read(tmp_path, "ME")) == [f"npi-100000000{at}" for at in range(3)]


def test_a_reply_that_is_none_is_an_error(registry: Registry, tmp_path: Path) -> None:
    registry.service.answer = lambda _path, _asked: {"message": "hello"}
    with pytest.raises(SourceError, match="no results and no errors"):
        registry.read(tmp_path, "ME")


def test_a_provider_who_is_not_known_has_no_places(registry: Registry, tmp_path: Path) -> None:
    assert ids(fetch_provider("1000000001", cache=tmp_path)) == []
    assert registry.service.asked == [("/api/", {"version": "2.1", "number": "1000000001"})]


def test_another_provider_than_asked_is_an_error(registry: Registry, tmp_path: Path) -> None:
    registry.word = "ignored"
    registry.held = [organisation(1000000002)]
    with pytest.raises(SourceError, match="asked for 1000000001 and sent 1000000002"):
        fetch_provider("1000000001", cache=tmp_path)


@pytest.mark.parametrize("number", ["", "123", "12345678901", "12345abcde", "１２３４５６７８９０"])
def test_what_is_no_npi_is_not_asked(registry: Registry, tmp_path: Path, number: str) -> None:
    with pytest.raises(SourceError, match="ten digits"):
        fetch_provider(number, cache=tmp_path)
    assert registry.service.asked == []
