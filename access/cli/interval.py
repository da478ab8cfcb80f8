"""`trd-access interval`: the urban-rural gap between two ends, and whether the data support it at all."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from access.cli.options import (
    AsCsv,
    AsJson,
    Beyond,
    OutputForm,
    PackName,
    Roads,
    check_words,
    form_of,
    limits_of,
    load_pack_on_roads,
)
from access.cli.output import write_csv, write_json, write_table
from access.measures.uncertainty import ErrorSources, gap_interval
from access.places.directory.confidence import chance_by_clinic, confidence
from access.places.pack import Pack
from access.questions.gaps import people_of, treatment_trips
from access.travel.pack_travel import trip_finder_of
from access.vocabulary import TREATMENTS
from access.words.figures import nearest_clinic_words
from access.words.gap_sentence import gap_statement
from access.words.gaps import interval_for_people


class ListingChance(StrEnum):
    """Where the chance that a listing works comes from."""

    PRIOR = "prior"
    EVIDENCE = "evidence"


def interval(
    treatment: Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")],
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else the nation.")] = None,
    beyond: Beyond = None,
    draws: Annotated[int, typer.Option("--draws", min=100, max=100_000, help="How many worlds to draw.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")] = 1,
    listings: Annotated[
        ListingChance,
        typer.Option("--listings", help="Each listing's chance: one prior for all, or by its own evidence."),
    ] = ListingChance.PRIOR,
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """The gap with its 90 % interval, from listings that may be wrong, travel times and where people live."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    limits = limits_of(beyond, "minutes")
    pack = load_pack_on_roads(pack_name, roads)
    people = people_of(pack.people, state)
    trips = treatment_trips(
        people, pack.clinics, pack.services, [treatment], way=trip_finder_of(pack), landmarks=pack.people
    )
    try:
        found = gap_interval(trips, people, limits, seed=seed, draws=draws, sources=_sources(pack, treatment, listings))
    except ValueError as failure:
        raise typer.BadParameter(str(failure), param_hint="--beyond") from None
    sentences = [gap_statement(found, limit, clinic=nearest_clinic_words(treatment, 1)) for limit in limits]
    if form is OutputForm.JSON:
        about = {
            "pack": pack.name,
            "treatment": treatment,
            "listings": listings,
            "draws": draws,
            "seed": seed,
            "statements": sentences,
        }
        write_json(about, {"shares": found.shares, "gaps": found.gaps})
    elif form is OutputForm.CSV:
        write_csv(found.shares)
    else:
        write_table(f"{TREATMENTS[treatment]}: people beyond each limit", interval_for_people(found.shares), sentences)


def _sources(pack: Pack, treatment: str, listings: ListingChance) -> ErrorSources:
    if listings is ListingChance.PRIOR:
        return ErrorSources()
    sure = confidence(pack.services, datetime.now(UTC).date())
    return ErrorSources(listing_works=chance_by_clinic(sure, [treatment]))
