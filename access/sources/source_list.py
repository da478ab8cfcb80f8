"""What one source says of clinics: its records, what they offer, and what to know about them."""

from dataclasses import dataclass, field

import pandas as pd

from access.tables import CLINICS, SERVICES, conform_table


@dataclass(frozen=True)
class SourceList:
    """The records of one source.

    `clinics`: one row per record, with the columns of CLINICS; without a point where the source has none. The ids
    are the source's own and stay from one reading to the next. `services`: what they offer, as SERVICES; a record
    without a service only confirms that a site is there. `urls`: for each record its own page, where it has one, by
    clinic_id. `notes`: for people to read. `vintage`: what the source says of its own age; "" where nothing.
    """

    clinics: pd.DataFrame
    services: pd.DataFrame
    urls: "pd.Series[str]" = field(default_factory=lambda: pd.Series(dtype="str"))
    notes: tuple[str, ...] = ()
    vintage: str = ""


def clinic_rows(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Records as a table with the columns of CLINICS; what a record lacks is missing."""
    return conform_table(pd.DataFrame(rows), CLINICS)


def service_rows(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Services as a table with the columns of SERVICES; payers that nobody names are "", the rest is missing."""
    return conform_table(pd.DataFrame(rows), SERVICES).fillna({"payers_accepted": "", "payers_refused": ""})
