"""How the terminal shows answers: a table for people, JSON or CSV for machines, files, exit codes, and bars of
progress.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from access.cli.options import OutputForm
from access.documents.safe_csv import disarm_formulas
from access.errors import SourceError


def write_json(about: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> None:
    """One JSON object on stdout: `about`, and each table as a list of rows; missing is null."""
    rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    sys.stdout.write(json.dumps({**about, **rows}, indent=1, ensure_ascii=False) + "\n")


def write_csv(table: pd.DataFrame) -> None:
    """One CSV with a header on stdout; missing is an empty cell, and no cell is a formula."""
    disarm_formulas(table).to_csv(sys.stdout, index=False, lineterminator="\n")


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
    form: OutputForm,
    key: str,
    title: str,
    table: pd.DataFrame,
    notes: Sequence[str] = (),
    *,
    about: Mapping[str, object] | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """One table in the form that is asked for. `key`, `about`: for JSON; `columns`: what people see of it."""
    if form is OutputForm.JSON:
        write_json(about or {}, {key: table})
    elif form is OutputForm.CSV:
        write_csv(table)
    else:
        write_table(title, table[list(columns)] if columns else table, notes)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, and the folders that lead to it.

    Raises
    ------
    SourceError
        It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as failure:
        raise SourceError(
            f"{path} cannot be written ({failure.strerror}). Choose another place with --out."
        ) from failure


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar for each file and step, on stderr, so that stdout stays for the answer."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as bar:

        def drawn(doing: str, done: int, whole: int | None) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(doing)
            bar.update(tasks[doing], completed=done, total=whole)

        yield drawn
