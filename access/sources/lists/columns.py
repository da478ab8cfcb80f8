"""Which column of a person's list is which of ours: by name, however it is written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from access.errors import TableError
from access.sources.lists.rules import shorten_text

# What is accepted beside the column's own name; case, blanks and signs do not count.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "clinic_id": ("id", "site id", "facility id", "record id"),
    "name": ("clinic name", "clinic", "facility", "facility name", "site name", "practice", "practice name",
             "organization"),
    "street": ("address", "street address", "address 1", "address line 1", "street 1"),
    "city": ("town", "city name"),
    "state": ("state code", "state abbreviation", "st"),
    "zip": ("zip code", "zip5", "postal code", "postcode"),
    "latitude": ("lat", "y"),
    "longitude": ("lng", "lon", "long", "x"),
    "location_precision": ("precision", "geocode precision"),
    "phone": ("phone number", "telephone", "tel", "telephone number"),
    "website": ("web site", "web", "url", "web address", "homepage"),
    "treatments": ("treatment", "services", "service", "treatments offered", "services offered"),
    "setting": ("facility type", "clinic type", "type"),
    "payers": ("insurance", "payer", "payers accepted", "insurance accepted", "accepted insurance", "insurances"),
    "payers_refused": ("insurance refused", "payers not accepted", "insurance not accepted"),
    "price_usd": ("price", "cost", "price in dollars", "cash price"),
    "price_note": ("price notes", "price of"),
    "source_url": ("source", "source link", "link", "source page"),
    "seen_date": ("seen", "date seen", "page date"),
    "checked_on": ("checked", "date checked", "as of", "date", "last checked", "verified", "verified on",
                   "last verified"),
    "note": ("notes", "comment", "comments", "remarks"),
    "rems_certified": ("rems", "rems certification", "spravato rems"),
    "capacity_per_week": ("capacity", "weekly capacity", "visits per week"),
    "telehealth": ("telemedicine", "video visits"),
    "speaks_spanish": ("spanish", "spanish speaking", "se habla espanol"),
}  # fmt: skip
OBLIGATORY: Final = ("name", "state", "treatments")
_MOST_SHOWN: Final = 12


@dataclass(frozen=True)
class MatchedColumns:
    """What a header says: `places`, where each of our columns stands in a row, `theirs`, what it is called there, and
    `passed_over`, the columns that are none of ours."""

    places: dict[str, int]
    theirs: dict[str, str]
    passed_over: list[str]


def key_of(name: str) -> str:
    """What is left of a column's name when case, accents, blanks and signs do not count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


_COLUMN_OF_KEY: Final = {key_of(word): ours for ours, words in SYNONYMS.items() for word in (ours, *words)}


def count_known(header: Sequence[str]) -> int:
    """How many cells of a header name a column of ours."""
    return sum(key_of(name) in _COLUMN_OF_KEY for name in header)


def match_columns(header: Sequence[str], name: str) -> MatchedColumns:
    """Our columns in a header.

    Raises
    ------
    TableError
        An obligatory column is missing, or two mean the same; says what was found and what is accepted.
    """
    places: dict[str, list[int]] = {}
    for place, theirs in enumerate(header):
        places.setdefault(_COLUMN_OF_KEY.get(key_of(theirs), ""), []).append(place)
    passed_over = [shorten_text(header[place]) for place in places.pop("", []) if header[place]]
    if missing := [ours for ours in OBLIGATORY if ours not in places]:
        raise TableError(f"{name} has no column for {_accepted_names(missing)} Found: {_found_names(header)}.")
    for ours, found in places.items():
        if len(found) > 1:
            named = " and ".join(f"'{shorten_text(header[place])}'" for place in found)
            raise TableError(f"{name}: {named} all mean {ours}. Keep one of them, or rename the others.")
    first = {ours: found[0] for ours, found in places.items()}
    return MatchedColumns(first, {ours: shorten_text(header[place]) for ours, place in first.items()}, passed_over)


def _accepted_names(missing: Sequence[str]) -> str:
    return " ".join(f"{ours} (call it {', '.join((ours, *SYNONYMS[ours]))})." for ours in missing)


def _found_names(header: Sequence[str]) -> str:
    named = [f"'{shorten_text(one, 40)}'" for one in header if one]
    more = f" and {len(named) - _MOST_SHOWN} more" if len(named) > _MOST_SHOWN else ""
    return (", ".join(named[:_MOST_SHOWN]) or "nothing") + more
