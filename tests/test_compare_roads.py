"""`roads compare`: drives along roads of known rates against the estimate; what is fitted, kept and forgotten."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from access.geo import great_circle_km
from access.maps.agreement import agreement_picture
from access.places.atomic_writes import lock_folder
from access.places.pack import files_beside, load_pack, pack_folder, save_pack
from access.travel.estimate import BANDED
from access.travel.mode import Mode, road_mode
from access.travel.network import build_network
from access.travel.pack_travel import estimate_of
from access.travel.road_comparison import ComparedDrives, road_comparison
from access.travel.trips import Trips
from tests.opentimes_files import publish
from tests.worlds import trips_from

Run = Callable[..., tuple[int, str, str]]
ASK = ("roads", "compare", "--roads", "opentimes", "--state", "ME")
SIDE = 8


@dataclass
class ByHand:
    """A way whose trips are given; km are minutes."""

    given: Trips
    mode: Mode = road_mode("by hand", "car")  # noqa: RUF009 - a frozen value
    low: float = 1.0
    high: float = 1.0

    def trips(self, *_: object, **__: object) -> Trips:
        return self.given


def maine() -> pd.DataFrame:
    """64 tracts on a grid, 5.6 km from one to the next in latitude; half of them rural."""
    rows, columns = np.divmod(np.arange(SIDE**2), SIDE)
    return pd.DataFrame(
        {
            "geoid": [f"230190{number:05d}" for number in range(SIDE**2)],
            "latitude": 44.5 + 0.05 * rows,
            "longitude": -69.0 + 0.07 * columns,
            "population": 100,
            "adults": np.nan,
            "state": "ME",
            "county": "23019",
            "rurality": np.where(rows % 2 == 0, "urban", "rural"),
            "rurality_scheme": "by hand",
        }
    )


def texas() -> pd.DataFrame:
    """One place of as many people as all of Maine here, so that half of the pack's people are seen."""
    far = maine().iloc[:1].assign(geoid="48453000100", latitude=30.27, longitude=-97.74, population=100 * SIDE**2)
    return far.assign(state="TX", county="48453")


def minutes(km: float) -> float:
    """The roads here: 5 minutes, 2 for each km to 8, 1.2 from there on to 40 (the usual estimate: 2, 1.5, 1.03)."""
    return 5 + 2 * min(km, 8) + 1.2 * max(km - 8, 0)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    people, pack = maine(), load_pack("starter")
    places = list(people[["geoid", "latitude", "longitude"]].itertuples(index=False, name=None))
    times = {
        (start, end): 60 * minutes(float(great_circle_km(*here, *there))) if start != end else 0.0
        for start, *here in places
        for end, *there in places
    }
    publish(tmp_path, "23", times, rows_a_group=1_000)
    monkeypatch.setenv("TRD_ACCESS_MIRROR", str(tmp_path))
    monkeypatch.setenv("TRD_ACCESS_PACK", "mine")
    clinics = pack.clinics[pack.clinics["state"] == "ME"]
    services = pack.services[pack.services["clinic_id"].isin(clinics["clinic_id"])]
    everyone = pd.concat([people, texas()], ignore_index=True)
    manifest = pack.manifest.model_copy(update={"name": "mine"})
    made = replace(pack, people=everyone, clinics=clinics, services=services, manifest=manifest)
    save_pack(made, pack_folder("mine"), beside={"joins.csv": b"a,b\n"})
    return "mine"


@pytest.mark.usefixtures("mine")
def test_the_rates_of_the_roads_are_found(run: Run) -> None:
    code, said, _ = run(*ASK, "--json")
    answer = json.loads(said)
    # Too few clinics, so from place to place: 64 x 63. Fewer than 200 are farther than 40 km apart.
    assert (code, answer["between"], answer["trips"], answer["places"]) == (0, "places", 64 * 63, 64)
    assert answer["share_of_people"] == pytest.approx(0.5)
    fitted = answer["fitted"]
    assert fitted["start_minutes"] == pytest.approx(5, abs=0.05)
    assert fitted["minutes_per_km"]["urban"] == pytest.approx([2, 1.2, 0.9], rel=0.01)
    assert "minutes per km from 40 km on" in answer["unfitted"]
    assert fitted["source"].endswith("; learnt where 50.00% of the people of the pack live")
    before, after = answer["held_out"]
    assert (before["estimate"], after["estimate"]) == ("now", "fitted")
    assert before["trips"] == after["trips"] > 200
    assert before["median_minutes"] > 5 > 0.1 > after["median_minutes"]
    # The roads here are 5 + 2 x km to 2 + 1.5 x km of the usual estimate, more than 1.2 times it everywhere.
    assert before["share_between"] == 0


@pytest.mark.usefixtures("mine")
def test_errors_are_those_of_the_usual_estimate_against_these_roads(run: Run) -> None:
    answer = json.loads(run(*ASK, "--json")[1])
    # Below 8 km: one step in latitude (0.05 x 111.195 = 5.56 km), one in longitude, or one of each (7.8 km) at most.
    near = next(row for row in answer["errors"] if (row["band"], row["rurality"]) == ("0-8 km", "all"))
    people = maine()
    straight = great_circle_km(
        *(people[["latitude"]].to_numpy(), people[["longitude"]].to_numpy()),
        *(people["latitude"].to_numpy(), people["longitude"].to_numpy()),
    )
    short = straight[(straight > 0) & (straight < 8)]
    assert near["trips"] == len(short)
    assert near["bias_minutes"] == pytest.approx(-3 - 0.5 * short.mean(), abs=1e-3)


def test_nothing_is_kept_unless_it_is_asked_for_and_it_can_be_forgotten(mine: str, run: Run) -> None:
    usual = estimate_of(load_pack(mine))
    before = files_beside(pack_folder(mine))
    _, said, _ = run(*ASK)
    assert "Not kept; --save keeps it with the pack." in said
    assert estimate_of(load_pack(mine)) == usual == BANDED
    _, said, _ = run(*ASK, "--save")
    assert "Kept with mine" in said
    assert "learnt where 50.00% of its people live" in said
    kept = estimate_of(load_pack(mine))
    assert kept.name == "estimate fitted to OpenTimes 0.0.1, 2024, between tracts, without traffic"
    assert kept.start_minutes == pytest.approx(5, abs=0.05)
    assert files_beside(pack_folder(mine)) == before == {"joins.csv": b"a,b\n"}
    # Drives that are not by road are estimated by it, and the next comparison is with it.
    _, said, _ = run("find", "44.6,-68.9", "--json")
    assert {clinic["method"] for clinic in json.loads(said)["clinics"]} == {kept.name}
    _, said, _ = run(*ASK, "--json")
    assert json.loads(said)["held_out"][0]["median_minutes"] < 0.1
    code, said, _ = run("roads", "compare", "--forget")
    assert (code, said) == (0, "mine: drives are estimated as usual again.\n")
    assert estimate_of(load_pack(mine)) == BANDED
    assert files_beside(pack_folder(mine)) == before


def test_a_pack_that_is_being_changed_keeps_what_it_has(mine: str, run: Run) -> None:
    with lock_folder(pack_folder(mine)):
        code, said, trouble = run(*ASK, "--save")
    assert (code, said) == (1, "")
    assert trouble.endswith("trd-access: 'mine' is being changed by another command. Wait until that has ended.\n")
    assert load_pack(mine).calibration is None


@pytest.mark.usefixtures("mine")
def test_clinics_are_the_ends_where_they_are_asked_for(run: Run) -> None:
    _, said, _ = run(*ASK, "--between", "clinics", "--json")
    answer = json.loads(said)
    assert answer["between"] == "clinics"
    ours = load_pack("mine").clinics
    assert 0 < answer["trips"] <= 64 * len(ours)


@pytest.mark.usefixtures("mine")
def test_the_picture_and_the_tables_name_the_roads_and_the_pairs(tmp_path: Path, run: Run) -> None:
    _, said, _ = run(*ASK, "--out", str(tmp_path / "a.svg"))
    assert "4,032 drives between places, from 64 of the 65 places of mine, by OpenTimes 0.0.1, 2024" in said
    drawn = (tmp_path / "a.svg").read_text()
    for words in ("minutes along the road (OpenTimes 0.0.1", "minutes by the estimate", "Now: estimate by distance"):
        assert words in drawn
    run(*ASK, "--out", str(tmp_path / "b.svg"))
    assert (tmp_path / "b.svg").read_text() == drawn


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--roads", "opentimes"), 2, "name a state"),
        (("--roads", "felton"), 1, "There is no road network named 'felton'"),
        (("--roads", "osrm:http://127.0.0.1:9"), 2, "name a state"),
        ((), 2, "Name the roads to compare with: opentimes"),
        ((*ASK[2:], "--out", "plot.pdf"), 2, ".png or .svg"),
        (("--save", "--forget"), 2, "not both"),
        (("--forget", "--pack", "starter"), 1, "The starter pack ships with the program and keeps no estimate."),
        ((*ASK[2:], "--pack", "starter"), 1, "Build a pack of the Census"),
        (("--roads", "opentimes", "--state", "TX"), 1, "state=48"),
    ],
)
@pytest.mark.usefixtures("mine")
def test_what_cannot_be_compared_or_kept_is_a_sentence(
    arguments: tuple[str, ...], code: int, sentence: str, run: Run
) -> None:
    found, said, trouble = run("roads", "compare", *arguments)
    assert (found, said) == (code, "")
    assert sentence in " ".join(trouble.replace("│", " ").split())


def test_drives_whose_road_is_shorter_than_the_straight_line_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # North to south, 0.1 degrees or 11.12 km apart: a to c by 20 km of road ends far off it, b to c by 11 is rounding.
    pack = load_pack("starter")
    people = maine().iloc[:3].assign(geoid=list("abc"), latitude=[44.5, 44.4, 44.3], longitude=-69.0)
    made = replace(pack, people=people, roads="by hand")
    minutes_by_hand = {
        "a": {"a": 0, "b": 12, "c": 20},
        "b": {"a": 12, "b": 0, "c": 11},
        "c": {"a": 26, "b": 11, "c": 0},
    }
    way = ByHand(trips_from(minutes_by_hand, list("abc")))
    monkeypatch.setattr("access.travel.road_comparison.trip_finder_of", lambda _: way)
    found = road_comparison(made, people, pack.clinics, between=ComparedDrives.PLACES)
    assert (found.off_road, len(found.pairs), sorted(found.pairs["km"])) == (1, 5, [11, 11, 12, 12, 26])
    assert found.method == "road: by hand, car"
    assert "are too few" in found.too_few


def test_a_drive_longer_by_road_than_estimated_lies_below_the_line_of_the_picture(tmp_path: Path) -> None:
    # 4 km are 8 minutes by the usual estimate, and 40 by this road: a cell at the right, low.
    pair = pd.DataFrame({"straight_km": [4.0], "rurality": ["urban"], "minutes": [40.0]})
    (tmp_path / "one.png").write_bytes(agreement_picture(pair, {"Now": BANDED}, method="by hand", form="png"))
    seen = matplotlib.image.imread(tmp_path / "one.png")[..., :3]
    coloured = (seen.max(axis=2) - seen.min(axis=2)) > 0.2
    tall, wide = coloured.shape
    # Without the scale of colours at the right.
    rows, columns = np.nonzero(coloured[:, : int(0.8 * wide)])
    assert len(rows) > 20
    assert columns.mean() / wide > 0.6
    assert rows.mean() / tall > 0.6


@pytest.mark.usefixtures("osrm")
def test_around_bangor_drives_by_osrm_are_compared_and_too_few_are_not_fitted(
    shared: Path, national_pack_folder: Path, run: Run
) -> None:
    pack_folder("us-2020").parent.mkdir(parents=True)
    pack_folder("us-2020").symlink_to(national_pack_folder)
    extract = shared / "osm" / "bangor_maine.osm.pbf"
    build_network([extract], name="bangor")
    code, said, _ = run("roads", "compare", "--roads", "bangor", "--save", "--json")
    answer = json.loads(said)
    assert (code, answer["between"], answer["fitted"], answer["saved"]) == (0, "places", None, False)
    assert answer["trips"] == answer["places"] * (answer["places"] - 1)
    assert "are too few" in answer["too_few"]
    assert answer["method"].startswith("road: OSRM")
    assert 0.3 < answer["errors"][0]["median_minutes"] < 5
    assert not (national_pack_folder / "calibration.json").exists()
    build_network([extract], name="walks", profile="foot")
    code, _, trouble = run("roads", "compare", "--roads", "walks")
    assert (code, "'walks' is not for cars" in trouble) == (1, True)
