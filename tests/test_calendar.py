"""The calendar of a course: what each source says of its weeks, on the days that a person can go."""

from dataclasses import replace

import pytest

from access.measures.regimens import REGIMENS, Calendar, regimen_of, visit_days, visits_by_week


@pytest.mark.parametrize(
    ("treatment", "name", "calendar"),
    [
        ("ketamine_iv", "induction", Calendar((2, 2, 2), 0)),
        ("esketamine", "label induction", Calendar((2, 2, 2, 2, 1, 1, 1, 1), 0)),
        ("esketamine", "real world", Calendar((2, 2, 2, 2), 0)),
        ("tms", "daily and taper", Calendar((5,) * 6, 6)),
        ("tms", "daily only", Calendar((5,) * 6, 0)),
        ("ect", "middle", Calendar((3, 3, 3), 0)),
        ("ect", "short", Calendar((3, 3), 0)),
        ("ect", "long", Calendar((3, 3, 3, 3), 0)),
    ],
)
def test_a_course_falls_in_the_weeks_that_its_source_names(treatment: str, name: str, calendar: Calendar) -> None:
    assert visits_by_week(regimen_of(treatment, name)) == calendar


def test_a_year_of_esketamine_every_two_weeks_skips_every_other_week() -> None:
    weeks = visits_by_week(regimen_of("esketamine", "label year, every 2 weeks")).weeks
    assert weeks[:12] == (2, 2, 2, 2, 1, 1, 1, 1, 0, 1, 0, 1)
    assert len(weeks) == 52


def test_every_visit_of_every_preset_has_a_week_or_is_counted_as_having_none() -> None:
    for preset in (one for presets in REGIMENS.values() for one in presets):
        calendar = visits_by_week(preset)
        assert sum(calendar.weeks) + calendar.unplaced == preset.sessions
        assert max(calendar.weeks) <= preset.sessions_per_week
        assert preset.weeks != preset.weeks or len(calendar.weeks) <= preset.weeks


def test_a_course_without_phases_fills_its_fullest_week_until_it_is_done() -> None:
    typed = replace(regimen_of("ketamine_iv"), sessions=7, sessions_per_week=3, phases=())
    assert visits_by_week(typed) == Calendar((3, 3, 1), 0)


@pytest.mark.parametrize(
    ("visits", "days", "fall"),
    [
        (2, (), (1, 3)),
        (3, (), (0, 2, 4)),
        (5, (), (0, 1, 2, 3, 4)),
        (1, (4,), (4,)),
        (2, (0, 5, 6), (0, 6)),
        (0, (2,), ()),
    ],
)
def test_visits_fall_on_days_that_suit_apart_from_one_another(visits: int, days: tuple[int, ...], fall: tuple) -> None:
    assert visit_days(Calendar((visits,), 0), days) == [fall]


def test_fewer_days_than_visits_fit_no_calendar() -> None:
    assert visit_days(visits_by_week(regimen_of("tms")), (4,)) is None
