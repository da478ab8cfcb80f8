"""Up to four choices side by side, as one HTML table that reads well aloud and on a phone."""

from datetime import date
from typing import Any

import pandas as pd

from access.language import say
from access.maps.escape import escape
from access.report.cards import drive_sentence, payers_sentence
from access.report.care import evidence_text
from access.report.course_words import course_facts
from access.vocabulary import TREATMENTS

MOST_COMPARED = 4


def choice_name(choice: Any) -> str:
    """ "IV ketamine, Bozeman Clinic" of a row of `care_choices`."""
    return f"{say(TREATMENTS[choice['treatment']])}, {choice['name']}"


def comparison_table(choices: pd.DataFrame, today: date, *, payer: str | None = None) -> str:
    """The facts of each choice (rows of `care_choices`) in a column of its own, all text escaped."""
    known = choices.assign(evidence=evidence_text(choices, today)).astype(object)
    rows = known.where(known.notna(), None).to_dict("records")
    facts = [_facts(row, payer) for row in rows]
    heads = list(dict.fromkeys(head for one in facts for head in one))
    columns = "".join(f'<th scope="col">{escape(choice_name(row))}</th>' for row in rows)
    body = "".join(_line(head, [one.get(head, "–") for one in facts]) for head in heads)
    caption = escape(say("Your choices side by side"))
    return (
        f'<div class="care-compared" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _facts(choice: dict[Any, Any], payer: str | None) -> dict[str, str]:
    return {
        say("Drive"): drive_sentence(choice),
        **course_facts(choice),
        say("Insurance"): payers_sentence(choice, payer),
        say("How we know"): choice["evidence"],
    }


def _line(head: str, cells: list[str]) -> str:
    return f'<tr><th scope="row">{escape(head)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
