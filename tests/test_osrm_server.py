"""OSRM over HTTP, against a server that speaks its published format, limits and refusals."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from access.errors import SourceError
from access.travel.routers.by_address import open_router
from access.travel.routers.router import Router
from tests.answering import Answering, Request, answering
from tests.roads_by_hand import SNAPS, metres_of, place_at, points, seconds_of

TABLE = re.compile(r"/table/v1/driving/([-\d.,;]+)\?(.*)")


def table(request: Request, *, table_size: int = 100) -> tuple[int, bytes]:
    """As osrm-routed 26.10 answered by hand: codes, messages and the square of --max-table-size."""
    found = TABLE.fullmatch(request.path)
    assert found, request.path
    options = dict(option.split("=") for option in found.group(2).split("&"))
    assert options["annotations"] in ("duration,distance", "distance,duration")
    places = []
    for number, point in enumerate(found.group(1).split(";")):
        lon, lat = point.split(",")
        places.append(place_at(float(lat), float(lon)))
        if places[-1] is None:
            return refusal("NoSegment", f"Could not find a matching segment for coordinate {number}")
    starts = [places[int(number)] for number in options["sources"].split(";")]
    ends = [places[int(number)] for number in options["destinations"].split(";")]
    if len(starts) * len(ends) > table_size**2:
        return refusal("TooBig", "Too many table coordinates")
    return 200, json.dumps(
        {
            "code": "Ok",
            "durations": [[seconds_of(start, end) for end in ends] for start in starts],
            "distances": [[metres_of(start, end) for end in ends] for start in starts],
            "sources": [{"distance": SNAPS[name], "name": "", "location": [0, 0]} for name in starts],
            "destinations": [{"distance": SNAPS[name], "name": "", "location": [0, 0]} for name in ends],
        }
    ).encode()


def refusal(code: str, message: str) -> tuple[int, bytes]:
    return 400, json.dumps({"message": message, "code": code}).encode()


@pytest.fixture
def service() -> Iterator[Answering]:
    with answering() as service:
        service.answer = table
        yield service


@pytest.fixture
def engine(service: Answering) -> Router:
    return open_router(f"osrm:{service.base}")


def test_it_says_how_far_each_point_is_from_its_road(engine: Router) -> None:
    block = engine.block(points("orono"), points("acadia", "island"))
    assert block.source_snap_km.tolist() == pytest.approx([0.25])
    assert block.target_snap_km.tolist() == pytest.approx([0.0035, 0.04])


def test_points_without_a_road_are_infinitely_far_and_spoil_no_others(service: Answering, engine: Router) -> None:
    block = engine.block(points("sea", "bangor", "sea"), points("acadia", "sea"))
    assert block.minutes[1, 0] == pytest.approx(8)
    assert np.isnan(block.minutes).sum() == 5
    assert block.source_snap_km.tolist() == [np.inf, pytest.approx(0.012), np.inf]
    assert block.target_snap_km.tolist() == [pytest.approx(0.0035), np.inf]
    # one point is found out by each refusal
    assert len(service.asked) == 4


def test_where_no_source_has_a_road_nothing_is_known(engine: Router) -> None:
    block = engine.block(points("sea"), points("acadia"))
    assert np.isnan(block.minutes).tolist() == [[True]]
    assert block.source_snap_km.tolist() == [np.inf]


def test_the_largest_block_is_answered_and_one_larger_is_refused_before_it_is_asked(service: Answering) -> None:
    service.answer = lambda request: table(request, table_size=3)
    engine = open_router(f"osrm:{service.base}#most=3")
    assert (engine.most_sources, engine.most_targets, engine.most_pairs) == (3, 3, 9)
    three = points("bangor", "orono", "acadia")
    assert engine.block(three, three).minutes.shape == (3, 3)
    with pytest.raises(SourceError, match="3 sources, as many targets and 9 pairs at a time, but 4 x 3 were asked"):
        engine.block(points("bangor", "orono", "acadia", "island"), three)
    assert len(service.asked) == 1


def test_a_server_that_takes_less_than_was_said_is_told_in_words(service: Answering, engine: Router) -> None:
    service.answer = lambda request: table(request, table_size=1)
    with pytest.raises(SourceError, match=r"takes no table of 2 x 1 \(TooBig\).*--max-table-size"):
        engine.block(points("bangor", "orono"), points("acadia"))


def test_its_name_says_the_engine_and_the_profile(service: Answering) -> None:
    assert open_router(f"osrm:{service.base}#profile=foot").mode.name == "road: OSRM server, foot"


@pytest.mark.parametrize(
    ("code", "message"),
    [("InvalidQuery", "Query string malformed close to position 18"), ("NotImplemented", ""), ("NoTable", "")],
)
def test_other_refusals_are_told_with_their_code(service: Answering, engine: Router, code: str, message: str) -> None:
    service.answer = lambda _: refusal(code, message)
    with pytest.raises(SourceError, match=rf"refused the table \({code}: {message}\)"):
        engine.block(points("bangor"), points("acadia"))


def test_a_refusal_of_a_point_that_was_not_asked_ends_in_words(service: Answering, engine: Router) -> None:
    service.answer = lambda _: refusal("NoSegment", "Could not find a matching segment for coordinate 7")
    with pytest.raises(SourceError, match="names point 7, which was not asked"):
        engine.block(points("bangor"), points("acadia"))
