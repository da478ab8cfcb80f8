"""Engines by the words that name them, and the bad days that all of their servers have."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from access.errors import SourceError
from access.travel.routers.by_address import open_router
from access.travel.routers.ors_server import OrsServer
from access.travel.routers.osrm_server import OsrmServer
from access.travel.routers.road_server import Server
from access.travel.routers.router import Router
from access.travel.routers.valhalla_server import ValhallaServer
from tests.answering import Answering, answering
from tests.roads_by_hand import points
from tests.test_ors_server import matrix as ors_matrix
from tests.test_osrm_server import table as osrm_table
from tests.test_valhalla_server import matrix as valhalla_matrix

GOOD = {"osrm:{}": osrm_table, "valhalla:{}": valhalla_matrix, "ors:{}/ors": ors_matrix}
# A matrix of one row and two columns, as each service writes it, with its first time as `{}`.
ONE_ROW = {
    "osrm:{}": '{{"code": "Ok", "durations": [[{}, 480]], "distances": [[1.0, 2.0]], "sources": [{{"distance": 1.0}}],'
    ' "destinations": [{{"distance": 1.0}}, {{"distance": 1.0}}]}}',
    "valhalla:{}": '{{"units": "kilometers", "sources_to_targets": [[{{"time": {}, "distance": 1.0}}, '
    '{{"time": 480, "distance": 2.0}}]]}}',
    "ors:{}/ors": '{{"durations": [[{}, 480.0]], "distances": [[1.0, 2.0]], "sources": [null], '
    '"destinations": [null, null]}}',
}


@pytest.fixture
def service() -> Iterator[Answering]:
    with answering() as service:
        yield service


@pytest.fixture(params=list(GOOD))
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def engine(service: Answering, kind: str) -> Router:
    service.answer = GOOD[kind]
    return open_router(kind.format(service.base))


def ask(engine: Router) -> list[list[float]]:
    found: list[list[float]] = engine.block(points("bangor"), points("acadia", "orono")).minutes.tolist()
    return found


def test_minutes_and_km_come_from_each_source_to_each_target(engine: Router) -> None:
    block = engine.block(points("bangor", "orono"), points("acadia", "bangor", "orono"))
    # 480 s, 0 s, 900 s; 720.6 s, 930 s, 0 s
    assert block.minutes.tolist() == [pytest.approx([8, 0, 15]), pytest.approx([12.01, 15.5, 0])]
    assert block.km.tolist() == [pytest.approx([4.2, 0, 13.5]), pytest.approx([11.7505, 13.6, 0])]
    assert block.minutes.dtype == block.km.dtype == np.float32


def test_a_pair_without_a_route_is_nan(engine: Router) -> None:
    block = engine.block(points("bangor", "island"), points("acadia", "island"))
    assert np.isnan(block.minutes).tolist() == [[False, True], [True, False]]
    assert np.isnan(block.km).tolist() == [[False, True], [True, False]]


def test_an_empty_block_asks_nobody(service: Answering, engine: Router) -> None:
    assert engine.block(np.empty((0, 2)), points("acadia")).minutes.shape == (0, 1)
    assert engine.block(points("bangor"), np.empty((0, 2))).minutes.shape == (1, 0)
    assert service.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(service: Answering, engine: Router, status: int) -> None:
    good = service.answer
    service.answer = lambda request: good(request) if len(service.asked) > 2 else (status, b"{}")
    assert ask(engine) == [[8, 15]]


def test_a_server_that_stays_broken_is_told_with_its_status(service: Answering, engine: Router) -> None:
    service.answer = lambda _: (500, b"Internal Server Error")
    with pytest.raises(SourceError, match=r"asked 4 times \(status 500\)\. Check that the server runs"):
        ask(engine)


def test_too_many_questions_are_told_as_such(service: Answering, engine: Router) -> None:
    service.answer = lambda _: (429, b"{}")
    with pytest.raises(SourceError, match="too many questions, status 429"):
        ask(engine)


def test_nothing_that_is_no_matrix_is_taken_for_one(service: Answering, engine: Router, kind: str) -> None:
    bad = {
        "a web page": b"<!DOCTYPE html><html>Sign in to the network</html>",
        "half a reply": ONE_ROW[kind].format("60").encode()[:-30],
        "nothing": b"",
        "a list": b"[]",
        "no matrix": b'{"code": "Ok", "units": "kilometers"}',
        "not a number": ONE_ROW[kind].format("NaN").encode(),
        "infinity": ONE_ROW[kind].format("Infinity").encode(),
        "less than nothing": ONE_ROW[kind].format("-60").encode(),
        "a number as text": ONE_ROW[kind].format('"60"').encode(),
        "a time without, a distance with": ONE_ROW[kind].format("null").encode(),
    }
    for what, body in bad.items():
        service.answer = lambda _, body=body: (200, body)
        with pytest.raises(SourceError, match="did not answer as it should"):
            pytest.fail(f"{what} was taken for {ask(engine)}")


def test_a_hair_less_than_nothing_is_nothing(service: Answering, engine: Router, kind: str) -> None:
    service.answer = lambda _: (200, ONE_ROW[kind].format("-0.6").encode())
    assert ask(engine) == [[0, 8]]


def test_a_matrix_of_another_shape_is_refused(service: Answering, engine: Router, kind: str) -> None:
    service.answer = lambda _: (200, ONE_ROW[kind].format("60").encode())
    assert ask(engine) == [[1, 8]]
    for sources, targets in (("bangor", "orono"), ("acadia",)), (("bangor",), ("acadia",)):
        with pytest.raises(SourceError, match=r"did not answer as it should \(a matrix of 1 rows of \[2\]"):
            engine.block(points(*sources), points(*targets))


@pytest.mark.parametrize("kind_of_engine", [OsrmServer, ValhallaServer, OrsServer])
def test_a_server_that_says_nothing_is_given_up(service: Answering, kind_of_engine: Callable[[Server], Router]) -> None:
    def slow(_: object) -> tuple[int, bytes]:
        time.sleep(0.15)
        return 200, b"{}"

    service.answer = slow
    with pytest.raises(SourceError, match="no answer in time"):
        ask(kind_of_engine(Server(service.base, silence_seconds=0.02, attempts=1)))


def test_replies_are_kept_only_where_that_is_asked(service: Answering, kind: str, tmp_path: Path) -> None:
    service.answer = GOOD[kind]
    for _ in range(2):
        ask(open_router(kind.format(service.base)))
    assert len(service.asked) == 2
    for _ in range(2):
        assert ask(open_router(kind.format(service.base), cache=tmp_path)) == [[8, 15]]
    assert len(service.asked) == 3
    open_router(kind.format(service.base), cache=tmp_path).block(points("orono"), points("acadia"))
    assert len(service.asked) == 4


def test_an_engine_of_ones_own_is_asked_though_publishers_come_from_a_mirror(
    engine: Router, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRD_ACCESS_MIRROR", str(tmp_path))
    assert ask(engine) == [[8, 15]]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("osrm:http://router.project-osrm.org", "rules forbid matrices"),
        ("osrm:https://routing.openstreetmap.de/routed-car", "rules forbid matrices"),
        ("valhalla:https://valhalla1.openstreetmap.de", "rules forbid matrices"),
        ("osrm:http://planner:secret@roads", "road server roads has a name or password in it"),
        ("osrm:roads:5000", "written like http://host:5000"),
        ("osrm:ftp://roads", "written like http://host:5000"),
        ("osrm:", "written like http://host:5000"),
        ("graphhopper:http://roads", "'graphhopper' is no road engine"),
        ("http://roads:5000", "'http' is no road engine"),
        ("osrm:http://roads#size=5", "'size' is nothing that osrm takes"),
        ("osrm:http://roads#most_km=5", "'most_km' is nothing that osrm takes"),
        ("osrm:http://roads#most=0", "'0' is no number for most"),
        ("osrm:http://roads#most=many", "'many' is no number for most"),
    ],
)
def test_words_that_name_no_engine_are_refused(spec: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as failure:
        open_router(spec)
    assert "secret" not in str(failure.value)


def test_what_a_server_takes_can_be_said() -> None:
    osrm = open_router("osrm:http://roads:5000#most=400&profile=bicycle")
    assert (osrm.mode.name, osrm.most_sources, osrm.most_pairs) == ("road: OSRM server, bicycle", 400, 160_000)
    valhalla = open_router("valhalla:http://roads:8002#most=10000&profile=pedestrian&most_km=150")
    assert (valhalla.mode.name, valhalla.most_targets) == ("road: Valhalla server, pedestrian", 100)
    assert isinstance(valhalla, ValhallaServer)
    assert valhalla.most_km == 150
    usual = [open_router(f"valhalla:http://roads:8002#profile={profile}") for profile in ("auto", "bicycle")]
    assert [engine.most_km for engine in usual if isinstance(engine, ValhallaServer)] == [400, 200]
    ors = open_router("ors:http://roads/ors#most=9000&profile=foot-walking")
    assert (ors.mode.name, ors.most_pairs) == ("road: openrouteservice, foot-walking", 9_000)
