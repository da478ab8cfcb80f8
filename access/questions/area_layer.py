"""A view by county or hexagon: the one table that a map draws, a file holds and a table reads out."""

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from access.places.hexagons import hexagons_of
from access.questions.view import View, area_values
from access.sources.us_atlas import shape_of_county

AreaUnit = Literal["county", "hexagon"]
AREA_UNITS: Final[tuple[AreaUnit, ...]] = ("county", "hexagon")
_MOST_HEXAGONS: Final = 2_500
_COARSEST = 4
_FINEST = 6


@dataclass(frozen=True, eq=False)
class AreaLayer:
    """A view summed up by area: `table` as `area_values` gives it, with `name` and `state` after the code.

    `state`: the one that is shown; None: the nation. `is_part`: nothing but the table's own areas is shown.
    `resolution`: of the hexagons; None: counties.
    """

    view: View
    by: AreaUnit
    table: pd.DataFrame
    state: str | None
    is_part: bool = False
    resolution: int | None = None

    @property
    def codes(self) -> pd.DataFrame:
        """The table by code."""
        return self.table.set_index(self.by)


def hexagons_to_show(people: pd.DataFrame) -> tuple["pd.Series[str]", int]:
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
    by: AreaUnit,
    counties: gpd.GeoDataFrame,
    *,
    state: str | None = None,
    is_part: bool = False,
    cells: "tuple[pd.Series[str], int] | None" = None,
) -> AreaLayer:
    """The view by county or hexagon. `people`: of `view_people`; `cells`: of `hexagons_to_show`, if at hand.

    Raises
    ------
    TableError
        `values` lacks a place of `people`.
    """
    if by == "hexagon":
        of_place, resolution = cells or hexagons_to_show(people)
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
