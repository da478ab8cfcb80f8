"""`trd-access interval`: the urban-rural gap between two ends, and whether the data support it at all."""

from typing import Annotated

import typer

from access.cli.gaps import Beyond, limits_of
from access.cli.show import (
    AsCsv,
    AsJson,
    Form,
    PackName,
    check_words,
    form_of,
    write_csv,
    write_json,
    write_table,
)
from access.measures.statement import gap_statement
from access.measures.uncertainty import gap_interval
from access.places.pack import load_pack
from access.report.gaps import people_of, treatment_trips
from access.report.words import interval_for_people, nearest_clinic_words
from access.vocabulary import TREATMENTS


def interval(
    treatment: Annotated[str, typer.Option("--treatment", "-t", help="The treatment to measure.")],
    state: Annotated[str | None, typer.Option("--state", help="A state's code or name; else the nation.")] = None,
    beyond: Beyond = None,
    draws: Annotated[int, typer.Option("--draws", min=100, max=100_000, help="How many worlds to draw.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")] = 1,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """The gap with its 90 % interval, from listings that may be wrong, travel times and where people live."""
    form = form_of(as_json, as_csv)
    check_words([treatment], TREATMENTS, "--treatment")
    limits = limits_of(beyond, "minutes")
    pack = load_pack(pack_name)
    people = people_of(pack.people, state)
    trips = treatment_trips(people, pack.clinics, pack.services, [treatment], landmarks=pack.people)
    try:
        found = gap_interval(trips, people, limits, seed=seed, draws=draws)
    except ValueError as failure:
        raise typer.BadParameter(str(failure), param_hint="--beyond") from None
    sentences = [gap_statement(found, limit, clinic=nearest_clinic_words(treatment, 1)) for limit in limits]
    if form is Form.JSON:
        about = {"pack": pack.name, "treatment": treatment, "draws": draws, "seed": seed, "statements": sentences}
        write_json(about, {"shares": found.shares, "gaps": found.gaps})
    elif form is Form.CSV:
        write_csv(found.shares)
    else:
        write_table(f"{TREATMENTS[treatment]}: people beyond each limit", interval_for_people(found.shares), sentences)
