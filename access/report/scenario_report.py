"""The report of a scenario against how things stand: what a planner hands to a board, with all that repeats it."""

from datetime import date
from typing import Any, Final

import pandas as pd

from access.language import language, say, say_many
from access.places.outlines import load_outlines
from access.report.edit_words import Names, edits_for_people, shown, usd
from access.report.effects import LIMITS, county_changes, gaps_around, people_by_limit
from access.report.provenance import data_limits, provenance, scenario_command, sources_line
from access.report.scenario_map import scenario_map
from access.report.scenario_numbers import cards, figures, starts_note
from access.report.scenario_tables import (
    county_table,
    critical_table,
    gap_table,
    limit_table,
    load_table,
    payer_table,
    sessions_note,
    state_table,
    written,
)
from access.report.whatif import Baseline, Outcome, changes
from access.report.words import area_name, scenario_sentence
from access.scenarios.scenario import Scenario, scenario_text
from access.settings import code_version
from access.vocabulary import TREATMENTS

MOST_EDITS: Final = 40


def scenario_report(base: Baseline, found: Outcome, limit: float, state: str | None, day: date) -> dict[str, Any]:
    """All words, figures, tables and the map of a report in the current language, as JSON can hold them.

    `limit`: minutes. `state`: the USPS code of the state whose people `base` counts; None: the nation. `tables` are
    each `title`, `note` and `rows` of text, the head first. Counts of 1 to 10 people of a county are not told.
    """
    within = people_by_limit(base, found, limits=_limits(limit))
    everyone = within[within["limit"] == limit].iloc[-1]
    gaps = gaps_around(base, found, _limits(limit))
    counties = county_changes(base, found, limit)
    names, outlines = clinic_names(base, found), load_outlines()
    return {
        "language": language(),
        "title": shown(found.scenario.name),
        "subtitle": _subtitle(base, state, limit, day),
        "note": shown(found.scenario.note),
        "sentence": scenario_sentence(changes(base, found.before["minutes"], found.after["minutes"], limit), limit),
        "cards": cards(base, found, everyone, limit),
        "edits": _edits(found.scenario, names),
        "figures": written(
            say("Before and after"), figures(base, found, everyone, gaps, limit), starts_note(base.treatment)
        ),
        **scenario_map(base, found, counties, outlines, limit, state),
        "tables": [
            limit_table(within),
            *gap_table(gaps),
            payer_table(base, found, limit),
            county_table(counties, outlines[1]) if state else state_table(base, found, limit),
            load_table(base, found, names),
            critical_table(base, found, limit, names),
        ],
        **_how_we_know(base, found.scenario),
        **_again(base, found.scenario, limit, state, day),
    }


def clinic_names(base: Baseline, found: Outcome) -> Names:
    """What to call a clinic by its id, before or after the edits: its name and town, else its name and id."""
    columns = ["clinic_id", "name", "city", "state"]
    rows = pd.concat([base.pack.clinics[columns], found.clinics[columns]]).drop_duplicates("clinic_id")
    told = {
        clinic_id: shown(f"{name}, {city}, {state}" if isinstance(city, str) and city else f"{name} ({clinic_id})")
        for clinic_id, name, city, state in rows.itertuples(index=False)
    }
    return lambda clinic_id: told.get(clinic_id, shown(clinic_id))


def _limits(limit: float) -> list[float]:
    return sorted({*LIMITS, limit})


def _subtitle(base: Baseline, state: str | None, limit: float, day: date) -> str:
    return say(
        "A scenario against how things stand: {treatment} in {area}, within {limit} minutes. TRD Access, {date}",
        treatment=say(TREATMENTS[base.treatment]),
        area=area_name(base.people, state),
        limit=f"{limit:g}",
        date=day.isoformat(),
    )


def _edits(scenario: Scenario, names: Names) -> dict[str, Any]:
    left = len(scenario.edits) - MOST_EDITS
    told = [say("All edits together: {cost}.", cost=usd(scenario.cost_usd))]
    if left > 0:
        told.append(
            say_many(
                "{number} more edit stands in the file at the end.",
                "{number} more edits stand in the file at the end.",
                left,
            )
        )
    return written(say("What changes"), edits_for_people(scenario.edits[:MOST_EDITS], names), " ".join(told))


def _how_we_know(base: Baseline, scenario: Scenario) -> dict[str, Any]:
    said = [
        say("Before: the clinics in our data. After: the same with these edits, and nothing else changed."),
        say("Within reach is not treated: whether a clinic has room, or takes a person, is not counted."),
        say("What is not in our data is not known: it does not mean that there is no care."),
        *data_limits(base.pack),
        say("Of a county, counts of 1 to 10 people are not shown."),
        sessions_note(base.treatment),
        say("These figures carry no interval: before and after stand on the same estimates of the drives."),
    ]
    if scenario.pack not in ("", base.pack.name):
        said.insert(1, say("The scenario was written for other data: {pack}.", pack=shown(scenario.pack)))
    return {
        "method-title": say("How we know, and what we do not"),
        "method": [one for one in said if one],
        "sources-title": say("Sources"),
        "provenance": provenance(base.pack),
        "sources": sources_line(base.pack),
    }


def _again(base: Baseline, scenario: Scenario, limit: float, state: str | None, day: date) -> dict[str, str]:
    return {
        "again-title": say("How to make this report again"),
        "again": say(
            "TRD Access {version} ({year}), data {pack}, built {built}. Keep the text below as scenario.yaml and run:",
            version=code_version(),
            year=day.year,
            pack=base.pack.name,
            built=base.pack.manifest.built_on,
        ),
        "command": scenario_command(base.treatment, state, limit, base.pack),
        "attached": say("The text is attached to this PDF too, as scenario.yaml."),
        "scenario": scenario_text(scenario),
        "crisis": say("In a crisis call or text 988. In immediate danger call 911. En español: 988, luego 2."),
    }
