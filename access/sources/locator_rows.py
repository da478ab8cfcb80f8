"""One facility as SAMHSA's locator states it: its reply's layout, and what its texts mean."""

import re
from collections.abc import Iterable
from typing import Final

from pydantic import BaseModel, Field

from access.vocabulary import STATES

# The code that the locator filters by, and a word of the treatment's published name.
TREATMENTS: Final = {
    "KIT": ("ketamine_iv", "ketamine"),
    "TMS": ("tms", "transcranial magnetic"),
    "ECT": ("ect", "electroconvulsive"),
}
# By how the published text starts: "State-financed health insurance plan other than Medicaid" is not Medicaid.
_PAYERS: Final = {
    "medicare": ("medicare",),
    "medicaid": ("medicaid",),
    "private": ("private health insurance",),
    "tricare": ("federal military insurance", "military insurance"),
    "va": ("us department of va funds",),
    "self_pay": ("cash or self payment",),
    "sliding_scale": ("sliding fee scale",),
}
# The surest first; what none of them fits is unknown.
_SETTINGS: Final = (
    ("va", ("veterans affairs",)),
    (
        "hospital",
        ("psychiatric hospital", "separate inpatient psychiatric unit", "state hospital", "hospital inpatient"),
    ),
    ("community", ("community mental health center", "certified community behavioral health clinic")),
)
_OUTPATIENT_TYPES: Final = ("outpatient mental health facility", "multi setting mental health facility")
_OUTPATIENT: Final = ("outpatient", "partial hospitalization")
# Latitudes and longitudes from Puerto Rico to Alaska; the far Aleutians, past 180 degrees, are left out.
_SOUTH, _NORTH, _WEST, _EAST = 17.5, 71.5, -179.2, -65.0


class Category(BaseModel):
    """`f2`: the category's code; `f3`: its values, joined by "; "."""

    f2: str
    f3: str | None


class Row(BaseModel):
    """One facility. Coordinates are text or null; `services` is null for some; empty text: not given."""

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
    services: list[Category] | None


class Page(BaseModel):
    """One page of a reply; past the end `rows` is empty and the totals are the same."""

    page: int
    totalPages: int = Field(ge=0, le=1000)
    recordCount: int = Field(ge=0)
    rows: list[Row]


def named(row: Row) -> frozenset[str]:
    """The codes of the treatments that the row's own text names."""
    values = _values(row, "TAP")
    return frozenset(code for code, (_, word) in TREATMENTS.items() if any(word in value for value in values))


def clinic(row: Row) -> dict[str, object]:
    """The facility with the columns of CLINICS; what the locator does not say is missing."""
    telehealth = any("telemedicine" in value or "telehealth" in value for value in _values(row, "TAP", "SET"))
    spanish = any("spanish" in value for value in _values(row, "SL", "OL"))
    point = _point(row)
    return {
        "clinic_id": f"ft-{row.frid[:12]}",
        "name": _joined(row.name1, row.name2) or "Name not given",
        "address": _joined(row.street1, row.street2) or None,
        "city": _plain(row.city) or None,
        "state": row.state,
        "zip": _zip(row.zip),
        "phone": _plain(row.phone) or _plain(row.intake1) or None,
        "website": _plain(row.website) or None,
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "location_precision": "street" if point else None,
        "setting": _setting(row),
        "telehealth": telehealth or None,
        "speaks_spanish": spanish or None,
    }


def services(row: Row, codes: Iterable[str], checked_on: str, source_url: str) -> list[dict[str, object]]:
    """What the facility offers, a row for each of `codes`, with the columns of SERVICES."""
    settings = _values(row, "SET")
    # "Not outpatient" is said only where settings are named at all.
    note = "lists no outpatient care" if settings and not _starts(settings, _OUTPATIENT) else None
    paid = _values(row, "PAY", "PYAS")
    return [
        {
            "clinic_id": f"ft-{row.frid[:12]}",
            "treatment": treatment,
            "payers_accepted": "|".join(payer for payer, signs in _PAYERS.items() if _starts(paid, signs)),
            "source": "SAMHSA FindTreatment.gov",
            "source_url": source_url,
            "checked_on": checked_on,
            "note": note,
            "evidence": "surveyed",
        }
        for code, (treatment, _) in TREATMENTS.items()
        if code in codes
    ]


def _values(row: Row, *categories: str) -> list[str]:
    """The values of the categories in small letters, with single spaces for marks, without what is in brackets."""
    texts = [category.f3 or "" for category in row.services or [] if category.f2 in categories]
    whole = [re.sub(r"\([^)]*\)", " ", text).replace(".", "").lower() for text in texts]
    return [" ".join(re.findall(r"[a-z0-9]+", value)) for text in whole for value in text.split(";")]


def _starts(values: Iterable[str], signs: tuple[str, ...]) -> bool:
    return any(value.startswith(signs) for value in values)


def _setting(row: Row) -> str | None:
    values = _values(row, "FT", "FOP", "SET")
    for setting, signs in _SETTINGS:
        if any(sign in value for value in values for sign in signs):
            return setting
    private = _starts(values, ("private for profit",)) and _starts(values, _OUTPATIENT_TYPES)
    return "private_clinic" if private else None


def _point(row: Row) -> tuple[float, float] | None:
    """Only a point in the US; 0, text that is no number, and other countries are none."""
    try:
        latitude, longitude = float(row.latitude or ""), float(row.longitude or "")
    except ValueError:
        return None
    inside = _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST
    return (latitude, longitude) if inside and row.state in STATES else None


def _zip(text: str | None) -> str | None:
    """Five digits, with the zeros in front that a number loses; ZIP+4 is cut; None: it is no ZIP."""
    digits = re.fullmatch(r"(\d{3,5})(?:-?\d{4})?", _plain(text))
    return digits[1].zfill(5) if digits else None


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _joined(first: str | None, second: str | None) -> str:
    parts = dict.fromkeys(part for part in (_plain(first), _plain(second)) if re.search(r"[A-Za-z0-9]", part))
    return ", ".join(parts)
