"""Points on the map: clinics, the place of search, what a scenario opens and closes."""

from typing import Any, Final, Literal

import pandas as pd

from access.maps.browser_map import MapLayer
from access.maps.escape import safe_link

PointKind = Literal["clinic", "origin", "added", "closed"]

_MANY_POINTS: Final = 60
_FEW_RADIUS_PX = 14
_MANY_RADIUS_PX = 40


def points_layer(points: pd.DataFrame, *, kind: PointKind = "clinic") -> MapLayer:
    """A marker per row; clinics that would cover one another are drawn as their number, and part when clicked.

    Parameters
    ----------
    points: `latitude`, `longitude`, `name`; and if there: `number` (shown on the marker),
        `details` (text, a line each), `website`, `location_precision` (zip and city get a dashed edge).

    Raises
    ------
    ValueError
        A row has no coordinates.
    """
    if points[["latitude", "longitude"]].isna().to_numpy().any():
        raise ValueError("A point without coordinates cannot be drawn; leave it out of the map and say so beside it.")
    rows = [dict(zip(points.columns, row, strict=True)) for row in points.itertuples(index=False, name=None)]
    radius = _MANY_RADIUS_PX if len(rows) >= _MANY_POINTS else _FEW_RADIUS_PX
    content = {"kind": kind, "pane": "markerPane", "radius": radius if kind == "clinic" else 0}
    return MapLayer("points", {**content, "points": [_point_row(row) for row in rows]})


def _point_row(row: dict[str, Any]) -> list[Any]:
    """Place, name, whether the place is vague, the sign (None: that of the kind), lines of details, link; by position,
    since there are hundreds of them."""
    number = row.get("number")
    details = row.get("details")
    return [
        round(float(row["latitude"]), 5),
        round(float(row["longitude"]), 5),
        str(row["name"]),
        int(row.get("location_precision") in ("zip", "city")),
        None if number is None or pd.isna(number) else str(number),
        details if isinstance(details, str) else "",
        safe_link(row.get("website")),
    ]
