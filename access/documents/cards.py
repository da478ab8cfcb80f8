"""Result cards as one HTML list: every fact of a clinic that a patient needs before calling, all text escaped."""

import re
from datetime import date
from typing import Any, Final
from urllib.parse import quote_plus

import pandas as pd

from access.language import mark, say
from access.maps.escape import escape, safe_link
from access.places.directory.confidence import SERVICE_KEY
from access.questions.care import OLD_AFTER_DAYS, evidence_age_days
from access.vocabulary import SETTINGS, TREATMENTS
from access.words.call_script import call_script
from access.words.care import Row, address_of, drive_sentence, evidence_text, payers_sentence
from access.words.course import course_facts, hours_words, short_cost

_DIRECTIONS: Final = "https://www.google.com/maps/dir/?api=1&destination="
_NEW_TAB: Final = 'target="_blank" rel="noopener noreferrer"'


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
    known = choices.assign(evidence=evidence_text(choices, today)).astype(object)
    if sure is not None:
        known = known.join(sure[["works", "is_stale"]], on=SERVICE_KEY)
    by_clinic: dict[str, list[dict[Any, Any]]] = {}
    for row in known.where(known.notna(), None).to_dict("records"):
        by_clinic.setdefault(row["clinic_id"], []).append(row)
    cards = [_card_html(rows, today, payer) for rows in by_clinic.values()]
    return f'<ol class="care-cards" start="{first}">{"".join(cards)}</ol>'


def phone_link(phone: str) -> str:
    """The address that a telephone dials: "520-792-1450 x5047" is tel:5207921450;ext=5047 (RFC 3966)."""
    number, _, extension = phone.lower().partition("x")
    digits, inside = (re.sub(r"\D", "", part) for part in (number, extension))
    return f"tel:{digits};ext={inside}" if inside else f"tel:{digits}"


def _card_html(choices: list[dict[Any, Any]], today: date, payer: str | None) -> str:
    clinic = choices[0]
    treatments = ", ".join(say(TREATMENTS[choice["treatment"]]) for choice in choices)
    setting = f" · {escape(say(SETTINGS[clinic['setting']]))}" if clinic["setting"] else ""
    parts = [
        f"<h3>{escape(clinic['name'])}</h3>",
        f"<p><strong>{escape(treatments)}</strong>{setting}</p>",
        f"<p>{escape(drive_sentence(clinic))}</p>",
        f"<p>{escape(address_of(clinic))}</p>",
        f'<p class="care-contact">{_contact_html(clinic)}</p>',
        f"<p>{escape(payers_sentence(clinic, payer))}</p>",
        *_stated_html(clinic),
        *(_course_html(choice) for choice in choices),
        _script_html(choices, payer),
        *_note_html(choices),
        f'<p class="care-evidence">{_evidence_html(clinic, today)}</p>',
    ]
    return f"<li>{''.join(parts)}</li>"


def _contact_html(clinic: Row) -> str:
    links: list[str] = []
    if clinic["phone"]:
        call = say("Call {phone}", phone=clinic["phone"])
        links.append(f'<a href="{phone_link(clinic["phone"])}">{escape(call)}</a>')
    if url := safe_link(clinic["website"]):
        links.append(f'<a href="{escape(url)}" {_NEW_TAB}>{escape(say("Website"))}</a>')
    if not links:
        links.append(escape(say("Phone and website not in our data")))
    if clinic["address"]:
        target = _DIRECTIONS + quote_plus(f"{clinic['name']}, {address_of(clinic)}")
        links.append(f'<a href="{escape(target)}" {_NEW_TAB}>{escape(say("Directions (opens Google Maps)"))}</a>')
    return " · ".join(links)


def _course_html(choice: Row) -> str:
    """The course of one treatment, folded: what it asks in a line, and in full when opened."""
    line = say(
        "{treatment}, the whole course: {hours}, {cost}",
        treatment=say(TREATMENTS[choice["treatment"]]),
        hours=hours_words(choice["patient_minutes"]),
        cost=short_cost(choice),
    )
    best = f" <em>{escape(say('Best trade-off of time and money'))}</em>" if choice.get("is_best") else ""
    rows = (f"<dt>{escape(head)}</dt><dd>{escape(fact)}</dd>" for head, fact in course_facts(choice).items())
    return f"<details><summary>{escape(line)}{best}</summary><dl>{''.join(rows)}</dl></details>"


def _stated_html(clinic: Row) -> list[str]:
    """What a source states beside insurance; what none states is left to the words for the telephone."""
    facts = {"telehealth": mark("States visits by video or phone."), "speaks_spanish": mark("States care in Spanish.")}
    said = " ".join(say(words) for fact, words in facts.items() if clinic.get(fact))
    return [f"<p>{escape(said)}</p>"] if said else []


def _script_html(choices: list[dict[Any, Any]], payer: str | None) -> str:
    """What to say on the telephone, folded; each question once, whatever the treatment."""
    lines = dict.fromkeys(line for choice in choices for line in call_script(choice, payer))
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{escape(say('What to say when you call'))}</summary><ul>{items}</ul></details>"


def _note_html(choices: list[dict[Any, Any]]) -> list[str]:
    notes = list(dict.fromkeys(choice["note"] for choice in choices if choice["note"]))
    said = [note for note in notes if not any(note in other for other in notes if other != note)]
    return [f"<p>{escape(say('Our note: {note}.', note=note.rstrip('.')))}</p>" for note in said]


def _evidence_html(clinic: Row, today: date) -> str:
    days = evidence_age_days(clinic["seen_date"], today)
    known = escape(say("How we know: {evidence}.", evidence=clinic["evidence"]))
    link = safe_link(clinic["source_url"])
    source = f' <a href="{escape(link)}" {_NEW_TAB}>{escape(say("Source"))}</a>.' if link else ""
    is_old = clinic.get("is_stale")
    if is_old is None:
        is_old = days is None or days > OLD_AFTER_DAYS or bool(clinic.get("missing_since"))
    old = f" <strong>{escape(say('Old or undated: call first.'))}</strong>" if is_old else ""
    return f"{known}{source}{_chance_html(clinic)}{old}"


def _chance_html(clinic: Row) -> str:
    """The chance that the listing is right, in tenths, rounded down; "": not worked out."""
    if clinic.get("works") is None:
        return ""
    told = say("By our estimate about {number} in 10 such listings are right.", number=int(clinic["works"] * 10 + 1e-9))
    return f" {escape(told)}"
