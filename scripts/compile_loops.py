"""Compiles the loops of `access.travel.kernels` into their cache, so that the first visitor does not wait for it."""

import pandas as pd

from access.scenarios.compare import nearest_after, trips_after
from access.travel.estimate import trips_from
from access.travel.origins import origins_of

PEOPLE = pd.DataFrame(
    {
        "geoid": ["here", "there"],
        "latitude": [45.0, 45.5],
        "longitude": [-110.0, -110.5],
        "county": ["30031", "30031"],
        "rurality": ["urban", "rural"],
    }
)
CLINICS = pd.DataFrame({"clinic_id": ["a", "b"], "latitude": [45.1, 45.4], "longitude": [-110.1, -110.4]})
OTHERS = CLINICS.assign(clinic_id=["b", "c"])

if __name__ == "__main__":
    origins = origins_of(PEOPLE)
    trips = trips_from(origins, CLINICS)
    trips_after(trips, origins, CLINICS, OTHERS).of(PEOPLE["rurality"].to_numpy() == "rural")
    nearest_after(trips, origins, CLINICS, OTHERS)
