"""Road networks are built from any extract or several, say what went in, and answer."""

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.travel.network import build_network, load_network, network_names, open_network
from access.travel.road_trips import road_trips

EXTRACTS = (
    "bangor_maine.osm.pbf",
    "felton.pbf",
    "otp_cobb-county.filtered.osm.pbf",
    "otp_columbus.osm.pbf",
    "otp_portland-central-filtered.osm.pbf",
    "r5_boston_subgraph.pbf",
    "r5_columbus.osm.pbf",
    "reisterstown-via-restriction.pbf",
    "val_baltimore.osm.pbf",
    "val_boston.osm.pbf",
    "val_harrisburg.osm.pbf",
    "val_ny-access-restriction.osm.pbf",
)
pytestmark = pytest.mark.usefixtures("osrm")


@pytest.fixture
def felton(shared: Path) -> Path:
    return shared / "osm" / "felton.pbf"


def scattered(name: str, count: int, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places and clinics in the middle of a network."""
    network, rng = load_network(name), np.random.default_rng(seed)
    tables = []
    for key in ("geoid", "clinic_id"):
        part = rng.uniform(0.3, 0.7, (2, count))
        latitude = network.south + part[0] * (network.north - network.south)
        longitude = network.west + part[1] * (network.east - network.west)
        ids = [f"{key}{k}" for k in range(count)]
        tables.append(pd.DataFrame({key: ids, "latitude": latitude, "longitude": longitude}))
    return tables[0], tables[1]


def test_the_extracts_are_all_that_there_are(shared: Path) -> None:
    assert sorted(path.name for path in (shared / "osm").iterdir()) == sorted(EXTRACTS)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_extract_builds_and_answers(name: str, shared: Path) -> None:
    network = build_network([shared / "osm" / name])
    assert network_names() == [network.name]
    people, clinics = scattered(network.name, 10)
    trips, snaps = road_trips(people, clinics, open_network(network.name))
    assert trips.method.startswith("road: OSRM ")
    assert trips.method.endswith(", car")
    # A town has some nooks that no road leaves, never most of it.
    assert len(trips) > 50
    assert snaps.off_road().empty
    assert (trips.minutes >= 0).all()
    # Nobody drives faster than the fastest road, 130 km/h; 1 km for where on a road one stands.
    assert (trips.km / np.maximum(trips.minutes, 0.5) * 60 < 130).all()


def test_the_manifest_says_what_went_in(felton: Path) -> None:
    network = build_network([felton], name="santa.cruz")
    assert network == load_network("santa.cruz")
    extract = network.extracts[0]
    digest = subprocess.run(["sha256sum", felton], capture_output=True, text=True, check=True).stdout.split()[0]
    assert (extract.url, extract.sha256, extract.size_bytes) == ("felton.pbf", digest, 64330)
    assert extract.as_of == "2018-10-23T20:14:02Z"
    assert (network.profile, network.algorithm) == ("car", "MLD")
    assert network.engine.startswith("OSRM ")
    # The header's box, a little wider, since roads that leave it are kept whole.
    assert 37.03 < network.south < 37.045
    assert 37.058 < network.north < 37.07
    assert -122.11 < network.west < -122.08
    assert -122.067 < network.east < -122.06


def test_walking_and_cycling_say_so_and_take_longer(shared: Path) -> None:
    minutes = {}
    for profile in ("car", "bicycle", "foot"):
        name = build_network([shared / "osm" / "bangor_maine.osm.pbf"], profile=profile).name
        trips, _ = road_trips(*scattered(name, 10), open_network(name))
        assert trips.method.endswith(f", {profile}")
        minutes[profile] = float(np.median(trips.minutes))
    assert network_names() == ["bangor_maine", "bangor_maine-bicycle", "bangor_maine-foot"]
    assert minutes["car"] < minutes["bicycle"] < minutes["foot"]


def test_contraction_gives_the_same_minutes(felton: Path) -> None:
    answers = []
    for contract in (False, True):
        assert build_network([felton], contract=contract).algorithm == ("CH" if contract else "MLD")
        answers.append(road_trips(*scattered("felton", 10), open_network("felton"))[0])
    assert np.array_equal(answers[0].clinic_index, answers[1].clinic_index)
    assert answers[0].minutes == pytest.approx(answers[1].minutes, abs=0.02)


def cut(extract: Path, folder: Path, meridian: float) -> list[Path]:
    """West and east of a meridian, each road whole on both sides that it touches, as Geofabrik cuts."""
    import osmium

    parts = [folder / "west.osm.pbf", folder / "east.osm.pbf"]
    for part, sign in zip(parts, (-1, 1), strict=True):
        with osmium.BackReferenceWriter(str(part), ref_src=str(extract), overwrite=True, remove_tags=False) as writer:
            for found in osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY).with_locations():
                if found.is_way() and any(
                    (node.lon - meridian) * sign >= 0 for node in found.nodes if node.location.valid()
                ):
                    writer.add_way(found)
    return parts


def test_roads_go_on_across_a_border_between_two_extracts(shared: Path, tmp_path: Path) -> None:
    whole = shared / "osm" / "bangor_maine.osm.pbf"
    west, east = cut(whole, tmp_path, -68.77)
    build_network([whole], name="whole")
    build_network([east, west], name="both")
    build_network([west], name="west")
    people, clinics = scattered("whole", 40)
    asked = [road_trips(people, clinics, open_network(name))[0].to_frame() for name in ("whole", "both", "west")]
    one, both, alone = (table.set_index(["geoid", "clinic_id"])["minutes"].sort_index() for table in asked)
    assert (people["longitude"] > -68.77).sum() > 5
    assert (people["longitude"] < -68.77).sum() > 5
    assert both.index.equals(one.index)
    # Engine's tenths of a second; this cut keeps no relations, and Bangor's few turn restrictions are among them.
    assert (np.abs(both - one) < 0.01).mean() > 0.98
    assert not np.allclose(alone.reindex(one.index), one, equal_nan=True)
    assert len(load_network("both").extracts) == 2
