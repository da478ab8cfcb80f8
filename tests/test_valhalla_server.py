"""Valhalla over HTTP, against a server that speaks its published format, limits and refusals."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from access.errors import SourceError
from access.travel.routers.by_address import open_router
from access.travel.routers.router import Router
from tests.answering import Answering, Request, answering
from tests.roads_by_hand import PLACES, SNAPS, metres_of, place_at, points, seconds_of

# The pairs of places of roads_by_hand.py that lie more than 400 km apart.
FAR = {pair for name in PLACES if name != "texas" for pair in (("texas", name), (name, "texas"))}
METRES_PER_DEGREE = 111_195.08  # of latitude, on a sphere of 6371.0088 km


def matrix(request: Request, *, echoes: bool = False, no_road: int = 170) -> tuple[int, bytes]:
    """As src/tyr/matrix_serializer.cc writes and src/loki/matrix_action.cc refuses, and as version 3.9.1 was seen to.

    `echoes`: as before 2023. `no_road`: the error of a point without a road, in older versions 171.
    """
    asked = json.loads(request.body)
    assert (request.method, asked["costing"]) == ("POST", "auto")
    if request.path == "/locate":
        return located(asked)
    assert request.path == "/sources_to_targets"
    starts, ends = (named(asked[side]) for side in ("sources", "targets"))
    if len(starts) * len(ends) > 2_500:
        return refusal(150, "Exceeded max locations: 2500")
    if FAR & {(start, end) for start in starts for end in ends}:
        return refusal(154, "Path distance exceeds the max distance limit: 400000 meters")
    if None in starts or None in ends:
        return refusal(no_road, {170: "Locations are in unconnected regions", 171: "No suitable edges"}[no_road])
    cells = [[seconds_of(start, end) for end in ends] for start in starts]
    if all(cell is None for row in cells for cell in row):
        return refusal(442, "No path could be found for input")
    pairs = [
        [
            {"from_index": i, "to_index": j, "time": cells[i][j], "distance": km_of(starts[i], ends[j])}
            for j in range(len(ends))
        ]
        for i in range(len(starts))
    ]
    sides = {"sources": put(starts, echoes=echoes), "targets": put(ends, echoes=echoes)}
    return 200, json.dumps({"sources_to_targets": pairs, "units": "kilometers", "algorithm": "x", **sides}).encode()


def located(asked: dict[str, Any]) -> tuple[int, bytes]:
    """The edges near each point; the older versions write null where there are none, the newer an empty list."""
    edges = {None: None, "island": [], "texas": []}
    found = [edges.get(name, [{"way_id": 1}]) for name in named(asked["locations"])]
    nodes = [[{"node": 1}] if name == "island" else [] for name in named(asked["locations"])]
    return 200, json.dumps([{"edges": one, "nodes": two} for one, two in zip(found, nodes, strict=True)]).encode()


def named(locations: list[dict[str, float]]) -> list[Any]:
    return [place_at(location["lat"], location["lon"]) for location in locations]


def km_of(start: str, end: str) -> float | None:
    metres = metres_of(start, end)
    return None if metres is None else metres / 1000


def put(names: list[str], *, echoes: bool) -> list[Any]:
    """Where each was put: so many metres to the north; an older server repeats the question in a list of a list."""
    asked = [{"lat": PLACES[name][0], "lon": PLACES[name][1]} for name in names]
    moved = [
        {"lat": place["lat"] + SNAPS[name] / METRES_PER_DEGREE, "lon": place["lon"]}
        for name, place in zip(names, asked, strict=True)
    ]
    return [asked] if echoes else moved


def refusal(code: int, words: str) -> tuple[int, bytes]:
    return 400, json.dumps({"error_code": code, "error": words, "status_code": 400, "status": "Bad Request"}).encode()


@pytest.fixture
def service() -> Iterator[Answering]:
    with answering() as service:
        service.answer = matrix
        yield service


@pytest.fixture
def engine(service: Answering) -> Router:
    return open_router(f"valhalla:{service.base}")


def test_a_block_without_any_route_is_nan(service: Answering, engine: Router) -> None:
    block = engine.block(points("island"), points("acadia"))
    assert np.isnan(block.minutes).tolist() == [[True]]
    assert len(service.asked) == 1


def test_pairs_that_are_not_joined_are_told_from_those_that_are(service: Answering, engine: Router) -> None:
    def by_region(request: Request) -> tuple[int, bytes]:
        asked = json.loads(request.body)
        islands = {name == "island" for side in ("sources", "targets") for name in named(asked.get(side, []))}
        return refusal(170, "Locations are in unconnected regions") if len(islands) > 1 else matrix(request)

    service.answer = by_region
    block = engine.block(points("bangor", "island", "orono"), points("acadia", "island"))
    assert block.minutes[:, 0].tolist() == pytest.approx([8, np.nan, 12.01], nan_ok=True)
    assert block.minutes[:, 1].tolist() == pytest.approx([np.nan, 0, np.nan], nan_ok=True)
    assert not np.isinf(block.source_snap_km).any()


def test_it_says_how_far_each_point_is_from_its_road(engine: Router) -> None:
    block = engine.block(points("orono"), points("acadia", "bangor"))
    assert block.source_snap_km.tolist() == pytest.approx([0.25], abs=1e-4)
    assert block.target_snap_km.tolist() == pytest.approx([0.0035, 0.012], abs=1e-4)


def test_an_older_server_that_repeats_the_question_says_nothing_of_roads(service: Answering, engine: Router) -> None:
    service.answer = lambda request: matrix(request, echoes=True)
    block = engine.block(points("orono"), points("acadia"))
    assert block.minutes.tolist() == [pytest.approx([12.01])]
    assert np.isnan(block.source_snap_km).all()
    assert np.isnan(block.target_snap_km).all()


@pytest.mark.parametrize("no_road", [170, 171])
def test_points_without_a_road_are_found_out_and_spoil_no_others(
    service: Answering, engine: Router, no_road: int
) -> None:
    service.answer = lambda request: matrix(request, no_road=no_road)
    block = engine.block(points("bangor", "sea", "orono", "acadia"), points("acadia", "sea"))
    assert block.minutes[:, 0].tolist() == pytest.approx([8, np.nan, 12.01, 0], nan_ok=True)
    assert np.isnan(block.minutes[:, 1]).all()
    assert np.isinf(block.source_snap_km).tolist() == [False, True, False, False]
    assert np.isinf(block.target_snap_km).tolist() == [False, True]
    assert len(service.asked) == 3  # the matrix, where the points are, and the rest of the matrix


def test_a_point_is_never_put_on_a_road_beyond_five_km(service: Answering, engine: Router) -> None:
    engine.block(points("bangor"), points("acadia"))
    asked = json.loads(service.asked[0].body)
    assert [place["search_cutoff"] for side in ("sources", "targets") for place in asked[side]] == [5_000, 5_000]


def test_pairs_farther_apart_than_the_server_allows_are_not_asked(service: Answering, engine: Router) -> None:
    block = engine.block(points("texas", "bangor", "orono"), points("acadia", "texas"))
    assert block.minutes.tolist() == [
        pytest.approx([np.nan, 0], nan_ok=True),
        pytest.approx([8, np.nan], nan_ok=True),
        pytest.approx([12.01, np.nan], nan_ok=True),
    ]
    assert service.asked


def test_where_the_servers_limit_is_lower_than_was_said_it_is_told(service: Answering) -> None:
    engine = open_router(f"valhalla:{service.base}#most_km=5000")
    with pytest.raises(SourceError, match=r"no pairs so far apart .*400000 meters.*#most_km="):
        engine.block(points("texas"), points("acadia"))


def test_one_block_is_fifty_by_fifty_and_a_larger_one_is_refused_before_it_is_asked(
    service: Answering, engine: Router
) -> None:
    assert (engine.most_sources, engine.most_targets, engine.most_pairs) == (50, 50, 2_500)
    fifty = np.repeat(points("bangor"), 50, axis=0)
    assert engine.block(fifty, fifty).minutes.shape == (50, 50)
    with pytest.raises(
        SourceError, match="at most 50 sources, as many targets and 2,500 pairs at a time, but 51 x 1 were asked"
    ):
        engine.block(np.repeat(points("bangor"), 51, axis=0), fifty[:1])
    assert len(service.asked) == 1


def test_a_server_that_takes_fewer_pairs_than_was_said_is_told_in_words(service: Answering) -> None:
    engine = open_router(f"valhalla:{service.base}#most=3600")
    many = np.repeat(points("bangor"), 60, axis=0)
    with pytest.raises(SourceError, match=r"no matrix so large \(Exceeded max locations: 2500\)"):
        engine.block(many, many)


def test_miles_are_never_taken_for_km(service: Answering, engine: Router) -> None:
    def in_miles(request: Request) -> tuple[int, bytes]:
        status, body = matrix(request)
        return status, body.replace(b'"kilometers"', b'"miles"')

    service.answer = in_miles
    with pytest.raises(SourceError, match="distances in 'miles'"):
        engine.block(points("bangor"), points("acadia"))


def test_other_refusals_are_told_with_their_code(service: Answering, engine: Router) -> None:
    service.answer = lambda _: refusal(125, "No costing method found: 'auto'")
    with pytest.raises(SourceError, match=r"refused the matrix \(125: No costing method found: 'auto'\)"):
        engine.block(points("bangor"), points("acadia"))
