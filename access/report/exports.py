"""What a page or a command hands over as a file: CSV and GeoJSON."""

import re
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from access.sources.atlas import shape_of_county

# A spreadsheet runs a cell that begins so; a bare signed number or telephone number is none.
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*$)")


def labelled(
    table: pd.DataFrame, about: Mapping[str, str | int], outlines: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """The table with what its figures are in columns of their own, so that a file speaks for itself.

    `about`: treatment, unit, pack and the like, the same in every row. `outlines`: names for a `county` column.
    """
    said = table.assign(**{name: str(value) for name, value in about.items()}, is_estimate=True)
    if outlines is None:
        return said
    names = outlines.set_index("county")[["name", "state"]].reindex(shape_of_county(table["county"]))
    said.insert(1, "county_name", names["name"].to_numpy())
    said.insert(2, "state", names["state"].to_numpy())
    return said


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 CSV with a header; missing is an empty cell, and no cell is a formula."""
    return inert(table).to_csv(index=False, lineterminator="\n").encode()


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would run (OWASP, CSV injection)."""
    texts = table.select_dtypes(["object", "str"]).map(_inert)
    safe = table.copy()
    safe[texts.columns] = texts
    return safe


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def counties_geojson(table: pd.DataFrame, outlines: gpd.GeoDataFrame) -> bytes:
    """One feature per row of `table` that has a `county`, with its outline and all its columns as properties.

    Two counties that share one 2017 outline (02063 and 02066 in Alaska) are two features with the same outline.

    Raises
    ------
    ValueError: a county has no outline.
    """
    shape = shape_of_county(table["county"])
    geometry = outlines.set_index("county")["geometry"].reindex(shape)
    if geometry.isna().any():
        raise ValueError(f"County {shape[geometry.isna().to_numpy()].iloc[0]} has no outline; use Census 2020 codes.")
    features = gpd.GeoDataFrame(table.reset_index(drop=True), geometry=geometry.to_numpy(), crs=outlines.crs)
    return features.to_json(drop_id=True).encode()
