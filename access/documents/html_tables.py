"""Tables and lists as HTML that reads well aloud: any table of text, the calendar of a course, towns where a clinic
would help.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from access.language import mark, say, say_many
from access.maps.escape import escape
from access.measures.regimens import Calendar, Regimen, visit_days, visits_by_week
from access.words.figures import rough_count


def opening_link(row: "pd.Series[Any]", treatment: str, state: str | None, limit: float) -> str:
    """Where the page of scenarios opens with a clinic in that town: relative, with the town and nothing of a person."""
    words = {
        "what": treatment,
        "open": f"{row['latitude']:.4f},{row['longitude']:.4f}",
        "name": f"{row['name']}, {row['state']}",
    }
    return "Scenarios?" + urlencode({**words, "people": state or "US", "within": f"{limit:g}"})


def openings_html(found: pd.DataFrame, treatment: str, state: str | None, limit: float) -> str:
    """`openings_by_town` as an HTML list in order, each with a link that opens it as a scenario; all text escaped."""
    rows = []
    for _, row in found.iterrows():
        told = say(
            "about {people} people come within {limit} minutes; {new} of them by none of the towns above",
            people=rough_count(row["people_reached"]),
            limit=f"{limit:g}",
            new=rough_count(row["people_new"]),
        )
        town = escape(f"{row['name']}, {row['state']}")
        link = (
            f'<a href="{escape(opening_link(row, treatment, state, limit))}">{escape(say("Try it as a scenario"))}</a>'
        )
        rows.append(f"<li><strong>{town}</strong>: {escape(told)}. {link}</li>")
    return f'<ol class="access-openings">{"".join(rows)}</ol>'


def html_table(table: pd.DataFrame, caption: str, *, sortable: bool = False, has_words: bool = False) -> str:
    """Rows of text as a table: the first column names each row, numbers stand to the right; all text escaped.

    `sortable`: static/app.js sorts the rows when a head is pressed, numbers as numbers. `has_words`: the cells hold
    words, not numbers, which begin at the left and are broken into lines.
    """
    told = escape(caption)
    hint = f'<span class="care-heard"> {escape(say("Press a column head to sort."))}</span>' if sortable else ""
    heads = "".join(_head_html(str(name), sortable) for name in table.columns)
    rows = "".join(_row_html([str(cell) for cell in cells]) for cells in table.to_numpy(object).tolist())
    kinds = ["access-sortable"] * sortable + ["access-words"] * has_words
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return (
        f'<div class="access-table" tabindex="0" role="region" aria-label="{told}"><table{kind}>'
        f"<caption>{told}{hint}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head_html(name: str, sortable: bool) -> str:
    shown = f"<button>{escape(name)}</button>" if sortable else escape(name)
    return f'<th scope="col">{shown}</th>'


def _row_html(cells: list[str]) -> str:
    return (
        f'<tr><th scope="row">{escape(cells[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])}</tr>'
    )


_SHORT_DAYS: Final = (*(mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun")),)
_WEEK: Final = mark("Week")
_WEEKS_SHOWN: Final = 12


def calendar_table(regimen: Regimen, title: str, days: Sequence[int] = ()) -> str:
    """The first twelve weeks of a course on the days that a person can go, and in words what comes later.

    `days`: weekdays (0: Monday); none named: Monday to Friday.
    """
    calendar = visits_by_week(regimen)
    fall = visit_days(calendar, days)
    if fall is None:
        most = max(calendar.weeks)
        return f"<p>{escape(say('{title}: {most} visits a week do not fit these days.', title=title, most=most))}</p>"
    head = "".join(f'<th scope="col">{escape(say(day))}</th>' for day in (_WEEK, *_SHORT_DAYS))
    rows = "".join(_week_html(week, on) for week, on in enumerate(fall[:_WEEKS_SHOWN], 1))
    later = "".join(f"<p>{escape(sentence)}</p>" for sentence in _later_sentences(calendar))
    return (
        f'<div class="care-calendar"><table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{later}</div>"
    )


def _week_html(week: int, on: Sequence[int]) -> str:
    visit = escape(say("visit"))
    dot = f'<span aria-hidden="true">●</span><span class="care-heard">{visit}</span>'
    cells = "".join(f"<td>{dot if day in on else ''}</td>" for day in range(len(_SHORT_DAYS)))
    return f'<tr><th scope="row">{week}</th>{cells}</tr>'


def _later_sentences(calendar: Calendar) -> list[str]:
    sentences = []
    if rest := sum(calendar.weeks[_WEEKS_SHOWN:]):
        last = len(calendar.weeks)
        sentences.append(
            say_many(
                "Then {number} visit up to week {last}.", "Then {number} visits up to week {last}.", rest, last=last
            )
        )
    if calendar.unplaced:
        sentences.append(
            say_many(
                "{number} more visit, in a week that the clinic will tell you.",
                "{number} more visits, in weeks that the clinic will tell you.",
                calendar.unplaced,
            )
        )
    return sentences
