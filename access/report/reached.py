"""The area within minutes of clinics as a picture and as files: what it shows, how it was found, what it is not."""

import json
from collections.abc import Callable
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from access.language import mark, say
from access.maps import class_names, colours, poster_png, poster_svg, still_map
from access.measures.area import ReachedArea
from access.places.gazetteer import load_gazetteer
from access.places.hexagons import average_km2, hexagon_shapes
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.report.exports import csv_bytes
from access.report.travel_words import method_words
from access.travel.way import is_driven, is_estimate, left_out

_OSM: Final = mark("Map data: © OpenStreetMap contributors, ODbL.")
_ESTIMATED: Final = mark(
    "Minutes are one way by car, an estimate from straight-line distance: mountains make it longer."
)
_BY_ROAD: Final = mark("Minutes are one way by road, without traffic ({method}).")
_BY_PATH: Final = mark("Minutes are one way along roads and paths ({method}).")
_PARTLY: Final = mark(
    "They are by road for {share} of the hexagons; for the others, where the road network does not reach, they are an "
    "estimate from straight-line distance (striped)."
)
_STRIPED: Final = mark("Striped: estimate")
_CELLS: Final = mark(
    "Each hexagon (about {km2} km²) shows the trip from its centre to the nearest of the clinics (white rings)."
)
_BLANK: Final = mark("No colour: farther, across water, the sea, a Great Lake or another country.")
_BLANK_BY_ROAD: Final = mark(
    "A trip starts with the way from the centre, a lake too, to the nearest road, at most 3 miles away. No colour: "
    "farther, no route, no such road, the sea, a Great Lake or another country."
)
# Degrees of longitude below which counties show where one is, and not states alone.
_NEAR_DEGREES: Final = 8.0


def area_notes(area: ReachedArea, pack: Pack) -> list[str]:
    """How the minutes were found and what they miss, what a hexagon is, and which data it stands on; in sentences."""
    methods = area.cells["method"].value_counts()
    by_road = [name for name in methods.index if not is_estimate(name)]
    said = [_method_words(by_road[0]) if by_road else say(_ESTIMATED)]
    if by_road and len(methods) > 1:
        said.append(say(_PARTLY, share=f"{methods[by_road].sum() / methods.sum():.0%}"))
    said += [missed for missed in map(left_out, by_road) if missed]
    said += [say(_CELLS, km2=_two_figures(average_km2(area.resolution))), say(_BLANK_BY_ROAD if by_road else _BLANK)]
    named = say("{title}; built {date}.", title=say(pack.manifest.title), date=pack.manifest.built_on)
    closed = say("A clinic that is not in our data may exist, and one that is may have closed or be full.")
    return [*said, " ".join([named, closed, *([say(_OSM)] if by_road else [])])]


def _two_figures(km2: float) -> str:
    return f"{float(f'{km2:.2g}'):,g}"


def _way_words(area: ReachedArea) -> str:
    """The engine and its profile; "estimate" where no road is in it."""
    methods = sorted(area.cells["method"].unique(), key=is_estimate)
    return method_words(methods[0])


def _method_words(method: str) -> str:
    return say(_BY_ROAD if is_driven(method) else _BY_PATH, method=method_words(method))


def area_picture(area: ReachedArea, title: str, notes: list[str]) -> str:
    """The area as SVG with its title, its legend, the clinics, towns, and `notes` under it."""
    states, counties = load_outlines()
    shapes = _by_limit(area)
    west, south, east, north = shapes.total_bounds.tolist()
    is_near = east - west < _NEAR_DEGREES
    striped = _striped(area)
    drawn = still_map(
        pd.Series(area.limits, index=[f"{limit:g}" for limit in area.limits]),
        shapes,
        counties if is_near else states,
        edges=area.limits,
        bounds=((south, west), (north, east)),
        clinics=area.clinics,
        shades=colours(len(area.limits), dark_is_high=False),
        border="none",
        label=title,
        towns=_towns(west, south, east, north),
        striped=striped,
    )
    return poster_svg(
        drawn,
        title=title,
        legend_title=say("Minutes to the nearest of the clinics, one way ({method})", method=_way_words(area)),
        names=class_names(area.limits, say("minutes"))[:-1],
        no_data=None,
        notes=notes,
        dark_is_high=False,
        striped=None if striped is None else say(_STRIPED),
    )


def area_file(form: str, area: ReachedArea, pack: Pack, title: str) -> bytes:
    """The area as a file; `form`: one of `FORMS`. Its rows are hexagons, as in `ReachedArea`."""
    if form == ".csv":
        said = {"pack": pack.name, "built_on": pack.manifest.built_on}
        credit = area.cells["method"].map(is_estimate).map({True: "", False: say(_OSM)})
        return csv_bytes(area.cells.assign(**said, attribution=credit))
    return _MAKE[form](area, title, area_notes(area, pack))


def _geojson(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    """As RFC 7946 has it: outer rings counterclockwise, parted at the 180th meridian, WGS 84."""
    outlines = shapely.set_precision(hexagon_shapes(area.cells["cell"]).geometry.to_numpy(), 1e-6)
    shapes = [json.loads(text) for text in shapely.to_geojson(shapely.orient_polygons(outlines))]
    told = area.cells.drop(columns=["latitude", "longitude"]).round({"minutes": 2})
    rows = json.loads(told.to_json(orient="records"))
    features = [
        {"type": "Feature", "id": row["cell"], "geometry": shape, "properties": row}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    about = {"type": "FeatureCollection", "title": title, "notes": notes, "features": features}
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()


def _svg(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    return area_picture(area, title, notes).encode()


def _png(area: ReachedArea, title: str, notes: list[str]) -> bytes:
    return poster_png(area_picture(area, title, notes))


_MAKE: Final[dict[str, Callable[[ReachedArea, str, list[str]], bytes]]] = {
    ".png": _png,
    ".svg": _svg,
    ".geojson": _geojson,
}
FORMS: Final = (*_MAKE, ".csv")


def _by_limit(area: ReachedArea) -> gpd.GeoDataFrame:
    """One shape for each limit that has hexagons: those between it and the limit before."""
    names = [f"{limit:g}" for limit in area.limits if (area.cells["within_minutes"] == limit).any()]
    within = area.cells["within_minutes"].map("{:g}".format)
    shapes = [_joined(area.cells.loc[within == name, "cell"]) for name in names]
    return gpd.GeoDataFrame({"limit": names, "state": ""}, geometry=shapes, crs="EPSG:4326")


def _joined(cells: pd.Series) -> shapely.Geometry:
    return shapely.coverage_union_all(hexagon_shapes(cells).geometry.to_numpy())


def _striped(area: ReachedArea) -> gpd.GeoSeries | None:
    """In an area by road, the hexagons that are not; None: there are none, or all are estimates."""
    by_road = ~area.cells["method"].map(is_estimate)
    if by_road.all() or not by_road.any():
        return None
    return gpd.GeoSeries([_joined(area.cells.loc[~by_road, "cell"])], crs="EPSG:4326")


def _towns(west: float, south: float, east: float, north: float) -> pd.DataFrame:
    """The towns between these degrees, the largest first."""
    towns = load_gazetteer().towns
    here = towns["latitude"].between(south, north) & towns["longitude"].between(west, east)
    return towns[here & towns["population"].notna()].sort_values("population", ascending=False, kind="stable")
