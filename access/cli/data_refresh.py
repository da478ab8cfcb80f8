"""`trd-access data refresh` and `list_changes`: the clinics asked of their sources anew, and what is different."""

from typing import Annotated

import pandas as pd
import typer

from access.cli.options import AsCsv, AsJson, OutputForm, PackName, check_words, form_of
from access.cli.output import progress_bars, write_csv, write_json, write_list, write_table
from access.errors import PlaceError
from access.places.directory.records import read_history
from access.places.directory.refresh import SOURCES_TO_ASK, RefreshedPack, refresh_clinics
from access.places.pack import load_pack, pack_folder
from access.vocabulary import CHANGE_KINDS, SOURCES, state_code

PARTLY_DONE = 4
_MOST_SHOWN = 20

SourceNames = Annotated[
    list[str] | None,
    typer.Option("--source", help=f"One of {', '.join(SOURCES_TO_ASK)}; may be repeated. All, where none is named."),
]
StateNames = Annotated[list[str] | None, typer.Option("--state", help="A state's code or name; may be repeated.")]


def refresh_pack(
    sources: SourceNames = None,
    states: StateNames = None,
    pack_name: PackName = None,
    into: Annotated[str | None, typer.Option("--name", help="The pack to make; else the same one.")] = None,
    mirror: Annotated[
        str | None, typer.Option("--mirror", help="A folder or http:// base that holds HOST/PATH copies.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask also for what was read lately.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Believe a source that has lost more than half of its records.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Ask the sources of clinics again; what one no longer has is marked, and what fails leaves its last records.

    Exit status 4: some sources could not be read, and the rest is done.
    """
    form = form_of(as_json, as_csv)
    chosen = check_words(sources, SOURCES_TO_ASK, "--source") if sources else None
    with progress_bars() as progress:
        done = refresh_clinics(
            pack_name,
            into=into,
            sources=chosen,
            states=_state_codes(states),
            mirror=mirror,
            progress=progress,
            again=again,
            accept_loss=accept_loss,
        )
    for source, why in done.failures.items():
        typer.echo(f"{SOURCES[source]} could not be read, so what was known of it stays. {why}", err=True)
    if form is OutputForm.JSON:
        write_json({"pack": done.pack.name, "failures": done.failures}, {"changes": done.changes})
    elif form is OutputForm.CSV:
        write_csv(done.changes)
    else:
        _write_summary(done)
    raise typer.Exit(PARTLY_DONE if done.failures else 0)


def list_changes(
    since: Annotated[str | None, typer.Option("--since", help="A day like 2026-11-01; else all that is kept.")] = None,
    source: Annotated[str | None, typer.Option("--source", help=f"One of {', '.join(SOURCES)}.")] = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What was new, gone, changed or back at each refresh of a pack."""
    form = form_of(as_json, as_csv)
    check_words([source] if source else [], SOURCES, "--source")
    history = read_history(pack_folder(load_pack(pack_name).name))
    table = history[history["day"].ge(since or "") & (history["source"].eq(source) if source else True)]
    seen = [column for column in table.columns if column != "record_id"]
    write_list(form, "changes", "Changes", table, [f"{len(table):,} changes."], columns=seen)


def _state_codes(states: list[str] | None) -> list[str] | None:
    codes = {text: state_code(text) for text in states or []}
    if unknown := [text for text, code in codes.items() if not code]:
        raise PlaceError(f"There is no state '{unknown[0]}'. Use a code such as MT.")
    return [code for code in codes.values() if code] or None


def _write_summary(done: RefreshedPack) -> None:
    counts = pd.crosstab(done.changes["source"], done.changes["change"])
    counts = counts.reindex(index=[source for source in SOURCES if source in counts.index], columns=list(CHANGE_KINDS))
    table = counts.fillna(0).astype(int).rename(index=SOURCES).rename_axis("source").reset_index()
    write_table("What has changed", table.rename_axis(columns=None))
    first = done.changes.head(_MOST_SHOWN)
    if len(first):
        shown = first[["change", "clinic_id", "name", "state", "field", "before", "after"]]
        left = len(done.changes) - len(first)
        write_table("", shown, [f"{left:,} more: trd-access data changes"] if left else [])
    typer.echo(f"{done.pack.name}: {len(done.pack.clinics):,} clinics; {pack_folder(done.pack.name)}")
