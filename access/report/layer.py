"""A view by county or hexagon as a table with shapes: what a map draws, a file holds and a table reads out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.language import mark, say
from access.maps import SIZE_STEPS, class_names, poster_svg, still_map, values_by_shape
from access.maps.palette import NO_DATA_TEXT
from access.places.hexagons import hexagon_shapes, hexagons_of
from access.report.view import SHOWN, View, area_values, view_title, view_unit
from access.sources.atlas import shape_of_county

By = Literal["county", "hexagon"]
BYS: Final[tuple[By, ...]] = ("county", "hexagon")
# Of a hexagon's width, by how many people live there, as static/map.js draws it too.
_SIZES: Final = (0.3, 0.5, 0.7, 0.92)
_MOST_HEXAGONS: Final = 2_500
_COARSEST, _FINEST = 4, 6


@dataclass(frozen=True, eq=False)
class AreaLayer:
    """A view summed up by area: `table` as `area_values` gives it, with `name` and `state` after the code.

    `state`: the one that is shown; None: the nation. `is_part`: nothing but the table's own areas is shown.
    `resolution`: of the hexagons; None: counties.
    """

    view: View
    by: By
    table: pd.DataFrame
    state: str | None
    is_part: bool = False
    resolution: int | None = None

    @property
    def codes(self) -> pd.DataFrame:
        """The table by code."""
        return self.table.set_index(self.by)


def hexagons_shown(people: pd.DataFrame) -> tuple["pd.Series[str]", int]:
    """The cell of each place in the finest grid of at most 2,500 cells with people, and its resolution.

    Finest: about 36 km2 a cell. Coarsest: about 1,770 km2, however many they are.
    """
    finest = hexagons_of(people, _FINEST)
    resolution = _FINEST
    cells = finest
    while resolution > _COARSEST and cells.nunique() > _MOST_HEXAGONS:
        resolution -= 1
        cells = hexagons_of(people, resolution)
    return cells, resolution


def area_layer(
    values: "pd.Series[float]",
    people: pd.DataFrame,
    view: View,
    by: By,
    counties: gpd.GeoDataFrame,
    *,
    state: str | None = None,
    is_part: bool = False,
    cells: "tuple[pd.Series[str], int] | None" = None,
) -> AreaLayer:
    """The view by county or hexagon. `people`: of `view_people`; `cells`: of `hexagons_shown`, if at hand.

    Raises
    ------
    TableError: `values` lacks a place of `people`.
    """
    if by == "hexagon":
        of_place, resolution = cells or hexagons_shown(people)
        table = area_values(values, people.assign(hexagon=of_place), view, "hexagon")
        table.insert(1, "name", "")
        first = people.assign(hexagon=of_place).drop_duplicates("hexagon").set_index("hexagon")["state"]
        table.insert(2, "state", first.reindex(table["hexagon"]).to_numpy())
        return AreaLayer(view, by, table, state, is_part, resolution)
    table = area_values(values, people, view, "county")
    named = counties.set_index("county").loc[shape_of_county(table["county"]).tolist()]
    table.insert(1, "name", named["name"].to_numpy())
    table.insert(2, "state", named["state"].to_numpy())
    return AreaLayer(view, by, table, state, is_part)


def layer_shapes(layer: AreaLayer, counties: gpd.GeoDataFrame, *, sized: bool = False) -> gpd.GeoDataFrame:
    """The shape of each row of the layer, in its order: code, `state`, `geometry`.

    `sized`: hexagons as large as the class of their people, for pictures; else whole cells.
    """
    table = layer.table
    if layer.by == "county":
        shapes = counties.set_index("county").loc[shape_of_county(table["county"]).tolist(), "geometry"]
        geometry = np.asarray(shapes.to_numpy(), object)
    else:
        geometry = np.asarray(hexagon_shapes(table["hexagon"]).geometry.to_numpy(), object)
    if sized and layer.by == "hexagon":
        steps = np.searchsorted(SIZE_STEPS, table["people"].to_numpy(float), side="right")
        geometry = np.array([_shrunk(one, _SIZES[step]) for one, step in zip(geometry, steps, strict=True)], object)
    return gpd.GeoDataFrame(table[[layer.by, "state"]], geometry=geometry, crs="EPSG:4326")


def _shrunk(shape: shapely.Geometry, factor: float) -> shapely.Geometry:
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    return shapely.transform(shape, lambda corners: middle + (corners - middle) * factor)


def layer_map(
    layer: AreaLayer,
    states: gpd.GeoDataFrame,
    counties: gpd.GeoDataFrame,
    *,
    clinics: pd.DataFrame | None = None,
) -> str:
    """The layer as a still map without words, SVG."""
    shown, values = SHOWN[layer.view.show], layer.codes["value"]
    bounds = None
    if layer.is_part:
        west, south, east, north = layer_shapes(layer, counties).total_bounds.tolist()
        bounds = (south, west), (north, east)
    if layer.by == "county":
        areas, border = counties if layer.state is None else counties[counties["state"] == layer.state], "#fff"
        values = values_by_shape(values, counties)
        areas = areas[areas["county"].isin(values.index)] if layer.is_part else areas
    else:
        areas, border = layer_shapes(layer, counties, sized=True), "#5f6368"
    return still_map(
        values,
        areas,
        states,
        edges=shown.edges,
        state=layer.state,
        bounds=bounds,
        clinics=clinics,
        dark_is_high=shown.dark_is_high,
        border=border,
    )


def layer_poster(layer: AreaLayer, drawn: str, title: str, notes: Sequence[str]) -> str:
    """The map of `layer_map` with its title, its classes explained, and notes."""
    shown = SHOWN[layer.view.show]
    return poster_svg(
        drawn,
        title=title,
        legend_title=view_title(layer.view),
        names=class_names(shown.edges, view_unit(layer.view)),
        no_data=say(NO_DATA_TEXT),
        notes=[*([] if layer.by == "county" else [say(HEXAGON_NOTE)]), *notes],
        dark_is_high=shown.dark_is_high,
    )


HEXAGON_NOTE: Final = mark(
    "Only hexagons with people are drawn, larger where more live: up to 100, 1,000, 10,000 people, and more."
)
