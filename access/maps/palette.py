"""Classes, colours and the legend: cividis, which the colour-blind read as everybody else, and hatching for no data."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import matplotlib
import numpy as np
import pandas as pd

from access.language import mark, say
from access.maps.markup import fill_fragment

NO_DATA: Final = "x"
NO_DATA_TEXT: Final = mark("Not in our data")
MOST_CLASSES: Final = 9
# From a loss (brown) over nothing (white) to a gain (purple), which the colour-blind tell apart; then both at once.
# ColorBrewer PuOr: Harrower and Brewer (2003), doi:10.1179/000870403235002042.
_LOSS_TO_GAIN_COLORS: Final = ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788", "#5f8f6f")
LOSS_TO_GAIN: Final[dict[str, str | None]] = {
    **{str(one): shade for one, shade in enumerate(_LOSS_TO_GAIN_COLORS)},
    NO_DATA: None,
}
# For lines on white: each stands out by 3 to 1, and no two look the same to a colour-blind eye.
LINE_COLORS: Final = ("#1a1a1a", "#1f78d1", "#d55e00", "#6a1b9a", "#117733", "#767676")


def classify_values(values: pd.Series, edges: Sequence[float]) -> str:
    """One character per value: 0 for at most the first of `edges`, 1 for at most the second, ...; `x`: missing.

    Infinity (out of reach) falls in the last class.

    Raises
    ------
    ValueError
        `edges` do not rise, or are more than eight.
    """
    _check_edges(edges)
    numbers = values.to_numpy(float, na_value=np.nan)
    found = np.searchsorted(np.asarray(edges, float), numbers, side="left")
    return "".join(NO_DATA if np.isnan(number) else str(one) for number, one in zip(numbers, found, strict=True))


def class_colors(count: int, *, dark_is_high: bool = True) -> dict[str, str | None]:
    """The colour of each of `count` classes by its character; None, for `x`: grey hatching.

    Source
    ------
    Nuñez, Anderton and Renslow (2018), doi:10.1371/journal.pone.0199239.
    """
    scale = matplotlib.colormaps["cividis"]
    steps = np.linspace(1, 0, count) if dark_is_high else np.linspace(0, 1, count)
    shades = {str(one): matplotlib.colors.to_hex(scale(step)) for one, step in enumerate(steps)}
    return {**shades, NO_DATA: None}


def class_names(edges: Sequence[float], unit: str) -> list[str]:
    """What each class holds, in words: "at most 30 min", "30 to 60 min", "more than 60 min"."""
    _check_edges(edges)
    shown = [f"{edge:,g}" for edge in edges]
    between = [say("{low} to {high} {unit}", low=low, high=high, unit=unit) for low, high in pairwise(shown)]
    first = say("at most {limit} {unit}", limit=shown[0], unit=unit)
    return [first, *between, say("more than {limit} {unit}", limit=shown[-1], unit=unit)]


def legend_html(
    title: str,
    names: Sequence[str],
    *,
    dark_is_high: bool = True,
    no_data: str | None = None,
    shades: dict[str, str | None] | None = None,
) -> str:
    """The legend as an HTML list, a swatch and words for each class; every text escaped."""
    painted = shades or class_colors(len(names), dark_is_high=dark_is_high)
    return fill_fragment(
        "maps/templates/legend.html",
        title=title,
        classes=[(painted[str(one)], name) for one, name in enumerate(names)],
        no_data=no_data or say(NO_DATA_TEXT),
    )


def _check_edges(edges: Sequence[float]) -> None:
    if not 1 <= len(edges) < MOST_CLASSES or any(low >= high for low, high in pairwise(edges)):
        raise ValueError(f"Class edges must rise, and be one to {MOST_CLASSES - 1}; these are {list(edges)}.")
