"""A person's GeoJSON of points as rows of text: properties are columns, the point is latitude and longitude."""

import json
from typing import Any, Final

from access.errors import SourceError
from access.sources.lists.any_csv import NumberedRows

GEOMETRY: Final = "geometry"
_POINT: Final = ("longitude", "latitude")
_DEGREES: Final = ("CRS84", "4326", "4269")


def read_features(content: bytes, name: str) -> tuple[NumberedRows, list[str]]:
    """The features as rows, numbered from 1, after a first row 0 of column names; and what to know of them.

    A feature without geometry has no coordinates; one whose geometry is no point has what it is instead in the column
    `GEOMETRY`. Numbers stay as they are written, NaN too.

    Raises
    ------
    SourceError
        It is no JSON, no FeatureCollection, empty, or not in degrees.
    """
    features = _features_of(_parse_json(content, name), name)
    told = [_cells_of(one) for one in features]
    columns = list(dict.fromkeys(column for cells in told for column in cells))
    return [(0, columns), *((row, [cells.get(one, "") for one in columns]) for row, cells in enumerate(told, 1))], []


def _parse_json(content: bytes, name: str) -> Any:
    try:
        # As text: a number may be too long for any, and NaN is no number.
        return json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as failure:
        raise SourceError(
            f"{name} is not JSON that is whole, or is nested too deep. Export it again as GeoJSON (UTF-8)."
        ) from failure


def _features_of(given: Any, name: str) -> list[Any]:
    kind = given.get("type") if isinstance(given, dict) else type(given).__name__
    features = given.get("features") if isinstance(given, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise SourceError(f"{name} is JSON, but no FeatureCollection (its type is {str(kind)[:40]!r}).")
    if not features:
        raise SourceError(f"{name} has no features in it; export it again with its points.")
    system = given.get("crs")
    if system and not any(sign in json.dumps(system) for sign in _DEGREES):
        raise SourceError(f"{name} is not in degrees of latitude and longitude (EPSG:4326); export it so.")
    return features


def _cells_of(feature: Any) -> dict[str, str]:
    """A feature's properties by name, and its point; its own coordinates count more than properties called so."""
    whole = feature if isinstance(feature, dict) else {GEOMETRY: {"type": f"no feature: {_text_of(feature)}"}}
    properties = whole.get("properties")
    told = {str(key): _text_of(cell) for key, cell in properties.items()} if isinstance(properties, dict) else {}
    geometry = whole.get(GEOMETRY)
    if not geometry:
        return told
    told = {key: cell for key, cell in told.items() if key.lower() not in (*_POINT, GEOMETRY)}
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind != "Point" or not isinstance(coordinates, list) or len(coordinates) not in (2, 3):
        return {**told, GEOMETRY: _text_of(kind) or "empty"}
    return {**told, **dict(zip(_POINT, map(_text_of, coordinates), strict=False))}


def _text_of(cell: Any) -> str:
    """A value as a person reads it; several are joined by |, true and false are yes and no, null is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list) and all(isinstance(one, str) for one in cell):
        return "|".join(" ".join(one.split()) for one in cell)
    return " ".join((cell if isinstance(cell, str) else json.dumps(cell)).split())
