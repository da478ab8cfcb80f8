"""`trd-access scenario`: apply edits and see who gains and who loses; compare scenarios side by side."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.cli.edits import Accept, Add, Certify, Close, Drop, Move, edits_of
from access.cli.report import write_report
from access.cli.scenario_file import open_scenario, save_scenario
from access.cli.show import (
    AsCsv,
    AsJson,
    Form,
    PackName,
    Roads,
    check_words,
    form_of,
    minutes_of,
    pack_by,
    reach_of,
    write_csv,
    write_json,
    write_table,
)
from access.cli.store import add_store_commands
from access.places.gazetteer import load_gazetteer
from access.report.effect_words import effects_for_people, scenarios_for_people
from access.report.effects import MOST_COMPARED, people_by_limit, people_by_payer, side_by_side
from access.report.gaps import people_of
from access.report.whatif import Baseline, baseline, outcome, what_if
from access.report.words import scenario_for_people
from access.scenarios.edits import said
from access.scenarios.scenario import Scenario
from access.vocabulary import TREATMENTS

Treatment = Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")]
OfState = Annotated[str | None, typer.Option("--state", help="Count the people of one state.")]
Within = Annotated[str, typer.Option("--within", help="The drive that counts as within reach.")]
BY = ("rurality", "state", "county", "payer")
NOTE = "Drives are estimates; only clinics in our data are counted."

scenario_app = typer.Typer(no_args_is_help=True)
add_store_commands(scenario_app)
scenario_app.command("report")(write_report)


@scenario_app.command()
def apply(
    treatment: Treatment,
    file: Annotated[Path | None, typer.Argument(help="A scenario file (YAML); its edits come first.")] = None,
    add: Add = None,
    close: Close = None,
    move: Move = None,
    certify: Certify = None,
    drop: Drop = None,
    accept: Accept = None,
    save: Annotated[Path | None, typer.Option("--save", help="Save the edits to this file (YAML).")] = None,
    by: Annotated[str, typer.Option("--by", help=", ".join(BY))] = "rurality",
    state: OfState = None,
    within: Within = "60min",
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Before and after: people within reach, gained and lost."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    check_words([by], BY, "--by")
    options = {"add": add, "close": close, "move": move, "certify": certify, "drop": drop, "accept": accept}
    plan = _plan(file, treatment, options)
    pack = pack_by(pack_name, roads)
    found = _found(baseline(pack, treatment, people_of(pack.people, state)), plan, by, within)
    if save:
        save_scenario(plan, save)
    if form is Form.JSON:
        about = {"pack": pack.name, "treatment": treatment, "scenario": plan.model_dump(mode="json")}
        write_json(about, {"rows": found})
    elif form is Form.CSV:
        write_csv(found)
    else:
        words = scenario_for_people(found) if by == "rurality" else effects_for_people(found, by)
        notes = [*map(said, plan.edits), NOTE]
        write_table(f"{TREATMENTS[treatment]} within {within}, pack {pack.name}", words.reset_index(), notes)


@scenario_app.command()
def compare(
    treatment: Treatment,
    files: Annotated[list[Path], typer.Argument(help="One to four scenario files.")],
    state: OfState = None,
    within: Within = "60min",
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Up to four scenarios beside how things stand."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    limit = minutes_of(within)
    if len(files) > MOST_COMPARED:
        raise typer.BadParameter(f"{len(files)} files are given; at most {MOST_COMPARED} stand side by side.")
    gazetteer, pack = load_gazetteer(), pack_by(pack_name, roads)
    base = baseline(pack, treatment, people_of(pack.people, state))
    found = side_by_side(base, [outcome(base, open_scenario(file, gazetteer)) for file in files], limit)
    if form is Form.JSON:
        write_json({"pack": pack.name, "treatment": treatment, "limit_minutes": limit}, {"rows": found})
    elif form is Form.CSV:
        write_csv(found)
    else:
        title = f"{TREATMENTS[treatment]} within {within}, pack {pack.name}"
        write_table(title, scenarios_for_people(found, limit).reset_index(), [NOTE])


def _plan(file: Path | None, treatment: str, options: dict[str, list[str] | None]) -> Scenario:
    gazetteer = load_gazetteer()
    earlier = open_scenario(file, gazetteer) if file else Scenario()
    edits = (*earlier.edits, *edits_of(gazetteer, treatment, options, earlier.edits))
    if not edits:
        raise typer.BadParameter(f"Name at least one edit: a file, or --{', --'.join(options)}.")
    return earlier.model_copy(update={"edits": edits})


def _found(base: Baseline, plan: Scenario, by: str, within: str) -> pd.DataFrame:
    if by == "rurality":
        unit, limit = reach_of(within)
        return what_if(base, plan, limit, unit=unit)
    made, limits = outcome(base, plan), [minutes_of(within)]
    return people_by_payer(base, made, limits) if by == "payer" else people_by_limit(base, made, by, limits)
