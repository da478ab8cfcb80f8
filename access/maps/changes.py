"""Winners and losers by county: a map whose colours part a loss from a gain, and say where there are both."""

import math
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from access.language import mark, say
from access.maps.browser_map import MapLayer
from access.maps.choropleth import county_layer
from access.maps.palette import LOSS_TO_GAIN, legend_html
from access.maps.still import still_map
from access.sources.us_atlas import shape_of_county

_EPSILON: Final = 1e-9
BOTH: Final = np.inf  # beyond every edge, also in the mean of two counties that share an outline
_ABOVE_ALL_VALUES: Final = 1e6
_BORDER: Final = "#bcc0c6"  # most counties are nearly white
SHARE_EDGES: Final = (-25.0, -5.0, -_EPSILON, 0.0, 5.0, 25.0, _ABOVE_ALL_VALUES)
MINUTES_EDGES: Final = (-30.0, -10.0, -1.0, 1 - _EPSILON, 10 - _EPSILON, 30 - _EPSILON, _ABOVE_ALL_VALUES)
_SHARES: Final = (
    mark("25 % or more fall out"),
    mark("5 to 25 % fall out"),
    mark("up to 5 % fall out"),
    mark("nobody comes in or falls out"),
    mark("up to 5 % come in"),
    mark("5 to 25 % come in"),
    mark("more than 25 % come in"),
    mark("some come in, others fall out"),
)
_MINUTES: Final = (
    mark("30 minutes farther, or more"),
    mark("10 to 30 farther"),
    mark("1 to 10 farther"),
    mark("less than 1 either way"),
    mark("1 to 10 nearer"),
    mark("10 to 30 nearer"),
    mark("30 minutes nearer, or more"),
)


def gains_layer(counties: pd.DataFrame, outlines: gpd.GeoDataFrame, state: str | None) -> MapLayer:
    """Counties by the share of their people who come within the limit or fall out of it; `county_changes` as given."""
    table = counties.set_index("county")
    both = (table["people_gained"] > 0) & (table["people_lost"] > 0)
    return _change_layer(table, (table["net_share"] * 100).mask(both, BOTH), SHARE_EDGES, outlines, state)


def gains_still(
    counties: pd.DataFrame,
    outlines: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
    state: str | None,
    *,
    clinics: pd.DataFrame,
    titles: Mapping[str, str],
    label: str,
) -> str:
    """The map of `gains_layer` as a still picture, clinics on it; two counties in one outline are added up.

    `outlines`: states and counties. `clinics`, `titles`, `label`: as `still_map` takes them.
    """
    sums = counties.groupby(shape_of_county(counties["county"]))[["people", "people_gained", "people_lost"]].sum()
    net = 100 * (sums["people_gained"] - sums["people_lost"]) / sums["people"].where(sums["people"] > 0)
    values = net.mask((sums["people_gained"] > 0) & (sums["people_lost"] > 0), BOTH)
    states, areas = outlines
    shown = areas if state is None else areas[areas["state"] == state]
    return still_map(
        values,
        shown,
        states,
        edges=SHARE_EDGES,
        state=state,
        clinics=clinics,
        titles=titles,
        shades=LOSS_TO_GAIN,
        border=_BORDER,
        label=label,
    )


def gains_names() -> list[str]:
    """What each class of `gains_layer` and `gains_still` means, in words."""
    return [say(name) for name in _SHARES]


def gains_title(limit: float) -> str:
    """What `gains_layer` and `gains_still` show."""
    return say("People who come within {limit} minutes, or fall out", limit=f"{limit:g}")


def nearer_layer(counties: pd.DataFrame, outlines: gpd.GeoDataFrame, state: str | None) -> MapLayer:
    """Counties by how much nearer (or farther) their people are on average; `county_changes` as given."""
    table = counties.set_index("county")
    return _change_layer(table, -table["minutes_change"], MINUTES_EDGES, outlines, state)


def gains_legend(limit: float) -> str:
    """What the colours of `gains_layer` mean, as HTML."""
    return legend_html(gains_title(limit), gains_names(), shades=LOSS_TO_GAIN)


def nearer_legend() -> str:
    """What the colours of `nearer_layer` mean, as HTML."""
    title = say("Minutes to the nearest clinic, on average over a county's people")
    return legend_html(title, [say(name) for name in _MINUTES], shades=LOSS_TO_GAIN)


def _change_layer(
    table: pd.DataFrame,
    values: "pd.Series[float]",
    edges: tuple[float, ...],
    outlines: gpd.GeoDataFrame,
    state: str | None,
) -> MapLayer:
    minutes = -table["minutes_change"].to_numpy(float)
    labels = pd.DataFrame(
        {
            "gained": table["people_gained"].map("{:,}".format),
            "lost": table["people_lost"].map("{:,}".format),
            "minutes": ["-" if math.isnan(one) else f"{abs(one):.0f}" for one in minutes],
            "way": np.where(minutes < 0, say("farther"), say("nearer")),
        },
        index=table.index,
    )
    template = say("{gained} come in, {lost} fall out; {minutes} minutes {way} on average").format(
        gained="{0}", lost="{1}", minutes="{2}", way="{3}"
    )
    return county_layer(
        values,
        outlines,
        edges=edges,
        labels=labels,
        template=template,
        state=state,
        shades=LOSS_TO_GAIN,
        border=_BORDER,
    )
