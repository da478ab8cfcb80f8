"""The US Census Bureau's geocoder for many addresses at once: those of clinics, never those of people who ask."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import TableError
from access.settings import settings
from access.sources.census.geocoder import BENCHMARK
from access.sources.fetching.progress import Progress
from access.sources.fetching.replies import Request, ask_service
from access.tables import require_columns
from access.vocabulary import state_code

COLUMNS: Final = ("clinic_id", "street", "city", "state", "zip")
# The service takes 10,000; it answers a thousand in a minute or so, and says nothing before it has all.
MOST_ROWS: Final = 1_000
_KINDS: Final = ("exact", "non_exact")
_MISSES: Final = ("no_match", "tie")
_SILENCE_SECONDS: Final = 600
_PAUSE_SECONDS: Final = 1.0
_MAX_AGE_DAYS: Final = 30.0
_LATITUDES: Final = (13, 72)  # from Guam to Point Barrow: coordinates the wrong way round are not in it


@dataclass(frozen=True)
class _BatchLine:
    """What the service says of one address. `kind`: exact, non_exact, no_match or tie."""

    number: int
    kind: str
    matched_address: str = ""
    latitude: float = float("nan")
    longitude: float = float("nan")


def geocode_addresses(
    addresses: pd.DataFrame, *, cache: Path, refresh: bool, progress: Progress | None
) -> pd.DataFrame:
    """Where clinics are: clinic_id, latitude, longitude (degrees), matched_address, match_kind (exact, non_exact).

    A clinic that is absent was not found. `attrs` of the table counts: `asked`, `no_street` (not asked), `no_match`,
    `tie` (it may be several places), `other_state` (what was found is in another state, and left out).

    Only the address is sent, under a running number.

    Parameters
    ----------
    addresses: a row per clinic, text columns `COLUMNS`; an empty or missing street is not asked about.
    cache, refresh: as `access.sources.fetching.replies.ask_service`; a kept copy is taken for 30 days.

    Raises
    ------
    TableError
        A column is missing, or a clinic_id is repeated.
    SourceError
        The service cannot be reached, or does not answer each address once.

    Source
    ------
    US Census Bureau, Geocoding Services API, locations by batch.
    """
    asked, no_street = _addresses_to_ask(addresses)
    lines: list[_BatchLine] = []
    for start in range(0, len(asked), MOST_ROWS):
        if progress:
            progress("Census geocoder", start, len(asked))
        lines += _ask_batch(asked.iloc[start : start + MOST_ROWS], cache, refresh)
    found = [line for line in lines if line.kind in _KINDS]
    near = [line for line in found if _is_in_state(line, asked["state"].iloc[line.number - 1])]
    near.sort(key=lambda line: line.number)
    table = pd.DataFrame(
        {
            "clinic_id": pd.Series([asked["clinic_id"].iloc[line.number - 1] for line in near], dtype="str"),
            "latitude": pd.Series([line.latitude for line in near], dtype="float64"),
            "longitude": pd.Series([line.longitude for line in near], dtype="float64"),
            "matched_address": pd.Series([line.matched_address for line in near], dtype="str"),
            "match_kind": pd.Series([line.kind for line in near], dtype="str"),
        }
    )
    misses = {kind: sum(line.kind == kind for line in lines) for kind in _MISSES}
    table.attrs.update(misses, asked=len(asked), no_street=no_street, other_state=len(found) - len(near))
    return table


def _addresses_to_ask(addresses: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The addresses to ask about, cleaned, and how many have no street."""
    require_columns(addresses, COLUMNS, where="The list of addresses")
    twice = addresses["clinic_id"][addresses["clinic_id"].duplicated()]
    if len(twice):
        raise TableError(
            f"The list of addresses has clinic_id '{twice.iloc[0]}' more than once ({len(twice)} such). "
            "Give each clinic one row."
        )
    clean = addresses[list(COLUMNS)].astype("str").fillna("")
    for column in COLUMNS[1:]:
        clean[column] = clean[column].map(_plain_text)
    has_street = clean["street"].ne("")
    return clean[has_street].reset_index(drop=True), int((~has_street).sum())


def _plain_text(text: str) -> str:
    """On one line, without quotation marks, which would end a field, and without signs that are not printed."""
    words = " ".join(text.replace('"', " ").split())
    return "".join(letter for letter in words if letter.isprintable())


def _ask_batch(asked: pd.DataFrame, cache: Path, refresh: bool) -> list[_BatchLine]:
    numbers = [int(row) + 1 for row in asked.index]
    return ask_service(
        Request(
            settings().addresses["geocoder_batch"][0],
            form={"benchmark": BENCHMARK},
            upload={"addressFile": _address_file(numbers, asked)},
            silence_seconds=_SILENCE_SECONDS,
        ),
        partial(_read_lines, numbers=numbers),
        cache=cache,
        max_age_days=0.0 if refresh else _MAX_AGE_DAYS,
        pause_seconds=_PAUSE_SECONDS,
    ).value


def _address_file(numbers: Sequence[int], asked: pd.DataFrame) -> bytes:
    text = io.StringIO()
    rows = zip(numbers, asked["street"], asked["city"], asked["state"], asked["zip"].str[:5], strict=True)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _read_lines(body: bytes, numbers: Sequence[int]) -> list[_BatchLine]:
    """One line for each number, in whatever order they came."""
    try:
        rows = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    except csv.Error as failure:
        raise ValueError(str(failure)) from failure
    lines = [_read_line(row) for row in rows if row]
    came = [line.number for line in lines]
    if extra := sorted(set(came) - set(numbers)):
        raise ValueError(f"it speaks of number {extra[0]}, which was not sent ({len(extra)} such)")
    if len(came) != len(set(came)):
        raise ValueError(f"it speaks of {len(came) - len(set(came))} addresses twice")
    if lacking := sorted(set(numbers) - set(came)):
        raise ValueError(f"it says nothing of number {lacking[0]} ({len(lacking)} such)")
    return lines


def _read_line(row: list[str]) -> _BatchLine:
    status = row[2].strip().lower() if len(row) > 2 else ""
    if status in _MISSES:
        return _BatchLine(int(row[0]), status)
    if status != "match" or len(row) < 6 or row[3].strip().lower() not in _KINDS:
        raise ValueError(f"a row that is not as published: {','.join(row)[:80]}")
    longitude, latitude = (float(part) for part in row[5].split(","))
    if not (_LATITUDES[0] <= latitude <= _LATITUDES[1] and -180 <= longitude <= 180):
        raise ValueError(f"number {row[0]} is at {row[5]}, which is not in the country")
    return _BatchLine(int(row[0]), row[3].strip().lower(), row[4].strip(), latitude, longitude)


def _is_in_state(line: _BatchLine, asked_state: str) -> bool:
    """Whether a matched address, which ends in its state and ZIP, is in the state that was asked for."""
    return state_code(asked_state) in [part.strip() for part in line.matched_address.split(",")[-2:]]
