"""Options that several commands share and what each means: packs, roads, treatments, limits, forms of output."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from access.measures.supply import Demand
from access.places.pack import Pack, load_pack
from access.questions.gaps import FARTHEST_BY_UNIT, LIMITS_BY_UNIT
from access.travel.estimate import MAX_MINUTES
from access.units import KM_PER_MILE, parse_reach

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV.")]


PackName = Annotated[str | None, typer.Option("--pack", help="The pack to ask; the national one where built.")]


Roads = Annotated[
    str | None,
    typer.Option(
        "--roads",
        help="Drive by a road network (trd-access roads list), by opentimes, or an engine: osrm:http://HOST:PORT.",
    ),
]


Treatments = Annotated[
    list[str] | None,
    typer.Option("--treatment", "-t", help="ketamine_iv, ketamine_im, esketamine, tms or ect; may be repeated."),
]


class OutputForm(StrEnum):
    """How an answer is written."""

    PEOPLE = "people"
    JSON = "json"
    CSV = "csv"


def load_pack_on_roads(name: str | None, roads: str | None = None) -> Pack:
    """The pack of that name (none: the default one), its drives along `roads`, where named.

    Raises
    ------
    PackError
        There is no such pack, or it is damaged.
    """
    pack = load_pack(name)
    return replace(pack, roads=roads) if roads else pack


def form_of(as_json: bool, as_csv: bool) -> OutputForm:
    """The form that the flags ask for.

    Raises
    ------
    typer.BadParameter
        Both are asked for.
    """
    if as_json and as_csv:
        raise typer.BadParameter("Choose --json or --csv, not both.")
    return OutputForm.JSON if as_json else OutputForm.CSV if as_csv else OutputForm.PEOPLE


def check_words(words: Sequence[str], vocabulary: Collection[str], option: str) -> list[str]:
    """The words, each of which must be known.

    Raises
    ------
    typer.BadParameter
        One is not; names it and the known ones.
    """
    for word in words:
        if word not in vocabulary:
            raise typer.BadParameter(f"'{word}' is not one of {', '.join(vocabulary)}.", param_hint=option)
    return list(words)


def reach_of(within: str) -> tuple[str, float]:
    """The unit ("minutes" or "km") and the amount of a reach such as 120min or 50mi.

    Raises
    ------
    typer.BadParameter
        It is neither, or a drive longer than the trips that are kept.
    """
    try:
        unit, limit = parse_reach(within)
    except ValueError as failure:
        raise typer.BadParameter(str(failure), param_hint="--within") from None
    if unit == "minutes" and limit > MAX_MINUTES:
        raise typer.BadParameter(f"Drives are kept up to {MAX_MINUTES:g} minutes.", param_hint="--within")
    if unit == "km" and limit > FARTHEST_BY_UNIT["miles"] * KM_PER_MILE:
        raise typer.BadParameter(f"Drives are kept up to {FARTHEST_BY_UNIT['miles']:g} miles.", param_hint="--within")
    return unit, limit


def minutes_of(within: str) -> float:
    """The minutes of a reach such as 120min or 2h.

    Raises
    ------
    typer.BadParameter
        As `reach_of`, or it is a distance.
    """
    unit, limit = reach_of(within)
    if unit != "minutes":
        raise typer.BadParameter("This is in minutes; give a time such as 60min.", param_hint="--within")
    return limit


Payer = Annotated[str | None, typer.Option("--payer", help="For the measure payer: medicare, medicaid, private ...")]


DemandName = Annotated[str, typer.Option("--demand", help="people, adults, trd_low or trd_central.")]


DEMANDS: dict[str, Demand] = {name: name for name in ("people", "adults", "trd_low", "trd_central")}


Beyond = Annotated[str | None, typer.Option("--beyond", help="Limits, such as 30,60,90,120.")]


def limits_of(beyond: str | None, unit: str) -> Sequence[float]:
    """The limits that `--beyond` names, each once and rising; none named: the usual ones of the unit.

    Raises
    ------
    typer.BadParameter
        Not numbers, below zero, or beyond the trips that are kept.
    """
    check_words([unit], LIMITS_BY_UNIT, "--unit")
    try:
        limits = sorted({float(part) for part in beyond.split(",")}) if beyond else LIMITS_BY_UNIT[unit]
    except ValueError:
        raise typer.BadParameter(f"'{beyond}' is not numbers with commas.", param_hint="--beyond") from None
    if not all(limit >= 0 for limit in limits):
        raise typer.BadParameter("A limit is a number that is not negative.", param_hint="--beyond")
    if max(limits) > FARTHEST_BY_UNIT[unit]:
        raise typer.BadParameter(f"Drives are kept up to {FARTHEST_BY_UNIT[unit]:g} {unit}.", param_hint="--beyond")
    return limits
