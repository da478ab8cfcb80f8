"""Where the clinics of a user's list stand, held against their ZIPs and towns: what cannot be right."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from access.geo import great_circle_km
from access.language import say
from access.places.gazetteer import Gazetteer, is_in_united_states, town_points
from access.places.town_search import HOW_TO_TYPE
from access.vocabulary import state_code

# A ZIP's clinics stand within it: Nevada's largest reaches some 150 km from its middle.
MOST_KM_FROM_ZIP: Final = 150.0
_COLUMNS: Final = ["row", "column", "value", "reason"]
_LONGEST_TOWN: Final = 80

Fault = tuple[Any, str, str, str]


def point_faults(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """What is wrong with where clinics stand: swapped or foreign coordinates, a point far from its ZIP, a ZIP of
    another state, a town that is not there.

    `rows`: text, indexed by row, with `city`, `state`, `zip`, `latitude`, `longitude`; what is no number, no state or
    no ZIP is left to the rules of cells. A ZIP that the gazetteer lacks is no fault.

    Returns
    -------
    `row`, `column`, `value`, `reason`, as `access.sources.curated_rules.faults`.
    """
    codes = rows["zip"].str[:5]
    zips = _zips_among(codes, gazetteer)
    known = rows.assign(
        usps=rows["state"].map(state_code),
        code=codes.where(codes.isin(zips.index)),
        y=_degrees(rows["latitude"]),
        x=_degrees(rows["longitude"]),
    )
    known = known.join(zips[["city", "state", "latitude", "longitude"]].add_prefix("zip_"), on="code")
    known["km"] = great_circle_km(known["y"], known["x"], known["zip_latitude"], known["zip_longitude"])
    found = [*_off_the_map(known), *_far(known), *_other_state(known), *_lost(known, gazetteer)]
    return pd.DataFrame(found, columns=_COLUMNS)


def unknown_zips(rows: pd.DataFrame, gazetteer: Gazetteer) -> list[str]:
    """The ZIPs of a list that the gazetteer lacks, each once."""
    codes = rows["zip"].str[:5]
    return sorted(set(codes[codes.str.fullmatch("[0-9]{5}")]) - set(_zips_among(codes, gazetteer).index))


def _degrees(cells: "pd.Series[str]") -> "pd.Series[float]":
    """As numbers; NaN: they are none, or no degrees."""
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers.where(numbers.abs() <= 180)


def _zips_among(codes: "pd.Series[str]", gazetteer: Gazetteer) -> pd.DataFrame:
    return gazetteer.zips[gazetteer.zips["zip"].isin(codes.unique().tolist())].set_index("zip")


def _off_the_map(known: pd.DataFrame) -> Iterator[Fault]:
    for row, y, x in known[["y", "x"]].dropna().itertuples():
        if is_in_united_states(y, x):
            continue
        if is_in_united_states(x, y):
            yield row, "latitude", f"{y:g}", say("latitude and longitude are swapped")
        elif is_in_united_states(y, -x):
            yield row, "longitude", f"{x:g}", say("it must be negative, since the United States lie in the west")
        else:
            yield row, "latitude", f"{y:g}", say("the point is outside the United States and Puerto Rico")


def _far(known: pd.DataFrame) -> Iterator[Fault]:
    far = known[known["km"] > MOST_KM_FROM_ZIP]
    inside = [is_in_united_states(y, x) for y, x in far[["y", "x"]].itertuples(index=False)]
    for row, zip_code, km in far.loc[inside, ["code", "km"]].itertuples():
        reason = say("the point is {km} km from ZIP {zip}; one of the two is wrong", km=f"{km:,.0f}", zip=zip_code)
        yield row, "latitude", "", reason


def _other_state(known: pd.DataFrame) -> Iterator[Fault]:
    """A ZIP of another state: a few serve a town across the line, and a point near the ZIP says so."""
    other = known["usps"].notna() & known["code"].notna() & (known["usps"] != known["zip_state"])
    far = ~(known["km"] <= MOST_KM_FROM_ZIP)
    for row, zip_code, city, state in known.loc[other & far, ["code", "zip_city", "zip_state"]].itertuples():
        reason = say("this ZIP is in {town}, {state}: another state than the row says", town=city, state=state)
        yield row, "zip", zip_code, reason


def _lost(known: pd.DataFrame, gazetteer: Gazetteer) -> Iterator[Fault]:
    """The clinics that neither coordinates nor a ZIP of their state place, and whose town is not to be found."""
    without = known[known["latitude"].eq("") & known["code"].isna() & known["usps"].notna()]
    nameless = without["city"].eq("") & without["zip"].ne("")
    unknown = say("we do not know this ZIP; give a town or coordinates too")
    yield from ((row, "zip", zip_code, unknown) for row, zip_code in without.loc[nameless, "zip"].items())
    asked = without.loc[without["city"].ne(""), ["city", "usps"]].rename(columns={"usps": "state"})
    long = asked["city"].str.len() > _LONGEST_TOWN
    endless = say("it is too long for a town")
    yield from ((row, "city", city, endless) for row, city in asked.loc[long, "city"].items())
    _, troubles = town_points(asked[~long], gazetteer)
    for row, city, state in asked[~long].itertuples():
        if (city, state) in troubles:
            yield row, "city", city, troubles[city, state].removesuffix(say(HOW_TO_TYPE)).strip()
