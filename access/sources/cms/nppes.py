"""The NPI registry (NPPES): names, addresses and telephones of organizations in mental health, by their own word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import Field

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.progress import Progress
from access.sources.fetching.replies import LenientModel, Request, ask_service
from access.sources.source_list import SourceList, clinic_rows, service_rows
from access.vocabulary import STATES, state_code

# What is asked, and of what comes the codes that are meant. The registry takes a specialty as NUCC writes it, or its
# beginning; some say any part of it. These are right either way, and the codes drop what is not meant.
_TAXONOMIES: Final = {
    "Psychiatry": frozenset({"2084P0800X"}),
    "Mental Health*": frozenset({"261QM0801X"}),
    "Adult Mental Health": frozenset({"261QM0850X"}),
    "Psychiatric Hospital": frozenset({"283Q00000X"}),
    "Infusion Therapy": frozenset({"261QI0500X"}),
}
_CODES: Final = frozenset[str]().union(*_TAXONOMIES.values())
_LIMIT: Final = 200
_LAST_SKIP: Final = 1000
_LONGEST_PREFIX: Final = 5
_MAX_AGE_DAYS: Final = 30.0
_PAUSE_SECONDS: Final = 0.4
_PAGE: Final = "https://npiregistry.cms.hhs.gov/provider-view/"


class _Basic(LenientModel):
    status: str = ""
    organization_name: str = ""
    first_name: str = ""
    last_name: str = ""
    credential: str = ""


class _Address(LenientModel):
    address_purpose: str = "LOCATION"
    address_type: str = ""
    country_code: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    telephone_number: str = ""


class _Taxonomy(LenientModel):
    code: str = ""
    desc: str = ""


class Provider(LenientModel):
    """One provider: a person (NPI-1) or an organisation (NPI-2)."""

    number: str
    enumeration_type: str
    basic: _Basic
    addresses: list[_Address] = Field(default_factory=list)
    practiceLocations: list[_Address] = Field(default_factory=list)
    taxonomies: list[_Taxonomy] = Field(default_factory=list)

    @property
    def locations(self) -> list[_Address]:
        """Where it practises: the primary place first."""
        primary = [place for place in self.addresses if place.address_purpose == "LOCATION"]
        return [*primary, *self.practiceLocations]


class _RegistryTrouble(LenientModel):
    description: str = ""
    number: str = ""


class _Page(LenientModel):
    """`result_count` is of this page."""

    result_count: int | None = None
    results: list[Provider] | None = None
    Errors: list[_RegistryTrouble] = Field(default_factory=list)


@dataclass
class _Registry:
    """How the registry is asked; `cut` names the questions that even a whole ZIP did not make small enough."""

    cache: Path
    mirror: str | Path | None
    max_age_days: float
    cut: list[str] = field(default_factory=list)

    def fetch_page(self, params: dict[str, str]) -> tuple[int, list[Provider]]:
        question = Request(settings().addresses["nppes"][0], {"version": "2.1", **params})
        got = ask_service(
            question,
            read_providers,
            cache=self.cache,
            mirror=self.mirror,
            max_age_days=self.max_age_days,
            pause_seconds=_PAUSE_SECONDS,
        )
        return got.value


def read_providers(body: bytes) -> tuple[int, list[Provider]]:
    """How many providers a reply says it holds, and those it holds.

    Raises
    ------
    SourceError
        The registry refused the question, in its words.
    ValueError
        Not a reply of the registry.
    """
    page = _Page.model_validate_json(body)
    if page.Errors:
        said = "; ".join(f"{error.number} {error.description}" for error in page.Errors)
        raise SourceError(f"The NPI registry refused the question ({said}). Report that it has changed.")
    if page.results is None or page.result_count is None:
        raise ValueError("no results and no errors")
    return max(page.result_count, len(page.results)), page.results


def fetch_nppes_list(
    *,
    states: Sequence[str] | None,
    cache: Path,
    mirror: str | Path | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
) -> SourceList:
    """Organisations in psychiatry, mental health and infusion, each at every place where it practises.

    They only confirm names, addresses and telephones: what an organisation calls itself says nothing of what it
    gives, so there are no services. Ids are `npi-<number>`, and `-2` and so on for its further places.

    Parameters
    ----------
    states: USPS codes; None: all. refresh: ask again whatever the age of the kept replies.

    Raises
    ------
    SourceError
        The registry cannot be reached, refuses a question, or answers another than was asked.

    Source
    ------
    CMS, NPPES NPI Registry, API version 2.1.
    """
    registry = _Registry(cache, mirror, 0.0 if refresh else _MAX_AGE_DAYS)
    wanted = list(states or STATES)
    asked = [(state, words) for state in wanted for words in _TAXONOMIES]
    found: dict[str, Provider] = {}
    for done, (state, words) in enumerate(asked):
        if progress:
            progress(f"NPI registry, {words.rstrip('*')}, {state}", done, len(asked))
        found |= _fetch_all(registry, state, words, "")
    meant = [
        entry
        for entry in found.values()
        if entry.enumeration_type == "NPI-2" and any(taxonomy.code in _CODES for taxonomy in entry.taxonomies)
    ]
    return _source_list(meant, frozenset(wanted), registry.cut)


def fetch_provider(number: str, *, cache: Path, mirror: str | Path | None = None, refresh: bool = False) -> SourceList:
    """The places of one provider, a person or an organisation; none where the number is not known or not in use.

    Raises
    ------
    SourceError
        Not ten digits; the registry cannot be reached, refuses, or sends another provider.
    """
    if not re.fullmatch(r"[0-9]{10}", number):
        raise SourceError(f"'{number}' is no NPI. Give its ten digits.")
    registry = _Registry(cache, mirror, 0.0 if refresh else _MAX_AGE_DAYS)
    _, got = registry.fetch_page({"number": number})
    if other := [entry.number for entry in got if entry.number != number]:
        raise SourceError(f"The NPI registry was asked for {number} and sent {other[0]}. Try again later.")
    return _source_list(got, frozenset(STATES), [])


def _fetch_all(registry: _Registry, state: str, words: str, prefix: str) -> dict[str, Provider]:
    """Whatever fits, by number; a question with more answers than are given is asked anew by parts of the ZIP."""
    asked = {
        "enumeration_type": "NPI-2",
        "taxonomy_description": words,
        "address_purpose": "LOCATION",
        "state": state,
        **({"postal_code": f"{prefix}*"} if prefix else {}),
        "limit": str(_LIMIT),
    }
    found: dict[str, Provider] = {}
    for skip in range(0, _LAST_SKIP + 1, _LIMIT):
        count, page = registry.fetch_page({**asked, "skip": str(skip)})
        _check_filter(page, state, words, prefix)
        found |= {entry.number: entry for entry in page}
        if count < _LIMIT:
            return found
    if len(prefix) >= _LONGEST_PREFIX:
        registry.cut.append(f"{words.rstrip('*')} in {state} {prefix}")
        return found
    # What stands under no ZIP at all is only among the first, so these are kept. A wildcard needs two characters.
    for ending in [f"{number:02d}" for number in range(100)] if not prefix else list("0123456789"):
        found |= _fetch_all(registry, state, words, prefix + ending)
    return found


def _check_filter(page: list[Provider], state: str, words: str, prefix: str) -> None:
    """Few may be odd, since people fill in the registry themselves; most must be what was asked."""
    fits = [
        entry
        for entry in page
        if any(place.state == state for place in entry.addresses + entry.practiceLocations)
        and any(place.postal_code.startswith(prefix) for place in entry.addresses + entry.practiceLocations)
        and any(_has_specialty(taxonomy, words) for taxonomy in entry.taxonomies)
    ]
    if 2 * len(fits) < len(page):
        odd = next(entry for entry in page if entry not in fits)
        raise SourceError(
            f"The NPI registry was asked for {words} in {state} {prefix}".rstrip()
            + f" and sent others ({len(page) - len(fits)} of {len(page)}, first {odd.number}): the question was not "
            "heeded. Leave the registry out until this is mended."
        )


def _has_specialty(taxonomy: _Taxonomy, words: str) -> bool:
    return taxonomy.code in _TAXONOMIES[words] or words.rstrip("*").lower() in taxonomy.desc.lower()


def _source_list(found: list[Provider], states: frozenset[str], cut: list[str]) -> SourceList:
    active = sorted((entry for entry in found if entry.basic.status == "A"), key=lambda entry: entry.number)
    rows = [row for entry in active for row in _provider_rows(entry) if row["state"] in states]
    notes = ["What the NPI registry holds is what providers say of themselves; it does not say what they give."]
    if closed := len(found) - len(active):
        notes.append(f"Providers whose number is no longer in use, which were left out: {closed:,}.")
    if cut:
        notes.append(f"The NPI registry gave only a part of {'; '.join(cut)}.")
    pages = {str(row["clinic_id"]): _PAGE + str(row["clinic_id"]).split("-")[1] for row in rows}
    return SourceList(clinic_rows(rows), service_rows([]), pd.Series(pages, dtype="str"), tuple(notes))


def _provider_rows(entry: Provider) -> list[dict[str, object]]:
    """Its places in the states, DC and Puerto Rico, each once; a place keeps its number when others are left out."""
    rows: dict[tuple[str, str, str | None], dict[str, object]] = {}
    for at, place in enumerate(entry.locations, start=1):
        state = state_code(place.state)
        if place.country_code != "US" or place.address_type == "FGN" or not state:
            continue
        street = ", ".join(part for part in (_plain_text(place.address_1), _plain_text(place.address_2)) if part)
        row: dict[str, object] = {
            "clinic_id": f"npi-{entry.number}" + (f"-{at}" if at > 1 else ""),
            "name": _provider_name(entry),
            "address": street or None,
            "city": _plain_text(place.city) or None,
            "state": state,
            "zip": _zip_digits(place.postal_code),
            "phone": _plain_text(place.telephone_number) or None,
        }
        rows.setdefault((street, state, _zip_digits(place.postal_code)), row)
    return list(rows.values())


def _provider_name(entry: Provider) -> str:
    basic = entry.basic
    person = " ".join(part for part in (_plain_text(basic.first_name), _plain_text(basic.last_name)) if part)
    title = f", {_plain_text(basic.credential)}" if _plain_text(basic.credential) else ""
    return _plain_text(basic.organization_name) or f"{person}{title}"


def _plain_text(text: str) -> str:
    """Without needless blanks; dashes alone stand for nothing."""
    return " ".join(text.split()) if re.search(r"\w", text) else ""


def _zip_digits(text: str) -> str | None:
    digits = re.fullmatch(r"([0-9]{5})(?:-?[0-9]{4})?", text.strip())
    return digits[1] if digits else None
