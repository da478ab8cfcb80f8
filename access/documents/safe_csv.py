"""A table as CSV that no spreadsheet runs."""

import re
from typing import Final

import pandas as pd

# A spreadsheet runs a cell that begins so; a bare signed number or telephone number is none.
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*$)")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 CSV with a header; missing is an empty cell, and no cell is a formula."""
    return disarm_formulas(table).to_csv(index=False, lineterminator="\n").encode()


def disarm_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would run (OWASP, CSV injection)."""
    texts = table.select_dtypes(["object", "str"]).map(_disarm_cell)
    safe = table.copy()
    safe[texts.columns] = texts
    return safe


def _disarm_cell(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
