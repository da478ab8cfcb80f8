"""Road networks: how long they take to build, how much they hold, how fast they answer and how right they are.

`python -m benchmarks.roads --osm ../shared/osm` (four minutes); `--copies 1 4 16` grows a city by copies of it.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pandas as pd

from access.geo import great_circle_km
from access.settings import settings
from access.travel.network import Network, build_network, open_network
from access.travel.road_trips import road_trips
from access.travel.routers.osrm import osrm_folder
from benchmarks.measure import load_average, machine
from tests.road_agreement import agreement
from tests.road_oracle import Graph, read_graph
from tests.road_profile import car_profile

CHECKED = ("bangor_maine.osm.pbf", "val_baltimore.osm.pbf", "r5_columbus.osm.pbf")
GROWN = "r5_columbus.osm.pbf"
PLACES = 2_000
CLINICS = 100
APART_DEGREES = 0.4
NUMBERS_APART = 1 << 34


def main() -> int:
    """0: every correlation is above 0.98 and no difference above 20 % is unexplained."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRD_ACCESS_DATA"] = folder
        about = {name: value for name, value in machine().items() if name in ("cores", "processor", "memory", "python")}
        print(f"{about}; load {load_average()}\n")
        extracts = sorted(asked.osm.iterdir())
        _show("Every extract, car", [_measured(path) for path in extracts])
        largest = max(extracts, key=lambda path: path.stat().st_size)
        other = [_measured(largest, profile="foot"), _measured(largest, profile="bicycle")]
        _show("Other profiles and contraction, largest", [*other, _measured(largest, contract=True)])
        grown = [_grown(asked.osm / GROWN, Path(folder), copies) for copies in asked.copies]
        _show(f"{GROWN}, copied side by side and joined by a road", grown)
        found = [agreement(asked.osm / name) for name in CHECKED]
        _show("Agreement with an own shortest path", [{**vars(one), "apart": one.apart} for one in found])
    return int(any(one.correlation <= 0.98 or one.unexplained for one in found))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roads", description=__doc__)
    parser.add_argument("--osm", type=Path, default=Path("../shared/osm"))
    parser.add_argument("--copies", type=int, nargs="*", default=[1, 4, 16])
    return parser.parse_args()


def _measured(extract: Path, *, profile: str = "car", contract: bool = False) -> dict[str, Any]:
    with _Watched() as tools:
        network = build_network([extract], profile=profile, contract=contract, name="measured")
    return {
        "extract": extract.name.removesuffix(".pbf").removesuffix(".osm"),
        "how": f"{network.profile}, {network.algorithm}",
        "pbf_mb": extract.stat().st_size / 1e6,
        **_built(network, tools.peak_mib),
        **_road_km(extract, profile),
        **_answers(network),
    }


def _built(network: Network, peak_mib: float) -> dict[str, Any]:
    log = (settings().roads_folder / network.name / "build.log").read_text(errors="replace")
    nodes = re.findall(r"Generated (\d+) nodes", log)  # of the graph whose edges are turns
    return {
        "turn_nodes": int(nodes[-1]),
        "build_s": network.build_seconds,
        "build_mib": peak_mib,
        "disk_mb": network.size_bytes / 1e6,
    }


class _Watched:
    """The most memory that a tool started meanwhile held, looked up every 5 ms: getrusage counts its parent's too."""

    def __enter__(self) -> "_Watched":
        self.peak_mib, self._is_over = 0.0, Event()
        self._thread = Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.005):
            for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                with suppress(OSError, ValueError, StopIteration):
                    if Path(f"/proc/{child}/comm").read_text().startswith("osrm-"):
                        self.peak_mib = max(self.peak_mib, _memory_mib("VmHWM", child))


def _road_km(extract: Path, profile: str) -> dict[str, Any]:
    """Nodes and km of road that a car may drive, each km counted once; service roads and alleys are among them."""
    if profile != "car":
        return {"road_nodes": None, "road_km": None}
    graph = read_graph(extract, car_profile(osrm_folder()))
    return {"road_nodes": len(graph.nodes), "road_km": _km(graph)}


def _km(graph: Graph) -> float:
    arcs = graph.seconds.tocoo()
    low = np.minimum(arcs.row, arcs.col)
    high = np.maximum(arcs.row, arcs.col)
    pairs = np.unique(np.column_stack([low, high]), axis=0)
    ends = [(graph.latitude[pairs[:, side]], graph.longitude[pairs[:, side]]) for side in (0, 1)]
    return float(great_circle_km(*ends[0], *ends[1]).sum())


def _answers(network: Network) -> dict[str, Any]:
    before = _memory_mib("VmRSS")
    begun = time.perf_counter()
    engine = open_network(network.name)
    opened = time.perf_counter() - begun
    rng = np.random.default_rng(1)
    people, clinics = (
        _scattered(network, key, count, rng) for key, count in (("geoid", PLACES), ("clinic_id", CLINICS))
    )
    road_trips(people.head(10), clinics.head(10), engine)
    begun = time.perf_counter()
    trips, _ = road_trips(people, clinics, engine, max_minutes=240)
    taken = time.perf_counter() - begun
    held = _memory_mib("VmRSS") - before
    return {"open_s": opened, "held_mib": held, "trips": len(trips), "pairs_per_s": PLACES * CLINICS / taken}


def _scattered(network: Network, key: str, count: int, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            key: [f"{key}{k}" for k in range(count)],
            "latitude": rng.uniform(network.south, network.north, count),
            "longitude": rng.uniform(network.west, network.east, count),
        }
    )


def _grown(extract: Path, folder: Path, copies: int) -> dict[str, Any]:
    target = folder / f"{copies}x.osm.pbf"
    _write_copies(extract, target, copies)
    with _Watched() as tools:
        network = build_network([target], name="grown")
    built = _built(network, tools.peak_mib)
    measured = {"copies": copies, "pbf_mb": target.stat().st_size / 1e6, **built, **_answers(network)}
    target.unlink()
    return measured


def _write_copies(extract: Path, target: Path, copies: int) -> None:
    """Copies of the map beside one another to the east, each joined to the next by a road from its first node."""
    import osmium
    from osmium.osm import mutable

    graph = read_graph(extract, car_profile(osrm_folder()))
    first = int(graph.nodes[graph.places(1, 1)[0]])
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for copy in range(copies):
            shift = copy * APART_DEGREES
            number = copy * NUMBERS_APART
            for one in osmium.FileProcessor(str(extract), osmium.osm.NODE):
                writer.add_node(one.replace(id=one.id + number, location=(one.lon + shift, one.lat)))
        for copy in range(copies):
            for one in osmium.FileProcessor(str(extract), osmium.osm.WAY):
                number = copy * NUMBERS_APART
                writer.add_way(one.replace(id=one.id + number, nodes=[node.ref + number for node in one.nodes]))
        joined = [first + copy * NUMBERS_APART for copy in range(copies)]
        if copies > 1:
            number = copies * NUMBERS_APART
            writer.add_way(mutable.Way(id=number, nodes=joined, tags={"highway": "trunk"}, version=1))


def _memory_mib(name: str, process: str = "self") -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) / 1024


def _show(title: str, rows: Sequence[dict[str, Any]]) -> None:
    table = pd.DataFrame(rows)
    with pd.option_context("display.width", 250, "display.max_columns", 40, "display.float_format", "{:,.4g}".format):
        print(f"{title}\n{table.to_string(index=False)}\n")


if __name__ == "__main__":
    sys.exit(main())
