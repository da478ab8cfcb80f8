"""`trd-access data`: list, build, import and check packs."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pydantic import SecretStr

from access.cli.options import AsCsv, AsJson, PackName, form_of
from access.cli.output import progress_bars, write_json, write_list, write_table
from access.errors import PackError
from access.places.directory.mistake_reports import open_reports
from access.places.national_pack import OriginUnit, build_national
from access.places.pack import default_pack_name, load_pack, pack_folder, pack_names
from access.places.shares import SHARES_PREFIX, shares_in
from access.places.starter_pack import build_starter
from access.places.survey import Survey, add_shares
from access.settings import settings

CensusKey = Annotated[
    str | None,
    typer.Option(
        "--census-key",
        help="A key for the Census API; or set TRD_ACCESS_CENSUS_KEY. Without one the survey's large files are read.",
    ),
]
Crosswalk = Annotated[
    Path | None,
    typer.Option("--connecticut", help="The state's crosswalk of its 2022 tracts; else USDA's table tells the same."),
]
MirrorBase = Annotated[
    str | None, typer.Option("--mirror", help="A folder or http:// base that holds HOST/PATH copies.")
]
FetchAgain = Annotated[bool, typer.Option("--refresh", help="Ask again for files that were fetched before.")]
CHECKOUT = Path(__file__).parents[2]


def list_packs(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The packs on this machine, what is in each and how old it is."""
    form = form_of(as_json, as_csv)
    table = pd.DataFrame([_pack_row(name) for name in pack_names()])
    notes = [f"Default: {default_pack_name()}. Packs live in {settings().data_folder}."]
    write_list(form, "packs", "Packs", table, notes, about={"default": default_pack_name()})


def show_pack(pack_name: PackName = None, as_json: AsJson = False) -> None:
    """Every source of a pack: publisher's address, vintage, licence, and the hash of its bytes."""
    pack = load_pack(pack_name)
    table = pd.DataFrame([source.model_dump() for source in pack.manifest.sources])
    if as_json:
        write_json(pack.manifest.model_dump(exclude={"sources"}), {"sources": table})
        return
    shown = table[["name", "vintage", "rows", "licence", "url"]] if len(table) else table
    write_table(pack.manifest.title, shown, pack.manifest.notes)


def build(
    origin: Annotated[
        OriginUnit, typer.Option("--origin", help="The unit that people start from.")
    ] = OriginUnit.BLOCK_GROUP,
    acs: Annotated[
        int | None, typer.Option("--acs", help="The last year of the American Community Survey whose shares to add.")
    ] = None,
    census_key: CensusKey = None,
    connecticut: Crosswalk = None,
    tract_land: Annotated[
        Path | None, typer.Option("--tract-land", help="A Census Gazetteer of tracts, for FORHP's rule of large ones.")
    ] = None,
    mirror: MirrorBase = None,
    refresh: FetchAgain = False,
) -> None:
    """Build the national pack from Census, USDA and SAMHSA files; the old one stays until the new one is whole."""
    started = time.perf_counter()
    with progress_bars() as progress:
        survey = _survey_of(acs, census_key, connecticut) if acs else None
        pack = build_national(
            origin=origin, survey=survey, tract_land=tract_land, mirror=mirror, progress=progress, refresh=refresh
        )
    people = pack.people
    services = pack.services
    typer.echo(
        f"{pack.name}: {len(people):,} places with {people['population'].sum():,} people, {len(pack.clinics):,} "
        f"clinics, {len(services):,} services, in {time.perf_counter() - started:.0f} s; {pack_folder(pack.name)}"
    )
    for note in pack.manifest.notes:
        typer.echo(f"- {note}")


def add_survey_shares(
    year: Annotated[int, typer.Option("--year", help="The last of the survey's five years.")],
    pack_name: PackName = None,
    tables: Annotated[
        list[Path] | None, typer.Option("--from", help="A summary file at hand, acsdt5y....dat; may be repeated.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else all of the pack.")] = None,
    census_key: CensusKey = None,
    connecticut: Crosswalk = None,
    mirror: MirrorBase = None,
    refresh: FetchAgain = False,
) -> None:
    """Add shares of people (poverty, no vehicle, veterans ...) from the American Community Survey to a pack."""
    survey = _survey_of(year, census_key, connecticut, tables or [])
    with progress_bars() as progress:
        pack = add_shares(
            pack_name or default_pack_name(), survey, state=state, mirror=mirror, progress=progress, refresh=refresh
        )
    typer.echo(f"{pack.name}: {', '.join(shares_in(pack.people)) or 'no shares'}; {pack_folder(pack.name)}")
    for note in pack.manifest.notes:
        if note.startswith(SHARES_PREFIX):
            typer.echo(f"- {note}")


def list_reports(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """What visitors of the app on this machine reported as wrong, for its owner to look into."""
    how = "`data accept NUMBER` makes one count, `data dismiss NUMBER` settles it without."
    write_list(form_of(as_json, as_csv), "corrections", "Corrections", open_reports().reset_index(), [how])


def build_starter_pack(
    clinics: Annotated[Path, typer.Option("--clinics", help="The curated list.")] = CHECKOUT / "data" / "clinics.csv",
    atlas: Annotated[Path, typer.Option("--atlas", help="The us-atlas package's folder.")] = (
        CHECKOUT / "node_modules" / "us-atlas"
    ),
) -> None:
    """Make the starter pack anew (in a checkout, with the `build` extra installed)."""
    pack = build_starter(clinics, atlas, pack_folder("starter"))
    typer.echo(f"{pack.name}: {len(pack.people):,} modelled points, {len(pack.clinics)} clinics.")


def _survey_of(year: int, key: str | None, connecticut: Path | None, tables: Sequence[Path] = ()) -> Survey:
    return Survey(year, SecretStr(key) if key else settings().census_key, tables, connecticut)


def _pack_row(name: str) -> dict[str, object]:
    try:
        pack = load_pack(name)
    except PackError as failure:
        return {"pack": name, "people": "damaged", "origin": str(failure)}
    return {
        "pack": name,
        "people": f"{pack.people['population'].sum():,}",
        "places": f"{len(pack.people):,}",
        "origin": pack.manifest.origin_unit,
        "clinics": f"{len(pack.clinics):,}",
        "built": pack.manifest.built_on,
    }
