"""Whether two records of clinics speak of one physical site: by street, telephone and name, cautiously."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd
from rapidfuzz import fuzz

from access.geo import great_circle_km
from access.places.directory.spelling import domain_of, phone_of, street_of, word_set, words_of
from access.places.gazetteer.names import name_key
from access.vocabulary import STATES

_INSTITUTIONS: Final = word_set("hospital medical university institute va")
# What a hospital calls a part of itself; dropped from the names of institutions only, since "Serenity
# Ketamine" and "Serenity TMS" may well be two.
_PARTS: Final = word_set(
    "tms ect ketamine esketamine spravato clinic program service department inpatient outpatient unit "
    "behavioral health mental psychiatry psychiatric neuromodulation therapy electroconvulsive system "
    "neurotherapeutic neurostimulation neuro stimulation"
)
# Words that many clinics of a town may share; "va" is not one of them.
_COMMON: Final = (_PARTS | _INSTITUTIONS - {"va"}) | word_set(
    "center wellness care healing group practice associate counseling recovery treatment campus integrative "
    "interventional infusion st north south east west community regional memorial general county city new "
    "substance abuse addiction alcohol drug adult child adolescent residential intensive partial day office "
    "division location medicine main emergency"
)
# Words of which two names of one organisation share at least one, beside its own name.
_KINDS: Final = word_set("hospital medical university institute behavioral psychiatric")
_CAMPUSES: Final = word_set("hospital university")
# What one of two spellings of a street may leave out.
_ASIDES: Final = word_set("n s e w ne nw se sw rear")
_NEARBY_KM: Final = 15.0
_SEGMENTS: Final = re.compile(r"\s+[-–—]\s+|[,/();|]")


@dataclass(frozen=True)
class Record:
    """What of a clinic is compared. `street` is "" without a house number; `phone` is 10 digits or "".

    `domain` is that of the website, or ""; `latitude` and `longitude` are degrees, NaN: not known.
    """

    town: str
    zip: str
    street: str
    phone: str
    domain: str
    latitude: float
    longitude: float
    words: frozenset[str]
    first_words: frozenset[str]
    local_words: frozenset[str]
    leading: frozenset[str]
    names: frozenset[frozenset[str]]
    own_words: frozenset[str]
    text: str

    def is_near(self, other: "Record") -> bool:
        """In one town, or under one ZIP."""
        return self.town == other.town or (self.zip != "" and self.zip == other.zip)


def records_of(clinics: pd.DataFrame) -> list[Record]:
    """One `Record` per row of a table with the columns of `access.tables.CLINICS`."""
    columns = ["name", "address", "city", "state", "zip", "phone", "website"]
    rows = clinics[columns].astype("object").where(clinics[columns].notna(), "")
    points = clinics[["latitude", "longitude"]].astype("float64").to_numpy()
    return [
        _record_of([str(cell) for cell in row], float(latitude), float(longitude))
        for row, (latitude, longitude) in zip(rows.to_numpy(), points, strict=True)
    ]


def rule_of(one: Record, other: Record) -> str:
    """The rule by which two records are one site, as a short key; "": by none.

    Two known streets must be equal, and then the telephone or the name must agree: a medical building
    holds many clinics. A hospital's programmes agree by its name. Where a street is not known, the whole name
    or its leading part must be the same in the same town (and two telephones, where neither tells its street);
    or the telephone and some part of the name; or both are of the VA; or the name in the next town.
    """
    if not one.is_near(other):
        return _rule_nearby(one, other)
    if one.street and other.street:
        return _rule_on_streets(one, other)
    return _rule_in_town(one, other)


def is_perhaps_same_site(one: Record, other: Record) -> bool:
    """Whether a person should look: a street is not known, and the names are alike or share own words."""
    if not one.is_near(other) or (one.street and other.street):
        return False
    return fuzz.ratio(one.text, other.text) >= 70 or _shares_own_words(one, other)


def name_score(one: Record, other: Record) -> float:
    """How alike two names are, 0 to 1, whatever the order of their words."""
    return float(fuzz.token_set_ratio(one.text, other.text)) / 100


def km_between(one: Record, other: Record) -> float:
    """Kilometres between two records' points; NaN: one has none."""
    return float(great_circle_km(one.latitude, one.longitude, other.latitude, other.longitude))


def _same_phone(one: Record, other: Record) -> bool:
    return one.phone != "" and one.phone == other.phone


def _phones_differ(one: Record, other: Record) -> bool:
    return one.phone != "" and other.phone != "" and one.phone != other.phone


def _zips_differ(one: Record, other: Record) -> bool:
    return one.zip != "" and other.zip != "" and one.zip != other.zip


def _is_house_apart(one: Record, other: Record) -> bool:
    """A ZIP without a street: an address that is withheld, of a house whose own words are not in the other's name."""
    return not one.street and one.zip != "" and not one.own_words <= other.own_words


def _is_named_with_treatment(one: Record, other: Record) -> bool:
    """The name of the other, with what it gives there: "Center for Life Management TMS"."""
    return other.words < one.words and one.words - other.words <= _PARTS and len(other.own_words) > 1


def _rule_nearby(one: Record, other: Record) -> str:
    """A place may be told by its town or by the city beside it."""
    if one.street and other.street:
        agree = not _phones_differ(one, other) and _streets_agree(one, other) and _names_agree(one, other)
        return "street_and_name_nearby" if agree and km_between(one, other) <= _NEARBY_KM else ""
    if one.words != other.words or len(one.words) < 2:
        return ""
    differs = _phones_differ(one, other) or _zips_differ(one, other)
    return "" if differs or not km_between(one, other) <= _NEARBY_KM else "whole_name_nearby"


def _rule_in_town(one: Record, other: Record) -> str:
    """Where a street is not known, a ZIP or a telephone that differs may tell two houses of one organisation."""
    if _zips_differ(one, other):
        return ""
    if one.words == other.words and len(one.words) > 1:
        return "whole_name_in_town"
    if _is_house_apart(one, other) or _is_house_apart(other, one):
        return ""
    both_withheld = not one.street and not other.street
    if _leading_names_agree(one, other) and not (both_withheld and _phones_differ(one, other)):
        return "leading_name_in_town"
    if _same_phone(one, other) and _names_agree(one, other):
        return "phone_and_name"
    if _own_names_agree(one, other):
        return "own_name_in_town"
    if _is_named_with_treatment(one, other) or _is_named_with_treatment(other, one):
        return "name_and_treatment_in_town"
    return "va_in_town" if _are_both_va(one, other) else ""


def _rule_on_streets(one: Record, other: Record) -> str:
    if not _streets_agree(one, other):
        return ""
    if _names_agree(one, other):
        return "street_and_name"
    if _same_phone(one, other):
        return "street_and_phone"
    if one.first_words == other.first_words and len(one.first_words) >= 3:
        return "street_and_first_words"
    return "street_and_institution" if _institutions_agree(one, other) else ""


def _streets_agree(one: Record, other: Record) -> bool:
    """One house number, and a street spelled alike.

    One spelling may leave out a direction, or have a slip in a longer word; under one telephone, in several words.
    """
    mine = one.street.split()
    its = other.street.split()
    if mine[0] != its[0]:
        return False
    if len(mine) != len(its):
        fewer, more = sorted((mine, its), key=len)
        return any(more[:at] + more[at + 1 :] == fewer for at in range(1, len(more)) if more[at] in _ASIDES)
    slips = [(a, b) for a, b in zip(mine, its, strict=True) if a != b]
    if _same_phone(one, other):
        return all(_is_slip(a, b, letters=4, alike=75) for a, b in slips)
    return len(slips) < 2 and all(_is_slip(a, b, letters=6, alike=85) for a, b in slips)


def _is_slip(one: str, other: str, *, letters: int, alike: int) -> bool:
    """Two spellings of a word, not two numbers."""
    return (
        one.isalpha() and other.isalpha() and min(len(one), len(other)) >= letters and fuzz.ratio(one, other) >= alike
    )


def _institutions_agree(one: Record, other: Record) -> bool:
    """Both are a hospital's, or a university's, and share a word of its name: its own or of its town."""
    shared = one.words & other.words
    return bool(shared & _CAMPUSES) and bool(shared & (one.own_words | one.local_words))


def _are_both_va(one: Record, other: Record) -> bool:
    """In Virginia, "VA" may be the state."""
    return "va" in one.words & other.words and "va" not in one.local_words


def _own_names_agree(one: Record, other: Record) -> bool:
    same = bool(one.own_words) and one.own_words == other.own_words
    return same and bool(one.words & other.words & _KINDS)


def _record_of(cells: list[str], latitude: float, longitude: float) -> Record:
    name, address, city, state, zip_code, phone, website = cells
    local = words_of(city) | words_of(state) | words_of(STATES.get(state, ""))
    keys = [_telling_words(words_of(segment), local) for segment in _SEGMENTS.split(name) if segment.strip()]
    words = words_of(name)
    return Record(
        town=f"{name_key(city)}|{state}",
        zip=f"{zip_code} {state}" if zip_code else "",  # a wrong ZIP is seldom wrong in its state too
        street=street_of(address),
        phone=phone_of(phone),
        domain=domain_of(website),
        latitude=latitude,
        longitude=longitude,
        words=words,
        first_words=words_of(_SEGMENTS.split(name)[0]),
        local_words=local,
        leading=keys[0] if keys else frozenset(),
        names=frozenset(key for key in keys if key),
        own_words=words - _COMMON - local,
        text=" ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split()),
    )


def _telling_words(words: frozenset[str], local: frozenset[str]) -> frozenset[str]:
    """The part of a name that tells it from its neighbours'; empty: it does not."""
    core = words - _PARTS if words & _INSTITUTIONS else words - {"system"}
    if core - local - _COMMON:
        return core - local
    tells = len(core) >= 3 and bool(core & (local | _INSTITUTIONS))
    return core if tells else frozenset()


def _leading_names_agree(one: Record, other: Record) -> bool:
    return one.leading in other.names or other.leading in one.names


def _names_agree(one: Record, other: Record) -> bool:
    return one.words == other.words or bool(one.names & other.names) or _shares_own_words(one, other)


def _shares_own_words(one: Record, other: Record) -> bool:
    """All own words of one are among the other's; "Canyon" and "Canyon 2" are two."""
    fewer, more = sorted((one.own_words, other.own_words), key=len)
    return bool(fewer) and fewer <= more and not any(word.isdigit() for word in more - fewer)
