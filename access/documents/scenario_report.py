"""The report of a scenario against how things stand: what a planner hands to a board, with map, figures and all that
repeats it; PDF (typst, tagged) or HTML that needs nothing beside itself.
"""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from access.documents.commands import scenario_command
from access.documents.render import render_html, render_pdf
from access.documents.scenario_report_tables import (
    GapsBeforeAfter,
    county_table,
    critical_table,
    gap_table,
    limit_table,
    load_table,
    payer_table,
    sessions_note,
    state_table,
    text_table,
)
from access.language import language, say, say_many
from access.maps.changes import gains_names, gains_still, gains_title
from access.maps.palette import LOSS_TO_GAIN
from access.maps.still import mark_svg
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.uptake import EVIDENCE
from access.places.outlines import load_outlines
from access.questions.effects import (
    LIMITS_MINUTES,
    county_changes,
    gaps_around,
    median_of_all,
    people_by_limit,
    starts_around,
)
from access.questions.what_if import Baseline, Outcome, gains_and_losses
from access.scenarios.compare import changed_clinics
from access.scenarios.rides import people_who_need_escort
from access.scenarios.scenario import Scenario, scenario_text
from access.settings import code_version
from access.sources.us_atlas import shape_of_county
from access.vocabulary import TREATMENTS
from access.words.figures import area_name, people_and_share, percent, rounded_or_unreached, usd
from access.words.provenance import data_limits, provenance_line, sources_line
from access.words.scenarios import ClinicNamer, edits_for_people, scenario_sentence, strip_controls
from access.words.small_cells import safe_count

Number = dict[str, str]


def key_figures(base: Baseline, found: Outcome, change: "pd.Series[Any]", limit: float) -> list[Number]:
    """People gained, people lost, the share within afterwards, the cost of each person gained.

    `change`: the row of everybody, of `people_by_limit` at `limit`.
    """
    words = {"limit": f"{limit:g}", "treatment": say(TREATMENTS[base.treatment])}
    shares = [_share_within(change, when) for when in ("before", "after")]
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
        _cost_figure(found.scenario.cost_usd, int(change["people_gained"])),
    ]


def _cost_figure(cost: float | None, gained: int) -> Number:
    plain = say("all edits together: {cost}", cost=usd(cost))
    if cost is None:
        plain = say("not every edit states its cost")
    figure = say("not stated")
    if cost is not None:
        figure = _usd_each(cost / gained) if gained else say("nobody gained")
    return {"figure": figure, "words": say("for each person who comes within reach"), "plain": plain}


def _usd_each(amount: float) -> str:
    return f"${amount:,.2f}" if amount < 100 else usd(amount)


def figures_table(
    base: Baseline, found: Outcome, change: "pd.Series[Any]", gaps: GapsBeforeAfter, limit: float
) -> pd.DataFrame:
    """Before and after as text, indexed by the figure's name: within, median, gap, escorts, and starts of esketamine.

    `change`: as for `key_figures`. `gaps`: `gaps_around`, `limit` among its limits.
    """
    within = [
        people_and_share(change[f"people_within_{when}"], _share_within(change, when)) for when in ("before", "after")
    ]
    rows = {
        say("people within {limit} minutes", limit=f"{limit:g}"): within,
        say("median minutes"): [rounded_or_unreached(median_of_all(tables)) for tables in gaps],
        **_gap_rows(gaps, limit),
        say("within reach, and need somebody to drive them"): _escort_counts(base, found, limit),
        **_starts_rows(base, found),
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


def _share_within(change: "pd.Series[Any]", when: str) -> float:
    return float(change[f"people_within_{when}"]) / float(change["people"]) if change["people"] else np.nan


def _gap_rows(gaps: GapsBeforeAfter, limit: float) -> dict[str, list[str]]:
    rows = [tables.gaps[tables.gaps["beyond"] == limit].iloc[0] for tables in gaps]
    return {
        say("urban people beyond"): [percent(row["urban"]) for row in rows],
        say("rural people beyond"): [percent(row["rural"]) for row in rows],
        say("gap: rural minus urban, in points"): [_points_words(row["difference"]) for row in rows],
    }


def _points_words(difference: float) -> str:
    return say("not known") if math.isnan(difference) else f"{100 * difference:+.1f}"


def _escort_counts(base: Baseline, found: Outcome, limit: float) -> list[str]:
    if base.treatment not in DEFAULT_REGIMENS:
        return [say("not known")] * 2
    sides = ((found.before, ()), (found.after, found.scenario.edits))
    counts = [people_who_need_escort(nearest, base.people, base.treatment, limit, edits) for nearest, edits in sides]
    return [f"{people:,}" for people in counts]


def _starts_rows(base: Baseline, found: Outcome) -> dict[str, list[str]]:
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


Outlines = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


def scenario_map(
    base: Baseline,
    found: Outcome,
    counties: pd.DataFrame,
    outlines: Outlines,
    *,
    limit: float,
    state: str | None,
) -> dict[str, Any]:
    """The picture (SVG) and its legend: `map`, `map-title`, `legend` (colour, words), `marks` (SVG, words), `map-note`.

    `counties`: `county_changes` at `limit`. `outlines`: as `load_outlines` gives them. The nation shows only the
    clinics that change. In `legend` None is hatching: no data.
    """
    states, areas = outlines
    clinics = changed_clinics(base.clinics, found.giving)
    if state is None:
        clinics = _add_states(clinics[clinics["change"] != "kept"], states)
    title = gains_title(limit)
    picture = gains_still(
        counties, outlines, state, clinics=clinics, titles=_county_titles(counties, areas), label=title
    )
    shades = [LOSS_TO_GAIN[str(number)] for number in range(len(gains_names()))]
    words = {
        "kept": say("a clinic that stays as it is"),
        "closed": say("closes, moves away or ends the treatment"),
        "opened": say("opens, moves here or begins the treatment"),
    }
    shown = [change for change in words if f'data-clinics="{"" if change == "kept" else change}"' in picture]
    return {
        "map": picture,
        "map-title": title,
        "legend": [*map(list, zip(shades, gains_names(), strict=True)), [None, say("no people in our data")]],
        "marks": [[mark_svg(change), words[change]] for change in shown],
        "map-note": say("The colour is the share of a county's people."),
    }


def _add_states(clinics: pd.DataFrame, states: gpd.GeoDataFrame) -> pd.DataFrame:
    """The clinics with the state in which each stands, whatever its row says: an edit need not say it."""
    points = gpd.GeoDataFrame(
        clinics[["clinic_id"]], geometry=gpd.points_from_xy(clinics["longitude"], clinics["latitude"]), crs=states.crs
    )
    near = gpd.sjoin(points, states[["state", "geometry"]], how="left", predicate="intersects")
    return clinics.assign(state=near.groupby(level=0)["state"].first().reindex(clinics.index))


def _county_titles(counties: pd.DataFrame, areas: gpd.GeoDataFrame) -> dict[str, str]:
    sums = counties.groupby(shape_of_county(counties["county"]))[["people_gained", "people_lost"]].sum()
    names = areas.set_index("county")["name"].reindex(sums.index)
    told = zip(sums.index.astype(str), names, *(sums[column].map(safe_count) for column in sums), strict=True)
    return {
        code: say("{county}: {gained} come in, {lost} fall out", county=name, gained=gained, lost=lost)
        for code, name, gained, lost in told
    }


MOST_EDITS: Final = 40


def report_words(base: Baseline, found: Outcome, limit: float, state: str | None, day: date) -> dict[str, Any]:
    """All words, figures, tables and the map of a report in the current language, as JSON can hold them.

    `limit`: minutes. `state`: the USPS code of the state whose people `base` counts; None: the nation. `tables` are
    each `title`, `note` and `rows` of text, the head first. Counts of 1 to 10 people of a county are not told.
    """
    within = people_by_limit(base, found, limits=_limits_with(limit))
    everyone = within[within["limit"] == limit].iloc[-1]
    gaps = gaps_around(base, found, _limits_with(limit))
    counties = county_changes(base, found, limit)
    names = clinic_names(base, found)
    outlines = load_outlines()
    return {
        "language": language(),
        "title": strip_controls(found.scenario.name),
        "subtitle": _subtitle(base, state, limit, day),
        "note": strip_controls(found.scenario.note),
        "sentence": scenario_sentence(
            gains_and_losses(base, found.before["minutes"], found.after["minutes"], limit), limit
        ),
        "cards": key_figures(base, found, everyone, limit),
        "edits": _edits_table(found.scenario, names),
        "figures": text_table(
            say("Before and after"), figures_table(base, found, everyone, gaps, limit), starts_note(base.treatment)
        ),
        **scenario_map(base, found, counties, outlines, limit=limit, state=state),
        "tables": [
            limit_table(within),
            *gap_table(gaps),
            payer_table(base, found, limit),
            county_table(counties, outlines[1]) if state else state_table(base, found, limit),
            load_table(base, found, names),
            critical_table(base, found, limit, names),
        ],
        **_how_we_know(base, found.scenario),
        **_how_to_repeat(base, found.scenario, limit, state, day),
    }


def clinic_names(base: Baseline, found: Outcome) -> ClinicNamer:
    """What to call a clinic by its id, before or after the edits: its name and town, else its name and id."""
    columns = ["clinic_id", "name", "city", "state"]
    rows = pd.concat([base.pack.clinics[columns], found.clinics[columns]]).drop_duplicates("clinic_id")
    told = {
        clinic_id: strip_controls(
            f"{name}, {city}, {state}" if isinstance(city, str) and city else f"{name} ({clinic_id})"
        )
        for clinic_id, name, city, state in rows.itertuples(index=False)
    }
    return lambda clinic_id: told.get(clinic_id, strip_controls(clinic_id))


def _limits_with(limit: float) -> list[float]:
    return sorted({*LIMITS_MINUTES, limit})


def _subtitle(base: Baseline, state: str | None, limit: float, day: date) -> str:
    return say(
        "A scenario against how things stand: {treatment} in {area}, within {limit} minutes. TRD Access, {date}",
        treatment=say(TREATMENTS[base.treatment]),
        area=area_name(base.people, state),
        limit=f"{limit:g}",
        date=day.isoformat(),
    )


def _edits_table(scenario: Scenario, names: ClinicNamer) -> dict[str, Any]:
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
    return text_table(say("What changes"), edits_for_people(scenario.edits[:MOST_EDITS], names), " ".join(told))


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
        said.insert(1, say("The scenario was written for other data: {pack}.", pack=strip_controls(scenario.pack)))
    return {
        "method-title": say("How we know, and what we do not"),
        "method": [one for one in said if one],
        "sources-title": say("Sources"),
        "provenance": provenance_line(base.pack),
        "sources": sources_line(base.pack),
    }


def _how_to_repeat(base: Baseline, scenario: Scenario, limit: float, state: str | None, day: date) -> dict[str, str]:
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


def report_pdf(report: Mapping[str, Any]) -> bytes:
    """What `scenario_report` gives, as a tagged PDF on pages of US Letter, its map as vectors."""
    return render_pdf("scenario.typ", report)


def report_html(report: Mapping[str, Any]) -> bytes:
    """What `scenario_report` gives, as one HTML file: no script, no request, every text escaped."""
    return render_html("scenario.html", report)
