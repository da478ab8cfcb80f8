"""`trd-access scenario save`, `list`, `show`, `history`, `retire`, `export`, `import`: scenarios that a team keeps.

The store, and SQLAlchemy with it, is loaded by the command that asks for it, not by every `trd-access`.
"""

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.cli.exit_codes import NOTHING_FOUND
from access.cli.options import AsCsv, AsJson, OutputForm, form_of
from access.cli.output import write_csv, write_json, write_table
from access.errors import ScenarioError
from access.scenarios.scenario import parse_scenario

Name = Annotated[str, typer.Argument(help="The scenario's name.")]
Note = Annotated[str, typer.Option("--note", help="Why, in a few words.")]
Author = Annotated[
    str | None, typer.Option("--author", help="Who; else TRD_ACCESS_AUTHOR, else the login name.", show_default=False)
]


def save_scenario_file(
    file: Annotated[Path, typer.Argument(help="The scenario (YAML).")],
    name: Annotated[str | None, typer.Option("--name", help="Its name; else the file's.", show_default=False)] = None,
    note: Note = "",
    author: Author = None,
    after: Annotated[
        int, typer.Option("--after", min=0, help="The version that you began from; 0: the scenario is new.")
    ] = 0,
) -> None:
    """Keep a file as the next version of a scenario; refused if somebody saved one meanwhile."""
    from access.scenarios.store.checks import default_author
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import save_version

    text = _read_text(file)
    parse_scenario(text, str(file))
    saved = save_version(
        open_store(), name or file.stem, text, author=author or default_author(), note=note, after=after
    )
    typer.echo(f"{saved.name}: version {saved.version}, saved by {saved.author}.")


def list_scenarios(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The newest version of every scenario, who saved it and when."""
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import latest_versions

    form = form_of(as_json, as_csv)
    table = latest_versions(open_store())
    _write_versions(form, "scenarios", "Scenarios", table, "Open one with: trd-access scenario show NAME")
    if table.empty:
        raise typer.Exit(NOTHING_FOUND)


def show_scenario(
    name: Name,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Else the newest.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A scenario as it was saved, on stdout."""
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import load_version

    saved = load_version(open_store(), name, version)
    if as_json:
        write_json({**vars(saved), "saved_at": saved.saved_at.isoformat()}, {})
    else:
        sys.stdout.write(saved.document)


def show_history(name: Name, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Every version of a scenario: who, when and why."""
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import version_history

    form = form_of(as_json, as_csv)
    note = "Open one with: trd-access scenario show NAME --version N"
    _write_versions(form, "versions", name, version_history(open_store(), name), note)


def retire_stored_scenario(
    name: Name,
    note: Note = "",
    author: Author = None,
    after: Annotated[
        int | None,
        typer.Option("--after", min=1, help="The version that you saw last; else the newest.", show_default=False),
    ] = None,
) -> None:
    """Take a scenario off the list; its history stays, and saving it again revives it."""
    from access.scenarios.store.checks import default_author
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import load_version, retire_scenario

    store = open_store()
    last = after or load_version(store, name).version
    version = retire_scenario(store, name, author=author or default_author(), note=note, after=last)
    typer.echo(f"{name}: retired as version {version}; revive it with: trd-access scenario save --after {version}")


def export_scenarios(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Every version of every scenario in one file, to keep or to move to another store."""
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import export_store

    typer.echo(f"{file}: {export_store(open_store(), file):,} versions.")


def import_scenarios(file: Annotated[Path, typer.Argument(help="A file that `export` wrote.")]) -> None:
    """Add the scenarios of an export; all of them, or none if one differs from what the store has."""
    from access.scenarios.store.database import open_store
    from access.scenarios.store.versions import import_store

    typer.echo(f"{file}: {import_store(open_store(), file):,} versions were new here.")


def _read_text(file: Path) -> str:
    """The file to the letter, with the line ends that it has."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise ScenarioError(f"{file} cannot be read ({failure}). Name a text file in UTF-8.") from failure


def _write_versions(form: OutputForm, key: str, title: str, table: pd.DataFrame, note: str) -> None:
    if form is OutputForm.PEOPLE:
        when = table["saved_at"].dt.strftime("%Y-%m-%d %H:%M UTC")
        write_table(title, table.assign(saved_at=when), [note] if len(table) else ["There is none yet."])
        return
    # To the microsecond, as it is kept.
    exact = table.assign(saved_at=[when.isoformat() for when in table["saved_at"]])
    if form is OutputForm.JSON:
        write_json({}, {key: exact})
    else:
        write_csv(exact)
