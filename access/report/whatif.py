"""What would change: one scenario measured before and after, by rurality and for everyone."""

from dataclasses import dataclass

import pandas as pd

from access.errors import ScenarioError
from access.measures.groups import Groups, groups_of
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.report.gaps import by_rurality_then_all
from access.scenarios.compare import before_and_after, everyone_of, nearest_after
from access.scenarios.scenario import MoveClinic, OpenClinic, Scenario, apply_scenario
from access.travel.estimate import trips_from
from access.travel.origins import Origins, origins_of
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


def baseline(
    pack: Pack, treatment: str, people: pd.DataFrame | None = None, landmarks: Origins | None = None
) -> Baseline:
    """The baseline of one treatment for `people` (none: all of the pack), to try many scenarios on.

    `landmarks`: the pack's people made ready, if at hand.
    """
    everywhere = landmarks or origins_of(pack.people)
    counted = pack.people if people is None else people
    origins = everywhere if counted is pack.people else origins_of(counted)
    trips = trips_from(origins, sites_giving(pack.clinics, pack.services, treatment), landmarks=everywhere)
    return Baseline(pack, treatment, counted, origins, everywhere, groups_of(counted, ["rurality"]), trips)


def costs_around(base: Baseline, scenario: Scenario, unit: str = "minutes") -> tuple[pd.Series, pd.Series]:
    """Minutes, or road km, to the nearest clinic that gives the treatment, before and after; by geoid.

    Raises
    ------
    ScenarioError: an edit cannot be made.
    """
    pack, treatment = base.pack, base.treatment
    for edit in scenario.edits:
        if isinstance(edit, OpenClinic | MoveClinic):
            require_inhabited(base.landmarks, edit.clinic_id, edit.latitude, edit.longitude)
    clinics, services = apply_scenario(scenario, pack.clinics, pack.services)
    old = sites_giving(pack.clinics, pack.services, treatment)
    new = sites_giving(clinics, services, treatment)
    after = nearest_after(base.trips, base.origins, old, new, landmarks=base.landmarks)
    measure = minutes_to_nearest if unit == "minutes" else km_to_nearest
    return measure(base.trips), after[unit]


def what_if(base: Baseline, scenario: Scenario, limit: float, *, unit: str = "minutes") -> pd.DataFrame:
    """Who gains and who loses by `scenario` at one limit (minutes, or km by road).

    Returns
    -------
    The columns of `before_and_after`, one row per rurality and a last row "all".

    Raises
    ------
    ScenarioError: an edit cannot be made.
    """
    return changes(base, *costs_around(base, scenario, unit), limit)


def changes(base: Baseline, before: pd.Series, after: pd.Series, limit: float) -> pd.DataFrame:
    """The table of `what_if` from the costs that `costs_around` gave."""
    grouped = before_and_after(before, after, base.people, limit, by=base.ruralities)
    return by_rurality_then_all(grouped, everyone_of(grouped))


def require_inhabited(landmarks: Origins, name: str, latitude: float, longitude: float) -> None:
    """Nothing, when people live near the point.

    Raises
    ------
    ScenarioError: the nearest place of the pack is farther than any road would lead: the sea, or another country.
    """
    km = float(landmarks.km_to([latitude], [longitude])[0])
    if km > MAX_KM_FROM_PEOPLE:
        raise ScenarioError(
            f"{name} would stand {km:,.0f} km from the nearest place in this pack: at sea or abroad. "
            "Choose a point where people of this pack live."
        )


def sites_giving(clinics: pd.DataFrame, services: pd.DataFrame, treatment: str) -> pd.DataFrame:
    """The clinics that give the treatment, numbered anew."""
    return clinics[clinics["clinic_id"].isin(clinics_offering(services, [treatment]))].reset_index(drop=True)
