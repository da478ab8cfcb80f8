"""openrouteservice over HTTP, against a server that speaks its published format, limits and refusals."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from access.errors import SourceError
from access.travel.routers.by_address import open_router
from access.travel.routers.router import Router
from tests.answering import Answering, Request, answering
from tests.roads_by_hand import SNAPS, metres_of, place_at, points, seconds_of

KEY = "5b3ce3597851110001cf6248"


def matrix(request: Request, *, pairs: int = 3_500) -> tuple[int, bytes]:
    """As the API answers; `texas` is outside its map, and `sea` within, without a road."""
    assert (request.method, request.path) == ("POST", "/ors/v2/matrix/driving-car")
    asked = json.loads(request.body)
    assert (asked["metrics"], asked["units"]) == (["duration", "distance"], "m")
    places = [place_at(lat, lon) for lon, lat in asked["locations"]]
    starts = [places[int(number)] for number in asked["sources"]]
    ends = [places[int(number)] for number in asked["destinations"]]
    if len(starts) * len(ends) > pairs:
        return refusal(400, 6004, f"Search exceeds the limit of {pairs} routes.")
    if "texas" in places:
        return refusal(404, 6010, ". ".join(filter(None, (outside("Source", starts), outside("Destination", ends)))))
    return 200, json.dumps(
        {
            "durations": [[cell(seconds_of, start, end) for end in ends] for start in starts],
            "distances": [[cell(metres_of, start, end) for end in ends] for start in starts],
            "sources": [put(name) for name in starts],
            "destinations": [put(name) for name in ends],
            "metadata": {"service": "matrix", "engine": {"version": "9.5.0"}},
        }
    ).encode()


def outside(kind: str, names: list[Any]) -> str:
    """As MatrixSearchContextBuilder.java words it."""
    ids = [number for number, name in enumerate(names) if name == "texas"]
    return f"{kind} point(s) {ids} out of bounds: {'; '.join(['30.2672,-97.7431'] * len(ids))}" if ids else ""


def cell(of: Any, start: str | None, end: str | None) -> float | None:
    found: float | None = of(start, end) if start and end else None
    return found


def put(name: str | None) -> dict[str, object] | None:
    return {"location": [0.0, 0.0], "snapped_distance": SNAPS[name]} if name else None


def refusal(status: int, code: int, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"error": {"code": code, "message": message}, "info": {"timestamp": 1}}).encode()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    monkeypatch.setenv("TRD_ACCESS_ORS_KEY", KEY)
    with answering() as service:
        service.answer = matrix
        yield service


@pytest.fixture
def engine(service: Answering) -> Router:
    return open_router(f"ors:{service.base}/ors")


def test_a_point_without_a_road_is_infinitely_far_from_one(engine: Router) -> None:
    block = engine.block(points("bangor", "sea"), points("acadia"))
    assert block.minutes[:, 0].tolist() == pytest.approx([8, np.nan], nan_ok=True)
    assert block.source_snap_km.tolist() == [pytest.approx(0.012), np.inf]
    assert block.target_snap_km.tolist() == pytest.approx([0.0035])


def test_points_outside_its_map_spoil_no_others(service: Answering, engine: Router) -> None:
    block = engine.block(points("texas", "bangor", "texas"), points("acadia", "texas", "bangor"))
    assert block.minutes[1].tolist() == pytest.approx([8, np.nan, 0], nan_ok=True)
    assert block.source_snap_km.tolist() == [np.inf, pytest.approx(0.012), np.inf]
    assert np.isinf(block.target_snap_km).tolist() == [False, True, False]
    assert len(service.asked) == 2


def test_a_block_wholly_outside_its_map_is_nan(engine: Router) -> None:
    block = engine.block(points("texas"), points("acadia"))
    assert np.isnan(block.minutes).tolist() == [[True]]
    assert block.source_snap_km.tolist() == [np.inf]


def test_the_limit_is_on_pairs_and_a_larger_block_is_refused_before_it_is_asked(
    service: Answering, engine: Router
) -> None:
    many = np.repeat(points("bangor"), 3_500, axis=0)
    assert engine.block(many, many[:1]).minutes.shape == (3_500, 1)
    with pytest.raises(SourceError, match="3,500 pairs at a time, but 1,751 x 2 were asked"):
        engine.block(many[:1_751], many[:2])
    assert len(service.asked) == 1


def test_a_server_that_takes_fewer_pairs_than_was_said_is_told_in_words(service: Answering, engine: Router) -> None:
    service.answer = lambda request: matrix(request, pairs=1)
    with pytest.raises(SourceError, match=r"takes no matrix of 2 x 1 \(Search exceeds the limit of 1 routes.\)"):
        engine.block(points("bangor", "orono"), points("acadia"))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Daily quota reached or API key unauthorized"),
        (403, "Quota exceeded"),
        (401, "Authorization field/api_key missing in request."),
        (403, "Access to this API has been disallowed"),
    ],
)
def test_the_quota_of_the_day_and_a_bad_key_are_told_and_not_asked_again(
    service: Answering, engine: Router, status: int, words: str
) -> None:
    service.answer = lambda _: (status, json.dumps({"error": words}).encode())
    with pytest.raises(SourceError, match="wait a day, or set TRD_ACCESS_ORS_KEY"):
        engine.block(points("bangor"), points("acadia"))
    assert len(service.asked) == 1


def test_the_limit_of_the_minute_is_waited_for_as_long_as_the_server_says(service: Answering, engine: Router) -> None:
    def busy_twice(request: Request) -> tuple[int, bytes]:
        return matrix(request) if len(service.asked) > 2 else (429, b'{"error": "Rate limit exceeded"}')

    service.answer = busy_twice
    assert engine.block(points("bangor"), points("acadia")).minutes.tolist() == [[8]]


def test_the_key_goes_in_a_header_and_nowhere_else(
    service: Answering, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    engine = open_router(f"ors:{service.base}/ors", cache=tmp_path)
    with caplog.at_level(logging.DEBUG):
        engine.block(points("bangor"), points("acadia"))
    (asked,) = service.asked
    assert asked.authorization == KEY
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert KEY not in " ".join([asked.path, asked.body.decode(), caplog.text, repr(engine), str(kept)])
    assert not any(KEY in path.read_text() for path in kept)
    service.answer = lambda _: (403, b'{"error": "Quota exceeded"}')
    with pytest.raises(SourceError) as failure:
        engine.block(points("orono"), points("acadia"))
    assert KEY not in str(failure.value)


def test_the_key_is_not_sent_where_others_could_read_it(service: Answering) -> None:
    # 0.0.0.0 leads to this machine too, but is not one of its names for itself.
    open_router(f"ors:{service.base.replace('127.0.0.1', '0.0.0.0')}/ors").block(points("bangor"), points("acadia"))
    assert service.asked[0].authorization is None


def test_the_public_service_wants_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRD_ACCESS_ORS_KEY", raising=False)
    with pytest.raises(SourceError, match="wants a key"):
        open_router("ors")


def test_other_refusals_are_told_with_their_code(service: Answering, engine: Router) -> None:
    service.answer = lambda _: refusal(400, 6003, "Parameter 'profile' has incorrect value of 'car'.")
    with pytest.raises(SourceError, match=r"refused the matrix \(6003: Parameter 'profile' has incorrect value"):
        engine.block(points("bangor"), points("acadia"))
