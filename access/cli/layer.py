"""`trd-access layer`: one view of access by county or hexagon, as data to take away or as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from access.cli.area import Area, OneState, OwnArea, SomeCounties, area_of
from access.cli.gaps import ASKING
from access.cli.show import PackName, Roads, Treatments, check_words, pack_by
from access.cli.summaries import Asking, Payer
from access.errors import SourceError
from access.language import LANGUAGES, speaking
from access.maps import poster_png
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.report.area_files import SUFFIXES, area_file
from access.report.gaps import LIMITS, treatment_trips
from access.report.layer import BYS, By, area_layer, layer_map, layer_poster
from access.report.provenance import layer_command, pack_words, provenance
from access.report.view import SHOWN, View, place_values, treatments_words, view_people, view_trips
from access.report.words import area_name
from access.travel.ways import way_of
from access.vocabulary import PAYERS, TREATMENTS

GROUPED: dict[str, By] = {by: by for by in BYS}
PICTURES = (".svg", ".png")


def layer(
    out: Annotated[
        Path,
        typer.Option("--out", help=f"The file to write: {', '.join((*SUFFIXES, *PICTURES))}; .zip has all the data."),
    ],
    treatment: Treatments = None,
    state: OneState = None,
    county: SomeCounties = None,
    areas: OwnArea = None,
    by: Annotated[str, typer.Option("--by", help="county or hexagon.")] = "county",
    show: Annotated[str, typer.Option("--show", help=", ".join(SHOWN))] = "share",
    payer: Payer = None,
    unit: Annotated[str, typer.Option("--unit", help="minutes or miles.")] = "minutes",
    rank: Annotated[int, typer.Option("--rank", min=1, help="1: the nearest clinic; 2: the second nearest ...")] = 1,
    beyond: Annotated[float, typer.Option("--beyond", min=1, max=240, help="The limit, or the reach.")] = 60,
    demand: Asking = "people",
    no_car: Annotated[bool, typer.Option("--no-car", help="Somebody drives to every visit.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or es, of a picture.")] = "en",
    roads: Roads = None,
    pack_name: PackName = None,
) -> None:
    """Write one view by county or hexagon: the map as a picture, or its data with a dictionary."""
    form = out.suffix.lower()
    for word, known, option in (
        (form, (*SUFFIXES, *PICTURES), "--out"),
        (by, BYS, "--by"),
        (show, SHOWN, "--show"),
        (unit, LIMITS, "--unit"),
        (demand, ASKING, "--demand"),
        (payer or "medicaid", PAYERS, "--payer"),
        (lang, LANGUAGES, "--lang"),
    ):
        check_words([word], known, option)
    treatments = tuple(check_words(treatment or ["ketamine_iv"], TREATMENTS, "--treatment"))
    view = View(treatments, payer, show, unit, rank, beyond, ASKING[demand], not no_car)
    with speaking(lang):
        pack = pack_by(pack_name, roads)
        _write(out, form, pack, view, GROUPED[by], area_of(pack.people, state, county, areas))
    typer.echo(f"{out} is written.")


def _write(out: Path, form: str, pack: Pack, view: View, by: By, area: Area) -> None:
    everyone = treatment_trips(
        pack.people, pack.clinics, pack.services, view.treatments, way=way_of(pack), landmarks=pack.people
    )
    trips = view_trips(everyone, pack.services, view)
    values = place_values(trips, pack.people, pack.services, view)
    people = view_people(area.people, view.demand)
    states, counties = load_outlines()
    made = area_layer(values, people, view, by, counties, state=area.state, is_part=area.name is not None)
    if form in SUFFIXES:
        command = layer_command(view, by, area.options, pack)
        content = area_file(form, made, pack_words(pack), counties, command)
    else:
        clinics = pack.clinics[pack.clinics["clinic_id"].isin(trips.clinics)] if area.state or area.name else None
        title = f"{treatments_words(view.treatments)}, {area.name or area_name(pack.people, area.state)}"
        poster = layer_poster(made, layer_map(made, states, counties, clinics=clinics), title, [provenance(pack)])
        content = poster.encode() if form == ".svg" else poster_png(poster)
    try:
        out.write_bytes(content)
    except OSError as failure:
        raise SourceError(
            f"{out} cannot be written ({failure.strerror}). Choose another place with --out."
        ) from failure
