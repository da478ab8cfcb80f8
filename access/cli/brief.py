"""`trd-access brief`: the page to leave behind, for a state, the nation, some counties or an area of one's own."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from access.cli.choose_area import ChosenArea, OneState, OwnArea, SomeCounties, area_of
from access.cli.options import PackName, Payer, Roads, Treatments, check_words, load_pack_on_roads
from access.cli.output import write_bytes
from access.documents.brief import (
    BriefArea,
    BriefData,
    brief_data,
    brief_html,
    brief_pdf,
    brief_words,
    own_area,
    state_area,
)
from access.language import LANGUAGES, use_language
from access.vocabulary import PAYERS, STATES, TREATMENTS

BRIEF_FORMS: dict[str, Callable[[dict[str, Any]], bytes]] = {".pdf": brief_pdf, ".html": brief_html}
DEFAULT_TREATMENT = "ketamine_iv"


def write_brief(
    state: OneState = None,
    county: SomeCounties = None,
    areas: OwnArea = None,
    all_states: Annotated[bool, typer.Option("--all-states", help="Every state, DC and Puerto Rico.")] = False,
    treatment: Treatments = None,
    payer: Payer = None,
    beyond: Annotated[
        float, typer.Option("--beyond", min=5, max=150, help="Far away means more minutes than this.")
    ] = 60,
    lang: Annotated[str, typer.Option("--lang", help="en or es.")] = "en",
    roads: Roads = None,
    pack_name: PackName = None,
    out: Annotated[Path, typer.Option("--out", help="A .pdf or .html file; with --all-states a folder.")] = Path(
        "brief.pdf"
    ),
) -> None:
    """Write a one-page brief: map, three numbers with intervals, comparison, method, sources."""
    treatments = check_words(treatment or [DEFAULT_TREATMENT], TREATMENTS, "--treatment")
    check_words([payer] if payer else [], PAYERS, "--payer")
    check_words([lang], LANGUAGES, "--lang")
    form = ".pdf" if all_states else out.suffix.lower()
    check_words([form], BRIEF_FORMS, "--out")
    pack = load_pack_on_roads(pack_name, roads)
    area = area_of(pack.people, state, county, areas, also="--all-states" if all_states else "")
    data = brief_data(pack, treatments, beyond, payer=payer)
    with use_language(lang):
        if all_states:
            _write_all(data, out)
        else:
            _write(data, _brief_area(data, area), out)
            typer.echo(f"{out} is written.")


def _brief_area(data: BriefData, area: ChosenArea) -> BriefArea:
    if area.name is None:
        return state_area(data, area.state)
    return own_area(data, area.people, area.name, area.options)


def _write_all(data: BriefData, folder: Path) -> None:
    there = [code for code in STATES if (data.standing["state"] == code).any()]
    for code in track(there, description="Briefs"):
        _write(data, state_area(data, code), folder / f"{code}.pdf")
    typer.echo(f"{len(there)} briefs are in {folder}.")


def _write(data: BriefData, area: BriefArea, path: Path) -> None:
    write_bytes(path, BRIEF_FORMS[path.suffix.lower()](brief_words(data, area, datetime.now(UTC).date())))
