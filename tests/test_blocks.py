"""Points by the million: the same answers as trips, whatever the chunks, tiles and order."""

from collections.abc import Iterator
from itertools import pairwise

import numba
import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.nearest import clinics_within, km_to_nearest, minutes_to_nearest
from access.travel import many_points
from access.travel.estimate import BANDED, ESTIMATES, estimate_trips
from access.travel.many_points import add_areas, count_within_points, nearest_of_points
from access.travel.origins import origins_of
from tests.worlds import random_world, valley_people

CLINICS = pd.DataFrame({"clinic_id": ["east", "west"], "latitude": [45.0, 45.1], "longitude": [-110.0, -110.0]})
NOBODY = pd.DataFrame({"clinic_id": [], "latitude": [], "longitude": []}).astype(
    {"latitude": float, "longitude": float}
)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Thousands of tiny questions: starting a second thread for each would take longer than the answers."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def points_of(people: pd.DataFrame) -> pd.DataFrame:
    return people.set_index("geoid")[["latitude", "longitude", "county", "rurality"]]


def worldwide(seed: int, places: int = 60, clinics: int = 25) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points and clinics on the mainland, on Oahu and Maui, around both poles and both sides of 180 degrees."""
    rng = np.random.default_rng(seed)
    middles = [
        (45, -110, "30001"),
        (21.4, -158, "15003"),
        (20.8, -156.6, "15009"),
        (89.5, 0, "30003"),
        (52, 180, "02016"),
    ]

    def around(many: int) -> pd.DataFrame:
        chosen = [middles[k] for k in rng.integers(0, len(middles), many)]
        latitude = [min(middle[0] + rng.normal(0, 1), 90) for middle in chosen]
        longitude = [(middle[1] + rng.normal(0, 1) + 180) % 360 - 180 for middle in chosen]
        return pd.DataFrame({"latitude": latitude, "longitude": longitude, "county": [middle[2] for middle in chosen]})

    kinds = rng.choice(["urban", "large_town", "small_town", "rural", "not_coded"], places)
    people = around(places).assign(geoid=[f"p{i}" for i in range(places)], rurality=kinds)
    return people, around(clinics).assign(clinic_id=[f"c{i}" for i in range(clinics)])


def test_nearest_in_the_valley_by_pencil() -> None:
    people = valley_people()
    found = nearest_of_points(points_of(people), CLINICS, landmarks=origins_of(people), max_minutes=100)
    # The cities stand on the spot: 2 minutes, 0 km. The town is 0.4 degrees = 44.478 km from West:
    # 2 + 12 + 32.96 + 0.9 x 4.478 = 50.990 minutes, and 44.478 x 1.27 = 56.487 km by road.
    # The forest, 100.08 km away, takes 46.96 + 0.9 x 60.08 = 101.03 minutes, and the ranch more: out of reach.
    assert found.index.tolist() == people["geoid"].tolist()
    assert found["minutes"].tolist() == pytest.approx([2, 2, 50.9902, np.nan, np.nan], nan_ok=True, abs=1e-3)
    assert found["km"].tolist() == pytest.approx([0, 0, 56.4871, np.nan, np.nan], nan_ok=True, abs=1e-3)


def test_count_in_the_valley_by_pencil() -> None:
    people = valley_people()
    # The town is 55.60 km from East: 46.96 + 0.9 x 15.60 = 61.0 minutes; 51.0 from West.
    for limit, expected in ((100, [2, 2, 2, 0, 0]), (60, [2, 2, 1, 0, 0]), (2, [1, 1, 0, 0, 0]), (1, [0] * 5)):
        found = count_within_points(points_of(people), CLINICS, landmarks=origins_of(people), max_minutes=limit)
        assert found["clinics"].tolist() == expected


def test_a_limit_counts_the_clinic_that_takes_exactly_so_long() -> None:
    people = valley_people().head(1)
    exact = float(BANDED.minutes(11.11950797, ["urban"])[0])
    for minutes, expected in ((exact - 1e-4, 1), (exact + 1e-4, 2)):
        found = count_within_points(points_of(people), CLINICS, landmarks=origins_of(people), max_minutes=minutes)
        assert found["clinics"].tolist() == [expected]


@pytest.mark.parametrize("estimate", ESTIMATES.values(), ids=list(ESTIMATES))
def test_points_agree_with_trips_to_the_last_bit_on_random_worlds(estimate, monkeypatch, one_thread) -> None:
    monkeypatch.setattr(many_points, "TILE", 8)
    for seed in range(200):
        people, clinics = worldwide(seed) if seed % 2 else random_world(seed)
        landmarks, limit = origins_of(people), float(np.random.default_rng(seed).choice([2, 30, 100, 240, 2000]))
        trips = estimate_trips(people, clinics, max_minutes=limit, estimate=estimate)
        asked = {
            "landmarks": landmarks,
            "estimate": estimate,
            "max_minutes": limit,
            "chunk": 17 if seed % 10 == 0 else 1000,
        }
        nearest = nearest_of_points(points_of(people), clinics, **asked)
        assert np.array_equal(nearest["minutes"], minutes_to_nearest(trips), equal_nan=True)
        assert np.array_equal(nearest["km"], km_to_nearest(trips), equal_nan=True)
        counts = count_within_points(points_of(people), clinics, **asked)
        assert np.array_equal(counts["clinics"], np.diff(trips.indptr))
        assert np.array_equal(counts["clinics"], clinics_within(trips, max_km=np.inf))


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_chunks_tiles_and_order_change_nothing(chunk: int, monkeypatch, one_thread) -> None:
    people, clinics = random_world(4, places=300, clinics=40)
    points, landmarks = points_of(people), origins_of(people)
    whole = nearest_of_points(points, clinics, landmarks=landmarks)
    shuffled = points.sample(frac=1, random_state=1)
    monkeypatch.setattr(many_points, "TILE", chunk)
    again = nearest_of_points(shuffled, clinics.sample(frac=1, random_state=2), landmarks=landmarks, chunk=chunk)
    pd.testing.assert_frame_equal(again.loc[points.index], whole)


def test_tables_in_turn_are_read_only_as_they_are_asked_for() -> None:
    people, clinics = random_world(5)
    read = []

    def tables() -> Iterator[pd.DataFrame]:
        for begin in (0, 10, 20, 30):
            read.append(begin)
            yield points_of(people).iloc[begin : begin + 10]

    parts = nearest_of_points(tables(), clinics, landmarks=origins_of(people), chunk=6)
    first = next(parts)
    assert (len(first), read) == (6, [0])
    whole = nearest_of_points(points_of(people), clinics, landmarks=origins_of(people))
    pd.testing.assert_frame_equal(pd.concat([first, *parts]), whole)


def test_a_point_without_county_and_rurality_has_those_of_the_nearest_landmark() -> None:
    people, clinics = worldwide(7)
    bare = points_of(people)[["latitude", "longitude"]]
    landmarks = origins_of(people)
    asked = {"landmarks": landmarks, "estimate": ESTIMATES["factor_speed"]}
    pd.testing.assert_frame_equal(
        nearest_of_points(bare, clinics, **asked), nearest_of_points(points_of(people), clinics, **asked)
    )


def test_placed_lends_county_and_state() -> None:
    grid = pd.DataFrame(
        {"latitude": [45.49, 46.4], "longitude": [-110.0, -110.0], "population": [1.5, 2.0]}, index=[7, 9]
    )
    found = add_areas(grid, valley_people())
    assert found[["state", "county", "rurality"]].to_numpy().tolist() == [
        ["MT", "30003", "small_town"],
        ["WY", "56001", "rural"],
    ]
    assert found.index.tolist() == [7, 9]


def test_nobody_crosses_the_sea_between_islands() -> None:
    maui = pd.DataFrame({"latitude": [20.9], "longitude": [-156.5], "county": ["15009"], "rurality": ["urban"]})
    both = pd.concat([maui, maui.assign(latitude=21.3, longitude=-157.8, county="15003")], ignore_index=True)
    landmarks = origins_of(both.assign(geoid=["maui", "oahu"]))
    honolulu = pd.DataFrame({"clinic_id": ["h"], "latitude": [21.3], "longitude": [-157.8]})
    assert nearest_of_points(both, honolulu, landmarks=landmarks)["minutes"].tolist() == pytest.approx(
        [np.nan, 2], nan_ok=True
    )
    assert count_within_points(both, honolulu, landmarks=landmarks, max_minutes=240)["clinics"].tolist() == [0, 1]


def test_a_point_on_a_land_mass_without_landmarks_reaches_nothing() -> None:
    people = valley_people()
    island = points_of(people).head(1).assign(county="25019")
    assert nearest_of_points(island, CLINICS, landmarks=origins_of(people))["minutes"].isna().all()


def test_more_minutes_never_reach_fewer_and_a_far_clinic_changes_nothing() -> None:
    people, clinics = random_world(6)
    landmarks = origins_of(people)
    counts = [
        count_within_points(points_of(people), clinics, landmarks=landmarks, max_minutes=limit)["clinics"]
        for limit in (10, 60, 120, 240)
    ]
    assert all((more >= less).all() for less, more in pairwise(counts))
    far = pd.concat([clinics, pd.DataFrame({"clinic_id": ["far"], "latitude": [26.0], "longitude": [-80.0]})])
    pd.testing.assert_frame_equal(
        nearest_of_points(points_of(people), far, landmarks=landmarks),
        nearest_of_points(points_of(people), clinics, landmarks=landmarks),
    )


def test_no_points_and_no_clinics_are_answers_too() -> None:
    people = valley_people()
    landmarks = origins_of(people)
    assert nearest_of_points(points_of(people).head(0), CLINICS, landmarks=landmarks).empty
    assert nearest_of_points(points_of(people), NOBODY, landmarks=landmarks)["km"].isna().all()
    counts = count_within_points(points_of(people), NOBODY, landmarks=landmarks, max_minutes=60)
    assert counts["clinics"].tolist() == [0] * 5


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"latitude": np.nan}, "Point city_a has no latitude"),
        ({"longitude": 181.0}, "longitude from -180 to 180"),
        ({"rurality": "suburb"}, "'suburb'; it must be one of urban"),
        ({"rurality": None}, "must be one of urban"),
        ({"county": None}, "points have no county"),
    ],
)
def test_a_point_that_is_not_one_is_refused(changed: dict[str, object], sentence: str) -> None:
    people = valley_people()
    with pytest.raises(TableError, match=sentence):
        nearest_of_points(points_of(people).assign(**changed), CLINICS, landmarks=origins_of(people))


def test_missing_columns_and_landmarks_are_refused() -> None:
    people = valley_people()
    with pytest.raises(TableError, match="points table has no column latitude"):
        nearest_of_points(points_of(people).drop(columns="latitude"), CLINICS, landmarks=origins_of(people))
    with pytest.raises(TableError, match="no landmarks"):
        nearest_of_points(points_of(people), CLINICS, landmarks=origins_of(people.head(0)))


@pytest.mark.parametrize("wrong", [{"chunk": 0}, {"max_minutes": -1}, {"max_minutes": np.nan}, {"max_minutes": np.inf}])
def test_a_parameter_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    people = valley_people()
    with pytest.raises(ValueError, match=next(iter(wrong))):
        nearest_of_points(points_of(people), CLINICS, landmarks=origins_of(people), **wrong)
