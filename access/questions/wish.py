"""What a person asks of care, which choices it leaves out, and what to give up where nothing is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, Literal, NamedTuple

import pandas as pd

from access.measures.course import USD_PER_MILE
from access.measures.regimens import DEFAULT_REGIMENS, Regimen
from access.places.services import REFUSED, STATED
from access.travel.estimate import MAX_MINUTES

NO_SETTING: Final = "not_stated"
_MOST_GIVEN_UP: Final = 3


@dataclass(frozen=True)
class Wish:
    """What a person asks; a part that is empty asks nothing.

    `treatments`: any of these would do. `payer`: clinics that refuse it are left out; with `only_stated`, those too
    that do not state it. `unit`, `longest`: the longest way there, one way, in minutes or km of road; the limit
    counts as within. `days`: the weekdays on which the person can go (0: Monday). `has_driver`: somebody can bring
    the person home. `has_car`: else that driver drives to every visit, also where a patient might drive. `budget_usd`:
    for the whole course, travel included. `telehealth`, `spanish`: only clinics of which a source states visits by
    video or phone, or care in Spanish. `settings`: any of
    these; `NO_SETTING` names those not stated. `regimens`, `usd_per_mile`: what the course is reckoned with.
    """

    treatments: Sequence[str] = ()
    payer: str | None = None
    only_stated: bool = False
    unit: Literal["minutes", "km"] = "minutes"
    longest: float = MAX_MINUTES
    days: Sequence[int] = ()
    has_car: bool = True
    has_driver: bool = True
    budget_usd: float | None = None
    telehealth: bool = False
    spanish: bool = False
    settings: Sequence[str] = ()
    regimens: Mapping[str, Regimen] = field(default_factory=lambda: DEFAULT_REGIMENS)
    usd_per_mile: float = USD_PER_MILE


class Relaxation(NamedTuple):
    """What to give up, how many clinics that brings within reach, and the minutes to the nearest of them."""

    given_up: tuple[str, ...]
    clinics: int
    minutes: float


def parts_failed(choices: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    """Which choices (as `care_choices` gives them) each part of a wish leaves out.

    What is not known is not left out: a price that nobody states may be within the budget. But a wish for what is
    stated leaves out what is not.

    Returns
    -------
    pd.DataFrame
        True: left out. Indexed as `choices`; a column for each part that asks something: `treatment`, `payer`,
        `reach`, `days`, `driver`, `budget`, `telehealth`, `spanish`, `setting`.
    """
    asked = {part: fails for part, (asks, fails) in _PARTS.items() if asks(wish)}
    return pd.DataFrame({part: fails(choices, wish) for part, fails in asked.items()}, index=choices.index)


def choices_that_fit(choices: pd.DataFrame, fails: pd.DataFrame) -> pd.DataFrame:
    """The choices that no part of the wish leaves out."""
    return choices[~fails.any(axis=1)].reset_index(drop=True)


def clinics_hidden(choices: pd.DataFrame, fails: pd.DataFrame) -> pd.DataFrame:
    """How many clinics each part of the wish hides.

    Returns
    -------
    pd.DataFrame
        One row for each part that hides any: `part`; `clinics`: of which it leaves out every choice; `alone`: clinics
        that would be shown if only this part were given up.
    """
    shown = set(choices_that_fit(choices, fails)["clinic_id"])
    rows = []
    for part in fails.columns:
        left = choices.loc[~fails[part], "clinic_id"]
        back = choices.loc[~fails.drop(columns=part).any(axis=1), "clinic_id"]
        clinics = choices["clinic_id"].nunique() - left.nunique()
        if clinics:
            rows.append((part, clinics, len(set(back) - shown)))
    return pd.DataFrame(rows, columns=["part", "clinics", "alone"])


def relaxations(choices: pd.DataFrame, fails: pd.DataFrame) -> list[Relaxation]:
    """The fewest parts of a wish to give up so that something fits: of those, the ones with the nearest clinic first.

    None: something fits already, or nothing would.
    """
    if len(choices_that_fit(choices, fails)):
        return []
    for count in range(1, _MOST_GIVEN_UP + 1):
        found = [_relaxation_of(choices, fails, parts) for parts in combinations(fails.columns, count)]
        useful = [one for one in found if one.clinics]
        if useful:
            return sorted(useful, key=lambda one: one.minutes)
    return []


def _relaxation_of(choices: pd.DataFrame, fails: pd.DataFrame, parts: tuple[str, ...]) -> Relaxation:
    found = choices_that_fit(choices, fails.drop(columns=list(parts)))
    return Relaxation(parts, found["clinic_id"].nunique(), float(found["minutes"].min()))


def _fails_payer(choices: pd.DataFrame, wish: Wish) -> pd.Series:
    return choices["payer_answer"] != STATED if wish.only_stated else choices["payer_answer"] == REFUSED


def _fails_unless_stated(column: str) -> Callable[[pd.DataFrame, Wish], pd.Series]:
    return lambda choices, wish: ~choices[column].fillna(False).astype(bool)  # noqa: ARG005 - as the others are called


# Of each part: whether a wish asks it, and which choices then fail it.
_PARTS: Final[dict[str, tuple[Callable[[Wish], object], Callable[[pd.DataFrame, Wish], pd.Series]]]] = {
    "treatment": (lambda w: w.treatments, lambda choices, w: ~choices["treatment"].isin(list(w.treatments))),
    "payer": (lambda w: w.payer, _fails_payer),
    "reach": (lambda w: True, lambda choices, w: choices[w.unit] > w.longest),  # noqa: ARG005
    "days": (lambda w: w.days, lambda choices, w: choices["sessions_per_week"] > len(set(w.days))),
    "driver": (
        lambda w: not w.has_driver,
        lambda choices, w: choices["needs_escort"].fillna(False).astype(bool),  # noqa: ARG005
    ),
    "budget": (lambda w: w.budget_usd is not None, lambda choices, w: choices["usd_low"] > w.budget_usd),
    "telehealth": (lambda w: w.telehealth, _fails_unless_stated("telehealth")),
    "spanish": (lambda w: w.spanish, _fails_unless_stated("speaks_spanish")),
    "setting": (
        lambda w: w.settings,
        lambda choices, w: ~choices["setting"].fillna(NO_SETTING).isin(list(w.settings)),
    ),
}
