"""A population grid as points: every person of it, at the middle of the cell."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from access.errors import SourceError
from access.sources.raster import points_of_raster
from access.travel.many_points import nearest_of_points
from access.travel.origins import origins_of
from tests.worlds import valley_people

rasterio = pytest.importorskip("rasterio")
from rasterio.crs import CRS  # noqa: E402 - only where rasterio is
from rasterio.transform import Affine, from_origin  # noqa: E402

VALLEY = from_origin(-110.5, 46.0, 0.1, 0.1)  # the corner of the first cell; its middle is 45.95, -110.45


def write(path: Path, cells, *, transform=VALLEY, crs="EPSG:4326", nodata=None, **options) -> Path:
    cells = np.atleast_3d(cells)
    bands = np.moveaxis(cells, 2, 0)
    profile = {"count": len(bands), "height": cells.shape[0], "width": cells.shape[1], "dtype": cells.dtype}
    with rasterio.open(
        path, "w", driver="GTiff", transform=transform, crs=crs, nodata=nodata, **profile, **options
    ) as grid:
        grid.write(bands)
    return path


def points(path: Path, **options) -> pd.DataFrame:
    return pd.concat(list(points_of_raster(path, **options)))


def test_points_are_the_middles_of_the_cells_where_people_live(tmp_path: Path) -> None:
    cells = np.array([[0.0, 2.5], [-99999.0, 4.0], [np.nan, 0.25]], np.float32)
    found = points(write(tmp_path / "grid.tif", cells, nodata=-99999.0))
    assert found["latitude"].tolist() == pytest.approx([45.95, 45.85, 45.75])
    assert found["longitude"].tolist() == pytest.approx([-110.35] * 3)
    assert found["population"].tolist() == [2.5, 4.0, 0.25]
    assert found.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("window_rows", [1, 7, 64, 1000])
@pytest.mark.parametrize("options", [{}, {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"}])
def test_the_total_is_the_grid_s_whatever_the_windows(tmp_path: Path, window_rows: int, options) -> None:
    rng = np.random.default_rng(1)
    cells = rng.gamma(0.3, 20, (50, 40)).astype(np.float32) * (rng.random((50, 40)) < 0.4)
    path = write(tmp_path / "grid.tif", cells, **options)
    found = points(path, window_rows=window_rows)
    assert found["population"].sum() == pytest.approx(cells.sum(dtype=float), rel=1e-12)
    assert len(found) == np.count_nonzero(cells)
    pd.testing.assert_frame_equal(found, points(path, window_rows=3))


def test_one_window_at_a_time_is_read(tmp_path: Path) -> None:
    parts = list(points_of_raster(write(tmp_path / "grid.tif", np.ones((10, 3), np.float32)), window_rows=4))
    assert [len(part) for part in parts] == [12, 12, 6]


def test_a_projected_grid_is_turned_into_degrees(tmp_path: Path) -> None:
    to_albers = Transformer.from_crs("EPSG:4326", "EPSG:5070", always_xy=True)
    x, y = to_albers.transform(-110.0, 45.0)
    cells = np.array([[0, 0], [0, 3]], np.uint16)
    found = points(
        write(tmp_path / "grid.tif", cells, transform=from_origin(x - 1500, y + 1500, 1000, 1000), crs="EPSG:5070")
    )
    assert (found["latitude"].item(), found["longitude"].item()) == pytest.approx((45.0, -110.0), abs=1e-9)
    assert found["population"].item() == 3


def test_longitudes_from_0_to_360_are_turned_to_the_west(tmp_path: Path) -> None:
    found = points(write(tmp_path / "grid.tif", np.ones((1, 1), np.float32), transform=from_origin(249.5, 46, 1, 1)))
    assert found["longitude"].item() == pytest.approx(-110)


def test_an_empty_land_gives_no_points(tmp_path: Path) -> None:
    assert list(points_of_raster(write(tmp_path / "grid.tif", np.zeros((3, 3), np.float32)))) == []


def test_the_grid_s_people_reach_the_valley_s_clinics(tmp_path: Path) -> None:
    people = valley_people()
    path = write(tmp_path / "grid.tif", np.ones((12, 1), np.float32), transform=from_origin(-110.05, 46.05, 0.1, 0.1))
    clinics = pd.DataFrame({"clinic_id": ["east"], "latitude": [45.0], "longitude": [-110.0]})
    parts = nearest_of_points(points_of_raster(path, window_rows=5), clinics, landmarks=origins_of(people))
    minutes = pd.concat(list(parts))["minutes"]
    # The 11th cell is on the spot; each cell is 0.1 degree = 11.12 km: 2 + 12 + 1.03 x 3.12 = 17.213 minutes.
    assert minutes.iloc[9:].tolist() == pytest.approx([17.2131, 2, 17.2131], abs=1e-3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"transform": Affine(0.1, 0.02, -110.5, 0.02, -0.1, 46.0)}, "turned against north"),
        ({"crs": None}, "does not say its coordinate system"),
        ({"crs": None, "transform": Affine.identity()}, "does not say its coordinate system"),
        ({"transform": from_origin(500, 46, 1, 1)}, "people off the earth"),
        ({"transform": from_origin(-110, 95, 1, 1)}, "people off the earth"),
        ({"crs": CRS.from_epsg(5070), "transform": from_origin(1e12, 1e12, 1, 1)}, "people off the earth"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*:rasterio.errors.NotGeoreferencedWarning")
def test_a_grid_that_has_no_place_on_earth_is_refused(tmp_path: Path, options, sentence: str) -> None:
    path = write(tmp_path / "grid.tif", np.ones((2, 2), np.float32), **options)
    with pytest.raises(SourceError, match=sentence):
        points(path)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (np.full((2, 2), -99999.0, np.float32), "-99999 people in a cell; say in the file which value means no data"),
        (np.full((2, 2), np.inf, np.float32), "inf people in a cell"),
        (np.ones((2, 2, 3), np.float32), "has 3 bands"),
    ],
)
def test_a_grid_that_does_not_count_people_is_refused(tmp_path: Path, cells, sentence: str) -> None:
    path = write(tmp_path / "grid.tif", cells)
    with pytest.raises(SourceError, match=sentence):
        points(path)


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "grid.tif").write_text("latitude,longitude\n1,2\n")
    with pytest.raises(SourceError, match=r"grid.tif cannot be read as a GeoTIFF"):
        points(tmp_path / "grid.tif")


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.95])
def test_a_file_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    path = write(tmp_path / "grid.tif", np.random.default_rng(1).random((200, 200)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(SourceError, match="cut short"):
        points(path)


def test_an_absent_file_and_a_web_address_are_refused(tmp_path: Path) -> None:
    for name in (tmp_path / "none.tif", tmp_path, "/vsicurl/http://127.0.0.1/grid.tif"):
        with pytest.raises(SourceError, match="is not there, or not a file"):
            points(Path(name))


def test_no_rows_at_a_time_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="window_rows is 0"):
        points_of_raster(tmp_path / "grid.tif", window_rows=0)
