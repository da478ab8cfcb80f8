"""Where one new clinic would reach most of the people who are far: places to try first as scenarios."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.measures.layout import align_to_people
from access.travel.estimate import BANDED, estimate_trips
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips

Floats = NDArray[np.float64]


def best_openings(
    minutes: "pd.Series[float]",
    people: pd.DataFrame,
    towns: pd.DataFrame,
    limit: float,
    *,
    most: int = 10,
    estimate: TripFinder = BANDED,
    landmarks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The towns from which one new clinic would bring most people within `limit` minutes, each apart from the others.

    The first reaches most of the people who are now beyond; each further one most of those whom none before it
    reaches, so that ten suburbs of one city are not ten answers.

    Parameters
    ----------
    minutes: to the nearest clinic now, by geoid; NaN: none is reached.
    towns: `name`, `state`, `latitude`, `longitude`: where a clinic may open.

    Returns
    -------
    pd.DataFrame
        `name`, `state`, `latitude`, `longitude`, `people_reached` (now beyond, and within by this clinic alone),
        `people_new` (of them, whom no clinic of a row above reaches); at most `most` rows, best first, none that
        reaches nobody; ties by the order of `towns`.

    Raises
    ------
    TableError
        `minutes` lacks a place of `people`.
    """
    # NaN is beyond too.
    far = people[~(align_to_people(minutes, people) <= limit)].reset_index(drop=True)
    sites = towns.reset_index(drop=True).assign(clinic_id=[str(row) for row in range(len(towns))])
    trips = estimate_trips(far, sites, max_minutes=limit, estimate=estimate, landmarks=landmarks)
    waiting = far["population"].to_numpy(float)
    alone = _people_reached_by_site(trips, waiting)
    chosen: list[tuple[int, float]] = []
    while len(chosen) < most:
        newly = _people_reached_by_site(trips, waiting)
        if not len(newly) or not newly.max():
            break
        best = int(newly.argmax())
        chosen.append((best, newly[best]))
        waiting = np.where(_places_near(trips, best), 0.0, waiting)
    rows = [row for row, _ in chosen]
    return (
        sites.loc[rows, ["name", "state", "latitude", "longitude"]]
        .reset_index(drop=True)
        .assign(
            people_reached=alone[rows].astype("int64"),
            people_new=np.array([new for _, new in chosen], float).astype("int64"),
        )
    )


def _people_reached_by_site(trips: Trips, waiting: Floats) -> Floats:
    """How many of those who wait each site has within its trips."""
    living = np.repeat(waiting, np.diff(trips.indptr))
    return np.asarray(np.bincount(trips.clinic_index, weights=living, minlength=len(trips.clinics)), np.float64)


def _places_near(trips: Trips, site: int) -> NDArray[np.bool_]:
    near = np.zeros(len(trips.places), bool)
    near[np.searchsorted(trips.indptr, np.flatnonzero(trips.clinic_index == site), side="right") - 1] = True
    return near
