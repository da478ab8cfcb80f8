"""The embedded engine's minutes are those of an independent shortest path on the same map, but for what it adds."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("osrm")


@pytest.mark.parametrize("name", ["bangor_maine.osm.pbf", "val_baltimore.osm.pbf", "r5_columbus.osm.pbf"])
def test_minutes_agree_with_an_own_shortest_path_and_turns_and_signals_are_the_difference(
    name: str, shared: Path
) -> None:
    from tests.road_agreement import agreement

    found = agreement(shared / "osm" / name, count=50)
    assert found.no_route == 0
    assert found.pairs == 50 * 50
    assert found.correlation > 0.98
    assert 1 < found.ratio < 1.25
    # Without what the oracle does not count the two are one, but for the engine's tenths of a second.
    assert found.bare_correlation > 0.9999
    assert found.bare_ratio == pytest.approx(1, abs=0.002)
    assert found.unexplained == 0


def test_the_oracle_takes_the_bypass_that_a_pencil_takes() -> None:
    # a - b - c on a slow road, 0.02 degrees of latitude (2.224 km) each, a - d - c on a fast one, one way.
    from tests.road_oracle import graph_of
    from tests.road_profile import Road

    nodes = {1: (45.0, -69.0), 2: (45.02, -69.0), 3: (45.04, -69.0), 4: (45.02, -69.01)}
    slow, fast = Road(20, 1), Road(80, 1)
    both = [(1, 2, slow), (2, 3, slow), (2, 1, slow), (3, 2, slow)]
    graph = graph_of(nodes, set(), set(), [*both, (1, 4, fast), (4, 3, fast)])
    there, back = graph.minutes([0], [2])[0, 0], graph.minutes([2], [0])[0, 0]
    # 2.224 km north and 0.786 km west: 2.3588 km; twice, at 80 km/h; back 4.448 km at 20 km/h.
    assert there == pytest.approx(2 * 2.3588 / 80 * 60, rel=1e-3)
    assert back == pytest.approx(4.448 / 20 * 60, rel=1e-3)
    shut = graph_of(nodes, {4}, set(), [*both, (1, 4, fast), (4, 3, fast)])
    assert shut.minutes([0], [2])[0, 0] == pytest.approx(back)
