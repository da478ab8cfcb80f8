"""A clinic in words: the drive there, the address, what is stated of insurance, and how and when we learned of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from access.language import mark, say
from access.places.services import REFUSED, STATED
from access.questions.care import evidence_age_days
from access.units import miles
from access.vocabulary import EVIDENCE, PAYERS, TREATMENTS
from access.words.course import has_no_drive
from access.words.travel import router_words

DAYS_A_YEAR = 365


def evidence_text(found: pd.DataFrame, today: date) -> list[str]:
    """How and when we learned of each clinic: "SAMHSA directory 2024, dated 2023 (3 years old)"; one per row."""
    layers = found.reindex(columns=["sources", "seen_date", "checked_on", "evidence_kinds", "missing_since"])
    known = layers.astype(object)
    rows = known.where(known.notna(), None).to_numpy().tolist()
    return [
        _evidence_words(sources, seen, checked, today) + _kind_words(kinds) + _missing_words(missing)
        for sources, seen, checked, kinds, missing in rows
    ]


def choice_rows(choices: pd.DataFrame, today: date) -> list[dict[Any, Any]]:
    """Rows of `care_choices`, each with its `evidence` in words; None: not known."""
    known = choices.assign(evidence=evidence_text(choices, today)).astype(object)
    return known.where(known.notna(), None).to_dict("records")


def _kind_words(kinds: str | None) -> str:
    """What the words rest on: "; seen on a public page, named in SAMHSA's survey"."""
    named = ", ".join(say(EVIDENCE[kind]) for kind in (kinds or "").split("|") if kind)
    return f"; {named}" if named else ""


def _missing_words(missing_since: str | None) -> str:
    return "; " + say("a source no longer has it since {date}", date=missing_since) if missing_since else ""


def _evidence_words(sources: str, seen_date: str | None, checked_on: str | None, today: date) -> str:
    days = evidence_age_days(seen_date, today)
    if days is None and not checked_on:
        return say("{sources}, not dated", sources=sources)
    if days is None:
        return say("{sources}, not dated, read {date}", sources=sources, date=checked_on)
    years = days // DAYS_A_YEAR
    age = say("{number} years old", number=years) if years > 1 else say("{number} days old", number=days)
    return say("{sources}, dated {date} ({age})", sources=sources, date=seen_date, age=age)


_PLACED_ROUGHLY: Final = {
    "zip": mark("Placed at the centre of its ZIP, so the drive is a rough one."),
    "city": mark("Placed at the centre of its town, so the drive is a rough one."),
}


Row = Mapping[Any, Any]


def drive_words(clinic: Row) -> str | None:
    """ "35 min (30 to 42)", "35 min" by road; None: the clinic is placed too roughly to tell."""
    if has_no_drive(clinic):
        return None
    low = clinic["minutes_low"]
    high = clinic["minutes_high"]
    told = f"{clinic['minutes']:.0f} min"
    return told if low == high else f"{told} ({low:.0f} to {high:.0f})"


def drive_sentence(clinic: Row) -> str:
    """The drive as a whole sentence, with what makes it rough."""
    rough = (
        say(_PLACED_ROUGHLY[clinic["location_precision"]]) if clinic["location_precision"] in _PLACED_ROUGHLY else ""
    )
    if has_no_drive(clinic):
        return f"{say('In or near the place you typed: how long the drive is, we cannot tell.')} {rough}"
    if not clinic.get("is_estimate", True):
        told = say(
            "About {minutes} min one way along roads without traffic, {miles} miles ({method}).",
            minutes=f"{clinic['minutes']:.0f}",
            miles=f"{miles(clinic['km']):.0f}",
            method=router_words(clinic["method"]),
        )
        return f"{told} {rough}".strip()
    told = say(
        "About {minutes} min one way ({low} to {high}), {miles} miles: an estimate.",
        minutes=f"{clinic['minutes']:.0f}",
        low=f"{clinic['minutes_low']:.0f}",
        high=f"{clinic['minutes_high']:.0f}",
        miles=f"{miles(clinic['km']):.0f}",
    )
    return f"{told} {rough}".strip()


def address_of(clinic: Row) -> str:
    """Street, town, state and ZIP, of what is known, in one line."""
    town = f"{clinic['city'] or ''}, {clinic['state']} {clinic['zip'] or ''}".strip(", ")
    return ", ".join(part for part in (clinic["address"], town) if part)


def payers_sentence(choice: Row, payer: str | None) -> str:
    """What is stated of insurance, and of the payer asked for; as plain text."""
    stated = _join_words(choice["payers_accepted"], PAYERS)
    text = say("States that it takes: {payers}.", payers=stated) if stated else say("Insurance is not stated: ask.")
    if not payer:
        return text
    answers = {
        STATED: mark("Takes {payer} (stated)."),
        REFUSED: mark("Says that it does not take {payer}."),
    }
    answer = answers.get(choice["payer_answer"], mark("{payer}: not stated, ask."))
    return f"{say(answer, payer=say(PAYERS[payer]))} {text}"


def _join_words(joined: str, words: dict[str, str]) -> str:
    return ", ".join(say(words[word]) for word in joined.split("|") if word)


def choice_name(choice: Any) -> str:
    """ "IV ketamine, Bozeman Clinic" of a row of `care_choices`."""
    return f"{say(TREATMENTS[choice['treatment']])}, {choice['name']}"
