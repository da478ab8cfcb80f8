"""The key figures of a scenario's report: four to remember, and a table of before and after."""

from typing import Any

import numpy as np
import pandas as pd

from access.language import say
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.uptake import EVIDENCE
from access.report.edit_words import usd
from access.report.effects import median_of_all, starts_around
from access.report.gaps import GapTables
from access.report.whatif import Baseline, Outcome
from access.report.words import people_and_share, percent
from access.scenarios.rides import people_who_need_escort
from access.vocabulary import TREATMENTS

Number = dict[str, str]
Sides = tuple[GapTables, GapTables]


def cards(base: Baseline, found: Outcome, change: "pd.Series[Any]", limit: float) -> list[Number]:
    """People gained, people lost, the share within afterwards, the cost of each person gained.

    `change`: the row of everybody, of `people_by_limit` at `limit`.
    """
    words = {"limit": f"{limit:g}", "treatment": say(TREATMENTS[base.treatment])}
    shares = [_share(change, when) for when in ("before", "after")]
    return [
        {
            "figure": f"{change['people_gained']:+,}",
            "words": say("people come within {limit} minutes of a clinic for {treatment}", **words),
            "plain": "",
        },
        {
            "figure": f"{-change['people_lost']:,}",
            "words": say("people fall out of {limit} minutes", **words),
            "plain": "",
        },
        {
            "figure": percent(shares[1]),
            "words": say("of the people are within {limit} minutes afterwards", **words),
            "plain": say("now: {share}", share=percent(shares[0])),
        },
        _cost(found.scenario.cost_usd, int(change["people_gained"])),
    ]


def _cost(cost: float | None, gained: int) -> Number:
    plain = say("all edits together: {cost}", cost=usd(cost))
    if cost is None:
        plain = say("not every edit states its cost")
    figure = say("not stated")
    if cost is not None:
        figure = _usd_each(cost / gained) if gained else say("nobody gained")
    return {"figure": figure, "words": say("for each person who comes within reach"), "plain": plain}


def _usd_each(amount: float) -> str:
    return f"${amount:,.2f}" if amount < 100 else usd(amount)


def figures(base: Baseline, found: Outcome, change: "pd.Series[Any]", gaps: Sides, limit: float) -> pd.DataFrame:
    """Before and after as text, indexed by the figure's name: within, median, gap, escorts, and starts of esketamine.

    `change`: as for `cards`. `gaps`: `gaps_around`, `limit` among its limits.
    """
    within = [people_and_share(change[f"people_within_{when}"], _share(change, when)) for when in ("before", "after")]
    rows = {
        say("people within {limit} minutes", limit=f"{limit:g}"): within,
        say("median minutes"): [_median(tables) for tables in gaps],
        **_gap_rows(gaps, limit),
        say("within reach, and need somebody to drive them"): _escorts(base, found, limit),
        **_starts(base, found),
    }
    table = pd.DataFrame(rows, index=[say("before"), say("after")]).T
    return table.rename_axis(say("figure"))


def starts_note(treatment: str) -> str:
    """What the figures on starts rest on; "" for a treatment of which there are none."""
    if treatment != "esketamine":
        return ""
    return say(
        "Starts lost: how much rarer it is to begin far from a centre. An association, not an effect: {evidence}. "
        "The count holds if every expected patient would begin beside a centre: an upper bound.",
        evidence=say(EVIDENCE),
    )


def _share(change: "pd.Series[Any]", when: str) -> float:
    return float(change[f"people_within_{when}"]) / float(change["people"]) if change["people"] else np.nan


def _median(tables: GapTables) -> str:
    middle = median_of_all(tables)
    return f"{middle:.0f}" if middle == middle else say("not reached")


def _gap_rows(gaps: Sides, limit: float) -> dict[str, list[str]]:
    rows = [tables.gaps[tables.gaps["beyond"] == limit].iloc[0] for tables in gaps]
    return {
        say("urban people beyond"): [percent(row["urban"]) for row in rows],
        say("rural people beyond"): [percent(row["rural"]) for row in rows],
        say("gap: rural minus urban, in points"): [_points(row["difference"]) for row in rows],
    }


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}" if difference == difference else say("not known")


def _escorts(base: Baseline, found: Outcome, limit: float) -> list[str]:
    if base.treatment not in DEFAULT_REGIMENS:
        return [say("not known")] * 2
    sides = ((found.before, ()), (found.after, found.scenario.edits))
    counts = [people_who_need_escort(nearest, base.people, base.treatment, limit, edits) for nearest, edits in sides]
    return [f"{people:,}" for people in counts]


def _starts(base: Baseline, found: Outcome) -> dict[str, list[str]]:
    starts = starts_around(base, found)
    if starts.empty:
        return {}
    row = starts.iloc[-1]
    return {
        say("share of expected starts lost to distance"): [
            percent(row[f"share_lost_{when}"]) for when in ("before", "after")
        ],
        say("expected starts lost, at most"): [f"{row[f'lost_{when}']:,.0f}" for when in ("before", "after")],
    }
