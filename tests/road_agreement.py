"""How far the embedded engine agrees with the oracle, and what makes the difference: measured by taking causes away."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from access.travel.routers.osrm import open_osrm, osrm_folder, prepare_network
from tests.road_oracle import Graph, read_graph
from tests.road_profile import car_profile

# What the engine counts and the oracle does not, and how the profile is told to leave it out.
CAUSES = {
    "turns": (
        "settings.turn_penalty = 0",
        "settings.oncoming_turn_penalty = 0",
        "settings.properties.u_turn_penalty = 0",
    ),
    "signals and stops": ("Obstacles.process_node = function() end",),
    "restrictions": ("settings.properties.use_turn_restrictions = false",),
}
APART, EXPLAINED = 0.20, 0.05


@dataclass(frozen=True)
class Agreement:
    """Of random pairs of road nodes: how the engine's minutes stand to the oracle's.

    `correlation`, `ratio` (the median): of the profile as it ships; `bare_...`: of the engine without `CAUSES`.
    `by_cause`: the pairs that differ by more than 20 %, each under the cause that, taken away alone, changes it
    most; `unexplained`: those of them that still differ by more than 5 % with all causes taken away.
    """

    extract: str
    nodes: int
    pairs: int
    no_route: int
    correlation: float
    ratio: float
    bare_correlation: float
    bare_ratio: float
    bare_largest: float
    by_cause: dict[str, int]
    unexplained: int

    @property
    def apart(self) -> int:
        """How many pairs differ by more than 20 %."""
        return sum(self.by_cause.values())


def agreement(extract: Path, *, count: int = 200, seed: int = 1) -> Agreement:
    """`count` by `count` pairs of an extract, all of which a car can drive."""
    graph = read_graph(extract, car_profile(osrm_folder()))
    drawn = graph.places(2 * count, seed)
    sources, targets = drawn[:count], drawn[count:]
    oracle = graph.minutes(sources, targets)
    every = tuple(change for changes in CAUSES.values() for change in changes)
    shipped, bare = (_minutes(extract, graph, sources, targets, changes) for changes in ((), every))
    apart = np.abs(shipped / oracle - 1) > APART
    without = [_minutes(extract, graph, sources, targets, changes) for changes in CAUSES.values()]
    main = np.abs(np.array(without) - shipped).argmax(axis=0)[apart]
    valid = np.isfinite(shipped) & np.isfinite(oracle)
    return Agreement(
        extract=extract.name,
        nodes=len(graph.nodes),
        pairs=int(valid.sum()),
        no_route=int((~valid).sum()),
        correlation=float(np.corrcoef(shipped[valid], oracle[valid])[0, 1]),
        ratio=float(np.median((shipped / oracle)[valid])),
        bare_correlation=float(np.corrcoef(bare[valid], oracle[valid])[0, 1]),
        bare_ratio=float(np.median((bare / oracle)[valid])),
        bare_largest=float(np.abs(bare / oracle - 1)[valid].max()),
        by_cause={cause: int((main == number).sum()) for number, cause in enumerate(CAUSES)},
        unexplained=int((np.abs(bare / oracle - 1)[apart] > EXPLAINED).sum()),
    )


def _minutes(
    extract: Path, graph: Graph, sources: NDArray[np.int64], targets: NDArray[np.int64], changes: tuple[str, ...]
) -> NDArray[np.float64]:
    """The engine's, between nodes of the graph, so that nothing is snapped."""
    with tempfile.TemporaryDirectory() as folder:
        prepare_network(extract, Path(folder), profile="car", algorithm="MLD", changes=changes)
        engine = open_osrm(Path(folder), profile="car", algorithm="MLD")
    degrees = np.column_stack([graph.latitude, graph.longitude])
    return engine.block(degrees[sources], degrees[targets]).minutes.astype(float)
