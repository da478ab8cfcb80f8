"""Starts lost to distance: the published steps, the smooth form, and sums by group."""

import math

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.uptake import (
    ESKETAMINE_STEPS,
    esketamine_curve,
    expected_patients,
    relative_starts,
    starts_lost,
    starts_lost_by_group,
)
from tests.worlds import dense_minutes, random_trips, valley_people

ADULTS = valley_people().set_index("geoid")["adults"]
# city_a beside the centre, city_b 15 miles, the town 25, the ranch reaches none, the forest 60 (nobody lives there).
MILES = pd.Series([0.0, 15.0, 25.0, np.nan, 60.0], index=ADULTS.index, name="miles")


def test_the_steps_are_those_of_the_paper() -> None:
    # Fewer starts than at 0-9 miles by 11.9, 50.8, 68.1, 75.9 and 92.8 %
    fewer = [100 * (1 - ratio) for _, ratio in ESKETAMINE_STEPS]
    assert fewer == pytest.approx([0, 11.9, 50.8, 68.1, 75.9, 92.8])
    assert [begins for begins, _ in ESKETAMINE_STEPS] == [0, 10, 20, 30, 40, 50]


def test_a_band_begins_at_its_first_mile() -> None:
    found = esketamine_curve([0, 9.99, 10, 19.99, 20, 30, 40, 49.99, 50, 500])
    assert found.tolist() == [1, 1, 0.881, 0.881, 0.492, 0.319, 0.241, 0.241, 0.072, 0.072]


def test_the_smooth_form_by_pencil() -> None:
    # Half at 26 miles; at 52, 1 / (1 + 2^2.7) = 1 / 7.498
    assert esketamine_curve([0, 26, 52], form="smooth").tolist() == pytest.approx([1, 0.5, 0.133369], abs=1e-6)


def test_the_smooth_form_stays_within_a_tenth_of_every_step_and_a_twenty_fifth_on_the_whole() -> None:
    error = esketamine_curve([4.5, 14.5, 24.5, 34.5, 44.5, 65], form="smooth") - [
        ratio for _, ratio in ESKETAMINE_STEPS
    ]
    assert np.abs(error).max() < 0.1
    assert math.sqrt((error**2).mean()) < 0.04


@pytest.mark.parametrize("form", ["stepped", "smooth"])
def test_farther_never_means_more_starts_and_no_centre_means_fewest(form) -> None:
    ratios = esketamine_curve(np.arange(0, 300, 0.5), form=form)
    assert (np.diff(ratios) <= 0).all()
    assert relative_starts(pd.Series([np.nan]), form=form)[0] <= ratios.min()


def test_a_distance_that_is_not_known_stays_so_in_the_curve_and_is_beyond_50_miles_among_places() -> None:
    assert np.isnan(esketamine_curve([np.nan])).all()
    assert np.isnan(esketamine_curve([np.nan], form="smooth")).all()
    assert relative_starts(pd.Series([np.nan])).tolist() == [0.072]
    assert relative_starts(pd.Series([np.nan]), form="smooth").tolist() == [0]


def test_a_distance_below_zero_or_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        esketamine_curve([-1])
    with pytest.raises(ValueError, match="stepped or smooth"):
        esketamine_curve([1], form="linear")


def test_starts_lost_by_pencil() -> None:
    # Central 1.15 %: city_b 240 adults, 2.76 expected, 0.119 lost: 0.32844; town 1.38 x 0.508 = 0.70104;
    # ranch 0.46 x 0.928 = 0.42688. Low: 0.21 / 1.15 of each.
    lost = starts_lost(MILES, expected_patients(ADULTS))
    assert lost["lost_central"].tolist() == pytest.approx([0, 0.32844, 0.70104, 0.42688, 0])
    assert lost["lost_low"].tolist() == pytest.approx([0, 0.0599760, 0.1280160, 0.0779520, 0])
    assert lost["expected_central"].tolist() == pytest.approx([4.6, 2.76, 1.38, 0.46, 0])
    assert lost["reached"].tolist() == [True, True, True, False, True]


def test_the_start_rate_scales_the_counts_and_not_the_share() -> None:
    whole, tenth = (starts_lost(MILES, expected_patients(ADULTS), start_rate=rate) for rate in (1, 0.1))
    pd.testing.assert_series_equal(tenth["lost_central"], whole["lost_central"] * 0.1)
    pd.testing.assert_series_equal(tenth["share_lost"], whole["share_lost"])


def test_starts_lost_sum_by_group_and_say_what_they_rest_on() -> None:
    lost = starts_lost(MILES, expected_patients(ADULTS))
    everyone = starts_lost_by_group(lost, valley_people()).iloc[0]
    # 0.32844, 0.70104 and 0.42688 of the 9.2 expected
    assert everyone["share_lost"] == pytest.approx(1.45636 / 9.2)
    assert (everyone["people"], everyone["people_unreached"]) == (1000, 50)
    by_state = starts_lost_by_group(lost, valley_people(), by=["state"])
    assert by_state["lost_central"].sum() == pytest.approx(everyone["lost_central"])
    assert by_state["evidence"].str.contains("observational, one insured cohort, unadjusted").all()


def test_a_group_where_nobody_is_expected_has_no_share() -> None:
    lost = starts_lost(MILES, expected_patients(ADULTS * 0))
    assert starts_lost_by_group(lost, valley_people())["share_lost"].isna().all()


def test_patients_not_known_and_rates_beyond_one_are_refused() -> None:
    with pytest.raises(TableError, match="expected patients of town"):
        starts_lost(MILES, expected_patients(ADULTS.drop("town")))
    with pytest.raises(ValueError, match="start_rate is 2"):
        starts_lost(MILES, expected_patients(ADULTS), start_rate=2)


def test_starts_lost_agree_with_a_plain_loop_on_200_random_worlds() -> None:
    bands = {1: 0.881, 2: 0.492, 3: 0.319, 4: 0.241}
    for seed in range(200):
        trips, demand, _ = random_trips(seed)
        nearest = dense_minutes(trips).min(axis=1)  # minutes stand for miles here
        miles = pd.Series(np.where(np.isinf(nearest), np.nan, nearest), index=trips.places)
        found = starts_lost(miles, expected_patients(demand))["lost_low"]
        for place, distance, adults in zip(trips.places, nearest, demand, strict=True):
            ratio = 1.0 if distance < 10 else 0.072 if distance >= 50 else bands[int(distance // 10)]
            assert found[place] == pytest.approx(adults * 0.0021 * (1 - ratio), rel=1e-12)
