"""Still pictures of counties, for briefs and downloads: PNG, the same bytes for the same input."""

import io
from collections.abc import Sequence
from typing import Final, Literal

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from pyproj import CRS

from access.errors import PlaceError
from access.language import say
from access.maps.choropleth import values_by_shape
from access.maps.palette import NO_DATA_TEXT, class_names, classes, colours
from access.vocabulary import STATE_OF_FIPS

# Where each part of the nation stands in the figure (left, bottom, width, height), and its equal-area projection.
_ALBERS: Final = "+proj=aea +lat_1={} +lat_2={} +lat_0={} +lon_0={} +datum=NAD83"
_PARTS: Final[dict[str, tuple[tuple[float, float, float, float], str]]] = {
    "AK": ((0.01, 0.1, 0.26, 0.24), _ALBERS.format(55, 65, 50, -154)),
    "HI": ((0.27, 0.1, 0.14, 0.13), _ALBERS.format(8, 18, 13, -157)),
    "PR": ((0.82, 0.1, 0.12, 0.08), _ALBERS.format(18, 18.4, 17.8, -66.4)),
}
_LOWER_48: Final = ((0.02, 0.12, 0.96, 0.74), _ALBERS.format(29.5, 45.5, 37.5, -96))
_WHOLE: Final = (0.02, 0.1, 0.68, 0.8)


def county_picture(
    values: pd.Series,
    states: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    *,
    edges: Sequence[float],
    unit: str,
    title: str,
    footer: str,
    state: str | None = None,
    dark_is_high: bool = True,
) -> bytes:
    """A PNG of the counties of the nation, with Alaska, Hawaii and Puerto Rico inset, or of one state.

    Parameters
    ----------
    values, edges, state: as in `access.maps.county_layer`.
    states, counties: as from `access.places.outlines.load_outlines`.
    footer: source, date, and that an estimate is one; it stands under the map.

    Raises
    ------
    PlaceError: there is no such state.
    ValueError: as in `county_layer`.
    """
    painted = counties.assign(fill=_fills(values, counties, edges, dark_is_high))
    figure = Figure(figsize=(10, 6.6), dpi=150, facecolor="white")
    if state is None:
        _draw_nation(figure, painted, states)
    else:
        _draw_state(figure, painted, states, state)
    _add_words(figure, title, footer)
    _add_legend(figure, class_names(edges, unit), dark_is_high, columns=4 if state is None else 1)
    return _png(figure)


def _fills(values: pd.Series, counties: gpd.GeoDataFrame, edges: Sequence[float], dark_is_high: bool) -> list[str]:
    shades = colours(len(edges) + 1, dark_is_high=dark_is_high)
    by_county = values_by_shape(values, counties).reindex(counties["county"])
    return [shades[one] or "none" for one in classes(by_county, edges)]


def _draw_nation(figure: Figure, painted: gpd.GeoDataFrame, states: gpd.GeoDataFrame) -> None:
    mainland = [usps for usps in STATE_OF_FIPS.values() if usps not in _PARTS]
    for chosen, (place, projection) in [(mainland, _LOWER_48), *(([usps], part) for usps, part in _PARTS.items())]:
        axes = figure.add_axes(place)
        _draw(axes, painted[painted["state"].isin(chosen)], states[states["state"].isin(chosen)], projection)


def _draw_state(figure: Figure, painted: gpd.GeoDataFrame, states: gpd.GeoDataFrame, state: str) -> None:
    chosen = states[states["state"] == state]
    if chosen.empty:
        raise PlaceError(f"There is no outline for the state '{state}'. Use a two-letter code such as MT.")
    centre = chosen.geometry.iloc[0].representative_point()
    local = f"+proj=laea +lat_0={centre.y:.4f} +lon_0={centre.x:.4f} +datum=WGS84"
    _draw(figure.add_axes(_WHOLE), painted[painted["state"] == state], chosen, local)


def _draw(axes: Axes, counties: gpd.GeoDataFrame, states: gpd.GeoDataFrame, projection: str) -> None:
    crs = CRS.from_user_input(projection)
    drawn = counties.to_crs(crs)
    known, unknown = drawn[drawn["fill"] != "none"], drawn[drawn["fill"] == "none"]
    if len(known):
        known.plot(ax=axes, color=known["fill"], edgecolor="white", linewidth=0.2)
    if len(unknown):
        unknown.plot(ax=axes, facecolor="#e6e6e6", edgecolor="#767676", hatch="////", linewidth=0.2)
    states.to_crs(crs).boundary.plot(ax=axes, color="#5f6368", linewidth=0.5)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _add_words(figure: Figure, title: str, footer: str) -> None:
    figure.text(0.02, 0.95, title, fontsize=14, fontweight="bold", va="center", parse_math=False, wrap=True)
    figure.text(0.02, 0.02, footer, fontsize=8, color="#333333", va="bottom", parse_math=False, wrap=True)


def _add_legend(figure: Figure, names: list[str], dark_is_high: bool, *, columns: int) -> None:
    shades = colours(len(names), dark_is_high=dark_is_high)
    patches = [
        Patch(facecolor=shades[str(one)] or "none", edgecolor="#5f6368", label=name) for one, name in enumerate(names)
    ]
    patches.append(Patch(facecolor="#e6e6e6", edgecolor="#767676", hatch="////", label=say(NO_DATA_TEXT)))
    # Above the nation; to the right of a state.
    corner: Literal["upper left", "center left"] = "upper left" if columns > 1 else "center left"
    place = (0.02, 0.925) if columns > 1 else (0.7, 0.5)
    figure.legend(handles=patches, loc=corner, bbox_to_anchor=place, ncols=columns, fontsize=8, frameon=False)


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    FigureCanvasAgg(figure).print_png(picture, metadata={"Software": None})
    return picture.getvalue()
