"""Which county a person means: "Gallatin County, MT", "Orleans Parish", "Anchorage Municipality, AK"."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from access.errors import AmbiguousPlaceError, PlaceError
from access.language import say
from access.places.gazetteer.names import name_key
from access.places.outlines import load_outlines
from access.settings import starter_folder
from access.sources.us_atlas import shape_of_county
from access.vocabulary import STATES, state_code

# What a state calls its counties; elsewhere "county". A borough of Pennsylvania is a town.
_KINDS: Final = {
    "parish": {"LA"},
    "borough": {"AK"},
    "city and borough": {"AK"},
    "municipality": {"AK"},
    "census area": {"AK"},
    "municipio": {"PR"},
}
_COUNTY: Final = re.compile(
    rf"^(?P<name>.+?)\s+(?P<kind>county|{'|'.join(sorted(_KINDS, key=len, reverse=True))})\b[\s,]*(?P<state>.*)$",
    re.IGNORECASE,
)
_FIRST_INDEPENDENT_CITY: Final = 510  # Census codes from here on are cities that are their own county
_MOST_NAMED: Final = 12

CountyRow = dict[str, Any]


def parse_county(words: str) -> tuple[str, str | None] | None:
    """The name and state (None: not said) of the county that the words mean; None: they mean no county."""
    found = _COUNTY.match(words)
    if not found:
        return None
    said = found["state"].strip(" ,")
    kind = found["kind"].lower()
    state = state_code(said) if said else None
    if said and state is None:
        return None
    allowed = _KINDS.get(kind)
    if allowed and state not in {None, *allowed}:
        return None
    return found["name"], state or (next(iter(allowed)) if allowed else None)


def find_county(name: str, state: str | None, counties: pd.DataFrame) -> CountyRow:
    """The row of `county_points` of that name.

    Raises
    ------
    AmbiguousPlaceError
        Several states have one.
    PlaceError
        None has; names those of like spelling.
    """
    within = counties if state is None else counties[counties["state"] == state]
    found = within[within["key"] == name_key(name)]
    if len(found) > 1:
        choices = [county_label(*pair) for pair in found[["name", "state"]].to_numpy().tolist()]
        named = "; ".join(choices[:_MOST_NAMED])
        more = say(" and {number} more", number=len(choices) - _MOST_NAMED) if len(choices) > _MOST_NAMED else ""
        raise AmbiguousPlaceError(
            say(
                "'{words}' may be any of {number} counties: {named}{more}. Type it with its state.",
                words=f"{name} County",
                number=len(choices),
                named=named,
                more=more,
            ),
            choices,
        )
    if found.empty:
        raise PlaceError(_unknown_county_words(name, state, within))
    return dict(found.iloc[0])


def county_label(name: str, state: str) -> str:
    """ "Gallatin County, MT", "Orleans Parish, LA", "Anchorage, AK": the kind as the state calls it, none in Alaska."""
    kind = {"LA": " Parish", "PR": " Municipio", "AK": ""}.get(state, " County")
    return f"{name}{kind}, {state}"


@cache
def county_points() -> pd.DataFrame:
    """Where the people of each county live on average, by the modelled people that ship.

    Returns
    -------
    pd.DataFrame
        One row per county of the outlines that ship: `county`, `name` (without "County"), `state`, `key` (its one
        spelling), `latitude`, `longitude`. Cities that are their own county are left out: they are found as towns.
    """
    people = pd.read_parquet(starter_folder() / "people.parquet")
    return points_of_counties(people, load_outlines()[1])


def points_of_counties(people: pd.DataFrame, outlines: gpd.GeoDataFrame) -> pd.DataFrame:
    """The table of `county_points` from `people` (`county`, `population`, a point) and `outlines` of counties."""
    weights = np.maximum(people["population"].to_numpy(float), 1e-9)  # so that an empty county has a point too
    weighted = people[["latitude", "longitude"]].mul(weights, axis=0).assign(weight=weights)
    summed = weighted.groupby(shape_of_county(people["county"]).to_numpy()).sum()
    points = summed[["latitude", "longitude"]].div(summed["weight"], axis=0)
    named = outlines[["county", "name", "state"]].merge(points, left_on="county", right_index=True, validate="1:1")
    own = named["county"].str[2:].astype(int) < _FIRST_INDEPENDENT_CITY
    return pd.DataFrame(named[own].assign(key=named["name"].map(name_key))).reset_index(drop=True)


def _unknown_county_words(name: str, state: str | None, within: pd.DataFrame) -> str:
    close = get_close_matches(name_key(name), within["key"].tolist(), n=3, cutoff=0.75)
    like = within[within["key"].isin(close)]
    where = say(" in {state}", state=STATES[state]) if state else ""
    told = say("Our list has no county '{name}'{where}.", name=name, where=where)
    if like.empty:
        return f"{told} {say('Type a ZIP, or a town with its state.')}"
    hint = say(" or ").join(county_label(*pair) for pair in like[["name", "state"]].head(4).to_numpy().tolist())
    return f"{told} {say('Did you mean {places}?', places=hint)}"
