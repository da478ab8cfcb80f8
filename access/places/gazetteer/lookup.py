"""Where a ZIP, a town, a county, a point or an address is, from the tables that ship, with no network."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from access.errors import PackError, PlaceError, TableError
from access.geo import great_circle_km
from access.language import say
from access.places.gazetteer.counties import county_label, county_points, find_county, parse_county
from access.places.gazetteer.towns import (
    HOW_TO_TYPE,
    add_keys,
    find_town,
    no_such_town_words,
    spellings_of,
)
from access.settings import starter_folder
from access.tables import TOWNS, ZIPS, check_table
from access.vocabulary import state_code

# South, north, west, east: the contiguous states, Alaska on both sides of 180 degrees, Hawaii, Puerto Rico.
_BOXES: Final = (
    (24.3, 49.5, -125.0, -66.8),
    (51.0, 71.6, -180.0, -129.9),
    (51.0, 54.0, 172.0, 180.0),
    (18.8, 28.6, -178.5, -154.7),
    (17.8, 18.6, -68.0, -65.2),
)
_ZIP: Final = re.compile(r"^(\d{5})(?:[- ]?\d{4})?$")
_TOWN_WITH_ZIP: Final = re.compile(r"^\D+[\s,]+(\d{5})(?:-\d{4})?$")
_POINT: Final = re.compile(r"^\(?\s*([+-]?\d+(?:\.\d*)?)\s*[,\s]\s*([+-]?\d+(?:\.\d*)?)\s*\)?$")
_ZIP_DIGITS: Final = 5
# The patterns above take seconds on ten thousand commas.
_MOST_CHARACTERS: Final = 120
_MOST_TOLD: Final = 100
_POINT_COLUMNS: Final = ["latitude", "longitude"]
_PLACE_COLUMNS: Final = [*_POINT_COLUMNS, "location_precision"]


@dataclass(frozen=True)
class Place:
    """A point with a name: `kind` is zip, town, county, point or address; `precision` is zip, city, county or exact.

    A county's point is where its people live on average, which may be far from where one of them lives.
    """

    label: str
    latitude: float
    longitude: float
    state: str
    kind: str
    precision: str


class Gazetteer(NamedTuple):
    """`zips` and `towns`, checked, as `access.tables` has them."""

    zips: pd.DataFrame
    towns: pd.DataFrame


def load_gazetteer(folder: Path | None = None) -> Gazetteer:
    """The ZIPs and towns that ship (or those of another folder).

    Raises
    ------
    PackError
        A file is absent or damaged; says which.
    """
    where = folder or starter_folder()
    return Gazetteer(_read_table(where / "zips.parquet", ZIPS), _read_table(where / "towns.parquet", TOWNS))


def find_place(text: str, zips: pd.DataFrame, towns: pd.DataFrame) -> Place:
    """The place that a person means by "59718", "59718-1234", "Bozeman, MT", "bozeman montana" or "45.67,-111.2".

    A ZIP that follows a town decides: "Springfield, PA 19064". "Gallatin County, MT" is a county, "Orleans Parish" too.

    Raises
    ------
    AmbiguousPlaceError
        The town is in several states, or twice in one; `.choices` can each be typed.
    PlaceError
        No such ZIP, town or state, or a point outside the United States; says what is near or what to type.
    """
    words = " ".join(text.split())
    if len(words) > _MOST_CHARACTERS:
        told = say("'{start}...' is too long for a place.", start=words[:40])
        raise PlaceError(f"{told} {say(HOW_TO_TYPE)}")
    if zip_code := _ZIP.match(words) or _TOWN_WITH_ZIP.match(words):
        return _find_zip(zip_code.group(1), zips)
    if words.isdigit():
        raise PlaceError(_wrong_length_words(words, zips))
    if point := _POINT.match(words):
        return _find_point(float(point.group(1)), float(point.group(2)), zips)
    if not any(character.isalpha() for character in words):
        told = say("'{words}' is no place.", words=words)
        raise PlaceError(f"{told} {say(HOW_TO_TYPE)}")
    if name_and_state := parse_county(words):
        name, state = name_and_state
        county = find_county(name, state, county_points())
        label = county_label(county["name"], county["state"])
        return Place(label, float(county["latitude"]), float(county["longitude"]), county["state"], "county", "county")
    town = find_town(words, add_keys(towns), zips)
    label = f"{town['name']}, {town['state']}"
    return Place(label, float(town["latitude"]), float(town["longitude"]), str(town["state"]), "town", "city")


def place_clinics(clinics: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The clinics, with `latitude`, `longitude` and `location_precision` for those that have no coordinates.

    Such a clinic stands at its ZIP, where that ZIP is in the clinic's state, else at its town.

    Parameters
    ----------
    clinics: as `access.tables` has them; coordinates that are NaN or no columns at all: not known.

    Raises
    ------
    PlaceError
        Some have neither, or stand outside the United States; names the first, says how many.
    """
    placed = clinics.reindex(columns=[*clinics.columns, *(c for c in _PLACE_COLUMNS if c not in clinics.columns)])
    placed = placed.astype({"location_precision": "object"})
    zips = gazetteer.zips.set_index("zip")
    in_state = placed["zip"].map(zips["state"]) == placed["state"]
    by_zip = placed.index[placed["latitude"].isna() & in_state]
    placed.loc[by_zip, _PLACE_COLUMNS] = zips.loc[placed.loc[by_zip, "zip"], _PLACE_COLUMNS].to_numpy()
    by_town = placed.index[placed["latitude"].isna()]
    placed.loc[by_town, _PLACE_COLUMNS] = _points_or_raise(placed.loc[by_town], gazetteer).to_numpy()
    placed[_POINT_COLUMNS] = placed[_POINT_COLUMNS].astype(float)
    _raise_if_outside(placed)
    return placed


def is_in_united_states(latitude: float, longitude: float) -> bool:
    """Whether a point is in the boxes around the states and Puerto Rico, which hold some of Canada and Mexico."""
    return any(south <= latitude <= north and west <= longitude <= east for south, north, west, east in _BOXES)


def _find_zip(code: str, zips: pd.DataFrame) -> Place:
    found = zips[zips["zip"] == code]
    if found.empty:
        raise PlaceError(_unknown_zip_words(code, zips))
    row = found.iloc[0]
    label = f"{code} ({row['city']}, {row['state']})"
    point = float(row["latitude"]), float(row["longitude"])
    return Place(label, *point, str(row["state"]), "zip", str(row["location_precision"]))


def _find_point(latitude: float, longitude: float, zips: pd.DataFrame) -> Place:
    if not is_in_united_states(latitude, longitude):
        raise PlaceError(
            say(
                "{point} is outside the United States and Puerto Rico. "
                "Type latitude, then longitude, which is negative: 45.67, -111.04.",
                point=f"{latitude:g}, {longitude:g}",
            )
        )
    km = great_circle_km(latitude, longitude, zips["latitude"], zips["longitude"])
    near = zips.iloc[int(np.argmin(km))]
    town = f"{near['city']}, {near['state']}"
    label = say(
        "{point} ({km} km from {town})", point=f"{latitude:g}, {longitude:g}", km=f"{np.min(km):.0f}", town=town
    )
    return Place(label, latitude, longitude, str(near["state"]), "point", "exact")


def _unknown_zip_words(code: str, zips: pd.DataFrame) -> str:
    alike = zips[zips["zip"].str[:3] == code[:3]]
    if alike.empty:
        told = say("There is no ZIP {code} in our list, nor any that begins with {start}.", code=code, start=code[:3])
        return f"{told} {say(HOW_TO_TYPE)}"
    away = (alike["zip"].astype(int) - int(code)).abs()
    near = alike.loc[away.sort_values(kind="stable").index[:3]]
    named = "; ".join(near["zip"] + " " + near["city"] + ", " + near["state"])
    return say(
        "There is no ZIP {code} in our list; the nearest numbers are {named}. Type one, or a town with its state.",
        code=code,
        named=named,
    )


def _wrong_length_words(digits: str, zips: pd.DataFrame) -> str:
    padded = digits.zfill(_ZIP_DIGITS)
    known = zips[zips["zip"] == padded]
    told = say("A ZIP has five digits (or nine), and {digits} has {number}.", digits=digits, number=len(digits))
    if known.empty:
        return f"{told} {say(HOW_TO_TYPE)}"
    meant = f"{padded} ({known['city'].iloc[0]}, {known['state'].iloc[0]})"
    return f"{told} {say('Did you mean {places}?', places=meant)}"


def _read_table(path: Path, contract: pa.DataFrameSchema) -> pd.DataFrame:
    try:
        return check_table(pd.read_parquet(path), contract, where=str(path))
    except FileNotFoundError:
        raise PackError(f"{path} is not there. Make it again with: trd-access data starter") from None
    except TableError as failure:
        raise PackError(f"{failure} Or make it again with: trd-access data starter") from failure
    except (OSError, ValueError) as failure:
        raise PackError(
            f"{path} is damaged and cannot be read. Make it again with: trd-access data starter"
        ) from failure


def town_points(
    pairs: pd.DataFrame, gazetteer: Gazetteer
) -> tuple[dict[tuple[str, str], tuple[float, float, str]], dict[tuple[str, str], str]]:
    """Of each distinct `city` and `state`: its point and precision, or why it has none.

    What is like a town that is not there is looked for `_MOST_TOLD` times, since that takes long.
    """
    if pairs.empty:
        return {}, {}
    keyed = add_keys(gazetteer.towns)
    by_state = {str(state): towns for state, towns in keyed.groupby("state")}
    names = {state: set(towns["key"]) for state, towns in by_state.items()}
    points: dict[tuple[str, str], tuple[float, float, str]] = {}
    troubles: dict[tuple[str, str], str] = {}
    for city, state in pairs[["city", "state"]].drop_duplicates().itertuples(index=False):
        if len(troubles) >= _MOST_TOLD and not names.get(state, set()).intersection(spellings_of(city)):
            troubles[city, state] = no_such_town_words(city, state)
            continue
        try:
            town = find_town(f"{city}, {state}", by_state.get(state, keyed), gazetteer.zips)
            points[city, state] = (float(town["latitude"]), float(town["longitude"]), "city")
        except PlaceError as failure:
            troubles[city, state] = str(failure)
    return points, troubles


def _points_or_raise(clinics: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    points, troubles = town_points(clinics, gazetteer)
    keys = list(zip(clinics["city"], clinics["state"], strict=True))
    lost = [row for row, key in enumerate(keys) if key in troubles]
    if lost:
        first = clinics.iloc[lost[0]]
        raise PlaceError(
            f"{first['clinic_id']} ({first['name']}) cannot be placed: ZIP {first['zip'] or 'none'}; "
            f"{troubles[keys[lost[0]]]} {len(lost)} such. Give a ZIP, or latitude and longitude."
        )
    return pd.DataFrame([points[key] for key in keys], index=clinics.index, columns=_PLACE_COLUMNS)


def _raise_if_outside(placed: pd.DataFrame) -> None:
    inside = [is_in_united_states(*point) for point in placed[_POINT_COLUMNS].itertuples(index=False)]
    outside = placed[[not is_inside for is_inside in inside]]
    if len(outside):
        first = outside.iloc[0]
        raise PlaceError(
            f"{first['clinic_id']} ({first['name']}) is at {first['latitude']:g}, {first['longitude']:g}, outside "
            f"the United States and Puerto Rico ({len(outside)} such). Correct its coordinates: longitude is negative."
        )


def address_facts(text: str, gazetteer: Gazetteer) -> dict[str, object]:
    """The parts of "12 Main St, Bangor, ME 04401", and the point of its ZIP or town, by the columns of CLINICS.

    Raises
    ------
    PlaceError
        It is no such address, or neither its ZIP nor its town is known.
    """
    parts = [part.strip() for part in text.split(",")]
    end = parts[-1].split()
    state = state_code(end[0]) if end else None
    if len(parts) < 2 or not state:
        raise PlaceError(say("'{words}' is no address; write it like: 12 Main St, Bangor, ME 04401", words=text))
    facts = {
        "address": ", ".join(parts[:-2]) or None,
        "city": parts[-2],
        "state": state,
        "zip": end[1] if len(end) > 1 else None,
    }
    row = pd.DataFrame([{"clinic_id": "new", "name": "The clinic", **facts}]).astype("object")
    placed = place_clinics(row, gazetteer).iloc[0]
    return {**facts, **{name: placed[name] for name in ("latitude", "longitude", "location_precision")}}
