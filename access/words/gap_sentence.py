"""A gap and its interval in one sentence, which never claims more than the interval does."""

import math
from typing import Final

import pandas as pd

from access.language import mark, say
from access.measures.uncertainty import GapInterval

SOURCES_IN_WORDS: Final = {
    "listing_works": mark("listings that may not work"),
    "payer_taken": mark("clinics that do not say whether they take the payer"),
    "travel_factor": mark("travel times that may all be shorter or longer"),
    "travel_spread_minutes": mark("travel times that err from place to place"),
    "origin_error_minutes": mark("people who do not live at the centre of their place"),
}


def is_supported(found: GapInterval, limit: float) -> bool:
    """Whether the interval of the difference at this limit leaves out zero; False where a side has no people.

    Raises
    ------
    ValueError
        The limit is not among those asked for.
    """
    gap = _difference_row(found, limit)
    return bool(gap["low"] > 0 or gap["high"] < 0)


def gap_statement(found: GapInterval, limit: float, *, clinic: str = "a clinic") -> str:
    """One sentence: between what and what share of each side's people live beyond the limit, and what that counts.

    Shares are rounded outward, low ends down and high ends up, to two figures of the high end at most. Where the
    interval of the difference holds zero, the sentence says that the data do not support a difference.

    Raises
    ------
    ValueError
        The limit is not among those asked for.
    """
    gap = _difference_row(found, limit)
    first, second = (_side_row(found, side, limit) for side in found.sides)
    empty = [name for name, row in zip(found.sides, (first, second), strict=True) if row is None]
    if first is None or second is None:
        places = say(" or ").join(map(_side_words, empty))
        return say("Nobody in these data lives in places coded {places}: there is no gap to state.", places=places)
    one, other = (_side_words(side) for side in found.sides)
    shares = {
        "other": other,
        "one": one,
        "first": _range_words(second, mark("between {low} and {high} %")),
        "second": _range_words(first, mark("{low} to {high} %")),
        "limit": f"{limit:g}",
        "clinic": clinic,
    }
    if is_supported(found, limit):
        told = say(
            "{first} of {other} people, against {second} of {one} people, live more than {limit} minutes from {clinic}",
            **shares,
        )
        return f"{told[0].upper()}{told[1:]} ({_counted_words(found)})."
    low, high = _round_outward(100 * gap["low"], 100 * gap["high"])
    return say(
        "The data do not support a difference between {other} and {one} people: {first} of {other} people, against "
        "{second} of {one} people, live more than {limit} minutes from {clinic}, and the difference lies between {low} "
        "and {high} points ({counted}).",
        **shares,
        low=low,
        high=high,
        counted=_counted_words(found),
    )


def _difference_row(found: GapInterval, limit: float) -> "pd.Series[float]":
    gaps = found.gaps[(found.gaps["beyond"] == limit) & (found.gaps["figure"] == "difference")]
    if gaps.empty:
        asked = ", ".join(f"{each:g}" for each in found.gaps["beyond"].unique())
        raise ValueError(f"There is no interval beyond {limit:g} minutes; there is for {asked}.")
    return gaps.iloc[0]


def _side_row(found: GapInterval, side: str, limit: float) -> "pd.Series[float] | None":
    rows = found.shares[(found.shares[found.by] == side) & (found.shares["beyond"] == limit)]
    return None if rows.empty or not rows["people"].iloc[0] else rows.iloc[0]


def _range_words(row: "pd.Series[float]", words: str) -> str:
    low, high = _round_outward(100 * row["low"], 100 * row["high"])
    return say(words, low=low, high=high) if low != high else f"{low} %"


def _round_outward(low: float, high: float) -> tuple[str, str]:
    """Both ends to two figures of the larger, the low end down and the high end up."""
    size = max(abs(low), abs(high))
    digits = 0 if size >= 10 or size == 0 else 1 if size >= 1 else 2
    scale = 10**digits
    # What was computed carries rounding of its own: a hair above 12 is 12.
    ends = math.floor(round(low * scale, 6)) / scale, math.ceil(round(high * scale, 6)) / scale
    lower, upper = (f"{end:.{digits}f}" if end else "0" for end in ends)
    return lower, upper


def _counted_words(found: GapInterval) -> str:
    if not found.sources:
        return say("the plain estimate; no uncertainty is counted")
    counted = "; ".join(say(SOURCES_IN_WORDS[name]) for name in found.sources)
    return say("{level} % interval, which counts: {counted}", level=f"{100 * found.level:g}", counted=counted)


def _side_words(side: str) -> str:
    return say(side.replace("_", " "))
