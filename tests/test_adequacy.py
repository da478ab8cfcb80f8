"""Standards of adequacy: county types, pass and fail by pencil on the valley, by brute force on random worlds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.measures.adequacy import (
    MEDICARE_PSYCHIATRY,
    NORTH_CAROLINA_MEDICAID,
    STANDARDS,
    VA_MENTAL_HEALTH,
    adequacy_by_county,
    county_types,
    read_standard,
    standard,
)
from access.units import KM_PER_MILE
from tests.worlds import dense_minutes, random_trips, trips_from, valley_people, valley_trips

MI2 = KM_PER_MILE**2


def _valley(rows: dict, **options) -> pd.DataFrame:
    return adequacy_by_county(valley_trips(), valley_people(), standard({"any": rows}), **options).set_index("county")


@pytest.mark.parametrize(
    ("people", "per_mi2", "expected"),
    [
        (1_000_000, 1_000, "large_metro"),
        (1_000_000, 999.9, "metro"),
        (999_999, 1_500, "large_metro"),
        (500_000, 1_499.9, "metro"),
        (3_000, 5_000, "large_metro"),
        (200_000, 4_999.9, "metro"),
        (200_000, 10, "metro"),
        (199_999, 99.9, "micro"),
        (199_999, 100, "metro"),
        (50_000, 10, "micro"),
        (49_999, 999.9, "micro"),
        (49_999, 1_000, "metro"),
        (10_000, 50, "micro"),
        (49_999, 49.9, "rural"),
        (10_000, 10, "rural"),
        (9_999, 999.9, "rural"),
        (9_999, 50, "rural"),
        (9_999, 1_000, "metro"),
        (9_999, 9.9, "ceac"),
        (2_000_000, 9.9, "ceac"),
        (0, 0, "ceac"),
    ],
)
def test_county_types_at_their_edges(people: int, per_mi2: float, expected: str) -> None:
    table = pd.DataFrame({"county": ["01001", "01001"], "population": [people - people // 2, people // 2]})
    land = pd.Series({"01001": people / per_mi2 * MI2 * (1 - 1e-12) if per_mi2 else 100.0})
    assert county_types(table, land).to_dict() == {"01001": expected}


def test_as_transcribed_small_counties_of_10_to_50_per_square_mile_fall_to_the_rest() -> None:
    table = pd.DataFrame({"county": ["30005"], "population": [6_000]})
    assert county_types(table, pd.Series({"30005": 300 * MI2})).tolist() == ["metro"]


@pytest.mark.parametrize("land", [{}, {"01001": 0.0}, {"01001": np.nan}])
def test_a_county_without_land_area_is_refused_not_guessed(land: dict) -> None:
    with pytest.raises(TableError, match="County 01001 has no land area"):
        county_types(pd.DataFrame({"county": ["01001"], "population": [5]}), pd.Series(land, dtype=float))


def test_adequacy_by_pencil() -> None:
    # Within 10 minutes: county 30001 all 800 (city_a 0, city_b 10), 30003 none of 150 (60), 56001 none of 50.
    table = _valley({"max_minutes": 10, "min_share": 0.9})
    assert table["people"].tolist() == [800, 150, 50]
    assert table["people_inside"].tolist() == [800, 0, 0]
    assert table["people_outside"].tolist() == [0, 150, 50]
    assert table["share_inside"].tolist() == [1, 0, 0]
    assert table["result"].tolist() == ["pass", "fail", "fail"]
    assert table["fails"].tolist() == ["", "minutes", "minutes"]
    assert table["share_within_miles"].isna().all()


def test_the_limit_and_the_share_include_themselves() -> None:
    # Within 0 minutes is city_a alone: 500 of 800 = 0.625.
    assert _valley({"max_minutes": 1e-9, "min_share": 0.625})["result"]["30001"] == "pass"
    assert _valley({"max_minutes": 1e-9, "min_share": 0.6251})["result"]["30001"] == "fail"
    assert _valley({"max_minutes": 60, "min_share": 1})["result"]["30003"] == "pass"
    assert _valley({"max_minutes": 59.99, "min_share": 1})["result"]["30003"] == "fail"
    # The valley's km equal its minutes: city_b's East is exactly 10 km off, as float32 has it.
    assert _valley({"max_miles": 10 / KM_PER_MILE, "min_share": 1})["result"]["30001"] == "pass"


def test_two_clinics_within_reach_by_pencil() -> None:
    # Two clinics: city_a at 30, city_b at 20, the town at 90.
    table = _valley({"max_minutes": 25, "min_clinics": 2, "min_share": 0.3})
    assert table["people_inside"].tolist() == [300, 0, 0]
    assert table["result"].tolist() == ["pass", "fail", "fail"]


def test_both_and_either_by_pencil() -> None:
    # km equal minutes. 45 minutes and 10 miles (16.1 km): city_a and city_b inside; 5 miles (8.05 km): city_b not.
    both = {"max_minutes": 45, "max_miles": 5, "min_share": 0.9}
    assert _valley(both)["share_inside"]["30001"] == 0.625
    assert _valley(both)["fails"]["30001"] == "miles"
    assert _valley({**both, "rule": "either"})["share_inside"]["30001"] == 1
    assert _valley({"max_minutes": 5, "max_miles": 5, "min_share": 0.9})["fails"]["30001"] == "minutes and miles"


def test_enough_within_each_limit_but_not_within_both_at_once_fails_together() -> None:
    trips = trips_from({"city_a": {"near": 10.0, "quick": 20.0}}, ["near", "quick"])
    trips.km[:] = [50.0, 10.0]  # 10 minutes but 50 km; 20 minutes and 10 km
    limits = {"max_minutes": 15, "max_miles": 10, "min_share": 1}
    table = adequacy_by_county(trips, valley_people()[:1], standard({"any": limits})).iloc[0]
    assert (table["share_within_minutes"], table["share_within_miles"], table["share_inside"]) == (1, 1, 0)
    assert (table["result"], table["fails"]) == ("fail", "together")


def test_a_county_where_nobody_lives_is_not_applicable_and_needs_no_type() -> None:
    people = valley_people().assign(population=[500, 300, 150, 0, 0])
    types = pd.Series({"30001": "metro", "30003": "rural"})
    table = adequacy_by_county(valley_trips(), people, MEDICARE_PSYCHIATRY, county_type=types).set_index("county")
    assert table["result"].to_dict() == {"30001": "pass", "30003": "pass", "56001": "not_applicable"}
    assert np.isnan(table["share_inside"]["56001"])


def test_a_standard_that_names_no_share_judges_nobody() -> None:
    table = adequacy_by_county(valley_trips(), valley_people(), VA_MENTAL_HEALTH)
    assert table["result"].tolist() == ["not_judged"] * 3
    assert table["share_inside"].tolist() == [1, 0, 0]
    own = adequacy_by_county(valley_trips(), valley_people(), VA_MENTAL_HEALTH.assign(min_share=0.9))
    assert own["result"].tolist() == ["pass", "fail", "fail"]


def test_adequacy_counts_the_people_it_is_given() -> None:
    veterans = pd.Series([1.5, 0.5, 2.0, 3.0, 1.0], index=valley_people()["geoid"])
    table = _valley({"max_minutes": 5, "min_share": 0.5}, demand=veterans)
    assert table["people"].tolist() == [2, 2, 4]
    assert table["people_inside"].tolist() == [1.5, 0, 0]


@pytest.mark.parametrize("rule", ["both", "either"])
def test_adequacy_agrees_with_a_plain_loop_on_200_random_worlds(rule: str) -> None:
    for seed in range(100):
        trips, demand, _ = random_trips(seed)
        rng = np.random.default_rng(seed)
        trips.km[:] = rng.integers(0, 130, len(trips))
        people = pd.DataFrame(
            {"geoid": trips.places, "county": rng.choice(["01001", "01003", "01005"], len(demand)), "population": 1}
        ).sample(frac=1, random_state=seed)
        rows = {
            "urban": {"max_minutes": 30, "max_miles": 20, "rule": rule, "min_clinics": 2, "min_share": 0.5},
            "rural": {"max_minutes": 60, "max_miles": 40, "rule": rule, "min_clinics": 1, "min_share": 0.9},
        }
        types = pd.Series({"01001": "urban", "01003": "rural", "01005": "rural"})
        table = adequacy_by_county(trips, people, standard(rows), county_type=types, demand=demand)
        minutes = dense_minutes(trips)
        km = dense_minutes(type(trips)(**{**vars(trips), "minutes": trips.km}))
        for row in table.itertuples():
            limits, total, inside = rows[types[row.county]], 0.0, 0.0
            for place in people.loc[people["county"] == row.county, "geoid"]:
                at = trips.places.get_loc(place)
                near = minutes[at] <= limits["max_minutes"]
                short = km[at] <= limits["max_miles"] * KM_PER_MILE
                good = near & short if rule == "both" else near | short
                total += demand[place]
                inside += demand[place] if good.sum() >= limits["min_clinics"] else 0
            assert (row.people, row.people_inside, row.people_outside) == (total, inside, total - inside)
            passed = "not_applicable" if not total else "pass" if inside / total >= limits["min_share"] else "fail"
            assert row.result == passed


def test_longer_limits_and_more_clinics_never_put_people_outside() -> None:
    for seed in range(20):
        trips, demand, _ = random_trips(seed)
        people = pd.DataFrame({"geoid": trips.places, "county": "01001", "population": demand.to_numpy(int)})
        shares = [
            adequacy_by_county(trips, people, standard({"any": {"max_minutes": m}}))["people_inside"].iloc[0]
            for m in (10, 30, 60, 120)
        ]
        assert shares == sorted(shares)
        fewer = adequacy_by_county(trips.among(trips.clinics[:2]), people, standard({"any": {"max_minutes": 60}}))
        assert fewer["people_inside"].iloc[0] <= shares[2]


def test_people_of_one_county_are_judged_alike_alone_and_among_others() -> None:
    alone = valley_people()[:2].reset_index(drop=True)
    rule = standard({"any": {"max_minutes": 10, "min_share": 0.9}})
    whole = adequacy_by_county(valley_trips(), valley_people(), rule)
    pd.testing.assert_frame_equal(adequacy_by_county(valley_trips(), alone, rule), whole[:1])


def test_a_county_without_a_type_or_with_a_strange_one_is_refused() -> None:
    with pytest.raises(TableError, match="differs by county type"):
        adequacy_by_county(valley_trips(), valley_people(), MEDICARE_PSYCHIATRY)
    types = pd.Series({"30001": "metro", "30003": "suburb", "56001": "rural"})
    with pytest.raises(TableError, match="County 30003 has the type suburb"):
        adequacy_by_county(valley_trips(), valley_people(), MEDICARE_PSYCHIATRY, county_type=types)
    with pytest.raises(TableError, match="County 56001 has the type nan"):
        adequacy_by_county(
            valley_trips(),
            valley_people(),
            MEDICARE_PSYCHIATRY,
            county_type=types[:1].reindex(["30001", "30003"], fill_value="metro"),
        )


def test_a_limit_beyond_the_trips_own_is_refused() -> None:
    with pytest.raises(ValueError, match="stop at 240 minutes; the standard asks for 300"):
        _valley({"max_minutes": 300})


def test_a_place_that_the_trips_lack_is_refused_not_dropped() -> None:
    fewer = valley_trips().of_places(np.array([True, True, False, True, True]))
    with pytest.raises(TableError, match="no row for place town"):
        adequacy_by_county(fewer, valley_people(), VA_MENTAL_HEALTH)


def test_the_standards_are_as_transcribed() -> None:
    medicare = MEDICARE_PSYCHIATRY.set_index("county_type")
    assert medicare["max_minutes"].to_dict() == {"large_metro": 20, "metro": 45, "micro": 60, "rural": 75, "ceac": 110}
    assert medicare["max_miles"].tolist() == [10, 30, 45, 60, 100]
    assert medicare["min_share"].tolist() == [0.9, 0.9, 0.85, 0.85, 0.85]
    assert set(medicare["rule"]) == {"both"}
    carolina = NORTH_CAROLINA_MEDICAID.set_index("county_type")
    assert carolina.loc["urban"].tolist() == [30, 15, "either", 2, 0.95]
    assert carolina.loc["rural"].tolist() == [60, 60, "either", 2, 0.95]
    assert STANDARDS["va_specialty"]["max_minutes"].tolist() == [60]


def test_a_states_own_standard_comes_from_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("county_type,max_minutes,max_miles,rule,min_share\nurban,30,,,0.9\nrural,,60,either,\n")
    expected = standard({"urban": {"max_minutes": 30, "min_share": 0.9}, "rural": {"max_miles": 60, "rule": "either"}})
    pd.testing.assert_frame_equal(read_standard(path), expected)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("any,-5,,,1,0.9", "max_minutes is -5.* must be above zero"),
        ("any,soon,,,1,0.9", "max_minutes is 'soon'. Give a number"),
        ("any,,,,1,0.9", "any has neither max_minutes nor max_miles"),
        ("any,30,,maybe,1,0.9", "rule is 'maybe'.* must be both or either"),
        ("any,30,,,1,90", "min_share is 90.* must be a share from 0 to 1"),
        ("any,30,,,0,0.9", "min_clinics is 0.* must be above zero"),
        ("any,30,,,1,0.9\nany,60,,,1,0.9", "county_type is 'any'.* must not be repeated"),
    ],
)
def test_a_broken_standard_is_refused_in_one_sentence(tmp_path: Path, rows: str, sentence: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"county_type,max_minutes,max_miles,rule,min_clinics,min_share\n{rows}\n")
    with pytest.raises(TableError, match=rf"own\.csv.*{sentence}"):
        read_standard(path)


def test_a_misspelt_column_of_a_standard_is_refused_not_ignored(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("county_type,max_minutes,max_mile\nany,30,10\n")
    with pytest.raises(TableError, match=r"own\.csv has a column max_mile;"):
        read_standard(path)
    with pytest.raises(TableError, match="has a column max_minuts"):
        standard({"any": {"max_minuts": 30, "max_miles": 10}})
    with pytest.raises(SourceError, match="cannot be read"):
        read_standard(Path("/nowhere/own.csv"))
