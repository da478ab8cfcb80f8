"""Counties and hexagons in colour: a value per area becomes one class character per shape."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Final
from zlib import crc32

import geopandas as gpd
import numpy as np
import pandas as pd

from access.language import say
from access.maps.browser_map import MapLayer
from access.maps.palette import NO_DATA_TEXT, class_colors, classify_values
from access.sources.us_atlas import shape_of_county
from access.vocabulary import STATE_FIPS

SIZE_STEPS: Final = (100, 1_000, 10_000)


def county_layer(
    values: pd.Series,
    outlines: gpd.GeoDataFrame,
    *,
    edges: Sequence[float],
    labels: pd.Series | pd.DataFrame,
    template: str = "{0}",
    state: str | None = None,
    only: bool = False,
    dark_is_high: bool = True,
    shades: dict[str, str | None] | None = None,
    border: str = "#ffffff",
) -> MapLayer:
    """Every county of the nation or of one state in the colour of its value; what is not in `values`, hatched.

    Parameters
    ----------
    values: indexed by Census 2020 `county`; NaN: no data; infinity: beyond every edge.
    labels: what to say of each county, same index; the map adds the county's name. A table: its columns take the
        places of {0}, {1} ... in `template`, so that the sentence is sent once.
    edges: upper limits of the classes, each limit included. shades: the colour of each class; None: cividis.
    border: the colour of the lines between counties.
    state: USPS code; None: the nation. only: counties that are not in `values` are not drawn at all.

    Raises
    ------
    ValueError
        A county twice, or one without outline; or `labels` has another index.
    """
    prefix = STATE_FIPS[state] if state else ""
    codes = outlines.loc[outlines["county"].str.startswith(prefix), "county"]
    by_shape = values_by_shape(values, outlines)
    if only:
        codes = codes[codes.isin(by_shape.index)]
    if not labels.index.equals(values.index):
        raise ValueError("The labels must be indexed as the values are.")
    table = labels.to_frame() if isinstance(labels, pd.Series) else labels
    words = _words_by_shape(table.astype("str"), template, codes) | ({"only": " ".join(codes)} if only else {})
    painted = shades or class_colors(len(edges) + 1, dark_is_high=dark_is_high)
    found = classify_values(by_shape.reindex(codes), edges)
    return _area_layer("counties", codes, found, painted, border=border, prefix=prefix, **words)


def hexagon_layer(
    values: pd.Series,
    people: pd.Series,
    *,
    edges: Sequence[float],
    labels: pd.DataFrame,
    template: str,
    noun: str,
    dark_is_high: bool = True,
) -> MapLayer:
    """H3 cells in the colour of their value, each as large as the class of its people: empty land does not shout.

    `values`, `people`, `labels`: by cell, of one resolution and in one order. `noun`: what the map calls each.

    Raises
    ------
    ValueError
        No cells, or not one index.
    """
    if values.empty or not (labels.index.equals(values.index) and people.index.equals(values.index)):
        raise ValueError("Values, people and labels must be of the same hexagons in order, and of one at least.")
    order = values.index.argsort()
    codes = pd.Series(values.index[order], dtype="str")
    prefix, suffix = _shared_ends(codes)
    table = labels.iloc[order].astype("str")
    return _area_layer(
        "hexagons",
        codes,
        classify_values(values.iloc[order], edges),
        class_colors(len(edges) + 1, dark_is_high=dark_is_high),
        border="#5f6368",
        prefix=prefix,
        suffix=suffix,
        cells=" ".join(code[len(prefix) : len(code) - len(suffix)] for code in codes),
        sizes=size_classes(people.iloc[order]),
        noun=noun,
        template=template,
        columns=[_join_texts(table[column]) for column in table],
    )


def _shared_ends(codes: "pd.Series[str]") -> tuple[str, str]:
    """What all codes begin and end with; of a single one, nothing."""
    if len(codes) == 1:
        return "", ""

    def begin(texts: Sequence[str]) -> str:
        pairs = zip(min(texts), max(texts), strict=True)
        return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return begin(codes.tolist()), begin([code[::-1] for code in codes])[::-1]


def size_classes(people: pd.Series) -> str:
    """How large each hexagon is drawn: 0 for fewer than 100 people, 1 to 1,000, 2 to 10,000, 3 for more."""
    return "".join(map(str, np.searchsorted(SIZE_STEPS, people.to_numpy(float), side="right")))


def county_lines(outlines: gpd.GeoDataFrame) -> MapLayer:
    """The counties of the nation as lines without a value, to show where points lie."""
    return _area_layer(
        "counties", outlines["county"], "0" * len(outlines), {"0": "#f4f4f2"}, border="#b4b9bf", template="", columns=[]
    )


def _area_layer(
    source: str, codes: "pd.Series[str]", found: str, shades: dict[str, str | None], *, border: str, **more: Any
) -> MapLayer:
    content = {
        "source": source,
        "prefix": "",
        "checksum": crc32("".join(codes).encode()),
        "classes": found,
        "colours": shades,
        "border": border,
        "texts": {},
        "missing": say(NO_DATA_TEXT),
    }
    return MapLayer("areas", {**content, **more})


def values_by_shape(values: pd.Series, outlines: gpd.GeoDataFrame) -> pd.Series:
    """The values by outline code; two counties in one outline (02063, 02066 in Alaska) give their mean.

    Raises
    ------
    ValueError
        A county twice, or one without outline.
    """
    shape = _shapes_of(values.index)
    unknown = values.index[pd.Index(outlines["county"]).get_indexer(pd.Index(shape)) < 0]
    if len(unknown):
        raise ValueError(f"County {unknown[0]} has no outline ({len(unknown)} such); use Census 2020 codes.")
    return values.astype(float).groupby(shape.to_numpy()).mean()


def _words_by_shape(table: pd.DataFrame, template: str, codes: "pd.Series[str]") -> dict[str, Any]:
    """The figures of each outline by column, and the whole text of one that two counties share."""
    shape = _shapes_of(table.index).to_numpy()
    shared = pd.Index(shape).duplicated(keep=False)
    columns = table[~shared].set_axis(shape[~shared]).reindex(codes).fillna("")
    at = {code: position for position, code in enumerate(codes)}
    texts: dict[int, str] = {}
    for code, facts in zip(shape[shared], table[shared].to_numpy().tolist(), strict=True):
        if code in at:
            said = template.format(*facts)
            texts[at[code]] = f"{texts[at[code]]}; {said}" if at[code] in texts else said
    return {"template": template, "columns": [_join_texts(columns[name]) for name in columns], "texts": texts}


def _join_texts(texts: "pd.Series[str]") -> str:
    """Thousands of short texts as one, which is a third shorter than a list."""
    return "|".join(text.replace("|", "¦") for text in texts)


def _shapes_of(counties: pd.Index) -> "pd.Series[str]":
    if not counties.is_unique:
        raise ValueError(f"County {counties[counties.duplicated()][0]} is there more than once.")
    return shape_of_county(pd.Series(counties, dtype="str"))
