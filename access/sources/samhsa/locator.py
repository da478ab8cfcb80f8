"""SAMHSA's locator, FindTreatment.gov: facilities that say they give IV ketamine, TMS or ECT, with their points."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.progress import Progress
from access.sources.fetching.replies import Request, ask_service
from access.sources.samhsa.codes import LOCATOR_TREATMENTS
from access.sources.samhsa.locator_facilities import (
    FacilityPage,
    FacilityRow,
    clinic_of_facility,
    codes_in_text,
    services_of_facility,
)
from access.sources.source_list import SourceList, clinic_rows, service_rows
from access.vocabulary import STATES

SOURCE_URL: Final = "https://findtreatment.gov/"
PAGE_ROWS: Final = 2000
PAUSE_SECONDS = 1.0
DEADLINE_SECONDS = 120.0
_ROUNDS: Final = 3
# The locator's own numbers, neither FIPS nor by the alphabet; unofficial, so each row is checked.
_IDS_TEXT: Final = """
ME1 MI2 MA3 MT4 NY5 NC6 OH7 PA8 RI9 TN10 TX11 NV12 NJ13 UT14 WA15 WI16 MD18 AL19 AK20 AZ21 AR22 CA23 CO24 CT25 DE26
DC27 FL28 GA29 HI30 ID31 IL32 IN33 IA34 KS35 KY36 LA37 MN38 MS39 MO40 NE41 NH42 NM43 ND44 OK45 OR46 SC47 SD48 VT49
VA50 WV51 WY52
"""
STATE_IDS: Final = {word[:2]: word[2:] for word in _IDS_TEXT.split()}
# Puerto Rico has no number that is known: all within 200 km of its middle, of which those of Puerto Rico are kept.
_PUERTO_RICO: Final = {"limitType": "2", "limitValue": "200000", "sAddr": "18.22,-66.43"}
# From the middle of the mainland to beyond Guam.
_COUNTRY: Final = {"limitType": "2", "limitValue": "15000000", "sAddr": "39.83,-98.58"}


@dataclass(frozen=True)
class _AskingOptions:
    """How the locator is asked."""

    cache: Path
    mirror: str | None
    refresh: bool
    progress: Progress | None


@dataclass(frozen=True)
class _Facilities:
    """Facilities by frid, in the order they came, and the day (UTC) that the first page came."""

    rows: dict[str, FacilityRow]
    day: str


class _UnsettledListError(Exception):
    """The pages do not make one list; the text says why."""


def fetch_locator_list(
    *,
    states: Sequence[str] | None,
    cache: Path,
    mirror: str | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> SourceList:
    """The facilities that say they give IV ketamine, TMS or ECT.

    A payer, telehealth or Spanish that a facility does not name is not known, never refused. Esketamine has no code,
    so nothing here says who gives it. Points are the locator's, by street; missing where it has none in the US.

    Parameters
    ----------
    states: USPS codes; None: the whole country, whose full list is read too, so that a treatment named by text
        alone is found. refresh: ask again even where a copy of today is kept.

    Raises
    ------
    SourceError
        The locator cannot be read, answers for another state, ignores the filter by treatment, or its list
        changes each time it is read; a state is not one.

    Source
    ------
    SAMHSA, FindTreatment.gov, locator API, JSON version 2.
    """
    asker = _AskingOptions(cache, mirror, refresh, progress)
    if states is None:
        return _source_list([_fetch_country(asker)])
    if unknown := [code for code in states if code not in STATES]:
        raise SourceError(f"The locator has no state '{unknown[0]}'. Give two-letter codes, such as ME.")
    return _source_list([_fetch_state(code, asker) for code in dict.fromkeys(states)])


def fetch_locator_list_near(
    latitude: float,
    longitude: float,
    metres: int,
    *,
    cache: Path,
    mirror: str | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> SourceList:
    """The facilities within `metres`, as the crow flies, of a point (degrees); as `fetch_locator_list`.

    The point is sent to the locator and kept in the cache.

    Raises
    ------
    SourceError
        As `fetch_locator_list`.
    """
    place = {"limitType": "2", "limitValue": str(metres), "sAddr": f"{latitude},{longitude}"}
    asker = _AskingOptions(cache, mirror, refresh, progress)
    return _source_list([_fetch_by_code(place, None, "FindTreatment.gov", asker)])


_FacilitiesWithCodes = tuple[_Facilities, dict[str, set[str]]]


def _fetch_country(asker: _AskingOptions) -> _FacilitiesWithCodes:
    label = "FindTreatment.gov, all states"
    whole = _fetch_whole_list(_COUNTRY, "", None, label, asker)
    absent = sorted(STATE_IDS.keys() - {row.state for row in whole.rows.values()})
    if absent:
        raise SourceError(
            f"FindTreatment.gov's list of the country has no facility in {absent[0]} ({len(absent)} such states), "
            "so it cannot be whole. Ask state by state."
        )
    return _add_codes(whole, total=len(whole.rows), place=_COUNTRY, state=None, label=label, asker=asker)


def _fetch_state(state: str, asker: _AskingOptions) -> _FacilitiesWithCodes:
    label = f"FindTreatment.gov, {STATES[state]}"
    if state in STATE_IDS:
        place = {"limitType": "0", "limitValue": STATE_IDS[state], "sAddr": "0,0"}
        return _fetch_by_code(place, state, label, asker)
    found, codes = _fetch_by_code(_PUERTO_RICO, None, label, asker)
    kept = {frid: row for frid, row in found.rows.items() if row.state == state}
    return _Facilities(kept, found.day), codes


def _fetch_by_code(
    place: Mapping[str, str], state: str | None, label: str, asker: _AskingOptions
) -> _FacilitiesWithCodes:
    """By a call for each code; one row of the place's whole list tells how long that is."""
    first, _ = _fetch_page({**_params_of(place, ""), "pageSize": "1", "page": "1"}, state, asker, asker.refresh)
    return _add_codes(_Facilities({}, ""), total=first.recordCount, place=place, state=state, label=label, asker=asker)


def _add_codes(
    whole: _Facilities,
    *,
    total: int,
    place: Mapping[str, str],
    state: str | None,
    label: str,
    asker: _AskingOptions,
) -> _FacilitiesWithCodes:
    """All rows, and by frid the codes: those whose reply has the row, and those that its own text names."""
    rows = dict(whole.rows)
    day = whole.day
    codes: dict[str, set[str]] = {}
    for code in LOCATOR_TREATMENTS:
        got = _fetch_whole_list(place, code, state, f"{label}, {code}", asker)
        _check_filter(code, got, total, label)
        rows = {**got.rows, **rows}
        day = max(day, got.day)
        for frid in got.rows:
            codes.setdefault(frid, set()).add(code)
    for frid, row in rows.items():
        if words := codes_in_text(row):
            codes.setdefault(frid, set()).update(words)
    return _Facilities(rows, day), codes


def _check_filter(code: str, got: _Facilities, total: int, label: str) -> None:
    """A few facilities may all give it: then their texts say so."""
    if len(got.rows) >= total and any(code not in codes_in_text(row) for row in got.rows.values()):
        raise SourceError(
            f"{label}: the reply for {code} has all {len(got.rows):,} facilities, so the locator ignored the filter by "
            "treatment. Use SAMHSA's directory until this is mended."
        )


def _params_of(place: Mapping[str, str], code: str) -> dict[str, str]:
    filtered = {"sCodes": code} if code else {}
    return {"sType": "mh", **place, **filtered}


def _fetch_whole_list(
    place: Mapping[str, str], code: str, state: str | None, label: str, asker: _AskingOptions
) -> _Facilities:
    """The whole list; where its pages do not fit together, it is read again from the start."""
    seen = ""
    for attempt in range(_ROUNDS):
        try:
            return _fetch_list_once(_params_of(place, code), state, label, asker, fresh=asker.refresh or attempt > 0)
        except _UnsettledListError as trouble:
            seen = str(trouble)
    raise SourceError(f"{label}: the list did not hold still, read {_ROUNDS} times ({seen}). Try again later.")


def _fetch_list_once(
    question: dict[str, str], state: str | None, label: str, asker: _AskingOptions, *, fresh: bool
) -> _Facilities:
    rows: dict[str, FacilityRow] = {}
    number = 0
    day = ""
    total = 0
    pages = 1
    while number < pages:
        number += 1
        page, came = _fetch_page({**question, "pageSize": str(PAGE_ROWS), "page": str(number)}, state, asker, fresh)
        if number == 1:
            day = came
            total = page.recordCount
            pages = page.totalPages
        if page.page != number or page.recordCount != total:
            raise _UnsettledListError(
                f"page {number} came as page {page.page} of {page.recordCount:,} records, after {total:,} on page 1"
            )
        if again := next((row for row in page.rows if row.frid in rows), None):
            raise _UnsettledListError(f"page {number} repeats {again.name1} ({again.frid[:12]})")
        rows.update({row.frid: row for row in page.rows})
        if asker.progress:
            asker.progress(label, len(rows), total)
    if len(rows) != total:
        raise _UnsettledListError(f"{len(rows):,} facilities came of {total:,}")
    return _Facilities(rows, day)


def _fetch_page(
    question: dict[str, str], state: str | None, asker: _AskingOptions, fresh: bool
) -> tuple[FacilityPage, str]:
    def read_page(body: bytes) -> FacilityPage:
        page = FacilityPage.model_validate_json(body)
        _check_state(page, state)
        return page

    got = ask_service(
        Request(settings().addresses["findtreatment"][0], question),
        read_page,
        cache=asker.cache,
        mirror=asker.mirror,
        max_age_days=0 if fresh else 1.0,
        deadline_seconds=DEADLINE_SECONDS,
        pause_seconds=PAUSE_SECONDS,
    )
    return got.value, got.file.retrieved


def _check_state(page: FacilityPage, state: str | None) -> None:
    others = [row.state for row in page.rows if state and row.state != state]
    if others:
        raise SourceError(
            f"FindTreatment.gov was asked for {state} and answered with {others[0]} ({len(others)} rows of other "
            "states): its numbers of states have changed. Ask for the whole country."
        )


def _source_list(found: Sequence[_FacilitiesWithCodes]) -> SourceList:
    """Facilities with a treatment in the states, DC and Puerto Rico."""
    offers = {
        frid: (row, codes[frid], gathered.day)
        for gathered, codes in found
        for frid, row in gathered.rows.items()
        if codes.get(frid)
    }
    here = {frid: offer for frid, offer in offers.items() if offer[0].state in STATES}
    _check_ids(list(here))
    clinics = clinic_rows([clinic_of_facility(row) for row, _, _ in here.values()])
    offered = [line for row, codes, day in here.values() for line in services_of_facility(row, codes, day, SOURCE_URL)]
    return SourceList(
        clinics=clinics,
        services=service_rows(offered),
        notes=_notes(len(offers) - len(here), clinics["latitude"].isna().sum()),
    )


def _check_ids(frids: Sequence[str]) -> None:
    short, count = Counter(frid[:12] for frid in frids).most_common(1)[0] if frids else ("", 0)
    if count > 1:
        raise SourceError(f"FindTreatment.gov has {count} facilities whose ids start with {short}. Report this.")


def _notes(elsewhere: int, unplaced: int) -> tuple[str, ...]:
    notes = [
        "Source: SAMHSA findtreatment.gov. It lists facilities that answered SAMHSA's survey, few private clinics."
    ]
    if elsewhere:
        notes.append(f"{elsewhere} facilities in other territories are left out.")
    if unplaced:
        notes.append(f"{unplaced} facilities have no point in the locator.")
    return tuple(notes)
