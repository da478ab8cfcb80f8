"""Layers that `trd-access gaps` may group people by: shortage areas, types of county, what FORHP calls rural."""

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from access.errors import TableError
from access.measures.standards import county_types
from access.places.land import estimated_land_km2, read_land
from access.places.shortage import UNKNOWN, hpsa_of
from access.sources.hpsa import read_hpsa

LAYERS: Final = ("hpsa", "county_type", "forhp")
Hpsa = Annotated[
    Path | None, typer.Option("--hpsa", help="HRSA's BCD_HPSA_FCT_DET_MH.csv of shortage areas; with --by hpsa.")
]


def with_layer(people: pd.DataFrame, by: str, hpsa: Path | None, land: Path | None) -> pd.DataFrame:
    """The people with a column for the layer `by`, where it is one.

    Raises
    ------
    typer.BadParameter: --hpsa and --by hpsa do not come together. SourceError, TableError: as the layer's file, or the
    pack does not tell it.
    """
    if (by == "hpsa") != (hpsa is not None):
        raise typer.BadParameter("--by hpsa and --hpsa FILE go together.", param_hint="--hpsa")
    if hpsa is not None:
        return people.assign(hpsa=hpsa_of(people, read_hpsa(hpsa)))
    if by == "county_type":
        types = county_types(people, read_land(land) if land else estimated_land_km2(people))
        return people.assign(county_type=people["county"].map(types))
    return people.assign(forhp=_forhp(people)) if by == "forhp" else people


def _forhp(people: pd.DataFrame) -> "pd.Series[str]":
    if "is_forhp_rural" not in people:
        raise TableError("This pack does not tell what FORHP calls rural. Build it again: trd-access data build")
    named = people["is_forhp_rural"].map({True: "rural", False: "not_rural"}).astype("str")
    return named.fillna(UNKNOWN)
