"""Points of one's own in the terminal: the same answers as trips, from a CSV, a grid, and a Dask cluster."""

import json
from pathlib import Path

import distributed
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

from access.errors import SourceError, TableError
from access.measures.nearest import minutes_to_nearest
from access.places.pack import load_pack
from access.questions.gaps import treatment_trips
from access.questions.points import nearest_for_points, points_beyond, read_points
from tests.test_cluster import LOOPBACK


@pytest.fixture(scope="module")
def montana() -> pd.DataFrame:
    people = load_pack("starter").people
    return people[people["state"] == "MT"].reset_index(drop=True)


def test_points_at_the_pack_s_places_get_the_trips_of_the_pack(montana: pd.DataFrame, tmp_path: Path) -> None:
    pack, path = load_pack("starter"), tmp_path / "points.csv"
    montana[["geoid", "latitude", "longitude", "population"]].to_csv(path, index=False)
    tables = list(nearest_for_points(read_points(path, chunk=100), pack, ["ect"]))
    assert [len(table) for table in tables[:-1]] == [100] * (len(tables) - 1)
    found = pd.concat(tables).set_index("geoid")["minutes"]
    trips = treatment_trips(montana, pack.clinics, pack.services, ["ect"], landmarks=pack.people)
    expected = minutes_to_nearest(trips).reindex(found.index).astype("float64")
    pd.testing.assert_series_equal(found, expected, check_names=False)


def test_people_beyond_by_pencil() -> None:
    table = pd.DataFrame(
        {"rurality": ["rural", "urban", "rural"], "population": [10.0, 5.0, 2.5], "minutes": [61.0, 60.0, np.nan]}
    )
    found = points_beyond([table, table], [60.0, 90.0]).set_index(["rurality", "beyond"])
    assert found.loc[("rural", 60.0), ["people", "people_beyond", "people_unreached"]].tolist() == [25, 25, 5]
    assert found.loc[("rural", 90.0), "share_beyond"] == pytest.approx(0.2)
    assert found.loc[("all", 60.0), ["people", "people_beyond"]].tolist() == [35, 25]
    assert found.index.get_level_values(0).unique().tolist() == ["urban", "rural", "all"]
    with pytest.raises(TableError, match="no points"):
        points_beyond([], [60.0])


def test_a_grid_on_a_cluster_gives_what_it_gives_here(run, tmp_path: Path) -> None:
    grid = tmp_path / "people.tif"
    cells = np.arange(200, dtype="float32").reshape(10, 20)
    shape = {"driver": "GTiff", "width": 20, "height": 10, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(grid, "w", **shape, transform=from_origin(-112, 46, 0.1, 0.1)) as out:
        out.write(cells, 1)
    asked = ["points", str(grid), "-t", "ect", "--pack", "starter", "--json", "--out"]
    code, here, said = run(*asked, str(tmp_path / "here.csv"))
    assert code == 0, said
    assert json.loads(here)["rows"][-1]["people"] == cells.sum()
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, **LOOPBACK) as local:
        code, there, said = run(*asked, str(tmp_path / "there.csv"), "--dask", local.scheduler_address)
    assert (code, there) == (0, here), said
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    kept = pd.read_csv(tmp_path / "here.csv")
    assert (len(kept), kept["population"].sum()) == (199, cells.sum())
    assert run("points", str(grid), "-t", "ect", "--pack", "starter")[1].count("All") == 4


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("latitude,population\n46,1\n", TableError, "longitude"),
        ("latitude,longitude,population\n46,-110,1\n46,-110,-2\n", TableError, r"row 3 .*\(1 such"),
        ("latitude,longitude\n46,-110\n46,west\n", TableError, "Point 1 has no latitude"),
        ("", SourceError, "cannot be read as a CSV"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, error: type[Exception], sentence: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(error, match=sentence):
        list(nearest_for_points(read_points(path), load_pack("starter"), []))
    with pytest.raises(SourceError, match="not there"):
        list(read_points(tmp_path / "absent.csv"))


def test_what_stands_in_out_stays_when_the_run_fails(run, tmp_path: Path) -> None:
    path, out = tmp_path / "points.csv", tmp_path / "out.csv"
    path.write_text("latitude,longitude\n46,-110\n460,-110\n")
    out.write_text("before")
    code, _, said = run("points", str(path), "--pack", "starter", "--out", str(out))
    assert (code, out.read_text()) == (1, "before")
    assert "Point 1" in said
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []
