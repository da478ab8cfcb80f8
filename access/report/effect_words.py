"""A scenario's effects as tables for reading: page, terminal and report say the same."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from access.language import mark, say
from access.report.edit_words import usd
from access.report.gaps import GapTables
from access.report.words import NAMES, percent
from access.vocabulary import PAYERS, STATES

_GROUPS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "rurality": (mark("people live in"), NAMES),
    "state": (mark("state"), STATES),
    "payer": (mark("a clinic that states it takes"), PAYERS),
    "county": (mark("county"), {}),
}


def effects_for_people(found: pd.DataFrame, by: str) -> pd.DataFrame:
    """`people_by_limit` or `people_by_payer` as text: one row per group and limit; indexed by the group's name.

    Of states and counties only those where anybody gains or loses.
    """
    shown = found
    if by in ("state", "county"):
        touched = found.groupby(by)[["people_gained", "people_lost"]].transform("sum").sum(axis=1) > 0
        shown = found[touched]
    title, names = _GROUPS[by]
    return pd.DataFrame(
        {
            say("minutes"): shown["limit"].map("{:g}".format).to_list(),
            say("people within, before"): _counts(shown["people_within_before"]),
            say("people within, after"): _counts(shown["people_within_after"]),
            say("gained"): shown["people_gained"].map("{:+,}".format).to_list(),
            say("lost"): (-shown["people_lost"]).map("{:,}".format).to_list(),
        },
        index=pd.Index([say(names.get(one, one)) for one in shown[by]], name=say(title)),
    )


def gaps_for_people(before: GapTables, after: GapTables) -> pd.DataFrame:
    """Median minutes by rurality before and after, and how far the country stands from the city; indexed by group."""
    sides = {}
    for when, tables in ((say("median minutes, before"), before), (say("median minutes, after"), after)):
        middle = tables.quantiles[tables.quantiles["quantile"] == 0.5]
        sides[when] = pd.Series(middle["minutes"].map(_minutes).to_list(), index=middle["rurality"])
    table = pd.DataFrame(sides)
    table.index = pd.Index([say(NAMES[one]) for one in table.index], name=say("people live in"))
    return table


def gap_differences(before: GapTables, after: GapTables) -> pd.DataFrame:
    """The gap at each limit: rural share beyond less urban share beyond, in points, before and after."""

    def points(tables: GapTables) -> list[str]:
        return [say("not known") if one != one else f"{100 * one:.1f}" for one in tables.gaps["difference"]]

    return pd.DataFrame(
        {say("gap in points, before"): points(before), say("gap in points, after"): points(after)},
        index=pd.Index(before.gaps["beyond"].map("{:g}".format), name=say("minutes")),
    )


def starts_for_people(starts: pd.DataFrame) -> pd.DataFrame:
    """`starts_around` as text: the share of expected esketamine starts that distance goes with losing."""
    names = {**NAMES, **STATES}
    column = str(starts.columns[0])
    return pd.DataFrame(
        {
            say("share of starts lost, before"): starts["share_lost_before"].map(percent).to_list(),
            say("share of starts lost, after"): starts["share_lost_after"].map(percent).to_list(),
        },
        index=pd.Index([say(names.get(one, one)) for one in starts[column]], name=say("people live in")),
    )


def load_for_people(load: pd.DataFrame, names: Callable[[str], str]) -> pd.DataFrame:
    """`with_capacity` as text, those clinics alone whose people change; indexed by the clinic's name."""
    shown = load[load["people_change"] != 0]
    known = {True: say("exceeded"), False: say("enough")}
    return pd.DataFrame(
        {
            say("nearest for, before"): _counts(shown["people_before"]),
            say("nearest for, after"): _counts(shown["people_after"]),
            say("change"): shown["people_change"].map("{:+,}".format).to_list(),
            say("sessions a week asked"): shown["sessions_per_week"].map("{:,.1f}".format).to_list(),
            say("capacity"): [
                say("not known") if pd.isna(one) else f"{known[bool(one)]} ({capacity:,.0f})"
                for one, capacity in zip(shown["is_exceeded"], shown["capacity_per_week"], strict=True)
            ],
        },
        index=pd.Index([names(one) for one in shown["clinic_id"]], name=say("clinic")),
    )


def criticality_for_people(table: pd.DataFrame, names: Callable[[str], str], *, most: int = 20) -> pd.DataFrame:
    """`criticality` as text: the clinics whose closing would take most people out of reach; indexed by name."""
    shown = table[table["people_farther"] > 0].head(most)
    return pd.DataFrame(
        {
            say("would lose access"): _counts(shown["people_lost"]),
            say("would go farther"): _counts(shown["people_farther"]),
            say("would reach none at all"): _counts(shown["people_unreached"]),
            say("minutes more, on average"): shown["minutes_more"].map(_more).to_list(),
        },
        index=pd.Index([names(one) for one in shown["clinic_id"]], name=say("if this clinic closed")),
    )


def scenarios_for_people(found: pd.DataFrame, limit: float) -> pd.DataFrame:
    """`side_by_side` as text, one column per scenario, so that four fit on a page; indexed by the figure's name."""
    rows: dict[str, list[str]] = {
        say("people within {limit} minutes", limit=f"{limit:g}"): _counts(found["people_within"]),
        say("gained"): found["people_gained"].map("{:+,}".format).to_list(),
        say("lost"): (-found["people_lost"]).map("{:,}".format).to_list(),
        say("median minutes"): found["median_minutes"].map(_minutes).to_list(),
        say("urban people beyond"): found["share_beyond_urban"].map(percent).to_list(),
        say("rural people beyond"): found["share_beyond_rural"].map(percent).to_list(),
        say("need somebody to drive them"): found["people_needing_escort"].map(_known).to_list(),
    }
    if found["share_starts_lost"].notna().any():
        rows[say("share of starts lost")] = found["share_starts_lost"].map(percent).to_list()
    rows[say("cost")] = found["cost_usd"].map(usd).to_list()
    rows[say("cost per person gained")] = found["usd_per_person_gained"].map(usd).to_list()
    table = pd.DataFrame(rows).T
    table.columns = pd.Index([say("as now"), *found["scenario"].iloc[1:]])
    return table.rename_axis(say("figure"))


def _counts(people: "pd.Series[int]") -> list[str]:
    return people.map("{:,.0f}".format).to_list()


def _known(people: float) -> str:
    return f"{people:,.0f}" if people == people else say("not known")


def _minutes(cost: float) -> str:
    return f"{cost:.0f}" if cost == cost else say("not reached")


def _more(minutes: float) -> str:
    return f"{minutes:+.0f}" if minutes == minutes else "-"
