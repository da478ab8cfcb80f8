"""`trd-access gaps`: who is far from a treatment, in the city and in the country; other measures, and layers to group
people by.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
import pandas as pd
import typer

from access.cli.choose_area import area_labels
from access.cli.options import (
    DEMANDS,
    AsCsv,
    AsJson,
    Beyond,
    DemandName,
    OutputForm,
    PackName,
    Payer,
    Roads,
    Treatments,
    check_words,
    form_of,
    limits_of,
    load_pack_on_roads,
)
from access.cli.output import write_csv, write_json, write_table
from access.errors import AccessError, TableError
from access.measures.adequacy import STANDARDS, county_types, read_standard
from access.measures.nearest import share_by_method
from access.measures.supply import SupplyUnit
from access.places.areas import area_notes, areas_of
from access.places.designations import HPSA_NOT_KNOWN, hpsa_of
from access.places.hexagons import hexagons_of
from access.places.land import estimated_land_km2, read_land
from access.places.pack import Pack
from access.questions.gaps import (
    cost_by_area,
    cost_to_nearest,
    gap_tables,
    people_of,
    treatment_trips,
)
from access.questions.measure_registry import (
    DECAYS,
    MEASURES,
    SHARED_SUPPLY,
    SUMMARIES,
    Asked,
    Terms,
    ask,
    measure_tables,
    summary,
)
from access.sources.hpsa import read_hpsa
from access.sources.polygons import read_polygons
from access.travel.estimate import MAX_MINUTES
from access.travel.pack_travel import trip_finder_of
from access.travel.trips import Trips
from access.vocabulary import PAYERS, TREATMENTS
from access.words.figures import area_name, count_words
from access.words.gaps import areas_for_people, gap_lines, measure_for_people, shares_for_people
from access.words.travel import mix_sentence, no_car_note

LAYERS: Final = ("hpsa", "county_type", "forhp")
HpsaFile = Annotated[
    Path | None, typer.Option("--hpsa", help="HRSA's BCD_HPSA_FCT_DET_MH.csv of shortage areas; with --by hpsa.")
]


def add_layer(people: pd.DataFrame, by: str, hpsa: Path | None, land: Path | None) -> pd.DataFrame:
    """The people with a column for the layer `by`, where it is one.

    Raises
    ------
    typer.BadParameter
        --hpsa and --by hpsa do not come together.
    SourceError
        As the layer's file, or the pack does not tell it.
    TableError
        As the layer's file, or the pack does not tell it.
    """
    if (by == "hpsa") != (hpsa is not None):
        raise typer.BadParameter("--by hpsa and --hpsa FILE go together.", param_hint="--hpsa")
    if hpsa is not None:
        return people.assign(hpsa=hpsa_of(people, read_hpsa(hpsa)))
    if by == "county_type":
        types = county_types(people, read_land(land) if land else estimated_land_km2(people))
        return people.assign(county_type=people["county"].map(types))
    return people.assign(forhp=_forhp_groups(people)) if by == "forhp" else people


def _forhp_groups(people: pd.DataFrame) -> "pd.Series[str]":
    if "is_forhp_rural" not in people:
        raise TableError("This pack does not tell what FORHP calls rural. Build it again: trd-access data build")
    named = people["is_forhp_rural"].map({True: "rural", False: "not_rural"}).astype("str")
    return named.fillna(HPSA_NOT_KNOWN)


StandardName = Annotated[
    str | None, typer.Option("--standard", help=f"For adequacy: {', '.join(STANDARDS)}, or a CSV of your own.")
]
LandFile = Annotated[
    Path | None,
    typer.Option("--land", help="For adequacy and --by county_type: a CSV of county, land_km2; else estimated."),
]
RankBy = Annotated[
    str | None, typer.Option("--rank-by", help="For concentration: the column that tells the worst off.")
]
PoorestEnd = Annotated[str, typer.Option("--poorest", help="Which end of that column is the worst off: low or high.")]
DecayName = Annotated[
    str | None, typer.Option("--decay", help=f"{', '.join(DECAYS)}; with numbers such as exponential:0.03.")
]
AdultShare = Annotated[
    float | None,
    typer.Option("--adult-share", min=0, max=1, help="Adults as a share of people, where none are counted."),
]
SupplyName = Annotated[str, typer.Option("--supply", help="clinics (one each), courses (a month), or known.")]

# Of a wide table, what a terminal of 80 characters does without.
COLUMNS_LEFT_OUT = {
    "adequacy": ("people_inside", "people_outside", "share_within_minutes", "share_within_miles"),
    "payer": ("people_beyond_low", "people_beyond_high", "people_unreached_low", "people_unreached_high"),
    "poverty": ("people_share", "contribution0", "contribution1", "contribution2"),
    "excess": ("people_share", "contribution0", "contribution1", "contribution2"),
    "subgroups": ("people_rest", "people_rest_beyond", "share_rest_beyond", "people_unknown", "people_without_margin"),
    "starts_lost": ("people_unreached", "evidence"),
}


def standard_of(text: str | None) -> pd.DataFrame | None:
    """The standard by its name, or from a file; None: none is named.

    Raises
    ------
    SourceError
        As `read_standard`.
    TableError
        As `read_standard`.
    """
    if text is None or text in STANDARDS:
        return STANDARDS.get(text or "")
    return read_standard(Path(text))


def write_summary(
    form: OutputForm, table: pd.DataFrame, about: dict[str, Any], name: str, title: str, notes: list[str]
) -> None:
    """A summary for people or machines."""
    unit = SUMMARIES[name][0]
    if form is OutputForm.JSON:
        write_json({**about, "measure": name, "unit": unit}, {"rows": table})
    elif form is OutputForm.CSV:
        write_csv(table)
    else:
        shown = table[[column for column in table if column not in COLUMNS_LEFT_OUT.get(name, ())]]
        more = ["More columns with --csv."] if len(shown.columns) < len(table.columns) else []
        if "people_unknown" in table and table["people_unknown"].any():
            more.append(
                "People who live where it is not known are in none of these; --csv counts them (people_unknown)."
            )
        write_table(
            f"{name}: {title}", shown.apply(lambda cells: cells.map(_cell_words)), [f"Unit: {unit}.", *more, *notes]
        )


def _cell_words(cell: object) -> str:
    if pd.isna(cell):  # type: ignore[call-overload]
        return ""
    if isinstance(cell, int | np.integer):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() and abs(cell) > 1 else f"{cell:.4g}"
    return str(cell)


OTHER_MEASURES = [name for name in (*MEASURES, *SUMMARIES) if name != "nearest"]
SUPPLIES: dict[str, SupplyUnit | None] = {"clinics": "clinics", "courses": "courses", "known": None}
POOREST_ENDS: dict[str, Literal["low", "high"]] = {"low": "low", "high": "high"}
GROUPINGS = ("rurality", "state", "county", "hexagon", "area", *LAYERS)


def gaps(
    treatment: Treatments = None,
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else the nation.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="minutes or miles.")] = "minutes",
    beyond: Beyond = None,
    rank: Annotated[int, typer.Option("--rank", min=1, help="1: the nearest clinic; 2: the second nearest ...")] = 1,
    by: Annotated[str, typer.Option("--by", help=", ".join(GROUPINGS) + ".")] = "rurality",
    areas: Annotated[
        Path | None, typer.Option("--areas", help="Your own areas: GeoJSON, Shapefile or GeoPackage; with --by area.")
    ] = None,
    hpsa: HpsaFile = None,
    measure: Annotated[
        str, typer.Option("--measure", help="nearest, or another: " + ", ".join(OTHER_MEASURES))
    ] = "nearest",
    decay: DecayName = None,
    demand: DemandName = "people",
    adult_share: AdultShare = None,
    supply: SupplyName = "clinics",
    payer: Payer = None,
    standard: StandardName = None,
    land: LandFile = None,
    rank_by: RankBy = None,
    poorest: PoorestEnd = "low",
    max_minutes: Annotated[
        float, typer.Option("--max-minutes", min=1, max=MAX_MINUTES, help="The reach of measures that have one.")
    ] = 60.0,
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """People and share beyond each limit by rurality, state or county, the median, and the urban-rural gap."""
    form = form_of(as_json, as_csv)
    treatments = check_words(treatment or [], TREATMENTS, "--treatment")
    _check_choices(measure, by, demand, supply, poorest, payer, unit)
    limits = limits_of(beyond, unit)
    pack = load_pack_on_roads(pack_name, roads)
    people = add_layer(_add_area_column(people_of(pack.people, state), by, areas), by, hpsa, land)
    trips = treatment_trips(
        people, pack.clinics, pack.services, treatments, way=trip_finder_of(pack), landmarks=pack.people
    )
    about = _about(pack, trips, treatments, state, unit, rank) | _shares_by_method(trips, people, rank)
    caveats = _caveats(about, trips)
    if measure == "nearest":
        _write_gaps(form, cost_to_nearest(trips, unit, rank=rank), people, about, caveats, limits=limits, by=by)
    elif measure in SUMMARIES:
        ends = standard_of(standard), rank_by, POOREST_ENDS[poorest], adult_share, read_land(land) if land else None
        asked = Asked(trips, people, pack.services, treatments or list(TREATMENTS), [by], limits, payer, *ends)
        with _refuse_misfit_numbers():
            table = summary(measure, asked)
        write_summary(form, table, about, measure, _title(about), caveats)
    else:
        terms = Terms(max_minutes, rank, decay, DEMANDS[demand], SUPPLIES[supply], adult_share)
        with _refuse_misfit_numbers():
            values = _place_values(measure, pack, people, trips, treatments, terms)
        _write_measure(form, measure_tables(values, people, by), about, caveats, terms=terms, name=measure)


def _place_values(
    name: str, pack: Pack, people: pd.DataFrame, trips: Trips, treatments: Sequence[str], terms: Terms
) -> "pd.Series[float]":
    """A measure at each place of `people`; where clinics are shared, with all who ask at them."""
    if name in SHARED_SUPPLY and len(people) < len(pack.people):
        people = pack.people
        trips = treatment_trips(
            people, pack.clinics, pack.services, treatments, way=trip_finder_of(pack), landmarks=people
        )
    return ask(name, trips, people, pack.services, treatments, terms)


@contextmanager
def _refuse_misfit_numbers() -> Iterator[None]:
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
    check_words([by], GROUPINGS, "--by")
    check_words([measure], ["nearest", *OTHER_MEASURES], "--measure")
    check_words([demand], DEMANDS, "--demand")
    check_words([supply], SUPPLIES, "--supply")
    check_words([poorest], POOREST_ENDS, "--poorest")
    check_words([payer] if payer else [], PAYERS, "--payer")


def _add_area_column(people: pd.DataFrame, by: str, areas: Path | None) -> pd.DataFrame:
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
    form: OutputForm,
    cost: pd.Series,
    people: pd.DataFrame,
    about: dict[str, Any],
    caveats: Sequence[str],
    *,
    limits: Sequence[float],
    by: str,
) -> None:
    tables = gap_tables(cost, people, limits)
    unit = about["unit"]
    areas = tables.shares if by == "rurality" else cost_by_area(cost, people, limits, by)
    if form is OutputForm.JSON:
        write_json(about, vars(tables) if by == "rurality" else {"areas": areas})
    elif form is OutputForm.CSV:
        write_csv(areas)
    elif by == "rurality":
        write_table(_title(about), shares_for_people(tables, unit).reset_index(), [*gap_lines(tables, unit), *caveats])
    else:
        shown = areas_for_people(areas, by, unit)
        shown[by] = area_labels(shown[by].tolist(), by)
        write_table(_title(about), shown, [*gap_lines(tables, unit), *caveats])


def _write_measure(
    form: OutputForm,
    table: pd.DataFrame,
    about: dict[str, Any],
    caveats: Sequence[str],
    *,
    terms: Terms,
    name: str,
) -> None:
    found = MEASURES[name]
    said = asdict(terms)
    if form is OutputForm.JSON:
        reach = {"reach_minutes": said.pop("max_minutes")}  # the trips' own limit is another
        write_json({**about, **said, **reach, "measure": name, "unit": found.unit}, {"rows": table})
    elif form is OutputForm.CSV:
        write_csv(table)
    else:
        supply = {"clinics": "one unit for each clinic", None: "courses a month where known, else one unit each"}
        notes = [
            f"Unit: {found.unit}; reach {terms.max_minutes:g} minutes where it has one; asking: {terms.demand}; "
            f"supply: {supply.get(terms.supply, 'courses a month')}; decay: {terms.decay or 'zones'}.",
            "Lower is better." if found.is_cost else "Higher is better.",
            *caveats,
        ]
        write_table(f"{name}: {_title(about)}", measure_for_people(table), notes)


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


def _shares_by_method(trips: Trips, people: pd.DataFrame, rank: int) -> dict[str, Any]:
    """The share of people by how their drive was found."""
    shares = share_by_method(trips, people, rank=rank)
    return {
        "share_of_people_by_method": {str(name): round(float(share), 4) for name, share in shares.items()},
        "mix": mix_sentence(shares, trips.modes),
    }


def _title(about: dict[str, Any]) -> str:
    treatments = ", ".join(TREATMENTS[name] for name in about["treatments"])
    which = "nearest" if about["rank"] == 1 else f"number {about['rank']} in nearness"
    return f"{treatments}: {about['unit']} to the {which} of {count_words(about['clinics'], 'clinic')}, {about['area']}"


def _caveats(about: dict[str, Any], trips: Trips) -> list[str]:
    return [
        f"Pack {about['pack']}; people by {about['origin_unit']}; one-way, {about['method']}. People who reach no "
        f"clinic within {about['max_minutes']:g} minutes count as beyond every limit.",
        *filter(None, [about["mix"]]),
        "A clinic that is not in our data is not in these figures: that is not proof that there is no care.",
        *filter(None, [no_car_note(trips.modes[0])]),
    ]
