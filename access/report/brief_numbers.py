"""The three numbers of a brief, each with its interval and what it says in words."""

import math
from typing import Any, Final

import pandas as pd

from access.errors import TableError
from access.language import mark, say
from access.measures.quantiles import cost_quantiles
from access.measures.uncertainty_sources import Sources
from access.report.small_cells import FEWEST, counted
from access.report.view import View, course_hours
from access.travel.trips import Trips

Number = dict[str, str]
_AS_LISTED: Final = mark("{figure} if every listing works and every drive is as estimated")


def percents(low: float, high: float) -> str:
    """Two shares as percent, rounded outward: "85 to 92 %"."""
    ends = math.floor(round(100 * low, 6)), math.ceil(round(100 * high, 6))
    return f"{ends[0]} %" if ends[0] == ends[1] else say("{low} to {high} %", low=ends[0], high=ends[1])


def rank_words(rank: float, low: float, high: float) -> str:
    """A rank and the ranks between which it lies, "2 (1 to 6)"; "" where there is none."""
    if rank != rank:
        return ""
    return say("{rank} ({low} to {high})", rank=f"{rank:g}", low=f"{low:g}", high=f"{high:g}")


def share_number(row: "pd.Series[Any]", limit: str, clinic: str) -> Number:
    """What share of an area's people live beyond the limit. `row`: of `ranks`."""
    people, share = row["people_beyond"], f"{100 * row['share']:.1f} %"
    told = say("{people} people, {share}", people=counted(people), share=share)
    if 0 < people < FEWEST:
        told = counted(people)
    return {
        "figure": percents(row["low"], row["high"]),
        "words": say("of the people live more than {limit} minutes from {clinic}", limit=limit, clinic=clinic),
        "plain": say(_AS_LISTED, figure=told),
    }


def gap_number(row: "pd.Series[Any]", limit: str) -> Number:
    """By how many points the rural share is above the urban one, and whether the data support a difference."""
    if row["gap_low"] != row["gap_low"]:
        return {
            "figure": say("no gap to state"),
            "words": say("the area lacks places coded rural or urban, or nobody lives in them"),
            "plain": "",
        }
    low, high = math.floor(round(100 * row["gap_low"], 6)), math.ceil(round(100 * row["gap_high"], 6))
    words = say("more of the rural than of the urban people live beyond {limit} minutes, in points", limit=limit)
    if row["gap_high"] < 0:
        low, high = -high, -low
        words = say("more of the urban than of the rural people live beyond {limit} minutes, in points", limit=limit)
    elif row["gap_low"] <= 0:
        words = say("rural minus urban share: the data do not support a difference between them")
    sides = {side: f"{100 * row[side]:.0f} %" for side in ("rural", "urban")}
    return {
        "figure": say("{low} to {high} points", low=low, high=high),
        "words": words,
        "plain": say(_AS_LISTED, figure=say("{rural} rural, {urban} urban", **sides)),
    }


def course_number(view: View, trips: Trips, people: pd.DataFrame, row: "pd.Series[Any]") -> Number:
    """The hours of a whole course for the person in the middle, in the band of travel times; else who reaches none."""
    try:
        hours = [_median_hours(view, trips, people, factor) for factor in (*_band(), 1.0)]
    except TableError:
        hours = [math.nan]
    if any(one != one for one in hours):
        return {
            "figure": counted(row["people_unreached"]),
            "words": say("people reach no such clinic in our data within 4 hours by road"),
            "plain": say(_AS_LISTED, figure=say("{people} people", people=counted(row["people_unreached"]))),
        }
    return {
        "figure": say("{low} to {high} hours", low=math.floor(hours[0]), high=math.ceil(hours[1])),
        "words": say("a whole course asks of the person in the middle, patient and driver together"),
        "plain": say("{hours} hours if every drive is as estimated", hours=f"{hours[2]:.0f}"),
    }


def _band() -> tuple[float, float]:
    """By what all drives together may be shorter or longer: the 5th and the 95th percentile."""
    return Sources().travel_factor or (1.0, 1.0)


def _median_hours(view: View, trips: Trips, people: pd.DataFrame, factor: float) -> float:
    return float(cost_quantiles(course_hours(trips, view, minutes_factor=factor), people, [0.5])["hours"].iloc[0])
