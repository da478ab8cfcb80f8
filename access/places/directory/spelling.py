"""One spelling for the streets, telephones, websites and names of clinics."""

import re
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from access.sources.domains import registered_domain

# fmt: off
_STREET_WORDS: Final = {
    "street": "st", "saint": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd",
    "drive": "dr", "lane": "ln", "highway": "hwy", "parkway": "pkwy", "court": "ct", "place": "pl",
    "square": "sq", "circle": "cir", "terrace": "ter", "trail": "trl", "turnpike": "tpke", "route": "rte",
    "plaza": "plz", "center": "ctr", "centre": "ctr", "mount": "mt", "fort": "ft", "expressway": "expy",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "first": "1st", "second": "2nd", "third": "3rd",
    "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th",
}
_UNIT: Final = re.compile(
    r"(?:#|\b(?:suites?|ste|unit|apt|floor|fl|bldg|building|room|rm|mail stop|dept)\b).*", re.IGNORECASE
)
_NAME_WORDS: Final = {
    "ctr": "center", "centre": "center", "hosp": "hospital", "univ": "university", "servs": "service",
    "svcs": "service", "hlth": "health", "healthcare": "health", "behav": "behavioral", "csl": "counseling",
    "saint": "st", "mt": "mount", "trt": "treatment", "ctrs": "center", "med": "medical",
    "mh": "mental", "bh": "behavioral health",
}
# fmt: on


def word_set(words: str) -> frozenset[str]:
    """The words of a text, parted by spaces."""
    return frozenset(words.split())


_FILLERS: Final = word_set(
    "the of and for at a in inc llc pllc pc pa lp llp corp corporation co company dba md do dr phd"
)


def street_of(address: str) -> str:
    """The house number and street in short: `2525 s downing st`; "": no part starts with a house number."""
    for part in address.lower().split(","):
        words = re.sub(r"[.']", "", _UNIT.sub("", part)).split()
        if words and words[0][0].isdigit() and len(words) > 1:
            return " ".join(_STREET_WORDS.get(word, word) for word in words)
    return ""


def phone_of(text: str) -> str:
    """The ten digits of a telephone number without its extension; "": it has not so many."""
    digits = re.sub(r"\D", "", re.split(r"(?i)\s*(?:x|ext)", text)[0]).removeprefix("1")
    return digits if len(digits) == 10 else ""


def domain_of(website: str) -> str:
    """The domain that the owner of a website registered: `butler.org` of `https://www.butler.org/tms`; "": none."""
    address = website.strip().lower()
    with suppress(ValueError):
        return registered_domain(urlsplit(address if "//" in address else f"//{address}").hostname or "")
    return ""


def words_of(name: str) -> frozenset[str]:
    """The words of a name in one spelling, without fillers such as "the" and "LLC"."""
    plain = re.sub(r"[’'.]", "", name.lower()).replace("&", " and ").replace("veterans affairs", "va")
    words = " ".join(_NAME_WORDS.get(word, word) for word in re.sub(r"[^a-z0-9]+", " ", plain).split()).split()
    return frozenset(_singular(word) for word in words if word not in _FILLERS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")) else word
