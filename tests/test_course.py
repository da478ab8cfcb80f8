"""The burden of a course: by pencil, by a plain loop on random worlds, and the data it rests on."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.course import course_burden, course_by_trip, lightest_course, time_usd
from access.measures.regimens import DEFAULT_REGIMENS, REGIMENS, Price, Regimen, regimen_of, regimens_table
from access.travel.trips import Trips
from access.vocabulary import TREATMENTS
from tests.worlds import dense_minutes, random_trips, valley_trips

KETAMINE = regimen_of("ketamine_iv")
MILE = 1.609344


def burden_at(minutes: float, miles: float, regimen: Regimen) -> "pd.Series[float]":
    return course_burden(pd.Series([minutes]), pd.Series([miles]), regimen).iloc[0]


def offers(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["clinic_id", "treatment", "price_usd"])


def test_a_ketamine_course_by_pencil() -> None:
    # Away 2 x 30 + 90 = 150 min; escort min(150, 4 x 30) = 120; six of each. Miles 2 x 6 x 40 = 480 at 20.5 c.
    course = burden_at(30, 40, KETAMINE)
    assert (course["patient_minutes"], course["escort_minutes"], course["miles"]) == (900, 720, 480)
    assert course["travel_usd"] == pytest.approx(98.40)
    assert course[["treatment_usd_low", "treatment_usd_central", "treatment_usd_high"]].tolist() == [2400, 3540, 4800]
    assert course[["usd_low", "usd_central", "usd_high"]].tolist() == pytest.approx([2498.4, 3638.4, 4898.4])
    # 2 h 30 away is half a day for the patient, and so are the escort's 2 h.
    assert course[["patient_days", "escort_days"]].tolist() == [3, 3]
    assert course[["sessions", "sessions_per_week", "weeks"]].tolist() == [6, 2, 3]


def test_an_escort_who_lives_far_waits_instead_of_driving_twice() -> None:
    # 4 x 60 = 240 is more than 2 x 60 + 90 = 210
    assert burden_at(60, 60, KETAMINE)["escort_minutes"] == 6 * 210


def test_tms_needs_no_escort_and_has_no_known_price_or_weeks() -> None:
    course = burden_at(45, 10, regimen_of("tms"))
    assert course["patient_minutes"] == 36 * (90 + 30)
    assert (course["escort_minutes"], course["escort_days"]) == (0, 0)
    assert course["travel_usd"] == pytest.approx(36 * 20 * 0.205)
    assert course[["treatment_usd_central", "usd_low", "usd_central", "usd_high", "weeks"]].isna().all()


def test_exactly_four_hours_away_is_half_a_work_day_and_a_minute_more_a_whole_one() -> None:
    assert burden_at(75, 1, KETAMINE)["patient_days"] == 6 * 0.5
    assert burden_at(75.5, 1, KETAMINE)["patient_days"] == 6


def test_waiting_counts_as_time_away() -> None:
    assert burden_at(30, 40, replace(KETAMINE, wait_minutes=20))["patient_minutes"] == 6 * 170


def test_a_clinic_next_door_costs_an_escort_nothing_and_no_travel() -> None:
    course = burden_at(0, 0, KETAMINE)
    assert (course["escort_minutes"], course["escort_days"], course["travel_usd"]) == (0, 0, 0)
    assert course["usd_central"] == 3540


def test_a_place_that_reaches_nothing_has_no_course() -> None:
    for treatment in REGIMENS:
        course = burden_at(np.nan, np.nan, regimen_of(treatment))
        assert course.drop(["sessions", "sessions_per_week", "weeks"]).isna().all()


def test_minutes_and_miles_of_other_places_are_refused() -> None:
    with pytest.raises(TableError, match="same places"):
        course_burden(pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"]), KETAMINE)
    with pytest.raises(TableError, match="below zero"):
        burden_at(-1, 1, KETAMINE)
    with pytest.raises(ValueError, match="mile costs"):
        course_burden(pd.Series([1.0]), pd.Series([1.0]), KETAMINE, usd_per_mile=-1)


def test_value_of_time_is_asked_for_and_never_in_the_money() -> None:
    course = course_burden(pd.Series([30.0]), pd.Series([40.0]), KETAMINE)
    assert time_usd(course).tolist() == pytest.approx([(900 + 720) / 60 * 21.3])
    assert time_usd(course, usd_per_hour=10).tolist() == pytest.approx([270])
    with pytest.raises(ValueError, match="hour is worth"):
        time_usd(course, usd_per_hour=-1)


def test_the_course_of_every_trip_is_that_of_its_minutes_and_km() -> None:
    trips = valley_trips()
    pairs = trips.to_frame()
    expected = course_burden(pairs["minutes"].astype(float), pairs["km"].astype(float) / MILE, KETAMINE)
    found = course_by_trip(trips, KETAMINE)
    np.testing.assert_allclose(found, expected[list(found.columns)], rtol=1e-6)
    assert set(found.dtypes) == {np.dtype("float32")}


def test_the_size_of_the_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    trips, _, _ = random_trips(4)
    whole = course_by_trip(trips, KETAMINE)
    monkeypatch.setattr("access.measures.course._TRIPS_AT_ONCE", 7)
    pd.testing.assert_frame_equal(course_by_trip(trips, KETAMINE), whole)


def test_a_clinic_s_own_price_stands_before_the_usual_one() -> None:
    trips = valley_trips()
    course = course_by_trip(trips, KETAMINE, prices=pd.Series({"east": 100.0, "elsewhere": 1.0}))
    at_east = trips.to_frame()["clinic_id"] == "east"
    assert course.loc[at_east, ["treatment_usd_low", "treatment_usd_high"]].eq(600).all(axis=None)
    assert course.loc[~at_east, "treatment_usd_low"].eq(2400).all()
    with pytest.raises(TableError, match="more than once"):
        course_by_trip(trips, KETAMINE, prices=pd.Series([1.0, 2.0], index=["east", "east"]))


def test_no_trips_have_no_courses() -> None:
    assert course_by_trip(valley_trips().among([]), KETAMINE).empty


def test_nearest_cheapest_and_quickest_may_be_three_answers() -> None:
    # The town: West at 60 min gives TMS, 36 x (120 + 30) = 5,400 min, for a price nobody knows; East at 90 min
    # gives ketamine, 6 x (180 + 90) = 1,620 min.
    town = lightest_course(valley_trips(), offers(("west", "tms", np.nan), ("east", "ketamine_iv", 500.0))).loc["town"]
    assert (town["nearest_clinic_id"], town["nearest_minutes"]) == ("west", 60)
    assert (town["quickest_clinic_id"], town["quickest_treatment"]) == ("east", "ketamine_iv")
    assert town["quickest_patient_minutes"] == 1620
    assert (town["cheapest_clinic_id"], town["offers_unpriced"]) == ("east", 1)
    # Two that give ketamine, at the same minutes as km: West 6 x 600 + 2 x 6 x 60 km x 20.5 c a mile = 3,691.71;
    # East 6 x 400 + 2 x 6 x 90 km x 20.5 c a mile = 2,537.57.
    both = offers(("west", "ketamine_iv", 600.0), ("east", "ketamine_iv", 400.0))
    town = lightest_course(valley_trips(), both).loc["town"]
    assert (town["nearest_clinic_id"], town["cheapest_clinic_id"], town["quickest_clinic_id"]) == (
        "west",
        "east",
        "west",
    )
    assert town["cheapest_usd"] == pytest.approx(2400 + 2 * 6 * 90 / MILE * 0.205)


def test_a_treatment_whose_course_nobody_knows_is_counted_and_never_chosen() -> None:
    table = lightest_course(valley_trips(), offers(("east", "ketamine_im", 1.0), ("west", "ketamine_iv", np.nan)))
    assert table.loc["city_a", "nearest_clinic_id"] == "east"
    assert table.loc["city_a", "cheapest_clinic_id"] == "west"
    assert table.loc["city_a", ["offers_unpriced", "offers_untimed"]].tolist() == [1, 1]
    assert table.loc["forest", ["offers_unpriced", "offers_untimed"]].tolist() == [0, 0]


def test_a_place_that_reaches_no_offer_has_none() -> None:
    table = lightest_course(valley_trips(), offers(("east", "ketamine_iv", np.nan)))
    assert table.loc[["ranch", "forest"]].drop(columns=["offers_unpriced", "offers_untimed"]).isna().all(axis=None)


def test_sources_that_differ_on_a_price_give_their_median() -> None:
    told = offers(("east", "ketamine_iv", 100.0), ("east", "ketamine_iv", 300.0), ("east", "ketamine_iv", np.nan))
    assert lightest_course(valley_trips(), told).loc["city_a", "cheapest_usd"] == 6 * 200


def test_the_price_range_is_chosen_by_word() -> None:
    usual = offers(("east", "esketamine", np.nan))
    dollars = [lightest_course(valley_trips(), usual, price=one).loc["city_a", "cheapest_usd"] for one in PRICES]
    assert dollars == [12 * 135, 12 * 286, 12 * 1050]
    with pytest.raises(ValueError, match="choose low, central or high"):
        lightest_course(valley_trips(), usual, price="median")


PRICES = ("low", "central", "high")


def test_a_clinic_nobody_reaches_changes_nothing_and_clinics_may_stand_in_any_order() -> None:
    told = offers(("west", "ketamine_iv", 600.0), ("east", "esketamine", 90.0), ("west", "ect", 70.0))
    plain = lightest_course(valley_trips(), told)
    more = pd.concat([told.iloc[::-1], offers(("nowhere", "ketamine_iv", 0.0))])
    pd.testing.assert_frame_equal(lightest_course(valley_trips(), more), plain)


def test_lightest_course_agrees_with_a_plain_loop_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, _, _ = random_trips(seed)
        rng = np.random.default_rng(seed)
        rows = [(c, t) for c in trips.clinics for t in rng.choice(list(TREATMENTS), rng.integers(0, 4), replace=False)]
        told = offers(*[(c, t, float(rng.choice([np.nan, 0.0, 250.0, 900.0]))) for c, t in rows])
        _compare_with_loop(trips, told, lightest_course(trips, told))


def _compare_with_loop(trips: Trips, told: pd.DataFrame, found: pd.DataFrame) -> None:
    matrix, column = dense_minutes(trips), {clinic: j for j, clinic in enumerate(trips.clinics)}
    nearest, least = [], {"cheapest_usd": [], "quickest_patient_minutes": []}
    for row, minutes in zip(found.to_dict("records"), matrix, strict=True):
        reached = [
            (c, t, p, minutes[column[c]]) for c, t, p in told.itertuples(index=False) if minutes[column[c]] < 1e9
        ]
        nearest.append(min((t for *_, t in reached), default=math.nan))
        for name, costs, unknown in (
            ("cheapest_usd", {(c, t): _usd(t, p, m) for c, t, p, m in reached}, "offers_unpriced"),
            ("quickest_patient_minutes", {(c, t): _spent(t, m) for c, t, _, m in reached}, "offers_untimed"),
        ):
            known = {offer: one for offer, one in costs.items() if not math.isnan(one)}
            assert row[unknown] == len(costs) - len(known)
            least[name].append(min(known.values(), default=math.nan))
            if known:
                which = name.split("_")[0]
                chosen = known[row[f"{which}_clinic_id"], row[f"{which}_treatment"]]
                assert math.isclose(chosen, least[name][-1], rel_tol=1e-12)
    np.testing.assert_array_equal(found["nearest_minutes"], nearest)
    for name, expected in least.items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-12)


def _usd(treatment: str, stated: float, km: float) -> float:
    if treatment not in DEFAULT_REGIMENS:
        return math.nan
    regimen = DEFAULT_REGIMENS[treatment]
    price = regimen.price_usd.central if math.isnan(stated) else stated
    return regimen.sessions * (price + 2 * km / MILE * 0.205)


def _spent(treatment: str, minutes: float) -> float:
    if treatment not in DEFAULT_REGIMENS:
        return math.nan
    return DEFAULT_REGIMENS[treatment].sessions * (2 * minutes + DEFAULT_REGIMENS[treatment].visit_minutes)


def test_presets_hold_the_visits_of_the_evidence() -> None:
    visits = {f"{key}: {one.name}": one.sessions for key, presets in REGIMENS.items() for one in presets}
    assert visits == {
        "ketamine_iv: induction": 6,
        "ketamine_iv: first year, few boosters": 15,
        "ketamine_iv: first year, many boosters": 19,
        "esketamine: label induction": 12,
        "esketamine: real world": 8,
        "esketamine: label year, every 2 weeks": 34,
        "esketamine: label year, weekly": 56,
        "tms: daily and taper": 36,
        "tms: daily only": 30,
        "ect: middle": 9,
        "ect: short": 6,
        "ect: long": 12,
    }
    assert {key for key, one in DEFAULT_REGIMENS.items() if one.may_drive} == {"tms"}
    assert {key for key, one in DEFAULT_REGIMENS.items() if math.isnan(one.price_usd.central)} == {"tms", "ect"}


def test_every_figure_has_its_grade_and_source() -> None:
    table = regimens_table()
    assert set(table["treatment"]) <= set(TREATMENTS)
    assert table["grade"].isin(list("ABCD")).all()
    assert (table["source"].str.len() > 20).all()
    priced = table["price_usd_central"].notna()
    assert (table.loc[priced, "price_usd_grade"] == "C").all()
    assert (table.loc[~priced, "price_usd_grade"] == "").all()


def test_unknown_courses_and_impossible_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="no source for the course of 'ketamine_im'"):
        regimen_of("ketamine_im")
    with pytest.raises(ValueError, match="no course 'weekly'; choose one of: induction"):
        regimen_of("ketamine_iv", "weekly")
    with pytest.raises(ValueError, match="sessions above 0"):
        replace(KETAMINE, sessions=0)
    with pytest.raises(ValueError, match="from low to high"):
        Price(5, 4, 6)
