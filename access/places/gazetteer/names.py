"""Town names as people and publishers write them, brought to one spelling."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_DROPPED: Final = re.compile(r"[.'’‘ʻ`]")
_SPACED: Final = re.compile(r"[^\w]+")
_SHORT: Final = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "mtn": "mountain",
    "hts": "heights",
    "spgs": "springs",
    "jct": "junction",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}


@lru_cache(maxsize=1 << 17)
def name_key(name: str) -> str:
    """A name without case, accents and points, short forms written out: "St. Paul" is "saint paul"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = _SPACED.sub(" ", _DROPPED.sub("", plain.lower())).split()
    return " ".join(_SHORT.get(word, word) for word in words)
