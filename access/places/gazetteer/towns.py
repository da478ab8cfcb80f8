"""Which town a person means: by name, with or without its state, spelled as people spell."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
import pandas as pd

from access.errors import AmbiguousPlaceError, PlaceError
from access.geo import great_circle_km
from access.language import mark, say
from access.places.gazetteer.names import name_key
from access.vocabulary import STATES, state_code

HOW_TO_TYPE: Final = mark(
    "Type a ZIP (59718), a town with its state (Bozeman, MT), a county (Gallatin County, MT) "
    "or a point (45.67, -111.04)."
)
_COUNTRY: Final = re.compile(r"[\s,]+(?:usa|u\.s\.a\.|us|u\.s\.|united states)$", re.IGNORECASE)
_KIND: Final = re.compile(r"^(?:city|town|village|borough|township) of | (?:city|town|village|borough|township)$")
_SAME_TOWN_KM: Final = 25.0
_FAR_LARGER: Final = 10.0  # a namesake in the same state that is so many times smaller is not asked about
_MOST_NAMED: Final = 12
_MOST_WORDS_OF_STATE: Final = 3

TownRow = dict[str, Any]


def add_keys(towns: pd.DataFrame) -> pd.DataFrame:
    """Towns with `key`, the one spelling of their names: done once for many searches."""
    return towns.assign(key=towns["name"].map(name_key))


def find_town(words: str, keyed: pd.DataFrame, zips: pd.DataFrame) -> TownRow:
    """The row of towns `add_keys` that "Bozeman, MT", "bozeman montana" or "St. Paul, Minnesota" means.

    Raises
    ------
    AmbiguousPlaceError
        Towns in several states, or far apart in one; `.choices` can each be typed.
    PlaceError
        No such town or state; names those of like spelling.
    """
    words = _COUNTRY.sub("", words)
    readings = list(_read_name_and_state(words))
    for name, state in readings:
        found = _towns_named(keyed, name, state)
        if not found.empty:
            return _choose_one(found, words, zips, state=state)
    raise PlaceError(_unknown_town_words(words, *readings[-1], keyed))


def spellings_of(name: str) -> tuple[str, str, str]:
    """The keys, as `add_keys` gives them, by which a town of that name is looked for in its state."""
    key = name_key(name)
    return key, f"{key} city", _KIND.sub("", key)


def no_such_town_words(name: str, state: str | None) -> str:
    """The sentence that a town is not in our list."""
    where = say(" in {state}", state=STATES[state]) if state else ""
    return say("Our list has no town '{name}'{where}.", name=name.strip(), where=where)


def _read_name_and_state(words: str) -> Iterator[tuple[str, str | None]]:
    if "," in words:
        name, _, last = words.rpartition(",")
        state = state_code(last)
        if state is None:
            told = say("'{words}' is no state of the United States.", words=last.strip())
            raise PlaceError(f"{told} {say(HOW_TO_TYPE)}")
        yield name, state
        return
    yield words, None
    parts = words.split()
    for count in range(min(_MOST_WORDS_OF_STATE, len(parts) - 1), 0, -1):
        state = state_code(" ".join(parts[-count:]))
        if state is not None:
            yield " ".join(parts[:-count]), state


def _towns_named(keyed: pd.DataFrame, name: str, state: str | None) -> pd.DataFrame:
    within = keyed if state is None else keyed[keyed["state"] == state]
    if state is None and state_code(name) is not None:
        return within[within["key"].isin(spellings_of(name)[:2])]
    tries = [within[within["key"] == spelling] for spelling in spellings_of(name)]
    return next((found for found in tries if not found.empty), tries[0])


def _choose_one(found: pd.DataFrame, words: str, zips: pd.DataFrame, *, state: str | None) -> TownRow:
    ordered = found.sort_values(["population", "name", "latitude"], ascending=[False, True, True])
    if state is None and (ordered["state"].nunique() > 1 or state_code(words) is not None):
        first = ordered.drop_duplicates("state")
        raise _ambiguous_error(words, list(first["name"] + ", " + first["state"]), mark("state"))
    best = ordered.iloc[0]
    far_km = great_circle_km(best["latitude"], best["longitude"], ordered["latitude"], ordered["longitude"])
    is_rival = (far_km > _SAME_TOWN_KM) & (ordered["population"] * _FAR_LARGER > best["population"])
    if is_rival.any():
        rivals = pd.concat([ordered.iloc[:1], ordered[is_rival]])
        raise _ambiguous_error(words, [_label_with_zip(town, zips) for _, town in rivals.iterrows()], mark("ZIP"))
    return dict(best)


def _label_with_zip(town: "pd.Series[Any]", zips: pd.DataFrame) -> str:
    here = zips[zips["state"] == town["state"]]
    km = great_circle_km(town["latitude"], town["longitude"], here["latitude"], here["longitude"])
    return f"{town['name']}, {town['state']} {here['zip'].iloc[int(np.argmin(km))]}"


def _ambiguous_error(words: str, choices: list[str], what: str) -> AmbiguousPlaceError:
    choices = list(dict.fromkeys(choices))
    if len(choices) == 1:
        told = say("'{words}' is a state too. Do you mean {place}? Type it so.", words=words, place=choices[0])
        return AmbiguousPlaceError(told, choices)
    named = "; ".join(choices[:_MOST_NAMED])
    more = say(" and {number} more", number=len(choices) - _MOST_NAMED) if len(choices) > _MOST_NAMED else ""
    told = say(
        "'{words}' may be any of {number} places: {named}{more}. Type it with its {what}.",
        **{"words": words, "number": len(choices), "named": named, "more": more, "what": say(what)},
    )
    return AmbiguousPlaceError(told, choices)


def _unknown_town_words(words: str, name: str, state: str | None, keyed: pd.DataFrame) -> str:
    if state_code(words) is not None:
        told = say("{state} is a state. Type a town in it.", state=STATES[state_code(words) or ""])
        return f"{told} {say(HOW_TO_TYPE)}"
    within = keyed if state is None else keyed[keyed["state"] == state]
    largest = within.sort_values("population", ascending=False).drop_duplicates("key")
    close = get_close_matches(name_key(name), largest["key"].tolist(), n=4, cutoff=0.75)
    like = largest.set_index("key").loc[close]
    told = no_such_town_words(name, state)
    if not close:
        return f"{told} {say(HOW_TO_TYPE)}"
    return f"{told} {say('Did you mean {places}?', places=say(' or ').join(like['name'] + ', ' + like['state']))}"
