"""The ZIPs and towns that ship, made from GeoNames and the list of ZIP codes."""

import numpy as np
import pandas as pd

from access.geo import great_circle_km
from access.places.gazetteer.names import name_key
from access.tables import TOWNS, ZIPS, check_table

_POINT = ["latitude", "longitude"]
_DECIMALS = 4  # about 10 m


def town_table(places: pd.DataFrame, zips: pd.DataFrame) -> pd.DataFrame:
    """Towns as the contract TOWNS: GeoNames entries, then names that only the post office knows.

    The latter stand at the first standard ZIP of that name, else the first ZIP; their population is not known
    (NaN).

    Parameters
    ----------
    places, zips: as `access.sources.geonames.read_places`, `access.sources.zip_codes.read_zips`.
    """
    known = places.assign(key=places["name"].map(name_key))[["name", "state", *_POINT, "population", "key"]]
    with_point = zips.dropna(subset="latitude")
    own = with_point.rename(columns={"city": "name"})
    others = with_point.assign(name=with_point["other_cities"].str.split("|")).explode("name")
    named = pd.concat([own, others[others["name"] != ""]]).assign(population=np.nan)
    named["key"] = named["name"].map(name_key)
    named = named.sort_values(["kind", "zip"], key=lambda column: column.replace("standard", "")).drop_duplicates(
        ["key", "state"]
    )
    new = named[
        ~pd.MultiIndex.from_frame(named[["key", "state"]]).isin(pd.MultiIndex.from_frame(known[["key", "state"]]))
    ]
    towns = pd.concat([known, new]).sort_values(["state", "key", "latitude", "longitude"], kind="stable")
    towns[_POINT] = towns[_POINT].round(_DECIMALS)
    return check_table(towns, TOWNS, where="the towns")


def zip_table(places: pd.DataFrame, zips: pd.DataFrame) -> pd.DataFrame:
    """ZIPs as the contract ZIPS: at their own point ("zip"), else at their town ("city").

    A point that several ZIPs share is no ZIP's own: such a ZIP stands at the town of its name, where GeoNames
    has one, else at the shared point. A ZIP without any point stands at its town, else at the mean of its
    town's other ZIPs.

    Parameters
    ----------
    places, zips: as `access.sources.geonames.read_places`, `access.sources.zip_codes.read_zips`.
    """
    table = zips.assign(key=zips["city"].map(name_key))
    is_own = ~table.duplicated(_POINT, keep=False) & table["latitude"].notna()
    table["location_precision"] = is_own.map({True: "zip", False: "city"})
    same_town = table.groupby(["key", "state"])[_POINT].transform("mean")
    table[_POINT] = table[_POINT].fillna(same_town)
    town = table[["key", "state"]].merge(
        _largest_namesakes(places), on=["key", "state"], how="left", validate="many_to_one"
    )
    town.index = table.index
    km = great_circle_km(table["latitude"], table["longitude"], town["latitude"], town["longitude"])
    moves = ~is_own & town["latitude"].notna() & ~(km > 60)
    table.loc[moves, _POINT] = town.loc[moves, _POINT]
    table[_POINT] = table[_POINT].round(_DECIMALS)
    return check_table(table.dropna(subset="latitude"), ZIPS, where="the ZIPs")


def _largest_namesakes(places: pd.DataFrame) -> pd.DataFrame:
    keyed = places.assign(key=places["name"].map(name_key))
    return keyed.sort_values("population", ascending=False).drop_duplicates(["key", "state"])[["key", "state", *_POINT]]
