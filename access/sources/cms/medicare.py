"""Medicare's bills: practices that were paid for esketamine, TMS or ECT in the newest year that CMS publishes."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter

from access.errors import SourceError
from access.sources.cms.catalog import find_newest_edition
from access.sources.fetching.progress import Progress
from access.sources.fetching.replies import Request, ask_service
from access.sources.source_list import SourceList, clinic_rows, service_rows
from access.vocabulary import STATES

_TITLE: Final = "Medicare Physician & Other Practitioners - by Provider and Service"
_TREATMENTS: Final = {
    "G2082": "esketamine",
    "G2083": "esketamine",
    "90867": "tms",
    "90868": "tms",
    "90869": "tms",
    "90870": "ect",
}
_PAGE_ROWS: Final = 5000
_MAX_AGE_DAYS: Final = 30.0
_PAUSE_SECONDS: Final = 0.4
_CODE: Final = "HCPCS_Cd"
_STATE: Final = "Rndrng_Prvdr_State_Abrvtn"
# fmt: off
_COLUMNS: Final = (
    "Rndrng_NPI", "Rndrng_Prvdr_Last_Org_Name", "Rndrng_Prvdr_First_Name", "Rndrng_Prvdr_Crdntls",
    "Rndrng_Prvdr_Ent_Cd", "Rndrng_Prvdr_St1", "Rndrng_Prvdr_St2", "Rndrng_Prvdr_City", _STATE, "Rndrng_Prvdr_Zip5",
    "Rndrng_Prvdr_Cntry", _CODE, "Place_Of_Srvc", "Tot_Benes",
)
# fmt: on
BillRow = dict[str, str]


_ROWS_ADAPTER: Final = TypeAdapter(list[dict[str, str | None]], config=ConfigDict(coerce_numbers_to_str=True))


@dataclass(frozen=True)
class _BillingApi:
    """How CMS is asked: `url` of the newest `year`, its `page` for people, and where replies are kept."""

    url: str
    year: int
    page: str
    cache: Path
    mirror: str | Path | None
    max_age_days: float

    def fetch_rows(self, **params: str) -> list[BillRow]:
        got = ask_service(
            Request(self.url, params),
            _read_rows,
            cache=self.cache,
            mirror=self.mirror,
            max_age_days=self.max_age_days,
            pause_seconds=_PAUSE_SECONDS,
        )
        return got.value


def fetch_medicare_list(
    *,
    states: Sequence[str] | None,
    cache: Path,
    mirror: str | Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> SourceList:
    """Practices that Medicare paid for esketamine, TMS or ECT in the newest year there is.

    A record is one address. `patients_billed` is the largest of its rows, so at least that many patients: rows
    share patients and cannot be added. Who is not here may still give the treatment: rows with 10 patients or fewer
    are not published. A record whose bills were all for care in a hospital has no service.

    Parameters
    ----------
    states: USPS codes; None: the whole country. refresh: ask again whatever the age of the kept replies.

    Raises
    ------
    SourceError
        CMS cannot be reached, has changed its columns, or answers another question than was asked.

    Source
    ------
    CMS, Medicare Physician & Other Practitioners - by Provider and Service.
    """
    days = 0.0 if refresh else _MAX_AGE_DAYS
    edition = find_newest_edition(_TITLE, cache=cache, mirror=mirror, max_age_days=days)
    service = _BillingApi(edition.url, edition.year, edition.page, cache, mirror, days)
    service.fetch_rows(
        size="1", offset="0"
    )  # Where the columns have changed, a filter may find nothing and say nothing.
    asked = [(code, state) for code in _TREATMENTS for state in (states or [""])]
    rows: list[BillRow] = []
    for done, (code, state) in enumerate(asked):
        if progress:
            progress(f"Medicare billing, {code} {state}".rstrip(), done, len(asked))
        rows += _fetch_all_rows(service, code, state)
    if not rows and not states:
        raise SourceError(
            f"{urlsplit(service.url).netloc} has no row for any of {', '.join(_TREATMENTS)} in {service.year}, which "
            "cannot be. Try again later, or report that it has changed."
        )
    return _source_list(rows, service)


def _read_rows(body: bytes) -> list[BillRow]:
    rows = [
        {name: " ".join((cell or "").split()) for name, cell in row.items()}
        for row in _ROWS_ADAPTER.validate_json(body)
    ]
    for row in rows:
        if missing := [name for name in _COLUMNS if name not in row]:
            raise SourceError(
                f"Medicare's rows have no column {', '.join(missing)}; they have {', '.join(row)}. "
                "The layout has changed: leave Medicare out until this is mended."
            )
    return rows


def _fetch_all_rows(service: _BillingApi, code: str, state: str) -> list[BillRow]:
    """Every row of one code, page by page to the end."""
    seen: dict[tuple[str, str], BillRow] = {}
    filters = {f"filter[{_CODE}]": code} | ({f"filter[{_STATE}]": state} if state else {})
    for page in _fetch_pages(service, filters):
        for row in page:
            _check_filter(row, code, state)
            key = (row["Rndrng_NPI"], row["Place_Of_Srvc"])
            if key in seen:
                raise SourceError(
                    f"{urlsplit(service.url).netloc} sent the row of NPI {key[0]}, {code} twice, so others may be "
                    "missing. Try again later."
                )
            seen[key] = row
    return list(seen.values())


def _fetch_pages(service: _BillingApi, filters: dict[str, str]) -> Iterator[list[BillRow]]:
    offset = 0
    while True:
        page = service.fetch_rows(**filters, size=str(_PAGE_ROWS), offset=str(offset))
        yield page
        if len(page) < _PAGE_ROWS:
            return
        offset += _PAGE_ROWS


def _check_filter(row: BillRow, code: str, state: str) -> None:
    if row[_CODE] != code or (state and row[_STATE] != state):
        raise SourceError(
            f"Medicare was asked for {code} {state or 'everywhere'} and sent {row[_CODE]} in {row[_STATE]}: the filter "
            "was not heeded. Leave Medicare out until this is mended."
        )


def _source_list(rows: list[BillRow], service: _BillingApi) -> SourceList:
    here = [row for row in rows if row[_STATE] in STATES and row["Rndrng_Prvdr_Cntry"] in ("US", "")]
    sites: dict[str, list[BillRow]] = {}
    for row in here:
        sites.setdefault(_site_id(row), []).append(row)
    services = [offer for name in sorted(sites) for offer in _site_services(name, sites[name], service)]
    bare = len(sites) - len({offer["clinic_id"] for offer in services})
    notes = [
        f"Medicare billing is of {service.year} and leaves out rows with 10 patients or fewer and all private plans: "
        "who is not in it may still give the treatment.",
        "Its addresses are those that providers registered, not always where the treatment is given.",
    ]
    if bare:
        notes.append(
            f"Addresses that billed only for care in a hospital or other facility: {bare:,}. They confirm that a "
            "practice is there, not that the treatment is given there."
        )
    if away := len(rows) - len(here):
        notes.append(f"Rows from outside the states, DC and Puerto Rico, which were left out: {away:,}.")
    clinics = clinic_rows([_clinic_row(name, sites[name]) for name in sorted(sites)])
    return SourceList(clinics, service_rows(services), notes=tuple(notes), vintage=str(service.year))


def _site_id(row: BillRow) -> str:
    parts = (row[_STATE], row["Rndrng_Prvdr_St1"], row["Rndrng_Prvdr_St2"], _zip_digits(row) or "")
    plain = "|".join(" ".join(re.sub(r"[^\w\s#-]", " ", part).upper().split()) for part in parts)
    return f"cms-{hashlib.sha256(plain.encode()).hexdigest()[:10]}"


def _zip_digits(row: BillRow) -> str | None:
    """Five digits: a zero in front may be lost."""
    text = row["Rndrng_Prvdr_Zip5"]
    return text.zfill(5) if re.fullmatch(r"[0-9]{3,5}", text) else None


def _clinic_row(clinic_id: str, rows: list[BillRow]) -> dict[str, object]:
    first = min(rows, key=_name_order)
    streets = [first["Rndrng_Prvdr_St1"], first["Rndrng_Prvdr_St2"]]
    return {
        "clinic_id": clinic_id,
        "name": _site_name(rows),
        "address": ", ".join(street for street in streets if street) or None,
        "city": first["Rndrng_Prvdr_City"] or None,
        "state": first[_STATE],
        "zip": _zip_digits(first),
    }


def _name_order(row: BillRow) -> tuple[str, str, str]:
    return row["Rndrng_Prvdr_Last_Org_Name"].upper(), row["Rndrng_Prvdr_First_Name"].upper(), row["Rndrng_NPI"]


def _site_name(rows: list[BillRow]) -> str:
    """The organisation's, the first by name where several are; else that of the first person and how many more."""
    ordered = sorted(rows, key=_name_order)
    if of_organisations := [row for row in ordered if row["Rndrng_Prvdr_Ent_Cd"] == "O"]:
        return of_organisations[0]["Rndrng_Prvdr_Last_Org_Name"]
    first = ordered[0]
    others = len({row["Rndrng_NPI"] for row in ordered}) - 1
    initial = f"{first['Rndrng_Prvdr_First_Name'][:1]}. " if first["Rndrng_Prvdr_First_Name"] else ""
    title = first["Rndrng_Prvdr_Crdntls"].replace(".", "")
    more = {0: "", 1: " and 1 other"}.get(others, f" and {others} others")
    return f"Practice of {initial}{first['Rndrng_Prvdr_Last_Org_Name']}{', ' + title if title else ''}{more}"


def _site_services(clinic_id: str, rows: list[BillRow], service: _BillingApi) -> list[dict[str, object]]:
    most: dict[str, int] = {}
    for row in rows:
        treatment = _TREATMENTS[row[_CODE]]
        if row["Place_Of_Srvc"] == "O":
            most[treatment] = max(most.get(treatment, 0), _patients_of(row))
    return [
        {
            "clinic_id": clinic_id,
            "treatment": treatment,
            "payers_accepted": "medicare",
            "source": f"Medicare billing {service.year}",
            "source_url": service.page,
            "seen_date": str(service.year),
            "evidence": "billed",
            "patients_billed": float(patients),
            "note": f"billed Medicare for at least {patients} patients in {service.year}; the address is the one the "
            "provider registered, not always where the treatment is given",
        }
        for treatment, patients in sorted(most.items())
    ]


def _patients_of(row: BillRow) -> int:
    text = row["Tot_Benes"].replace(",", "")
    if not re.fullmatch(r"[0-9]+(\.0+)?", text):
        raise SourceError(
            f"Medicare's row of NPI {row['Rndrng_NPI']}, {row[_CODE]} has '{row['Tot_Benes']}' patients, which is no "
            "number. The layout has changed: leave Medicare out until this is mended."
        )
    return int(float(text))
