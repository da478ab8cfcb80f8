"""Mental health professional shortage areas (HRSA) by county: those of areas and populations, not of facilities."""

from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import SourceError

_ID = "HPSA ID"
_STATUS = "HPSA Status"
_TYPE = "Designation Type"
_SCORE = "HPSA Score"
_COUNTY: Final = "State and County Federal Information Processing Standard Code"
_COLUMNS: Final = (_ID, _STATUS, _TYPE, _SCORE, _COUNTY)
_HIGHEST_SCORE: Final = 26
# What a designation is of, by a word of its type; any other type is that of a facility: a prison, a health centre.
_KINDS: Final = {"geographic": "geograph", "population": "population"}


def read_hpsa(path: Path) -> pd.DataFrame:
    """The designation of each county that the file names, from HRSA's `BCD_HPSA_FCT_DET_MH.csv`.

    One row of the file is a designation and a part of what it covers, so a designation counts once for each county.
    Only those whose status is Designated count, not those withdrawn or proposed for it. A designation may cover only a
    part of its county, such as some of its tracts: the county has it all the same.

    Returns
    -------
    pd.DataFrame
        `county` (5 digits), `hpsa_kind` ("geographic"; else "population", of a group such as people of low income;
        else "none": a facility's designation does not make a county), `hpsa_score_max` (the highest of those that
        make it, 0 to 26; NaN: none, or without a score).

    Raises
    ------
    SourceError
        It cannot be read, lacks a column, or has no designated area, a county's code that is not five digits,
        or a score that is no number from 0 to 26.

    Source
    ------
    Health Resources and Services Administration, data.hrsa.gov/data/download, Health Professional Shortage Areas.
    """
    raw = _read_rows(path)
    types = raw[_TYPE].str.lower()
    kind = pd.Series("none", raw.index, dtype="str")
    for name, word in reversed(_KINDS.items()):
        kind = kind.mask(types.str.contains(word, regex=False), name)
    made = raw.assign(kind=kind.where(raw[_STATUS].str.strip().eq("Designated"), "none"))
    areas = made[made["kind"].ne("none")]
    if areas.empty:
        raise SourceError(f"{path} has no designated area or population: its words have changed. Report it.")
    _refuse_rows(~areas[_COUNTY].str.fullmatch(r"\d{5}"), areas, _COUNTY, "five digits", path)
    score = pd.to_numeric(areas[_SCORE], errors="coerce")
    fits = score.between(0, _HIGHEST_SCORE) | areas[_SCORE].str.strip().eq("")
    _refuse_rows(~fits, areas, _SCORE, f"a number from 0 to {_HIGHEST_SCORE}", path)
    once = areas.assign(score=score).drop_duplicates([_ID, _COUNTY])
    by_county = once.groupby(_COUNTY)
    # The names of the kinds stand in the order in which they count.
    found = pd.DataFrame({"hpsa_kind": by_county["kind"].min(), "hpsa_score_max": by_county["score"].max()})
    named = pd.Index(sorted(made.loc[made[_COUNTY].str.fullmatch(r"\d{5}"), _COUNTY].unique()), name="county")
    return found.reindex(named).fillna({"hpsa_kind": "none"}).reset_index()


def _read_rows(path: Path) -> pd.DataFrame:
    try:
        raw = pd.read_csv(path, dtype="str", encoding="latin-1", keep_default_na=False)
    except (OSError, ValueError) as failure:
        raise SourceError(
            f"{path} cannot be read as shortage areas ({' '.join(str(failure).split())}). Fetch it again."
        ) from failure
    raw.columns = raw.columns.str.strip()
    lacking = [column for column in _COLUMNS if column not in raw.columns]
    if lacking or not isinstance(raw.index, pd.RangeIndex):
        raise SourceError(
            f"{path} has no column {', '.join(lacking) or 'for each cell'}: it is not HRSA's "
            "BCD_HPSA_FCT_DET_MH.csv, or its layout has changed."
        )
    return raw[list(_COLUMNS)].fillna("")


def _refuse_rows(wrong: "pd.Series[bool]", rows: pd.DataFrame, column: str, rule: str, path: Path) -> None:
    if wrong.any():
        first = rows[wrong].iloc[0]
        raise SourceError(
            f"{path}: {column} of {first[_ID]} is '{first[column]}', but it must be {rule} ({int(wrong.sum())} such). "
            "Fetch the file again, or report that its layout has changed."
        )
