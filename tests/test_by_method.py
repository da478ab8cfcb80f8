"""A mixed result says what share of people had their drive found in each way."""

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.nearest import share_by_method
from access.travel.mode import estimate_mode, road_mode
from access.travel.trips import Trips
from access.words.travel import mix_sentence

PEOPLE = pd.DataFrame({"geoid": ["a", "b", "c", "d"], "population": [10, 20, 30, 40]})


def trips(codes: list[int] | None = None) -> Trips:
    """a: by road, then by estimate; b: by estimate; c: by road; d: reaches none."""
    modes = (road_mode("OSRM", "car", version="26.10"), estimate_mode("estimate by distance band"))
    return Trips(
        places=pd.Index(["a", "b", "c", "d"], name="geoid"),
        clinics=pd.Index(["x", "y"], name="clinic_id"),
        indptr=np.array([0, 2, 3, 4, 4]),
        clinic_index=np.array([0, 1, 0, 1], np.int32),
        minutes=np.array([5, 9, 7, 8], np.float32),
        km=np.array([5, 9, 7, 8], np.float32),
        modes=modes if codes else modes[1:],
        max_minutes=240,
        codes=np.array(codes, np.uint8) if codes else None,
    )


def test_people_are_counted_by_the_method_of_their_nearest_trip() -> None:
    mixed = trips([0, 1, 1, 0])
    assert share_by_method(mixed, PEOPLE).to_dict() == {
        "road: OSRM 26.10, car": pytest.approx(0.4),
        "estimate by distance band": pytest.approx(0.2),
    }
    # Only a reaches a second clinic, by estimate.
    assert share_by_method(mixed, PEOPLE, rank=2).to_dict() == {"estimate by distance band": pytest.approx(0.1)}
    # Of b and d alone.
    assert share_by_method(mixed, PEOPLE.iloc[[1, 3]]).to_dict() == {
        "estimate by distance band": pytest.approx(20 / 60)
    }


def test_the_sentence_names_each_share_and_those_who_reach_none() -> None:
    mixed = trips([0, 1, 1, 0])
    told = mix_sentence(share_by_method(mixed, PEOPLE), mixed.modes)
    assert told == "People by how their drive was found: OSRM 26.10, car: 40 %; estimate: 20 %; reach none: 40 %."
    assert mix_sentence(share_by_method(trips(), PEOPLE), trips().modes) == ""
    few = PEOPLE.assign(population=[1, 0, 0, 999])
    told = mix_sentence(share_by_method(mixed, few), mixed.modes)
    assert "OSRM 26.10, car: <1 %; reach none: 100 %" in told


def test_nobody_and_unknown_places() -> None:
    nobody = PEOPLE.assign(population=0)
    assert share_by_method(trips([0, 1, 1, 0]), nobody).empty
    with pytest.raises(TableError, match="z"):
        share_by_method(trips(), PEOPLE.assign(geoid=["a", "b", "c", "z"]))
    with pytest.raises(ValueError, match="rank"):
        share_by_method(trips(), PEOPLE, rank=0)
