"""How each figure is worked out, in words: formula, unit, source and caution, for pages and the terminal."""

from typing import Final

import pandas as pd

from access.content.prose import Prose, load_prose
from access.language import mark, say


class Method(Prose):
    """One figure: what it says, how it is worked out, and what to beware of.

    `measure`: the name that `trd-access gaps --measure` takes, "" where it takes none. Formula and source stand as they
    are in every language.
    """

    name: str
    measure: str = ""
    says: str
    formula: str
    unit: str
    source: str
    caution: str


class Methods(Prose):
    """All figures, and what to beware of in all of them."""

    methods: tuple[Method, ...]
    cautions: tuple[str, ...]


# The names of the columns, so that they have translations too.
_COLUMN_NAMES: Final = (
    *(mark("name"), mark("measure"), mark("says"), mark("formula"), mark("unit"), mark("source"), mark("caution")),
)


def load_methods() -> Methods:
    """The methods and their cautions in the current language."""
    return load_prose(Methods, "methods")


def methods_table() -> pd.DataFrame:
    """The methods in the current language, one row each; the columns are the fields of `Method`."""
    return pd.DataFrame([one.model_dump() for one in load_methods().methods])


def methods_for_people() -> pd.DataFrame:
    """`methods_table` by name, with heads in the current language too."""
    return methods_table().rename(columns=say).set_index(say("name"))
