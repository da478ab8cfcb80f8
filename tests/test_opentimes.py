"""Trips by OpenTimes, worked by hand: tracts, block groups, what is estimated, what is not known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.errors import SourceError, TableError
from access.geo import great_circle_km
from access.travel.estimate import BANDED
from access.travel.routers.opentimes import nearest_tracts, opentimes_trips
from tests.opentimes_files import clinics_at, people_at, publish

BANGOR, ORONO, CALAIS = "23019000100", "23019006000", "23029955100"
KEENE, BERLIN = "33005970100", "33007950100"
PLACES = {
    BANGOR: (44.80, -68.78, "urban"),
    ORONO: (44.88, -68.67, "large_town"),
    CALAIS: (45.19, -67.28, "rural"),
}
# One clinic 4 km north of Bangor's centre, one beside Orono's, one over the border, in New Hampshire.
CLINICS = {"acadia": (44.836, -68.78), "orono": (44.881, -68.671), "berlin": (44.47, -71.18)}
MAINE = {
    (BANGOR, BANGOR): 0,
    (BANGOR, ORONO): 720,
    (BANGOR, BERLIN): 12_000,
    (ORONO, BANGOR): 750,
    (ORONO, ORONO): 0,
    (ORONO, BERLIN): 12_600,
    (CALAIS, BANGOR): 6_000,
    (CALAIS, ORONO): 6_300,
}


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    publish(tmp_path, "23", MAINE)
    return tmp_path


def minutes(people: pd.DataFrame, clinics: pd.DataFrame, mirror: Path, **how: object) -> dict[tuple[str, str], float]:
    frame = opentimes_trips(people, clinics, mirror=mirror, **how).trips.to_frame()  # type: ignore[arg-type]
    return {(row.geoid, row.clinic_id): row.minutes for row in frame.itertuples()}


def berlin_too() -> pd.DataFrame:
    """Landmarks on both sides of the border, so that the clinic in Berlin is taken to be in Berlin."""
    return people_at({**PLACES, BERLIN: (44.468, -71.183, "small_town")})


def test_seconds_between_tracts_become_minutes_and_within_one_the_estimate_does(mirror: Path) -> None:
    # 0.036 degrees of latitude are 0.036 x 111.195 = 4.00302 km: 2 + 1.5 x 4.00302 = 8.00454 minutes.
    # Orono: 0.001 degrees both ways: the sphere's 0.1362 km: 2 + 1.5 x 0.1362 = 2.2043 minutes.
    found = minutes(people_at(PLACES), clinics_at(CLINICS), mirror, landmarks=berlin_too())
    assert found == {
        (BANGOR, "acadia"): pytest.approx(8.00454, abs=1e-4),
        (BANGOR, "orono"): pytest.approx(12),
        (BANGOR, "berlin"): pytest.approx(200),
        (ORONO, "orono"): pytest.approx(2.2043, abs=1e-3),
        (ORONO, "acadia"): pytest.approx(12.5),
        (ORONO, "berlin"): pytest.approx(210),
        (CALAIS, "acadia"): pytest.approx(100),
        (CALAIS, "orono"): pytest.approx(105),
    }


def test_trips_say_which_of_them_are_estimated_and_stand_nearest_first(mirror: Path) -> None:
    found = opentimes_trips(people_at(PLACES), clinics_at(CLINICS), mirror=mirror, landmarks=berlin_too())
    frame = found.trips.to_frame().assign(is_estimated=found.is_estimated)
    assert frame.loc[frame["is_estimated"], ["geoid", "clinic_id"]].to_numpy().tolist() == [
        [BANGOR, "acadia"],
        [ORONO, "orono"],
    ]
    assert found.trips.indptr.tolist() == [0, 3, 6, 8]
    for row in range(3):
        part = found.trips.minutes[found.trips.indptr[row] : found.trips.indptr[row + 1]]
        assert (np.diff(part) >= 0).all()
    assert found.trips.method == "OpenTimes 0.0.1, 2024, between tracts, without traffic"


def test_km_are_those_of_the_estimate_from_point_to_point(mirror: Path) -> None:
    found = opentimes_trips(people_at(PLACES), clinics_at(CLINICS), mirror=mirror).trips.to_frame()
    straight = great_circle_km(45.19, -67.28, 44.836, -68.78)
    calais = found[(found["geoid"] == CALAIS) & (found["clinic_id"] == "acadia")]
    assert calais["km"].tolist() == pytest.approx([float(straight) * 1.27], rel=1e-6)  # the rural road factor


def test_the_longest_trip_is_kept_and_a_longer_one_is_not(mirror: Path) -> None:
    people, clinics = people_at(PLACES), clinics_at(CLINICS)
    assert (CALAIS, "acadia") in minutes(people, clinics, mirror, max_minutes=100)
    assert (CALAIS, "acadia") not in minutes(people, clinics, mirror, max_minutes=99.9)
    # The estimate within a tract is bound by it too.
    assert minutes(people, clinics, mirror, max_minutes=8.0) == {(ORONO, "orono"): pytest.approx(2.2043, abs=1e-3)}


def test_block_groups_of_a_tract_share_its_times_but_not_their_way_within_it(mirror: Path) -> None:
    groups = {f"{BANGOR}1": (44.80, -68.78, "urban"), f"{BANGOR}2": (44.836, -68.78, "urban")}
    found = minutes(people_at({**groups, f"{ORONO}1": PLACES[ORONO]}), clinics_at(CLINICS), mirror)
    assert found[f"{BANGOR}1", "orono"] == found[f"{BANGOR}2", "orono"] == 12
    assert found[f"{BANGOR}1", "acadia"] == pytest.approx(8.00454, abs=1e-4)
    assert found[f"{BANGOR}2", "acadia"] == pytest.approx(2)


def test_congestion_slows_each_place_by_its_rurality_and_is_named(mirror: Path) -> None:
    people, clinics = people_at(PLACES), clinics_at(CLINICS)
    found = opentimes_trips(people, clinics, mirror=mirror, congestion={"urban": 1.5, "large_town": 1.2})
    trips = {(row.geoid, row.clinic_id): row.minutes for row in found.trips.to_frame().itertuples()}
    assert trips[BANGOR, "orono"] == pytest.approx(18)
    assert trips[ORONO, "acadia"] == pytest.approx(15)
    assert trips[CALAIS, "acadia"] == pytest.approx(100)
    assert trips[BANGOR, "acadia"] == pytest.approx(1.5 * 8.00454, abs=1e-4)
    assert found.trips.method.endswith("between tracts, minutes times 1.5 urban, 1.2 large_town")


def test_congestion_pushes_a_trip_beyond_the_longest(mirror: Path) -> None:
    found = minutes(people_at(PLACES), clinics_at(CLINICS), mirror, congestion={"urban": 1.5}, max_minutes=12.5)
    assert (BANGOR, "orono") not in found
    assert found[ORONO, "acadia"] == pytest.approx(12.5)


@pytest.mark.parametrize("congestion", [{"city": 1.2}, {"urban": 0.9}, {"urban": float("nan")}, {"urban": 50}])
def test_a_congestion_that_is_none_is_refused(mirror: Path, congestion: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="congestion"):
        opentimes_trips(people_at(PLACES), clinics_at(CLINICS), mirror=mirror, congestion=congestion)


def test_what_the_tables_do_not_know_is_told_and_never_estimated(mirror: Path) -> None:
    new, island = "23019999900", "72001956300"
    people = people_at({**PLACES, new: (44.9, -68.9, "rural"), island: (18.2, -66.7, "rural")})
    clinics = clinics_at({**CLINICS, "new": (44.9, -68.9), "keene": (42.93, -72.28)})
    tracts = pd.Series({"keene": KEENE, "berlin": BERLIN})
    found = opentimes_trips(people, clinics, mirror=mirror, clinic_tracts=tracts)
    assert found.unknown_places.tolist() == [new, island]
    # Keene is beyond what Maine's table holds, which is no wonder: its own state's was not read.
    assert found.unknown_clinics.tolist() == ["new"]
    assert not set(found.trips.to_frame()["geoid"]) & {new, island}
    assert not set(found.trips.to_frame()["clinic_id"]) & {"new", "keene"}
    assert len(found.files) == 1


def test_two_states_are_read_each_from_its_own_table(mirror: Path) -> None:
    publish(mirror, "33", {(BERLIN, BANGOR): 12_300, (BERLIN, BERLIN): 0})
    people = people_at({BERLIN: (44.468, -71.183, "small_town"), **PLACES})
    found = opentimes_trips(people, clinics_at(CLINICS), mirror=mirror)
    frame = found.trips.to_frame()
    assert frame.loc[frame["geoid"] == BERLIN, "clinic_id"].tolist() == ["berlin", "acadia"]
    assert frame.loc[frame["geoid"] == BERLIN, "minutes"].tolist()[1] == pytest.approx(205)
    assert [file.url[-32:] for file in found.files] == [
        f"/times-0.0.1-car-2024-tract-{state}-0.parquet"[-32:] for state in ("23", "33")
    ]


def test_a_state_without_its_table_is_refused_and_not_left_out(mirror: Path) -> None:
    with pytest.raises(SourceError, match="tract-33-0"):
        opentimes_trips(berlin_too().assign(geoid=[*PLACES, BERLIN]), clinics_at(CLINICS), mirror=mirror)


def test_a_clinic_s_tract_is_that_of_the_nearest_place_unless_it_is_given(mirror: Path) -> None:
    people, clinics = people_at(PLACES), clinics_at(CLINICS)
    # With no landmark in New Hampshire, Bangor is the nearest of Berlin's neighbours.
    assert nearest_tracts(clinics, people).to_dict() == {"acadia": BANGOR, "orono": ORONO, "berlin": BANGOR}
    found = opentimes_trips(people, clinics, mirror=mirror, clinic_tracts=pd.Series({"acadia": ORONO}))
    assert found.clinic_tracts.to_dict() == {"acadia": ORONO, "orono": ORONO, "berlin": BANGOR}


def test_connecticut_is_known_by_its_numbers_of_2020(tmp_path: Path) -> None:
    waterbury, bridgeport, stamford = "09009350400", "09001070100", "09001020100"
    since = {"09140350400": waterbury, "09120070100": bridgeport, "09190020100": stamford}
    publish(
        tmp_path,
        "09",
        {("09140350400", "09120070100"): 1_800, ("09120070100", "09190020100"): 1_500, ("09190020100",) * 2: 0},
    )
    points = {waterbury: (41.55, -73.04), bridgeport: (41.17, -73.2), stamford: (41.05, -73.54)}
    people = people_at({tract: (*point, "urban") for tract, point in points.items()})
    clinics = clinics_at({"b": points[bridgeport], "s": points[stamford]})
    found = opentimes_trips(people, clinics, mirror=tmp_path, connecticut=pd.Series(since))
    trips = {(row.geoid, row.clinic_id): row.minutes for row in found.trips.to_frame().itertuples()}
    assert trips[waterbury, "b"] == 30
    assert trips[bridgeport, "s"] == 25
    assert trips[stamford, "s"] == 2
    assert found.unknown_places.empty


def test_connecticut_s_numbers_come_from_the_real_ruca_where_none_are_given(tmp_path: Path, shared: Path) -> None:
    media = "www.ers.usda.gov"
    (tmp_path / media).symlink_to(shared / "mirror" / media)
    publish(tmp_path, "09", {("09140350400", "09140350500"): 240})
    people = people_at({"09009350400": (41.55, -73.04, "urban"), "09009350500": (41.56, -73.05, "urban")})
    clinics = clinics_at({"w": (41.56, -73.05)})
    # 240 s from one to the other; the other is not known as an origin.
    assert minutes(people, clinics, tmp_path) == {("09009350400", "w"): 4}


def test_before_2022_connecticut_needs_no_other_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_OPENTIMES_YEAR", "2021")
    publish(tmp_path, "09", {("09009350400", "09009350500"): 240}, year="2021")
    people = people_at({"09009350400": (41.55, -73.04, "urban"), "09009350500": (41.56, -73.05, "urban")})
    assert minutes(people, clinics_at({"w": (41.56, -73.05)}), tmp_path) == {("09009350400", "w"): 4}


def test_far_from_connecticut_its_numbers_are_not_asked_for(tmp_path: Path) -> None:
    publish(tmp_path, "48", {("48453001100", "48453001200"): 600})
    people = people_at({"48453001100": (30.27, -97.74, "urban"), "48453001200": (30.3, -97.7, "urban")})
    clinics = clinics_at({"austin": (30.3, -97.7), "hartford": (41.76, -72.67)})
    tracts = pd.Series({"hartford": "09003500100"})
    assert minutes(people, clinics, tmp_path, clinic_tracts=tracts) == {("48453001100", "austin"): 10}


def test_places_that_are_no_tracts_are_refused_in_words(mirror: Path) -> None:
    people = people_at(PLACES).assign(geoid=[BANGOR, "04401", "04473"])
    with pytest.raises(TableError, match=r"04401 is neither \(2 such\).*trd-access data build"):
        opentimes_trips(people, clinics_at(CLINICS), mirror=mirror)


def test_no_clinics_are_no_trips(mirror: Path) -> None:
    found = opentimes_trips(people_at(PLACES), clinics_at(CLINICS).iloc[:0], mirror=mirror)
    assert len(found.trips) == 0
    assert found.trips.indptr.tolist() == [0, 0, 0, 0]
    assert found.unknown_places.empty


def test_a_random_country_agrees_with_a_plain_loop(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    tracts = [f"{state}{number:09d}" for state in ("23", "33") for number in rng.choice(10_000, 12, replace=False)]
    groups = [f"{tract}{number}" for tract in tracts for number in range(1, rng.integers(2, 4))]
    kinds = rng.choice(["urban", "rural", "not_coded"], len(groups))
    people = people_at(
        {
            group: (float(44 + rng.random()), float(-70 + rng.random()), str(kind))
            for group, kind in zip(groups, kinds, strict=True)
        }
    )
    clinics = clinics_at({f"c{number}": (float(44 + rng.random()), float(-70 + rng.random())) for number in range(9)})
    sites = pd.Series(rng.choice(tracts, 9), index=clinics["clinic_id"])
    seconds = {(a, b): int(rng.integers(60, 9_000)) for a in tracts for b in tracts if a == b or rng.random() < 0.7}
    for state in ("23", "33"):
        publish(tmp_path, state, {pair: time for pair, time in seconds.items() if pair[0][:2] == state})
    wanted = {}
    for place in people.itertuples():
        for clinic in clinics.itertuples():
            home, site = place.geoid[:11], sites[clinic.clinic_id]
            km = great_circle_km(place.latitude, place.longitude, clinic.latitude, clinic.longitude)
            took = seconds.get((home, site), np.nan) / 60
            took = float(BANDED.minutes(km, place.rurality)) if home == site else took
            took *= 1.3 if place.rurality == "urban" else 1
            if took <= 100:
                wanted[place.geoid, clinic.clinic_id] = pytest.approx(took, rel=1e-6)
    found = minutes(people, clinics, tmp_path, clinic_tracts=sites, max_minutes=100, congestion={"urban": 1.3})
    assert found == wanted
    assert len(wanted) > 50
