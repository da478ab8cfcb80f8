"""Drives by OpenTimes' tables: what they tell is theirs, what they do not tell is the labelled estimate, by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.places.pack import load_pack, save_pack
from access.settings import settings
from access.travel.estimate import BANDED, estimate_trips
from access.travel.pack_travel import trip_finder_by, trip_finder_of
from access.travel.routers.opentimes import ByOpenTimes, nearest_tracts
from access.words.travel import no_car_note
from tests.opentimes_files import Times, clinics_at, people_at, publish

TABLES, GUESS = "OpenTimes 0.0.1, 2024, between tracts, without traffic", BANDED.name
BANGOR, ORONO, NORTH, ISLAND = "23019000100", "23019006000", "23003950300", "23009990100"
UNKNOWN, WEST = "23017990000", "33005970100"
PLACES = {
    BANGOR: (44.80, -68.78, "urban"),
    ORONO: (44.88, -68.67, "large_town"),
    NORTH: (46.70, -68.78, "rural"),
    ISLAND: (44.20, -68.78, "rural"),
    UNKNOWN: (44.936, -68.78, "rural"),
}
# 4 km north of Bangor's centre; beside Orono's; in New Hampshire's tract, which lies 2 degrees west of Bangor here.
CLINICS = {"acadia": (44.836, -68.78), "orono": (44.88, -68.67), "west": (44.80, -70.78)}
MAINE: Times = {
    (BANGOR, BANGOR): 0,
    (BANGOR, ORONO): 720,
    (ORONO, BANGOR): 750,
    (ORONO, ORONO): 0,
    (NORTH, ORONO): 15_000,  # 250 minutes, which are more than are kept
    (ISLAND, ISLAND): 0,
}
# Along the meridian a degree is 111.195 km. The usual estimate: 2 + 1.5 x 8 + 1.03 x 32 = 46.96 minutes to 40 km.
TO_ACADIA = {
    BANGOR: 2 + 1.5 * 0.036 * 111.195,
    NORTH: 46.96 + 0.9 * (1.864 * 111.195 - 40),
    UNKNOWN: 14 + 1.03 * (0.1 * 111.195 - 8),
}


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRD_ACCESS_MIRROR", str(tmp_path))
    publish(tmp_path, "23", MAINE)
    return tmp_path


def landmarks() -> pd.DataFrame:
    return people_at({**PLACES, WEST: (44.80, -70.78, "rural")})


def found(people: pd.DataFrame, **how: float) -> dict[tuple[str, str], tuple[float, str]]:
    trips = estimate_trips(
        people, clinics_at(CLINICS), estimate=trip_finder_by("opentimes"), landmarks=landmarks(), **how
    )
    frame = trips.to_frame().assign(method=trips.method_by_trip())
    return {(row.geoid, row.clinic_id): (row.minutes, row.method) for row in frame.itertuples()}


@pytest.mark.usefixtures("mirror")
def test_what_the_tables_tell_is_theirs_and_within_a_tract_the_estimate_stands() -> None:
    drives = found(people_at(PLACES))
    assert drives[BANGOR, "orono"] == (pytest.approx(12), TABLES)
    assert drives[ORONO, "acadia"] == (pytest.approx(12.5), TABLES)
    assert drives[BANGOR, "acadia"] == (pytest.approx(TO_ACADIA[BANGOR], abs=1e-3), GUESS)
    assert drives[ORONO, "orono"] == (pytest.approx(2, abs=1e-3), GUESS)


@pytest.mark.usefixtures("mirror")
def test_a_long_drive_that_is_not_in_the_tables_is_estimated_and_one_that_is_there_is_not() -> None:
    # 197.5 minutes by the estimate: it may lie beyond 300 km. To Orono the tables say 250, the estimate 193.
    drives = found(people_at(PLACES))
    assert drives[NORTH, "acadia"] == (pytest.approx(TO_ACADIA[NORTH], abs=0.01), GUESS)
    assert TO_ACADIA[NORTH] > 170
    assert (NORTH, "orono") not in drives


@pytest.mark.usefixtures("mirror")
def test_a_near_pair_that_is_not_in_the_tables_has_no_route_and_is_no_trip() -> None:
    # 70.7 km: 75 minutes by the estimate, but the tables know both tracts and no road between them.
    assert (ISLAND, "acadia") not in found(people_at(PLACES))


@pytest.mark.usefixtures("mirror")
def test_to_or_from_a_tract_that_the_tables_do_not_know_drives_are_estimated() -> None:
    drives = found(people_at(PLACES))
    assert drives[UNKNOWN, "acadia"] == (pytest.approx(TO_ACADIA[UNKNOWN], abs=1e-3), GUESS)
    # 2 degrees of longitude at 44.8 north: about 157.8 km, 153 minutes; Maine's table knows no tract there.
    assert drives[BANGOR, "west"] == (pytest.approx(153, abs=0.5), GUESS)


@pytest.mark.usefixtures("mirror")
def test_a_place_that_is_not_of_the_census_is_in_the_tract_of_the_nearest_landmark() -> None:
    here = people_at({"origin": (44.81, -68.79, "urban")}).assign(county="23019")
    assert found(here)["origin", "orono"] == (pytest.approx(12), TABLES)
    # An own point may have any name, that of a far tract too.
    named = people_at({NORTH + "9": (44.81, -68.79, "urban")}).assign(county="23019")
    assert found(named)[NORTH + "9", "orono"] == (pytest.approx(12), TABLES)


@pytest.mark.usefixtures("mirror")
def test_block_groups_drive_by_their_tract_and_keep_their_own_names() -> None:
    people = people_at(
        {ORONO + "1": (44.88, -68.67, "urban"), ORONO + "2": (44.89, -68.66, "urban"), BANGOR + "1": PLACES[BANGOR]}
    )
    acadia = clinics_at({"acadia": CLINICS["acadia"]})
    drives = estimate_trips(people.iloc[:2], acadia, estimate=trip_finder_by("opentimes"), landmarks=people).to_frame()
    assert drives[["geoid", "minutes"]].to_numpy().tolist() == [[ORONO + "1", 12.5], [ORONO + "2", 12.5]]


def test_its_minutes_are_those_of_a_car() -> None:
    assert ByOpenTimes().mode.is_driven
    assert not no_car_note(ByOpenTimes().mode)


@pytest.mark.usefixtures("mirror")
def test_where_the_tables_tell_of_no_drive_all_are_said_to_be_estimates() -> None:
    people = people_at({ORONO: PLACES[ORONO]})
    drives = estimate_trips(people, clinics_at({"orono": CLINICS["orono"]}), estimate=trip_finder_by("opentimes"))
    assert (drives.method, list(drives.method_by_trip())) == (GUESS, [GUESS])


@pytest.mark.usefixtures("mirror")
def test_the_longest_drive_is_kept_and_a_longer_one_is_not() -> None:
    assert (ORONO, "acadia") in found(people_at(PLACES), max_minutes=12.5)
    assert (ORONO, "acadia") not in found(people_at(PLACES), max_minutes=12.4)
    assert (BANGOR, "orono") in found(people_at(PLACES), max_minutes=12.4)


def test_modelled_people_are_in_no_tract_and_that_is_a_sentence() -> None:
    pack = load_pack("starter")
    with pytest.raises(TableError, match=r"of the places m-AK-99501 is neither .* trd-access data build"):
        estimate_trips(pack.people, pack.clinics, estimate=trip_finder_by("opentimes"))


def test_a_table_that_cannot_be_had_is_never_replaced_by_the_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_ACCESS_MIRROR", str(tmp_path))
    with pytest.raises(SourceError, match=r"times-0\.0\.1-car-2024-tract-23-0\.parquet"):
        found(people_at(PLACES))


def test_find_drives_by_opentimes_where_the_setting_says_so(
    national_pack_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., tuple[int, str, str]],
) -> None:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(national_pack_folder.parent))
    pack = load_pack("us-2020")
    acadia = pack.clinics[pack.clinics["clinic_id"] == "st-me-001"]
    there = nearest_tracts(acadia, pack.people).iloc[0]
    here = nearest_tracts(clinics_at({"here": (44.8016, -68.7712)}), pack.people).iloc[0]
    assert here != there
    publish(tmp_path, "23", {(here, there): 1_080})
    monkeypatch.setenv("TRD_ACCESS_DATA", str(tmp_path / "mine"))
    monkeypatch.setenv("TRD_ACCESS_MIRROR", str(tmp_path))
    monkeypatch.setenv("TRD_ACCESS_ROADS", "opentimes")
    maine = pack.clinics[pack.clinics["state"] == "ME"]
    offered = pack.services[pack.services["clinic_id"].isin(maine["clinic_id"])]
    save_pack(replace(pack, clinics=maine, services=offered), settings().data_folder / "us-2020")
    assert isinstance(trip_finder_of(load_pack()), ByOpenTimes)
    code, said, _ = run("find", "44.8016,-68.7712", "-t", "ect", "--json")
    nearest = json.loads(said)["clinics"][0]
    assert (code, nearest["clinic_id"], nearest["minutes"], nearest["method"]) == (0, "st-me-001", 18, TABLES)
    assert nearest["minutes_low"] == nearest["minutes_high"] == 18
    assert "Drives are by road, without traffic" in run("find", "44.8016,-68.7712", "-t", "ect")[1]


@pytest.mark.usefixtures("mirror")
def test_congestion_slows_the_tables_drives_by_rurality_and_is_named() -> None:
    way = trip_finder_by("opentimes#urban=1.5&large_town=1.2")
    trips = estimate_trips(people_at(PLACES), clinics_at(CLINICS), estimate=way, landmarks=landmarks())
    frame = trips.to_frame().assign(method=trips.method_by_trip())
    drives = {(row.geoid, row.clinic_id): (row.minutes, row.method) for row in frame.itertuples()}
    slower = "OpenTimes 0.0.1, 2024, between tracts, minutes times 1.5 urban, 1.2 large_town"
    assert drives[BANGOR, "orono"] == (pytest.approx(12 * 1.5), slower)
    assert drives[ORONO, "acadia"] == (pytest.approx(12.5 * 1.2), slower)
    # The estimate's drive within a tract is as it was.
    assert drives[BANGOR, "acadia"] == (pytest.approx(TO_ACADIA[BANGOR], abs=1e-3), GUESS)


@pytest.mark.parametrize("factor", ["city=2", "urban=0.5", "urban=fast", "urban="])
def test_a_congestion_that_is_none_is_one_sentence(factor: str) -> None:
    with pytest.raises(SourceError, match="is not OpenTimes"):
        trip_finder_by(f"opentimes#{factor}")
