"""The edits of a scenario as a table for reading: what is done, at which clinic, how, and what it costs."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from access.language import mark, say
from access.scenarios.edits import ACTIONS, Edit
from access.vocabulary import PAYERS, TREATMENTS

Names = Callable[[str], str]
# Control characters but the end of a line, and the overrides and embeddings of writing direction.
_UNSEEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What an edit may say of itself, and the sentence that tells it.
_FIGURES: Final[dict[str, str]] = {
    "capacity_per_week": mark("{figure} sessions a week"),
    "hours_per_week": mark("{figure} hours a week"),
    "instead_of": mark("instead of {figure}"),
    "max_minutes": mark("drives of up to {figure} minutes"),
}


def edits_for_people(edits: Sequence[Edit], names: Names) -> pd.DataFrame:
    """One row per edit, in order, as text; indexed by its number. `names`: a clinic's name by its id."""
    return pd.DataFrame(
        {
            say("what"): [say(ACTIONS[edit.action]) for edit in edits],
            say("where"): [_about(edit.model_dump(), names) for edit in edits],
            say("how"): ["; ".join(_details(edit.model_dump(), names)) or "–" for edit in edits],
            say("cost"): [usd(edit.cost_usd) for edit in edits],
        },
        index=pd.Index([str(number) for number in range(1, len(edits) + 1)], name=say("edit")),
    )


def usd(amount: float | None) -> str:
    """ "$1,200"; "not stated" for None or NaN."""
    return say("not stated") if amount is None or amount != amount else f"${amount:,.0f}"


def shown(text: str) -> str:
    """What somebody typed, without control characters and those that turn the direction of all that follows."""
    return _UNSEEN.sub("", text)


def _about(facts: Mapping[str, Any], names: Names) -> str:
    """The name of a site that is new or of a programme, else that of the clinic; and the clinic's id."""
    clinic_id = facts.get("clinic_id", "")
    name = facts.get("name") or names(clinic_id)
    return shown(f"{name} ({clinic_id})" if clinic_id not in name else name)


def _details(facts: Mapping[str, Any], names: Names) -> list[str]:
    treatments = facts.get("treatments") or [one for one in [facts.get("treatment")] if one]
    payers = facts.get("payers") or [one for one in [facts.get("payer")] if one]
    told = [_spot(facts, names)]
    told += [f"{_spot(stop, names)} ({_days(stop)})" for stop in facts.get("stops", ())]
    told.append(", ".join(say(TREATMENTS.get(one, one)) for one in treatments))
    if payers:
        told.append(say("takes {payers}", payers=", ".join(say(PAYERS.get(one, one)) for one in payers)))
    told.append(", ".join(names(one) for one in facts.get("clinic_ids", ())))
    if facts.get("days"):
        told.append(say("open on {days}", days=_days(facts)))
    told += [say(words, figure=f"{facts[key]:,g}") for key, words in _FIGURES.items() if facts.get(key) is not None]
    return [one for one in told if one]


def _spot(facts: Mapping[str, Any], names: Names) -> str:
    if facts.get("at_clinic"):
        return say("at the site of {clinic}", clinic=names(facts["at_clinic"]))
    if facts.get("town"):
        return shown(facts["town"])
    return f"{facts['latitude']:.4f}, {facts['longitude']:.4f}" if facts.get("latitude") is not None else ""


def _days(facts: Mapping[str, Any]) -> str:
    # The names of the days are those of the calendar: "Mon", "Tue".
    return ", ".join(say(day.title()) for day in facts["days"])
