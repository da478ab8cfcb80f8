"""The area within some minutes of a clinic, or of the nearest of several, as hexagons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from access.measures.nearest import minutes_to_nearest, nearest_clinic
from access.places.hexagons import area_km2, hexagons_around
from access.places.outlines import is_on_land
from access.travel.by_road import ByRoad
from access.travel.mode import Mode
from access.travel.origins import Origins, origins_of
from access.travel.trip_finder import TripFinder
from access.travel.trips import Trips

AREA_MINUTES: Final = (30.0, 60.0, 90.0, 120.0)
MOST_HEXAGONS: Final = 60_000
# Cells of about 0.1 km2.
_FINEST: Final = 9


@dataclass(frozen=True, eq=False)
class ReachedArea:
    """The hexagons from whose center a clinic is within reach, and what became of those that are not among them.

    `cells`: `cell`, `latitude`, `longitude` (its center), `minutes` to the nearest of `clinics`, `within_minutes` (the
    least of `limits` that holds them), `clinic_id`, `method`, `is_estimate`. `mode`: how trips were looked for.
    `resolution`: of the H3 grid. `looked_at`: how many hexagons lie so near that they might have been reached; of these
    `off_land` lie in the sea or abroad, `roadless` are within an estimated drive but have no road near, and `unreached`
    are farther, or have no route.
    """

    cells: pd.DataFrame
    clinics: pd.DataFrame
    mode: Mode
    limits: tuple[float, ...]
    resolution: int
    looked_at: int
    off_land: int
    roadless: int

    @property
    def unreached(self) -> int:
        """The hexagons on land from which no clinic is within the limits, or to which the way does not lead."""
        return self.looked_at - self.off_land - self.roadless - len(self.cells)


def hexagons_within(
    clinics: pd.DataFrame,
    way: TripFinder,
    people: pd.DataFrame,
    land: gpd.GeoDataFrame,
    *,
    minutes: Sequence[float] = AREA_MINUTES,
    most: int = MOST_HEXAGONS,
) -> ReachedArea:
    """The hexagons within each of `minutes` of the nearest of `clinics`: one trip from every centre to the clinics.

    The nearest place lends each centre its county and rurality. By road, a centre goes to the nearest road at most 3
    miles away, as every place does; where there is none, it is not reached.

    Parameters
    ----------
    clinics: `clinic_id` and a point. people, land: of the pack, and the states' outlines.
    most: the grid is the finest with no more cells than this so near that they might be reached, of 0.1 km2 at least.

    Raises
    ------
    ValueError
        No clinics, or no minutes above zero.
    SourceError
        As `way` has it.
    """
    limits = tuple(sorted(set(minutes)))
    if clinics.empty or not limits or limits[0] <= 0:
        raise ValueError("An area needs at least one clinic and minutes above zero.")
    around, resolution = hexagons_around(clinics, way.most_km(limits[-1]), most=most, finest=_FINEST)
    here = around[is_on_land(land, around["latitude"].to_numpy(), around["longitude"].to_numpy())]
    everywhere = origins_of(people)
    trips, roadless = _trips_and_roadless(_centers_of(here, people, everywhere), clinics, way, limits[-1], everywhere)
    return ReachedArea(
        cells=_reached_cells(here, trips, limits),
        clinics=clinics,
        mode=way.mode,
        limits=limits,
        resolution=resolution,
        looked_at=len(around),
        off_land=len(around) - len(here),
        roadless=roadless,
    )


def people_within(area: ReachedArea, people: pd.DataFrame, way: TripFinder) -> pd.DataFrame:
    """Who lives within each limit, by each place's own trip and not by hexagons.

    Returns
    -------
    pd.DataFrame
        `within_minutes`; `people` of places from which a clinic is at most so far; `km2` of the hexagons likewise.
    """
    trips = way.trips(origins_of(people), area.clinics, max_minutes=area.limits[-1])
    nearest = minutes_to_nearest(trips).to_numpy()
    rows = [
        (limit, int(people.loc[nearest <= limit, "population"].sum()), area_km2(area.cells.loc[near, "cell"]))
        for limit, near in ((limit, area.cells["minutes"] <= limit) for limit in area.limits)
    ]
    return pd.DataFrame(rows, columns=["within_minutes", "people", "km2"])


def _centers_of(cells: pd.DataFrame, people: pd.DataFrame, everywhere: Origins) -> Origins:
    near = people.iloc[everywhere.nearest(cells["latitude"], cells["longitude"])]
    return origins_of(
        pd.DataFrame(
            {
                "geoid": cells["cell"].to_numpy(),
                "latitude": cells["latitude"].to_numpy(),
                "longitude": cells["longitude"].to_numpy(),
                "county": near["county"].to_numpy(),
                "rurality": near["rurality"].to_numpy(),
            }
        )
    )


def _trips_and_roadless(
    centres: Origins, clinics: pd.DataFrame, way: TripFinder, max_minutes: float, everywhere: Origins
) -> tuple[Trips, int]:
    """The trips from the centres, and how many centres have none for want of a road."""
    trips = way.trips(centres, clinics, max_minutes=max_minutes, landmarks=everywhere)
    if not isinstance(way, ByRoad):
        return trips, 0
    by_road = way.without_roadless(trips, centres)
    return by_road, int((np.diff(trips.indptr) > 0).sum() - (np.diff(by_road.indptr) > 0).sum())


def _reached_cells(cells: pd.DataFrame, trips: Trips, limits: tuple[float, ...]) -> pd.DataFrame:
    """Each cell that has a trip with its shortest one, which stands first."""
    is_reached = np.diff(trips.indptr) > 0
    minutes = minutes_to_nearest(trips).to_numpy(np.float32)[is_reached]
    reached = cells[is_reached].reset_index(drop=True)
    first = trips.indptr[:-1][is_reached]
    return reached.assign(
        minutes=minutes,
        within_minutes=np.asarray(limits)[np.searchsorted(np.asarray(limits, np.float32), minutes)],
        clinic_id=nearest_clinic(trips).to_numpy()[is_reached],
        method=trips.method_by_trip().astype(str)[first],
        is_estimate=trips.is_estimate_by_trip()[first],
    )
