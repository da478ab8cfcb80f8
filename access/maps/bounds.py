"""What part of the world a map shows: the bounds of a state or the nation."""

from typing import Final

import geopandas as gpd

from access.errors import PlaceError

Bounds = tuple[tuple[float, float], tuple[float, float]]


NATION_BOUNDS: Final[Bounds] = ((24.4, -125.0), (49.6, -66.5))


def bounds_of(states: gpd.GeoDataFrame, state: str | None) -> Bounds:
    """South-west and north-east of a state (USPS code) in `states`; None: of the lower 48 states.

    Raises
    ------
    PlaceError
        `states` has no such state.
    """
    if state is None:
        return NATION_BOUNDS
    found = states.loc[states["state"] == state, "geometry"].explode()
    if found.empty:
        raise PlaceError(f"There is no outline for the state '{state}'. Use a two-letter code such as MT.")
    box = found.bounds
    # The Aleutians beyond 180 degrees are drawn to the west of the others.
    turn = (
        box["minx"].where(box["minx"] <= 0, box["minx"] - 360),
        box["maxx"].where(box["maxx"] <= 0, box["maxx"] - 360),
    )
    return (float(box["miny"].min()), float(turn[0].min())), (float(box["maxy"].max()), float(turn[1].max()))
