"""Supply and demand: one unit each, and what is assumed is said."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from access.errors import TableError
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.supply import demand_of, supply_of
from tests.worlds import valley_people


def _services(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    """Rows of clinic, treatment, visits a week (None: not known)."""
    return pd.DataFrame(rows, columns=["clinic_id", "treatment", "capacity_per_week"]).astype(
        {"capacity_per_week": float}
    )


KNOWN = _services(("east", "ketamine_iv", 36.0), ("west", "ketamine_iv", 6.0), ("west", "tms", 180.0))
PARTLY = _services(("east", "ketamine_iv", 36.0), ("west", "ketamine_iv", None))


def test_courses_a_month_by_pencil() -> None:
    # Six infusions a course: 36 a week are 6 courses, x 52/12 = 26 a month; 6 a week are 13/3.
    found = supply_of(KNOWN, ["ketamine_iv"])
    assert found["supply"].to_dict() == pytest.approx({"east": 26, "west": 13 / 3})
    assert (found.index.name, set(found["unit"]), found["is_assumed"].any()) == (
        "clinic_id",
        {"courses per month"},
        False,
    )


def test_courses_of_several_treatments_are_added() -> None:
    # TMS takes 36 sessions: 180 a week are 5 courses; with ketamine's 1 that makes 6 x 52/12 = 26.
    assert supply_of(KNOWN, ["ketamine_iv", "tms"])["supply"].to_dict() == pytest.approx({"east": 26, "west": 26})
    assert supply_of(KNOWN, [])["supply"].to_dict() == pytest.approx({"east": 26, "west": 26})


def test_another_course_changes_the_supply() -> None:
    short = {"ketamine_iv": replace(DEFAULT_REGIMENS["ketamine_iv"], sessions=3)}
    assert supply_of(KNOWN, ["ketamine_iv"], course=short)["supply"]["east"] == pytest.approx(52)


def test_the_default_never_mixes_courses_with_units() -> None:
    found = supply_of(PARTLY, ["ketamine_iv"])
    assert found["supply"].to_dict() == {"east": 1, "west": 1}
    assert (set(found["unit"]), found["is_assumed"].all()) == ({"clinics"}, True)


def test_one_unit_a_clinic_can_be_asked_for_whatever_is_known() -> None:
    found = supply_of(KNOWN, ["ketamine_iv"], unit="clinics")
    assert (found["supply"].tolist(), found["is_assumed"].tolist()) == ([1, 1], [True, True])


def test_courses_are_assumed_only_by_a_number_that_is_given_and_then_marked() -> None:
    with pytest.raises(TableError, match="not known for 1 of 2 clinics, the first west"):
        supply_of(PARTLY, ["ketamine_iv"], unit="courses")
    found = supply_of(PARTLY, ["ketamine_iv"], unit="courses", assumed_courses=4)
    assert found["supply"].to_dict() == {"east": 26, "west": 4}
    assert found["is_assumed"].to_dict() == {"east": False, "west": True}


def test_a_treatment_without_a_known_course_counts_clinics() -> None:
    injections = _services(("east", "ketamine_im", 12.0))
    assert supply_of(injections, ["ketamine_im"])["unit"].tolist() == ["clinics"]
    with pytest.raises(TableError, match="not known for 1 of 1"):
        supply_of(injections, ["ketamine_im"], unit="courses")


def test_a_capacity_of_zero_is_known_and_the_lower_of_two_sources_is_taken() -> None:
    two = _services(("east", "tms", 72.0), ("east", "tms", 36.0), ("east", "tms", None), ("west", "tms", 0.0))
    assert supply_of(two, ["tms"])["supply"].to_dict() == pytest.approx({"east": 52 / 12, "west": 0})


def test_a_clinic_whose_second_treatment_is_unknown_is_not_known() -> None:
    half = _services(("east", "ketamine_iv", 36.0), ("east", "tms", None))
    assert supply_of(half, ["ketamine_iv", "tms"])["unit"].tolist() == ["clinics"]
    assert supply_of(half, ["ketamine_iv"])["unit"].tolist() == ["courses per month"]


def test_no_clinic_gives_an_empty_table() -> None:
    assert supply_of(KNOWN, ["ect"]).empty
    assert supply_of(KNOWN, ["ect"], unit="courses").columns.tolist() == ["supply", "is_assumed", "unit"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"unit": "beds"}, "courses or clinics"),
        ({"assumed_courses": 3}, "unit='courses' alone"),
        ({"unit": "clinics", "assumed_courses": 3}, "unit='courses' alone"),
        ({"unit": "courses", "assumed_courses": -1}, "zero or more"),
        ({"unit": "courses", "assumed_courses": math.nan}, "zero or more"),
    ],
)
def test_supply_options_that_make_no_sense_are_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        supply_of(KNOWN, ["tms"], **options)


def test_demand_by_pencil() -> None:
    # 400 adults in city_a: x 0.0021 = 0.84 and x 0.0115 = 4.6 expected patients.
    people = valley_people()
    assert demand_of(people).tolist() == [500, 300, 150, 50, 0]
    assert demand_of(people, "adults").tolist() == [400, 240, 120, 40, 0]
    assert demand_of(people, "trd_low")["city_a"] == pytest.approx(0.84)
    assert demand_of(people, "trd_central")["city_a"] == pytest.approx(4.6)
    assert (demand_of(people, "adults").name, demand_of(people).index.name) == ("adults", "geoid")


def test_adults_that_are_not_counted_are_refused_unless_a_share_is_given() -> None:
    uncounted = valley_people().assign(adults=[400, math.nan, 120, 40, 0])
    for of in ("adults", "trd_low"):
        with pytest.raises(TableError, match="does not count adults at 1 of 5 places"):
            demand_of(uncounted, of)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="no column adults"):
        demand_of(uncounted.drop(columns="adults"), "adults")
    assert demand_of(uncounted, "adults", adult_share=0.75).tolist() == [375, 225, 112.5, 37.5, 0]
    assert demand_of(uncounted, "trd_low", adult_share=1.0)["city_a"] == pytest.approx(1.05)


@pytest.mark.parametrize(
    ("of", "adult_share", "says"),
    [("children", None, "of is 'children'"), ("people", 0.8, "counted in adults"), ("adults", 1.2, "from 0 to 1")],
)
def test_demand_options_that_make_no_sense_are_refused(of: Any, adult_share: float | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        demand_of(valley_people(), of, adult_share=adult_share)
