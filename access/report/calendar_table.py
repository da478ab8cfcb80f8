"""The calendar of a course as an HTML table: a row for each week, a mark on the days when visits could fall."""

from collections.abc import Sequence
from typing import Final

from access.language import mark, say, say_many
from access.maps.escape import escape
from access.measures.calendar import Calendar, visit_days, visits_by_week
from access.measures.regimens import Regimen

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
    rows = "".join(_row(week, on) for week, on in enumerate(fall[:_WEEKS_SHOWN], 1))
    later = "".join(f"<p>{escape(sentence)}</p>" for sentence in _later(calendar))
    return (
        f'<div class="care-calendar"><table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{later}</div>"
    )


def _row(week: int, on: Sequence[int]) -> str:
    visit = escape(say("visit"))
    dot = f'<span aria-hidden="true">●</span><span class="care-heard">{visit}</span>'
    cells = "".join(f"<td>{dot if day in on else ''}</td>" for day in range(len(_SHORT_DAYS)))
    return f'<tr><th scope="row">{week}</th>{cells}</tr>'


def _later(calendar: Calendar) -> list[str]:
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
