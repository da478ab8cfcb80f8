"""`trd-access data correct`, `corrected` and `undo_correction`: what the keeper of this machine knows better."""

from datetime import UTC, datetime
from typing import Annotated

import pandas as pd
import typer

from access.cli.options import AsCsv, AsJson, PackName, check_words, form_of
from access.cli.output import write_list
from access.errors import AccessError, PlaceError
from access.places.directory.corrections import (
    Correction,
    make_correction,
    read_corrections,
    save_corrections,
)
from access.places.directory.mistake_reports import accept_report, dismiss_report
from access.places.gazetteer.lookup import address_facts, load_gazetteer
from access.places.pack import load_pack
from access.settings import settings
from access.vocabulary import TREATMENTS

CorrectionReason = Annotated[str, typer.Option("--why", help="How you know: who told you, which page.")]


def correct_clinic(
    clinic_id: Annotated[str, typer.Argument(help="The clinic, as find --json or data show it.")],
    why: CorrectionReason,
    closed: Annotated[bool, typer.Option("--closed", help="It is gone.")] = False,
    not_offered: Annotated[str | None, typer.Option("--not-offered", help="A treatment that it does not give.")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="Its number now.")] = None,
    moved: Annotated[
        str | None, typer.Option("--moved", help='Its address now, as "12 Main St, Bangor, ME 04401".')
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="Your name; else TRD_ACCESS_AUTHOR or the login.")] = None,
    pack_name: PackName = None,
) -> None:
    """Correct a clinic, in every pack that is used on this machine; the packs themselves stay as they are."""
    from access.scenarios.store.checks import default_author

    told = {
        "closed": {} if closed else None,
        "not_offered": {"treatment": not_offered} if not_offered else None,
        "phone": {"phone": phone} if phone else None,
        "moved": {} if moved else None,
    }
    kinds = [kind for kind, facts in told.items() if facts is not None]
    if len(kinds) != 1:
        raise typer.BadParameter("say one thing: --closed, --not-offered, --phone or --moved")
    check_words([not_offered] if not_offered else [], TREATMENTS, "--not-offered")
    clinics = load_pack(pack_name, as_built=True).clinics
    if clinic_id not in set(clinics["clinic_id"]):
        raise PlaceError(f"There is no clinic '{clinic_id}' in this pack. Look it up with: trd-access find --json")
    facts = address_facts(moved, load_gazetteer()) if moved else (told[kinds[0]] or {})
    today = datetime.now(UTC).date().isoformat()
    made = make_correction(
        clinic_id=clinic_id, kind=kinds[0], who=who or default_author(), when=today, why=why.strip(), **facts
    )
    path = save_corrections([*read_corrections(), made])
    typer.echo(f"{clinic_id}: {kinds[0]}. Kept in {path}, and applied to every pack from now on.")


def list_corrections(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The corrections that are applied on this machine, numbered, with who, when and why."""
    form = form_of(as_json, as_csv)
    table = pd.DataFrame([one.model_dump() for one in read_corrections()], columns=list(Correction.model_fields))
    table.insert(0, "number", range(1, len(table) + 1))
    columns = ["number", "clinic_id", "kind", "treatment", "phone", "address", "who", "when", "why"]
    notes = [f"They are kept in {settings().data_folder}."]
    write_list(form, "corrections", "Corrections applied", table, notes, columns=columns)


def undo_correction(number: Annotated[int, typer.Argument(min=1, help="As `data corrected` numbers it.")]) -> None:
    """Take a correction back: the clinic is again what the sources say."""
    kept = read_corrections()
    if number > len(kept):
        raise AccessError(f"There are {len(kept)} corrections, so none has the number {number}.")
    save_corrections([*kept[: number - 1], *kept[number:]])
    typer.echo(f"{kept[number - 1].clinic_id}: {kept[number - 1].kind} is taken back.")


def accept_by_number(number: Annotated[int, typer.Argument(min=1, help="As `data corrections` numbers it.")]) -> None:
    """Accept what a visitor of the app reported: it counts in every pack from now on."""
    made = accept_report(number, datetime.now(UTC).date(), load_gazetteer())
    typer.echo(f"{made.clinic_id}: {made.kind}, by {made.who}. `data corrected` lists it, `data uncorrect` undoes it.")


def dismiss_by_number(number: Annotated[int, typer.Argument(min=1, help="As `data corrections` numbers it.")]) -> None:
    """Settle what a visitor of the app reported without a change."""
    dismiss_report(number, datetime.now(UTC).date())
    typer.echo(f"Report {number} is settled; nothing is changed.")
