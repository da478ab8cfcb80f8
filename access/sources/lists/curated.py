"""Clinics and services from rows in our own columns: of the list that ships, and of lists that users bring."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from access.sources.lists.rules import check_cells, parts_of, priced_treatment, web_address
from access.sources.lists.strict_csv import read_strict_csv
from access.tables import SERVICES, check_table
from access.vocabulary import state_code

REQUIRED: Final = ("clinic_id", "name", "city", "state", "zip", "treatments")
OPTIONAL: Final = (
    "street", "phone", "website", "setting", "payers", "payers_refused", "price_usd", "price_note", "source_url",
    "seen_date", "note", "checked_on", "latitude", "longitude", "location_precision", "rems_certified",
    "capacity_per_week", "telehealth", "speaks_spanish",
)  # fmt: skip
_YES: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_clinic_csv(
    path: Path, *, source: str = "own list", evidence: str = "user"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clinics and their services, from a CSV with a row per clinic: columns `REQUIRED`, and any of `OPTIONAL`.

    Treatments and payers are joined by |. With several treatments, a price is that of the one which
    `price_note` speaks of, and `capacity_per_week` and `rems_certified` are: one number for each treatment,
    joined by |; esketamine's. `website` and `source_url` are kept when http(s); a bare domain is taken as https.

    Returns
    -------
    tuple[pd.DataFrame, pd.DataFrame]
        clinics: as the contract CLINICS, but `latitude` and `longitude` NaN and `location_precision` missing where
        the file has none (`access.places.gazetteer.lookup.place_clinics` fills them); coordinates without a precision
        are "street". services: as the contract SERVICES; a payer in neither list, and any empty cell, is not known.

    Parameters
    ----------
    source: how this list is named beside each service. `evidence`: what its word rests on, as in
        `access.vocabulary.EVIDENCE`.

    Raises
    ------
    SourceError
        The file is not there, not UTF-8, empty, or no CSV.
    TableError
        A column is missing, an id repeated, or a cell is not what it must be; names the first line.
    """
    rows = read_strict_csv(path, required=REQUIRED, optional=OPTIONAL)
    check_cells(rows, path.name)
    clinics, services = clinic_tables(rows, source=source, evidence=evidence)
    return clinics, check_table(services, SERVICES, where=path.name)


def clinic_tables(rows: pd.DataFrame, *, source: str, evidence: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The clinics and services, as `read_clinic_csv` gives them but unchecked, of rows in which nothing is wrong."""
    services = [service for _, row in rows.iterrows() for service in _service_rows(row, source)]
    return _clinic_table(rows), pd.DataFrame(services).assign(evidence=evidence)


def _clinic_table(rows: pd.DataFrame) -> pd.DataFrame:
    latitude = pd.to_numeric(rows["latitude"].replace("", None))
    precision = rows["location_precision"].replace("", "street").where(latitude.notna(), None)
    columns = {
        "clinic_id": rows["clinic_id"],
        "name": rows["name"],
        "address": rows["street"].replace("", None),
        "city": rows["city"].replace("", None),
        "state": rows["state"].map(state_code),
        "zip": rows["zip"].str[:5].replace("", None),
        "phone": rows["phone"].replace("", None),
        "website": rows["website"].map(web_address),
        "latitude": latitude.astype(float),
        "longitude": pd.to_numeric(rows["longitude"].replace("", None)).astype(float),
        "location_precision": precision,
        "setting": rows["setting"].replace("", None),
        "telehealth": _yes_no_column(rows["telehealth"]),
        "speaks_spanish": _yes_no_column(rows["speaks_spanish"]),
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _yes_no_column(cells: "pd.Series[str]") -> "pd.Series[Any]":
    return cells.str.lower().map(_YES).astype("boolean")


def _service_rows(row: "pd.Series[str]", source: str) -> Iterator[dict[str, Any]]:
    treatments = parts_of(row["treatments"])
    priced = priced_treatment(treatments, row["price_note"]) if row["price_usd"] else None
    capacities = dict(zip(treatments, parts_of(row["capacity_per_week"]), strict=False))
    for treatment in treatments:
        notes = [row["price_note"] if treatment == priced else "", row["note"]]
        yield {
            "clinic_id": row["clinic_id"],
            "treatment": treatment,
            "payers_accepted": "|".join(parts_of(row["payers"])),
            "payers_refused": "|".join(parts_of(row["payers_refused"])),
            "price_usd": float(row["price_usd"]) if treatment == priced else None,
            "rems_certified": _YES.get(row["rems_certified"].lower()) if treatment == "esketamine" else None,
            "capacity_per_week": float(capacities[treatment]) if treatment in capacities else None,
            "source": source,
            "source_url": web_address(row["source_url"]),
            "seen_date": row["seen_date"] or None,
            "checked_on": row["checked_on"] or None,
            "note": "; ".join(note for note in notes if note) or None,
        }
