"""The same chunks on a Dask cluster: the same numbers, in the same order, and nothing left running."""

import sys
from collections.abc import Iterator

import pandas as pd
import pytest

from access.errors import AccessError
from access.travel import cluster
from access.travel.many_points import count_within_points, nearest_of_points
from access.travel.origins import origins_of
from tests.worlds import random_world

distributed = pytest.importorskip("distributed")
PEOPLE, CLINICS = random_world(3, places=500, clinics=30)
POINTS = PEOPLE.set_index("geoid")[["latitude", "longitude", "county", "rurality"]]
# Any free port, for the pages of its state too; without bokeh they are bare.
ANY_PORT = "127.0.0.1:0"
LOOPBACK = {"host": "127.0.0.1", "dashboard_address": ANY_PORT, "worker_dashboard_address": ANY_PORT}


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of two worker processes on this machine; no dashboard."""
    options = {"n_workers": 2, "threads_per_worker": 2, "processes": True, **LOOPBACK}
    with distributed.LocalCluster(**options) as local:
        yield local.scheduler_address


def test_a_cluster_finds_the_same_nearest_clinics(scheduler: str) -> None:
    for points in (POINTS, POINTS[["latitude", "longitude"]]):
        here = nearest_of_points(points, CLINICS, landmarks=origins_of(PEOPLE))
        there = nearest_of_points(points, CLINICS, landmarks=origins_of(PEOPLE), chunk=60, cluster=scheduler)
        pd.testing.assert_frame_equal(there, here, check_exact=True)


def test_a_cluster_counts_the_same_and_takes_tables_in_turn(scheduler: str) -> None:
    asked = {"landmarks": origins_of(PEOPLE), "max_minutes": 90.0}
    here = count_within_points(POINTS, CLINICS, **asked)
    tables = (POINTS.iloc[begin : begin + 100] for begin in range(0, 500, 100))
    there = count_within_points(tables, CLINICS, **asked, chunk=40, cluster=scheduler)
    pd.testing.assert_frame_equal(pd.concat(list(there)), here, check_exact=True)


def test_few_chunks_are_held_at_a_time(scheduler: str) -> None:
    read = []

    def tables() -> Iterator[pd.DataFrame]:
        for begin in range(0, 500, 10):
            read.append(begin)
            yield POINTS.iloc[begin : begin + 10]

    parts = nearest_of_points(tables(), CLINICS, landmarks=origins_of(PEOPLE), cluster=scheduler)
    next(parts)
    assert len(read) == 2 * cluster.AHEAD
    parts.close()


def test_a_cluster_that_does_not_answer_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense", "ftp://127.0.0.1:9", ""):
        with pytest.raises(AccessError, match="No Dask scheduler answers at"):
            nearest_of_points(POINTS, CLINICS, landmarks=origins_of(PEOPLE), cluster=address)


def test_a_cluster_without_workers_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1)
    with (
        distributed.LocalCluster(n_workers=0, **LOOPBACK) as empty,
        pytest.raises(AccessError, match="has no workers; start one"),
    ):
        nearest_of_points(POINTS, CLINICS, landmarks=origins_of(PEOPLE), cluster=empty.scheduler_address)


def test_without_dask_a_cluster_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AccessError, match="install trd-access with its extra 'scale'"):
        nearest_of_points(POINTS, CLINICS, landmarks=origins_of(PEOPLE), cluster="tcp://127.0.0.1:9")
