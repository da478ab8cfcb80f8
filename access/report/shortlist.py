"""The shortlist on paper: up to four choices and what to ask of each, on one page to take along."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from access.language import language, mark, say
from access.report.cards import address_of, drive_sentence, payers_sentence
from access.report.care import evidence_text
from access.report.comparison import MOST_COMPARED
from access.report.course_words import course_facts
from access.report.paper import pdf_page
from access.vocabulary import TREATMENTS

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
# So that four choices with endless texts still fit on the page.
_NAME, _CONTACT, _EVIDENCE = 80, 140, 110
CHECKLIST: Final = (
    mark("Do you give this treatment now, and take new patients?"),
    mark("Do you take my insurance for it? Is approval needed first?"),
    mark("What does one visit cost me? Are there lower prices by income?"),
    mark("Do I need a referral or records? How long is the wait?"),
    mark("Who must bring me home? Which rides are allowed?"),
    mark("Who watches me during the visit? What should I tell you of my health?"),
    mark("How do we see if it works, and what then?"),
)


def shortlist_pdf(choices: pd.DataFrame, today: date, *, payer: str | None = None) -> bytes:
    """One printable page (Letter, tagged PDF) with up to four choices, in the current language.

    `choices`: rows of `care_choices`. Nothing of where the person lives is on it; long texts are cut.

    Raises
    ------
    ValueError: no choice, or more than four.
    """
    if not 1 <= len(choices) <= MOST_COMPARED:
        raise ValueError(f"A shortlist holds 1 to {MOST_COMPARED} choices; given {len(choices)}.")
    return pdf_page(_TEMPLATE, _page(choices, today, payer))


def _page(choices: pd.DataFrame, today: date, payer: str | None) -> dict[str, Any]:
    known = choices.assign(evidence=evidence_text(choices, today)).astype(object)
    rows = known.where(known.notna(), None).to_dict("records")
    return {
        "language": language(),
        "title": say("My shortlist: care for depression"),
        "printed": say("Printed {date}", date=today.isoformat()),
        "caution": say("Drives and costs are estimates. Call before you travel. Not medical advice."),
        "crisis": say("In a crisis call or text 988. In immediate danger call 911. En español: 988, luego 2."),
        "choices": [_choice(number, row, payer) for number, row in enumerate(rows, 1)],
        "checklist-title": say("Ask before you go, and tick what you asked"),
        "checklist": [say(question) for question in CHECKLIST],
    }


def _choice(number: int, row: Mapping[Any, Any], payer: str | None) -> dict[str, Any]:
    contact = [address_of(row), row["phone"], row["website"]]
    facts = {
        say("Drive"): drive_sentence(row),
        **course_facts(row),
        say("Insurance"): payers_sentence(row, payer),
        say("How we know"): _cut(row["evidence"], _EVIDENCE),
    }
    return {
        "number": f"{number}.",
        "name": _cut(row["name"], _NAME),
        "treatment": say(TREATMENTS[row["treatment"]]),
        "contact": _cut(" · ".join(part for part in contact if part), _CONTACT),
        "facts": [[head, fact] for head, fact in facts.items()],
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
