"""Single figures as text: counts, shares, ranks, dollars, and what an area, a group or the nearest clinic is called."""

import math

import pandas as pd

from access.language import SOURCE_LANGUAGE, language, mark, say
from access.questions.gaps import EVERYONE
from access.vocabulary import RURALITIES, STATES, TREATMENTS, state_code

GROUP_NAMES = {**RURALITIES, EVERYONE: mark("All")}


def area_name(people: pd.DataFrame, state: str | None) -> str:
    """The name of a state (code or name), or of all that the people table covers."""
    if state:
        return STATES[state_code(state) or ""]
    if (people["state"] == "PR").any():
        return say("the United States and Puerto Rico")
    return say("the United States")


def count_words(number: int, one: str) -> str:
    """ "1 clinic", "2 clinics"."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def rough_count(people: float) -> str:
    """The number to three figures, as an estimate deserves: "130 million", "64,900", "812"."""
    if people >= 1e6:
        return say("{number} million", number=f"{people / 1e6:.3g}")
    digits = max(len(str(int(people))) - 3, 0)
    return f"{round(people, -digits):,.0f}"


def percent(share: float) -> str:
    """ "12.3 %"; "no people" where the share is NaN."""
    return say("no people") if math.isnan(share) else f"{100 * share:.1f} %"


def people_and_share(people: float, share: float) -> str:
    """ "1,234 (5.6 %)"; a dash where nobody lives."""
    return "-" if math.isnan(share) else f"{people:,.0f} ({percent(share)})"


def nearest_clinic_words(treatment: str, rank: int) -> str:
    """ "the nearest ECT clinic", "the 2nd nearest ECT clinic"."""
    return nearest_words(say(TREATMENTS[treatment]), rank)


def nearest_words(named: str, rank: int) -> str:
    """As `nearest_clinic_words`, of what is given there as one reads it: "the nearest TMS or ECT clinic"."""
    if rank == 1:
        return say("the nearest {treatment} clinic", treatment=named)
    which = f"{rank}{ {2: 'nd', 3: 'rd'}.get(rank, 'th') }" if language() == SOURCE_LANGUAGE else f"{rank}"
    return say("the {rank} nearest {treatment} clinic", rank=which, treatment=named)


def rurality_index(ruralities: "pd.Series[str]") -> pd.Index:
    """The classes of rurality by the names that people read, as the index of a table."""
    return pd.Index([say(GROUP_NAMES[name]) for name in ruralities], name=say("people live in"))


def people_and_shares(table: pd.DataFrame, people: str, share: str) -> list[str]:
    """`people_and_share` of each row; `people`, `share`: the columns that hold them."""
    return [people_and_share(count, part) for count, part in table[[people, share]].to_numpy(float).tolist()]


def rounded_or_unreached(cost: float) -> str:
    """ "35"; "not reached" for NaN."""
    return say("not reached") if math.isnan(cost) else f"{cost:.0f}"


def percent_range(low: float, high: float) -> str:
    """Two shares as percent, rounded outward: "85 to 92 %"."""
    ends = math.floor(round(100 * low, 6)), math.ceil(round(100 * high, 6))
    return f"{ends[0]} %" if ends[0] == ends[1] else say("{low} to {high} %", low=ends[0], high=ends[1])


def rank_words(rank: float, low: float, high: float) -> str:
    """A rank and the ranks between which it lies, "2 (1 to 6)"; "" where there is none."""
    if math.isnan(rank):
        return ""
    return say("{rank} ({low} to {high})", rank=f"{rank:g}", low=f"{low:g}", high=f"{high:g}")


def usd(amount: float | None) -> str:
    """ "$1,200"; "not stated" for None or NaN."""
    return say("not stated") if amount is None or math.isnan(amount) else f"${amount:,.0f}"
