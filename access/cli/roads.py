"""`trd-access roads`: build, list, show, remove and judge road networks."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.cli.exit_codes import NOTHING_FOUND
from access.cli.options import AsCsv, AsJson, form_of
from access.cli.output import progress_bars, write_json, write_list, write_table
from access.errors import RoadsError
from access.settings import settings
from access.travel.mode import road_mode
from access.travel.network import Network, build_network, load_network, network_names, remove_network
from access.words.travel import no_car_note

NetworkName = Annotated[str, typer.Argument(help="The road network's name.")]


def build_roads(
    extracts: Annotated[
        list[str],
        typer.Argument(help="OpenStreetMap extracts: files, or names as Geofabrik has them (maine). Several are one."),
    ],
    profile: Annotated[str, typer.Option("--profile", help="car, foot or bicycle.")] = "car",
    name: Annotated[str | None, typer.Option("--name", help="What to call it; else the extract's name.")] = None,
    contract: Annotated[
        bool, typer.Option("--contract", help="Prepare 30 times longer, to be asked several times faster.")
    ] = False,
    mirror: Annotated[
        str | None, typer.Option("--mirror", help="A folder or http:// base that holds HOST/PATH copies.")
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Fetch an extract again that was fetched before.")] = False,
) -> None:
    """Make a road network of map extracts, once; an older one of that name stays until the new one is whole."""
    with progress_bars() as progress:
        network = build_network(
            extracts,
            profile=profile,
            name=name,
            contract=contract,
            mirror=mirror,
            refresh=refresh,
            progress=progress,
        )
    typer.echo(
        f"{network.name}: {network.engine}, {network.profile}, {network.size_bytes / 1e6:,.1f} MB, "
        f"in {network.build_seconds:.1f} s; {settings().roads_folder / network.name}"
    )
    if missed := no_car_note(road_mode(network.engine, network.profile)):
        typer.echo(missed)


def list_networks(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The road networks on this machine, what each was built from and how old its map is."""
    form = form_of(as_json, as_csv)
    table = pd.DataFrame([_network_row(name) for name in network_names()])
    note = f"They live in {settings().roads_folder}. Map data: © OpenStreetMap contributors, ODbL."
    notes = [note if len(table) else "None yet: trd-access roads build maine"]
    write_list(form, "roads", "Road networks", table, notes)
    if table.empty:
        raise typer.Exit(NOTHING_FOUND)


def show_network(name: NetworkName, as_json: AsJson = False) -> None:
    """Every extract that a road network was built from, with the hash of its bytes."""
    network = load_network(name)
    table = pd.DataFrame([extract.model_dump() for extract in network.extracts])
    if as_json:
        write_json(network.model_dump(exclude={"extracts"}), {"extracts": table})
        return
    notes = [
        f"{network.engine}, {network.profile}, {network.algorithm}; built on {network.built_on}.",
        f"Roads between {network.south:.4f} and {network.north:.4f} north, {network.west:.4f} and {network.east:.4f}.",
        network.licence,
    ]
    write_table(network.name, table, notes)


def remove_roads(name: NetworkName) -> None:
    """Remove a road network from this machine."""
    remove_network(name)
    typer.echo(f"{name}: removed.")


def _network_row(name: str) -> dict[str, object]:
    try:
        network = load_network(name)
    except RoadsError as failure:
        return {"roads": name, "profile": "damaged", "extracts": str(failure)}
    return {
        "roads": name,
        "profile": network.profile,
        "engine": network.engine,
        "extracts": ", ".join(Path(extract.url).name for extract in network.extracts),
        "map of": _oldest_map_day(network),
        "MB": f"{network.size_bytes / 1e6:,.1f}",
        "built": network.built_on,
    }


def _oldest_map_day(network: Network) -> str:
    """The day of the oldest map in it; "not stated" where a header does not say."""
    days = [extract.as_of for extract in network.extracts]
    return min(day[:10] for day in days if day) if all(days) else "not stated"
