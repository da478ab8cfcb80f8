"""What would change: one scenario measured before and after, by rurality and for everyone."""

import pandas as pd

from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.report.gaps import by_rurality_then_all, treatment_trips
from access.scenarios.compare import before_and_after, trips_after
from access.scenarios.scenario import Scenario, apply_scenario
from access.travel.trips import Trips


def what_if(
    pack: Pack,
    scenario: Scenario,
    treatment: str,
    limit: float,
    *,
    unit: str = "minutes",
    people: pd.DataFrame | None = None,
    trips: Trips | None = None,
) -> pd.DataFrame:
    """Who gains and who loses by `scenario`, for one treatment at one limit (minutes, or km by road).

    `people`: those to count (none: all of the pack). `trips`: theirs to the treatment's clinics, if at hand.

    Returns
    -------
    The columns of `before_and_after`, one row per rurality and a last row "all".

    Raises
    ------
    ScenarioError: an edit cannot be made.
    """
    people = pack.people if people is None else people
    before, after = costs_around(pack, scenario, treatment, unit=unit, people=people, trips=trips)
    grouped = before_and_after(before, after, people, limit, by=["rurality"])
    return by_rurality_then_all(grouped, before_and_after(before, after, people, limit))


def costs_around(
    pack: Pack,
    scenario: Scenario,
    treatment: str,
    *,
    unit: str = "minutes",
    people: pd.DataFrame,
    trips: Trips | None = None,
) -> tuple[pd.Series, pd.Series]:
    """Minutes or road km to the nearest clinic that gives `treatment`, before and after `scenario`, by geoid."""
    clinics, services = apply_scenario(scenario, pack.clinics, pack.services)
    old = trips or treatment_trips(people, pack.clinics, pack.services, [treatment], landmarks=pack.people)
    new = trips_after(
        old,
        people,
        _giving(pack.clinics, pack.services, treatment),
        _giving(clinics, services, treatment),
        landmarks=pack.people,
    )
    measure = minutes_to_nearest if unit == "minutes" else km_to_nearest
    return measure(old), measure(new)


def _giving(clinics: pd.DataFrame, services: pd.DataFrame, treatment: str) -> pd.DataFrame:
    return clinics[clinics["clinic_id"].isin(clinics_offering(services, [treatment]))].reset_index(drop=True)
