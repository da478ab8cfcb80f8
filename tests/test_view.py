"""What a map shows of an area: worked by pencil on the valley, whose kilometres equal its minutes."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.catchment import two_step_catchment
from access.questions.view import (
    ADULT_SHARE,
    VIEW_MEASURES,
    View,
    area_values,
    place_values,
    view_people,
    view_trips,
)
from access.units import KM_PER_MILE
from access.words.view import view_sentence, view_title
from tests.worlds import valley_people, valley_trips

TMS = View(("tms",))
SERVICES = pd.DataFrame(
    {
        "clinic_id": ["east", "west"],
        "treatment": ["tms", "tms"],
        "payers_accepted": ["", "medicaid|va"],
        "payers_refused": ["medicaid", ""],
        "capacity_per_week": [np.nan, np.nan],
        "source": ["us", "us"],
    }
)


def by_county(view: View, people: pd.DataFrame | None = None) -> pd.DataFrame:
    people = valley_people() if people is None else people
    trips = view_trips(valley_trips(), SERVICES, view)
    return area_values(place_values(trips, people, SERVICES, view), people, view, "county").set_index("county")


def test_share_number_and_median_by_county() -> None:
    share = by_county(replace(TMS, limit=5))
    assert share["value"].to_dict() == {"30001": 300 / 800 * 100, "30003": 100.0, "56001": 100.0}
    assert share["people_beyond"].to_dict() == {"30001": 300, "30003": 150, "56001": 50}
    assert share["people_unreached"].to_dict() == {"30001": 0, "30003": 0, "56001": 50}
    beyond = by_county(replace(TMS, show="beyond", limit=60))
    assert beyond["value"].to_dict() == {"30001": 0.0, "30003": 0.0, "56001": 50.0}
    median = by_county(replace(TMS, show="median"))
    assert median["value"].to_dict() == {"30001": 0.0, "30003": 60.0, "56001": math.inf}
    assert math.isnan(median.loc["56001", "median"])


def test_a_rank_and_miles_are_those_of_the_clinic_asked_for() -> None:
    second = by_county(replace(TMS, show="median", rank=2))
    assert second["value"].to_dict() == {"30001": 30.0, "30003": 90.0, "56001": math.inf}
    miles = by_county(replace(TMS, show="median", unit="miles"))
    assert miles.loc["30003", "value"] == pytest.approx(60 / KM_PER_MILE)


def test_a_payer_leaves_only_clinics_that_state_it() -> None:
    median = by_county(replace(TMS, show="median", payer="medicaid"))
    assert median["value"].to_dict() == {"30001": 30.0, "30003": 60.0, "56001": math.inf}


def test_adults_and_expected_patients_are_counted_or_estimated() -> None:
    people = valley_people()
    assert view_people(people, "adults")["population"].tolist() == people["adults"].tolist()
    uncounted = people.assign(adults=np.nan)
    assert view_people(uncounted, "adults")["population"].sum() == pytest.approx(1000 * ADULT_SHARE)
    assert view_people(uncounted, "trd_low")["population"].sum() == pytest.approx(1000 * ADULT_SHARE * 0.0021)
    assert view_people(people, "people") is people


def test_hours_of_a_course_count_a_driver_where_there_is_no_car() -> None:
    people = valley_people()
    course = replace(TMS, show="course")
    alone = place_values(valley_trips(), people, SERVICES, course)
    driven = place_values(valley_trips(), people, SERVICES, replace(course, has_car=False))
    # TMS: 36 visits; the hour's difference from town to city_a is 36 x 2 x 60 minutes of the patient alone.
    assert alone["town"] - alone["city_a"] == pytest.approx(36 * 2 * 60 / 60)
    # The driver waits or makes two round trips, whichever is less: at no distance neither takes any time.
    assert driven["city_a"] == pytest.approx(alone["city_a"])
    assert driven["town"] > alone["town"] + 36 * 60 / 60
    assert math.isnan(alone["ranch"])


def test_lost_starts_and_catchments() -> None:
    people = valley_people()
    lost = by_county(View(("esketamine",), show="starts_lost"))
    assert lost.loc["56001", "value"] == pytest.approx(100 * (1 - 0.072)), "beyond 50 miles"
    view = replace(TMS, show="two_step", limit=30)
    found = by_county(view)
    each = two_step_catchment(
        valley_trips(), people.set_index("geoid")["population"], pd.Series(1.0, ["east", "west"]), max_minutes=30
    )
    assert found.loc["30001", "value"] == pytest.approx(1e5 * (500 * each["city_a"] + 300 * each["city_b"]) / 800)
    assert found["value"].to_dict() == {"30001": pytest.approx(1e5 * 2 / 800), "30003": 0.0, "56001": 0.0}


def test_what_is_not_known_is_refused_in_a_sentence() -> None:
    people, trips = valley_people(), valley_trips()
    with pytest.raises(TableError, match="esketamine alone"):
        place_values(trips, people, SERVICES, replace(TMS, show="starts_lost"))
    with pytest.raises(TableError, match="one treatment"):
        place_values(trips, people, SERVICES, View(("tms", "ect"), show="course"))


@pytest.mark.parametrize("show", VIEW_MEASURES)
def test_every_view_has_a_title_a_sentence_and_rising_classes(show: str) -> None:
    view = View(("esketamine",), show=show)
    services = SERVICES.assign(treatment="esketamine")
    values = place_values(valley_trips(), valley_people(), services, view)
    said = view_sentence(values, valley_people(), view, "the valley")
    assert "the valley" in said
    assert "{" not in said + view_title(view)
    assert list(VIEW_MEASURES[show].edges) == sorted(set(VIEW_MEASURES[show].edges))
    table = area_values(values, valley_people(), view, "state")
    assert table["people"].sum() == 1000


def test_a_place_that_is_missing_from_the_values_is_refused() -> None:
    values = place_values(valley_trips(), valley_people(), SERVICES, TMS).drop("town")
    with pytest.raises(TableError, match="town"):
        area_values(values, valley_people(), TMS, "county")
