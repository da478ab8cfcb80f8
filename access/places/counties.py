"""Which county a point lies in: point in polygon, else the nearest county of its state."""

import geopandas as gpd
import pandas as pd

_EQUAL_AREA = "EPSG:5070"


def county_of(points: pd.DataFrame, counties: gpd.GeoDataFrame) -> "pd.Series[str]":
    """The 5-digit county of each point, always one of the point's own `state`; on the index of `points`.

    Parameters
    ----------
    points: `latitude`, `longitude`, `state`, for every state of which `counties` has an outline.
    counties: `county`, `state`, `geometry` (EPSG:4326).
    """
    shapes = counties[["county", "state", "geometry"]].to_crs(_EQUAL_AREA)
    where = gpd.GeoDataFrame(
        {"state": points["state"]},
        geometry=gpd.points_from_xy(points["longitude"], points["latitude"], crs="EPSG:4326"),
        index=points.index,
    ).to_crs(_EQUAL_AREA)
    parts = [
        gpd.sjoin_nearest(
            gpd.GeoDataFrame(group), shapes.loc[shapes["state"] == state, ["county", "geometry"]], how="left"
        )
        for state, group in where.groupby("state")
    ]
    found = pd.concat(parts)["county"]
    # A point on a border is as near to two counties: the first by code.
    return found.groupby(level=0).min().reindex(points.index)
