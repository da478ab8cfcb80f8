"""A publisher's CSV as text, exactly in its published columns, and the sentence for a cell that breaks its rule."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from access.errors import SourceError


def read_published(path: Path, *, encoding: str, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Every cell as text ("" where empty, leading zeros kept), in the published columns and no others.

    Raises
    ------
    SourceError
        It cannot be read, has other columns, rows of another width, or no rows.
    """
    try:
        raw = pd.read_csv(path, dtype="str", encoding=encoding, keep_default_na=False)
    except (OSError, ValueError) as failure:
        why = " ".join(str(failure).split())
        raise SourceError(f"{path} cannot be read as {what} ({why}). Fetch it again.") from failure
    if list(raw.columns) != list(columns):
        raise SourceError(
            f"{path} has the columns {', '.join(map(str, raw.columns))}, but {what} have "
            f"{', '.join(columns)}. Give the right file or address."
        )
    if not isinstance(raw.index, pd.RangeIndex):
        raise SourceError(f"{path} has rows with more cells than its header. Fetch it again.")
    if raw.empty:
        raise SourceError(f"{path} has no rows. Fetch it again.")
    return raw.fillna("")


def refuse_unless(raw: pd.DataFrame, good: "pd.Series[bool]", column: str, rule: str, path: Path) -> None:
    """Nothing, when `good` holds for every row of `raw` (whose index is its row in the file, from 0).

    Raises
    ------
    SourceError
        It does not; names the first such cell of `column`, its line, and how many there are.
    """
    wrong = raw.index[~np.asarray(good, bool)]
    if len(wrong):
        value = str(raw.at[wrong[0], column])
        raise SourceError(
            f"{path}: {column} is '{value}' on line {wrong[0] + 2}, but it must be {rule} "
            f"({len(wrong)} such). Fetch the file again, or report that its layout has changed."
        )
