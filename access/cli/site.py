"""`trd-access site`: where the next sites would do most, with what no other choice could exceed."""

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from access.cli.exit_codes import NOTHING_FOUND
from access.cli.options import (
    AsCsv,
    AsJson,
    OutputForm,
    PackName,
    Roads,
    check_words,
    form_of,
    load_pack_on_roads,
    reach_of,
)
from access.cli.output import write_csv, write_json, write_table
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import Pack
from access.questions.gaps import people_of
from access.questions.siting import (
    CANDIDATES,
    TOWNS,
    candidates_named,
    require_evidence,
    scenario_of,
    siting_data_of,
    where_next,
)
from access.questions.what_if import Baseline, baseline, baseline_after, outcome
from access.scenarios.scenario import open_scenario, write_scenario
from access.scenarios.siting.best import Siting
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.frontier import frontier
from access.scenarios.siting.question import OBJECTIVES, SitingQuestion
from access.scenarios.siting.stability import stability
from access.vocabulary import TREATMENTS, state_code
from access.words.siting import (
    frontier_for_people,
    sites_for_people,
    siting_sentences,
    stability_sentences,
)

Dollars = Annotated[float | None, typer.Option("--site-cost", min=0, help="Dollars of a site that has no own cost.")]


def site(
    treatment: Annotated[str, typer.Option("--treatment", "-t", help="The treatment of the new sites.")],
    add: Annotated[int | None, typer.Option("--add", help="At most so many new sites.")] = None,
    objective: Annotated[str, typer.Option("--objective", help=", ".join(OBJECTIVES) + ".")] = "people",
    within: Annotated[
        str | None, typer.Option("--within", help="The drive that counts as within reach; 60min.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="The people and candidates of one state.")] = None,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="Ask on from this scenario file: its edits are made first.")
    ] = None,
    candidates: Annotated[
        str, typer.Option("--candidates", help=", ".join(CANDIDATES) + ", or a CSV: name, latitude, longitude.")
    ] = TOWNS,
    most: Annotated[int | None, typer.Option("--most", min=1, help="Only so many towns, the largest; 3000.")] = None,
    budget: Annotated[float | None, typer.Option("--budget", help="Dollars for all new sites together.")] = None,
    site_cost: Dollars = None,
    apart: Annotated[float, typer.Option("--apart-km", help="Km at least between two new sites.")] = 0.0,
    apart_existing: Annotated[
        float, typer.Option("--apart-from-existing-km", help="Km at least from a site that gives the treatment.")
    ] = 0.0,
    capacity: Annotated[
        bool, typer.Option("--capacity", help="Honour the capacities of the candidates' file.")
    ] = False,
    adult_share: Annotated[
        float | None, typer.Option("--adult-share", help="The share of people who are adults, where not counted.")
    ] = None,
    where_possible: Annotated[
        bool, typer.Option("--where-possible", help="For everyone: leave out whom no candidate reaches.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same sites.")] = 1,
    seconds: Annotated[float, typer.Option("--seconds", help="After so many the proof is broken off.")] = 30.0,
    show_frontier: Annotated[
        str | None, typer.Option("--frontier", help='Several numbers of sites, "1,2,5", or budgets, "$1e6,$2e6".')
    ] = None,
    show_stability: Annotated[
        int | None, typer.Option("--stability", help="Ask again in so many worlds of uncertain drives and listings.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Save the answer as a scenario.")] = None,
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Where next: the sites that meet an objective best, the order to open them in, and how good that is."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    steps = _frontier_steps(show_frontier, add, budget, alone=show_stability is None and save is None)
    question = SitingQuestion(
        objective=objective,
        within=_minutes_within(within),
        count=max(steps.get("counts", []), default=add),
        budget_usd=max(steps.get("budgets_usd", []), default=budget),
        apart_km=apart,
        apart_from_existing_km=apart_existing,
        with_capacity=capacity,
        adult_share=adult_share,
        where_possible=where_possible,
        seed=seed,
        seconds=seconds,
    )
    base = _baseline_before(load_pack_on_roads(pack_name, roads), treatment, state, scenario)
    options = {"state": state_code(state) if state else None, "most": most}
    cost = {} if site_cost is None else {"site_cost_usd": site_cost}
    ground = siting_data_of(base, candidates_named(base, candidates, **options, **cost))  # type: ignore[arg-type]
    require_evidence(question, treatment)
    if steps:
        _write_frontier(form, frontier(question, ground, **steps), base, objective)
        return
    found = where_next(base, question, ground)
    if save:
        write_scenario(scenario_of(found, treatment), save)
    _write(form, found, base, ground, show_stability)
    if found.sites.empty:
        raise typer.Exit(NOTHING_FOUND)


def _baseline_before(pack: Pack, treatment: str, state: str | None, scenario: Path | None) -> Baseline:
    base = baseline(pack, treatment, people_of(pack.people, state))
    if scenario is None:
        return base
    return baseline_after(base, outcome(base, open_scenario(scenario, load_gazetteer())))


def _minutes_within(within: str | None) -> float | None:
    if within is None:
        return None
    unit, limit = reach_of(within)
    if unit != "minutes":
        raise typer.BadParameter("Sites are chosen by drive time; write it like 60min.", param_hint="--within")
    return limit


def _frontier_steps(asked: str | None, add: int | None, budget: float | None, *, alone: bool) -> dict[str, list[Any]]:
    """The numbers of sites, or the budgets, of a frontier; {}: none is asked for."""
    if asked is None:
        return {}
    if not alone:
        raise typer.BadParameter("A frontier is shown alone, without --stability and --save.", param_hint="--frontier")
    parts = [part.strip() for part in asked.split(",")]
    in_dollars = all(part.startswith("$") for part in parts)
    if (budget if in_dollars else add) is not None:
        raise typer.BadParameter("The frontier says it already; leave out --add or --budget.", param_hint="--frontier")
    try:
        return {"budgets_usd": [float(part[1:]) for part in parts]} if in_dollars else {"counts": list(map(int, parts))}
    except ValueError:
        raise typer.BadParameter(
            f"'{asked}' is neither whole numbers, 1,2,5, nor dollars, $1e6,$2e6.", param_hint="--frontier"
        ) from None


def _write_frontier(form: OutputForm, table: pd.DataFrame, base: Baseline, objective: str) -> None:
    if form is OutputForm.JSON:
        write_json({"pack": base.pack.name, "treatment": base.treatment}, {"frontier": table})
    elif form is OutputForm.CSV:
        write_csv(table)
    else:
        write_table(f"{TREATMENTS[base.treatment]}, pack {base.pack.name}", frontier_for_people(table, objective))


def _write(form: OutputForm, found: Siting, base: Baseline, ground: SitingData, draws: int | None) -> None:
    sentences = siting_sentences(found)
    tables = {"sites": found.sites}
    if draws is not None:
        stable = stability(found, ground, draws=draws)
        sentences += stability_sentences(stable)
        values = stable.values.rename_axis("of").reset_index()
        tables |= {"stability": stable.sites, "others": stable.others, "values": values}
    if form is OutputForm.JSON:
        write_json({**_about(found, base), "statements": sentences}, tables)
    elif form is OutputForm.CSV:
        write_csv(found.sites)
    else:
        write_table(f"{TREATMENTS[base.treatment]}, pack {base.pack.name}", sites_for_people(found), sentences)


def _about(found: Siting, base: Baseline) -> dict[str, object]:
    names = ("value", "bound", "gap", "proven", "before", "unit", "left_out", "people", "seconds")
    asked = {"pack": base.pack.name, "treatment": base.treatment, "objective": found.question.objective}
    return asked | {name: getattr(found, name) for name in names}
