"""Counties in colour: a value per county becomes one class character per outline."""

from collections.abc import Sequence
from zlib import crc32

import geopandas as gpd
import pandas as pd

from access.language import say
from access.maps.base import Layer
from access.maps.palette import NO_DATA_TEXT, classes, colours
from access.sources.atlas import shape_of_county
from access.vocabulary import STATE_FIPS


def county_layer(
    values: pd.Series,
    outlines: gpd.GeoDataFrame,
    *,
    edges: Sequence[float],
    labels: pd.Series,
    state: str | None = None,
    dark_is_high: bool = True,
) -> Layer:
    """Every county of the nation or of one state in the colour of its value; what is not in `values`, hatched.

    Parameters
    ----------
    values: indexed by Census 2020 `county`; NaN: no data; infinity: beyond every edge.
    labels: what to say of each county, same index; the map adds the county's name.
    edges: upper limits of the classes, each limit included.
    state: USPS code; None: the nation.

    Raises
    ------
    ValueError: a county twice, or one without outline; or `labels` has another index.
    """
    prefix = STATE_FIPS[state] if state else ""
    codes = outlines.loc[outlines["county"].str.startswith(prefix), "county"]
    by_shape = values_by_shape(values, outlines)
    words = _labels_by_shape(values, labels).reindex(codes).fillna(say(NO_DATA_TEXT)).tolist()
    shades = colours(len(edges) + 1, dark_is_high=dark_is_high)
    return _areas(codes, prefix, classes(by_shape.reindex(codes), edges), shades, words, border="#ffffff")


def county_lines(outlines: gpd.GeoDataFrame) -> Layer:
    """The counties of the nation as lines without a value, to show where points lie."""
    count = len(outlines)
    return _areas(outlines["county"], "", "0" * count, {"0": "#f4f4f2"}, [""] * count, border="#b4b9bf")


def _areas(
    codes: "pd.Series[str]", prefix: str, found: str, shades: dict[str, str | None], words: list[str], *, border: str
) -> Layer:
    content = {
        "source": "counties",
        "prefix": prefix,
        "checksum": crc32("".join(codes).encode()),
        "classes": found,
        "colours": shades,
        "labels": words,
        "border": border,
    }
    return Layer("areas", content)


def values_by_shape(values: pd.Series, outlines: gpd.GeoDataFrame) -> pd.Series:
    """The values by outline code; two counties in one outline (02063, 02066 in Alaska) give their mean.

    Raises
    ------
    ValueError: a county twice, or one without outline.
    """
    shape = _shapes_of(values.index)
    unknown = values.index[pd.Index(outlines["county"]).get_indexer(pd.Index(shape)) < 0]
    if len(unknown):
        raise ValueError(f"County {unknown[0]} has no outline ({len(unknown)} such); use Census 2020 codes.")
    return values.astype(float).groupby(shape.to_numpy()).mean()


def _labels_by_shape(values: pd.Series, labels: pd.Series) -> pd.Series:
    if not labels.index.equals(values.index):
        raise ValueError("The labels must be indexed as the values are.")
    shape = _shapes_of(labels.index).to_numpy()
    words = pd.Series(labels.astype("str").to_numpy(), index=shape)
    shared = words.index.duplicated(keep=False)
    joined = words[shared].groupby(level=0).agg("; ".join)
    whole: pd.Series = pd.concat([words[~shared], joined])
    return whole


def _shapes_of(counties: pd.Index) -> "pd.Series[str]":
    if not counties.is_unique:
        raise ValueError(f"County {counties[counties.duplicated()][0]} is there more than once.")
    return shape_of_county(pd.Series(counties, dtype="str"))
