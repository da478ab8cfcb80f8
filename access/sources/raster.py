"""A population grid (GeoTIFF, such as WorldPop's) as points, read in windows: the country need not fit in memory."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from access.errors import AccessError, SourceError

if TYPE_CHECKING:
    from access.geo import Floats

DEGREES = "EPSG:4326"


def points_of_raster(path: str | Path, *, window_rows: int = 256) -> Iterator[pd.DataFrame]:
    """The centres of a grid's cells where people live, one table for each `window_rows` rows, from north to south.

    The grid holds people per cell (not per km2) in one band, in any coordinate system, north up.

    Returns
    -------
    Iterator[pd.DataFrame]
        `latitude`, `longitude` (EPSG:4326) and `population` (as the grid has it, so a fraction of a person is
        possible), numbered on from table to table. Cells without data and cells of zero are left out; their sum is
        the grid's.

    Raises
    ------
    ValueError
        `window_rows` below 1.
    AccessError
        Rasterio is not installed.
    SourceError
        The file is absent, no GeoTIFF or cut short; it has several bands, no coordinate system, is turned, or
        holds a number of people below zero.
    """
    if window_rows < 1:
        raise ValueError(f"window_rows is {window_rows}; read at least one row at a time.")
    return _read_windows(Path(path), _import_rasterio(), window_rows)


def _read_windows(path: Path, rasterio: Any, window_rows: int) -> Iterator[pd.DataFrame]:
    if not path.is_file():
        raise SourceError(f"{path} is not there, or not a file; check its name.")
    counted = 0
    try:
        with _open_grid(rasterio, path) as grid:
            to_degrees = _degrees_transformer(grid, path)
            for top in range(0, grid.height, window_rows):
                rows = min(window_rows, grid.height - top)
                cells = grid.read(1, window=((top, top + rows), (0, grid.width)), masked=True)
                points = _points_of_window(cells, grid.transform, top, to_degrees, path)
                points.index = pd.RangeIndex(counted, counted + len(points))
                counted += len(points)
                if len(points):
                    yield points
    except rasterio.errors.RasterioError as failure:
        raise SourceError(
            f"{path.name} cannot be read as a GeoTIFF: it is another kind of file or cut short."
        ) from failure


def _import_rasterio() -> Any:
    try:
        import rasterio  # type: ignore[import-untyped]
        import rasterio.errors  # type: ignore[import-untyped]
    except ImportError:
        raise AccessError("A GeoTIFF needs the package rasterio; install trd-access with its extra 'scale'.") from None
    return rasterio


def _open_grid(rasterio: Any, path: Path) -> Any:
    """The grid; its driver is named, so that no other format (some of which fetch) is tried."""
    with warnings.catch_warnings():
        # Without a place on earth: refused in words by `_degrees_transformer`.
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return rasterio.open(path, driver="GTiff")


def _degrees_transformer(grid: Any, path: Path) -> Transformer | None:
    """From the grid's coordinates to longitude and latitude; None: they are that already."""
    if grid.count != 1:
        raise SourceError(f"{path.name} has {grid.count} bands; give a grid with one, people per cell.")
    if grid.crs is None:
        raise SourceError(f"{path.name} does not say its coordinate system; write it into the file (gdal_edit -a_srs).")
    if grid.transform.b or grid.transform.d:
        raise SourceError(f"{path.name} is turned against north; warp it to north up (gdalwarp) and try again.")
    try:
        system = CRS.from_wkt(grid.crs.to_wkt())
    except CRSError as failure:
        raise SourceError(
            f"{path.name} has a coordinate system that is not understood; warp it to EPSG:4326."
        ) from failure
    return None if system.to_epsg() == 4326 else Transformer.from_crs(system, DEGREES, always_xy=True)


def _points_of_window(cells: Any, transform: Any, top: int, to_degrees: Transformer | None, path: Path) -> pd.DataFrame:
    people = np.ma.filled(cells.astype(float), np.nan)
    if (people < 0).any() or np.isinf(people).any():
        worst = people[(people < 0) | np.isinf(people)][0]
        raise SourceError(f"{path.name} has {worst:g} people in a cell; say in the file which value means no data.")
    row, column = np.nonzero(people > 0)
    # Of the middle of a cell: half a cell from its corner.
    x = transform.c + (column + 0.5) * transform.a
    y = transform.f + (row + top + 0.5) * transform.e
    longitude, latitude = (x, y) if to_degrees is None else to_degrees.transform(x, y)
    _check_degrees(latitude, longitude, path)
    turned = np.where(longitude > 180, longitude - 360, longitude)  # some grids count from 0 to 360
    return pd.DataFrame({"latitude": latitude, "longitude": turned, "population": people[row, column]})


def _check_degrees(latitude: "Floats", longitude: "Floats", path: Path) -> None:
    if not ((np.abs(latitude) <= 90) & (longitude >= -180) & (longitude <= 360)).all():
        raise SourceError(f"{path.name} has people off the earth; its coordinate system does not fit its coordinates.")
