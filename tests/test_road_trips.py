"""Trips by road are what the engine says of each pair, whatever the blocks in which it is asked."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from access.errors import SourceError
from access.geo import Floats, great_circle_km
from access.travel.mode import Mode, road_mode
from access.travel.road_trips import FASTEST_KM_PER_MINUTE, SNAP_KM, road_trips
from access.travel.routers.router import Block


@dataclass
class Crow:
    """An engine that flies at 60 km/h, and cannot cross the meridian of 69 west."""

    most_sources: int = 1000
    most_targets: int = 1000
    most_pairs: int = 1_000_000
    snap_km: float = 0.0
    mode: Mode = Mode("road: crow")  # noqa: RUF009 - a frozen value
    asked: list[tuple[Floats, Floats]] = field(default_factory=list)

    def block(self, sources: Floats, targets: Floats) -> Block:
        assert len(sources) <= self.most_sources
        assert len(targets) <= self.most_targets
        assert len(sources) * len(targets) <= self.most_pairs
        self.asked.append((sources, targets))
        km = great_circle_km(sources[:, :1], sources[:, 1:], targets[:, 0], targets[:, 1]).astype(np.float32)
        km[(sources[:, 1:] < -69) != (targets[:, 1] < -69)] = np.nan
        snaps = (np.full(len(points), self.snap_km, np.float32) for points in (sources, targets))
        return Block(km.copy(), km, *snaps)


def points(key: str, count: int, seed: int, spread: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            key: [f"{key[0]}{k}" for k in range(count)],
            "latitude": rng.uniform(44.5 - spread, 44.5 + spread, count),
            "longitude": rng.uniform(-69 - spread, -69 + spread, count),
        }
    )


PEOPLE, CLINICS = points("geoid", 83, 1), points("clinic_id", 31, 2)


def slowly(max_minutes: float) -> set[tuple[str, str, int]]:
    """Each pair within reach and its minutes in tenths, by a loop."""
    found = set()
    for place in PEOPLE.itertuples():
        for clinic in CLINICS.itertuples():
            km = great_circle_km(place.latitude, place.longitude, clinic.latitude, clinic.longitude)
            if km <= max_minutes and (place.longitude < -69) == (clinic.longitude < -69):
                found.add((place.geoid, clinic.clinic_id, round(float(km) * 10)))
    return found


@pytest.mark.parametrize(("sources", "targets", "pairs"), [(1000, 1000, 10**6), (1, 1, 1), (7, 5, 12), (50, 3, 70)])
def test_every_pair_within_reach_is_a_trip_whatever_the_limits_of_a_block(
    sources: int, targets: int, pairs: int
) -> None:
    trips, _ = road_trips(PEOPLE, CLINICS, Crow(sources, targets, pairs), max_minutes=60)
    found = trips.to_frame()
    assert {(a, b, round(minutes * 10)) for a, b, minutes, _ in found.itertuples(index=False)} == slowly(60)
    assert len(found) == len(slowly(60)) > 100
    assert trips.places.tolist() == PEOPLE["geoid"].tolist()
    assert trips.clinics.tolist() == CLINICS["clinic_id"].tolist()
    assert (trips.method, trips.max_minutes) == ("road: crow", 60)
    assert [str(one.dtype) for one in (trips.indptr, trips.clinic_index, trips.minutes, trips.km)] == [
        "int64",
        "int32",
        "float32",
        "float32",
    ]
    assert (found.groupby("geoid")["minutes"].diff().dropna() >= 0).all()


def test_what_nobody_could_drive_in_time_is_never_asked() -> None:
    engine = Crow(20, 5, 100)
    road_trips(PEOPLE, CLINICS, engine, max_minutes=20)
    assert engine.asked
    for sources, targets in engine.asked:
        km = great_circle_km(sources[:, :1], sources[:, 1:], targets[:, 0], targets[:, 1])
        assert km.min(axis=0).max() <= 20 * FASTEST_KM_PER_MINUTE
        assert km.min(axis=1).max() <= 20 * FASTEST_KM_PER_MINUTE
    pairs = sum(len(sources) * len(targets) for sources, targets in engine.asked)
    assert pairs < len(PEOPLE) * len(CLINICS) / 2


def test_a_trip_of_exactly_the_limit_is_kept_and_a_longer_one_is_not() -> None:
    place = pd.DataFrame({"geoid": ["p"], "latitude": [44.0], "longitude": [-70.0]})
    clinic = pd.DataFrame({"clinic_id": ["c"], "latitude": [44.5], "longitude": [-70.0]})
    exact = float(Crow().block(np.array([[44.0, -70.0]]), np.array([[44.5, -70.0]])).minutes[0, 0])
    assert len(road_trips(place, clinic, Crow(), max_minutes=exact)[0]) == 1
    assert len(road_trips(place, clinic, Crow(), max_minutes=np.nextafter(exact, 0))[0]) == 0


@pytest.mark.parametrize(
    ("snap_km", "is_kept"),
    [(0.0, True), (np.nan, True), (SNAP_KM - 1e-6, True), (SNAP_KM + 1e-3, False), (np.inf, False)],
)
def test_a_point_too_far_from_a_road_has_no_trips_and_is_named(snap_km: float, is_kept: bool) -> None:
    trips, snaps = road_trips(PEOPLE, CLINICS, Crow(snap_km=snap_km), max_minutes=240)
    assert (len(trips) > 0) is is_kept
    assert len(snaps.off_road()) == (0 if is_kept else len(PEOPLE) + len(CLINICS))
    if not is_kept:
        assert set(snaps.off_road()["what"]) == {"place", "clinic"}
        assert set(snaps.off_road()["id"]) == {*PEOPLE["geoid"], *CLINICS["clinic_id"]}


def test_one_clinic_off_the_road_loses_its_own_trips_alone() -> None:
    engine = Crow(20, 5, 100)
    lone = CLINICS.iloc[[4]][["latitude", "longitude"]].to_numpy(float)
    near = engine.block

    def block(sources: Floats, targets: Floats) -> Block:
        answer = near(sources, targets)
        answer.target_snap_km[(targets == lone).all(axis=1)] = np.inf
        return answer

    engine.block = block  # type: ignore[method-assign]
    trips, snaps = road_trips(PEOPLE, CLINICS, engine, max_minutes=60)
    found = trips.to_frame()
    wanted = {(place, clinic) for place, clinic, _ in slowly(60) if clinic != "c4"}
    assert set(zip(found["geoid"], found["clinic_id"], strict=True)) == wanted
    assert snaps.off_road().to_dict("records") == [{"what": "clinic", "id": "c4", "km": np.inf}]


def test_a_place_with_nothing_in_reach_was_not_asked_about_and_is_not_called_off_road() -> None:
    far = pd.DataFrame({"geoid": ["far"], "latitude": [20.0], "longitude": [-155.0]})
    trips, snaps = road_trips(pd.concat([far, PEOPLE], ignore_index=True), CLINICS, Crow(), max_minutes=60)
    assert np.diff(trips.indptr)[0] == 0
    assert np.isnan(snaps.places["far"])
    assert "far" not in set(snaps.off_road()["id"])


@pytest.mark.parametrize(("people", "clinics"), [(0, 3), (3, 0), (0, 0)])
def test_nobody_and_no_clinic_make_no_trips(people: int, clinics: int) -> None:
    trips, snaps = road_trips(PEOPLE.head(people), CLINICS.head(clinics), Crow())
    assert (len(trips), len(trips.indptr), len(trips.clinics)) == (0, people + 1, clinics)
    assert snaps.off_road().empty


def test_an_engine_that_fails_fails_the_trips() -> None:
    engine = Crow()

    def refuse(sources: Floats, targets: Floats) -> Block:
        raise SourceError(f"The engine refused {len(sources)} by {len(targets)} points.")

    engine.block = refuse  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="refused 83 by 31"):
        road_trips(PEOPLE, CLINICS, engine)


def test_progress_ends_with_all_places() -> None:
    said: list[tuple[str, int, int | None]] = []
    road_trips(PEOPLE, CLINICS, Crow(10, 10, 100), progress=lambda *step: said.append(step))
    assert [step[1] for step in said] == sorted(step[1] for step in said)
    assert said[-1] == ("road trips", 83, 83)


@pytest.mark.parametrize(
    ("mode", "minutes_per_km"),
    [(Mode("road: crow"), 2), (road_mode("crow", "foot"), 12), (road_mode("crow", "bicycle"), 6)],
)
def test_the_way_from_a_point_to_its_road_is_counted_at_a_slow_speed(mode: Mode, minutes_per_km: float) -> None:
    at_the_road, _ = road_trips(PEOPLE, CLINICS, Crow(mode=mode))
    off_it, _ = road_trips(PEOPLE, CLINICS, Crow(mode=mode, snap_km=0.5))
    key = ["geoid", "clinic_id"]
    both = at_the_road.to_frame().merge(off_it.to_frame(), on=key, suffixes=("", "_off"), validate="1:1")
    assert len(both) > 100
    # Half a kilometre at either end.
    assert (both["km_off"] - both["km"]).to_numpy() == pytest.approx(1, abs=1e-3)
    assert (both["minutes_off"] - both["minutes"]).to_numpy() == pytest.approx(minutes_per_km, abs=1e-3)


def test_an_engine_that_does_not_say_how_far_a_road_is_adds_nothing() -> None:
    at_the_road, _ = road_trips(PEOPLE, CLINICS, Crow())
    unsaid, _ = road_trips(PEOPLE, CLINICS, Crow(snap_km=float("nan")))
    assert unsaid.minutes.tolist() == at_the_road.minutes.tolist()
