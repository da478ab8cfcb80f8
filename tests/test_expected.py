"""Expected minutes when listings may be wrong: by pencil on the valley, by brute force on random worlds."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.nearest import CHANCE_SWEEP, expected_minutes, minutes_to_nearest
from tests.worlds import dense_minutes, random_trips, valley_trips


def test_expected_minutes_by_pencil() -> None:
    # q = 0.8. city_a: 0 x 0.8 + 30 x 0.8 x 0.2 = 4.8; none works 0.2 x 0.2 = 0.04; if found 4.8 / 0.96 = 5.
    # city_b: 10 x 0.8 + 20 x 0.16 = 11.2, / 0.96. town: 60 x 0.8 + 90 x 0.16 = 62.4, / 0.96 = 65.
    # The forest reaches West alone: 120 x 0.8 = 96, none 0.2, if found 120.
    table = expected_minutes(valley_trips(), works=0.8)
    np.testing.assert_allclose(table["expected_minutes"], [4.8, 11.2, 62.4, np.nan, 96])
    np.testing.assert_allclose(table["chance_none_works"], [0.04, 0.04, 0.04, 1, 0.2])
    np.testing.assert_allclose(table["expected_minutes_if_found"], [5, 11.2 / 0.96, 65, np.nan, 120])


def test_a_chance_for_each_clinic_by_pencil() -> None:
    # city_a: East at 0 works with 0.5, West at 30 with 0.9: 30 x 0.9 x 0.5 = 13.5; none 0.5 x 0.1 = 0.05.
    table = expected_minutes(valley_trips(), works=pd.Series({"west": 0.9, "east": 0.5})).loc["city_a"]
    np.testing.assert_allclose(table, [13.5 / 0.95, 13.5, 0.05])


def test_the_default_chance_is_the_measured_one() -> None:
    pd.testing.assert_frame_equal(expected_minutes(valley_trips()), expected_minutes(valley_trips(), works=0.83))
    assert (min(CHANCE_SWEEP), max(CHANCE_SWEEP)) == (0.5, 0.95)


def test_listings_that_always_work_give_the_nearest_and_ones_that_never_work_nothing() -> None:
    sure = expected_minutes(valley_trips(), works=1)
    nearest = minutes_to_nearest(valley_trips()).to_numpy()
    np.testing.assert_array_equal(sure["expected_minutes_if_found"], nearest)
    np.testing.assert_array_equal(sure["expected_minutes"], nearest)
    assert sure["chance_none_works"].tolist() == [0, 0, 0, 1, 0]
    never = expected_minutes(valley_trips(), works=0)
    assert never[["expected_minutes", "expected_minutes_if_found"]].isna().all(axis=None)
    assert (never["chance_none_works"] == 1).all()


def test_expected_minutes_agree_with_every_case_counted_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, _, _ = random_trips(seed, places=3, clinics=5)
        works = np.random.default_rng(seed).random(5).round(2)
        table = expected_minutes(trips, works=pd.Series(works, index=trips.clinics))
        for at, row in enumerate(dense_minutes(trips)):
            total, none = 0.0, 0.0
            for case in product([False, True], repeat=5):
                chance = float(np.prod(np.where(case, works, 1 - works)))
                best = min((t for t, good in zip(row, case, strict=True) if good), default=np.inf)
                none += chance * np.isinf(best)
                total += chance * best if np.isfinite(best) else 0
            found = [total / (1 - none), total] if works[np.isfinite(row)].any() else [np.nan, np.nan]
            np.testing.assert_allclose(table.iloc[at], [*found, none], rtol=1e-9, atol=1e-12)


def test_better_listings_never_lengthen_the_minutes_if_found_nor_raise_the_chance_of_none() -> None:
    for seed in range(20):
        trips, _, _ = random_trips(seed)
        tables = [expected_minutes(trips, works=q) for q in (*CHANCE_SWEEP, 1.0)]
        for worse, better in pairwise(tables):
            assert not (better["expected_minutes_if_found"] > worse["expected_minutes_if_found"] + 1e-9).any()
            assert (better["chance_none_works"] <= worse["chance_none_works"]).all()


def test_the_order_of_clinics_does_not_matter() -> None:
    trips, _, _ = random_trips(2)
    works = pd.Series(np.linspace(0.3, 0.9, len(trips.clinics)), index=trips.clinics)
    pd.testing.assert_frame_equal(expected_minutes(trips, works=works[::-1]), expected_minutes(trips, works=works))
    apart = trips.among(trips.clinics[:3]).join(trips.among(trips.clinics[3:]))
    pd.testing.assert_frame_equal(expected_minutes(apart, works=works), expected_minutes(trips, works=works))


def test_a_chance_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"works is 1\.2"):
        expected_minutes(valley_trips(), works=1.2)
    with pytest.raises(TableError, match="chance that east works is above 1"):
        expected_minutes(valley_trips(), works=pd.Series({"east": 1.5, "west": 0.5}))
    with pytest.raises(TableError, match="chance that a listing works of west is missing"):
        expected_minutes(valley_trips(), works=pd.Series({"east": 0.5}))
