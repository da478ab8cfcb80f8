"""The area within minutes of clinics: which hexagons, at what minutes, and what is absent and why."""

from dataclasses import dataclass

import geopandas as gpd
import h3  # type: ignore[import-untyped]
import numpy as np
import pandas as pd
import pytest
import shapely

from access.geo import Floats, great_circle_km
from access.measures.reached_area import hexagons_within, people_within
from access.places.hexagons import area_km2, hexagons_around
from access.travel.by_road import ByRoad
from access.travel.estimate import BANDED
from access.travel.mode import Mode, estimate_mode, road_mode
from access.travel.routers.router import Block
from access.words.travel import NO_CAR_NOTE, no_car_note
from tests.worlds import HOME, valley_people

CLINIC = pd.DataFrame({"clinic_id": ["c"], "latitude": [HOME[0]], "longitude": [HOME[1]]})
LAND = gpd.GeoDataFrame({"state": ["MT"]}, geometry=[shapely.box(-115, 44.9, -105, 49)], crs="EPSG:4326")


@dataclass(frozen=True)
class Plain:
    """A minute a km, as the crow flies; north of 45.1 there is no road, and west of 110.1 no way across the river."""

    mode: Mode = road_mode("by hand", "car")  # noqa: RUF009 - a frozen value
    most_sources: int = 700
    most_targets: int = 10
    most_pairs: int = 5_000

    def block(self, sources: Floats, targets: Floats) -> Block:
        km = great_circle_km(sources[:, :1], sources[:, 1:], targets[:, 0], targets[:, 1]).astype(np.float32)
        minutes = np.where(sources[:, 1:] < -110.1, np.float32(np.nan), km)
        off_road = np.where(sources[:, 0] > 45.1, np.inf, 0.0).astype(np.float32)
        return Block(minutes, km, off_road, np.zeros(len(targets), np.float32))


@dataclass(frozen=True)
class Steps(Plain):
    """Exactly 30 minutes from the north, and a hundredth more from the south."""

    def block(self, sources: Floats, targets: Floats) -> Block:
        minutes = np.where(sources[:, :1] > HOME[0], 30, 30.01).astype(np.float32)
        near = np.zeros(len(sources), np.float32)
        return Block(minutes, minutes, near, np.zeros(len(targets), np.float32))


def cells_near(km: float, resolution: int) -> dict[str, tuple[float, float, float]]:
    """Every cell by a wide disk of them: where its centre is and how far from home, by a loop."""
    disk = h3.grid_disk(h3.latlng_to_cell(*HOME, resolution), 120)
    found = {cell: h3.cell_to_latlng(cell) for cell in disk}
    away = {cell: (*at, float(great_circle_km(*at, *HOME))) for cell, at in found.items()}
    return {cell: at for cell, at in away.items() if at[2] <= km}


def test_by_road_each_hexagon_has_the_minutes_of_its_centre_and_is_absent_where_no_road_leads() -> None:
    area = hexagons_within(CLINIC, ByRoad(Plain()), valley_people(), LAND, minutes=(10, 20), most=20_000)
    all_near = cells_near(20 * 130 / 60, area.resolution)
    on_land = {cell: at for cell, at in all_near.items() if at[0] >= 44.9}
    reached = {cell: km for cell, (north, east, km) in on_land.items() if km <= 20 and north <= 45.1 and east >= -110.1}
    assert area.cells.set_index("cell")["minutes"].to_dict() == pytest.approx(reached, abs=1e-3)
    assert area.cells["within_minutes"].tolist() == [10 if km <= 10 else 20 for km in area.cells["minutes"]]
    assert set(area.cells["method"]) == {"road: by hand, car"}
    assert (area.looked_at, area.off_land) == (len(all_near), len(all_near) - len(on_land))
    # What lies north would have had an estimate: 20 minutes are 8 km at 1.5 and 5.8 at 1.03 after a start of 2.
    edge = 8 + (20 - 2 - 8 * 1.5) / 1.03
    assert area.roadless == sum(north > 45.1 and km <= edge for north, _, km in on_land.values())
    assert area.roadless > 10
    assert area.unreached == len(on_land) - area.roadless - len(reached)


def test_a_limit_holds_what_takes_exactly_so_long() -> None:
    cells = hexagons_within(CLINIC, ByRoad(Steps()), valley_people(), LAND, minutes=(60, 30), most=900).cells
    assert cells.groupby(cells["latitude"] > HOME[0])["within_minutes"].unique().map(list).to_dict() == {
        True: [30],
        False: [60],
    }


def test_by_estimate_the_area_is_a_disk_on_land_whose_edge_is_worked_by_hand() -> None:
    area = hexagons_within(CLINIC, BANDED, valley_people(), LAND.dissolve(), minutes=[30], most=20_000)
    edge = 8 + (30 - 2 - 8 * 1.5) / 1.03
    near = cells_near(edge, area.resolution)
    assert set(area.cells["cell"]) == {cell for cell, at in near.items() if at[0] >= 44.9}
    assert area.off_land == sum(at[0] < 44.9 for at in near.values())
    assert area.roadless == area.unreached == 0
    assert set(area.cells["method"]) == {BANDED.name}
    # The disk and its segment beyond 44.9 degrees north, 11.12 km south of the middle.
    depth = 0.1 * 111.195
    segment = edge**2 * np.arccos(depth / edge) - depth * np.sqrt(edge**2 - depth**2)
    assert area_km2(area.cells["cell"]) == pytest.approx(np.pi * edge**2 - segment, rel=0.02)


def test_people_are_counted_by_their_own_trips_and_not_by_hexagons() -> None:
    people = valley_people()
    area = hexagons_within(CLINIC, BANDED, people, LAND, minutes=(1, 10, 30, 90), most=200)
    # Minutes by hand: city_a 2, city_b (11.1 km) 17, town (55.6 km) 61, forest (nobody, 111 km) 111, ranch 161.
    assert people_within(area, people, BANDED)["people"].tolist() == [0, 500, 800, 950]
    assert people_within(area, people, BANDED)["km2"].is_monotonic_increasing


def test_of_several_clinics_the_nearest_counts() -> None:
    two = pd.DataFrame({"clinic_id": ["a", "b"], "latitude": [45.0, 45.0], "longitude": [-110.0, -109.5]})
    cells = hexagons_within(two, BANDED, valley_people(), LAND, minutes=[60], most=4_000).cells
    assert ((cells["clinic_id"] == "a") == (cells["longitude"] < -109.75)).all()


def test_the_grid_is_the_finest_with_no_more_cells_than_asked() -> None:
    sizes = [hexagons_around(CLINIC, 50, most=most, finest=9) for most in (10, 300, 3_000)]
    assert [len(cells) for cells, _ in sizes] == [len(cells_near(50, resolution)) for _, resolution in sizes]
    for (cells, resolution), most in zip(sizes, (10, 300, 3_000), strict=True):
        assert len(cells) <= most < len(cells_near(50, resolution + 1))
    assert hexagons_around(CLINIC, 1, most=10_000, finest=7)[1] == 7


def test_hexagons_around_a_point_near_the_180th_meridian_lie_on_both_sides() -> None:
    attu = pd.DataFrame({"latitude": [52.0], "longitude": [179.9]})
    cells, _ = hexagons_around(attu, 60, most=2_000, finest=9)
    assert (cells["longitude"] < 0).any()
    assert (cells["longitude"] > 0).any()
    assert great_circle_km(cells["latitude"], cells["longitude"], 52.0, 179.9).max() <= 60


@pytest.mark.parametrize("minutes", [[], [0, 30]])
def test_an_area_without_minutes_is_refused(minutes: list[float]) -> None:
    with pytest.raises(ValueError, match="minutes above zero"):
        hexagons_within(CLINIC, BANDED, valley_people(), LAND, minutes=minutes)


@pytest.mark.parametrize(
    ("mode", "vehicle", "km_per_hour"),
    [
        (estimate_mode("estimate by distance band"), "car", 130),
        (road_mode("OSRM", "car", version="26.10.0"), "car", 130),
        (road_mode("Valhalla server", "auto"), "car", 130),
        (road_mode("openrouteservice", "driving-car"), "car", 130),
        (road_mode("OSRM", "foot", version="26.10.0"), "foot", 15),
        (road_mode("Valhalla server", "pedestrian"), "foot", 15),
        (road_mode("openrouteservice", "cycling-regular"), "bicycle", 45),
        (road_mode("OSRM server", "bicycle"), "bicycle", 45),
        # A profile of one's own that neither walks nor cycles by its name drives.
        (road_mode("OSRM server", "van"), "car", 130),
    ],
)
def test_a_mode_tells_what_travels_and_what_it_misses(mode: Mode, vehicle: str, km_per_hour: float) -> None:
    assert (mode.vehicle, mode.is_driven) == (vehicle, vehicle == "car")
    assert no_car_note(mode) == ("" if vehicle == "car" else NO_CAR_NOTE)
    assert mode.fastest_km_per_minute == pytest.approx(km_per_hour / 60)
