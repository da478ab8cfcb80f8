"""What a course asks, in words: visits, hours, a ride home, days off work, money with its grade."""

import math
from collections.abc import Mapping
from typing import Any, Final

from access.language import mark, say, say_many

# Of each treatment, the rule of the road after a session, and where we have it from.
_DRIVING: Final[dict[str, tuple[str, str]]] = {
    "ketamine_iv": (
        mark("You may not drive for 12 to 24 hours after each visit. Somebody must bring you home."),
        mark("clinics' own rules"),
    ),
    "ketamine_im": (
        mark("We have no source for this rule. Do not plan to drive home; ask the clinic."),
        mark("no source"),
    ),
    "esketamine": (
        mark("You may not drive until the next day, after a full night's sleep. You need a ride home."),
        mark("the medicine's label"),
    ),
    "tms": (mark("You may drive yourself, there and back."), mark("clinics' own pages")),
    "ect": (
        mark(
            "You may not drive home, and an adult must be with you; a taxi or ride share alone is not allowed. "
            "Some hospitals say no driving for the whole course and two weeks after."
        ),
        mark("hospitals' guides for patients"),
    ),
}
_GRADES: Final[dict[str, str]] = {
    "A": mark("from research or government"),
    "B": mark("from a maker, hospital or trade press"),
    "C": mark("from web pages: a weak source, so ask"),
    "D": mark("worked out by us"),
}
_WHOLE_HOURS: Final = 10
_ROUGHLY_PLACED: Final = ("zip", "city")
_SAME_SPOT_KM: Final = 5.0


def driving_rule(treatment: str) -> str:
    """Whether one may drive after a session, in words, with where we have it from."""
    rule, source = _DRIVING[treatment]
    return say("{rule} (Source: {source}.)", rule=say(rule), source=say(source))


def course_facts(choice: Mapping[Any, Any]) -> dict[str, str]:
    """What the course of one choice (a row of `care_choices`) asks, by heading, in the current language."""
    if not _is_known(choice["sessions"]):
        unknown = say("Not known: we have no source for this course. Ask the clinic.")
        return {say("Visits"): unknown, say("Driving"): driving_rule(choice["treatment"])}
    return {
        say("Visits"): visits_words(choice),
        say("Your time"): _own_time_words(choice),
        say("Your driver's time"): _escort_words(choice),
        say("Miles"): say("{miles} in all", miles=f"{choice['miles']:,.0f}"),
        say("Days off work"): _days_words(choice),
        say("Cost of treatment"): treatment_cost(choice),
        say("Cost of the drives"): say("about ${usd}, fuel and wear", usd=f"{choice['travel_usd']:,.0f}"),
        say("Driving"): driving_rule(choice["treatment"]),
    }


def has_no_drive(choice: Mapping[Any, Any]) -> bool:
    """The clinic is placed at the centre of a ZIP or town that is where the person is: how far, nobody can tell."""
    return choice["location_precision"] in _ROUGHLY_PLACED and choice["km"] < _SAME_SPOT_KM


def visits_words(choice: Mapping[Any, Any]) -> str:
    """ "6 visits over 3 weeks, up to 2 a week, about 90 minutes each"."""
    count = say_many("{number} visit", "{number} visits", round(choice["sessions"]))
    if _is_known(choice["weeks"]):
        count = f"{count} {say_many('over {number} week', 'over {number} weeks', round(choice['weeks']))}"
    at_most = say("up to {number} a week", number=f"{choice['sessions_per_week']:g}")
    each = say("about {minutes} minutes each", minutes=f"{choice['visit_minutes'] + choice['wait_minutes']:.0f}")
    return f"{count}, {at_most}, {each}"


def hours_words(minutes: float) -> str:
    """ "7.5 hours"; "21 hours" from ten hours on; "not known"."""
    if not _is_known(minutes):
        return say("not known")
    figure = minutes / 60
    number = f"{figure:,.0f}" if figure >= _WHOLE_HOURS else f"{figure:.1f}".removesuffix(".0")
    return say("1 hour") if number == "1" else say("{number} hours", number=number)


def treatment_cost(choice: Mapping[Any, Any]) -> str:
    """The money of the treatment as a range with its grade; "not known" where nobody gives a price."""
    low = choice["treatment_usd_low"]
    high = choice["treatment_usd_high"]
    if not _is_known(low):
        return say("Not known: no source gives a price. Ask.")
    if _is_known(choice["price_usd"]):
        return say(
            "about ${usd}: {sessions} visits at ${price}, the price that the clinic states",
            **{"usd": f"{low:,.0f}", "sessions": f"{choice['sessions']:g}", "price": f"{choice['price_usd']:,.0f}"},
        )
    grade = say(_GRADES.get(choice["price_grade"], mark("typed by you")))
    return say(
        "${low} to ${high} ({grade}); less where insurance pays", low=_dollars(low), high=_dollars(high), grade=grade
    )


def short_cost(choice: Mapping[Any, Any]) -> str:
    """Treatment and drives together: "$2,445 to $4,845"; "not known"."""
    low = choice["usd_low"]
    high = choice["usd_high"]
    if not _is_known(low):
        return say("cost not known")
    return (
        f"${_dollars(low)}"
        if _dollars(low) == _dollars(high)
        else say("${low} to ${high}", low=_dollars(low), high=_dollars(high))
    )


def _own_time_words(choice: Mapping[Any, Any]) -> str:
    told = hours_words(choice["patient_minutes"])
    if has_no_drive(choice):
        return say("{hours} in all, with hardly any drive: how long it is, we cannot tell", hours=told)
    return say("{hours} in all, drives included", hours=told)


def _escort_words(choice: Mapping[Any, Any]) -> str:
    if not choice["needs_escort"]:
        return say("None: you may go alone.")
    return say("{hours} in all, waiting there or driving twice", hours=hours_words(choice["escort_minutes"]))


def _days_words(choice: Mapping[Any, Any]) -> str:
    own = say("{days} for you", days=f"{choice['patient_days']:g}")
    if not choice["needs_escort"]:
        return own
    return say("{own}, {days} for your driver", own=own, days=f"{choice['escort_days']:g}")


def _dollars(amount: float) -> str:
    return f"{amount:,.0f}"


def _is_known(number: object) -> bool:
    return isinstance(number, int | float) and not math.isnan(number)
