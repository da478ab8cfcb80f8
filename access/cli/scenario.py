"""`trd-access scenario apply`, `compare` and `report`: who gains and who loses by edits, side by side, and as a
document for a board.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from access.cli.choose_area import OneState, area_labels
from access.cli.options import (
    AsCsv,
    AsJson,
    OutputForm,
    PackName,
    Roads,
    check_words,
    form_of,
    load_pack_on_roads,
    minutes_of,
    reach_of,
)
from access.cli.output import write_bytes, write_csv, write_json, write_table
from access.documents.commands import NATION
from access.documents.scenario_report import report_html, report_pdf, report_words
from access.language import LANGUAGES, use_language
from access.places.gazetteer.lookup import Gazetteer, find_place, load_gazetteer
from access.questions.effects import (
    MOST_SCENARIOS,
    people_by_limit,
    people_by_payer,
    scenario_comparison,
)
from access.questions.gaps import people_of
from access.questions.what_if import Baseline, baseline, outcome, what_if
from access.scenarios.edits import (
    AcceptPayer,
    CloseClinic,
    DropTreatment,
    Edit,
    MoveClinic,
    begin_treatment,
    edit_line,
    free_ids,
    open_clinic_at,
)
from access.scenarios.scenario import Scenario, open_scenario, write_scenario
from access.vocabulary import TREATMENTS
from access.words.scenarios import effects_for_people, scenario_for_people, scenarios_for_people

Several = list[str] | None
Add = Annotated[Several, typer.Option("--add", help='A ZIP, "town, ST" or "lat,lon" for a new clinic.')]
Close = Annotated[Several, typer.Option("--close", help="The id of a clinic that closes.")]
Move = Annotated[Several, typer.Option("--move", help='"ID to PLACE".')]
Certify = Annotated[
    Several, typer.Option("--certify", help="The id of a clinic that begins the treatment (REMS for esketamine).")
]
Drop = Annotated[Several, typer.Option("--drop", help="The id of a clinic that ends the treatment.")]
Accept = Annotated[Several, typer.Option("--accept", help='"ID takes PAYER": for the treatment, from now on.')]


def edits_of(
    gazetteer: Gazetteer, treatment: str, options: Mapping[str, Several], earlier: Sequence[Edit] = ()
) -> list[Edit]:
    """The edits that the options ask for, in the order of the options; new clinics get ids that no edit has.

    Raises
    ------
    typer.BadParameter
        An option is not in its form.
    PlaceError
        A place is not known.
    """
    given = {name: texts or [] for name, texts in options.items()}
    edits: list[Edit] = [CloseClinic(clinic_id=clinic_id) for clinic_id in given["close"]]
    edits += [_edit_to_move(text, gazetteer) for text in given["move"]]
    edits += [begin_treatment(clinic_id, treatment) for clinic_id in given["certify"]]
    edits += [DropTreatment(clinic_id=clinic_id, treatment=treatment) for clinic_id in given["drop"]]
    for text in given["accept"]:
        clinic_id, payer = _part_text(text, " takes ", "--accept", "ID takes PAYER")
        edits.append(AcceptPayer(clinic_id=clinic_id, payer=payer, treatment=treatment))
    return [*edits, *_edits_to_open(gazetteer, treatment, given["add"], free_ids((*earlier, *edits)))]


def _edit_to_move(text: str, gazetteer: Gazetteer) -> Edit:
    clinic_id, target = _part_text(text, " to ", "--move", "ID to PLACE")
    place = find_place(target, *gazetteer)
    return MoveClinic(clinic_id=clinic_id, latitude=place.latitude, longitude=place.longitude, town=place.label)


def _part_text(text: str, word: str, option: str, form: str) -> tuple[str, str]:
    first, found, second = text.partition(word)
    if not found or not first.strip() or not second.strip():
        raise typer.BadParameter(f"'{text}' is not '{form}'.", param_hint=option)
    return first.strip(), second.strip()


def _edits_to_open(gazetteer: Gazetteer, treatment: str, add: list[str], free: Iterator[str]) -> list[Edit]:
    openings: list[Edit] = []
    for text, clinic_id in zip(add, free, strict=False):
        place = find_place(text, *gazetteer)
        openings.append(
            open_clinic_at(
                place.latitude,
                place.longitude,
                [treatment],
                clinic_id=clinic_id,
                name=f"New clinic at {place.label}",
                town=place.label,
                state=place.state,
            )
        )
    return openings


REPORT_FORMS: dict[str, Callable[[dict[str, Any]], bytes]] = {".pdf": report_pdf, ".html": report_html}


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
    form = check_words([out.suffix.lower()], REPORT_FORMS, "--out")[0]
    limit = minutes_of(within)
    pack = load_pack_on_roads(pack_name, roads)
    plan = open_scenario(file, load_gazetteer())
    people = people_of(pack.people, None if state == NATION else state)
    code = None if state in (None, NATION) else str(people["state"].iloc[0])
    base = baseline(pack, treatment, people)
    with use_language(lang):
        report = report_words(base, outcome(base, plan), limit, code, datetime.now(UTC).date())
        write_bytes(out, REPORT_FORMS[form](report))
    typer.echo(f"{out} is written.")


Treatment = Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")]
OfState = Annotated[str | None, typer.Option("--state", help="Count the people of one state.")]
Within = Annotated[str, typer.Option("--within", help="The drive that counts as within reach.")]
BY = ("rurality", "state", "county", "payer")
NOTE = "Drives are estimates; only clinics in our data are counted."


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
    plan = _scenario_of_options(file, treatment, options)
    pack = load_pack_on_roads(pack_name, roads)
    found = _effects_table(baseline(pack, treatment, people_of(pack.people, state)), plan, by, within)
    if save:
        write_scenario(plan, save)
    if form is OutputForm.JSON:
        about = {"pack": pack.name, "treatment": treatment, "scenario": plan.model_dump(mode="json")}
        write_json(about, {"rows": found})
    elif form is OutputForm.CSV:
        write_csv(found)
    else:
        words = scenario_for_people(found) if by == "rurality" else effects_for_people(found, by)
        words.index = pd.Index(area_labels(words.index.tolist(), by), name=words.index.name)
        notes = [*map(edit_line, plan.edits), NOTE]
        write_table(f"{TREATMENTS[treatment]} within {within}, pack {pack.name}", words.reset_index(), notes)


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
    if len(files) > MOST_SCENARIOS:
        raise typer.BadParameter(f"{len(files)} files are given; at most {MOST_SCENARIOS} stand side by side.")
    gazetteer = load_gazetteer()
    pack = load_pack_on_roads(pack_name, roads)
    base = baseline(pack, treatment, people_of(pack.people, state))
    found = scenario_comparison(base, [outcome(base, open_scenario(file, gazetteer)) for file in files], limit)
    if form is OutputForm.JSON:
        write_json({"pack": pack.name, "treatment": treatment, "limit_minutes": limit}, {"rows": found})
    elif form is OutputForm.CSV:
        write_csv(found)
    else:
        title = f"{TREATMENTS[treatment]} within {within}, pack {pack.name}"
        write_table(title, scenarios_for_people(found, limit).reset_index(), [NOTE])


def _scenario_of_options(file: Path | None, treatment: str, options: dict[str, list[str] | None]) -> Scenario:
    gazetteer = load_gazetteer()
    earlier = open_scenario(file, gazetteer) if file else Scenario()
    edits = (*earlier.edits, *edits_of(gazetteer, treatment, options, earlier.edits))
    if not edits:
        raise typer.BadParameter(f"Name at least one edit: a file, or --{', --'.join(options)}.")
    return earlier.model_copy(update={"edits": edits})


def _effects_table(base: Baseline, plan: Scenario, by: str, within: str) -> pd.DataFrame:
    if by == "rurality":
        unit, limit = reach_of(within)
        return what_if(base, plan, limit, unit=unit)
    made = outcome(base, plan)
    limits = [minutes_of(within)]
    return people_by_payer(base, made, limits) if by == "payer" else people_by_limit(base, made, by, limits)
