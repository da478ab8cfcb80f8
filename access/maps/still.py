"""Still maps as SVG: the nation with Alaska, Hawaii and Puerto Rico inset, a state among its neighbours, or an area."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape as escape_xml
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from access.maps.bounds import Bounds, bounds_of
from access.maps.labels import scale_bar_svg, town_names_svg
from access.maps.palette import NO_DATA, class_colors, classify_values
from access.vocabulary import STATE_OF_FIPS

PaperBox = tuple[float, float, float, float]

_ALBERS: Final = "+proj=aea +lat_1={} +lat_2={} +lat_0={} +lon_0={} +datum=NAD83"
_INSETS: Final = ("AK", "HI", "PR")
# Where each part of the nation stands in a picture of 1000 by 640 (left, top, width, height), and its projection.
_NATION_FRAMES: Final[dict[str, tuple[PaperBox, str]]] = {
    "": ((10, 10, 980, 540), _ALBERS.format(29.5, 45.5, 37.5, -96)),
    "AK": ((10, 465, 250, 165), _ALBERS.format(55, 65, 50, -154)),
    "HI": ((275, 545, 130, 85), _ALBERS.format(8, 18, 13, -157)),
    "PR": ((860, 570, 120, 60), _ALBERS.format(18, 18.4, 17.8, -66.4)),
}
_NATION_SIZE: Final = (1000.0, 640.0)
_LONGEST_SIDE: Final = 1000.0
_MARGIN: Final = 0.04
_LAND = "#f4f4f2"
_WATER = "#ffffff"
_BORDER = "#5f6368"
_INK = "#1a1a1a"
_STRIPES: Final = (
    '<defs><pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<path stroke="#fff" stroke-width="1.6" d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6"/></pattern></defs>'
)
# How a clinic is marked, told apart by its form and not by a colour alone; what comes later lies on top.
_MARKS: Final[dict[str, str]] = {
    "kept": f'<g fill="#fff" stroke="{_INK}" stroke-width="2" data-clinics="{{}}">{{}}</g>',
    "closed": f'<g fill="none" stroke="{_INK}" stroke-width="4" data-clinics="{{}}">{{}}</g>',
    "opened": f'<g fill="{_INK}" stroke="#fff" stroke-width="1.5" data-clinics="{{}}">{{}}</g>',
}


@dataclass(frozen=True, eq=False)
class _Frame:
    """One part of the picture: which states it shows, the projection, and where on the paper it stands."""

    states: frozenset[str]
    project: Transformer
    scale: float
    shift: tuple[float, float]

    def on_paper(self, shape: NDArray[np.object_]) -> NDArray[np.object_]:
        """The shapes, in degrees, as they lie on the paper."""

        def place(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            x, y = self.project.transform(degrees[:, 0], degrees[:, 1])
            return np.column_stack([x * self.scale + self.shift[0], self.shift[1] - y * self.scale])

        return np.asarray(shapely.transform(shape, place))


@dataclass(frozen=True, eq=False)
class _Painting:
    """What is drawn in every part of the picture: areas by their class, what a browser says of them, clinics."""

    areas: gpd.GeoDataFrame
    states: gpd.GeoDataFrame
    classes: Mapping[str, str]
    shades: Mapping[str, str | None]
    border: str
    titles: Mapping[str, str]
    clinics: pd.DataFrame | None


def still_map(
    values: pd.Series,
    areas: gpd.GeoDataFrame,
    states: gpd.GeoDataFrame,
    *,
    edges: Sequence[float],
    state: str | None = None,
    bounds: Bounds | None = None,
    clinics: pd.DataFrame | None = None,
    titles: Mapping[str, str] | None = None,
    dark_is_high: bool = True,
    shades: Mapping[str, str | None] | None = None,
    border: str = "#fff",
    label: str = "",
    towns: pd.DataFrame | None = None,
    striped: gpd.GeoSeries | None = None,
) -> str:
    """An SVG picture of `areas` in the colours of their values, without words: the same text for the same input.

    Each area is a path with the id `a<code>` in a group whose `data-class` is its class (`x`: no data, hatched).

    Parameters
    ----------
    values: by code; NaN and codes that it lacks: no data; infinity: beyond every edge.
    areas: the code in the first column, `state` (USPS; needed for the nation), `geometry` in EPSG:4326.
    states: as `access.places.outlines.load_outlines` gives them.
    state: a USPS code: that state and what lies around it. bounds: south-west and north-east of what is shown instead.
        Neither: the nation.
    shades: the colour of each class; None: cividis. border: the colour between areas.
    label: what the picture shows, for people who hear it.
    clinics: `latitude`, `longitude` of points drawn on top; `state` for the nation; `change`, if there is one: kept
        (a ring), closed (a cross) or opened (a black diamond). titles: what a browser says of an area, by code.
    towns: `name`, `latitude`, `longitude`, the most important first, to be named as far as there is room, with a bar
        for the scale; not for the nation. striped: shapes over which stripes are laid; not for the nation.

    Raises
    ------
    PlaceError
        There is no such state.
    ValueError
        `edges` do not rise.
    """
    classes = dict(zip(areas.iloc[:, 0], classify_values(values.reindex(areas.iloc[:, 0]), edges), strict=True))
    painting = _Painting(
        areas=areas,
        states=states,
        classes=classes,
        shades=shades or class_colors(len(edges) + 1, dark_is_high=dark_is_high),
        border=border,
        titles=titles or {},
        clinics=clinics,
    )
    size, frames = _frames_of(states, state, bounds)
    parts = [_frame_svg(frame, painting, is_inset=len(frames) > 1) for frame in frames]
    if striped is not None:
        laid = "".join(_path_svg(one) for one in frames[0].on_paper(np.asarray(striped.to_numpy(), object)))
        parts.append(f'{_STRIPES}<g fill="url(#stripes)">{laid}</g>')
    if towns is not None:
        parts.append(_town_words(frames[0], towns, clinics, size))
    named = f' aria-label="{escape_xml(label)}"' if label else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img"{named}>'
        '<defs><pattern id="nodata" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path fill="#e6e6e6" d="M0 0h6v6h-6z"/><path stroke="#767676" d="M-1 7 7 -1"/></pattern></defs>'
        f'<path fill="{_WATER}" d="M0 0h{size[0]:g}v{size[1]:g}h-{size[0]:g}z"/>{"".join(parts)}</svg>'
    )


def _frames_of(
    states: gpd.GeoDataFrame, state: str | None, bounds: Bounds | None
) -> tuple[tuple[float, float], list[_Frame]]:
    """The size of the picture and its parts."""
    if state is None and bounds is None:
        return _NATION_SIZE, [_inset_frame(states, part, box, crs) for part, (box, crs) in _NATION_FRAMES.items()]
    (south, west), (north, east) = bounds or bounds_of(states, state)
    middle = CRS.from_user_input(
        f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +datum=WGS84"
    )
    project = Transformer.from_crs("EPSG:4326", middle, always_xy=True)
    shown = [shapely.segmentize(shapely.box(west, south, east, north), 0.25)]
    if state and bounds is None:
        shown = states.loc[states["state"] == state, "geometry"].tolist()
    left, low, right, high = _extent(project, np.array(shown))
    size = _paper_size(right - left, high - low)
    return size, [_fit_frame(frozenset(), project, (left, low, right, high), (0, 0, *size))]


def _paper_size(wide: float, high: float) -> tuple[float, float]:
    """Width and height on paper, the longer one 1000; a strip is given some breadth."""
    scale = _LONGEST_SIDE / max(wide, high)
    return max(wide * scale, _LONGEST_SIDE * 0.4), max(high * scale, _LONGEST_SIDE * 0.4)


def _inset_frame(states: gpd.GeoDataFrame, part: str, box: PaperBox, crs: str) -> _Frame:
    shown = frozenset([part] if part else set(STATE_OF_FIPS.values()) - set(_INSETS))
    project = Transformer.from_crs("EPSG:4326", CRS.from_user_input(crs), always_xy=True)
    return _fit_frame(
        shown, project, _extent(project, _geometry_array(states[states["state"].isin(shown)])), box, margin=0.0
    )


def _extent(project: Transformer, shapes: NDArray[np.object_]) -> PaperBox:
    degrees = shapely.get_coordinates(shapes)
    x, y = project.transform(degrees[:, 0], degrees[:, 1])
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _fit_frame(
    shown: frozenset[str], project: Transformer, extent: PaperBox, box: PaperBox, margin: float = _MARGIN
) -> _Frame:
    left, low, right, high = extent
    at, top, wide, tall = box
    scale = (1 - 2 * margin) * min(wide / (right - left), tall / (high - low))
    across = at + wide / 2 - scale * (left + right) / 2
    down = top + tall / 2 + scale * (low + high) / 2
    return _Frame(shown, project, scale, (across, down))


def _frame_svg(frame: _Frame, painting: _Painting, *, is_inset: bool) -> str:
    """One part of the picture; `is_inset`: it shows its own states and nothing around them."""
    areas = painting.areas
    clinics = painting.clinics
    if is_inset:
        areas = areas[areas["state"].isin(frame.states)]
        land = painting.states[painting.states["state"].isin(frame.states)]
        clinics = None if clinics is None else clinics[clinics["state"].isin(frame.states)]
    else:
        land = _states_near(painting.states, areas)
    outlines = frame.on_paper(_geometry_array(land))
    drawn = dict(zip(areas.iloc[:, 0], frame.on_paper(_geometry_array(areas)), strict=True))
    pieces = [f'<g fill="{_LAND}">{"".join(_path_svg(one) for one in outlines)}</g>']
    for name in sorted(set(painting.classes.values())):
        fill = "url(#nodata)" if name == NO_DATA else painting.shades[name]
        paths = "".join(
            _path_svg(shape, code, painting.titles.get(code))
            for code, shape in drawn.items()
            if painting.classes[code] == name
        )
        pieces.append(f'<g data-class="{name}" fill="{fill}" stroke="{painting.border}" stroke-width=".4">{paths}</g>')
    borders = "".join(_path_svg(one) for one in outlines)
    pieces.append(f'<g fill="none" stroke="{_BORDER}" stroke-width="1">{borders}</g>')
    if clinics is not None:
        pieces.append(_clinic_points(frame, clinics))
    return "".join(pieces)


def _states_near(states: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The states near the areas: those farther off would be bent out of shape by a local projection."""
    west, south, east, north = areas.total_bounds
    near = shapely.intersects(_geometry_array(states), shapely.box(west - 3, south - 3, east + 3, north + 3))
    return states[near]


def _clinic_points(frame: _Frame, clinics: pd.DataFrame) -> str:
    if clinics.empty:
        return ""
    spots = frame.on_paper(np.asarray(shapely.points(clinics["longitude"], clinics["latitude"])))
    places = shapely.get_coordinates(spots).round(1)
    changes = clinics["change"].to_numpy() if "change" in clinics else np.full(len(clinics), "kept")
    return "".join(_marks_svg(change, np.unique(places[changes == change], axis=0).tolist()) for change in _MARKS)


def _town_words(frame: _Frame, towns: pd.DataFrame, clinics: pd.DataFrame | None, size: tuple[float, float]) -> str:
    def spots(table: pd.DataFrame) -> list[tuple[float, float]]:
        points = np.asarray(shapely.points(table["longitude"], table["latitude"]))
        return [(x, y) for x, y in shapely.get_coordinates(frame.on_paper(points)).tolist()]

    named = list(zip(spots(towns), towns["name"], strict=True))
    return town_names_svg(named, size, [] if clinics is None else spots(clinics)) + scale_bar_svg(
        frame.scale * 1000, size
    )


def _marks_svg(change: str, places: Sequence[tuple[float, float]]) -> str:
    form = "" if change == "kept" else change
    return _MARKS[change].format(form, "".join(_mark_shape(change, x, y) for x, y in places)) if places else ""


def _mark_shape(change: str, x: float, y: float) -> str:
    if change == "kept":
        return f'<circle cx="{x:g}" cy="{y:g}" r="4.5"/>'
    arms = "m-7 -7 14 14m0 -14 -14 14" if change == "closed" else "m0 -11 9 11 -9 11 -9 -11z"
    return f'<path d="M{x:g} {y:g}{arms}"/>'


def mark_svg(change: str) -> str:
    """The mark of a clinic that is kept, closed or opened, as a small picture for the legend."""
    drawn = _marks_svg(change, [(12, 12)])
    size = 'viewBox="0 0 24 24" width="16" height="16"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{drawn}</svg>'


def _path_svg(shape: shapely.Geometry, code: str | None = None, title: str | None = None) -> str:
    lines = "".join(_ring_paths(shape))
    named = f' id="a{escape_xml(code)}"' if code else ""
    told = f"><title>{escape_xml(title)}</title></path>" if title else "/>"
    return f'<path{named} d="{lines}"{told}' if lines else ""


def _ring_paths(shape: shapely.Geometry) -> Iterator[str]:
    """Each ring of the shape to a tenth of a unit; what is smaller than that is left out."""
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            corners = shapely.get_coordinates(ring).round(1)
            moves = np.any(np.diff(corners, axis=0) != 0, axis=1)
            kept = corners[:-1][moves]
            if len(kept) > 2:
                yield "M" + " ".join(f"{x:g},{y:g}" for x, y in kept.tolist()) + "z"


def _geometry_array(table: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(table.geometry.to_numpy(), object)
