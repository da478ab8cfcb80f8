"""The question that siting answers: what counts as best, within which time, and under which rules."""

import math
from dataclasses import dataclass
from typing import Final

from access.errors import ScenarioError
from access.language import mark

DEFAULT_WITHIN_MINUTES: Final = 60.0
# Each objective with what its value counts.
OBJECTIVES: Final = {
    "people": mark("most people within the time"),
    "patients": mark("most expected patients with treatment-resistant depression within the time"),
    "starts": mark("most expected esketamine starts, by the distance evidence"),
    "rural": mark("most rural people within the time, and then most people"),
    "average": mark("least average time"),
    "worst": mark("least worst time"),
    "everyone": mark("fewest sites that bring everyone within the time"),
    "poverty": mark("least access poverty: how many are beyond the time, and how far (FGT 1)"),
    "severity": mark("least severity of access poverty: the farthest weigh most (FGT 2)"),
}
COVERING_OBJECTIVES: Final = ("people", "patients", "rural")  # those that a capacity limits
ADULT_OBJECTIVES: Final = ("patients", "starts")  # those that count patients, who are expected among adults
# Those that need a time within which.
OBJECTIVES_WITH_LIMIT: Final = ("people", "patients", "rural", "everyone", "poverty", "severity")
MINIMIZED_OBJECTIVES: Final = (
    "average",
    "worst",
    "everyone",
    "poverty",
    "severity",
)  # those whose value is to be small


@dataclass(frozen=True)
class SitingQuestion:
    """What is asked; checked when it is made.

    `objective`: a word of `OBJECTIVES`. `within`: minutes that count as within reach, inclusive; None: 60 where the
    objective has a time, and it must be None for `average`, `worst` and `starts`, which have none.
    `count`: at most so many new sites (None: as many as the budget buys).
    `budget_usd`: the costs of the new sites add up to no more. `apart_km`, `apart_from_existing_km`: great-circle
    km at least between two new sites, and between a new site and one that gives the treatment now; 0: any.
    `with_capacity`: whether a candidate's `capacity` limits how many people (or patients) it brings within reach.
    `adult_share`: for `patients` and `starts`, adults are this share of the people of every place, for a pack that
    does not count them. `where_possible`: for `everyone`, leave out those whom no candidate reaches, and say how
    many they are.
    `seed`: of the search; the same seed gives the same answer. `seconds`: after which HiGHS, the proof, is broken off.

    Raises
    ------
    ScenarioError
        A word is unknown, a number is wrong, or two options do not go together.
    """

    objective: str = "people"
    within: float | None = None
    count: int | None = None
    budget_usd: float | None = None
    apart_km: float = 0.0
    apart_from_existing_km: float = 0.0
    with_capacity: bool = False
    adult_share: float | None = None
    where_possible: bool = False
    seed: int = 1
    seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be answered."""
        if self.objective not in OBJECTIVES:
            raise ScenarioError(f"'{self.objective}' is no objective; choose one of {', '.join(OBJECTIVES)}.")
        self._check_numbers()
        self._check_size()
        self._check_company()

    def _check_size(self) -> None:
        if self.objective == "everyone" and self.count is not None:
            raise ScenarioError("everyone finds how many sites are needed; leave out the number of sites.")
        if self.objective != "everyone" and self.count is None and self.budget_usd is None:
            raise ScenarioError("Say how many sites may open, or what they may cost.")

    def _check_company(self) -> None:
        """Each option belongs to some objectives; with another it would be read and do nothing."""
        used = {
            "a time within which": (self.within is not None, OBJECTIVES_WITH_LIMIT),
            "capacities": (self.with_capacity, COVERING_OBJECTIVES),
            "a share of adults": (self.adult_share is not None, ADULT_OBJECTIVES),
            "'where possible'": (self.where_possible, ("everyone",)),
        }
        for option, (given, objectives) in used.items():
            if given and self.objective not in objectives:
                raise ScenarioError(f"{self.objective} has no use for {option}; that is for {', '.join(objectives)}.")

    @property
    def limit(self) -> float:
        """The minutes that count as within reach, for an objective that has such a time."""
        return DEFAULT_WITHIN_MINUTES if self.within is None else self.within

    def _check_numbers(self) -> None:
        if self.count is not None and self.count < 1:
            raise ScenarioError(f"{self.count} sites answer nothing; ask for one or more.")
        least = {
            "within": self.limit,
            "budget_usd": self.budget_usd or 0.0,
            "apart_km": self.apart_km,
            "apart_from_existing_km": self.apart_from_existing_km,
        }
        for name, value in least.items():
            if not (math.isfinite(value) and value >= 0):
                raise ScenarioError(f"{name} is {value:g}; give a number from zero.")
        if self.adult_share is not None and not 0 < self.adult_share <= 1:
            raise ScenarioError(f"adult_share is {self.adult_share:g}; it is a share of people, above 0 and up to 1.")
        if not (math.isfinite(self.seconds) and self.seconds > 0):
            raise ScenarioError(f"{self.seconds:g} seconds are no time to answer in; allow some.")
        if not 0 <= self.seed < 2**31:
            raise ScenarioError(f"seed is {self.seed}; give a whole number from 0 to {2**31 - 1}.")
