"""OpenStreetMap's records come whole or not at all: against recorded replies and a server that gives up on order."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from access.errors import SourceError
from access.sources.openstreetmap import overpass
from access.sources.openstreetmap.overpass import clinic_of_tags, fetch_openstreetmap_list
from access.sources.source_list import SourceList
from access.tables import LISTINGS
from tests.posted import posted_to

AREA = {"type": "area", "id": 3600063512}
HOSPITAL = {
    "type": "way",
    "id": 123,
    "center": {"lat": 44.3606, "lon": -69.7836},
    "nodes": [1, 2, 3, 1],
    "tags": {
        "amenity": "hospital",
        "healthcare": "hospital",
        "name": "MaineGeneral  Medical Center",
        "addr:housenumber": "35",
        "addr:street": "Medical Center Parkway",
        "addr:city": "Augusta",
        "addr:state": "ME",
        "addr:postcode": "04330-8160",
        "contact:phone": "+1-207-626-1000;+1-207-555-0100",
        "website": "javascript:alert(1);https://www.mainegeneral.org",
    },
}
PRACTICE = {
    "type": "node",
    "id": 7,
    "lat": 43.66,
    "lon": -70.26,
    "tags": {"amenity": "doctors", "healthcare:speciality": "neurology;psychiatry", "name": "Dr. Gray"},
}
CAMPUS = {"type": "relation", "id": 9, "tags": {"healthcare": "clinic", "name": "Campus", "addr:postcode": "4330"}}
NAMELESS = {"type": "node", "id": 8, "lat": 43.0, "lon": -70.0, "tags": {"amenity": "clinic"}}
GONE = {
    "type": "node",
    "id": 10,
    "lat": 43.0,
    "lon": -70.0,
    "tags": {"amenity": "hospital", "name": "Old Hospital (historical)"},
}
ALL = [HOSPITAL, PRACTICE, CAMPUS, NAMELESS, GONE]
Answer = Callable[[str], bytes]


def whole(elements: list[dict[str, object]], time: str = "2026-11-28T20:00:00Z", **more: str) -> bytes:
    told = {"timestamp_osm_base": time, "copyright": "The data is made available under ODbL."}
    return json.dumps({"version": 0.6, "osm3s": told, "elements": elements, **more}).encode()


def given_up(elements: list[dict[str, object]]) -> bytes:
    return whole(elements, remark='runtime error: Query timed out in "query" at line 1 after 180 seconds.')


def boxes_of(questions: list[str]) -> list[tuple[float, ...]]:
    """The boxes that were asked for, each once, in their order."""
    found = [box for question in questions for box in re.findall(r"\(area\.a\)\(([^)]*)\)", question)]
    return [tuple(map(float, box.split(","))) for box in dict.fromkeys(found)]


def matching(question: str) -> list[dict[str, object]]:
    """Those of ALL that the question asks for: by kind, and by its box where it has one."""
    kinds = set(re.findall(r"\b(nwr|node|way|relation)\[", question))
    box = re.search(r"\(area\.a\)\(([^)]*)\)", question)
    south, west, north, east = map(float, box[1].split(",")) if box else (-90, -180, 90, 180)

    def is_inside(element: dict[str, object]) -> bool:
        point = element.get("center", element)
        assert isinstance(point, dict)
        return "lat" not in point or (south <= point["lat"] <= north and west <= point["lon"] <= east)

    return [one for one in ALL if kinds & {"nwr", str(one["type"])} and is_inside(one)]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overpass, "_PAUSE_SECONDS", 0.0)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[SourceList, list[str]]]:
    """Asks a server that answers so: the list, and the questions in Overpass QL."""
    asked: list[str] = []

    def call(answer: Answer, *states: str, refresh: bool = False) -> tuple[SourceList, list[str]]:
        def say(body: bytes, content_type: str) -> bytes:
            assert content_type == "application/x-www-form-urlencoded"
            form = parse_qs(body.decode(), strict_parsing=True)
            assert form.keys() == {"data"}
            asked.append(form["data"][0])
            return answer(asked[-1])

        with posted_to(monkeypatch, "OVERPASS", say):
            found = fetch_openstreetmap_list(
                states=states or ("ME",), cache=tmp_path, mirror=None, refresh=refresh, progress=lambda *_: None
            )
        return found, asked

    return call


Asks = Callable[..., tuple[SourceList, list[str]]]


def test_each_tag_goes_to_its_column(ask: Asks) -> None:
    found, asked = ask(lambda question: whole([AREA, *matching(question)]))
    rows = found.clinics.set_index("clinic_id")
    assert list(rows.index) == ["osm-w123", "osm-n7", "osm-r9"]
    hospital = rows.loc["osm-w123"]
    assert hospital[["name", "address", "city", "state", "zip", "phone", "website", "setting"]].tolist() == [
        "MaineGeneral Medical Center",
        "35 Medical Center Parkway",
        "Augusta",
        "ME",
        "04330",
        "+1-207-626-1000",
        "https://www.mainegeneral.org",
        "hospital",
    ]
    assert hospital[["latitude", "longitude", "location_precision"]].tolist() == [44.3606, -69.7836, "rooftop"]
    assert rows.loc["osm-n7", ["latitude", "longitude", "setting"]].tolist() == [43.66, -70.26, "psychiatry_practice"]
    unknown = ["latitude", "longitude", "location_precision", "zip", "address", "setting", "telehealth"]
    assert rows.loc["osm-r9", unknown].isna().all()
    assert found.urls["osm-r9"] == "https://www.openstreetmap.org/relation/9"
    assert found.urls["osm-n7"] == "https://www.openstreetmap.org/node/7"
    assert len(found.services) == 0
    assert found.notes == ("© OpenStreetMap contributors, ODbL 1.0",)
    assert found.vintage == "2026-11-28T20:00:00Z"
    assert asked == [
        '[out:json][timeout:180];area["ISO3166-2"="US-ME"]->.a;.a out ids;'
        '(nwr["amenity"~"^(hospital|clinic|doctors)$"](area.a);nwr["healthcare"](area.a););out center;'
    ]


def test_the_records_keep_the_contract_of_listings(ask: Asks) -> None:
    found, _ = ask(lambda question: whole([AREA, *matching(question)]))
    seen = found.clinics.assign(
        source="openstreetmap", url=found.urls.to_numpy(), first_seen="2026-11-29", last_seen="2026-11-29"
    )
    LISTINGS.validate(seen.assign(missing_since=None, site=None).astype({"missing_since": "str", "site": "str"}))


def test_a_place_on_the_border_of_two_states_is_one_record(ask: Asks) -> None:
    times = {"US-PR": "2026-11-27T00:00:00Z", "US-ME": "2026-11-28T00:00:00Z"}

    def answer(question: str) -> bytes:
        return whole([AREA, HOSPITAL], next(time for code, time in times.items() if code in question))

    found, asked = ask(answer, "PR", "ME", "PR")
    assert found.clinics[["clinic_id", "state"]].to_numpy().tolist() == [["osm-w123", "PR"]]
    assert found.vintage == "2026-11-27T00:00:00Z"
    assert len(asked) == 2


def test_a_kept_answer_is_not_asked_again_unless_it_is_refreshed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with posted_to(monkeypatch, "OVERPASS", lambda *_: whole([AREA, HOSPITAL])) as sent:
        for refresh, times in ((False, 1), (False, 1), (True, 2)):
            fetch_openstreetmap_list(states=["ME"], cache=tmp_path, mirror=None, refresh=refresh, progress=None)
            assert len(sent) == times


def test_a_state_too_large_for_one_question_is_asked_for_kind_by_kind(ask: Asks) -> None:
    found, asked = ask(lambda question: (given_up if "nwr" in question else whole)([AREA, *matching(question)]))
    assert sorted(found.clinics["clinic_id"]) == ["osm-n7", "osm-r9", "osm-w123"]
    assert [re.findall(r";\((\w+)\[", question)[0] for question in asked] == ["nwr", "node", "way", "relation"]


def test_a_kind_too_large_is_asked_for_by_quarters_that_cover_the_state(ask: Asks) -> None:
    around = {"minlat": 42.0, "minlon": -72.0, "maxlat": 48.0, "maxlon": -66.0}

    def answer(question: str) -> bytes:
        if "out ids bb" in question:
            return whole([{"type": "relation", "id": 63512, "bounds": around}])
        is_large = "nwr" in question or ("way[" in question and ")(" not in question)
        return (given_up if is_large else whole)([AREA, *([] if is_large else matching(question))])

    found, asked = ask(answer)
    assert sorted(found.clinics["clinic_id"]) == ["osm-n7", "osm-r9", "osm-w123"]
    # cut by hand at 43.5, 45, 46.5 N and 70.5, 69, 67.5 W
    lats, lons = (-90, 43.5, 45, 46.5, 90), (-180, -70.5, -69, -67.5, 180)
    assert boxes_of(asked) == [(s, w, n, e) for s, n in pairwise(lats) for w, e in pairwise(lons)]


def test_a_state_on_both_sides_of_the_180th_meridian_is_cut_round_the_world(ask: Asks) -> None:
    around = {"minlat": 51.0, "minlon": 172.0, "maxlat": 71.0, "maxlon": -129.0}

    def answer(question: str) -> bytes:
        if "out ids bb" in question:
            return whole([{"type": "relation", "id": 1116270, "bounds": around}])
        return (whole if ")(" in question or "way[" in question or "relation[" in question else given_up)([AREA])

    _, asked = ask(answer, "AK")
    lats, lons = (-90, 56, 61, 66, 90), (-180, -90, 0, 90, 180)
    assert boxes_of(asked) == [(s, w, n, e) for s, n in pairwise(lats) for w, e in pairwise(lons)]


def test_a_server_that_gives_up_however_small_the_part_is_one_sentence(ask: Asks) -> None:
    around = {"minlat": 42.0, "minlon": -72.0, "maxlat": 48.0, "maxlon": -66.0}

    def answer(question: str) -> bytes:
        bounds = {"type": "relation", "id": 63512, "bounds": around}
        return whole([bounds]) if "out ids bb" in question else given_up([AREA, HOSPITAL])

    with pytest.raises(SourceError, match=r"gave up on Maine, .* Try again at another hour"):
        ask(answer)


def test_the_recorded_time_out_is_never_a_list(shared: Path, ask: Asks) -> None:
    said = (shared / "recorded" / "overpass_remark-runtime-error-01.json").read_bytes()
    with pytest.raises(SourceError, match="Query timed out"):
        ask(lambda _: said)


@pytest.mark.parametrize(
    ("name", "words"),
    [("overpass_bad-request.html", "web page"), ("overpass_node-01.json", "knows no area US-ME")],
)
def test_a_recorded_reply_that_is_no_answer_is_refused(name: str, words: str, shared: Path, ask: Asks) -> None:
    said = (shared / "recorded" / name).read_bytes()
    with pytest.raises(SourceError, match=f"did not answer as it should.*{words}"):
        ask(lambda _: said)


@pytest.mark.parametrize(
    "said",
    [
        b'{"elements": []}',
        whole([AREA, HOSPITAL])[:-20],
        whole([AREA, {**PRACTICE, "lat": 143.6}]),
        whole([AREA, {"type": "node", "id": 7, "tags": {"name": "Dr. Gray"}}]),
        b"",
    ],
    ids=["no osm3s", "cut", "off the earth", "a node without a place", "empty"],
)
def test_what_is_not_as_published_is_refused(said: bytes, ask: Asks) -> None:
    with pytest.raises(SourceError, match="did not answer as it should"):
        ask(lambda _: said)


def test_what_is_no_state_is_not_asked_about(ask: Asks) -> None:
    with pytest.raises(SourceError, match="'Maine' is no state"):
        ask(lambda _: whole([AREA]), "Maine")


@pytest.mark.parametrize(("name", "ids"), [("area-01", []), ("way-03", []), ("relation-01", ["osm-r2046898"])])
def test_the_recorded_elements_are_read(name: str, ids: list[str], shared: Path, ask: Asks) -> None:
    recorded = json.loads((shared / "recorded" / f"overpass_{name}.json").read_bytes())
    recorded["elements"].append(AREA)
    found, _ = ask(lambda _: json.dumps(recorded).encode())
    assert found.clinics["clinic_id"].tolist() == ids
    assert found.vintage == recorded["osm3s"]["timestamp_osm_base"]


@pytest.mark.parametrize(
    ("tags", "column", "value"),
    [
        ({"website": "www.example.org"}, "website", "https://www.example.org"),
        (
            {"website": "mailto:a@example.org", "contact:website": "http://example.org/a"},
            "website",
            "http://example.org/a",
        ),
        ({"website": "javascript:alert(1)"}, "website", None),
        ({"phone": ";", "contact:phone": "207-1 ; 207-2"}, "phone", "207-1"),
        ({"addr:housenumber": "5"}, "address", None),
        ({"addr:street": "Main Street"}, "address", "Main Street"),
        ({"addr:postcode": "ME 04330;04330"}, "zip", "04330"),
        ({"amenity": "clinic", "healthcare": "clinic;hospital"}, "setting", "hospital"),
        ({"amenity": "clinic", "healthcare:speciality": "psychiatry"}, "setting", None),
        ({"healthcare": "doctor", "healthcare:speciality": "psychiatry"}, "setting", "psychiatry_practice"),
    ],
)
def test_of_several_values_the_first_that_fits_is_taken(tags: dict[str, str], column: str, value: str | None) -> None:
    known = clinic_of_tags({"name": "A", **tags})
    assert known is not None
    assert known[column] == value
