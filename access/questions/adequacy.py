"""Whether each county meets a standard of adequacy, such as that of Medicare Advantage, and of which type it is."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from access.measures.adequacy import STANDARDS, county_types, standard
from access.places.land import estimated_land_km2
from access.questions.measure_registry import Asked as Summary
from access.questions.measure_registry import summary
from access.travel.trips import Trips

OWN_SHARE: Final = 0.9


def types_of_counties(people: pd.DataFrame) -> "pd.Series[str]":
    """The CMS type of each county in which any of `people` live, on land estimated from the outlines."""
    return county_types(people, estimated_land_km2(people))


def adequacy_by_standard(
    trips: Trips, people: pd.DataFrame, services: pd.DataFrame, treatments: Sequence[str], name: str, limit: float
) -> pd.DataFrame:
    """Whether each county meets one of `STANDARDS_OFFERED`, `limit` being that of "own"; as `adequacy_by_county`.

    Raises
    ------
    TableError
        As `adequacy_by_county`.
    ValueError
        As `adequacy_by_county`.
    """
    own = standard({"any": {"max_minutes": limit, "min_share": OWN_SHARE}})
    asked = Summary(trips, people, services, treatments, standard=STANDARDS.get(name, own))
    return summary("adequacy", asked)
