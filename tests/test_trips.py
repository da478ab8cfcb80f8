"""Trips and the drive estimate: worked answers, brute force, and the laws of the matrix."""

import numpy as np
import pandas as pd
import pytest

from access.geo import great_circle_km
from access.travel.estimate import BANDED, ESTIMATES, FACTOR_SPEED, estimate_trips
from access.vocabulary import RURALITIES
from tests.worlds import random_world, trips_from, valley_trips


def test_banded_minutes_by_pencil() -> None:
    # 2 + 1.5 x 8 + 1.03 x 32 + 0.9 x 60 = 100.96 for 100 km
    assert BANDED.minutes([0, 8, 40, 100], ["urban"] * 4).tolist() == pytest.approx([2, 14, 46.96, 100.96])


def test_factor_speed_minutes_by_pencil() -> None:
    # rural: 100 km x 1.27 / 64 km/h x 60 = 119.0625 min; urban: 100 x 1.34 / 57 x 60 = 141.0526
    assert FACTOR_SPEED.minutes([100, 100], ["rural", "urban"]).tolist() == pytest.approx([119.0625, 141.05263])


def test_road_km_by_pencil() -> None:
    assert BANDED.road_km([10, 10], ["urban", "rural"]).tolist() == pytest.approx([13.4, 12.7])


@pytest.mark.parametrize("estimate", ESTIMATES.values(), ids=list(ESTIMATES))
def test_reach_is_the_distance_that_takes_exactly_the_minutes(estimate) -> None:
    kinds = list(RURALITIES)
    for minutes in (3.0, 14.0, 30.0, 46.96, 60.0, 240.0):
        reach = estimate.reach_km(minutes, kinds)
        assert estimate.minutes(reach, kinds).tolist() == pytest.approx([minutes] * len(kinds))


def test_reach_is_zero_when_the_start_takes_longer() -> None:
    assert BANDED.reach_km(1.0, ["urban"]).tolist() == [0.0]


def test_great_circle_of_one_degree_of_latitude_is_the_sphere_s() -> None:
    # 6371.0088 km x pi / 180 = 111.1951 km
    assert great_circle_km(45, -110, 46, -110) == pytest.approx(111.19508, abs=1e-4)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("estimate", ESTIMATES.values(), ids=list(ESTIMATES))
def test_trips_agree_with_a_plain_loop_on_random_worlds(seed: int, estimate) -> None:
    people, clinics = random_world(seed, clinics=12)
    trips = estimate_trips(people, clinics, max_minutes=120, estimate=estimate)
    expected = []
    for place in people.itertuples():
        for clinic in clinics.itertuples():
            km = great_circle_km(place.latitude, place.longitude, clinic.latitude, clinic.longitude)
            minutes = float(estimate.minutes(km, place.rurality))
            if minutes <= 120:
                expected.append((place.geoid, clinic.clinic_id, minutes, float(estimate.road_km(km, place.rurality))))
    wanted = pd.DataFrame(expected, columns=["geoid", "clinic_id", "minutes", "km"])
    found = trips.to_frame().sort_values(["geoid", "clinic_id"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found.astype(wanted.dtypes),
        wanted.sort_values(["geoid", "clinic_id"]).reset_index(drop=True),
        rtol=1e-5,
    )


def test_rows_stand_nearest_first() -> None:
    people, clinics = random_world(1)
    minutes = estimate_trips(people, clinics).to_frame().groupby("geoid")["minutes"]
    assert minutes.is_monotonic_increasing.all()


def test_a_clinic_on_the_spot_is_a_real_trip() -> None:
    people, clinics = random_world(0)
    first = estimate_trips(people, clinics).to_frame().query("geoid == 'p000'").iloc[0]
    assert (first["clinic_id"], first["minutes"], first["km"]) == ("c0", 2.0, 0.0)


def test_among_keeps_only_the_clinics_asked_for() -> None:
    west = valley_trips().among(["west", "unknown"])
    assert west.to_frame()["clinic_id"].unique().tolist() == ["west"]
    assert west.to_frame()["minutes"].tolist() == [30, 20, 60, 120]
    assert len(valley_trips().among([])) == 0


def test_of_keeps_only_the_places_asked_for() -> None:
    trips = valley_trips().of_places(np.array([False, True, False, True, False]))
    assert trips.places.tolist() == ["city_b", "ranch"]
    assert trips.to_frame()["minutes"].tolist() == [10, 20]


def test_joined_rows_are_those_of_one_building() -> None:
    people, clinics = random_world(5)
    whole = estimate_trips(people, clinics)
    parts = estimate_trips(people, clinics[:4]).join(estimate_trips(people, clinics[4:].reset_index(drop=True)))
    pd.testing.assert_frame_equal(whole.to_frame(), parts.to_frame())


def test_joining_a_clinic_twice_or_other_places_is_refused() -> None:
    with pytest.raises(ValueError, match="in both, the first east"):
        valley_trips().join(valley_trips())
    with pytest.raises(ValueError, match="same places"):
        valley_trips().join(trips_from({"elsewhere": {}}, ["new"]))


def test_no_trip_crosses_the_sea() -> None:
    people = pd.DataFrame(
        {
            "geoid": ["honolulu", "lihue"],
            "latitude": [21.31, 21.97],
            "longitude": [-157.86, -159.37],
            "county": ["15003", "15007"],
            "rurality": ["urban", "rural"],
        }
    )
    clinic = pd.DataFrame({"clinic_id": ["queens"], "latitude": [21.308], "longitude": [-157.854]})
    assert estimate_trips(people, clinic).to_frame()["geoid"].tolist() == ["honolulu"]


def test_no_clinics_and_no_people_give_empty_trips() -> None:
    people, clinics = random_world(2)
    assert len(estimate_trips(people, clinics[:0])) == 0
    assert len(estimate_trips(people[:0], clinics)) == 0


def test_a_limit_below_the_start_reaches_not_even_the_same_spot() -> None:
    people, clinics = random_world(0)
    assert len(estimate_trips(people, clinics, max_minutes=1.9)) == 0
    assert estimate_trips(people, clinics, max_minutes=2.0).to_frame()["clinic_id"].tolist() == ["c0"]
