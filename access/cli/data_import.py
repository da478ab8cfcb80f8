"""`trd-access data import` and `csv_template`: a list of clinics of one's own, and an empty one to fill in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from access.cli.options import PackName
from access.cli.output import write_bytes, write_table
from access.documents.safe_csv import csv_bytes
from access.places.directory.own_list import OwnList, import_clinics, read_own_list, taken_ids
from access.places.pack import load_pack, pack_folder
from access.sources.lists.template import csv_template

_MOST_SHOWN = 20


def import_list(
    file: Annotated[Path, typer.Argument(help="A list of clinics: CSV, XLSX or GeoJSON; `data template` makes one.")],
    name: Annotated[
        str | None, typer.Option("--name", help="The name of the new pack; without it the list is only looked at.")
    ] = None,
    pack_name: PackName = None,
    alone: Annotated[bool, typer.Option("--alone", help="Leave out the clinics that the pack has.")] = False,
    leave_out: Annotated[
        bool, typer.Option("--leave-out-refused", help="Import the other rows; else one refused row stops all.")
    ] = False,
    refused: Annotated[
        Path | None, typer.Option("--refused", help="Write every refused row and why to this CSV.")
    ] = None,
) -> None:
    """A new pack: the people of a pack, and your own clinics merged with its clinics (or alone)."""
    pack = load_pack(pack_name, as_built=True)
    brought = read_own_list(file, today=datetime.now(UTC).date(), taken=() if alone else taken_ids(pack))
    _write_reading(brought)
    if refused is not None:
        write_bytes(refused, csv_bytes(brought.refused))
    if name is None:
        typer.echo("Nothing was imported: give the new pack a --name.")
        return
    made = import_clinics(brought, pack, name, alone=alone, leave_out_refused=leave_out)
    left_out = f"; {brought.refused_rows:,} refused rows left out" if brought.refused_rows else ""
    typer.echo(
        f"{made.name}: {len(made.clinics):,} clinics, {len(brought.clinics):,} rows of {brought.file} among "
        f"them{left_out}; {pack_folder(made.name)}"
    )


def write_template(file: Annotated[Path, typer.Argument(help="The CSV to write.")]) -> None:
    """An empty list to fill in: every column, and an example row that is never imported."""
    write_bytes(file, csv_template())
    typer.echo(f"{file}: fill it in, delete the example row, then: trd-access data import {file} --name mine")


def _write_reading(brought: OwnList) -> None:
    """What was understood, in lines, and the rows that are refused."""
    same = [f"{theirs}" if theirs == ours else f"{theirs} as {ours}" for ours, theirs in brought.theirs.items()]
    lines = [f"{brought.file}: {brought.rows:,} rows, {brought.refused_rows:,} refused.", f"Read: {', '.join(same)}."]
    if brought.passed_over:
        lines.append(f"Passed over: {', '.join(brought.passed_over)}.")
    for line in (*lines, *brought.notes):
        Console(highlight=False, soft_wrap=True).print(Text(line))
    if len(brought.refused):
        more = len(brought.refused) - _MOST_SHOWN
        write_table(
            "Refused",
            brought.refused.head(_MOST_SHOWN),
            [f"And {more:,} more; --refused FILE.csv has all."] if more > 0 else [],
        )
