"""SAMHSA's national directory of mental-health facilities: who says they give IV ketamine, TMS or ECT."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from access.errors import SourceError
from access.sources.samhsa.codes import (
    DIRECTORY_FLAGS,
    DIRECTORY_FOR_PROFIT,
    DIRECTORY_OUTPATIENT,
    DIRECTORY_OUTPATIENT_TYPES,
    DIRECTORY_PAYERS,
    DIRECTORY_SETTINGS,
    DIRECTORY_TREATMENTS,
)
from access.tables import CLINICS, SERVICES
from access.vocabulary import STATES

_FACILITIES: Final = "Facilities List"
_REFERENCE: Final = "Service Code Reference"
# fmt: off
_COLUMNS: Final = [
    "name1", "name2", "street1", "street2", "city", "state", "zip", "phone",
    "intake1", "intake2", "intake1a", "intake2a", "service_code_info",
]
# fmt: on
_REFERENCE_COLUMNS: Final = ["service_code", "service_name"]


@dataclass(frozen=True)
class SamhsaDirectory:
    """One year's directory.

    `clinics`: one row per facility with a treatment code, as `access.tables.CLINICS` but with no place
    on the map (the directory has none); `telehealth` and `speaks_spanish` are true, or not known. `services`: as
    `access.tables.SERVICES`. `year`: of the directory; the survey was the year before. `facilities`: how many it
    lists in all. `elsewhere`: how many with a treatment lie outside the states, DC and Puerto Rico, and are left out.
    """

    clinics: pd.DataFrame
    services: pd.DataFrame
    year: int
    facilities: int
    elsewhere: int


def read_samhsa_directory(
    path: Path, *, source_url: str, year: int | None = None, every: bool = False
) -> SamhsaDirectory:
    """The facilities of a directory workbook that say they give IV ketamine, TMS or ECT.

    A payer that a facility does not name is unknown, not refused. Esketamine has no code, so nothing here
    says who gives it.

    Parameters
    ----------
    source_url: where the workbook came from; `year`: the directory's, else the year in that address.
    every: also the facilities with none of these, after the others, which keep their ids.

    Raises
    ------
    SourceError
        Not the published layout, a code with a new meaning, a ZIP that is none.

    Source
    ------
    SAMHSA, National Directory of Mental Health Treatment Facilities, from the N-SUMHSS of the year before.
    """
    sheets = _open_workbook(path)
    _check_meanings(_read_sheet(sheets, _REFERENCE, _REFERENCE_COLUMNS, path), path)
    listed = _read_sheet(sheets, _FACILITIES, _COLUMNS, path)
    codes = [frozenset(cell.replace("*", " ").split()) for cell in listed["service_code_info"]]
    listed = listed.assign(codes=pd.Series(codes, index=listed.index, dtype="object"))
    has = pd.Series([bool(of_one & DIRECTORY_TREATMENTS.keys()) for of_one in codes], index=listed.index, dtype="bool")
    gives = pd.concat([listed[has], listed[~has]]) if every else listed[has]
    here = gives[gives["state"].isin(STATES)].reset_index(drop=True)
    here["zip"] = _zip_column(here, path)
    here["clinic_id"] = _facility_ids(here)
    edition = year or _year_of(source_url)
    return SamhsaDirectory(
        clinics=_clinic_table(here),
        services=_service_table(here, edition, source_url),
        year=edition,
        facilities=len(listed),
        elsewhere=len(gives) - len(here),
    )


def _open_workbook(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as failure:
        raise SourceError(f"{path} cannot be read as a workbook ({failure}). Fetch it again.") from failure


def _read_sheet(book: CalamineWorkbook, sheet: str, columns: list[str], path: Path) -> pd.DataFrame:
    if sheet not in book.sheet_names:
        raise SourceError(
            f"{path} has no sheet '{sheet}'; it has {', '.join(book.sheet_names)}. Give SAMHSA's directory."
        )
    rows = book.get_sheet_by_name(sheet).to_python()
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    if missing := [column for column in columns if column not in header]:
        raise SourceError(
            f"{path}, sheet '{sheet}', has no column {', '.join(missing)}; it has {', '.join(header)}. "
            "The layout has changed: use an older directory until this is mended."
        )
    wanted = [header.index(column) for column in columns]
    return pd.DataFrame([[_cell_text(row[at]) for at in wanted] for row in rows[1:]], columns=columns, dtype="str")


def _cell_text(cell: Any) -> str:
    """A cell as text; numbers without the ".0" that a spreadsheet gives them."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _check_meanings(reference: pd.DataFrame, path: Path) -> None:
    names = dict(zip(reference["service_code"], reference["service_name"].str.lower(), strict=True))
    for code, (meaning, word) in {**DIRECTORY_TREATMENTS, **DIRECTORY_PAYERS, **DIRECTORY_FLAGS}.items():
        if word not in names.get(code, ""):
            says = f"'{names[code]}'" if code in names else "nothing"
            raise SourceError(
                f"{path}: the code {code} should be {meaning}, but its reference sheet says {says}. "
                "The codes have changed: use an older directory until this is mended."
            )


def _zip_column(rows: pd.DataFrame, path: Path) -> "pd.Series[str]":
    """Five digits: spreadsheets drop the zeros in front (2155 is 02155, 603 is 00603); ZIP+4 is cut."""
    digits = rows["zip"].str.extract(r"^(\d{3,5})(?:\.0+)?(?:-\d{4})?$", expand=False)
    if digits.isna().any():
        first = rows[digits.isna()].iloc[0]
        raise SourceError(
            f"{path}: the ZIP of {first['name1']}, {first['city']} is '{first['zip']}', but must be 3 to 5 "
            f"digits ({int(digits.isna().sum())} such). Correct it and try again."
        )
    return digits.str.zfill(5)


def _facility_ids(rows: pd.DataFrame) -> list[str]:
    """Ids that stay when rows move: of name, street and ZIP; a second of the same takes -2."""
    seen: dict[str, int] = {}
    ids = []
    for key in zip(rows["name1"], rows["name2"], rows["street1"], rows["street2"], rows["zip"], strict=True):
        short = hashlib.sha256("|".join(key).lower().encode()).hexdigest()[:10]
        seen[short] = seen.get(short, 0) + 1
        ids.append(f"samhsa-{short}" + (f"-{seen[short]}" if seen[short] > 1 else ""))
    return ids


def _clinic_table(rows: pd.DataFrame) -> pd.DataFrame:
    left_out = {"latitude", "longitude", "location_precision", *(column for column, _ in DIRECTORY_FLAGS.values())}
    columns = [column for column in CLINICS.columns if column not in left_out]
    known = rows.assign(
        name=_join_columns(rows["name1"], rows["name2"]),
        address=_join_columns(_known_streets(rows["street1"]), _known_streets(rows["street2"])),
        phone=rows["phone"].where(rows["phone"].ne(""), rows["intake1"]),
        website="",
        setting=[_setting_of(codes) for codes in rows["codes"]],
    )
    named = {
        column: [True if code in codes else None for codes in rows["codes"]]
        for code, (column, _) in DIRECTORY_FLAGS.items()
    }
    flags = pd.DataFrame(named, index=known.index, dtype="boolean")
    return known[columns].replace("", None).astype("str").join(flags)


def _known_streets(street: "pd.Series[str]") -> "pd.Series[str]":
    """A street that is withheld stands as dashes."""
    return street.where(street.str.contains(r"[A-Za-z0-9]"), "")


def _join_columns(first: "pd.Series[str]", second: "pd.Series[str]") -> "pd.Series[str]":
    both = first.ne("") & second.ne("") & first.ne(second)
    return (first + ", " + second).where(both, first.where(first.ne(""), second))


def _setting_of(codes: frozenset[str]) -> str:
    for setting, signs in DIRECTORY_SETTINGS:
        if codes & signs:
            return setting
    private = DIRECTORY_FOR_PROFIT in codes and bool(codes & DIRECTORY_OUTPATIENT_TYPES)
    return "private_clinic" if private else ""


def _service_table(rows: pd.DataFrame, year: int, source_url: str) -> pd.DataFrame:
    records = [
        {
            "clinic_id": clinic_id,
            "treatment": treatment,
            "payers_accepted": "|".join(
                payer for payer_code, (payer, _) in DIRECTORY_PAYERS.items() if payer_code in codes
            ),
            "note": None if codes & DIRECTORY_OUTPATIENT else "lists no outpatient care",
        }
        for clinic_id, codes in zip(rows["clinic_id"], rows["codes"], strict=True)
        for code, (treatment, _) in DIRECTORY_TREATMENTS.items()
        if code in codes
    ]
    found = pd.DataFrame(records, columns=["clinic_id", "treatment", "payers_accepted", "note"], dtype="str")
    known = found.assign(
        payers_refused="",
        source=f"SAMHSA {year}",
        source_url=source_url,
        seen_date=str(year - 1),
        evidence="surveyed",
    )
    return known.reindex(columns=list(SERVICES.columns))


def _year_of(source_url: str) -> int:
    years = re.findall(r"(?<!\d)(20[0-9]{2})(?!\d)", source_url.rsplit("/", 1)[-1])
    if not years:
        raise SourceError(f"{source_url} does not say the directory's year. Give an address whose file name holds it.")
    return int(years[0])
