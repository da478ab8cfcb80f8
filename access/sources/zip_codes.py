"""ZIP codes: their town, state and point, from the package zipcodes."""

import hashlib
import json
from importlib.metadata import version
from typing import Any, Final

import pandas as pd

from access.errors import SourceError
from access.vocabulary import STATES

HOMEPAGE: Final = "https://github.com/seanpianka/zipcodes"
LICENSE: Final = "MIT"
_KINDS: Final = {"STANDARD": "standard", "PO BOX": "po_box", "UNIQUE": "unique"}


def read_zips() -> pd.DataFrame:
    """ZIP codes of the 50 states, DC and Puerto Rico, in order.

    Returns
    -------
    pd.DataFrame
        One row per ZIP: `zip` text, `city`, `other_cities` (names the post accepts, joined by |), `state`,
        `latitude`, `longitude` (NaN: the package has none), `kind` (standard, po_box, unique), `area_codes` (how
        many telephone area codes serve it). Military ZIPs are left out: they are nowhere.

    Raises
    ------
    SourceError
        The package zipcodes is not installed, or has another form.
    """
    try:
        table = pd.DataFrame([_zip_row(entry) for entry in _list_entries() if _is_inside(entry)])
    except (ValueError, KeyError) as failure:
        raise SourceError("The package zipcodes has another form than 3.0. Install zipcodes>=3,<4.") from failure
    points = ["latitude", "longitude"]
    table[points] = table[points].mask((table["latitude"] == 0) | (table["longitude"] == 0))
    return table.sort_values("zip", ignore_index=True)


def zips_vintage() -> str:
    """The package and version that the ZIP codes were read from."""
    return f"zipcodes {version('zipcodes')}"


def zips_digest() -> tuple[str, int]:
    """SHA-256 and size in bytes of the package's ZIP codes as JSON with sorted keys, in order of ZIP."""
    entries = sorted(_list_entries(), key=lambda entry: str(entry["zip_code"]))
    content = json.dumps(entries, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest(), len(content)


def _list_entries() -> list[dict[str, Any]]:
    try:
        import zipcodes
    except ImportError:
        raise SourceError(
            "The package zipcodes is not installed. To make the starter pack, install: pip install 'trd-access[build]'"
        ) from None
    return list(zipcodes.list_all())  # type: ignore[no-untyped-call]


def _is_inside(entry: dict[str, Any]) -> bool:
    return entry["state"] in STATES and entry["country"] == "US" and entry["zip_code_type"] in _KINDS


def _zip_row(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "zip": str(entry["zip_code"]),
        "city": str(entry["city"]),
        "other_cities": "|".join(entry["acceptable_cities"]),
        "state": str(entry["state"]),
        "latitude": float(entry["lat"]),
        "longitude": float(entry["long"]),
        "kind": _KINDS[entry["zip_code_type"]],
        "area_codes": len(entry["area_codes"]),
    }
