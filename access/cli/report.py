"""`trd-access scenario report`: a scenario against how things stand, as a document for a board."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from access.cli.area import OneState
from access.cli.scenario_file import open_scenario
from access.cli.show import PackName, Roads, check_words, minutes_of, pack_by, write_bytes
from access.language import LANGUAGES, speaking
from access.places.gazetteer import load_gazetteer
from access.report.brief import NATION
from access.report.gaps import people_of
from access.report.scenario_page import report_html, report_pdf
from access.report.scenario_report import scenario_report
from access.report.whatif import baseline, outcome
from access.vocabulary import TREATMENTS

FORMS: dict[str, Callable[[dict[str, Any]], bytes]] = {".pdf": report_pdf, ".html": report_html}


def write_report(
    file: Annotated[Path, typer.Argument(help="A scenario file (YAML).")],
    treatment: Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")],
    state: OneState = None,
    within: Annotated[str, typer.Option("--within", help="The drive that counts as within reach.")] = "60min",
    lang: Annotated[str, typer.Option("--lang", help="en or es.")] = "en",
    roads: Roads = None,
    pack_name: PackName = None,
    out: Annotated[Path, typer.Option("--out", help="A .pdf or .html file.")] = Path("report.pdf"),
) -> None:
    """Write a report for a board: who gains and loses, where, at which clinics, and how to repeat it."""
    check_words([treatment], TREATMENTS, "--treatment")
    check_words([lang], LANGUAGES, "--lang")
    form = check_words([out.suffix.lower()], FORMS, "--out")[0]
    limit = minutes_of(within)
    pack, plan = pack_by(pack_name, roads), open_scenario(file, load_gazetteer())
    people = people_of(pack.people, None if state == NATION else state)
    code = None if state in (None, NATION) else str(people["state"].iloc[0])
    base = baseline(pack, treatment, people)
    with speaking(lang):
        report = scenario_report(base, outcome(base, plan), limit, code, datetime.now(UTC).date())
        write_bytes(out, FORMS[form](report))
    typer.echo(f"{out} is written.")
