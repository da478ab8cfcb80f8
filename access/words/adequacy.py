"""Standards of adequacy in words: their names, the types of counties, and which counties pass or fail and why."""

from typing import Final

import pandas as pd

from access.language import mark, say
from access.words.figures import percent
from access.words.small_cells import safe_count

COUNTY_TYPES: Final = {
    "large_metro": mark("large metro"),
    "metro": mark("metro"),
    "micro": mark("micro"),
    "rural": mark("rural"),
    "ceac": mark("extreme access considerations (CEAC)"),
}


# North Carolina's, which goes by its own list of urban counties, is for `trd-access gaps` with a table of types.
STANDARDS_OFFERED: Final = {
    "medicare_psychiatry": mark(
        "Medicare Advantage, psychiatry: minutes and miles by county type, 85 or 90 % of people"
    ),
    "va_mental_health": mark("Veterans, mental health: 30 minutes (it names no share)"),
    "va_specialty": mark("Veterans, specialty care: 60 minutes (it names no share)"),
    "own": mark("90 % of people within the minutes chosen above"),
}


RESULTS: Final = {
    "pass": mark("passes"),
    "fail": mark("fails"),
    "not_applicable": mark("nobody lives there"),
    "not_judged": mark("not judged: the standard names no share"),
}


FAILS: Final = {
    "": "",
    "minutes": mark("too few within the minutes"),
    "miles": mark("too few within the miles"),
    "minutes and miles": mark("too few within the minutes, and within the miles"),
    "together": mark("too few within both at once"),
}


def adequacy_sentence(found: pd.DataFrame) -> str:
    """How many counties pass, how many fail and why, and how many people live in those that fail."""
    counts = found["result"].value_counts()
    reasons = found.loc[found["result"] == "fail", "fails"].value_counts()
    told = [f"{counts[name]:,} {say(words)}" for name, words in RESULTS.items() if name in counts.index]
    why = [f"{say(words)}: {reasons[name]:,}" for name, words in FAILS.items() if name in reasons.index]
    living = float(found.loc[found["result"] == "fail", "people"].sum())
    said = say("Of {counties} counties: {told}.", counties=f"{len(found):,}", told=", ".join(told))
    if not why:
        return said
    return f"{said} {say('Why: {why}. In them live {people} people.', why='; '.join(why), people=f'{living:,.0f}')}"


def adequacy_table(found: pd.DataFrame, names: "pd.Series[str]") -> pd.DataFrame:
    """Each county's result and reason as text, those that fail first, most people first."""
    rows = found.assign(order=(found["result"] != "fail")).sort_values(["order", "people"], ascending=[True, False])
    return pd.DataFrame(
        {
            say("area"): rows["county"].map(names),
            say("county type"): [say(COUNTY_TYPES.get(one, one)) for one in rows["county_type"]],
            say("people"): rows["people"].map(safe_count),
            say("inside the limits"): rows["share_inside"].map(percent),
            say("needed"): rows["min_share"].map(percent),
            say("result"): rows["result"].map(lambda one: say(RESULTS[one])),
            say("why"): rows["fails"].map(lambda one: say(FAILS[one]) if one else ""),
        }
    )
