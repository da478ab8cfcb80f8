"""The gap with its interval: by pencil, by enumeration, by a plain loop over draws, and by its laws."""

import itertools
import math
from dataclasses import replace

import numba
import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from access.errors import TableError
from access.measures import uncertainty_kernels as kernels
from access.measures.beyond import people_beyond
from access.measures.layout import groups_of
from access.measures.nearest import minutes_to_nearest
from access.measures.uncertainty import (
    TRAVEL_SPREAD_MINUTES,
    ErrorSources,
    GapInterval,
    gap_interval,
    interval_widths,
    shares_by_draw,
)
from access.travel.trips import Trips
from tests.worlds import random_trips, trips_from, valley_people, valley_trips

CERTAIN = ErrorSources(None, None, None, None, None)
ENDS = ["low", "median", "high"]


def people_at(trips: Trips, population: "pd.Series[float] | list[int]", rurality: list[str] | str) -> pd.DataFrame:
    return pd.DataFrame({"geoid": trips.places, "population": np.array(population, int), "rurality": rurality})


def random_question(seed: int, clinics: int = 6) -> tuple[Trips, pd.DataFrame]:
    trips, demand, _ = random_trips(seed, clinics=clinics)
    trips = replace(trips, max_minutes=400.0)
    words = np.random.default_rng(seed).choice(["urban", "small_town", "rural"], len(trips.places))
    return trips, people_at(trips, demand, list(words))


def share(found: GapInterval, group: str, limit: float) -> "pd.Series[float]":
    rows = found.shares
    return rows[(rows["rurality"] == group) & (rows["beyond"] == limit)].iloc[0]


def figure(found: GapInterval, name: str, limit: float) -> "pd.Series[float]":
    return found.gaps[(found.gaps["figure"] == name) & (found.gaps["beyond"] == limit)].iloc[0]


def everyones_draws(trips: Trips, people: pd.DataFrame, limit: float, draws: int, sources: ErrorSources) -> np.ndarray:
    groups = groups_of(people, [])
    return shares_by_draw(trips, people, [limit], groups=groups, seed=1, sources=sources, draws=draws)[:, -1, 0]


@pytest.mark.parametrize("seed", range(20))
def test_with_every_source_off_the_interval_is_the_plain_estimate_exactly(seed: int) -> None:
    trips, people = random_question(seed)
    found = gap_interval(trips, people, [60, 0, 30], seed=seed, sources=CERTAIN, draws=3)
    plain = people_beyond(minutes_to_nearest(trips), people, [60, 0, 30], by=["rurality"])
    for row in plain.itertuples():
        got = share(found, str(row.rurality), float(row.beyond))
        np.testing.assert_array_equal(got[["low", "central", "median", "high"]].to_numpy(float), row.share_beyond)
        assert got["people"] == row.people
    assert found.sources == ()


def test_the_gap_of_the_valley_by_pencil() -> None:
    # Beyond 5 minutes: 300 of 800 urban people, all 50 rural ones: 1 - 0.375 = 0.625, and 8/3 times.
    found = gap_interval(valley_trips(), valley_people(), [5], seed=1, sources=CERTAIN, draws=2)
    assert figure(found, "difference", 5)[[*ENDS, "central"]].tolist() == [0.625] * 4
    assert figure(found, "ratio", 5)[[*ENDS, "central"]].to_numpy(float) == pytest.approx(8 / 3)
    assert found.shares["rurality"].drop_duplicates().tolist() == ["rural", "small_town", "urban", "all"]


def test_one_clinic_whose_listing_works_four_times_in_five_leaves_a_fifth_of_draws_beyond() -> None:
    # Bernoulli, mean 0.2: the standard error of 20,000 draws is root(0.2 x 0.8 / 20,000) = 0.0028; four are allowed.
    trips = trips_from({"a": {"c": 10.0}}, ["c"])
    drawn = everyones_draws(trips, people_at(trips, [1], "urban"), 30, 20_000, replace(CERTAIN, listing_works=0.8))
    assert set(drawn) == {0.0, 1.0}
    assert drawn.mean() == pytest.approx(0.2, abs=4 * 0.0028)


def test_the_difference_is_worked_out_draw_by_draw_not_from_the_ends() -> None:
    # Both sides depend on one clinic: in each draw both are within or both beyond, so the difference is always 0,
    # although each share alone runs from 0 to 1. Draws of 0 over 0 leave the ratio without an interval.
    trips = trips_from({"u": {"c": 10.0}, "r": {"c": 20.0}}, ["c"])
    found = gap_interval(
        trips, people_at(trips, [10, 10], ["urban", "rural"]), [30], seed=2, sources=replace(CERTAIN, listing_works=0.5)
    )
    assert share(found, "rural", 30)[["low", "high"]].tolist() == [0, 1]
    assert share(found, "urban", 30)[["low", "high"]].tolist() == [0, 1]
    assert figure(found, "difference", 30)[[*ENDS, "central"]].tolist() == [0] * 4
    assert figure(found, "ratio", 30)[[*ENDS, "central"]].isna().all()


def test_a_ratio_over_zero_has_no_bound_rather_than_infinity() -> None:
    # The rural ranch reaches nothing. The urban clinic fails in half of the draws: the ratio is 1 there, else 1/0.
    trips = trips_from({"u": {"c": 10.0}, "r": {}}, ["c"])
    people = people_at(trips, [10, 10], ["urban", "rural"])
    found = gap_interval(trips, people, [30], seed=2, sources=replace(CERTAIN, listing_works=0.5))
    ratio = figure(found, "ratio", 30)
    assert ratio["low"] == 1
    assert math.isnan(ratio["high"])
    assert math.isnan(ratio["central"])


def test_a_side_without_people_has_no_share_and_no_gap() -> None:
    nobody = valley_people().assign(population=[500, 300, 150, 0, 0])
    found = gap_interval(valley_trips(), nobody, [30], seed=1, draws=20)
    assert share(found, "rural", 30)[[*ENDS, "central"]].isna().all()
    assert found.gaps[[*ENDS, "central"]].isna().all().all()
    absent = gap_interval(valley_trips(), valley_people(), [30], seed=1, draws=20, sides=("urban", "large_town"))
    assert absent.gaps[[*ENDS, "central"]].isna().all().all()


@pytest.mark.parametrize("seed", range(20))
def test_worse_listings_never_bring_anyone_nearer(seed: int) -> None:
    trips, people = random_question(seed)
    by_chance = [
        gap_interval(trips, people, [30, 60], seed=seed, sources=ErrorSources(listing_works=q), draws=60).shares[ENDS]
        for q in (0.95, 0.83, 0.5, 0.0)
    ]
    for better, worse in itertools.pairwise(by_chance):
        assert (worse.fillna(0) >= better.fillna(0)).all().all()
    assert by_chance[-1].stack().isin([1.0]).all()  # no listing works: everybody is beyond


@pytest.mark.parametrize("seed", range(10))
def test_an_error_of_the_factor_alone_encloses_the_plain_estimate(seed: int) -> None:
    # The share beyond only rises with the factor, and 1 lies between the factor's 5th and 95th percentile.
    trips, people = random_question(seed)
    found = gap_interval(trips, people, [25, 55], seed=seed, sources=replace(CERTAIN, travel_factor=(0.8, 1.25)))
    known = found.shares.dropna()
    assert ((known["low"] <= known["central"]) & (known["central"] <= known["high"])).all()


def test_a_symmetric_error_of_places_on_the_edge_puts_half_of_them_beyond() -> None:
    # 400 places exactly 30 minutes away: each is beyond in half of the draws, and together they err little.
    trips = trips_from({f"p{i}": {"c": 30.0} for i in range(400)}, ["c"])
    people = people_at(trips, [1] * 400, "urban")
    spread = replace(CERTAIN, travel_spread_minutes={"urban": 10.0})
    found = share(gap_interval(trips, people, [30], seed=4, sources=spread), "all", 30)
    assert found["central"] == 0
    assert found["median"] == pytest.approx(0.5, abs=0.01)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.645 * math.sqrt(0.25 / 400), rel=0.15)


@pytest.mark.parametrize(
    ("sources", "chance"),
    [
        # 30 minutes with a standard deviation of 10: P(z > 1) = 0.1587 beyond 40.
        (replace(CERTAIN, travel_spread_minutes={"urban": 10.0}), 1 - ndtr(1.0)),
        # A mean absolute error of 8 is a standard deviation of 8 x 1.2533 = 10.03: P(z > 0.997).
        (replace(CERTAIN, origin_error_minutes={"urban": 8.0}), 1 - ndtr(10 / (8 * math.sqrt(math.pi / 2)))),
        # 6 and 8 together are 10.
        (
            replace(
                CERTAIN,
                travel_spread_minutes={"urban": 6.0},
                origin_error_minutes={"urban": 8 / math.sqrt(math.pi / 2)},
            ),
            1 - ndtr(1.0),
        ),
    ],
)
def test_a_place_s_own_error_is_normal_with_the_stated_spread(sources: ErrorSources, chance: float) -> None:
    trips = trips_from({f"p{i}": {"c": 30.0} for i in range(20_000)}, ["c"])
    found = gap_interval(trips, people_at(trips, [1] * 20_000, "urban"), [40], seed=4, sources=sources, draws=50)
    assert share(found, "all", 40)["median"] == pytest.approx(chance, abs=0.004)


def test_the_factor_spans_its_band_from_the_5th_to_the_95th_percentile() -> None:
    keys = kernels.draw_keys(1, kernels.FACTOR, 0, 100_000)
    factors = ErrorSources().factors(kernels.uniform_numbers(keys))
    assert np.quantile(factors, [0.05, 0.5, 0.95]) == pytest.approx([0.85, math.sqrt(0.85 * 1.2), 1.2], abs=0.004)


def test_default_spreads_give_the_measured_error_of_the_estimate() -> None:
    # Median 1.8 minutes and 90th percentile 8, four places in five being urban.
    def within(minutes: float) -> float:
        inside = {sd: 2 * float(ndtr(minutes / sd)) - 1 for sd in TRAVEL_SPREAD_MINUTES.values()}
        return 0.8 * inside[TRAVEL_SPREAD_MINUTES["urban"]] + 0.2 * inside[TRAVEL_SPREAD_MINUTES["rural"]]

    assert within(1.8) == pytest.approx(0.5, abs=0.01)
    assert within(8) == pytest.approx(0.9, abs=0.005)


@pytest.mark.parametrize(("taken", "low", "median", "high"), [(0.0, 1, 1, 1), (1.0, 0, 0, 0), (None, 1, 1, 1)])
def test_unknown_payers_run_from_one_bound_to_the_other(
    taken: float | None, low: float, median: float, high: float
) -> None:
    # Refused at 1 minute (never), not stated at 10, stated at 50: within 20 only if the one that does not say takes it.
    trips = trips_from({"a": {"no": 1.0, "silent": 10.0, "yes": 50.0}}, ["no", "silent", "yes"])
    answers = pd.Series({"yes": "stated", "no": "refused", "silent": "not_stated"})
    people = people_at(trips, [7], "rural")
    found = gap_interval(
        trips, people, [20, 50], seed=1, sources=replace(CERTAIN, payer_taken=taken), payer_answers=answers, draws=40
    )
    row = share(found, "all", 20)
    assert row[ENDS].tolist() == [low, median, high]
    assert row["central"] == 1  # the plain estimate counts only clinics that state the payer
    assert share(found, "all", 50)[[*ENDS, "central"]].tolist() == [0] * 4


def test_the_chance_of_an_unknown_payer_is_drawn_from_its_whole_range_anew_in_each_draw() -> None:
    # 200 places, each with its own silent clinic: the share beyond is about 1 - p, so its 5th, 50th and 95th
    # percentiles are those of an even p from 0 to 1; a fixed p of 0.5 would keep all draws near a half.
    names = [f"c{i}" for i in range(200)]
    trips = trips_from({f"p{i}": {name: 10.0} for i, name in enumerate(names)}, names)
    people = people_at(trips, [1] * 200, "rural")
    answers = pd.Series("not_stated", index=names)
    for taken, expected in (((0.0, 1.0), [0.05, 0.5, 0.95]), (0.5, [0.442, 0.5, 0.558])):
        found = gap_interval(
            trips, people, [20], seed=3, sources=replace(CERTAIN, payer_taken=taken), payer_answers=answers, draws=4000
        )
        assert share(found, "all", 20)[ENDS].to_numpy(float) == pytest.approx(expected, abs=0.03)


def test_results_are_the_same_on_one_thread_and_on_all() -> None:
    trips, people = random_question(11)
    before = numba.get_num_threads()
    try:
        tables = []
        for threads in (1, before):
            numba.set_num_threads(threads)
            tables.append(gap_interval(trips, people, [30, 60], seed=9, draws=700))
    finally:
        numba.set_num_threads(before)
    pd.testing.assert_frame_equal(tables[0].shares, tables[1].shares, check_exact=True)
    pd.testing.assert_frame_equal(tables[0].gaps, tables[1].gaps, check_exact=True)


def test_a_seed_fixes_the_result_and_another_seed_changes_it() -> None:
    trips, people = random_question(12)
    first, again, other = (gap_interval(trips, people, [30], seed=seed, draws=99).shares for seed in (1, 1, -2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert not first.equals(other)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_places_and_clinics_changes_nothing(seed: int) -> None:
    trips, people = random_question(seed)
    rng = np.random.default_rng(seed)
    frame = trips.to_frame()
    places, clinics = rng.permutation(trips.places), list(rng.permutation(trips.clinics))
    rows = {p: dict(frame.loc[frame["geoid"] == p, ["clinic_id", "minutes"]].to_numpy().tolist()) for p in places}
    turned = trips_from(rows, clinics, max_minutes=400.0)
    expected = gap_interval(trips, people, [30, 60], seed=seed, draws=50)
    found = gap_interval(turned, people.sample(frac=1, random_state=seed), [30, 60], seed=seed, draws=50)
    pd.testing.assert_frame_equal(found.shares, expected.shares, check_exact=True)


def test_a_clinic_nobody_reaches_a_place_left_out_and_twice_the_people_change_nothing() -> None:
    trips, people = random_question(8)
    expected = gap_interval(trips, people, [30, 60], seed=3, draws=50).shares
    wider = replace(trips, clinics=trips.clinics.append(pd.Index(["far"], name="clinic_id")))
    pd.testing.assert_frame_equal(gap_interval(wider, people, [30, 60], seed=3, draws=50).shares, expected)
    twice = gap_interval(trips, people.assign(population=2 * people["population"]), [30, 60], seed=3, draws=50).shares
    pd.testing.assert_frame_equal(twice.drop(columns="people"), expected.drop(columns="people"))
    rural = people[people["rurality"] == "rural"].reset_index(drop=True)
    alone = share(gap_interval(trips, rural, [30], seed=3, draws=50), "rural", 30)
    among_all = expected[(expected["rurality"] == "rural") & (expected["beyond"] == 30)].iloc[0]
    assert alone[ENDS].tolist() == among_all[ENDS].tolist()


def test_a_farther_limit_never_has_more_people_beyond_it() -> None:
    trips, people = random_question(5)
    found = gap_interval(trips, people, [0, 30, 60, 120], seed=3, draws=50).shares
    for _, rows in found.groupby("rurality"):
        assert (np.diff(rows[ENDS].to_numpy(float), axis=0) <= 0).all()


def test_switching_off_the_only_source_takes_the_whole_width() -> None:
    trips, people = random_question(2)
    only = replace(CERTAIN, listing_works=0.6, travel_factor=(1.0, 1.0))
    table = interval_widths(trips, people, [60, 30], seed=1, sources=only, draws=99).set_index(["beyond", "without"])
    assert list(table.index) == [(z, name) for z in (30, 60) for name in ("", "listing_works", "travel_factor")]
    assert table.loc[(30, ""), "width"] > 0
    assert (
        table.loc[(30, "listing_works"), "median"]
        == figure(gap_interval(trips, people, [30], seed=1, sources=CERTAIN, draws=1), "difference", 30)["central"]
    )
    assert table.loc[(30, "listing_works"), ["width", "narrower"]].tolist() == [0, 1]
    assert table.loc[(30, "travel_factor"), "narrower"] == 0


def test_the_unknown_payer_is_a_source_only_when_a_payer_is_asked_for() -> None:
    trips, people = random_question(2)
    answers = pd.Series("not_stated", index=trips.clinics)
    without = interval_widths(trips, people, [60], seed=1, draws=20)["without"]
    assert without.tolist() == ["", *(name for name in ErrorSources().on() if name != "payer_taken")]
    asked = interval_widths(trips, people, [60], seed=1, draws=20, payer_answers=answers)["without"]
    assert asked.tolist() == ["", *ErrorSources().on()]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"listing_works": 1.2}, "listing_works"),
        ({"listing_works": pd.Series([0.5, np.nan])}, "listing_works"),
        ({"payer_taken": (0.7, 0.2)}, "payer_taken"),
        ({"payer_taken": -0.1}, "payer_taken"),
        ({"travel_factor": (0.0, 1.0)}, "travel_factor"),
        ({"travel_spread_minutes": {"urban": -1.0}}, "0 or more"),
        ({"origin_error_minutes": {"urban": math.nan}}, "0 or more"),
    ],
)
def test_a_source_that_is_no_chance_factor_or_spread_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ErrorSources(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"draws": 0}, "draws is 0"),
        ({"level": 1.0}, "level is 1"),
        ({"limits": []}, "from 0"),
        ({"limits": [-1.0]}, "from 0"),
        # 220 minutes, 1.645 x 13.8 of a rural place's own error, over 0.85: 286 are needed.
        ({"limits": [220.0]}, "stop at 240 minutes; a limit of 220 with these errors needs 286"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(wrong: dict[str, object], message: str) -> None:
    asked = {"limits": [30.0], "seed": 1, **wrong}
    with pytest.raises(ValueError, match=message):
        gap_interval(valley_trips(), valley_people(), **asked)


def test_a_limit_as_far_as_the_trips_go_is_answered_without_travel_errors() -> None:
    found = gap_interval(valley_trips(), valley_people(), [240], seed=1, sources=CERTAIN, draws=1)
    assert share(found, "all", 240)["median"] == 0.05


def test_tables_that_do_not_fit_are_refused() -> None:
    trips, people = valley_trips(), valley_people()
    with pytest.raises(TableError, match="west"):
        gap_interval(trips, people, [30], seed=1, sources=ErrorSources(listing_works=pd.Series({"east": 0.9})))
    with pytest.raises(TableError, match="west has no answer"):
        gap_interval(trips, people, [30], seed=1, payer_answers=pd.Series({"east": "stated"}))
    with pytest.raises(TableError, match="Rurality rural has no error"):
        gap_interval(
            trips, people, [30], seed=1, sources=ErrorSources(travel_spread_minutes={"urban": 1.0, "small_town": 2.0})
        )
    with pytest.raises(TableError, match="no row for place forest"):
        gap_interval(trips.of_places(np.array([1, 1, 1, 1, 0], bool)), people, [30], seed=1)
