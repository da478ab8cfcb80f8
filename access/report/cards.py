"""Result cards as one HTML list: every fact of a clinic that a patient needs before calling, all text escaped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from access.maps.escape import escape, safe_link
from access.places.services import NOT_STATED, STATED
from access.report.care import OLD_AFTER_DAYS, evidence_age_days, evidence_text
from access.units import miles
from access.vocabulary import PAYERS, SETTINGS, TREATMENTS

_SAME_SPOT_KM = 5.0
_PLACED = {
    "zip": "Placed at the centre of its ZIP, so the drive is a rough one.",
    "city": "Placed at the centre of its town, so the drive is a rough one.",
}


def care_cards(found: pd.DataFrame, today: date, *, payer: str | None = None) -> str:
    """An ordered list of cards, numbered as the map's markers are.

    `found`: rows of `care_near`. `payer`: the one asked for, whose answer each card then states.
    """
    texts = evidence_text(found, today)
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    cards = (_card(row, text, today, payer) for row, text in zip(rows, texts, strict=True))
    return f'<ol class="care-cards">{"".join(cards)}</ol>'


def _card(clinic: dict[Any, Any], evidence: str, today: date, payer: str | None) -> str:
    parts = [
        f"<h3>{escape(clinic['name'])}</h3>",
        f"<p><strong>{escape(_named(clinic['treatments'], TREATMENTS))}</strong>{_setting(clinic)}</p>",
        f"<p>{_drive(clinic)}</p>",
        f"<p>{escape(_address(clinic))}{_contact(clinic)}</p>",
        f"<p>{_payers(clinic, payer)}</p>",
        f'<p class="care-evidence">{_evidence(clinic, evidence, today)}</p>',
    ]
    return f"<li>{''.join(parts)}</li>"


def _named(joined: str, words: dict[str, str]) -> str:
    return ", ".join(words[word] for word in joined.split("|") if word)


def _setting(clinic: dict[Any, Any]) -> str:
    return f" · {escape(SETTINGS[clinic['setting']])}" if clinic["setting"] else ""


def _drive(clinic: dict[Any, Any]) -> str:
    rough = _PLACED.get(clinic["location_precision"], "")
    if drive := drive_words(clinic):
        return f"About <strong>{drive}</strong> one way, {miles(clinic['km']):.0f} miles: an estimate. {rough}"
    return f"In or near the place you typed: how long the drive is, we cannot tell. {rough}"


def drive_words(clinic: Mapping[Any, Any]) -> str | None:
    """ "35 min (30 to 42)"; None: the clinic is placed too roughly to tell."""
    if clinic["location_precision"] in _PLACED and clinic["km"] < _SAME_SPOT_KM:
        return None
    low, high = clinic["minutes_low"], clinic["minutes_high"]
    return f"{clinic['minutes']:.0f} min ({low:.0f} to {high:.0f})"


def _address(clinic: dict[Any, Any]) -> str:
    town = f"{clinic['city'] or ''}, {clinic['state']} {clinic['zip'] or ''}".strip(", ")
    return ", ".join(part for part in (clinic["address"], town) if part)


def _contact(clinic: dict[Any, Any]) -> str:
    links: list[str] = []
    if clinic["phone"]:
        digits = "".join(c for c in clinic["phone"] if c.isdigit())
        links.append(f'<a href="tel:{digits}">{escape(clinic["phone"])}</a>')
    if url := safe_link(clinic["website"]):
        links.append(f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">Website</a>')
    return "".join(f" · {link}" for link in links) or " · Phone and website not in our data"


def _payers(clinic: dict[Any, Any], payer: str | None) -> str:
    stated = _named(clinic["payers_accepted"], PAYERS)
    text = f"States that it takes: {escape(stated)}." if stated else "Which insurance it takes is not stated: ask."
    if payer and clinic["payer_answer"] == STATED:
        return f"<strong>Takes {escape(PAYERS[payer])}</strong> (stated). {text}"
    if payer and clinic["payer_answer"] == NOT_STATED and stated:
        return f"{escape(PAYERS[payer])}: not stated, ask. {text}"
    return text


def _evidence(clinic: dict[Any, Any], text: str, today: date) -> str:
    days = evidence_age_days(clinic["seen_date"], today)
    old = " <strong>Old or undated: call first.</strong>" if days is None or days > OLD_AFTER_DAYS else ""
    link = safe_link(clinic["source_url"])
    source = f' <a href="{escape(link)}" target="_blank" rel="noopener noreferrer">Source</a>.' if link else ""
    return f"How we know: {escape(text)}.{source}{old}"
