"""The map of a scenario's report: counties that win or lose, and the clinics that open, close or stay."""

from typing import Any

import geopandas as gpd
import pandas as pd

from access.language import say
from access.maps import LOSS_TO_GAIN, gains_names, gains_still, gains_title, mark_svg
from access.report.small_cells import counted
from access.report.whatif import Baseline, Outcome
from access.scenarios.compare import changed_clinics
from access.sources.atlas import shape_of_county

Outlines = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


def scenario_map(
    base: Baseline, found: Outcome, counties: pd.DataFrame, outlines: Outlines, limit: float, state: str | None
) -> dict[str, Any]:
    """The picture (SVG) and its legend: `map`, `map-title`, `legend` (colour, words), `marks` (SVG, words), `map-note`.

    `counties`: `county_changes` at `limit`. `outlines`: as `load_outlines` gives them. The nation shows only the
    clinics that change. In `legend` None is hatching: no data.
    """
    states, areas = outlines
    clinics = changed_clinics(base.clinics, found.giving)
    if state is None:
        clinics = _placed(clinics[clinics["change"] != "kept"], states)
    title = gains_title(limit)
    picture = gains_still(counties, outlines, state, clinics=clinics, titles=_titles(counties, areas), label=title)
    shades = [LOSS_TO_GAIN[str(number)] for number in range(len(gains_names()))]
    words = {
        "kept": say("a clinic that stays as it is"),
        "closed": say("closes, moves away or ends the treatment"),
        "opened": say("opens, moves here or begins the treatment"),
    }
    shown = [change for change in words if f'data-clinics="{"" if change == "kept" else change}"' in picture]
    return {
        "map": picture,
        "map-title": title,
        "legend": [*map(list, zip(shades, gains_names(), strict=True)), [None, say("no people in our data")]],
        "marks": [[mark_svg(change), words[change]] for change in shown],
        "map-note": say("The colour is the share of a county's people."),
    }


def _placed(clinics: pd.DataFrame, states: gpd.GeoDataFrame) -> pd.DataFrame:
    """The clinics with the state in which each stands, whatever its row says: an edit need not say it."""
    points = gpd.GeoDataFrame(
        clinics[["clinic_id"]], geometry=gpd.points_from_xy(clinics["longitude"], clinics["latitude"]), crs=states.crs
    )
    near = gpd.sjoin(points, states[["state", "geometry"]], how="left", predicate="intersects")
    return clinics.assign(state=near.groupby(level=0)["state"].first().reindex(clinics.index))


def _titles(counties: pd.DataFrame, areas: gpd.GeoDataFrame) -> dict[str, str]:
    sums = counties.groupby(shape_of_county(counties["county"]))[["people_gained", "people_lost"]].sum()
    names = areas.set_index("county")["name"].reindex(sums.index)
    told = zip(sums.index.astype(str), names, *(sums[column].map(counted) for column in sums), strict=True)
    return {
        code: say("{county}: {gained} come in, {lost} fall out", county=name, gained=gained, lost=lost)
        for code, name, gained, lost in told
    }
