"""The shortlist: up to four choices side by side, as an HTML table, and on one page with what to ask of each."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from access.documents.render import render_pdf
from access.language import language, mark, say
from access.maps.markup import fill_fragment
from access.vocabulary import TREATMENTS
from access.words.care import (
    address_of,
    choice_name,
    choice_rows,
    drive_sentence,
    payers_sentence,
)
from access.words.course import course_facts

MOST_CHOICES = 4


def comparison_table(choices: pd.DataFrame, today: date, *, payer: str | None = None) -> str:
    """The facts of each choice (rows of `care_choices`) in a column of its own, all text escaped."""
    rows = choice_rows(choices, today)
    facts = [_facts_of(row, payer) for row in rows]
    return fill_fragment(
        "documents/templates/comparison.html",
        caption=say("Your choices side by side"),
        names=[choice_name(row) for row in rows],
        heads=list(dict.fromkeys(head for one in facts for head in one)),
        facts=facts,
    )


def _facts_of(choice: dict[Any, Any], payer: str | None) -> dict[str, str]:
    return {
        say("Drive"): drive_sentence(choice),
        **course_facts(choice),
        say("Insurance"): payers_sentence(choice, payer),
        say("How we know"): choice["evidence"],
    }


# So that four choices with endless texts still fit on the page.
_NAME = 80
_CONTACT = 140
_EVIDENCE = 110
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
    ValueError
        No choice, or more than four.
    """
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise ValueError(f"A shortlist holds 1 to {MOST_CHOICES} choices; given {len(choices)}.")
    return render_pdf("shortlist.typ", _page_words(choices, today, payer))


def _page_words(choices: pd.DataFrame, today: date, payer: str | None) -> dict[str, Any]:
    rows = choice_rows(choices, today)
    return {
        "language": language(),
        "title": say("My shortlist: care for depression"),
        "printed": say("Printed {date}", date=today.isoformat()),
        "caution": say("Drives and costs are estimates. Call before you travel. Not medical advice."),
        "crisis": say("In a crisis call or text 988. In immediate danger call 911. En español: 988, luego 2."),
        "choices": [_choice_words(number, row, payer) for number, row in enumerate(rows, 1)],
        "checklist-title": say("Ask before you go, and tick what you asked"),
        "checklist": [say(question) for question in CHECKLIST],
    }


def _choice_words(number: int, row: Mapping[Any, Any], payer: str | None) -> dict[str, Any]:
    contact = [address_of(row), row["phone"], row["website"]]
    facts = _facts_of({**row, "evidence": _cut_text(row["evidence"], _EVIDENCE)}, payer)
    return {
        "number": f"{number}.",
        "name": _cut_text(row["name"], _NAME),
        "treatment": say(TREATMENTS[row["treatment"]]),
        "contact": _cut_text(" · ".join(part for part in contact if part), _CONTACT),
        "facts": [[head, fact] for head, fact in facts.items()],
    }


def _cut_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
