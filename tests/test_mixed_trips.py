"""Each trip says how it was found: by road where the network knows both ends, by the estimate elsewhere."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.errors import RoadsError
from access.travel.by_road import is_within, merge_with_estimate
from access.travel.estimate import BANDED, estimate_trips
from access.travel.mode import Mode, road_mode
from access.travel.network import Network, build_network, load_network
from access.travel.pack_travel import trip_finder_by
from access.travel.road_trips import Snaps
from access.travel.trips import Trips
from tests.answering import answering
from tests.roads_by_hand import PLACES, SEA
from tests.test_engines import GOOD
from tests.worlds import random_world, trips_from

ROAD, GUESS = "road: by hand", "estimate by hand"


def named(trips: Trips, method: str) -> Trips:
    return replace(trips, modes=(Mode(method),))


ESTIMATED = named(
    trips_from(
        {"in": {"near": 10, "far": 50, "out": 30}, "island": {"near": 20}, "away": {"near": 40, "out": 5}},
        ["near", "far", "out"],
    ),
    GUESS,
)
# The network knows "in" and "near" and "far"; "island" lies too far from its roads, "away" and "out" outside of it.
ROADS = named(trips_from({"in": {"near": 35}, "island": {}}, ["near", "far"]), ROAD)
SNAPS = Snaps(
    pd.Series([0.1, 9.0], index=["in", "island"]), pd.Series([0.0, np.nan], index=["near", "far"]), limit_km=5.0
)


def rows(trips: Trips) -> list[tuple[str, str, float, str]]:
    found = trips.to_frame().assign(method=trips.method_by_trip())
    return list(found[["geoid", "clinic_id", "minutes", "method"]].itertuples(index=False, name=None))


def test_roads_rule_between_points_that_the_network_knows_and_the_estimate_everywhere_else() -> None:
    # The estimate's 10 minutes become the road's 35, and its 50 to "far", for which there is no route, are no trip.
    both = merge_with_estimate(ROADS, SNAPS, ESTIMATED)
    assert rows(both) == [
        ("in", "out", 30, GUESS),
        ("in", "near", 35, ROAD),
        ("island", "near", 20, GUESS),
        ("away", "out", 5, GUESS),
        ("away", "near", 40, GUESS),
    ]
    assert both.method == f"{ROAD}; {GUESS}"
    assert both.method_by_trip().tolist() == [GUESS, ROAD, GUESS, GUESS, GUESS]
    assert both.clinics.tolist() == ["near", "far", "out"]


def test_methods_stay_with_their_trips_through_choosing_and_joining() -> None:
    both = merge_with_estimate(ROADS, SNAPS, ESTIMATED)
    assert rows(both.among(["near"])) == [
        ("in", "near", 35, ROAD),
        ("island", "near", 20, GUESS),
        ("away", "near", 40, GUESS),
    ]
    assert rows(both.of_places(np.array([True, False, False]))) == [("in", "out", 30, GUESS), ("in", "near", 35, ROAD)]
    added = named(trips_from({"in": {"new": 32}, "island": {}, "away": {"new": 1}}, ["new"]), "a third way")
    joined = both.join(added)
    assert rows(joined)[:3] == [("in", "out", 30, GUESS), ("in", "new", 32, "a third way"), ("in", "near", 35, ROAD)]
    assert rows(joined)[4:5] == [("away", "new", 1, "a third way")]
    assert joined.method == f"{ROAD}; {GUESS}; a third way"
    assert rows(joined.among(["new"])) == [("in", "new", 32, "a third way"), ("away", "new", 1, "a third way")]


def test_trips_found_in_one_way_are_as_they_were() -> None:
    joined = ESTIMATED.join(named(trips_from({"in": {"n": 1}, "island": {}, "away": {}}, ["n"]), GUESS))
    assert (joined.modes, joined.codes) == ((Mode(GUESS),), None)
    assert set(joined.method_by_trip()) == {GUESS}
    nothing = named(trips_from({"in": {}, "island": {}, "away": {}}, ["n"]), ROAD)
    assert ESTIMATED.join(nothing).method == GUESS
    here = ESTIMATED.among(["near"])
    assert nothing.join(here).method == GUESS
    assert set(nothing.join(here).method_by_trip()) == {GUESS}
    assert nothing.method_by_trip().tolist() == []


def test_a_point_on_the_border_of_the_network_is_within() -> None:
    network = Network.model_construct(south=44.0, west=-70.0, north=45.0, east=-69.0)
    points = pd.DataFrame(
        {"latitude": [44.0, 45.0, 44.5, 43.9, 44.5], "longitude": [-70.0, -69.0, -68.9, -69.5, -69.5]}
    )
    assert is_within(network, points).tolist() == [True, True, False, False, True]


def test_without_a_network_all_is_the_estimate() -> None:
    trips = estimate_trips(*random_world(1))
    assert trips.method == BANDED.name
    assert trips.codes is None


def test_a_network_that_is_not_there_is_never_replaced_by_the_estimate() -> None:
    with pytest.raises(RoadsError, match="no road network named 'maine'"):
        trip_finder_by("maine")


@pytest.mark.parametrize("kind", ["osrm:{}", "valhalla:{}", "ors:{}/ors"])
def test_an_engine_at_an_address_is_asked_and_where_it_knows_no_road_the_estimate_stands(kind: str) -> None:
    points = {"bangor": PLACES["bangor"], "sea": SEA, "orono": PLACES["orono"]}
    people = pd.DataFrame(points.values(), columns=["latitude", "longitude"]).assign(
        geoid=list(points), county="23019", rurality="urban"
    )
    clinics = pd.DataFrame({"clinic_id": ["acadia"], "latitude": [44.8090], "longitude": [-68.7400]})
    with answering() as service:
        service.answer = GOOD[kind]
        trips = estimate_trips(people, clinics, estimate=trip_finder_by(kind.format(service.base)))
    found = trips.to_frame().assign(method=trips.method_by_trip().astype(str)).set_index("geoid")
    # 480 s and 720.6 s by hand, and at 2 minutes a km 12 and 250 m to the road, 3.5 from it; the sea is 215 km away.
    assert found.loc[["bangor", "orono"], "minutes"].tolist() == pytest.approx([8.031, 12.517])
    assert found["method"].str.startswith("road: ").to_dict() == {"bangor": True, "orono": True, "sea": False}
    assert found.loc["sea", "method"] == BANDED.name


@pytest.mark.usefixtures("osrm")
def test_around_bangor_drives_are_by_road_and_from_farther_away_by_estimate(shared: Path) -> None:
    build_network([shared / "osm" / "bangor_maine.osm.pbf"], name="bangor")
    network = load_network("bangor")
    # The hospital's own address, 268 Stillwater Avenue, from the map; Old Town and Portland lie outside of the map.
    clinics = pd.DataFrame({"clinic_id": ["acadia"], "latitude": [44.8212], "longitude": [-68.7409]})
    people = pd.DataFrame(
        {
            "geoid": ["downtown", "hampden", "old_town", "portland"],
            "latitude": [44.8016, 44.7620, 44.9342, 43.6591],
            "longitude": [-68.7712, -68.8100, -68.6453, -70.2568],
            "county": ["23019", "23019", "23019", "23005"],
            "rurality": ["urban", "urban", "urban", "urban"],
        }
    )
    trips = estimate_trips(people, clinics, estimate=trip_finder_by("bangor"))
    found = trips.to_frame().assign(method=trips.method_by_trip()).set_index("geoid")
    assert is_within(network, people).tolist() == [True, True, False, False]
    assert found["method"].str.startswith("road: OSRM").tolist() == [True, True, False, False]
    # 3 km apart, 4 to 5 by road, in a town; Hampden 9 km away, 12 to 16 by road.
    assert 4 < found.loc["downtown", "minutes"] < 12
    assert 3 < found.loc["downtown", "km"] < 7
    assert 10 < found.loc["hampden", "minutes"] < 25
    assert 9 < found.loc["hampden", "km"] < 17


@pytest.mark.parametrize(
    ("engine", "estimated"), [("osrm:{}#profile=foot", False), ("osrm:{}", True), ("osrm:{}#profile=van", True)]
)
def test_on_foot_no_drive_is_estimated_where_the_network_knows_nothing(engine: str, estimated: bool) -> None:
    people = pd.DataFrame([PLACES["bangor"], SEA], columns=["latitude", "longitude"]).assign(
        geoid=["bangor", "sea"], county="23019", rurality="urban"
    )
    clinics = pd.DataFrame({"clinic_id": ["acadia"], "latitude": [44.8090], "longitude": [-68.7400]})
    with answering() as service:
        service.answer = GOOD["osrm:{}"]
        trips = estimate_trips(people, clinics, estimate=trip_finder_by(engine.format(service.base)))
    assert (trips.to_frame()["geoid"] == "sea").any() == estimated
    assert trips.places.tolist() == ["bangor", "sea"]
    assert trips.clinics.tolist() == ["acadia"]
    # 480 s, and 15.5 m beside the road, at 2 minutes a km by car and 12 on foot.
    assert trips.to_frame().iloc[0]["minutes"] == pytest.approx(8 + 0.0155 * (2 if estimated else 12))
    if not estimated:
        assert trips.method == "road: OSRM server, foot"
        assert trips.modes == (road_mode("OSRM server", "foot"),)


@pytest.mark.usefixtures("osrm")
def test_around_bangor_people_walk_at_four_to_six_km_an_hour_and_nobody_walks_where_the_map_ends(shared: Path) -> None:
    build_network([shared / "osm" / "bangor_maine.osm.pbf"], profile="foot")
    assert load_network("bangor_maine-foot").profile == "foot"
    clinics = pd.DataFrame({"clinic_id": ["acadia"], "latitude": [44.8212], "longitude": [-68.7409]})
    people = pd.DataFrame(
        {
            "geoid": ["downtown", "brewer", "old_town"],
            "latitude": [44.8016, 44.7966, 44.9342],
            "longitude": [-68.7712, -68.7614, -68.6453],
            "county": "23019",
            "rurality": "urban",
        }
    )
    trips = estimate_trips(people, clinics, estimate=trip_finder_by("bangor_maine-foot"))
    found = trips.to_frame()
    assert found["geoid"].tolist() == ["downtown", "brewer"]
    assert trips.method.startswith("road: OSRM")
    assert trips.method.endswith(", foot")
    assert (60 * found["km"] / found["minutes"]).between(4, 6).all()
    # 3 and 3.2 km apart as the crow flies; a walk in a town is 1.1 to 2 times that.
    assert found["km"].between(3.2, 6.5).all()
