"""Tables and lists as HTML that reads well aloud: any table of text, the calendar of a course, towns where a clinic
would help.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from access.language import mark, say, say_many
from access.maps.markup import fill_fragment
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
    openings = []
    for _, row in found.iterrows():
        words = say(
            "about {people} people come within {limit} minutes; {new} of them by none of the towns above",
            people=rough_count(row["people_reached"]),
            limit=f"{limit:g}",
            new=rough_count(row["people_new"]),
        )
        openings.append((f"{row['name']}, {row['state']}", words, opening_link(row, treatment, state, limit)))
    return fill_fragment("documents/templates/openings.html", openings=openings, try_it=say("Try it as a scenario"))


def html_table(table: pd.DataFrame, caption: str, *, sortable: bool = False, has_words: bool = False) -> str:
    """Rows of text as a table: the first column names each row, numbers stand to the right; all text escaped.

    `sortable`: static/app.js sorts the rows when a head is pressed, numbers as numbers. `has_words`: the cells hold
    words, not numbers, which begin at the left and are broken into lines.
    """
    return fill_fragment(
        "documents/templates/table.html",
        caption=caption,
        hint=say("Press a column head to sort.") if sortable else "",
        classes=" ".join(["access-sortable"] * sortable + ["access-words"] * has_words),
        heads=list(table.columns),
        rows=table.to_numpy(object).tolist(),
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
        words = say("{title}: {most} visits a week do not fit these days.", title=title, most=max(calendar.weeks))
        return fill_fragment("documents/templates/paragraph.html", words=words)
    return fill_fragment(
        "documents/templates/calendar.html",
        title=title,
        heads=[say(head) for head in (_WEEK, *_SHORT_DAYS)],
        weeks=fall[:_WEEKS_SHOWN],
        visit=say("visit"),
        later=_later_sentences(calendar),
    )


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
