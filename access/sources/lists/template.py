"""The template of a list of clinics: every column, and one example row to write over."""

import csv
import io
from typing import Final

from access.sources.lists.curated import OPTIONAL, REQUIRED
from access.sources.lists.rows import EXAMPLE_ID

_EXAMPLE: Final = {
    "clinic_id": EXAMPLE_ID,
    "name": "EXAMPLE - delete this row",
    "street": "1 Main Street",
    "city": "Bozeman",
    "state": "MT",
    "zip": "59718",
    "phone": "406-555-0100",
    "website": "https://clinic.example.org",
    "treatments": "esketamine|tms",
    "setting": "private_clinic",
    "payers": "medicare|private",
    "payers_refused": "medicaid",
    "price_usd": "300",
    "price_note": "one TMS session",
    "source_url": "https://clinic.example.org/prices",
    "seen_date": "2026-05",
    "note": "new patients by referral",
    "checked_on": "2026-11-23",
    "latitude": "45.6793",
    "longitude": "-111.0373",
    "location_precision": "street",
    "rems_certified": "yes",
    "capacity_per_week": "20|40",
    "telehealth": "no",
    "speaks_spanish": "yes",
}


def csv_template() -> bytes:
    """A CSV with every column and one example row, which an import refuses; UTF-8 with the mark that Excel needs."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*REQUIRED, *OPTIONAL], lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(_EXAMPLE)
    return text.getvalue().encode("utf-8-sig")
