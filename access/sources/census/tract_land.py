"""The land of each tract, from a Census Gazetteer file of tracts: tabs and padded names to 2024, pipes since."""

from pathlib import Path

import numpy as np
import pandas as pd

from access.errors import SourceError


def land_by_tract(path: Path) -> "pd.Series[float]":
    """Land in km2 by tract (11 digits; in Connecticut, since 2022, by planning region), from the text file or its ZIP.

    Raises
    ------
    SourceError
        It cannot be read, has no GEOID and ALAND, a number that lost its zero, a tract twice, or no area.

    Source
    ------
    Census Bureau, Gazetteer Files, {year}_Gaz_tracts_national; ALAND is land in square metres.
    """
    try:
        raw = pd.read_csv(path, sep=r"[\t|]", engine="python", dtype="str", keep_default_na=False)
    except (OSError, ValueError) as failure:
        why = " ".join(str(failure).split())
        raise SourceError(f"{path} cannot be read as a Gazetteer file ({why}). Fetch it again.") from failure
    raw.columns = raw.columns.str.strip()
    if not {"GEOID", "ALAND"} <= set(raw.columns):
        raise SourceError(
            f"{path} has no GEOID and ALAND: it has {', '.join(raw.columns)}. Give a Gazetteer of tracts."
        )
    tract = raw["GEOID"].str.strip()
    land = pd.to_numeric(raw["ALAND"], errors="coerce").to_numpy(float)
    wrong = ~tract.str.fullmatch(r"\d{11}").to_numpy(bool) | tract.duplicated().to_numpy(bool) | ~(land >= 0)
    if wrong.any():
        raise SourceError(
            f"{path}: {tract[wrong].iloc[0]} is no tract of 11 digits, comes twice, or has no area "
            f"({wrong.sum()} such). Give a Gazetteer of tracts."
        )
    return pd.Series(np.asarray(land / 1e6), index=pd.Index(tract, name="tract"), name="land_km2")
