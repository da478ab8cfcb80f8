"""The tables of a scenario's report: who is within reach, by payer, by area, and which clinics carry it."""

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from access.language import say, say_many
from access.measures.regimens import DEFAULT_REGIMENS
from access.questions.effects import people_by_limit, people_by_payer
from access.questions.gaps import GapTables
from access.questions.view import ADULT_SHARE
from access.questions.what_if import Baseline, Outcome
from access.scenarios.clinic_load import STARTING_SHARE, criticality, load_by_clinic, with_capacity
from access.sources.us_atlas import shape_of_county
from access.travel.estimate import MAX_MINUTES
from access.words.scenarios import (
    ClinicNamer,
    criticality_for_people,
    effects_for_people,
    gap_differences,
    gaps_for_people,
    load_for_people,
)
from access.words.small_cells import FEWEST, safe_count

GapsBeforeAfter = tuple[GapTables, GapTables]


TextTable = dict[str, Any]
MOST_ROWS: Final = 15
MOST_CRITICAL: Final = 5


def text_table(title: str, table: pd.DataFrame, note: str = "", *, together: int = 0) -> TextTable:
    """A table of text as JSON can hold it: `title`, `note`, and `rows`, the head first, the index as first column.

    `together`: how many rows make a group, after which a stronger line stands; 0: none.
    """
    whole = table.reset_index()
    return {
        "title": title,
        "note": note,
        "together": together,
        "rows": [[str(name) for name in whole.columns], *whole.astype(str).to_numpy().tolist()],
    }


def limit_table(within: pd.DataFrame) -> TextTable:
    """People within each limit by rurality. `within`: `people_by_limit`."""
    shown = within.sort_values("limit", kind="stable")
    words = effects_for_people(shown, "rurality")
    groups = int(within["rurality"].nunique())
    return text_table(say("Who is within reach, by where people live"), words, together=groups)


def gap_table(gaps: GapsBeforeAfter) -> list[TextTable]:
    """Median minutes by rurality, and the gap at each limit. `gaps`: as `gaps_around`."""
    before, after = gaps
    return [
        text_table(say("Median drive, by where people live"), gaps_for_people(before, after)),
        text_table(
            say("The gap between city and country"),
            gap_differences(before, after),
            say("Rural share beyond the limit less urban share beyond it."),
        ),
    ]


def payer_table(base: Baseline, found: Outcome, limit: float) -> TextTable:
    """People within the limit of a clinic that states it takes each payer."""
    note = say(
        "All people are counted for each payer, not only those whom it insures. A clinic of which no source states "
        "what it takes is left out here."
    )
    table = effects_for_people(people_by_payer(base, found, [limit]), "payer")
    return text_table(say("By payer"), table, note)


def state_table(base: Baseline, found: Outcome, limit: float) -> TextTable:
    """The states where anybody gains or loses."""
    table = effects_for_people(people_by_limit(base, found, "state", [limit]), "state")
    return text_table(say("States where anybody gains or loses"), table, "" if len(table) else say("None."))


def county_table(counties: pd.DataFrame, areas: gpd.GeoDataFrame) -> TextTable:
    """The counties where most people gain or lose, small counts left out. `counties`: `county_changes`.

    `areas`: the outlines of counties, for their names.
    """
    moved = counties["people_gained"] + counties["people_lost"]
    touched = counties.assign(moved=moved)[moved > 0].sort_values(["moved", "county"], ascending=[False, True])
    shown = touched.head(MOST_ROWS)
    table = pd.DataFrame(
        {
            say("people"): shown["people"].map(safe_count),
            say("gained"): shown["people_gained"].map(safe_count),
            say("lost"): shown["people_lost"].map(safe_count),
            say("minutes more, on average"): [
                _minutes_more(people, minutes) for people, minutes in shown[["people", "minutes_change"]].to_numpy()
            ],
        }
    ).set_axis(pd.Index(_county_names(shown["county"], areas), name=say("county")))
    return text_table(say("Counties where most people gain or lose"), table, _county_note(touched))


def _county_names(counties: "pd.Series[str]", areas: gpd.GeoDataFrame) -> list[str]:
    shapes = areas.set_index("county").loc[shape_of_county(counties).tolist()]
    return (shapes["name"] + ", " + shapes["state"]).tolist()


def _county_note(touched: pd.DataFrame) -> str:
    if touched.empty:
        return say("None.")
    told = [say("Who reaches no clinic counts at {most} minutes.", most=f"{MAX_MINUTES:g}")]
    left = len(touched) - MOST_ROWS
    if left > 0:
        told.append(say_many("{number} more county is left out.", "{number} more counties are left out.", left))
    return " ".join(told)


def _minutes_more(people: float, minutes: float) -> str:
    return "–" if people < FEWEST else f"{minutes:+.0f}"


def load_table(base: Baseline, found: Outcome, names: ClinicNamer) -> TextTable:
    """The clinics that are the nearest of more or fewer people than before, and what is known of their capacity."""
    load = load_by_clinic(found.before["clinic_id"], found.after["clinic_id"], base.people)
    changed = load[load["people_change"] != 0]
    table = _load_with_sessions(changed.head(MOST_ROWS), base, found, names)
    left = len(changed) - MOST_ROWS
    notes = [say("None.") if changed.empty else say("Only the people counted in this report are in this table.")]
    if left > 0:
        notes.append(say_many("{number} more clinic is left out.", "{number} more clinics are left out.", left))
    return text_table(say("Clinics that become the nearest of more or fewer people"), table, " ".join(notes))


def _load_with_sessions(load: pd.DataFrame, base: Baseline, found: Outcome, names: ClinicNamer) -> pd.DataFrame:
    regimen = DEFAULT_REGIMENS.get(base.treatment)
    if regimen is None:
        unknown = load.assign(sessions_per_week=0.0, capacity_per_week=None, is_exceeded=None)
        return load_for_people(unknown, names).iloc[:, :3]
    asked = with_capacity(load, found.services, regimen, adult_share=ADULT_SHARE, starting=STARTING_SHARE)
    return load_for_people(asked, names)


def sessions_note(treatment: str) -> str:
    """What the sessions asked rest on; "" where no course of the treatment is known."""
    if treatment not in DEFAULT_REGIMENS:
        return ""
    return say(
        "Sessions asked assume that {share} of expected patients begin a course in a year, each at the nearest clinic. "
        "No source gives that share.",
        share=f"{100 * STARTING_SHARE:g} %",
    )


def critical_table(base: Baseline, found: Outcome, limit: float, names: ClinicNamer) -> TextTable:
    """The clinics on which most people's reach hangs after the changes."""
    table = criticality(base.trips_to(found.giving), base.people, limit)
    words = criticality_for_people(table, names, most=MOST_CRITICAL)
    note = say("After the changes. Reach is a drive of {limit} minutes.", limit=f"{limit:g}")
    return text_table(say("The clinics on which most depends"), words, note if len(words) else say("None."))
