"""What would change: one scenario measured before and after, for every group that a planner asks of."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from access.errors import ScenarioError
from access.measures.layout import Groups, groups_of
from access.places.pack import Pack
from access.places.services import STATED, clinics_offering, payer_answer
from access.questions.gaps import by_rurality_then_all
from access.scenarios.apply import AppliedScenario, apply_scenario
from access.scenarios.compare import before_and_after, everyone_of, nearest_after, split_kept_and_new, trips_after
from access.scenarios.scenario import Scenario
from access.travel.estimate import trips_from
from access.travel.origins import Origins, origins_of
from access.travel.pack_travel import trip_finder_of
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips

MAX_KM_FROM_PEOPLE = 60.0


@dataclass(frozen=True, eq=False)
class Baseline:
    """How things stand before any edit: the people counted, and their trips to a treatment's clinics."""

    pack: Pack
    treatment: str
    people: pd.DataFrame
    origins: Origins
    landmarks: Origins
    ruralities: Groups
    trips: Trips

    @property
    def trip_finder(self) -> TripFinder:
        """How the pack's people get to its clinics."""
        return trip_finder_of(self.pack)

    @cached_property
    def clinics(self) -> pd.DataFrame:
        """The clinics that give the treatment, in the order of the trips."""
        return clinics_giving(self.pack.clinics, self.pack.services, self.treatment)

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """`minutes`, `km`, `clinic_id` of the nearest clinic by geoid; missing: none within the trips."""
        return nearest_after(
            self.trips, self.origins, self.clinics, self.clinics, estimate=self.trip_finder, landmarks=self.landmarks
        )

    def trips_to(self, clinics: pd.DataFrame) -> Trips:
        """Trips to these clinics instead; only those that are new or moved are worked out."""
        return trips_after(
            self.trips, self.origins, self.clinics, clinics, estimate=self.trip_finder, landmarks=self.landmarks
        )


@dataclass(frozen=True, eq=False)
class Outcome:
    """A scenario around its baseline: `before`, `after` (`minutes`, `km`, `clinic_id` by geoid), the tables after.

    `clinics_giving`: the clinics that give the treatment afterwards.
    """

    scenario: Scenario
    before: pd.DataFrame
    after: pd.DataFrame
    clinics: pd.DataFrame
    services: pd.DataFrame
    giving: pd.DataFrame


def baseline(
    pack: Pack, treatment: str, people: pd.DataFrame | None = None, landmarks: Origins | None = None
) -> Baseline:
    """The baseline of one treatment for `people` (none: all of the pack), to try many scenarios on.

    `landmarks`: the pack's people made ready, if at hand.
    """
    everywhere = landmarks or origins_of(pack.people)
    counted = pack.people if people is None else people
    origins = everywhere if counted is pack.people else origins_of(counted)
    there = clinics_giving(pack.clinics, pack.services, treatment)
    trips = trips_from(origins, there, estimate=trip_finder_of(pack), landmarks=everywhere)
    return Baseline(pack, treatment, counted, origins, everywhere, groups_of(counted, ["rurality"]), trips)


def outcome_as_now(base: Baseline) -> Outcome:
    """How things stand, as the outcome of no edit at all."""
    pack = base.pack
    return Outcome(Scenario(name="as now"), base.nearest, base.nearest, pack.clinics, pack.services, base.clinics)


def outcome(base: Baseline, scenario: Scenario) -> Outcome:
    """The nearest clinic of every place before and after a scenario: only what the edits touch is worked out anew.

    Raises
    ------
    ScenarioError
        An edit cannot be made, or puts a clinic where nobody of the pack lives near.
    """
    return outcome_of_applied(base, apply_scenario(scenario, base.pack.clinics, base.pack.services))


def outcome_of_applied(base: Baseline, applied: AppliedScenario) -> Outcome:
    """Return the outcome of a scenario that has been applied to the baseline's pack already.

    Raises
    ------
    ScenarioError
        An edit puts a clinic where nobody of the pack lives near.
    """
    refuse_uninhabited(base.landmarks, base.pack.clinics, applied.clinics)
    new = clinics_giving(applied.clinics, applied.services, base.treatment)
    after = nearest_after(
        base.trips, base.origins, base.clinics, new, estimate=base.trip_finder, landmarks=base.landmarks
    )
    return Outcome(applied.scenario, base.nearest, after, applied.clinics, applied.services, new)


def baseline_after(base: Baseline, found: Outcome) -> Baseline:
    """The baseline as it stands after a scenario, to ask on from there; its trips are not built anew."""
    pack = replace(base.pack, clinics=found.clinics, services=found.services)
    return replace(base, pack=pack, trips=base.trips_to(found.giving))


def outcome_for_payer(base: Baseline, found: Outcome, payer: str) -> tuple[pd.Series, pd.Series]:
    """Minutes to the nearest clinic that states it takes `payer` for the treatment, before and after, by geoid."""
    sides = []
    for clinics, services in ((base.pack.clinics, base.pack.services), (found.clinics, found.services)):
        answer = payer_answer(services[services["treatment"] == base.treatment], payer)
        stating = clinics[clinics["clinic_id"].isin(answer.index[answer == STATED])].reset_index(drop=True)
        nearest = nearest_after(
            base.trips, base.origins, base.clinics, stating, estimate=base.trip_finder, landmarks=base.landmarks
        )
        sides.append(nearest["minutes"])
    return sides[0], sides[1]


def costs_around(base: Baseline, scenario: Scenario, unit: str = "minutes") -> tuple[pd.Series, pd.Series]:
    """Minutes, or road km, to the nearest clinic that gives the treatment, before and after; by geoid.

    Raises
    ------
    ScenarioError
        As `outcome`.
    """
    found = outcome(base, scenario)
    return found.before[unit], found.after[unit]


def what_if(base: Baseline, scenario: Scenario, limit: float, *, unit: str = "minutes") -> pd.DataFrame:
    """Who gains and who loses by `scenario` at one limit (minutes, or km by road).

    Returns
    -------
    pd.DataFrame
        The columns of `before_and_after`, one row per rurality and a last row "all".

    Raises
    ------
    ScenarioError
        An edit cannot be made.
    """
    return gains_and_losses(base, *costs_around(base, scenario, unit), limit)


def gains_and_losses(base: Baseline, before: pd.Series, after: pd.Series, limit: float) -> pd.DataFrame:
    """The table of `what_if` from the costs that `costs_around` gave."""
    grouped = before_and_after(before, after, base.people, limit, by=base.ruralities)
    return by_rurality_then_all(grouped, everyone_of(grouped))


def require_inhabited(landmarks: Origins, name: str, latitude: float, longitude: float) -> None:
    """Nothing, when people live near the point.

    Raises
    ------
    ScenarioError
        The nearest place of the pack is farther than any road would lead: the sea, or another country.
    """
    km = float(landmarks.km_to([latitude], [longitude])[0])
    if km > MAX_KM_FROM_PEOPLE:
        raise ScenarioError(
            f"{name} would stand {km:,.0f} km from the nearest place in this pack: at sea or abroad. "
            "Choose a point where people of this pack live."
        )


def refuse_uninhabited(landmarks: Origins, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Nothing, when people live near every clinic that is new or moved; those of a pack are as their sources say.

    Raises
    ------
    ScenarioError
        As `require_inhabited`.
    """
    _, fresh = split_kept_and_new(before, after)
    for name, latitude, longitude in fresh[["name", "latitude", "longitude"]].to_numpy().tolist():
        require_inhabited(landmarks, name, latitude, longitude)


def clinics_giving(clinics: pd.DataFrame, services: pd.DataFrame, treatment: str) -> pd.DataFrame:
    """The clinics that give a treatment, in their order."""
    return clinics[clinics["clinic_id"].isin(clinics_offering(services, [treatment]))].reset_index(drop=True)
