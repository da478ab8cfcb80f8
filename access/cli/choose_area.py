"""Whose access is asked for: a state, the nation, some counties, or an area of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from access.documents.commands import NATION
from access.places.areas import areas_of
from access.places.outlines import county_names, load_outlines
from access.questions.gaps import people_of
from access.sources.polygons import read_polygons, title_of
from access.sources.us_atlas import shape_of_county
from access.vocabulary import STATES

OneState = Annotated[str | None, typer.Option("--state", help="A state's code or name; US, or none: the nation.")]
SomeCounties = Annotated[
    list[str] | None, typer.Option("--county", help="5-digit counties that make one area; may be repeated.")
]
OwnArea = Annotated[Path | None, typer.Option("--areas", help="An area of your own: GeoJSON, Shapefile or GeoPackage.")]


@dataclass(frozen=True, eq=False)
class ChosenArea:
    """The people asked for; `name` of counties or of an area of one's own, else `state`, else the nation."""

    people: pd.DataFrame
    options: tuple[str, ...]
    state: str | None = None
    name: str | None = None


def area_of(
    people: pd.DataFrame, state: str | None, county: Sequence[str] | None, areas: Path | None, *, also: str = ""
) -> ChosenArea:
    """The one area that the options name. `also`: another option that was given and excludes these.

    Raises
    ------
    typer.BadParameter
        More than one is named, or a county without people.
    PlaceError
        As what they name is read.
    SourceError
        As what they name is read.
    TableError
        As what they name is read.
    """
    given = [name for name, is_there in {"--state": state, "--county": county, "--areas": areas}.items() if is_there]
    if len(given) + bool(also) > 1:
        raise typer.BadParameter(f"Choose one of {' and '.join([*given, *([also] if also else [])])}.")
    if county:
        unknown = sorted(set(county) - set(people["county"]))
        if unknown:
            raise typer.BadParameter(f"This pack has no people of county {unknown[0]}.", param_hint="--county")
        inside = people[people["county"].isin(county)].reset_index(drop=True)
        return ChosenArea(
            inside, tuple(word for one in county for word in ("--county", one)), name=county_names(county)
        )
    if areas is not None:
        drawn = read_polygons(areas)
        inside = people[areas_of(people, drawn).notna()].reset_index(drop=True)
        return ChosenArea(inside, ("--areas", str(areas)), name=title_of(drawn, areas))
    if state in (None, NATION):
        return ChosenArea(people, ("--state", NATION))
    chosen = people_of(people, state)
    code = str(chosen["state"].iloc[0])
    return ChosenArea(chosen, ("--state", code), code)


def area_labels(codes: Sequence[str], by: str) -> list[str]:
    """The names of states or counties for people ("Montana"; "Gallatin, MT"); of what has no other name, the same."""
    if by == "state":
        return [STATES.get(code, code) for code in codes]
    if by != "county":
        return list(codes)
    counties = load_outlines()[1].set_index("county")
    labels = (counties["name"] + ", " + counties["state"]).reindex(shape_of_county(pd.Series(list(codes), dtype="str")))
    return [code if pd.isna(label) else label for code, label in zip(codes, labels, strict=True)]
