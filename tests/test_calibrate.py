"""The fitted estimate: known rates are found again, places held out are not seen, errors are worked by hand."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.geo import great_circle_km
from access.travel.calibration import (
    Calibration,
    calibrate_estimate,
    estimate_errors,
    is_held_out,
    road_pairs,
    share_between,
)
from access.travel.estimate import BANDED
from tests.worlds import random_world, trips_from

KINDS = ["urban", "rural"]


def road_minutes(km: np.ndarray, start: float = 4.0, rates: tuple[float, ...] = (1.8, 1.2, 0.75)) -> np.ndarray:
    """By a plain sum over the bands to 8 km, to 40 km and beyond."""
    return np.array(
        [start + rates[0] * min(d, 8) + rates[1] * max(min(d, 40) - 8, 0) + rates[2] * max(d - 40, 0) for d in km]
    )


def made_up(seed: int = 0, *, trips: int = 6_000, farthest_km: float = 120, outliers: float = 0.1) -> pd.DataFrame:
    """Trips of 300 places; minutes are off by a few per cent, and one in ten takes three times as long."""
    rng = np.random.default_rng(seed)
    km = rng.uniform(0, farthest_km, trips)
    kinds = rng.choice(KINDS, trips)
    minutes = road_minutes(km) * rng.normal(1, 0.04, trips)
    minutes = np.where(rng.random(trips) < outliers, 3 * minutes, minutes)
    road_km = km * np.where(kinds == "urban", 1.45, 1.15) * rng.normal(1, 0.03, trips)
    geoid = [f"{number:011d}" for number in rng.integers(0, 300, trips)]
    return pd.DataFrame({"geoid": geoid, "rurality": kinds, "straight_km": km, "minutes": minutes, "km": road_km})


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_known_rates_are_found_again_among_outliers(seed: int) -> None:
    estimate = calibrate_estimate(made_up(seed), method="roads by hand").estimate
    assert estimate.start_minutes == pytest.approx(4, abs=0.4)
    assert estimate.minutes_per_km["urban"] == pytest.approx((1.8, 1.2, 0.75), rel=0.05)
    assert estimate.minutes_per_km["rural"] == estimate.minutes_per_km["urban"]
    assert estimate.name == "estimate fitted to roads by hand"


def test_road_factors_are_found_by_rurality_and_the_others_are_those_of_all() -> None:
    found = calibrate_estimate(made_up(), method="x")
    factor = found.estimate.road_factor
    assert factor["urban"] == pytest.approx(1.45, rel=0.01)
    assert factor["rural"] == pytest.approx(1.15, rel=0.01)
    assert factor["urban"] > factor["small_town"] > factor["rural"]
    assert [what for what in found.unfitted if "urban" in what or "rural" in what] == []
    assert "road factor, small_town" in found.unfitted


def test_each_rurality_can_have_rates_of_its_own() -> None:
    pairs = made_up()
    slow = pairs["rurality"] == "urban"
    pairs["minutes"] = pairs["minutes"].where(~slow, 4 + 1.5 * (pairs["minutes"] - 4))
    estimate = calibrate_estimate(pairs, method="x", by_rurality=True).estimate
    ratio = np.array(estimate.minutes_per_km["urban"]) / np.array(estimate.minutes_per_km["rural"])
    assert ratio.tolist() == pytest.approx([1.5] * 3, rel=0.1)


def test_a_band_without_trips_keeps_the_usual_rate_and_says_so() -> None:
    found = calibrate_estimate(made_up(farthest_km=35), method="x")
    assert found.estimate.minutes_per_km["urban"][2] == BANDED.minutes_per_km["urban"][2]
    assert found.estimate.minutes_per_km["urban"][:2] == pytest.approx((1.8, 1.2), rel=0.05)
    assert "minutes per km from 40 km on" in found.unfitted


def test_places_held_out_are_not_seen_by_the_fit() -> None:
    pairs = made_up()
    apart = is_held_out(pairs["geoid"])
    assert 0.1 < apart.mean() < 0.3
    first = calibrate_estimate(pairs, method="x")
    second = calibrate_estimate(pairs.assign(minutes=pairs["minutes"].where(~apart, 500.0)), method="x")
    assert second.estimate.minutes_per_km == first.estimate.minutes_per_km
    assert second.estimate.start_minutes == first.estimate.start_minutes
    assert second.report["median_minutes"].iloc[0] > 300 > first.report["median_minutes"].iloc[0]
    third = calibrate_estimate(pairs.assign(minutes=pairs["minutes"].where(apart, 500.0)), method="x")
    assert third.estimate.start_minutes > 100


def test_the_same_seed_holds_out_the_same_places_and_another_others() -> None:
    pairs = made_up()
    one, same, other = (calibrate_estimate(pairs, method="x", seed=seed) for seed in (3, 3, 4))
    assert one.estimate == same.estimate
    assert one.held_out != other.held_out


def test_block_groups_of_one_tract_are_held_out_together() -> None:
    tracts = pd.Series([f"{number:011d}" for number in range(500)])
    assert is_held_out(tracts + "1").tolist() == is_held_out(tracts + "2").tolist() == is_held_out(tracts).tolist()


def test_low_and_high_hold_nine_of_ten_trips_of_places_held_out() -> None:
    # Off by a normal factor of 4 %: its 5th and 95th percentile are 1 -+ 1.645 x 0.04 = 0.934 and 1.066.
    found = calibrate_estimate(made_up(outliers=0, trips=20_000), method="x").estimate
    assert found.low == pytest.approx(0.934, abs=0.01)
    assert found.high == pytest.approx(1.066, abs=0.01)


def test_short_and_long_trips_have_each_their_own_interval() -> None:
    # To 10 minutes the road is off by a normal factor of 10 %, beyond by 2 %: 1 -+ 1.645 x 0.1 and x 0.02.
    rng = np.random.default_rng(5)
    km = rng.uniform(0, 30, 40_000)
    minutes = road_minutes(km)
    minutes *= 1 + rng.normal(0, np.where(minutes < 10, 0.1, 0.02))
    pairs = made_up(trips=40_000).assign(straight_km=km, minutes=minutes)
    found = calibrate_estimate(pairs, method="x").estimate
    _, short, _, middle, *_, longest = found.intervals
    assert 5 <= short[0] < 10 < 20 <= middle[0] < 30
    assert short[1:] == pytest.approx((0.836, 1.164), abs=0.02)
    assert middle[1:] == pytest.approx((0.967, 1.033), abs=0.02)
    # No trip is so long, so that of all stands.
    assert longest == (120, found.low, found.high)


def test_an_interval_holds_the_estimate_itself() -> None:
    # Held-out roads that all take half as long as those of the fit: 0.5 to 1, not 0.5 to 0.5.
    pairs = made_up(outliers=0)
    apart = is_held_out(pairs["geoid"])
    found = calibrate_estimate(
        pairs.assign(minutes=pairs["minutes"].where(~apart, pairs["minutes"] / 2)), method="x"
    ).estimate
    assert found.low == pytest.approx(0.47, abs=0.02)
    assert found.high == 1


def test_the_interval_of_a_trip_is_that_of_its_estimated_minutes() -> None:
    estimate = replace(BANDED, intervals=((5.0, 0.5, 2.0), (15.0, 0.9, 1.1)))
    low, high = estimate.between([4.0, 5.0, 10.0, 20.0])
    assert low.tolist() == pytest.approx([2, 2.5, 7, 18])
    assert high.tolist() == pytest.approx([8, 10, 15.5, 22])
    low, high = BANDED.between([10.0])
    assert (low.tolist(), high.tolist()) == ([8.5], [12.0])
    # 4 km: 8 minutes, times 0.62 to 1.73, so 4.96 to 13.84; 24 km: 30.48, so 27.4 to 33.5. The last lies outside.
    pairs = pd.DataFrame({"straight_km": [4.0, 24.0, 24.0], "rurality": ["rural"] * 3, "minutes": [13.0, 30.0, 34.0]})
    assert share_between(pairs, estimate) == pytest.approx(2 / 3)


def test_errors_by_pencil() -> None:
    # The usual estimate: 2 + 1.5 x 4 = 8 minutes for 4 km; 2 + 12 + 1.03 x 16 = 30.48 for 24 km; 46.96 + 0.9 x 20 =
    # 64.96 for 60 km. The road has 10, 30, 58 and, for another 60 km, 70 minutes.
    pairs = pd.DataFrame(
        {
            "geoid": list("abcd"),
            "rurality": ["urban", "urban", "rural", "rural"],
            "straight_km": [4.0, 24.0, 60.0, 60.0],
            "minutes": [10.0, 30.0, 58.0, 70.0],
            "km": [5.0, 30.0, 70.0, 80.0],
        }
    )
    table = estimate_errors(pairs, BANDED).set_index(["band", "rurality"])
    whole = table.loc[("all", "all")]
    assert whole["trips"] == 4
    assert whole["bias_minutes"] == pytest.approx((-2 + 0.48 + 6.96 - 5.04) / 4)
    assert whole["median_minutes"] == pytest.approx((2 + 5.04) / 2)
    assert whole["share_wrong_30"] == 0.25  # 30 minutes are on this side, 30.48 on the other
    assert whole["share_wrong_60"] == 0.25
    assert table.loc[("40-80 km", "rural"), "bias_minutes"] == pytest.approx((6.96 - 5.04) / 2)
    assert table.loc[("0-8 km", "urban"), "trips"] == 1
    assert table.loc[("80+ km", "all"), "trips"] == 0
    assert table.loc[("80+ km", "all")].drop("trips").isna().all()
    assert table["trips"].sum() == 4 * 4  # each trip in its band and in all, its rurality and all


def test_a_band_s_end_is_in_the_next() -> None:
    pairs = made_up(trips=1).assign(straight_km=8.0)
    table = estimate_errors(pairs, BANDED).set_index(["band", "rurality"])["trips"]
    assert (table[("0-8 km", "all")], table[("8-16 km", "all")]) == (0, 1)


def test_a_calibration_is_kept_as_text_and_read_again() -> None:
    found = calibrate_estimate(made_up(farthest_km=35), method="roads by hand")
    again = Calibration.from_json(found.to_json())
    assert again.estimate == found.estimate
    pd.testing.assert_frame_equal(again.report, found.report)
    assert (again.fitted, again.held_out, again.unfitted) == (found.fitted, found.held_out, found.unfitted)
    assert "NaN" not in found.to_json()


def test_a_text_that_is_no_calibration_is_refused() -> None:
    kept = json.loads(calibrate_estimate(made_up(), method="x").to_json())
    for text in ("", "{}", "[]", json.dumps({**kept, "estimate": {}})):
        with pytest.raises(TableError, match="no calibration"):
            Calibration.from_json(text)
    for wrong in (
        {"minutes_per_km": {"urban": [1.0, 1.0, 1.0]}},
        {"minutes_per_km": {name: [1.0, 0.0, 1.0] for name in kept["estimate"]["minutes_per_km"]}},
        {"minutes_per_km": {name: [1.0, 1.0] for name in kept["estimate"]["minutes_per_km"]}},
        {"start_minutes": -1.0},
    ):
        with pytest.raises(TableError, match="cannot be"):
            Calibration.from_json(json.dumps({**kept, "estimate": {**kept["estimate"], **wrong}}))


def test_too_few_trips_are_refused_in_words() -> None:
    with pytest.raises(TableError, match="too few; at least 200 of each"):
        calibrate_estimate(made_up(trips=300), method="x")
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate_estimate(made_up(), method="x", held_out=1.0)


def test_pairs_are_trips_with_their_straight_km_and_the_place_s_rurality() -> None:
    people, clinics = random_world(1, places=3, clinics=2)
    one, two = people["geoid"][0], people["geoid"][2]
    near, far = clinics["clinic_id"]
    trips = trips_from({two: {near: 30.0}, one: {far: 20.0, near: 50.0}}, [far, near], max_minutes=100_000)
    pairs = road_pairs(trips, people, clinics)
    assert pairs["geoid"].tolist() == [two, one, one]
    assert pairs["minutes"].tolist() == [30, 20, 50]
    assert pairs["rurality"].tolist() == [people["rurality"][2], people["rurality"][0], people["rurality"][0]]
    place, clinic = people.loc[2], clinics.loc[0]
    straight = great_circle_km(place["latitude"], place["longitude"], clinic["latitude"], clinic["longitude"])
    assert pairs["straight_km"][0] == pytest.approx(float(straight))
    assert road_pairs(trips, people, clinics, measured=np.array([True, False, True]))["minutes"].tolist() == [30, 50]


def test_pairs_whose_slower_like_were_cut_teach_nothing() -> None:
    people = random_world(1, places=1)[0].assign(latitude=45.0, longitude=-110.0)
    # 0.1 degree is 11.12 km: 2 + 12 + 1.03 x 3.12 = 17.2 minutes, times 1.5 = 25.8; 0.2 degrees: 28.7, times 1.5 = 43.
    clinics = pd.DataFrame({"clinic_id": ["a", "b"], "latitude": [45.1, 45.2], "longitude": [-110.0, -110.0]})
    trips = trips_from({people["geoid"][0]: {"a": 15.0, "b": 29.0}}, ["a", "b"], max_minutes=30)
    assert road_pairs(trips, people, clinics)["minutes"].tolist() == [15]


def test_trips_of_other_tables_are_refused_in_words() -> None:
    people, clinics = random_world(1, places=3, clinics=2)
    trips = trips_from({people["geoid"][0]: {"z": 5.0}}, ["z"])
    with pytest.raises(TableError, match="z of the trips is not among the clinics"):
        road_pairs(trips, people, clinics)
