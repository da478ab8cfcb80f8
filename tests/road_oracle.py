"""An oracle for road minutes: the shortest path on a plain graph of OpenStreetMap nodes, with no turns in it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from access.geo import great_circle_km
from tests.road_profile import CarProfile, Road

GATE_SECONDS = 60.0


@dataclass(frozen=True)
class Graph:
    """OpenStreetMap's `nodes`, in degrees; `seconds` of each arc, and `weight`, by which a route is chosen.

    `open`: where one may start.
    """

    nodes: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    seconds: csr_array
    weight: csr_array
    open: NDArray[np.bool_]

    def places(self, count: int, seed: int) -> NDArray[np.int64]:
        """Nodes from which a car can go to any other of the largest connected part, drawn at random."""
        _, part = connected_components(self.weight, directed=True, connection="strong")
        largest = np.flatnonzero((part == np.bincount(part).argmax()) & self.open)
        return np.random.default_rng(seed).choice(largest, count, replace=False)

    def minutes(self, sources: ArrayLike, targets: ArrayLike) -> NDArray[np.float64]:
        """Minutes along the route of least weight; infinity: there is none."""
        sources, targets = np.asarray(sources), np.asarray(targets)
        far, before = dijkstra(self.weight, indices=sources, return_predecessors=True)
        found = np.full((len(sources), len(targets)), np.inf)
        for row in range(len(sources)):
            seconds = self._along(before[row])
            found[row] = np.where(np.isfinite(far[row, targets]), seconds[targets] / 60, np.inf)
        return found

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """Each arc's ends as one number, rising."""
        size = len(self.nodes)
        return np.repeat(np.arange(size), np.diff(self.seconds.indptr)) * size + self.seconds.indices

    def _along(self, before: NDArray[np.int32]) -> NDArray[np.float64]:
        """Seconds from the source to each node, summed along the tree by doubling the steps back."""
        size = len(before)
        up = np.where(before < 0, np.arange(size), before).astype(np.int64)
        at = np.searchsorted(self._keys, up * size + np.arange(size))
        seconds = np.where(before < 0, 0.0, self.seconds.data[np.minimum(at, len(self._keys) - 1)])
        while (up != up[up]).any():
            seconds, up = seconds + seconds[up], up[up]
        return seconds


def read_graph(extract: Path, profile: CarProfile) -> Graph:
    """The roads of an extract by that profile."""
    import osmium

    nodes: dict[int, tuple[float, float]] = {}
    barriers, gates = set[int](), set[int]()
    arcs: list[tuple[int, int, Road]] = []
    ways: list[tuple[list[int], Road | None, Road | None]] = []
    for found in osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY):
        tags = dict(found.tags)
        if found.is_node():
            nodes[found.id] = (found.lat, found.lon)
            if profile.is_barrier(tags):
                barriers.add(found.id)
            elif profile.is_gate(tags):
                gates.add(found.id)
        elif "highway" in tags or "route" in tags:
            ways.append(([node.ref for node in found.nodes], *profile.roads(tags)))
    for refs, along, against in ways:
        steps = [(a, b) for a, b in pairwise(refs) if a in nodes and b in nodes]
        arcs += [(a, b, along) for a, b in steps if along]
        arcs += [(b, a, against) for a, b in steps if against]
    return graph_of(nodes, barriers, gates, arcs)


def graph_of(
    nodes: dict[int, tuple[float, float]], barriers: set[int], gates: set[int], arcs: list[tuple[int, int, Road]]
) -> Graph:
    """The graph of arcs between numbered nodes (latitude, longitude); nobody drives on from a barrier."""
    used = sorted({end for a, b, _ in arcs for end in (a, b)})
    row = {node: k for k, node in enumerate(used)}
    degrees = np.array([nodes[node] for node in used])
    start, end = np.array([row[a] for a, _, _ in arcs]), np.array([row[b] for _, b, _ in arcs])
    km = great_circle_km(*degrees[start].T, *degrees[end].T)
    seconds = np.maximum(km / np.array([road.speed for *_, road in arcs]) * 3600, 1e-6)
    weight = seconds / np.array([road.preference for *_, road in arcs])
    waits = np.array([GATE_SECONDS * (node in gates) for node in used])[start]
    seconds, weight = seconds + waits, weight + waits
    shut = np.array([node in barriers for node in used])
    # A barrier may be driven to, not from; of two arcs between the same nodes the lighter counts.
    order = np.lexsort((weight, end, start))
    order = order[~shut[start[order]]]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(start[order]) != 0) | (np.diff(end[order]) != 0)
    kept = order[first]
    shape = (len(used), len(used))
    arrays = [csr_array((data[kept], (start[kept], end[kept])), shape=shape) for data in (seconds, weight)]
    for one in arrays:
        one.sort_indices()
    plain = ~shut & ~np.array([node in gates for node in used])
    return Graph(np.array(used), degrees[:, 0], degrees[:, 1], arrays[0], arrays[1], plain)
