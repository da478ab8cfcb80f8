"""`trd-access scenario`: add, close, move or certify clinics, and see who gains and who loses."""

import itertools
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.cli.show import (
    AsCsv,
    AsJson,
    Form,
    PackName,
    check_words,
    form_of,
    reach_of,
    write_csv,
    write_json,
    write_table,
)
from access.errors import ScenarioError
from access.places.gazetteer import Gazetteer, find_place, load_gazetteer
from access.places.pack import load_pack
from access.report.gaps import people_of
from access.report.whatif import baseline, what_if
from access.report.words import scenario_for_people
from access.scenarios.scenario import (
    AddTreatment,
    CloseClinic,
    Edit,
    MoveClinic,
    OpenClinic,
    Scenario,
    read_scenario,
)
from access.vocabulary import TREATMENTS

Several = list[str] | None


def scenario(
    treatment: Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")],
    add: Annotated[Several, typer.Option("--add", help='A ZIP, "town, ST" or "lat,lon" for a new clinic.')] = None,
    close: Annotated[Several, typer.Option("--close", help="The id of a clinic that closes.")] = None,
    move: Annotated[Several, typer.Option("--move", help='"ID to PLACE".')] = None,
    certify: Annotated[Several, typer.Option("--certify", help="The id of a clinic that begins the treatment.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A scenario saved before; its edits come first.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Save the edits to this file.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Count the people of one state.")] = None,
    within: Annotated[str, typer.Option("--within", help="The drive that counts as within reach.")] = "60min",
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Before and after: people within reach, gained and lost, by rurality."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    unit, limit = reach_of(within)
    gazetteer = load_gazetteer()
    earlier = read_scenario(file) if file else Scenario()
    edits = [*earlier.edits, *_edits(gazetteer, treatment, close or [], move or [], certify or [])]
    plan = _plan(earlier, [*edits, *_openings(gazetteer, treatment, add or [], [edit.clinic_id for edit in edits])])
    pack = load_pack(pack_name)
    found = what_if(baseline(pack, treatment, people_of(pack.people, state)), plan, limit, unit=unit)
    if save:
        _save(plan, save)
    if form is Form.JSON:
        write_json({"pack": pack.name, "treatment": treatment, "scenario": plan.model_dump()}, {"rows": found})
    elif form is Form.CSV:
        write_csv(found)
    else:
        _write_people(found, plan, f"{TREATMENTS[treatment]} within {within}, pack {pack.name}")


def _edits(
    gazetteer: Gazetteer,
    treatment: str,
    close: list[str],
    move: list[str],
    certify: list[str],
) -> list[Edit]:
    edits: list[Edit] = [CloseClinic(clinic_id=clinic_id) for clinic_id in close]
    for text in move:
        clinic_id, found, target = text.partition(" to ")
        if not found:
            raise typer.BadParameter(f"'{text}' is not 'ID to PLACE'.", param_hint="--move")
        place = find_place(target, *gazetteer)
        edits.append(MoveClinic(clinic_id=clinic_id.strip(), latitude=place.latitude, longitude=place.longitude))
    edits += [AddTreatment(clinic_id=clinic_id, treatment=treatment) for clinic_id in certify]
    return edits


def _openings(gazetteer: Gazetteer, treatment: str, add: list[str], taken: list[str]) -> list[Edit]:
    """New clinics, with ids that no other edit has."""
    free = (f"new-{number}" for number in itertools.count(1) if f"new-{number}" not in taken)
    openings: list[Edit] = []
    for text, clinic_id in zip(add, free, strict=False):
        place = find_place(text, *gazetteer)
        point = {"latitude": place.latitude, "longitude": place.longitude}
        words = {"name": f"New clinic at {place.label}", "state": place.state, "treatments": (treatment,)}
        openings.append(OpenClinic.model_validate({"clinic_id": clinic_id, **words, **point}))
    return openings


def _plan(earlier: Scenario, edits: list[Edit]) -> Scenario:
    if not edits:
        raise typer.BadParameter("Name at least one edit: --add, --close, --move, --certify or --file.")
    return earlier.model_copy(update={"edits": tuple(edits)})


def _save(plan: Scenario, path: Path) -> None:
    try:
        path.write_text(plan.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as failure:
        raise ScenarioError(f"{path} cannot be written ({failure.strerror}). Choose another file.") from failure


def _write_people(found: pd.DataFrame, plan: Scenario, title: str) -> None:
    notes = [*map(_said, plan.edits), "Drives are estimates; only clinics in our data are counted."]
    write_table(title, scenario_for_people(found).reset_index(), notes)


def _said(edit: Edit) -> str:
    named = f" ({edit.name})" if isinstance(edit, OpenClinic) else ""
    return f"{edit.action}: {edit.clinic_id}{named}"
