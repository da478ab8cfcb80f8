"""How the terminal shows answers: a table for people, JSON or CSV for machines."""

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from access.errors import SourceError
from access.places.pack import Pack, load_pack
from access.report.exports import inert
from access.report.gaps import FARTHEST
from access.travel.estimate import MAX_MINUTES
from access.units import KM_PER_MILE, parse_reach

ANSWERED, FAILED, NOTHING_FOUND = 0, 1, 3

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV.")]
PackName = Annotated[str | None, typer.Option("--pack", help="The pack to ask; the national one where built.")]
Roads = Annotated[
    str | None,
    typer.Option(
        "--roads",
        help="Drive by a road network (trd-access roads list), by opentimes, or an engine: osrm:http://HOST:PORT.",
    ),
]
Treatments = Annotated[
    list[str] | None,
    typer.Option("--treatment", "-t", help="ketamine_iv, ketamine_im, esketamine, tms or ect; may be repeated."),
]


class Form(StrEnum):
    """How an answer is written."""

    PEOPLE = "people"
    JSON = "json"
    CSV = "csv"


def pack_by(name: str | None, roads: str | None = None) -> Pack:
    """The pack of that name (none: the default one), its drives along `roads`, where named.

    Raises
    ------
    PackError: there is no such pack, or it is damaged.
    """
    pack = load_pack(name)
    return replace(pack, roads=roads) if roads else pack


def form_of(as_json: bool, as_csv: bool) -> Form:
    """The form that the flags ask for.

    Raises
    ------
    typer.BadParameter: both are asked for.
    """
    if as_json and as_csv:
        raise typer.BadParameter("Choose --json or --csv, not both.")
    return Form.JSON if as_json else Form.CSV if as_csv else Form.PEOPLE


def write_json(about: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> None:
    """One JSON object on stdout: `about`, and each table as a list of rows; missing is null."""
    rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    sys.stdout.write(json.dumps({**about, **rows}, indent=1, ensure_ascii=False) + "\n")


def write_csv(table: pd.DataFrame) -> None:
    """One CSV with a header on stdout; missing is an empty cell, and no cell is a formula."""
    inert(table).to_csv(sys.stdout, index=False, lineterminator="\n")


def write_table(title: str, table: pd.DataFrame, notes: Sequence[str] = ()) -> None:
    """A table of text for people on stdout, the notes under it; data is never read as markup."""
    console = Console(highlight=False)
    drawn = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(table.columns):
        drawn.add_column(Text(str(column)), justify="right" if number else "left", overflow="fold")
    for row in table.astype(object).where(table.notna(), "").to_numpy().tolist():
        drawn.add_row(*(Text(str(cell)) for cell in row))
    console.print(drawn)
    for note in notes:
        console.print(Text(note))


def write_list(
    form: Form,
    key: str,
    title: str,
    table: pd.DataFrame,
    notes: Sequence[str] = (),
    *,
    about: Mapping[str, object] | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """One table in the form that is asked for. `key`, `about`: for JSON; `columns`: what people see of it."""
    if form is Form.JSON:
        write_json(about or {}, {key: table})
    elif form is Form.CSV:
        write_csv(table)
    else:
        write_table(title, table[list(columns)] if columns else table, notes)


def check_words(words: Sequence[str], vocabulary: Collection[str], option: str) -> list[str]:
    """The words, each of which must be known.

    Raises
    ------
    typer.BadParameter: one is not; names it and the known ones.
    """
    for word in words:
        if word not in vocabulary:
            raise typer.BadParameter(f"'{word}' is not one of {', '.join(vocabulary)}.", param_hint=option)
    return list(words)


def reach_of(within: str) -> tuple[str, float]:
    """The unit ("minutes" or "km") and the amount of a reach such as 120min or 50mi.

    Raises
    ------
    typer.BadParameter: it is neither, or a drive longer than the trips that are kept.
    """
    try:
        unit, limit = parse_reach(within)
    except ValueError as failure:
        raise typer.BadParameter(str(failure), param_hint="--within") from None
    if unit == "minutes" and limit > MAX_MINUTES:
        raise typer.BadParameter(f"Drives are kept up to {MAX_MINUTES:g} minutes.", param_hint="--within")
    if unit == "km" and limit > FARTHEST["miles"] * KM_PER_MILE:
        raise typer.BadParameter(f"Drives are kept up to {FARTHEST['miles']:g} miles.", param_hint="--within")
    return unit, limit


def minutes_of(within: str) -> float:
    """The minutes of a reach such as 120min or 2h.

    Raises
    ------
    typer.BadParameter: as `reach_of`, or it is a distance.
    """
    unit, limit = reach_of(within)
    if unit != "minutes":
        raise typer.BadParameter("This is in minutes; give a time such as 60min.", param_hint="--within")
    return limit


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, and the folders that lead to it.

    Raises
    ------
    SourceError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as failure:
        raise SourceError(
            f"{path} cannot be written ({failure.strerror}). Choose another place with --out."
        ) from failure
