"""Compiles the loops of trips and siting into their cache, so that the first visitor does not wait for it."""

import pandas as pd

from access.scenarios.compare import nearest_after, trips_after
from access.scenarios.siting.best import best_sites
from access.scenarios.siting.candidates import town_candidates
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import SitingQuestion
from access.travel.estimate import trips_from
from access.travel.origins import origins_of

PEOPLE = pd.DataFrame(
    {
        "geoid": ["here", "there"],
        "latitude": [45.0, 45.5],
        "longitude": [-110.0, -110.5],
        "county": ["30031", "30031"],
        "rurality": ["urban", "rural"],
        "population": [10, 20],
    }
)
CLINICS = pd.DataFrame({"clinic_id": ["a", "b"], "latitude": [45.1, 45.4], "longitude": [-110.1, -110.4]})
OTHERS = CLINICS.assign(clinic_id=["b", "c"])

if __name__ == "__main__":
    origins = origins_of(PEOPLE)
    trips = trips_from(origins, CLINICS)
    trips_after(trips, origins, CLINICS, OTHERS).of_places(PEOPLE["rurality"].to_numpy() == "rural")
    nearest_after(trips, origins, CLINICS, OTHERS)
    candidates = town_candidates(CLINICS.assign(name=CLINICS["clinic_id"], state="MT", population=1.0))
    ground = SitingData(PEOPLE, origins, origins, trips.among([]), CLINICS, candidates)
    for objective in ("people", "average", "worst"):
        best_sites(SitingQuestion(objective=objective, count=1), ground)
