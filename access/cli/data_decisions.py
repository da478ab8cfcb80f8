"""`trd-access data why`, `decide_same`, `decide_different`, `list_decisions` and `undecide`: which records are one
clinic, and why.
"""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.text import Text

from access.cli.options import AsCsv, AsJson, PackName, form_of
from access.cli.output import write_json, write_list
from access.errors import AccessError, PlaceError
from access.places.directory import explain as whys
from access.places.directory.decisions import (
    Decision,
    make_decision,
    read_decisions,
    save_decisions,
)
from access.places.directory.records import read_records
from access.places.directory.refresh import refresh_clinics
from access.places.pack import STARTER, default_pack_name, load_pack, pack_folder
from access.settings import settings
from access.vocabulary import SOURCES

DecisionReason = Annotated[str, typer.Option("--why", help="How you know.")]
Who = Annotated[str | None, typer.Option("--who", help="Your name; else TRD_ACCESS_AUTHOR or the login.")]
OneRecord = Annotated[str, typer.Argument(help="A record, as `data why` shows it.")]
OtherRecord = Annotated[str, typer.Argument(help="Another record.")]


def explain_clinic(
    clinic_id: Annotated[str, typer.Argument(help="The clinic, as find --json shows it.")],
    pack_name: PackName = None,
    as_json: AsJson = False,
) -> None:
    """Every record that a clinic is made of: its source and days, the rule that joined it, and what it offers."""
    found = whys.explain_clinic(clinic_id, pack_name)
    if as_json:
        about = {
            "clinic_id": found.clinic_id,
            "corrections": [one.model_dump(exclude_none=True) for one in found.corrections],
            "decisions": [one.model_dump() for one in found.decisions],
        }
        tables = {"records": found.records, "services": found.services, "conflicts": found.conflicts}
        write_json(about, tables)
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in _clinic_lines(found):
        console.print(Text(line))


def decide_same(
    one: OneRecord, other: OtherRecord, why: DecisionReason, who: Who = None, pack_name: PackName = None
) -> None:
    """Decide that two records are one clinic; the rules never overturn it, and `undecide` takes it back."""
    _add_decision(one, other, True, why, who, pack_name)


def decide_different(
    one: OneRecord, other: OtherRecord, why: DecisionReason, who: Who = None, pack_name: PackName = None
) -> None:
    """Decide that two records are two clinics; the rules never overturn it, and `undecide` takes it back."""
    _add_decision(one, other, False, why, who, pack_name)


def list_decisions(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The decisions of this machine, numbered, with who, when and why."""
    form = form_of(as_json, as_csv)
    table = pd.DataFrame([one.model_dump() for one in read_decisions()], columns=list(Decision.model_fields))
    table.insert(0, "number", range(1, len(table) + 1))
    write_list(form, "decisions", "Decisions", table, [f"They are kept in {settings().data_folder}."])


def undecide(
    number: Annotated[int, typer.Argument(min=1, help="As `data decided` numbers it.")], pack_name: PackName = None
) -> None:
    """Take a decision back: the rules decide again."""
    kept = read_decisions()
    if number > len(kept):
        raise AccessError(f"There are {len(kept)} decisions, so none has the number {number}.")
    _apply_decisions([*kept[: number - 1], *kept[number:]], kept, pack_name)


def _add_decision(one: str, other: str, is_same: bool, reason: str, who: str | None, pack_name: str | None) -> None:
    from access.scenarios.store.checks import default_author

    pack = load_pack(pack_name, as_built=True)
    known = set(read_records(pack_folder(pack.name), pack).listings.clinics["clinic_id"])
    for record in (one, other):
        if record not in known:
            raise PlaceError(f"There is no record '{record}' in this pack. See: trd-access data why CLINIC_ID")
    kept = read_decisions()
    today = datetime.now(UTC).date().isoformat()
    said = make_decision(
        one=one, other=other, same=is_same, who=who or default_author(), when=today, why=reason.strip()
    )
    _apply_decisions([*kept, said], kept, pack_name)


def _apply_decisions(decisions: Sequence[Decision], before: Sequence[Decision], pack_name: str | None) -> None:
    """Keep the decisions and make the pack's clinics anew; where that fails, all is as it was."""
    path = save_decisions(decisions)
    if (pack_name or default_pack_name()) == STARTER:
        typer.echo(f"Kept in {path}. It counts from the next: trd-access data refresh")
        return
    try:
        made = refresh_clinics(pack_name, sources=())
    except AccessError:
        save_decisions(before)
        raise
    typer.echo(f"Kept in {path}. {made.pack.name} has {len(made.pack.clinics):,} clinics now.")


def _clinic_lines(found: whys.ClinicExplanation) -> list[str]:
    lines = [f"{found.clinic_id}: {len(found.records)} records"]
    for record in found.records.to_dict("records"):
        place = ", ".join(str(record[name]) for name in ("address", "city", "state", "zip") if pd.notna(record[name]))
        lines += ["", f"{record['record_id']}: {record['name']}, {place}"]
        facts = [str(record[name]) for name in ("phone", "website", "url") if pd.notna(record[name])]
        lines.append(f"  {SOURCES[str(record['source'])]}; seen {record['first_seen']} to {record['last_seen']}")
        lines += [f"  no longer there since {record['missing_since']}"] if pd.notna(record["missing_since"]) else []
        lines += [f"  {'; '.join(facts)}"] if facts else []
        if pd.notna(record["joined_to"]):
            lines.append(f"  one with {record['joined_to']}: {record['rule']}")
        theirs = found.services[found.services["record_id"].eq(record["record_id"])]
        lines += [f"  {_service_line(service)}" for service in theirs.to_dict("records")]
    lines += [
        f"{row['other_id']} has {row['field']} {row['other']!r}, not {row['kept']!r}"
        for row in found.conflicts.to_dict("records")
    ]
    lines += [f"Corrected by {one.who} on {one.when}: {one.kind} ({one.why})" for one in found.corrections]
    lines += [
        f"{one.who} decided on {one.when} that {one.one} and {one.other} are {'one' if one.same else 'two'} ({one.why})"
        for one in found.decisions
    ]
    return lines


def _service_line(service: dict[Hashable, Any]) -> str:
    parts = [service[name] for name in ("evidence", "seen_date", "checked_on", "note") if pd.notna(service[name])]
    gone = f"; missing since {service['missing_since']}" if pd.notna(service["missing_since"]) else ""
    return f"{service['treatment']}: {service['source']}, {', '.join(map(str, parts))}{gone}"
