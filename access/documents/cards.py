"""Result cards as one HTML list: every fact of a clinic that a patient needs before calling, all text escaped."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote_plus

import pandas as pd

from access.language import mark, say
from access.maps.escape import safe_link
from access.maps.markup import fill_fragment
from access.places.directory.confidence import SERVICE_KEY
from access.questions.care import OLD_AFTER_DAYS, evidence_age_days
from access.vocabulary import SETTINGS, TREATMENTS
from access.words.call_script import call_script
from access.words.care import Row, address_of, choice_rows, drive_sentence, payers_sentence
from access.words.course import course_facts, hours_words, short_cost

_DIRECTIONS: Final = "https://www.google.com/maps/dir/?api=1&destination="


def care_cards(
    choices: pd.DataFrame,
    today: date,
    *,
    payer: str | None = None,
    first: int = 1,
    sure: pd.DataFrame | None = None,
) -> str:
    """An ordered list of cards, one for each clinic, numbered as the map's markers are.

    `choices`: rows of `care_choices`; a clinic stands where the first of its rows does; where `is_best` is true the
    card says so. `payer`: the one asked for, whose answer each card then states. `first`: the first card's number.
    `sure`: of `access.places.directory.confidence`, whose chances and ages the cards then tell.
    """
    known = choices if sure is None else choices.join(sure[["works", "is_stale"]], on=SERVICE_KEY)
    by_clinic: dict[str, list[dict[Any, Any]]] = {}
    for row in choice_rows(known, today):
        by_clinic.setdefault(row["clinic_id"], []).append(row)
    return fill_fragment(
        "documents/templates/cards.html",
        first=first,
        cards=[_card_of(rows, today, payer) for rows in by_clinic.values()],
        script_title=say("What to say when you call"),
        source_title=say("Source"),
    )


def phone_link(phone: str) -> str:
    """The address that a telephone dials: "520-792-1450 x5047" is tel:5207921450;ext=5047 (RFC 3966)."""
    number, _, extension = phone.lower().partition("x")
    digits, inside = (re.sub(r"\D", "", part) for part in (number, extension))
    return f"tel:{digits};ext={inside}" if inside else f"tel:{digits}"


@dataclass(frozen=True)
class _Contact:
    """Words by which a clinic is reached, with their link; None: words alone."""

    words: str
    address: str | None = None
    is_outside: bool = False


@dataclass(frozen=True)
class _Course:
    """The course of one treatment: what it asks in a line, and in full when opened."""

    line: str
    best: str
    facts: dict[str, str]


@dataclass(frozen=True)
class _Card:
    """The words of one card, from top to bottom; what is not known is ""."""

    name: str
    treatments: str
    setting: str
    drive: str
    address: str
    contacts: list[_Contact]
    payers: str
    stated: str
    courses: list[_Course]
    script: list[str]
    notes: list[str]
    evidence: str
    source: str | None
    chance: str
    warning: str


def _card_of(choices: list[dict[Any, Any]], today: date, payer: str | None) -> _Card:
    clinic = choices[0]
    return _Card(
        name=clinic["name"],
        treatments=", ".join(say(TREATMENTS[choice["treatment"]]) for choice in choices),
        setting=say(SETTINGS[clinic["setting"]]) if clinic["setting"] else "",
        drive=drive_sentence(clinic),
        address=address_of(clinic),
        contacts=_contacts_of(clinic),
        payers=payers_sentence(clinic, payer),
        stated=_stated_words(clinic),
        courses=[_course_of(choice) for choice in choices],
        # Each question once, whatever the treatment.
        script=list(dict.fromkeys(line for choice in choices for line in call_script(choice, payer))),
        notes=_note_sentences(choices),
        evidence=say("How we know: {evidence}.", evidence=clinic["evidence"]),
        source=safe_link(clinic["source_url"]),
        chance=_chance_sentence(clinic),
        warning=say("Old or undated: call first.") if _is_old(clinic, today) else "",
    )


def _contacts_of(clinic: Row) -> list[_Contact]:
    contacts: list[_Contact] = []
    if clinic["phone"]:
        contacts.append(_Contact(say("Call {phone}", phone=clinic["phone"]), phone_link(clinic["phone"])))
    if url := safe_link(clinic["website"]):
        contacts.append(_Contact(say("Website"), url, is_outside=True))
    if not contacts:
        contacts.append(_Contact(say("Phone and website not in our data")))
    if clinic["address"]:
        target = _DIRECTIONS + quote_plus(f"{clinic['name']}, {address_of(clinic)}")
        contacts.append(_Contact(say("Directions (opens Google Maps)"), target, is_outside=True))
    return contacts


def _course_of(choice: Row) -> _Course:
    line = say(
        "{treatment}, the whole course: {hours}, {cost}",
        treatment=say(TREATMENTS[choice["treatment"]]),
        hours=hours_words(choice["patient_minutes"]),
        cost=short_cost(choice),
    )
    best = say("Best trade-off of time and money") if choice.get("is_best") else ""
    return _Course(line, best, course_facts(choice))


def _stated_words(clinic: Row) -> str:
    """What a source states beside insurance; what none states is left to the words for the telephone."""
    facts = {"telehealth": mark("States visits by video or phone."), "speaks_spanish": mark("States care in Spanish.")}
    return " ".join(say(words) for fact, words in facts.items() if clinic.get(fact))


def _note_sentences(choices: list[dict[Any, Any]]) -> list[str]:
    """Our notes, but for those that another note holds."""
    notes = list(dict.fromkeys(choice["note"] for choice in choices if choice["note"]))
    whole = [note for note in notes if not any(note in other for other in notes if other != note)]
    return [say("Our note: {note}.", note=note.rstrip(".")) for note in whole]


def _is_old(clinic: Row, today: date) -> bool:
    is_stale = clinic.get("is_stale")
    if is_stale is not None:
        return bool(is_stale)
    days = evidence_age_days(clinic["seen_date"], today)
    return days is None or days > OLD_AFTER_DAYS or bool(clinic.get("missing_since"))


def _chance_sentence(clinic: Row) -> str:
    """The chance that the listing is right, in tenths, rounded down; "": not worked out."""
    if clinic.get("works") is None:
        return ""
    tenths = int(clinic["works"] * 10 + 1e-9)
    return say("By our estimate about {number} in 10 such listings are right.", number=tenths)
