"""A scenario in words: its edits, the sentence of its effects, and its effects as tables for reading."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from access.language import mark, say
from access.questions.gaps import EVERYONE, GapTables
from access.scenarios.edits import ACTIONS, Edit
from access.vocabulary import PAYERS, STATES, TREATMENTS
from access.words.figures import (
    GROUP_NAMES,
    people_and_shares,
    percent,
    rough_count,
    rounded_or_unreached,
    rurality_index,
    usd,
)


def scenario_sentence(found: pd.DataFrame, limit: float) -> str:
    """One sentence: how many people a scenario brings within the limit, and how many it takes out."""
    row = found[found["rurality"] == EVERYONE].iloc[0]
    gained = int(row["people_gained"])
    lost = int(row["people_lost"])
    nearer = int(row["people_nearer"])
    if not gained and not lost:
        who = say("nobody's nearest clinic gets nearer")
        if nearer:
            who = say("about {people} people get nearer to a clinic", people=rough_count(nearer))
        return say("Nobody comes within {limit} minutes or falls out of it; {who}.", limit=f"{limit:g}", who=who)
    parts = {
        mark("about {people} people come within {limit} minutes"): gained,
        mark("about {people} people fall out of {limit} minutes"): lost,
    }
    said = say(" and ").join(
        say(words, people=rough_count(people), limit=f"{limit:g}") for words, people in parts.items() if people
    )
    return f"{said[0].upper()}{said[1:]} ({say('an estimate')})."


def scenario_for_people(found: pd.DataFrame) -> pd.DataFrame:
    """The table of a scenario: one row per rurality and all; text."""

    def cells(when: str) -> list[str]:
        return people_and_shares(found, f"people_beyond_{when}", f"share_beyond_{when}")

    return pd.DataFrame(
        {
            say("people"): found["people"].map("{:,}".format).to_list(),
            say("beyond, before"): cells("before"),
            say("beyond, after"): cells("after"),
            say("gained"): found["people_gained"].map("{:+,}".format).to_list(),
            say("lost"): (-found["people_lost"]).map("{:,}".format).to_list(),
            say("nearer"): found["people_nearer"].map("{:,}".format).to_list(),
            say("farther"): found["people_farther"].map("{:,}".format).to_list(),
        },
        index=rurality_index(found["rurality"]),
    )


ClinicNamer = Callable[[str], str]
# Control characters but the end of a line, and the overrides and embeddings of writing direction.
_UNSEEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What an edit may say of itself, and the sentence that tells it.
_FIGURES: Final[dict[str, str]] = {
    "capacity_per_week": mark("{figure} sessions a week"),
    "hours_per_week": mark("{figure} hours a week"),
    "instead_of": mark("instead of {figure}"),
    "max_minutes": mark("drives of up to {figure} minutes"),
}


def edits_for_people(edits: Sequence[Edit], names: ClinicNamer) -> pd.DataFrame:
    """One row per edit, in order, as text; indexed by its number. `names`: a clinic's name by its id."""
    return pd.DataFrame(
        {
            say("what"): [say(ACTIONS[edit.action]) for edit in edits],
            say("where"): [_clinic_words(edit.model_dump(), names) for edit in edits],
            say("how"): ["; ".join(_edit_details(edit.model_dump(), names)) or "–" for edit in edits],
            say("cost"): [usd(edit.cost_usd) for edit in edits],
        },
        index=pd.Index([str(number) for number in range(1, len(edits) + 1)], name=say("edit")),
    )


def strip_controls(text: str) -> str:
    """What somebody typed, without control characters and those that turn the direction of all that follows."""
    return _UNSEEN.sub("", text)


def _clinic_words(facts: Mapping[str, Any], names: ClinicNamer) -> str:
    """The name of a site that is new or of a programme, else that of the clinic; and the clinic's id."""
    clinic_id = facts.get("clinic_id", "")
    name = facts.get("name") or names(clinic_id)
    return strip_controls(f"{name} ({clinic_id})" if clinic_id not in name else name)


def _edit_details(facts: Mapping[str, Any], names: ClinicNamer) -> list[str]:
    treatments = facts.get("treatments") or [one for one in [facts.get("treatment")] if one]
    payers = facts.get("payers") or [one for one in [facts.get("payer")] if one]
    told = [_spot_words(facts, names)]
    told += [f"{_spot_words(stop, names)} ({_weekday_words(stop)})" for stop in facts.get("stops", ())]
    told.append(", ".join(say(TREATMENTS.get(one, one)) for one in treatments))
    if payers:
        told.append(say("takes {payers}", payers=", ".join(say(PAYERS.get(one, one)) for one in payers)))
    told.append(", ".join(names(one) for one in facts.get("clinic_ids", ())))
    if facts.get("days"):
        told.append(say("open on {days}", days=_weekday_words(facts)))
    told += [say(words, figure=f"{facts[key]:,g}") for key, words in _FIGURES.items() if facts.get(key) is not None]
    return [one for one in told if one]


def _spot_words(facts: Mapping[str, Any], names: ClinicNamer) -> str:
    if facts.get("at_clinic"):
        return say("at the site of {clinic}", clinic=names(facts["at_clinic"]))
    if facts.get("town"):
        return strip_controls(facts["town"])
    return f"{facts['latitude']:.4f}, {facts['longitude']:.4f}" if facts.get("latitude") is not None else ""


def _weekday_words(facts: Mapping[str, Any]) -> str:
    # The names of the days are those of the calendar: "Mon", "Tue".
    return ", ".join(say(day.title()) for day in facts["days"])


_GROUPS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "rurality": (mark("people live in"), GROUP_NAMES),
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
            say("people within, before"): _count_words(shown["people_within_before"]),
            say("people within, after"): _count_words(shown["people_within_after"]),
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
        sides[when] = pd.Series(middle["minutes"].map(rounded_or_unreached).to_list(), index=middle["rurality"])
    table = pd.DataFrame(sides)
    table.index = pd.Index([say(GROUP_NAMES[one]) for one in table.index], name=say("people live in"))
    return table


def gap_differences(before: GapTables, after: GapTables) -> pd.DataFrame:
    """The gap at each limit: rural share beyond less urban share beyond, in points, before and after."""

    def points(tables: GapTables) -> list[str]:
        return [say("not known") if math.isnan(one) else f"{100 * one:.1f}" for one in tables.gaps["difference"]]

    return pd.DataFrame(
        {say("gap in points, before"): points(before), say("gap in points, after"): points(after)},
        index=pd.Index(before.gaps["beyond"].map("{:g}".format), name=say("minutes")),
    )


def starts_for_people(starts: pd.DataFrame) -> pd.DataFrame:
    """`starts_around` as text: the share of expected esketamine starts that distance goes with losing."""
    names = {**GROUP_NAMES, **STATES}
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
            say("nearest for, before"): _count_words(shown["people_before"]),
            say("nearest for, after"): _count_words(shown["people_after"]),
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
            say("would lose access"): _count_words(shown["people_lost"]),
            say("would go farther"): _count_words(shown["people_farther"]),
            say("would reach none at all"): _count_words(shown["people_unreached"]),
            say("minutes more, on average"): shown["minutes_more"].map(_minutes_more_words).to_list(),
        },
        index=pd.Index([names(one) for one in shown["clinic_id"]], name=say("if this clinic closed")),
    )


def scenarios_for_people(found: pd.DataFrame, limit: float) -> pd.DataFrame:
    """`side_by_side` as text, one column per scenario, so that four fit on a page; indexed by the figure's name."""
    rows: dict[str, list[str]] = {
        say("people within {limit} minutes", limit=f"{limit:g}"): _count_words(found["people_within"]),
        say("gained"): found["people_gained"].map("{:+,}".format).to_list(),
        say("lost"): (-found["people_lost"]).map("{:,}".format).to_list(),
        say("median minutes"): found["median_minutes"].map(rounded_or_unreached).to_list(),
        say("urban people beyond"): found["share_beyond_urban"].map(percent).to_list(),
        say("rural people beyond"): found["share_beyond_rural"].map(percent).to_list(),
        say("need somebody to drive them"): found["people_needing_escort"].map(_count_or_unknown).to_list(),
    }
    if found["share_starts_lost"].notna().any():
        rows[say("share of starts lost")] = found["share_starts_lost"].map(percent).to_list()
    rows[say("cost")] = found["cost_usd"].map(usd).to_list()
    rows[say("cost per person gained")] = found["usd_per_person_gained"].map(usd).to_list()
    table = pd.DataFrame(rows).T
    table.columns = pd.Index([say("as now"), *found["scenario"].iloc[1:]])
    return table.rename_axis(say("figure"))


def _count_words(people: "pd.Series[int]") -> list[str]:
    return people.map("{:,.0f}".format).to_list()


def _count_or_unknown(people: float) -> str:
    return say("not known") if math.isnan(people) else f"{people:,.0f}"


def _minutes_more_words(minutes: float) -> str:
    return "-" if math.isnan(minutes) else f"{minutes:+.0f}"
