"""How each figure is worked out, in words: formula, unit, source and caution, for pages and the terminal."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from access.travel.estimate import DriveEstimate
from access.units import miles


class Method(NamedTuple):
    """One figure: what it says, how it is worked out, and what to beware of."""

    name: str
    says: str
    formula: str
    unit: str
    source: str
    caution: str


_GUAGLIARDO: Final = "Guagliardo 2004, doi:10.1186/1476-072X-3-3"
METHODS: Final = [
    Method(
        "Nearest clinic",
        "How far a place is from the nearest clinic that gives the treatment, one way.",
        "T = the smallest t over all clinics j; the k-th nearest: the k-th smallest",
        "minutes, or road miles",
        f"{_GUAGLIARDO}; k-th nearest: Kiang et al. 2021, doi:10.1016/j.drugalcdep.2021.109081",
        "A place that reaches no clinic within 240 minutes has no value; its people count as beyond every limit.",
    ),
    Method(
        "People beyond a limit",
        "How many people, and what share, live farther than a limit from the nearest clinic.",
        "sum of P where T > z, over sum of P; T equal to z is within",
        "people; share from 0 to 1",
        _GUAGLIARDO,
        "All residents are counted, not only those who need the treatment.",
    ),
    Method(
        "Clinics within a limit",
        "How many clinics a place can reach.",
        "the number of clinics j with t <= z",
        "clinics",
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        "Says nothing of how many patients each can take.",
    ),
    Method(
        "Median and quantiles",
        "What at least half (or another share) of the people do not exceed.",
        "the smallest T whose people, with all nearer ones, make up the share",
        "minutes or miles",
        "population-weighted, no interpolation",
        "Not given where it falls among people who reach no clinic.",
    ),
    Method(
        "Urban-rural gap",
        "How far the country stands from the city in one measure.",
        "rural minus urban (difference); rural over urban (ratio)",
        "points of share; times",
        "Kiang et al. 2021, doi:10.1016/j.drugalcdep.2021.109081",
        "Carries no interval yet: clinics missing from our data widen or narrow it.",
    ),
    Method(
        "Before and after",
        "Who comes within a limit by a scenario, and who falls out of it.",
        "gained: T before > z and T after <= z; lost: the reverse",
        "people",
        "differences of the measures above",
        "Distance alone: a new clinic's capacity, price and insurance are not counted.",
    ),
]

CAUTIONS: Final = [
    "Drives are estimates from straight-line distance, in free traffic. Most true drives lie between 0.85 and 1.2 "
    "times the estimate; in mountains (West Virginia, Vermont) they are longer. An estimate is not a route.",
    "Long drives: beyond 40 km the estimate adds 0.9 minutes for each straight-line km, which is 41 miles an hour as "
    "the crow flies. On a straight, fast highway, as in much of the West, the true drive is shorter, at times by a "
    "third: a clinic said to be 3 hours away may be 2. The formula was fitted to trips of all lengths, mostly short.",
    "Islands without a bridge, and the parts of Alaska and Hawaii that no road joins, reach their own clinics only. "
    "Crossings of Lake Michigan, Puget Sound and the Chesapeake, and islands within a mainland county, are not "
    "handled: estimates there are too short.",
    "A clinic that is not in our data may exist. Counts of ketamine clinics differ 4 to 13 times between sources. "
    "Every clinic shows where we learned of it and when.",
    "A clinic's insurance is what a source states. What no source states is shown as not stated, never as no.",
    "Clinics are placed at their ZIP or town where we have no street address on the map; so each shows its precision.",
    "Rurality is USDA RUCA 2020 by tract, primary codes: 1 to 3 urban, 4 to 6 large town, 7 to 9 small town, 10 rural; "
    "where a tract has none, RUCC 2023 by county; 99 is not coded, never rural. In the starter pack it is modelled.",
    "Centres of population stand for the people around them: mean absolute error 2.3 to 5.6 minutes "
    "(Berke & Shi 2009, PMC2683820).",
]


def methods_table() -> pd.DataFrame:
    """The methods, one row each."""
    return pd.DataFrame(METHODS, columns=list(Method._fields))


def estimate_table(estimate: DriveEstimate) -> pd.DataFrame:
    """What the estimate says of a few straight-line distances, from an urban and from a rural place; text."""
    km = np.array([5.0, 10.0, 25.0, 50.0, 100.0, 200.0])
    columns = {"straight line": [f"{miles(one):.0f} miles ({one:.0f} km)" for one in km]}
    for name in ("urban", "rural"):
        minutes, road = estimate.minutes(km, [name] * len(km)), estimate.road_km(km, [name] * len(km))
        columns[f"{name}: minutes (low to high)"] = [
            f"{one:.0f} ({estimate.low * one:.0f} to {estimate.high * one:.0f})" for one in minutes
        ]
        columns[f"{name}: road miles"] = [f"{miles(one):.0f}" for one in road]
    return pd.DataFrame(columns)
