"""How each figure is worked out, in words: formula, unit, source and caution, for pages and the terminal."""

from typing import Final

import numpy as np
import pandas as pd

from access.language import mark, say
from access.report.method_rows import REACH, Method
from access.report.method_rows_catchment import CATCHMENTS
from access.report.method_rows_course import CERTAINTY, COURSES, EQUITY
from access.report.method_rows_plan import PLANS
from access.travel.estimate import DriveEstimate
from access.units import miles
from access.vocabulary import RURALITIES

CAUTIONS: Final = [
    mark(
        "Drives are estimates from straight-line distance, in free traffic. Most long drives lie between 0.85 and "
        "1.2 times the estimate; of short ones in cities only 4 to 7 in 10 do. In mountains (West Virginia, Vermont) "
        "they are longer. An estimate is not a route."
    ),
    mark(
        "Long drives: beyond 40 km the estimate adds 0.9 minutes for each straight-line km, which is 41 miles an "
        "hour as the crow flies. On a straight highway driven at 65 miles an hour the true drive is about a third "
        "shorter: a clinic said to be 3 hours away may be 2. So far figures of 2 hours and more, in open country "
        "above all, are high."
    ),
    mark(
        "Islands without a bridge, and the parts of Alaska and Hawaii that no road joins, reach their own clinics "
        "only. Crossings of Lake Michigan, Puget Sound and the Chesapeake, and islands within a mainland county, "
        "are not handled: estimates there are too short."
    ),
    mark(
        "A clinic that is not in our data may exist. Counts of ketamine clinics differ 4 to 13 times between "
        "sources. Every clinic shows where we learned of it and when."
    ),
    mark("A clinic's insurance is what a source states. What no source states is shown as not stated, never as no."),
    mark(
        "Clinics are placed at their ZIP or town where we have no street address on the map; so each shows its "
        "precision."
    ),
    mark(
        "Rurality is USDA RUCA 2020 by tract, primary codes: 1 to 3 urban, 4 to 6 large town, 7 to 9 small town, "
        "10 rural; where a tract has none, RUCC 2023 by county; 99 is not coded, never rural. In the starter pack "
        "it is modelled."
    ),
    mark(
        "Centres of population stand for the people around them: mean absolute error 2.3 to 5.6 minutes (Berke & "
        "Shi 2009, PMC2683820)."
    ),
]


_SPOKEN: Final = ("name", "says", "unit", "caution")
# The names of the columns, so that they have translations too.
_COLUMNS: Final = (
    *(mark("name"), mark("measure"), mark("says"), mark("formula"), mark("unit"), mark("source"), mark("caution")),
)


def methods_table() -> pd.DataFrame:
    """The methods, one row each; `measure`: the name that `trd-access gaps --measure` takes, "" where it takes none."""
    return pd.DataFrame([*REACH, *CATCHMENTS, *COURSES, *EQUITY, *PLANS, *CERTAINTY], columns=list(Method._fields))


def methods_shown() -> pd.DataFrame:
    """The methods in the current language, by name; formulas and sources stay as they are written everywhere."""
    methods = methods_table()
    spoken = methods.assign(**{column: methods[column].map(_said) for column in _SPOKEN})
    return spoken.rename(columns=say).set_index(say("name"))


def _said(text: str) -> str:
    return say(text) if text else ""


def estimate_table(estimate: DriveEstimate) -> pd.DataFrame:
    """What the estimate says of a few straight-line distances, from an urban and from a rural place; text."""
    km = np.array([5.0, 10.0, 25.0, 50.0, 100.0, 200.0])
    columns = {say("straight line"): [f"{miles(one):.0f} miles ({one:.0f} km)" for one in km]}
    for name in ("urban", "rural"):
        minutes, road = estimate.minutes(km, [name] * len(km)), estimate.road_km(km, [name] * len(km))
        kind = say(RURALITIES[name]).lower()
        columns[say("{kind}: minutes (low to high)", kind=kind)] = [
            f"{one:.0f} ({low:.0f} – {high:.0f})"
            for one, low, high in zip(minutes, *estimate.between(minutes), strict=True)
        ]
        columns[say("{kind}: road miles", kind=kind)] = [f"{miles(one):.0f}" for one in road]
    return pd.DataFrame(columns)
