"""Whatever goes wrong with a road network is said in a sentence, and the old network stays."""

import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from access.errors import PackError, RoadsError, SourceError
from access.places.pack import pack_folder
from access.settings import settings
from access.travel import network as network_module
from access.travel.network import build_network, load_network, network_names, open_network, remove_network
from access.travel.routers import osrm as osrm_module

Run = Callable[..., tuple[int, str, str]]
needs_osrm = pytest.mark.usefixtures("osrm")


@pytest.fixture
def felton(shared: Path, osrm: None) -> Path:
    return shared / "osm" / "felton.pbf"


def write_extract(path: Path, *, ways: list[tuple[int, list[int], dict[str, str]]], nodes: list[int]) -> Path:
    """Nodes from south to north, 0.01 degrees apart, and ways along them."""
    import osmium
    from osmium.osm import mutable

    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for k, number in enumerate(nodes):
            writer.add_node(mutable.Node(id=number, location=(-69.0, 45 + k / 100), version=1))
        for number, refs, tags in ways:
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags, version=1))
        writer.add_relation(mutable.Relation(id=-9, members=[("w", ways[0][0], "from"), ("n", nodes[0], "via")]))
    return path


@needs_osrm
def test_drafts_get_numbers_of_their_own_and_keep_their_place(tmp_path: Path) -> None:
    import osmium

    from access.sources.openstreetmap.extracts import merge_extracts

    drawn = write_extract(
        tmp_path / "drawn.osm.pbf", nodes=[-7, -3, 5], ways=[(-2, [-7, -3, 5], {"highway": "primary"})]
    )
    sound = merge_extracts([drawn], tmp_path)
    assert [one.id > 0 for one in osmium.FileProcessor(str(sound))] == [True] * 5
    places = {one.id: round(one.lat, 2) for one in osmium.FileProcessor(str(sound), osmium.osm.NODE)}
    refs = [[node.ref for node in one.nodes] for one in osmium.FileProcessor(str(sound), osmium.osm.WAY)]
    assert [places[ref] for ref in refs[0]] == [45.0, 45.01, 45.02]
    members = [[(m.type, m.ref) for m in one.members] for one in osmium.FileProcessor(str(sound), osmium.osm.RELATION)]
    ways = [one.id for one in osmium.FileProcessor(str(sound), osmium.osm.WAY)]
    assert members == [[("w", ways[0]), ("n", refs[0][0])]]


@needs_osrm
def test_of_two_versions_of_a_road_the_newer_is_merged(tmp_path: Path) -> None:
    import osmium
    from osmium.osm import mutable

    from access.sources.openstreetmap.extracts import merge_extracts

    files = []
    for version, lanes in ((1, "2"), (3, "4"), (2, "3")):
        files.append(tmp_path / f"{version}.osm.pbf")
        with osmium.SimpleWriter(str(files[-1])) as writer:
            writer.add_node(mutable.Node(id=version, location=(-69, 45), version=1))
            writer.add_way(mutable.Way(id=8, nodes=[1, 2], tags={"lanes": lanes}, version=version))
    merged = merge_extracts(files, tmp_path)
    assert [one.tags["lanes"] for one in osmium.FileProcessor(str(merged), osmium.osm.WAY)] == ["4"]
    assert [one.id for one in osmium.FileProcessor(str(merged), osmium.osm.NODE)] == [1, 2, 3]


@needs_osrm
def test_extracts_out_of_order_are_not_merged_into_a_wrong_map(shared: Path, felton: Path) -> None:
    unsorted = shared / "osm" / "otp_columbus.osm.pbf"
    with pytest.raises(SourceError, match=r"otp_columbus.* not in the order of its numbers .*osmium sort"):
        build_network([felton, unsorted], name="both")
    assert network_names() == []


@needs_osrm
def test_no_route_is_no_route(tmp_path: Path) -> None:
    road = {"highway": "primary"}
    extract = write_extract(
        tmp_path / "two.osm.pbf", nodes=[1, 2, 3, 4, 5, 6], ways=[(1, [1, 2, 3], road), (2, [4, 5, 6], road)]
    )
    build_network([extract])
    points = np.array([[45.005, -69.0], [45.045, -69.0]])
    block = open_network("two").block(points, points)
    assert np.isnan(block.minutes).tolist() == np.isnan(block.km).tolist() == [[False, True], [True, False]]
    assert block.source_snap_km == pytest.approx(0, abs=1e-3)


@needs_osrm
def test_an_engine_says_how_far_the_road_is(felton: Path) -> None:
    network = build_network([felton])
    # One degree north of the network's northern edge: 111.2 km, and the way to it from there.
    point = np.array([[network.north + 1, (network.west + network.east) / 2]])
    block = open_network("felton").block(point, point[:, :])
    assert block.source_snap_km[0] == pytest.approx(111.5, abs=1)
    assert block.target_snap_km[0] == block.source_snap_km[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<html>not here</html>", "cannot be read as an OpenStreetMap extract"), (b"", "cannot be read as an Open")],
)
@needs_osrm
def test_a_file_that_is_no_extract_is_named(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "page.osm.pbf").write_bytes(content)
    with pytest.raises(SourceError, match=rf"page\.osm\.pbf {says}"):
        build_network([tmp_path / "page.osm.pbf"])


def test_an_extract_cut_short_leaves_the_old_network(felton: Path, tmp_path: Path) -> None:
    old = build_network([felton])
    (tmp_path / "felton.pbf").write_bytes(felton.read_bytes()[:50_000])
    with pytest.raises((SourceError, RoadsError), match=r"felton\.pbf|osrm-extract"):
        build_network([tmp_path / "felton.pbf"])
    assert load_network("felton") == old
    assert open_network("felton").mode.name


@needs_osrm
def test_an_extract_without_roads_is_refused_in_the_engines_words(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "park.osm.pbf", nodes=[1, 2], ways=[(1, [1, 2], {"waterway": "river"})])
    with pytest.raises(RoadsError, match=r"osrm-extract could not make a road network of this extract \(.*edges.*\)"):
        build_network([extract])
    assert network_names() == []


def test_a_file_that_is_not_there_and_a_name_that_is_none_are_told_apart() -> None:
    pytest.importorskip("osrm", reason="needs the roads extra")
    with pytest.raises(SourceError, match=r"no file gone\.osm\.pbf"):
        build_network(["gone.osm.pbf"])
    with pytest.raises(SourceError, match="'New York' is neither a file nor the name of an extract"):
        build_network(["New York"], name="york")


@pytest.mark.parametrize("name", ["..", "a/b", "", ".hidden", "a b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    for call in (load_network, open_network, remove_network):
        with pytest.raises(RoadsError, match="cannot name a road network"):
            call(name)


def test_no_pack_can_take_the_place_of_the_networks() -> None:
    with pytest.raises(PackError, match="'roads' cannot name a pack"):
        pack_folder("roads")


def test_a_state_comes_from_geofabrik_or_its_mirror(felton: Path, tmp_path: Path) -> None:
    there = tmp_path / "mirror" / "download.geofabrik.de" / "north-america" / "us" / "maine-latest.osm.pbf"
    there.parent.mkdir(parents=True)
    shutil.copy(felton, there)
    network = build_network(["us/maine"], mirror=tmp_path / "mirror")
    assert network.name == "maine"
    assert network.extracts[0].url == "https://download.geofabrik.de/north-america/us/maine-latest.osm.pbf"
    with pytest.raises(SourceError, match=r"no copy of https://download\.geofabrik\.de/north-america/us/ohio-latest"):
        build_network(["ohio"], mirror=tmp_path / "mirror")


KILLED = textwrap.dedent(
    """
    import sys
    from access.travel.network import build_network
    build_network([sys.argv[1]], name="felton")
    """
)


def test_a_build_that_is_killed_leaves_the_old_network(felton: Path, shared: Path) -> None:
    old = build_network([felton])
    command = [sys.executable, "-c", KILLED, shared / "osm" / "otp_columbus.osm.pbf"]
    with subprocess.Popen(command) as running:
        until = time.monotonic() + 30
        while not list(settings().roads_folder.glob(".felton-*/build.log")) and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert load_network("felton") == old
    assert network_names() == ["felton"]
    assert open_network("felton").mode.name.startswith("road: OSRM")
    build_network([felton])
    assert [path.name for path in settings().roads_folder.iterdir()] == ["felton"]


def test_a_network_of_another_version_or_damaged_is_to_be_built_again(felton: Path) -> None:
    build_network([felton])
    folder = settings().roads_folder / "felton"
    (folder / "roads.osrm.geometry").write_bytes(b"damaged")
    with pytest.raises(RoadsError, match=r"cannot read the road network in .*felton .* trd-access roads build"):
        open_network("felton")
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(RoadsError, match=r"manifest\.json is damaged"):
        load_network("felton")


def test_without_the_engine_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(name: str) -> str:
        raise osrm_module.PackageNotFoundError(name)

    monkeypatch.setattr(osrm_module, "version", absent)
    (tmp_path / "maine.osm.pbf").write_bytes(b"")
    with pytest.raises(RoadsError, match=r"pip install trd-access\[roads\] \(Python 3\.12 or newer\)"):
        build_network([tmp_path / "maine.osm.pbf"])


def test_a_full_disk_leaves_the_old_network(felton: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = build_network([felton])

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(network_module, "prepare_network", full)
    with pytest.raises(PackError, match="No space left"):
        build_network([felton])
    assert load_network("felton") == old


def test_the_command_builds_lists_shows_and_removes(felton: Path, run: Run) -> None:
    assert run("roads", "list")[0] == 3
    code, said, _ = run("roads", "build", str(felton), "--profile", "foot")
    assert (code, said.split(":")[0]) == (0, "felton-foot")
    code, said, _ = run("roads", "list")
    assert code == 0
    assert all(word in said for word in ("felton-foot", "foot", "felton.pbf", "2018-10-23", "OpenStreetMap"))
    assert '"roads": "felton-foot"' in run("roads", "list", "--json")[1]
    code, said, _ = run("roads", "show", "felton-foot")
    assert code == 0
    assert "ODbL" in said
    assert run("roads", "remove", "felton-foot")[0] == 0
    code, _, said = run("roads", "show", "felton-foot")
    assert (code, said.startswith("trd-access: There is no road network named 'felton-foot'")) == (1, True)
    assert network_names() == []
