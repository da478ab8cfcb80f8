"""A layer in words: what the map says of each area, the sentence over it, and the table for who cannot see it."""

import numpy as np
import pandas as pd

from access.language import mark, say
from access.measures.groups import aligned
from access.measures.quantiles import cost_quantiles
from access.report.gaps import gap_tables
from access.report.layer import AreaLayer
from access.report.small_cells import counted
from access.report.view import SHOWN, View, treatments_words, view_title, view_unit
from access.report.words import about, gap_sentence, nearest_words, percent
from access.vocabulary import PAYERS, STATES

NOT_REACHED = mark("not reached")


def layer_labels(layer: AreaLayer) -> tuple[pd.DataFrame, str]:
    """For each area of the layer, by its code, the texts that go into the places of the sentence that comes second."""
    table, view = layer.codes, layer.view
    people = [f"{number:,.0f}" for number in table["people"].to_numpy(float)]
    if "limit" in SHOWN[view.show].asks and "unit" in SHOWN[view.show].asks:
        share = 100 * table["people_beyond"] / table["people"].where(table["people"] > 0)
        columns = [_figures(share, ""), people, _figures(table["median"], "")]
        words = say(
            "{share} % of {people} people are farther than {limit} {unit}; median {median}",
            share="{0}",
            people="{1}",
            median="{2}",
            limit=f"{view.limit:g}",
            unit=say(view.unit),
        )
    else:
        columns = [_figures(table["value"], f" {view_unit(view)}"), people]
        words = say("{value}; {people} people", value="{0}", people="{1}")
    return pd.DataFrame(dict(enumerate(columns)), index=table.index), words


def _figures(values: "pd.Series[float]", unit: str) -> list[str]:
    def told(value: float) -> str:
        return (
            say(NOT_REACHED)
            if not np.isfinite(value)
            else f"{value:.3g}{unit}"
            if value < 100
            else f"{value:,.0f}{unit}"
        )

    return [told(value) for value in values.to_numpy(float).tolist()]


def clinic_words(view: View) -> str:
    """ "the nearest IV ketamine or TMS clinic that says it takes Medicaid"."""
    clinic = nearest_words(treatments_words(view.treatments), view.rank)
    if view.payer is None:
        return clinic
    return say("{clinic} that says it takes {payer}", clinic=clinic, payer=say(PAYERS[view.payer]))


def view_sentence(values: "pd.Series[float]", people: pd.DataFrame, view: View, area: str) -> str:
    """The one sentence that answers the view for all people of an area.

    Raises
    ------
    TableError: `values` lacks a place of `people`.
    """
    if "unit" in SHOWN[view.show].asks:
        named = values.rename("cost")
        tables = gap_tables(named, people, [view.limit], with_quantiles=False)
        return gap_sentence(tables, view.limit, view.unit, area, clinic_words(view))
    living, here = people["population"].to_numpy(float), aligned(values, people)
    if view.show == "course":
        half = float(cost_quantiles(values.rename("hours"), people, [0.5])["hours"].iloc[0])
        if half != half:
            return say(
                "Half or more of the people in {area} reach no such clinic in our data within 4 hours.", area=area
            )
        return say(
            "For half of the people in {area} a whole course takes at most {hours} hours of patient and driver "
            "together (an estimate); {none} people reach no such clinic.",
            area=area,
            hours=f"{half:.0f}",
            none=about(float(living[np.isnan(here)].sum())),
        )
    mean = float((np.nan_to_num(here) * living).sum() / living.sum()) if living.sum() else float("nan")
    if view.show == "starts_lost":
        return say(
            "In {area} distance goes with {share} fewer esketamine starts than if everybody lived near a site (an "
            "estimate, not a cause).",
            area=area,
            share=percent(mean),
        )
    none = float((living * (np.nan_to_num(here) == 0)).sum() / living.sum()) if living.sum() else float("nan")
    return say(
        "{title}: {mean} on average in {area}; for {share} of those who ask there is none in our data.",
        title=view_title(view),
        mean=f"{mean:.3g}",
        area=area,
        share=percent(none),
    )


def layer_table(layer: AreaLayer) -> pd.DataFrame:
    """What the map shows as a table of text, the worst off first; counts of 1 to 10 people are not told."""
    dark, view = SHOWN[layer.view.show].dark_is_high, layer.view
    rows = layer.table.sort_values("value", ascending=not dark, kind="stable", na_position="last")
    name = rows["name"] if layer.by == "county" else rows["hexagon"]
    columns = {
        say("area"): name,
        say("state"): rows["state"].map(STATES).map(say),
        say("people"): rows["people"].map(counted),
        view_title(view) + (f" ({view_unit(view)})" if view.show != "beyond" else ""): _told(rows, view),
    }
    if rows["people_beyond"].notna().any() and view.show != "beyond":
        columns[say("people farther away")] = rows["people_beyond"].map(counted)
    if view.show in ("share", "beyond"):
        columns[say("median {unit}", unit=say(view.unit))] = _figures(rows["median"], "")
    columns[say("reach none")] = rows["people_unreached"].map(counted)
    return pd.DataFrame(columns)


def _told(rows: pd.DataFrame, view: View) -> list[str]:
    if view.show == "beyond":
        return [counted(people) for people in rows["value"].to_numpy(float).tolist()]
    return _figures(rows["value"], "")
