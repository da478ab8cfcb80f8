"""`trd-access roads area`: the area within minutes of clinics, as a picture, as data, and as people inside."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.cli.exit_codes import NOTHING_FOUND
from access.cli.options import AsJson, PackName, Roads, Treatments, check_words, load_pack_on_roads
from access.cli.output import write_bytes, write_json, write_table
from access.documents.reached_area import REACHED_AREA_FORMS, reached_area_file
from access.language import LANGUAGES, say, use_language
from access.maps.palette import MOST_CLASSES
from access.measures.reached_area import ReachedArea, hexagons_within, people_within
from access.places.outlines import load_outlines
from access.places.pack import Pack
from access.places.services import clinics_offering
from access.questions.gaps import people_of
from access.travel.estimate import MAX_MINUTES
from access.travel.pack_travel import trip_finder_of
from access.vocabulary import TREATMENTS
from access.words.figures import area_name
from access.words.reached_area import reached_area_notes
from access.words.view import treatments_words


def show_reached_area(
    clinic_ids: Annotated[list[str] | None, typer.Argument(help="Clinics, by the ids that find shows.")] = None,
    treatment: Treatments = None,
    state: Annotated[str | None, typer.Option("--state", help="With --treatment: the clinics of one state.")] = None,
    minutes: Annotated[str, typer.Option("--minutes", help="The limits, with commas.")] = "30,60,90,120",
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", help=f"A file to write: {', '.join(REACHED_AREA_FORMS)}; may be repeated."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or es, of a picture.")] = "en",
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
) -> None:
    """The area within minutes of a clinic, or of all that give a treatment: a map, its data, the people inside."""
    limits = _parse_limits(minutes)
    for path in out or []:
        check_words([path.suffix.lower()], REACHED_AREA_FORMS, "--out")
    check_words([lang], LANGUAGES, "--lang")
    treatments = check_words(treatment or [], TREATMENTS, "--treatment")
    with use_language(lang):
        pack = load_pack_on_roads(pack_name, roads)
        clinics = _clinics(pack, clinic_ids or [], treatments, state)
        title = _title(pack, clinics, limits[-1], treatments, state)
        way = trip_finder_of(pack)
        reached = hexagons_within(clinics, way, pack.people, load_outlines()[0], minutes=limits)
        table = people_within(reached, pack.people, way)
        notes = reached_area_notes(reached, pack)
        for path in out or [] if len(reached.cells) else []:
            write_bytes(path, reached_area_file(path.suffix.lower(), reached, pack, title))
    if as_json:
        write_json(_about(pack, reached, notes), {"within": table})
    else:
        written = [f"{path} is written." for path in out or [] if len(reached.cells)]
        write_table(title, _people_within_table(table), [*notes, _hexagon_note(reached), *written])
    if reached.cells.empty:
        raise typer.Exit(NOTHING_FOUND)


def _parse_limits(text: str) -> tuple[float, ...]:
    try:
        limits = tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not numbers with commas.", param_hint="--minutes") from None
    if not all(0 < limit <= MAX_MINUTES for limit in limits) or len(limits) >= MOST_CLASSES:
        raise typer.BadParameter(
            f"Give one to {MOST_CLASSES - 1} limits above 0 and up to {MAX_MINUTES:g} minutes.", param_hint="--minutes"
        )
    return limits


def _clinics(pack: Pack, ids: list[str], treatments: list[str], state: str | None) -> pd.DataFrame:
    """The clinics that are named, or those that give a treatment in a state.

    Raises
    ------
    typer.BadParameter
        Neither or both are named, or one is not in the pack.
    typer.Exit
        None gives it there.
    PlaceError
        No such state.
    """
    if bool(ids) == bool(treatments):
        raise typer.BadParameter("Name clinics by their ids, or a --treatment, one of the two.")
    unknown = sorted(set(ids) - set(pack.clinics["clinic_id"]))
    if unknown:
        raise typer.BadParameter(f"Pack {pack.name} has no clinic {unknown[0]} ({len(unknown)} such); see find.")
    chosen = pack.clinics["clinic_id"].isin(ids or clinics_offering(pack.services, treatments))
    if state:
        chosen &= pack.clinics["state"] == people_of(pack.people, state)["state"].iloc[0]
    if not chosen.any():
        typer.echo("No clinic in our data gives it there. That is not proof that there is none.", err=True)
        raise typer.Exit(NOTHING_FOUND)
    return pack.clinics[chosen].reset_index(drop=True)


def _title(pack: Pack, clinics: pd.DataFrame, limit: float, treatments: list[str], state: str | None) -> str:
    if not treatments and len(clinics) == 1:
        one = clinics.iloc[0]
        named = ", ".join(part for part in (one["name"], one["city"], one["state"]) if isinstance(part, str))
        return say("Within {limit} minutes of {clinic}", limit=f"{limit:g}", clinic=named)
    nearest = say("Within {limit} minutes of the nearest of {number} clinics", limit=f"{limit:g}", number=len(clinics))
    return (
        f"{nearest}: {treatments_words(tuple(treatments))}, {area_name(pack.people, state)}" if treatments else nearest
    )


def _people_within_table(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Within": table["within_minutes"].map("{:g} min".format),
            "People": table["people"].map("{:,}".format),
            "km² of hexagons": table["km2"].map("{:,.0f}".format),
        }
    )


def _hexagon_note(reached: ReachedArea) -> str:
    roadless = f"; no road within 3 miles {reached.roadless:,}" if reached.roadless else ""
    return (
        f"People by each place's own trip. Of {reached.looked_at:,} hexagons (H3 resolution {reached.resolution}) that "
        f"near: reached {len(reached.cells):,}; farther or no way {reached.unreached:,}{roadless}; "
        f"water or abroad {reached.off_land:,}."
    )


def _about(pack: Pack, reached: ReachedArea, notes: list[str]) -> dict[str, object]:
    return {
        "pack": pack.name,
        "roads": pack.roads,
        "clinics": reached.clinics["clinic_id"].tolist(),
        "minutes": reached.limits,
        "resolution": reached.resolution,
        "hexagons": {
            "looked_at": reached.looked_at,
            "reached": len(reached.cells),
            "unreached": reached.unreached,
            "roadless": reached.roadless,
            "off_land": reached.off_land,
        },
        "share_of_hexagons": reached.cells["method"].value_counts(normalize=True).round(4).to_dict(),
        "notes": notes,
    }
