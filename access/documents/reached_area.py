"""The area within minutes of clinics as a picture and as files."""

import json
from collections.abc import Callable
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from access.documents.poster import poster_png, poster_svg
from access.documents.safe_csv import csv_bytes
from access.language import mark, say
from access.maps.palette import class_colors, class_names
from access.maps.still import still_map
from access.measures.reached_area import ReachedArea
from access.places.gazetteer.lookup import load_gazetteer
from access.places.hexagons import hexagon_shapes
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.words.reached_area import OSM_CREDIT, reached_area_notes, reached_by_words

_STRIPED_WORDS: Final = mark("Striped: estimate")
# Degrees of longitude below which counties show where one is, and not states alone.
_NEAR_DEGREES: Final = 8.0


def reached_area_svg(area: ReachedArea, title: str, notes: list[str]) -> str:
    """The area as SVG with its title, its legend, the clinics, towns, and `notes` under it."""
    states, counties = load_outlines()
    shapes = _shapes_by_limit(area)
    west, south, east, north = shapes.total_bounds.tolist()
    is_near = east - west < _NEAR_DEGREES
    striped = _estimated_shape(area)
    drawn = still_map(
        pd.Series(area.limits, index=[f"{limit:g}" for limit in area.limits]),
        shapes,
        counties if is_near else states,
        edges=area.limits,
        bounds=((south, west), (north, east)),
        clinics=area.clinics,
        shades=class_colors(len(area.limits), dark_is_high=False),
        border="none",
        label=title,
        towns=_towns_within(west, south, east, north),
        striped=striped,
    )
    return poster_svg(
        drawn,
        title=title,
        legend_title=say("Minutes to the nearest of the clinics, one way ({method})", method=reached_by_words(area)),
        names=class_names(area.limits, say("minutes"))[:-1],
        no_data=None,
        notes=notes,
        dark_is_high=False,
        striped=None if striped is None else say(_STRIPED_WORDS),
    )


def reached_area_file(form: str, area: ReachedArea, pack: Pack, title: str) -> bytes:
    """The area as a file; `form`: one of `REACHED_AREA_FORMS`. Its rows are hexagons, as in `ReachedArea`."""
    if form == ".csv":
        said = {"pack": pack.name, "built_on": pack.manifest.built_on}
        credit = area.cells["is_estimate"].map({True: "", False: say(OSM_CREDIT)})
        return csv_bytes(area.cells.drop(columns="is_estimate").assign(**said, attribution=credit))
    return _MAKERS[form](area, title, reached_area_notes(area, pack))


def _geojson_bytes(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    """As RFC 7946 has it: outer rings counterclockwise, parted at the 180th meridian, WGS 84."""
    outlines = shapely.set_precision(hexagon_shapes(area.cells["cell"]).geometry.to_numpy(), 1e-6)
    shapes = [json.loads(text) for text in shapely.to_geojson(shapely.orient_polygons(outlines))]
    told = area.cells.drop(columns=["latitude", "longitude", "is_estimate"]).round({"minutes": 2})
    rows = json.loads(told.to_json(orient="records"))
    features = [
        {"type": "Feature", "id": row["cell"], "geometry": shape, "properties": row}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    about = {"type": "FeatureCollection", "title": title, "notes": notes, "features": features}
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()


def _svg_bytes(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    return reached_area_svg(area, title, notes).encode()


def _png_bytes(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    return poster_png(reached_area_svg(area, title, notes))


_MAKERS: Final[dict[str, Callable[[ReachedArea, str, list[str]], bytes]]] = {
    ".png": _png_bytes,
    ".svg": _svg_bytes,
    ".geojson": _geojson_bytes,
}
REACHED_AREA_FORMS: Final = (*_MAKERS, ".csv")


def _shapes_by_limit(area: ReachedArea) -> gpd.GeoDataFrame:
    """One shape for each limit that has hexagons: those between it and the limit before."""
    names = [f"{limit:g}" for limit in area.limits if (area.cells["within_minutes"] == limit).any()]
    within = area.cells["within_minutes"].map("{:g}".format)
    shapes = [_join_cells(area.cells.loc[within == name, "cell"]) for name in names]
    return gpd.GeoDataFrame({"limit": names, "state": ""}, geometry=shapes, crs="EPSG:4326")


def _join_cells(cells: pd.Series) -> shapely.Geometry:
    return shapely.coverage_union_all(hexagon_shapes(cells).geometry.to_numpy())


def _estimated_shape(area: ReachedArea) -> gpd.GeoSeries | None:
    """In an area by road, the hexagons that are not; None: there are none, or all are estimates."""
    by_road = ~area.cells["is_estimate"]
    if by_road.all() or not by_road.any():
        return None
    return gpd.GeoSeries([_join_cells(area.cells.loc[~by_road, "cell"])], crs="EPSG:4326")


def _towns_within(west: float, south: float, east: float, north: float) -> pd.DataFrame:
    """The towns between these degrees, the largest first."""
    towns = load_gazetteer().towns
    here = towns["latitude"].between(south, north) & towns["longitude"].between(west, east)
    return towns[here & towns["population"].notna()].sort_values("population", ascending=False, kind="stable")
