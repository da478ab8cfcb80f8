"""`trd-access layer`: one view of access by county or hexagon, as data to take away or as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from access.cli.choose_area import ChosenArea, OneState, OwnArea, SomeCounties, area_of
from access.cli.options import DEMANDS, DemandName, PackName, Payer, Roads, Treatments, check_words, load_pack_on_roads
from access.documents.commands import layer_command
from access.documents.layer_files import LAYER_SUFFIXES, layer_file
from access.documents.pictures import layer_map, layer_poster
from access.documents.poster import poster_png
from access.errors import SourceError
from access.language import LANGUAGES, use_language
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.questions.area_layer import AREA_UNITS, AreaUnit, area_layer
from access.questions.gaps import LIMITS_BY_UNIT, treatment_trips
from access.questions.view import VIEW_MEASURES, View, place_values, view_people, view_trips
from access.travel.pack_travel import trip_finder_of
from access.vocabulary import PAYERS, TREATMENTS
from access.words.figures import area_name
from access.words.provenance import pack_columns, provenance_line
from access.words.view import treatments_words

AREA_KINDS: dict[str, AreaUnit] = {by: by for by in AREA_UNITS}
PICTURES = (".svg", ".png")


def layer(
    out: Annotated[
        Path,
        typer.Option(
            "--out", help=f"The file to write: {', '.join((*LAYER_SUFFIXES, *PICTURES))}; .zip has all the data."
        ),
    ],
    treatment: Treatments = None,
    state: OneState = None,
    county: SomeCounties = None,
    areas: OwnArea = None,
    by: Annotated[str, typer.Option("--by", help="county or hexagon.")] = "county",
    show: Annotated[str, typer.Option("--show", help=", ".join(VIEW_MEASURES))] = "share",
    payer: Payer = None,
    unit: Annotated[str, typer.Option("--unit", help="minutes or miles.")] = "minutes",
    rank: Annotated[int, typer.Option("--rank", min=1, help="1: the nearest clinic; 2: the second nearest ...")] = 1,
    beyond: Annotated[float, typer.Option("--beyond", min=1, max=240, help="The limit, or the reach.")] = 60,
    demand: DemandName = "people",
    no_car: Annotated[bool, typer.Option("--no-car", help="Somebody drives to every visit.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or es, of a picture.")] = "en",
    roads: Roads = None,
    pack_name: PackName = None,
) -> None:
    """Write one view by county or hexagon: the map as a picture, or its data with a dictionary."""
    form = out.suffix.lower()
    for word, known, option in (
        (form, (*LAYER_SUFFIXES, *PICTURES), "--out"),
        (by, AREA_UNITS, "--by"),
        (show, VIEW_MEASURES, "--show"),
        (unit, LIMITS_BY_UNIT, "--unit"),
        (demand, DEMANDS, "--demand"),
        (payer or "medicaid", PAYERS, "--payer"),
        (lang, LANGUAGES, "--lang"),
    ):
        check_words([word], known, option)
    treatments = tuple(check_words(treatment or ["ketamine_iv"], TREATMENTS, "--treatment"))
    view = View(treatments, payer, show, unit, rank, beyond, DEMANDS[demand], not no_car)
    with use_language(lang):
        pack = load_pack_on_roads(pack_name, roads)
        _write_layer(out, form, pack, view, AREA_KINDS[by], area_of(pack.people, state, county, areas))
    typer.echo(f"{out} is written.")


def _write_layer(out: Path, form: str, pack: Pack, view: View, by: AreaUnit, area: ChosenArea) -> None:
    everyone = treatment_trips(
        pack.people, pack.clinics, pack.services, view.treatments, way=trip_finder_of(pack), landmarks=pack.people
    )
    trips = view_trips(everyone, pack.services, view)
    values = place_values(trips, pack.people, pack.services, view)
    people = view_people(area.people, view.demand)
    states, counties = load_outlines()
    made = area_layer(values, people, view, by, counties, state=area.state, is_part=area.name is not None)
    if form in LAYER_SUFFIXES:
        command = layer_command(view, by, area.options, pack)
        content = layer_file(form, made, pack_columns(pack), counties, command)
    else:
        clinics = pack.clinics[pack.clinics["clinic_id"].isin(trips.clinics)] if area.state or area.name else None
        title = f"{treatments_words(view.treatments)}, {area.name or area_name(pack.people, area.state)}"
        poster = layer_poster(made, layer_map(made, states, counties, clinics=clinics), title, [provenance_line(pack)])
        content = poster.encode() if form == ".svg" else poster_png(poster)
    try:
        out.write_bytes(content)
    except OSError as failure:
        raise SourceError(
            f"{out} cannot be written ({failure.strerror}). Choose another place with --out."
        ) from failure
