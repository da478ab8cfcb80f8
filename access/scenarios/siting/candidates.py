"""Candidates: the points where a site could open, and the clinics that could add the treatment."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from access.errors import ScenarioError
from access.places.gazetteer.lookup import is_in_united_states
from access.places.services import clinics_offering
from access.vocabulary import SETTINGS

OPEN = "open"
CERTIFY = "certify"
CANDIDATE_COLUMNS: Final = [
    "candidate_id", "name", "state", "latitude", "longitude", "kind", "clinic_id", "cost_usd", "capacity"
]  # fmt: skip
CLINIC_SETTINGS: Final = ("psychiatry_practice", "hospital", "academic", "va", "community")


def town_candidates(
    towns: pd.DataFrame, *, state: str | None = None, most: int | None = None, cost_usd: float = np.nan
) -> pd.DataFrame:
    """New sites in towns of the gazetteer, largest first; towns of unknown population stand last.

    `most`: no more than so many. `cost_usd`: of one new site; NaN: not known.

    Returns
    -------
    pd.DataFrame
        A candidates table: `candidate_id` (unique text), `name`, `state`, `latitude`, `longitude`, `kind` (open,
        certify), `clinic_id` ("" for a new site), `cost_usd` (NaN: not known), `capacity` (people; NaN: no limit).

    Raises
    ------
    ScenarioError
        There is no town in the state, or `most` is below one.
    """
    if most is not None and most < 1:
        raise ScenarioError(f"{most} candidate towns leave nowhere to open; ask for one or more.")
    inside = towns if state is None else towns[towns["state"] == state]
    if inside.empty:
        raise ScenarioError(f"The gazetteer has no town in {state or 'any state'}; give a list of your own.")
    ranked = inside.sort_values("population", ascending=False, kind="stable", na_position="last").head(
        most or len(inside)
    )
    names = [f"town-{name}-{code}" for name, code in zip(ranked["name"], ranked["state"], strict=True)]
    return _candidate_table(
        ranked.assign(candidate_id=_number_repeats(names), kind=OPEN, clinic_id="", cost_usd=cost_usd)
    )


def clinic_candidates(
    clinics: pd.DataFrame,
    services: pd.DataFrame,
    treatment: str,
    *,
    state: str | None = None,
    settings: Sequence[str] = CLINIC_SETTINGS,
    cost_usd: float = np.nan,
) -> pd.DataFrame:
    """Clinics of the pack that do not give the treatment and could add it, in the order of `clinics`.

    `settings`: which kinds; a clinic whose setting is not known is left out.

    Returns
    -------
    pd.DataFrame
        As `town_candidates`, `kind` certify.

    Raises
    ------
    ScenarioError
        No clinic is left, or a setting is not known.
    """
    if unknown := [word for word in settings if word not in SETTINGS]:
        raise ScenarioError(f"'{unknown[0]}' is no setting; use some of {', '.join(SETTINGS)}.")
    giving = clinics["clinic_id"].isin(clinics_offering(services, [treatment]))
    chosen = clinics[~giving & clinics["setting"].isin(list(settings))]
    chosen = chosen if state is None else chosen[chosen["state"] == state]
    if chosen.empty:
        raise ScenarioError(
            f"No clinic {'in ' + state if state else 'of this pack'} could add {treatment}: each of these settings "
            "gives it already or is not there. Choose towns, or a list of your own."
        )
    return _candidate_table(chosen.assign(candidate_id=chosen["clinic_id"], kind=CERTIFY, cost_usd=cost_usd))


def read_candidates(path: Path, *, cost_usd: float = np.nan) -> pd.DataFrame:
    """New sites from a CSV with `name`, `latitude`, `longitude` and, if known, `state`, `cost_usd`, `capacity`.

    An empty cost is `cost_usd`; an empty capacity is no limit.

    Returns
    -------
    pd.DataFrame
        As `town_candidates`, in the order of the file.

    Raises
    ------
    ScenarioError
        The file cannot be read, lacks a column or a row, or a cell is no number, is below zero, or is a point
        outside the United States (as when latitude and longitude are swapped); names the first, says how many.
    """
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as failure:
        raise ScenarioError(f"{path} cannot be read ({failure}). Give a CSV of candidate sites.") from failure
    if missing := [column for column in ("name", "latitude", "longitude") if column not in raw]:
        raise ScenarioError(f"{path} has no column {', '.join(missing)}; it needs name, latitude and longitude.")
    if raw.empty:
        raise ScenarioError(f"{path} holds no candidate; add one row for each site.")
    read = raw.reindex(columns=["name", "state", "latitude", "longitude", "cost_usd", "capacity"], fill_value="")
    for column in ("latitude", "longitude", "cost_usd", "capacity"):
        read[column] = _read_numbers(read, column, path, needed=column in ("latitude", "longitude"))
    ids = [f"own-{row}" for row in range(1, len(read) + 1)]
    filled = read.assign(cost_usd=read["cost_usd"].fillna(cost_usd), candidate_id=ids, kind=OPEN, clinic_id="")
    return check_candidates(_candidate_table(filled), where=str(path))


def check_candidates(candidates: pd.DataFrame, *, where: str = "The candidates") -> pd.DataFrame:
    """The candidates, each of which must be a point of the United States, with a cost and capacity from zero.

    Raises
    ------
    ScenarioError
        A column is missing, the table is empty, an id is repeated, or a value is wrong; names the first.
    """
    if missing := [column for column in CANDIDATE_COLUMNS if column not in candidates]:
        raise ScenarioError(f"{where}: no column {', '.join(missing)}; make the table with town_candidates or its kin.")
    if candidates.empty:
        raise ScenarioError(f"{where}: there is no candidate; give at least one.")
    points = zip(candidates["latitude"], candidates["longitude"], strict=True)
    outside = candidates[[not is_in_united_states(float(lat), float(lon)) for lat, lon in points]]
    if len(outside):
        raise ScenarioError(_outside_sentence(outside, where))
    for column in ("cost_usd", "capacity"):
        wrong = candidates[(candidates[column] < 0) | np.isinf(candidates[column])]
        _refuse_rows(wrong, where, f"a {column} below zero or without end")
    _refuse_rows(candidates[candidates["candidate_id"].duplicated()], where, "the candidate_id of another")
    _refuse_rows(candidates[~candidates["kind"].isin([OPEN, CERTIFY])], where, "a kind other than open and certify")
    return candidates


def _candidate_table(rows: pd.DataFrame) -> pd.DataFrame:
    given = rows.assign(capacity=rows["capacity"]) if "capacity" in rows else rows.assign(capacity=np.nan)
    floats = ["latitude", "longitude", "cost_usd", "capacity"]
    return given[CANDIDATE_COLUMNS].astype(dict.fromkeys(floats, "float64")).reset_index(drop=True)


def _number_repeats(names: list[str]) -> list[str]:
    """The names, the second of a kind as `name-2`."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return apart


def _read_numbers(read: pd.DataFrame, column: str, path: Path, *, needed: bool) -> pd.Series:
    cells = read[column].str.strip()
    numbers = pd.to_numeric(cells.replace("", None), errors="coerce").astype("float64")
    wrong = read[(numbers.isna() & (cells != "")) | ((cells == "") & needed)]
    _refuse_rows(wrong, str(path), f"a {column} that is no number")
    return numbers


def _outside_sentence(outside: pd.DataFrame, where: str) -> str:
    first = outside.iloc[0]
    latitude = float(first["latitude"])
    longitude = float(first["longitude"])
    turned = is_in_united_states(longitude, latitude)
    hint = "latitude and longitude seem to be swapped" if turned else "longitude is negative in the United States"
    return (
        f"{where}: {first['name']} is at {latitude:g}, {longitude:g}, outside the United States "
        f"({len(outside)} such); {hint}. Correct it."
    )


def _refuse_rows(wrong: pd.DataFrame, where: str, what: str) -> None:
    if len(wrong):
        raise ScenarioError(f"{where}: {wrong['name'].iloc[0]} has {what} ({len(wrong)} such). Correct it.")
