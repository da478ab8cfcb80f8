"""A person's own areas (GeoJSON, Shapefile, GeoPackage in any coordinate system) as checked polygons in degrees."""

import json
import zipfile
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio  # type: ignore[import-untyped]
import shapely
from pyogrio.errors import DataLayerError, DataSourceError  # type: ignore[import-untyped]
from pyproj.exceptions import ProjError

from access.errors import SourceError, TableError
from access.tables import require_columns

DEGREES: Final = "EPSG:4326"
_MAGIC: Final = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
_KINDS: Final = "a GeoJSON file (.geojson, .json), a GeoPackage (.gpkg), or a Shapefile (.shp, its folder or .zip)"


def read_polygons(path: str | Path, *, name_column: str | None = None, layer: str | None = None) -> gpd.GeoDataFrame:
    """The areas of a file, one row each, in EPSG:4326.

    `name_column`: the column with each area's name; none given: `name` in any case, else the areas are numbered.
    `layer`: which layer of a GeoPackage or folder; it need be given only where several have polygons.

    Returns
    -------
    gpd.GeoDataFrame
        `area_id` (text, the row of the file: "01", "02"), `name`, `is_repaired` (its geometry was not valid, such as
        a border that crosses itself, and what it encloses was kept), `geometry` (polygons).

    Raises
    ------
    SourceError
        The file is absent, damaged or of another kind, or does not say its coordinate system.
    TableError
        There are no areas, or one has no name, another's name, no polygon, or coordinates off the earth or
        across the 180th meridian.
    """
    file = Path(path)
    shapes = _convert_to_degrees(_read_layer(file, layer), file)
    if shapes.empty:
        raise TableError(f"{file.name} has no areas in it; draw at least one polygon.")
    numbers = pd.Series([f"{row + 1:0{len(str(len(shapes)))}d}" for row in range(len(shapes))], dtype="str")
    names = _area_names(shapes, name_column, numbers, file)
    _check_polygons(shapes.geometry, names, file)
    repaired = _repair_shapes(shapes.geometry, names, file)
    return gpd.GeoDataFrame(
        {"area_id": numbers, "name": names, "is_repaired": ~shapes.geometry.is_valid.to_numpy()},
        geometry=repaired,
        crs=DEGREES,
    )


def title_of(areas: gpd.GeoDataFrame, path: Path) -> str:
    """What all areas of a file together are called: the name of the only one, else that of the file."""
    return str(areas["name"].iloc[0]) if len(areas) == 1 else path.stem


def _read_layer(file: Path, layer: str | None) -> gpd.GeoDataFrame:
    source = _path_to_open(file)
    try:
        chosen = _choose_layer(source, layer, file)
        rows: gpd.GeoDataFrame = pyogrio.read_dataframe(source, layer=chosen, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, shapely.GEOSException) as failure:
        raise SourceError(
            f"{file.name} cannot be read as areas; it may be damaged or cut short. Save it again."
        ) from failure
    return rows


def _path_to_open(file: Path) -> str:
    """What to open: looked at first, since other formats under a known name can make the reader fetch."""
    if not file.exists():
        raise SourceError(f"{file} is not there; check its name.")
    suffix = file.suffix.lower()
    if file.is_dir():
        _check_folder(file)
    elif suffix == ".zip":
        return f"/vsizip/{file.absolute()}/{_shapefile_in(file)}"
    elif suffix in (".geojson", ".json"):
        _check_geojson(file)
    elif suffix not in _MAGIC or not _has_magic(file, suffix):
        raise SourceError(f"{file.name} is not {_KINDS}.")
    return str(file.absolute())


def _has_magic(file: Path, suffix: str) -> bool:
    with file.open("rb") as opened:
        return opened.read(16).startswith(_MAGIC[suffix])


def _check_folder(folder: Path) -> None:
    shapes = sorted(folder.glob("*.[sS][hH][pP]"))
    if not shapes or not all(_has_magic(shape, ".shp") for shape in shapes):
        raise SourceError(f"The folder {folder.name} has no Shapefile (.shp) in it, or a damaged one; check it.")


def _shapefile_in(file: Path) -> str:
    """The one Shapefile in an archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = [name for name in archive.namelist() if name.lower().endswith(".shp") and "__MACOSX" not in name]
            if len(found) == 1 and archive.read(found[0]).startswith(_MAGIC[".shp"]):
                return found[0]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as failure:
        raise SourceError(f"{file.name} cannot be read as a ZIP archive; make it again.") from failure
    raise SourceError(f"{file.name} holds {len(found)} readable Shapefiles (.shp); it must hold one.")


def _check_geojson(file: Path) -> None:
    try:
        kind = json.loads(file.read_text(encoding="utf-8-sig")).get("type")
    except (ValueError, AttributeError, RecursionError) as failure:
        raise SourceError(f"{file.name} is not JSON that is whole; it may be cut short. Save it again.") from failure
    if kind not in ("FeatureCollection", "Feature", "Polygon", "MultiPolygon"):
        raise SourceError(
            f"{file.name} is JSON, but not GeoJSON with areas (its type is {kind!r}); export it as GeoJSON."
        )


def _choose_layer(source: str, layer: str | None, file: Path) -> str:
    layers = pyogrio.list_layers(source)
    names = [str(name) for name, _ in layers]
    if layer is not None:
        if layer not in names:
            raise SourceError(f"{file.name} has no layer '{layer}'; it has {', '.join(names) or 'none'}.")
        return layer
    drawn = [str(name) for name, kind in layers if kind is not None]
    areal = [str(name) for name, kind in layers if kind is not None and "Polygon" in str(kind)] or drawn
    if not areal:
        raise TableError(f"{file.name} has rows but no shapes; export the areas with their geometry.")
    if len(areal) != 1:
        raise SourceError(
            f"{file.name} has {len(areal)} layers with shapes ({', '.join(areal)}); choose one with layer."
        )
    return areal[0]


def _convert_to_degrees(shapes: gpd.GeoDataFrame, file: Path) -> gpd.GeoDataFrame:
    if not isinstance(shapes, gpd.GeoDataFrame):
        raise TableError(f"{file.name} has rows but no shapes; export the areas with their geometry.")
    if shapes.crs is None or shapes.crs.name.lower().startswith(("undefined", "unknown")):
        raise SourceError(
            f"{file.name} does not say its coordinate system; export it again with one (a .prj, for a Shapefile)."
        )
    try:
        return shapes.to_crs(DEGREES)
    except (ProjError, ValueError) as failure:
        raise SourceError(
            f"{file.name} has a coordinate system that cannot be turned into degrees; use EPSG:4326."
        ) from failure


def _area_names(
    shapes: gpd.GeoDataFrame, column: str | None, numbers: "pd.Series[str]", file: Path
) -> "pd.Series[str]":
    if column is None:
        column = next((str(one) for one in shapes.columns if str(one).lower() == "name"), None)
        if column is None:
            return "Area " + numbers
    require_columns(shapes.drop(columns=shapes.geometry.name), [column], where=file.name)
    names = shapes[column].astype("str").str.strip().reset_index(drop=True)
    missing = names.isna() | (names == "")
    if missing.any():
        raise TableError(f"Row {int(np.argmax(missing)) + 1} of {file.name} has no {column} ({missing.sum()} such).")
    if names.duplicated().any():
        first = names[names.duplicated()].iloc[0]
        raise TableError(
            f"{file.name} has more than one area named '{first}'; join them, or choose another name_column."
        )
    return names


def _check_polygons(shapes: gpd.GeoSeries, names: "pd.Series[str]", file: Path) -> None:
    geometries = shapes.to_numpy()
    drawn = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    _refuse_areas(~drawn, names, file, "has no shape")
    areal = np.isin(shapely.get_type_id(geometries), [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    _refuse_areas(~areal, names, file, "is not a polygon but a line, point or collection")
    west, south, east, north = shapely.bounds(geometries).T
    on_earth = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    whole = [np.isfinite(shapely.get_coordinates(one)).all() for one in geometries]
    _refuse_areas(~(on_earth & whole), names, file, "has coordinates outside -180 to 180 and -90 to 90 degrees")
    parts, of = shapely.get_parts(geometries, return_index=True)
    wide = shapely.bounds(parts)[:, 2] - shapely.bounds(parts)[:, 0] > 180
    crossing = np.isin(np.arange(len(geometries)), of[wide])
    _refuse_areas(crossing, names, file, "crosses the 180th meridian (or spans half the earth): split it there")


def _refuse_areas(
    wrong: "np.ndarray[tuple[int], np.dtype[np.bool_]]", names: "pd.Series[str]", file: Path, why: str
) -> None:
    if wrong.any():
        raise TableError(f"'{names[wrong].iloc[0]}' in {file.name} {why} ({int(wrong.sum())} such).")


def _repair_shapes(shapes: gpd.GeoSeries, names: "pd.Series[str]", file: Path) -> gpd.GeoSeries:
    """The shapes, valid: of one that was not, what it encloses; refused where it encloses nothing."""
    geometries = shapes.to_numpy().copy()
    broken = ~shapely.is_valid(geometries)
    geometries[broken] = shapely.make_valid(geometries[broken], method="structure", keep_collapsed=False)
    _refuse_areas(shapely.area(geometries) == 0, names, file, "encloses nothing, even when its border is repaired")
    return gpd.GeoSeries(geometries, crs=DEGREES)
