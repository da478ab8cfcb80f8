"""`trd-access interval`: the urban-rural gap between two ends, and whether the data support it at all."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from access.cli.gaps import Beyond, limits_of
from access.cli.show import (
    AsCsv,
    AsJson,
    Form,
    PackName,
    Roads,
    check_words,
    form_of,
    pack_by,
    write_csv,
    write_json,
    write_table,
)
from access.measures.statement import gap_statement
from access.measures.uncertainty import gap_interval
from access.measures.uncertainty_sources import Sources
from access.places.directory.confidence import chance_by_clinic, confidence
from access.places.pack import Pack
from access.report.gaps import people_of, treatment_trips
from access.report.words import interval_for_people, nearest_clinic_words
from access.travel.ways import way_of
from access.vocabulary import TREATMENTS


class Listings(StrEnum):
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
        Listings, typer.Option("--listings", help="Each listing's chance: one prior for all, or by its own evidence.")
    ] = Listings.PRIOR,
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """The gap with its 90 % interval, from listings that may be wrong, travel times and where people live."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    limits = limits_of(beyond, "minutes")
    pack = pack_by(pack_name, roads)
    people = people_of(pack.people, state)
    trips = treatment_trips(people, pack.clinics, pack.services, [treatment], way=way_of(pack), landmarks=pack.people)
    try:
        found = gap_interval(trips, people, limits, seed=seed, draws=draws, sources=_sources(pack, treatment, listings))
    except ValueError as failure:
        raise typer.BadParameter(str(failure), param_hint="--beyond") from None
    sentences = [gap_statement(found, limit, clinic=nearest_clinic_words(treatment, 1)) for limit in limits]
    if form is Form.JSON:
        about = {
            "pack": pack.name,
            "treatment": treatment,
            "listings": listings,
            "draws": draws,
            "seed": seed,
            "statements": sentences,
        }
        write_json(about, {"shares": found.shares, "gaps": found.gaps})
    elif form is Form.CSV:
        write_csv(found.shares)
    else:
        write_table(f"{TREATMENTS[treatment]}: people beyond each limit", interval_for_people(found.shares), sentences)


def _sources(pack: Pack, treatment: str, listings: Listings) -> Sources:
    if listings is Listings.PRIOR:
        return Sources()
    sure = confidence(pack.services, datetime.now(UTC).date())
    return Sources(listing_works=chance_by_clinic(sure, [treatment]))
