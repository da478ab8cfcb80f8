"""A layer as files to take away: CSV, GeoJSON, GeoPackage and GeoParquet, each with the same columns, explained."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from access.documents.pictures import layer_shapes
from access.documents.safe_csv import csv_bytes
from access.questions.area_layer import AreaLayer
from access.questions.view import VIEW_MEASURES
from access.words.small_cells import FEWEST, suppress_small_cells
from access.words.view import view_title, view_unit

_NAME: Final = "access_by_area"
_WHEN_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)  # so that the same data is the same archive
_COLUMNS: Final[dict[str, str]] = {
    "county": "County, 5-digit Census 2020 code (text)",
    "hexagon": "H3 cell (text)",
    "name": "Name of the county; empty for a hexagon",
    "state": "USPS code of the state; of a hexagon, that of its first place",
    "people": "People who ask: everybody, adults or expected patients, as `asking` says",
    "people_beyond": "Of them, those farther than `limit` `unit`, or who reach none; empty where the view has no limit",
    "people_unreached": "Of them, those who reach no clinic within 240 minutes by road",
    "median": "The cost (minutes, miles, hours) that half of them do not exceed; empty: half or more reach none",
    "value": "What the map colours: `shows`, in `value_unit`; empty: nobody asks, or suppressed; inf: half reach none",
    "is_suppressed": f"True: a count of 1 to {FEWEST - 1} people, or one that would give it away, is left out",
    "shows": "What `value` is",
    "value_unit": "The unit of `value`",
    "treatments": "The nearest clinic that gives any of these",
    "payer": "Only clinics of which a source says that they take it; empty: all",
    "asking": "people, adults (estimated where the pack counts none), trd_low or trd_central (expected patients)",
    "limit": "The limit or reach, in `unit`",
    "unit": "minutes or miles, one way by car, estimated from straight-line distance",
    "rank": "1: the nearest clinic, 2: the second nearest ...",
    "pack": "The data it stands on",
    "built_on": "When those data were put together",
    "people_by": "The places whose people are counted",
    "method": "How drives were estimated",
    "is_estimate": "True: every figure is an estimate",
    "geometry": "The outline (Census 2017) or the whole cell, EPSG:4326",
}


def layer_file_table(layer: AreaLayer, about: Mapping[str, str]) -> pd.DataFrame:
    """The layer's rows, small cells left out, with what they are in columns of their own.

    `about`: what is the same in every row, such as the pack and when it was built.
    """
    view = layer.view
    said: dict[str, str | float] = {
        "shows": view_title(view),
        "value_unit": view_unit(view),
        "treatments": "|".join(view.treatments),
        "payer": view.payer or "",
        "asking": view.demand,
        "limit": view.limit if "limit" in VIEW_MEASURES[view.show].asks else float("nan"),
        "unit": view.unit,
        "rank": view.rank,
    }
    # Without a limit it is those who reach none that could give a few away.
    has_limit = layer.table["people_beyond"].notna().any()
    shown = suppress_small_cells(layer.table) if has_limit else suppress_small_cells(layer.table, "people_unreached")
    few = shown["people_unreached"].between(1, FEWEST - 1)
    shown = shown.assign(
        people_unreached=shown["people_unreached"].mask(few), is_suppressed=shown["is_suppressed"] | few
    )
    return shown.assign(**said, **about, is_estimate=True)


def data_dictionary(table: pd.DataFrame) -> pd.DataFrame:
    """What each column of `layer_file_table` means: `column`, `type`, `meaning`."""
    kinds = {"b": "true or false", "i": "whole number", "f": "number"}
    rows = [(name, kinds.get(table[name].dtype.kind, "text"), _COLUMNS[str(name)]) for name in table]
    return pd.DataFrame([*rows, ("geometry", "polygons", _COLUMNS["geometry"])], columns=["column", "type", "meaning"])


def layer_file(
    form: str, layer: AreaLayer, about: Mapping[str, str], counties: gpd.GeoDataFrame, command: str
) -> bytes:
    """The layer as a file; `form`: one of `LAYER_SUFFIXES`, where .zip holds all others, the dictionary and
    `command`.
    """
    table = layer_file_table(layer, about)
    if form == ".csv":
        return csv_bytes(table)
    shapes = gpd.GeoDataFrame(table, geometry=layer_shapes(layer, counties).geometry.to_numpy(), crs="EPSG:4326")
    if form != ".zip":
        return GEO_MAKERS[form](shapes)
    files = {f"{_NAME}{suffix}": make(shapes) for suffix, make in GEO_MAKERS.items()}
    files[f"{_NAME}.csv"] = csv_bytes(table)
    files["dictionary.csv"] = csv_bytes(data_dictionary(table))
    files["README.txt"] = f"{view_title(layer.view)}\n\nMade by: {command}\nColumns: dictionary.csv\n".encode()
    return _zip_files(files)


def _zip_files(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _WHEN_ZIPPED), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _geojson_bytes(shapes: gpd.GeoDataFrame) -> bytes:
    # JSON has no infinity: who waits for a value finds none.
    finite = shapes.assign(value=shapes["value"].where(shapes["value"] != float("inf")))
    return finite.to_json(drop_id=True).encode()


def _geopackage_bytes(shapes: gpd.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{_NAME}.gpkg"
        shapes.to_file(path, driver="GPKG", layer=_NAME)
        return path.read_bytes()


def _geoparquet_bytes(shapes: gpd.GeoDataFrame) -> bytes:
    packed = io.BytesIO()
    shapes.to_parquet(packed, compression="zstd", index=False)
    return packed.getvalue()


GEO_MAKERS: Final[dict[str, Callable[[gpd.GeoDataFrame], bytes]]] = {
    ".geojson": _geojson_bytes,
    ".gpkg": _geopackage_bytes,
    ".parquet": _geoparquet_bytes,
}
LAYER_SUFFIXES: Final = (".csv", *GEO_MAKERS, ".zip")
