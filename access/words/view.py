"""A view in words: its title and unit, what the map says of each area, the sentence over it, and the table for who
cannot see it.
"""

import math
from typing import Final

import numpy as np
import pandas as pd

from access.language import mark, say
from access.measures.beyond import cost_quantiles
from access.measures.layout import align_to_people
from access.questions.area_layer import AreaLayer
from access.questions.gaps import gap_tables
from access.questions.view import SUPPLY_PER, VIEW_MEASURES, View
from access.vocabulary import PAYERS, STATES, TREATMENTS
from access.words.figures import nearest_words, percent, rough_count
from access.words.gaps import gap_sentence
from access.words.small_cells import safe_count


def view_title(view: View) -> str:
    """What the view shows, in one line, such as "Share of people farther than 60 minutes"."""
    filled = {"limit": f"{view.limit:g}", "unit": say(view.unit), "per": f"{SUPPLY_PER[view.demand]:,}"}
    return say(VIEW_MEASURES[view.show].title, method=_METHOD_NAMES.get(view.show, ""), **filled)


def view_unit(view: View) -> str:
    """The unit of the view's classes, as one reads it."""
    unit = view.unit if view.show == "median" else VIEW_MEASURES[view.show].unit
    return unit if unit == "%" else say(unit)


def treatments_words(treatments: tuple[str, ...]) -> str:
    """The treatments as one reads them: "IV ketamine, TMS or ECT"."""
    names = [say(TREATMENTS[one]) for one in treatments]
    return names[0] if len(names) == 1 else say("{some} or {last}", some=", ".join(names[:-1]), last=names[-1])


_METHOD_NAMES: Final = {
    "two_step": "2SFCA",
    "enhanced_two_step": "E2SFCA",
    "modified_two_step": "M2SFCA",
    "three_step": "3SFCA",
}


NOT_REACHED = mark("not reached")


def layer_labels(layer: AreaLayer) -> tuple[pd.DataFrame, str]:
    """For each area of the layer, by its code, the texts that go into the places of the sentence that comes second."""
    table = layer.codes
    view = layer.view
    people = [f"{number:,.0f}" for number in table["people"].to_numpy(float)]
    if "limit" in VIEW_MEASURES[view.show].asks and "unit" in VIEW_MEASURES[view.show].asks:
        share = 100 * table["people_beyond"] / table["people"].where(table["people"] > 0)
        columns = [_figure_words(share, ""), people, _figure_words(table["median"], "")]
        words = say(
            "{share} % of {people} people are farther than {limit} {unit}; median {median}",
            share="{0}",
            people="{1}",
            median="{2}",
            limit=f"{view.limit:g}",
            unit=say(view.unit),
        )
    else:
        columns = [_figure_words(table["value"], f" {view_unit(view)}"), people]
        words = say("{value}; {people} people", value="{0}", people="{1}")
    return pd.DataFrame(dict(enumerate(columns)), index=table.index), words


def _figure_words(values: "pd.Series[float]", unit: str) -> list[str]:
    def number_text(value: float) -> str:
        return (
            say(NOT_REACHED)
            if not np.isfinite(value)
            else f"{value:.3g}{unit}"
            if value < 100
            else f"{value:,.0f}{unit}"
        )

    return [number_text(value) for value in values.to_numpy(float).tolist()]


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
    TableError
        `values` lacks a place of `people`.
    """
    if "unit" in VIEW_MEASURES[view.show].asks:
        named = values.rename("cost")
        tables = gap_tables(named, people, [view.limit], with_quantiles=False)
        return gap_sentence(tables, view.limit, view.unit, area, clinic_words(view))
    living = people["population"].to_numpy(float)
    here = align_to_people(values, people)
    if view.show == "course":
        half = float(cost_quantiles(values.rename("hours"), people, [0.5])["hours"].iloc[0])
        if math.isnan(half):
            return say(
                "Half or more of the people in {area} reach no such clinic in our data within 4 hours.", area=area
            )
        return say(
            "For half of the people in {area} a whole course takes at most {hours} hours of patient and driver "
            "together (an estimate); {none} people reach no such clinic.",
            area=area,
            hours=f"{half:.0f}",
            none=rough_count(float(living[np.isnan(here)].sum())),
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
    dark = VIEW_MEASURES[layer.view.show].dark_is_high
    view = layer.view
    rows = layer.table.sort_values("value", ascending=not dark, kind="stable", na_position="last")
    name = rows["name"] if layer.by == "county" else rows["hexagon"]
    columns = {
        say("area"): name,
        say("state"): rows["state"].map(STATES).map(say),
        say("people"): rows["people"].map(safe_count),
        view_title(view) + (f" ({view_unit(view)})" if view.show != "beyond" else ""): _value_words(rows, view),
    }
    if rows["people_beyond"].notna().any() and view.show != "beyond":
        columns[say("people farther away")] = rows["people_beyond"].map(safe_count)
    if view.show in ("share", "beyond"):
        columns[say("median {unit}", unit=say(view.unit))] = _figure_words(rows["median"], "")
    columns[say("reach none")] = rows["people_unreached"].map(safe_count)
    return pd.DataFrame(columns)


def _value_words(rows: pd.DataFrame, view: View) -> list[str]:
    if view.show == "beyond":
        return [safe_count(people) for people in rows["value"].to_numpy(float).tolist()]
    return _figure_words(rows["value"], "")
