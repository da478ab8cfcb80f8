"""Small cells: a count of 1 to 10 people is not told, nor what would give it away."""

from typing import Final

import pandas as pd

from access.language import say

FEWEST: Final = 11


def safe_count(people: float) -> str:
    """The count as text; "fewer than 11" for 1 to 10."""
    return say("fewer than {fewest}", fewest=FEWEST) if 0 < people < FEWEST else f"{people:,.0f}"


def suppress_small_cells(table: pd.DataFrame, part: str = "people_beyond", whole: str = "people") -> pd.DataFrame:
    """The table with every count that is small, or whose rest is, left out, and all that is worked out from it.

    Returns
    -------
    pd.DataFrame
        The same rows and columns, and `is_suppressed`. Where the people of a row are 1 to 10, every figure of it is
        missing but those in the columns of text; where those of `part` or the rest of `whole` are, all but `whole`.
    """
    people = table[whole].to_numpy(float)
    some = table[part].to_numpy(float)
    few = _is_small(people)
    hidden = few | _is_small(some) | _is_small(people - some)
    shown = table.copy()
    for column in table.select_dtypes("number"):
        shown[column] = table[column].mask(few if column == whole else hidden)
    return shown.assign(is_suppressed=hidden)


def _is_small(people: "pd.Series[float] | object") -> "pd.Series[bool]":
    numbers = pd.Series(people, dtype=float)
    return numbers.between(1e-9, FEWEST - 1e-9)
