"""What to say on the telephone: a few plain sentences, made of what is known and what is not."""

from collections.abc import Mapping
from typing import Any, Final

from access.language import mark, say
from access.places.services import STATED
from access.vocabulary import PAYERS, TREATMENTS

_OPENING: Final = mark(
    "Hello. I have depression that two or more medicines did not lift. I am looking for {treatment}. "
    "Do you give it, and do you take new patients?"
)
_STATED: Final = mark("Our list says that you take {payer}. Is that still right for {treatment}?")
_NOT_STATED: Final = mark("Do you take {payer} for {treatment}? Do I need approval from my plan first?")
_PRICE: Final = mark(
    "What does one visit cost me, and what does the whole course cost? Do you have lower prices by income?"
)
_REFERRAL: Final = mark("Do I need a referral or my records? How long is the wait for a first visit?")
_RIDE: Final = mark("Who must bring me home? Do you allow a taxi, a ride share or a medical ride?")
_FIRST_BY_VIDEO: Final = mark("Can the first visit be by video or phone?")
_CERTIFIED: Final = mark("Are you certified for Spravato (REMS)?")
_WATCHED: Final = mark("Who watches me during the visit, and what happens if my blood pressure goes up?")


def call_script(choice: Mapping[Any, Any], payer: str | None = None) -> list[str]:
    """The questions to ask about one choice (a row of `care_choices`), in order, in the current language."""
    treatment = say(TREATMENTS[choice["treatment"]])
    script = [say(_OPENING, treatment=treatment)]
    if payer:
        asked = _STATED if choice["payer_answer"] == STATED else _NOT_STATED
        script.append(say(asked, payer=say(PAYERS[payer]), treatment=treatment))
    script += [say(_PRICE), say(_REFERRAL), say(_FIRST_BY_VIDEO)]
    if choice["treatment"] == "esketamine":
        script.append(say(_CERTIFIED))
    if choice["treatment"] != "tms":
        script += [say(_RIDE), say(_WATCHED)]
    return script
