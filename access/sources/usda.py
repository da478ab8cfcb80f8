"""Rural-urban codes of the Economic Research Service: RUCA 2020 by tract, RUCC 2023 by county."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import SourceError
from access.sources.published_csv import read_published, refuse_unless

NOT_CODED: Final = "99"

# fmt: off
_RUCA_COLUMNS: Final = [
    "TractFIPS23", "CountyFIPS23", "CountyCode23", "CountyName23", "TractFIPS20", "TractCode20",
    "TractName20", "CountyFIPS20", "CountyCode20", "CountyName20", "StateFIPS20", "StateName20",
    "UrbanAreaCode20", "UrbanAreaName20", "UrbanCore", "UrbanCoreType", "PrimaryRUCA",
    "PrimaryRUCADescription", "PrimaryDestinationCode", "PrimaryDestinationName", "SecondaryRUCA",
    "SecondaryRUCADescription", "SecondaryDestinationCode", "SecondaryDestinationName", "Population",
    "LandArea", "PopDensity",
]
# fmt: on
_RUCA_PRIMARY: Final = {*(str(code) for code in range(1, 11)), NOT_CODED}
_FINER: Final = {"1.1", "2.1", "4.1", "5.1", "7.1", "7.2", "8.1", "8.2", "10.1", "10.2", "10.3"}
_RUCA_SECONDARY: Final = _RUCA_PRIMARY | _FINER
_RUCC_COLUMNS: Final = ["FIPS", "State", "County_Name", "Attribute", "Value"]
_RUCC_ATTRIBUTES: Final = {"Population_2020", "RUCC_2023", "Description"}
_RUCC_CODES: Final = {str(code) for code in range(1, 10)}


def ruca_by_tract(path: Path) -> pd.DataFrame:
    """The RUCA 2020 codes of each 2020 tract.

    Returns
    -------
    pd.DataFrame
        `tract` (TractFIPS20, 11 digits, joins the 2020 Census), `county_2023` (5 digits, the planning region in
        Connecticut; missing: the tract has no number of 2023), `primary`, `secondary` (decimal text such as "2"
        and "7.1"; "99": not coded; missing: the cell is empty).

    Raises
    ------
    SourceError
        Not the 27 published columns, a code that is not in the scheme, a tract twice.

    Source
    ------
    USDA ERS, 2020 Rural-Urban Commuting Area Codes (2025), www.ers.usda.gov.
    """
    raw = read_published(path, encoding="cp1252", columns=_RUCA_COLUMNS, what="RUCA 2020 codes by tract")
    refuse_unless(raw, raw["TractFIPS20"].str.fullmatch(r"\d{11}"), "TractFIPS20", "11 digits", path)
    refuse_unless(raw, ~raw["TractFIPS20"].duplicated(), "TractFIPS20", "there once only", path)
    numbered = raw["TractFIPS23"].str.fullmatch(r"\d{11}")
    refuse_unless(raw, numbered | raw["TractFIPS23"].isin(["N/A", ""]), "TractFIPS23", "11 digits or N/A", path)
    return pd.DataFrame(
        {
            "tract": raw["TractFIPS20"],
            "county_2023": raw["TractFIPS23"].str[:5].where(numbered),
            "primary": _codes(raw, "PrimaryRUCA", _RUCA_PRIMARY, path),
            "secondary": _codes(raw, "SecondaryRUCA", _RUCA_SECONDARY, path),
        }
    )


def rucc_by_county(path: Path) -> pd.DataFrame:
    """The RUCC 2023 code of each county.

    Returns
    -------
    pd.DataFrame
        `county` (5 digits; Connecticut by its nine planning regions, which the 2020 Census does not have),
        `rucc` (int64, 1 to 9). Counties without a code (two islands without people) are not in it.

    Raises
    ------
    SourceError
        Not the published long layout, a code outside 1 to 9, a county twice.

    Source
    ------
    USDA ERS, 2023 Rural-Urban Continuum Codes (2024), www.ers.usda.gov.
    """
    raw = read_published(path, encoding="latin-1", columns=_RUCC_COLUMNS, what="RUCC 2023 codes by county")
    refuse_unless(raw, raw["FIPS"].str.fullmatch(r"\d{5}"), "FIPS", "5 digits", path)
    refuse_unless(raw, raw["Attribute"].isin(_RUCC_ATTRIBUTES), "Attribute", "a published attribute", path)
    refuse_unless(raw, ~raw.duplicated(["FIPS", "Attribute"]), "FIPS", "there once for each attribute", path)
    coded = raw[raw["Attribute"] == "RUCC_2023"]
    if coded.empty:
        raise SourceError(f"{path} has no RUCC_2023 rows. Fetch the file again.")
    rucc = _codes(coded, "Value", _RUCC_CODES, path).astype("int64")
    return pd.DataFrame({"county": coded["FIPS"], "rucc": rucc}).reset_index(drop=True)


def _codes(raw: pd.DataFrame, column: str, known: set[str], path: Path) -> "pd.Series[str]":
    """Codes as shortest decimal text ("10.0" and "10" are one code); empty cells missing."""
    text = raw[column].str.strip()
    code = text.map({cell: _decimal_text(cell) for cell in text.unique().tolist()}).astype("str")
    rule = "one of " + ", ".join(sorted(known, key=float))
    refuse_unless(raw, code.isin(known) | text.eq(""), column, rule, path)
    return code.where(text.ne(""))


def _decimal_text(cell: str) -> str:
    try:
        return format(Decimal(cell).normalize(), "f")
    except InvalidOperation:
        return cell
