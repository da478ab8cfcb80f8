"""One facility as SAMHSA's locator states it: its reply's layout, and what its texts mean."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, Field

from access.sources.samhsa.codes import (
    LOCATOR_OUTPATIENT,
    LOCATOR_OUTPATIENT_TYPES,
    LOCATOR_PAYERS,
    LOCATOR_SETTINGS,
    LOCATOR_TREATMENTS,
)
from access.vocabulary import STATES

# Latitudes and longitudes from Puerto Rico to Alaska; the far Aleutians, past 180 degrees, are left out.
_SOUTH = 17.5
_NORTH = 71.5
_WEST = -179.2
_EAST = -65.0


class FacilityCategory(BaseModel):
    """`f2`: the category's code; `f3`: its values, joined by "; "."""

    f2: str
    f3: str | None


class FacilityRow(BaseModel):
    """One facility. Coordinates are text or null; `services_of_facility` is null for some; empty text: not given."""

    frid: str = Field(min_length=12)
    name1: str
    name2: str | None
    street1: str | None
    street2: str | None
    city: str | None
    state: str
    zip: str | None
    phone: str | None
    intake1: str | None
    website: str | None
    latitude: str | None
    longitude: str | None
    services: list[FacilityCategory] | None


class FacilityPage(BaseModel):
    """One page of a reply; past the end `rows` is empty and the totals are the same."""

    page: int
    totalPages: int = Field(ge=0, le=1000)
    recordCount: int = Field(ge=0)
    rows: list[FacilityRow]


def codes_in_text(row: FacilityRow) -> frozenset[str]:
    """The codes of the treatments that the row's own text names."""
    values = _category_values(row, "TAP")
    return frozenset(code for code, (_, word) in LOCATOR_TREATMENTS.items() if any(word in value for value in values))


def clinic_of_facility(row: FacilityRow) -> dict[str, object]:
    """The facility with the columns of CLINICS; what the locator does not say is missing."""
    telehealth = any("telemedicine" in value or "telehealth" in value for value in _category_values(row, "TAP", "SET"))
    spanish = any("spanish" in value for value in _category_values(row, "SL", "OL"))
    point = _point_of(row)
    return {
        "clinic_id": f"ft-{row.frid[:12]}",
        "name": _join_parts(row.name1, row.name2) or "Name not given",
        "address": _join_parts(row.street1, row.street2) or None,
        "city": _plain_text(row.city) or None,
        "state": row.state,
        "zip": _zip_digits(row.zip),
        "phone": _plain_text(row.phone) or _plain_text(row.intake1) or None,
        "website": _plain_text(row.website) or None,
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "location_precision": "street" if point else None,
        "setting": _setting_of(row),
        "telehealth": telehealth or None,
        "speaks_spanish": spanish or None,
    }


def services_of_facility(
    row: FacilityRow, codes: Iterable[str], checked_on: str, source_url: str
) -> list[dict[str, object]]:
    """What the facility offers, a row for each of `codes`, with the columns of SERVICES."""
    settings = _category_values(row, "SET")
    # "Not outpatient" is said only where settings are named at all.
    note = "lists no outpatient care" if settings and not _any_starts_with(settings, LOCATOR_OUTPATIENT) else None
    paid = _category_values(row, "PAY", "PYAS")
    return [
        {
            "clinic_id": f"ft-{row.frid[:12]}",
            "treatment": treatment,
            "payers_accepted": "|".join(
                payer for payer, signs in LOCATOR_PAYERS.items() if _any_starts_with(paid, signs)
            ),
            "source": "SAMHSA FindTreatment.gov",
            "source_url": source_url,
            "checked_on": checked_on,
            "note": note,
            "evidence": "surveyed",
        }
        for code, (treatment, _) in LOCATOR_TREATMENTS.items()
        if code in codes
    ]


def _category_values(row: FacilityRow, *categories: str) -> list[str]:
    """The values of the categories in small letters, with single spaces for marks, without what is in brackets."""
    texts = [category.f3 or "" for category in row.services or [] if category.f2 in categories]
    whole = [re.sub(r"\([^)]*\)", " ", text).replace(".", "").lower() for text in texts]
    return [" ".join(re.findall(r"[a-z0-9]+", value)) for text in whole for value in text.split(";")]


def _any_starts_with(values: Iterable[str], signs: tuple[str, ...]) -> bool:
    return any(value.startswith(signs) for value in values)


def _setting_of(row: FacilityRow) -> str | None:
    values = _category_values(row, "FT", "FOP", "SET")
    for setting, signs in LOCATOR_SETTINGS:
        if any(sign in value for value in values for sign in signs):
            return setting
    private = _any_starts_with(values, ("private for profit",)) and _any_starts_with(values, LOCATOR_OUTPATIENT_TYPES)
    return "private_clinic" if private else None


def _point_of(row: FacilityRow) -> tuple[float, float] | None:
    """Only a point in the US; 0, text that is no number, and other countries are none."""
    try:
        latitude = float(row.latitude or "")
        longitude = float(row.longitude or "")
    except ValueError:
        return None
    inside = _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST
    return (latitude, longitude) if inside and row.state in STATES else None


def _zip_digits(text: str | None) -> str | None:
    """Five digits, with the zeros in front that a number loses; ZIP+4 is cut; None: it is no ZIP."""
    digits = re.fullmatch(r"(\d{3,5})(?:-?\d{4})?", _plain_text(text))
    return digits[1].zfill(5) if digits else None


def _plain_text(text: str | None) -> str:
    return " ".join((text or "").split())


def _join_parts(first: str | None, second: str | None) -> str:
    parts = dict.fromkeys(part for part in (_plain_text(first), _plain_text(second)) if re.search(r"[A-Za-z0-9]", part))
    return ", ".join(parts)
