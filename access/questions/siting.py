"""Where next, from a baseline: candidates by name, the answer, and the answer as a scenario."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from access.errors import ScenarioError
from access.places.gazetteer.lookup import load_gazetteer
from access.questions.what_if import Baseline, require_inhabited
from access.scenarios.edits import Edit, begin_treatment, open_clinic_at
from access.scenarios.scenario import Scenario
from access.scenarios.siting.best import Siting, best_sites
from access.scenarios.siting.candidates import CERTIFY, clinic_candidates, read_candidates, town_candidates
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import SitingQuestion

TOWNS = "towns"
HOSPITALS = "hospitals"
CLINICS = "clinics"
CANDIDATES: Final = (TOWNS, HOSPITALS, CLINICS)
MOST_TOWNS: Final = 3000


def candidates_named(
    base: Baseline,
    named: str | Path = TOWNS,
    *,
    state: str | None = None,
    most: int | None = None,
    site_cost_usd: float = np.nan,
) -> pd.DataFrame:
    """The candidates that a word or a file names: towns, hospitals, clinics (any psychiatric setting), or a CSV.

    `state`: only those in it (a code); a file is taken whole. `most`: the largest so many towns, else 3,000.
    `site_cost_usd`: of a candidate that has no cost of its own.

    Raises
    ------
    ScenarioError
        There are none, the file cannot be used, or `most` is asked of something else than towns; says why.
    """
    if most is not None and named != TOWNS:
        raise ScenarioError(f"Only towns can be limited to the largest; leave out the number for {named}.")
    if named == TOWNS:
        return town_candidates(load_gazetteer().towns, state=state, most=most or MOST_TOWNS, cost_usd=site_cost_usd)
    if named in (HOSPITALS, CLINICS):
        settings = {"settings": ("hospital", "academic", "va")} if named == HOSPITALS else {}
        pack = base.pack
        return clinic_candidates(
            pack.clinics, pack.services, base.treatment, state=state, cost_usd=site_cost_usd, **settings
        )
    found = read_candidates(Path(named), cost_usd=site_cost_usd)
    for name, latitude, longitude in zip(found["name"], found["latitude"], found["longitude"], strict=True):
        require_inhabited(base.landmarks, name, latitude, longitude)
    return found


def siting_data_of(base: Baseline, candidates: pd.DataFrame) -> SitingData:
    """The ground of a baseline: its people and trips, which are not built anew, and these candidates."""
    return SitingData(base.people, base.origins, base.landmarks, base.trips, base.clinics, candidates, base.trip_finder)


def where_next(base: Baseline, question: SitingQuestion, ground: SitingData) -> Siting:
    """`best_sites`, where the evidence of the objective fits the treatment.

    Raises
    ------
    ScenarioError
        Starts are asked for another treatment than esketamine; or as `best_sites`.
    """
    require_evidence(question, base.treatment)
    return best_sites(question, ground)


def require_evidence(question: SitingQuestion, treatment: str) -> None:
    """Nothing, when the evidence of the objective fits the treatment.

    Raises
    ------
    ScenarioError
        Starts are asked for another treatment than esketamine.
    """
    if question.objective == "starts" and treatment != "esketamine":
        raise ScenarioError(
            f"The evidence on starts by distance is for esketamine, not {treatment}; ask for people or patients."
        )


def scenario_of(siting: Siting, treatment: str, name: str = "Where next") -> Scenario:
    """The answer as edits in the order to make them: new sites open, clinics that could add the treatment begin it."""
    return Scenario(name=name, edits=tuple(_edit_of_site(row, treatment) for _, row in siting.sites.iterrows()))


def _edit_of_site(site: "pd.Series[Any]", treatment: str) -> Edit:
    if site["kind"] == CERTIFY:
        return begin_treatment(str(site["clinic_id"]), treatment)
    return open_clinic_at(
        float(site["latitude"]),
        float(site["longitude"]),
        [treatment],
        clinic_id=f"new-{site['candidate_id']}",
        name=f"New site at {site['name']}",
        state=site["state"] if isinstance(site["state"], str) else "",
    )
