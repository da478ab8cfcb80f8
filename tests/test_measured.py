"""Every measure by name: its summary by pencil, and each one asked on random trips."""

import numpy as np
import pandas as pd
import pytest

from access.content.methods import methods_table
from access.errors import TableError
from access.measures.nearest import minutes_to_nearest
from access.measures.supply import demand_of
from access.questions.measure_registry import MEASURES, SUMMARIES, Question, measure_table, measure_tables
from access.words.gaps import measure_for_people
from tests.worlds import random_trips, valley_people, valley_trips

# The floating catchment needs places on the map too: tests/test_summaries.py asks it.
ON_TRIPS = [name for name in MEASURES if name != "floating"]


def test_a_measure_is_summed_up_by_pencil() -> None:
    table = measure_table(minutes_to_nearest(valley_trips()), valley_people()).iloc[0]
    # city_a 500 x 0, city_b 300 x 10, town 150 x 60; the ranch's 50 reach nothing; nobody lives in the forest.
    assert table["people"] == 1000
    assert (table["people_without"], table["share_without"]) == (50, 0.05)
    assert table["mean"] == pytest.approx((300 * 10 + 150 * 60) / 950)
    assert (table["quantile_25"], table["median"], table["quantile_75"]) == (0, 0, 10)


def test_groups_hold_everybody_and_the_last_row_is_all() -> None:
    table = measure_tables(minutes_to_nearest(valley_trips()), valley_people(), "rurality")
    assert table["rurality"].tolist() == ["urban", "small_town", "rural", "all"]
    assert table["people"].tolist() == [800, 150, 50, 1000]
    shown = measure_for_people(table)
    assert shown["median"].tolist() == ["0", "60", "none", "0"]


def test_a_course_by_pencil() -> None:
    people, trips = valley_people(), valley_trips()
    question = Question(trips, demand_of(people), pd.Series({"east": 1.0, "west": 1.0}), treatments=["ketamine_iv"])
    # Six infusions; a visit of 90 minutes; city_b drives 10 minutes: 6 x (2 x 10 + 90) = 660.
    assert MEASURES["course_minutes"].compute(question)["city_b"] == 660
    # The escort makes two round trips of 40 minutes, since waiting takes 110: 6 x 40 = 240.
    assert MEASURES["course_escort_minutes"].compute(question)["city_b"] == 240
    assert np.isnan(MEASURES["course_minutes"].compute(question)["ranch"])
    with pytest.raises(TableError, match="one treatment"):
        MEASURES["course_usd"].compute(Question(trips, demand_of(people), pd.Series(dtype=float)))


def test_nobody_to_sum_up_is_refused() -> None:
    with pytest.raises(TableError, match="Nobody lives"):
        measure_table(minutes_to_nearest(valley_trips()), valley_people().assign(population=0))


@pytest.mark.parametrize("name", ON_TRIPS)
def test_every_measure_answers_for_every_place_and_says_nothing_infinite(name: str) -> None:
    for seed in range(5):
        trips, demand, supply = random_trips(seed)
        values = MEASURES[name].compute(Question(trips, demand, supply, treatments=["ketamine_iv"]))
        assert values.index.equals(trips.places)
        assert not np.isinf(values.to_numpy(float)).any()
        unreached = np.diff(trips.indptr) == 0
        lacking = values[unreached & (demand > 0).to_numpy()]
        if name != "uptake":
            assert (lacking.isna() | (lacking == 0)).all()


@pytest.mark.parametrize("name", ON_TRIPS)
def test_a_clinic_that_nobody_reaches_changes_no_measure(name: str) -> None:
    trips, demand, supply = random_trips(3)
    more = trips.join(_no_trips_to("lonely", trips))
    wider = pd.concat([supply, pd.Series({"lonely": 5.0})])
    before = MEASURES[name].compute(Question(trips, demand, supply, treatments=["ketamine_iv"]))
    after = MEASURES[name].compute(Question(more, demand, wider, treatments=["ketamine_iv"]))
    np.testing.assert_allclose(after.to_numpy(float), before.to_numpy(float), rtol=1e-6)


def _no_trips_to(clinic: str, trips):
    from dataclasses import replace

    nothing = np.empty(0, np.float32)
    return replace(
        trips,
        clinics=pd.Index([clinic], name="clinic_id"),
        indptr=np.zeros(len(trips.places) + 1, np.int64),
        clinic_index=np.empty(0, np.int32),
        minutes=nothing,
        km=nothing,
    )


def test_demand_of_the_valley_is_its_people() -> None:
    assert demand_of(valley_people()).sum() == 1000


def test_every_measure_stands_in_the_methods() -> None:
    methods = methods_table()
    assert {name for cell in methods["measure"] for name in cell.split(", ")} <= {*MEASURES, *SUMMARIES, ""}
    # The four measures of a course share one row.
    assert {name for name in MEASURES if not name.startswith("course_")} <= set(methods["measure"])
    assert "course_minutes" in set(methods["measure"])
    assert (methods[["says", "formula", "unit", "source", "caution"]] != "").all(axis=None)
