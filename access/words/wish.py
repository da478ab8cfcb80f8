"""A person's wish in words: its parts by name, what each hides, and what giving one up would bring."""

from typing import Final

import pandas as pd

from access.language import mark, say, say_many
from access.questions.wish import NO_SETTING, Relaxation, Wish
from access.units import KM_PER_MILE
from access.vocabulary import PAYERS, SETTINGS, TREATMENTS

WEEKDAYS: Final = (
    *(mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday")),
    *(mark("Saturday"), mark("Sunday")),
)
SETTINGS_ASKED: Final = {**SETTINGS, NO_SETTING: mark("Not stated")}


def part_words(part: str, wish: Wish) -> str:
    """One part of a wish (a column of `failing`) as people name it: "Medicaid stated", "within 60 minutes"."""
    return {
        "treatment": lambda: ", ".join(say(TREATMENTS[name]) for name in wish.treatments),
        "payer": lambda: _payer_part_words(wish),
        "reach": lambda: say("within {reach}", reach=reach_words(wish.unit, wish.longest)),
        "days": lambda: ", ".join(say(WEEKDAYS[day]) for day in wish.days),
        "driver": lambda: say("nobody to bring me home"),
        "budget": lambda: say("at most ${usd}", usd=f"{wish.budget_usd or 0:,.0f}"),
        "telehealth": lambda: say("video or phone visits stated"),
        "spanish": lambda: say("Spanish stated"),
        "setting": lambda: ", ".join(say(SETTINGS_ASKED[name]) for name in wish.settings),
    }[part]()


def reach_words(unit: str, longest: float) -> str:
    """ "60 minutes", "25 miles"."""
    if unit == "minutes":
        return say("{number} minutes", number=f"{longest:g}")
    return say("{number} miles", number=f"{longest / KM_PER_MILE:g}")


def hidden_words(hides: pd.DataFrame, wish: Wish) -> list[str]:
    """What each part of a wish hides (the table of `hidden`), a sentence for each."""
    sentences = []
    for part, clinics, number in hides.to_numpy().tolist():
        hid = say_many("hides {number} clinic", "hides {number} clinics", clinics)
        alone = say("{number} of them it alone", number=f"{number:,}") if number else ""
        tail = f" ({alone})" if alone else ""
        sentences.append(say("“{part}” {hides}", part=part_words(part, wish), hides=f"{hid}{tail}"))
    return sentences


def relaxation_words(one: Relaxation, wish: Wish) -> str:
    """ "Remove “Medicaid stated”: 3 clinics within 90 minutes, the nearest about 42"."""
    parts = say(" and ").join(f"“{part_words(part, wish)}”" for part in one.given_up)
    clinics = say_many("{number} clinic", "{number} clinics", one.clinics)
    near = say("the nearest about {minutes} minutes away", minutes=f"{one.minutes:.0f}")
    within = "" if "reach" in one.given_up else f" {say('within {reach}', reach=reach_words(wish.unit, wish.longest))}"
    return say("Remove {parts}: {clinics}, {near}", parts=parts, clinics=f"{clinics}{within}", near=near)


def _payer_part_words(wish: Wish) -> str:
    payer = say(PAYERS[str(wish.payer)])
    return say("{payer} stated", payer=payer) if wish.only_stated else say("{payer} not refused", payer=payer)
