"""What the tags of a place on OpenStreetMap say of a clinic."""

import re
from collections.abc import Mapping
from typing import Final

from access.sources.curated_rules import web_address

_ZIP: Final = re.compile(r"(\d{5})(-\d{4})?")
_PSYCHIATRY: Final = "psychiatry"


def clinic_of(tags: Mapping[str, str]) -> dict[str, object] | None:
    """Name, address, telephone, website and setting, as columns of CLINICS; what is not tagged is None.

    Of several values joined by ";" the first that fits is taken. None: it has no name, or is "(historical)": closed,
    and mapped from an old gazetteer.
    """
    name = " ".join(tags.get("name", "").split())
    if not name or "(historical)" in name.lower():
        return None
    street = " ".join(part for part in (_first(tags, "addr:housenumber"), _first(tags, "addr:street")) if part)
    return {
        "name": name,
        "address": (street if _first(tags, "addr:street") else "") or None,
        "city": _first(tags, "addr:city"),
        "zip": next((found[1] for value in _values(tags, "addr:postcode") if (found := _ZIP.fullmatch(value))), None),
        "phone": _first(tags, "phone", "contact:phone"),
        "website": next(
            (page for value in _values(tags, "website", "contact:website") if (page := web_address(value))), None
        ),
        "setting": _setting(tags),
    }


def _values(tags: Mapping[str, str], *keys: str) -> list[str]:
    parts = [" ".join(part.split()) for key in keys for part in tags.get(key, "").split(";")]
    return [part for part in parts if part]


def _first(tags: Mapping[str, str], *keys: str) -> str | None:
    return next(iter(_values(tags, *keys)), None)


def _setting(tags: Mapping[str, str]) -> str | None:
    kinds = _values(tags, "amenity", "healthcare")
    if "hospital" in kinds:
        return "hospital"
    is_practice = "doctors" in kinds or "doctor" in kinds
    return "psychiatry_practice" if is_practice and _PSYCHIATRY in _values(tags, "healthcare:speciality") else None
