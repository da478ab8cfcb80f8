"""How the terminal shows answers: a table for people, JSON or CSV for machines, files, exit codes, and bars of
progress.
"""

import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
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

_FIGURE = re.compile(r"(over |more than )?[-−+~<>$]?\d|none|not known|$")  # stands at the right
_UNIT = re.compile(r"(?<=\d) (?=(?:%|min|hours|miles|mi|km|people)\b|%)")  # keeps to its number
_MOST_LINES = 4  # of one cell; a table with more is hard to read across
_NO_BREAK = "\u00a0"


def write_json(about: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> None:
    """One JSON object on stdout: `about`, and each table as a list of rows; missing is null."""
    rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    sys.stdout.write(json.dumps({**about, **rows}, indent=1, ensure_ascii=False) + "\n")


def write_csv(table: pd.DataFrame) -> None:
    """One CSV with a header on stdout; missing is an empty cell, and no cell is a formula."""
    disarm_formulas(table).to_csv(sys.stdout, index=False, lineterminator="\n")


def write_table(title: str, table: pd.DataFrame, notes: Sequence[str] = ()) -> None:
    """A table of text for people on stdout, the notes under it; data is never read as markup.

    Words and figures are never broken over lines: where a table does not fit, each row is a card of its own.
    """
    console = Console(highlight=False)
    headings = [str(column) for column in table.columns]
    rows = [[str(cell) for cell in row] for row in table.astype(object).where(table.notna(), "").to_numpy().tolist()]
    framed = _fit_columns([headings, *rows], console.width - 1 - 3 * len(headings))
    widths = framed or _fit_columns([headings, *rows], console.width - 2 * (len(headings) - 1))
    if widths is None:
        _write_cards(console, title, headings, rows)
    else:
        drawn = Table(title=title, title_justify="left", title_style="bold")
        if framed is None:
            drawn.box, drawn.pad_edge, drawn.show_edge, drawn.padding = SIMPLE_HEAD, False, False, (0, 1, 0, 0)
        for number, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            is_figure = number > 0 and all(_FIGURE.match(row[number]) for row in rows)
            heading_text = Text("\n".join(_wrap(heading, width)))
            drawn.add_column(heading_text, justify="right" if is_figure else "left", width=width, no_wrap=True)
        for row in rows:
            drawn.add_row(*(Text("\n".join(_wrap(cell, width))) for cell, width in zip(row, widths, strict=True)))
        console.print(drawn)
    write_notes(*notes)


def write_notes(*notes: str) -> None:
    """Sentences on stdout, each from a new line, broken only between words."""
    console = Console(highlight=False)
    for note in notes:
        console.print(Text(note))


def _fit_columns(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """How wide each column is drawn, so that no word is broken; None: they do not fit beside each other."""
    columns = list(zip(*rows, strict=True))
    widths = [max((len(word) for cell in column for word in _wrap(cell, 1)), default=1) for column in columns]
    wanted = [max(len(cell) for cell in column) for column in columns]
    spare = room - sum(widths)
    if spare < 0:
        return None
    for number, (width, most) in enumerate(zip(list(widths), wanted, strict=True)):
        if most - width <= spare // len(widths):  # who lacks little is not broken for who lacks much
            spare -= most - width
            widths[number] = most
    while spare > 0 and widths != wanted:
        lacking = [most - width for most, width in zip(wanted, widths, strict=True)]
        widths[lacking.index(max(lacking))] += 1
        spare -= 1
    lines = [len(_wrap(cell, width)) for column, width in zip(columns, widths, strict=True) for cell in column]
    return widths if max(lines, default=0) <= _MOST_LINES else None


def _wrap(text: str, width: int, indents: tuple[str, str] = ("", "")) -> list[str]:
    """The lines of a text; a word, or a number with its unit, is never broken."""
    lines = textwrap.wrap(
        _UNIT.sub(_NO_BREAK, text),
        width,
        initial_indent=indents[0],
        subsequent_indent=indents[1],
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _write_cards(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Each row under its first cell, one line for each column that says something."""
    console.print(Text(title, style="bold"))
    for row in rows:
        console.print()
        console.print(Text(row[0], style="bold"))
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            if cell:
                lines = _wrap(f"{heading}: {cell}", console.width, ("  ", "    "))
                console.print(Text("\n".join(lines)), soft_wrap=True)
    console.print()


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

        def draw_progress(doing: str, done: int, whole: int | None) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(doing)
            bar.update(tasks[doing], completed=done, total=whole)

        yield draw_progress
