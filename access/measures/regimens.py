"""Treatment courses as data: visits, hours, driving rule and price of each, with the grade and source of every figure.

Grades: A peer-reviewed or government; B manufacturer, hospital or trade press; C weak web page, a placeholder to be
replaced; D derived, with the arithmetic shown. NaN is not known. Change any figure with `dataclasses.replace`.
At the end the calendar of a course: how many visits fall in each week, and on which days a person could go.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from math import floor, isnan
from typing import Final, NamedTuple

import pandas as pd

from access.language import mark

UNKNOWN: Final = math.nan


@dataclass(frozen=True)
class Price:
    """US dollars per session, as a range; NaN is not known, never free."""

    low: float = UNKNOWN
    central: float = UNKNOWN
    high: float = UNKNOWN
    grade: str = ""
    source: str = mark("none found; empty until a clinic gives one")

    def __post_init__(self) -> None:
        """A price below zero, or a range that is not in order, is refused."""
        figures = [usd for usd in (self.low, self.central, self.high) if not math.isnan(usd)]
        if figures != sorted(figures) or any(usd < 0 for usd in figures):
            raise ValueError(f"A price runs from low to high and is not below zero; given {figures}.")


@dataclass(frozen=True)
class Regimen:
    """One course of one treatment.

    `sessions` over `weeks` (NaN: not known); `sessions_per_week`: in the fullest week. `visit_minutes`: at the
    clinic, each session; `wait_minutes` beside it: no source gives one, so 0 counts none. `may_drive`: home
    afterwards; `needs_escort`: somebody must bring or fetch the patient. `phases`: what is known of the calendar, as
    (visits a week, weeks) in order; visits that they do not hold have no known week.
    """

    treatment: str
    name: str
    sessions: float
    weeks: float
    sessions_per_week: float
    visit_minutes: float
    may_drive: bool
    needs_escort: bool
    price_usd: Price
    grade: str
    source: str
    wait_minutes: float = 0.0
    phases: tuple[tuple[float, int], ...] = ()

    def __post_init__(self) -> None:
        """No sessions, or a time below zero, is refused."""
        if not self.sessions > 0 or self.visit_minutes < 0 or self.wait_minutes < 0:
            raise ValueError(f"A course ({self.name}) has sessions above 0 and no time below 0; correct it.")


_KETAMINE: Final = Regimen(
    treatment="ketamine_iv",
    name=mark("induction"),
    sessions=6,
    weeks=3,
    sessions_per_week=2,
    visit_minutes=90,
    may_drive=False,
    needs_escort=True,
    price_usd=Price(400, 590, 800, "C", mark("web pages: $400-800 per infusion, median 590, mostly self-pay")),
    grade="A",
    source=mark(
        "six in 2-3 weeks: Anand et al., NEJM 2023, PMID 37224232; Andrade, J Clin Psychiatry 2017;78(7):e852 (A). "
        "Visit about 90 min, no driving for 12-24 h, a driver needed: clinic pages (B/C)"
    ),
    phases=((2, 3),),
)
_KETAMINE_YEAR: Final = replace(
    _KETAMINE,
    weeks=52,
    grade="D",
    source=mark("The induction, then a booster every 4-6 weeks (one clinic's habit): 6 + 9 to 13"),
)
_ESKETAMINE: Final = Regimen(
    treatment="esketamine",
    name=mark("label induction"),
    sessions=12,
    weeks=8,
    sessions_per_week=2,
    visit_minutes=120,
    may_drive=False,
    needs_escort=True,
    price_usd=Price(
        135, 286, 1050, "C", mark("web pages: with copay help about $135, insured about $286, self-pay median $1,050")
    ),
    grade="B",
    source=mark(
        "Spravato prescribing information: 2 a week in weeks 1-4, then 4 weekly: 8 + 4. At least 120 min of "
        "observation after the dose, so visits are longer than 120; no driving until the next day after a restful sleep"
    ),
    phases=((2, 4), (1, 4)),
)
_ESKETAMINE_YEAR: Final = replace(_ESKETAMINE, weeks=52, grade="D")
_TMS: Final = Regimen(
    treatment="tms",
    name=mark("daily and taper"),
    sessions=36,
    weeks=UNKNOWN,
    sessions_per_week=5,
    visit_minutes=30,
    may_drive=True,
    needs_escort=False,
    price_usd=Price(),
    grade="C",
    source=mark(
        "30 daily, Monday to Friday, over 6 weeks, then 6 to taper over weeks that no source of ours gives. "
        "Clinic pages (B/C): 20-40 min, of which 30 is the middle (D)"
    ),
    phases=((5, 6),),
)
_ECT: Final = Regimen(
    treatment="ect",
    name=mark("middle"),
    sessions=9,
    weeks=3,
    sessions_per_week=3,
    visit_minutes=210,
    may_drive=False,
    needs_escort=True,
    price_usd=Price(),
    grade="D",
    source=mark(
        "UCLA and BIDMC patient guides (B): 6-12 sessions, 2-3 a week, 3-4 h at the hospital, an adult present, "
        "ride-share alone not allowed. D: 9 and 210 min are the middles; 9 at 3 a week take 3 weeks"
    ),
    phases=((3, 3),),
)
_REAL_WORLD: Final = mark(
    "45-61 % of those who start reach 8 sessions (three claims studies, e.g. doi:10.1080/13696998.2023.2208993, A): "
    "8 is about where the patient in the middle stops (D); weeks at the label's pace"
)

# Of each treatment the first is the default. Ketamine by injection (IM) has none: we have no source for its course.
REGIMENS: Final[Mapping[str, tuple[Regimen, ...]]] = {
    "ketamine_iv": (
        _KETAMINE,
        replace(_KETAMINE_YEAR, name=mark("first year, few boosters"), sessions=15, phases=((2, 3), (9 / 49, 49))),
        replace(_KETAMINE_YEAR, name=mark("first year, many boosters"), sessions=19, phases=((2, 3), (13 / 49, 49))),
    ),
    "esketamine": (
        _ESKETAMINE,
        replace(
            _ESKETAMINE, name=mark("real world"), sessions=8, weeks=4, grade="D", source=_REAL_WORLD, phases=((2, 4),)
        ),
        replace(
            _ESKETAMINE_YEAR,
            name=mark("label year, every 2 weeks"),
            sessions=34,
            phases=(*_ESKETAMINE.phases, (0.5, 44)),
            source=mark("Spravato prescribing information, from week 9 every 2 weeks: 12 + (52 - 8) / 2 = 34"),
        ),
        replace(
            _ESKETAMINE_YEAR,
            name=mark("label year, weekly"),
            sessions=56,
            phases=(*_ESKETAMINE.phases, (1, 44)),
            source=mark("Spravato prescribing information, from week 9 weekly: 12 + (52 - 8) = 56"),
        ),
    ),
    "tms": (_TMS, replace(_TMS, name=mark("daily only"), sessions=30, weeks=6)),
    "ect": (
        _ECT,
        replace(_ECT, name=mark("short"), sessions=6, weeks=2, phases=((3, 2),)),
        replace(_ECT, name=mark("long"), sessions=12, weeks=4, phases=((3, 4),)),
    ),
}
DEFAULT_REGIMENS: Final[Mapping[str, Regimen]] = {treatment: presets[0] for treatment, presets in REGIMENS.items()}


def regimen_of(treatment: str, name: str | None = None) -> Regimen:
    """The course of a treatment by the name of its preset; no name: the default.

    Raises
    ------
    ValueError
        No course of the treatment is known, or none of that name.
    """
    presets = {preset.name: preset for preset in REGIMENS.get(treatment, ())}
    if not presets:
        raise ValueError(f"We have no source for the course of '{treatment}'; it is known for {', '.join(REGIMENS)}.")
    if name is None:
        return DEFAULT_REGIMENS[treatment]
    if name not in presets:
        raise ValueError(f"{treatment} has no course '{name}'; choose one of: {'; '.join(presets)}.")
    return presets[name]


def regimens_table() -> pd.DataFrame:
    """Every preset, one row each, with its figures, grades and sources; the price as `price_usd_low` and so on."""
    rows = []
    for presets in REGIMENS.values():
        for preset in presets:
            row = asdict(preset)
            price = row.pop("price_usd")
            rows.append(row | {f"price_usd_{key}": figure for key, figure in price.items()})
    return pd.DataFrame(rows)


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
    return _limit_visits(weeks, round(regimen.sessions))


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


def _limit_visits(weeks: list[int], sessions: int) -> Calendar:
    """No more visits than the course has, and what the weeks do not hold counted apart."""
    left = sessions
    kept = []
    for visits in weeks:
        kept.append(min(visits, left))
        left -= kept[-1]
    while kept and not kept[-1]:
        kept.pop()
    return Calendar(tuple(kept), left)
