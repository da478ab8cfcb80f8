"""The calendar of a course: how many visits fall in each week, and on which days a person could go."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, isnan
from typing import Final, NamedTuple

from access.measures.regimens import Regimen

WORK_DAYS: Final = (0, 1, 2, 3, 4)  # Monday to Friday: when no days are named
_ROUNDING: Final = 1e-9


class Calendar(NamedTuple):
    """`weeks`: the visits in each week, in order; `unplaced`: visits of which no source says when they fall."""

    weeks: tuple[int, ...]
    unplaced: int


def visits_by_week(regimen: Regimen) -> Calendar:
    """The visits of a course week by week, as far as they are known.

    The phases of the regimen are laid out in order. A regimen without phases fills its fullest week again and again
    until all visits have a place, which is the shortest it can be.

    Source
    ------
    The regimen's own; laid out by us (grade D).
    """
    phases = regimen.phases or ((regimen.sessions_per_week, _weeks_needed(regimen)),)
    weeks: list[int] = []
    for each_week, count in phases:
        ends = [floor(each_week * week + _ROUNDING) for week in range(count + 1)]
        weeks += [after - before for before, after in pairwise(ends)]
    return _cut(weeks, round(regimen.sessions))


def visit_days(calendar: Calendar, days: Sequence[int] = ()) -> list[tuple[int, ...]] | None:
    """On which weekdays (0: Monday) the visits of each week could fall, apart from one another as evenly as can be.

    `days`: those on which the person can go; none named: Monday to Friday. None: a week has more visits than days.
    """
    able = sorted(set(days)) or list(WORK_DAYS)
    if max(calendar.weeks, default=0) > len(able):
        return None
    return [tuple(able[floor((i + 0.5) * len(able) / n)] for i in range(n)) for n in calendar.weeks]


def _weeks_needed(regimen: Regimen) -> int:
    if isnan(regimen.sessions_per_week):
        return 0
    return -int(-regimen.sessions // regimen.sessions_per_week)


def _cut(weeks: list[int], sessions: int) -> Calendar:
    """No more visits than the course has, and what the weeks do not hold counted apart."""
    left, kept = sessions, []
    for visits in weeks:
        kept.append(min(visits, left))
        left -= kept[-1]
    while kept and not kept[-1]:
        kept.pop()
    return Calendar(tuple(kept), left)
