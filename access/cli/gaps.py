"""`trd-access gaps`: who is far from a treatment, in the city and in the country."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import typer

from access.cli.layers import LAYERS, Hpsa, with_layer
from access.cli.show import (
    AsCsv,
    AsJson,
    Form,
    PackName,
    Roads,
    Treatments,
    check_words,
    form_of,
    pack_by,
    write_csv,
    write_json,
    write_table,
)
from access.cli.summaries import (
    AdultShare,
    Asking,
    DecayName,
    Land,
    Offered,
    Payer,
    Poorest,
    RankBy,
    Standard,
    standard_of,
    write_summary,
)
from access.errors import AccessError
from access.measures.by_method import share_by_method
from access.measures.supply import Demand, SupplyUnit
from access.places.areas import area_notes, areas_of
from access.places.hexagons import hexagons_of
from access.places.land import read_land
from access.places.pack import Pack
from access.report.gaps import (
    FARTHEST,
    LIMITS,
    GapTables,
    cost_by_area,
    cost_to_nearest,
    gap_tables,
    people_of,
    treatment_trips,
)
from access.report.measured import MEASURES, SHARED_SUPPLY, Terms, ask, measure_tables
from access.report.summaries import SUMMARIES, Asked, summary
from access.report.travel_words import mix_sentence
from access.report.words import area_name, areas_for_people, count, gap_lines, measure_for_people, shares_for_people
from access.sources.polygons import read_polygons
from access.travel.estimate import MAX_MINUTES
from access.travel.trips import Trips
from access.travel.way import left_out
from access.travel.ways import way_of
from access.vocabulary import PAYERS, TREATMENTS

OTHERS = [name for name in (*MEASURES, *SUMMARIES) if name != "nearest"]
SUPPLIES: dict[str, SupplyUnit | None] = {"clinics": "clinics", "courses": "courses", "known": None}
ASKING: dict[str, Demand] = {name: name for name in ("people", "adults", "trd_low", "trd_central")}
ENDS: dict[str, Literal["low", "high"]] = {"low": "low", "high": "high"}
AREAS = ("rurality", "state", "county", "hexagon", "area", *LAYERS)
Beyond = Annotated[str | None, typer.Option("--beyond", help="Limits, such as 30,60,90,120.")]


def gaps(
    treatment: Treatments = None,
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else the nation.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="minutes or miles.")] = "minutes",
    beyond: Beyond = None,
    rank: Annotated[int, typer.Option("--rank", min=1, help="1: the nearest clinic; 2: the second nearest ...")] = 1,
    by: Annotated[str, typer.Option("--by", help=", ".join(AREAS) + ".")] = "rurality",
    areas: Annotated[
        Path | None, typer.Option("--areas", help="Your own areas: GeoJSON, Shapefile or GeoPackage; with --by area.")
    ] = None,
    hpsa: Hpsa = None,
    measure: Annotated[str, typer.Option("--measure", help="nearest, or another: " + ", ".join(OTHERS))] = "nearest",
    decay: DecayName = None,
    demand: Asking = "people",
    adult_share: AdultShare = None,
    supply: Offered = "clinics",
    payer: Payer = None,
    standard: Standard = None,
    land: Land = None,
    rank_by: RankBy = None,
    poorest: Poorest = "low",
    max_minutes: Annotated[
        float, typer.Option("--max-minutes", min=1, max=MAX_MINUTES, help="The reach of measures that have one.")
    ] = 60.0,
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """People and share beyond each limit by rurality, state or county, the median, and the urban-rural gap."""
    form, treatments = form_of(as_json, as_csv), check_words(treatment or [], TREATMENTS, "--treatment")
    _check_choices(measure, by, demand, supply, poorest, payer, unit)
    limits, pack = limits_of(beyond, unit), pack_by(pack_name, roads)
    people = with_layer(_grouped(people_of(pack.people, state), by, areas), by, hpsa, land)
    trips = treatment_trips(people, pack.clinics, pack.services, treatments, way=way_of(pack), landmarks=pack.people)
    about = _about(pack, trips, treatments, state, unit, rank) | _by_method(trips, people, rank)
    if measure == "nearest":
        _write_gaps(form, cost_to_nearest(trips, unit, rank=rank), people, about, limits, by)
    elif measure in SUMMARIES:
        ends = standard_of(standard), rank_by, ENDS[poorest], adult_share, read_land(land) if land else None
        asked = Asked(trips, people, pack.services, treatments or list(TREATMENTS), [by], limits, payer, *ends)
        with _numbers_that_fit():
            table = summary(measure, asked)
        write_summary(form, table, about, measure, _title(about), _caveats(about))
    else:
        terms = Terms(max_minutes, rank, decay, ASKING[demand], SUPPLIES[supply], adult_share)
        with _numbers_that_fit():
            values = _measured(measure, pack, people, trips, treatments, terms)
        _write_measure(form, measure_tables(values, people, by), about, terms, measure)


def _measured(
    name: str, pack: Pack, people: pd.DataFrame, trips: Trips, treatments: Sequence[str], terms: Terms
) -> "pd.Series[float]":
    """A measure at each place of `people`; where clinics are shared, with all who ask at them."""
    if name in SHARED_SUPPLY and len(people) < len(pack.people):
        people = pack.people
        trips = treatment_trips(people, pack.clinics, pack.services, treatments, way=way_of(pack), landmarks=people)
    return ask(name, trips, people, pack.services, treatments, terms)


@contextmanager
def _numbers_that_fit() -> Iterator[None]:
    """Numbers that do not fit a measure are a mistyped option."""
    try:
        yield
    except AccessError:
        raise
    except ValueError as failure:
        raise typer.BadParameter(str(failure)) from None


def _check_choices(measure: str, by: str, demand: str, supply: str, poorest: str, payer: str | None, unit: str) -> None:
    if measure != "nearest" and unit != "minutes":
        raise typer.BadParameter("Only the measure nearest is counted in miles; leave it out.", param_hint="--unit")
    check_words([by], AREAS, "--by")
    check_words([measure], ["nearest", *OTHERS], "--measure")
    check_words([demand], ASKING, "--demand")
    check_words([supply], SUPPLIES, "--supply")
    check_words([poorest], ENDS, "--poorest")
    check_words([payer] if payer else [], PAYERS, "--payer")


def _grouped(people: pd.DataFrame, by: str, areas: Path | None) -> pd.DataFrame:
    """The people with a column for hexagons, or for the areas of a file, where one is asked for."""
    if (by == "area") != (areas is not None):
        raise typer.BadParameter("--by area and --areas FILE go together.", param_hint="--areas")
    if by == "hexagon":
        return people.assign(hexagon=hexagons_of(people))
    if areas is None:
        return people
    polygons = read_polygons(areas)
    for note in area_notes(people, polygons):
        typer.echo(note, err=True)
    names = polygons.set_index("area_id")["name"]
    return people.assign(area=areas_of(people, polygons).map(names).fillna("outside every area"))


def _write_gaps(
    form: Form, cost: pd.Series, people: pd.DataFrame, about: dict[str, Any], limits: Sequence[float], by: str
) -> None:
    tables, unit = gap_tables(cost, people, limits), about["unit"]
    areas = tables.shares if by == "rurality" else cost_by_area(cost, people, limits, by)
    if form is Form.JSON:
        write_json(about, vars(tables) if by == "rurality" else {"areas": areas})
    elif form is Form.CSV:
        write_csv(areas)
    elif by == "rurality":
        write_table(_title(about), shares_for_people(tables, unit).reset_index(), _notes(tables, about))
    else:
        write_table(_title(about), areas_for_people(areas, by, unit), _notes(tables, about))


def _write_measure(form: Form, table: pd.DataFrame, about: dict[str, Any], terms: Terms, name: str) -> None:
    found, said = MEASURES[name], asdict(terms)
    if form is Form.JSON:
        reach = {"reach_minutes": said.pop("max_minutes")}  # the trips' own limit is another
        write_json({**about, **said, **reach, "measure": name, "unit": found.unit}, {"rows": table})
    elif form is Form.CSV:
        write_csv(table)
    else:
        supply = {"clinics": "one unit for each clinic", None: "courses a month where known, else one unit each"}
        notes = [
            f"Unit: {found.unit}; reach {terms.max_minutes:g} minutes where it has one; asking: {terms.demand}; "
            f"supply: {supply.get(terms.supply, 'courses a month')}; decay: {terms.decay or 'zones'}.",
            "Lower is better." if found.is_cost else "Higher is better.",
            *_caveats(about),
        ]
        write_table(f"{name}: {_title(about)}", measure_for_people(table), notes)


def limits_of(beyond: str | None, unit: str) -> Sequence[float]:
    """The limits that `--beyond` names, each once and rising; none named: the usual ones of the unit.

    Raises
    ------
    typer.BadParameter: not numbers, below zero, or beyond the trips that are kept.
    """
    check_words([unit], LIMITS, "--unit")
    try:
        limits = sorted({float(part) for part in beyond.split(",")}) if beyond else LIMITS[unit]
    except ValueError:
        raise typer.BadParameter(f"'{beyond}' is not numbers with commas.", param_hint="--beyond") from None
    if not all(limit >= 0 for limit in limits):
        raise typer.BadParameter("A limit is a number that is not negative.", param_hint="--beyond")
    if max(limits) > FARTHEST[unit]:
        raise typer.BadParameter(f"Drives are kept up to {FARTHEST[unit]:g} {unit}.", param_hint="--beyond")
    return limits


def _about(
    pack: Pack, trips: Trips, treatments: Sequence[str], state: str | None, unit: str, rank: int
) -> dict[str, Any]:
    return {
        "pack": pack.name,
        "origin_unit": pack.manifest.origin_unit,
        "area": area_name(pack.people, state),
        "treatments": list(treatments or TREATMENTS),
        "clinics": len(trips.clinics),
        "rank": rank,
        "unit": unit,
        "method": trips.method,
        "max_minutes": trips.max_minutes,
    }


def _by_method(trips: Trips, people: pd.DataFrame, rank: int) -> dict[str, Any]:
    """The share of people by how their drive was found."""
    shares = share_by_method(trips, people, rank=rank)
    return {
        "share_of_people_by_method": {str(name): round(float(share), 4) for name, share in shares.items()},
        "mix": mix_sentence(shares),
    }


def _title(about: dict[str, Any]) -> str:
    treatments = ", ".join(TREATMENTS[name] for name in about["treatments"])
    which = "nearest" if about["rank"] == 1 else f"number {about['rank']} in nearness"
    return f"{treatments}: {about['unit']} to the {which} of {count(about['clinics'], 'clinic')}, {about['area']}"


def _notes(tables: GapTables, about: dict[str, Any]) -> list[str]:
    return [*gap_lines(tables, about["unit"]), *_caveats(about)]


def _caveats(about: dict[str, Any]) -> list[str]:
    return [
        f"Pack {about['pack']}; people by {about['origin_unit']}; one-way, {about['method']}. People who reach no "
        f"clinic within {about['max_minutes']:g} minutes count as beyond every limit.",
        *filter(None, [about["mix"]]),
        "A clinic that is not in our data is not in these figures: that is not proof that there is no care.",
        *filter(None, [left_out(about["method"])]),
    ]
