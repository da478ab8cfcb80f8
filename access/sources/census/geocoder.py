"""The US Census Bureau's geocoder: where a street address is; asked only when a person says so, and never kept."""

from typing import Final

from pydantic import BaseModel, ValidationError

from access.errors import AmbiguousPlaceError, PlaceError, SourceError
from access.language import say
from access.settings import settings
from access.sources.fetching.download import ask_privately

BENCHMARK: Final = "Public_AR_Current"
MOST_CHARACTERS: Final = 200


class Coordinates(BaseModel):
    """`x` is the longitude, `y` the latitude."""

    x: float
    y: float


class Components(BaseModel):
    """The parts of an address that we use."""

    state: str = ""


class AddressMatch(BaseModel):
    """One address that the geocoder knows."""

    matchedAddress: str
    coordinates: Coordinates
    addressComponents: Components = Components()


class _GeocoderResult(BaseModel):
    addressMatches: list[AddressMatch]


class _GeocoderReply(BaseModel):
    result: _GeocoderResult


def find_address(text: str) -> AddressMatch:
    """The one address that is meant. What was typed is sent to the Census Bureau, and nowhere else; nothing is kept.

    Raises
    ------
    PlaceError
        It is empty or too long, or no such address is known.
    AmbiguousPlaceError
        It may be several.
    SourceError
        The geocoder cannot be reached, or does not answer as it should.

    Source
    ------
    US Census Bureau, Geocoding Services API, locations by one line.
    """
    words = " ".join(text.split())
    if not words or len(words) > MOST_CHARACTERS:
        raise PlaceError(
            say("Type a street, a town and a state, in at most {number} characters.", number=MOST_CHARACTERS)
        )
    matches = _ask_geocoder(words)
    labels = list(dict.fromkeys(match.matchedAddress for match in matches))
    if not labels:
        raise PlaceError(say("The Census Bureau does not know this address. Try a ZIP or a town."))
    if len(labels) > 1:
        told = say(
            "That may be {number} addresses: {named}. Type one of them.", number=len(labels), named="; ".join(labels)
        )
        raise AmbiguousPlaceError(told, labels)
    return matches[0]


def _ask_geocoder(words: str) -> list[AddressMatch]:
    question = {"address": words, "benchmark": BENCHMARK, "format": "json"}
    try:
        reply = ask_privately(settings().addresses["geocoder"][0], question)
        return _GeocoderReply.model_validate_json(reply).result.addressMatches
    except (SourceError, ValidationError):
        # Not "from" the cause, whose text may hold the address.
        raise SourceError(
            say("The Census Bureau's address service did not answer as it should. Try a ZIP or a town.")
        ) from None
