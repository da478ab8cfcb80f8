"""American Community Survey, 5-year: shares of people and households, each with its margin of error (90 %)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from access.errors import SourceError

Level = Literal["block_group", "tract"]
DIGITS: Final[dict[Level, int]] = {"block_group": 12, "tract": 11}
# What stands where there is no number: too few in the sample, suppressed, not applicable and so on.
MISSING: Final = (-999_999_999, -888_888_888, -666_666_666, -555_555_555, -333_333_333, -222_222_222)
_CONTROLLED: Final = -555_555_555  # of a margin: the estimate is set to a count, so it has no sampling error
_WHOLE: Final = "001"


class ShareCells(NamedTuple):
    """A share: these cells of a table over its cell 001."""

    table: str
    cells: tuple[str, ...]


SHARES: Final[dict[str, ShareCells]] = {
    "poverty": ShareCells("B17021", ("002",)),
    "uninsured": ShareCells("B27010", ("017", "033", "050", "066")),
    "no_vehicle": ShareCells("B25044", ("003", "010")),
    "no_internet": ShareCells("B28002", ("013",)),
    "veterans": ShareCells("B21001", ("002",)),
    "white": ShareCells("B03002", ("003",)),
    "black": ShareCells("B03002", ("004",)),
    "american_indian": ShareCells("B03002", ("005",)),
    "asian": ShareCells("B03002", ("006",)),
    "hispanic": ShareCells("B03002", ("012",)),
}
# Adults are everybody but boys and girls under 18: nine cells, where the adults' own would be 38.
_AGES: Final = "B01001"
_CHILDREN: Final = ("003", "004", "005", "006", "027", "028", "029", "030")
_INCOME: Final = "B19013"
TABLES: Final = (*dict.fromkeys(part.table for part in SHARES.values()), _AGES, _INCOME)


def cells_of(table: str) -> list[str]:
    """The numbers of the cells that we read of a table, such as 001 and 017.

    Raises
    ------
    SourceError
        We read nothing of that table.
    """
    if table not in TABLES:
        raise SourceError(f"Nothing is read of table {table}; the tables are {', '.join(TABLES)}.")
    ours = {cell for part in SHARES.values() if part.table == table for cell in part.cells}
    return sorted({_WHOLE, *ours, *(_CHILDREN if table == _AGES else ())})


def numbers_of(text: pd.DataFrame, *, where: str) -> pd.DataFrame:
    """Cells of text as numbers: `E...` estimates and `M...` margins; missing and coded cells are NaN, never a number.

    A margin of -555555555 is zero: such an estimate is set to a count.

    Raises
    ------
    SourceError
        A cell is no number, or below zero and none of the published codes.
    """
    found = {}
    for column in text.columns:
        raw = text[column].fillna("").str.strip()
        number = pd.to_numeric(raw, errors="coerce").astype(float)
        wrong = (number.isna() & raw.ne("")) | (number.lt(0) & ~number.isin(MISSING))
        if wrong.any():
            raise SourceError(
                f"{where}: {column} is '{raw[wrong].iloc[0]}', which is no number and no code of the survey "
                f"({int(wrong.sum())} such). Fetch it again."
            )
        coded = number.mask(number.eq(_CONTROLLED), 0.0) if column.startswith("M") else number
        found[column] = coded.where(coded.ge(0))
    return pd.DataFrame(found, index=text.index)


def shares_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The shares that these tables tell, by block group, or by tract where a table has no block groups.

    Parameters
    ----------
    tables: by name, each with `geoid` (12 digits a block group, 11 a tract) and the cells `E001`, `M001` and so on.

    Returns
    -------
    pd.DataFrame
        One row per `geoid`: for each share `share_<name>` and `moe_<name>` (of the share), and `adults`,
        `moe_adults`, `median_income_usd`, as far as their tables are given. Margins are at 90 %. A table's tracts
        stand in it only in a state where none of its block groups has a number. NaN: not known, or nobody is in the
        table there.

    Raises
    ------
    SourceError
        A part is larger than its whole.

    Source
    ------
    Census Bureau, Understanding and Using American Community Survey Data (2020), chapter 8.
    """
    finest = {name: _finest_rows(table) for name, table in tables.items()}
    columns: dict[str, pd.Series[float]] = {}
    for name, (table, cells) in SHARES.items():
        if table in finest:
            columns[f"share_{name}"], columns[f"moe_{name}"] = _share_with_margin(finest[table], cells, name)
    if _AGES in finest:
        columns["adults"], columns["moe_adults"] = _adults_with_margin(finest[_AGES])
    if _INCOME in finest:
        columns["median_income_usd"] = finest[_INCOME][f"E{_WHOLE}"]
    return pd.DataFrame(columns).rename_axis("geoid").reset_index()


def sum_with_margin(cells: pd.DataFrame, numbers: Sequence[str]) -> "tuple[pd.Series[float], pd.Series[float]]":
    """The sum of some cells of a table and its margin: the root of the sum of squares.

    Of the cells whose estimate is zero only the largest margin counts, once, since theirs are alike and too wide.
    NaN: one of them is not known.
    """
    estimates = cells[[f"E{number}" for number in numbers]].to_numpy(float)
    margins = cells[[f"M{number}" for number in numbers]].to_numpy(float)
    zero = estimates == 0
    squares = np.where(zero, 0.0, margins**2).sum(axis=1) + np.where(zero, margins**2, 0.0).max(axis=1)
    return pd.Series(estimates.sum(axis=1), cells.index), pd.Series(np.sqrt(squares), cells.index)


def margin_of_share(
    part: "pd.Series[float]", part_moe: "pd.Series[float]", whole: "pd.Series[float]", whole_moe: "pd.Series[float]"
) -> "pd.Series[float]":
    """The margin of `part / whole`: sqrt(moe_part^2 - p^2 moe_whole^2) / whole; + where that is of less than zero."""
    of_part = part_moe**2
    of_whole = (part / whole) ** 2 * whole_moe**2
    under = (of_part - of_whole).where(of_part >= of_whole, of_part + of_whole)
    return under**0.5 / whole


def _finest_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Of each state its block groups, where any of them has a number; else its tracts."""
    state = table["geoid"].str[:2]
    is_block = table["geoid"].str.len().eq(DIGITS["block_group"])
    by_block = set(state[is_block & table[f"E{_WHOLE}"].notna()])
    return table[is_block == state.isin(list(by_block))].set_index("geoid")


def _share_with_margin(
    table: pd.DataFrame, cells: Sequence[str], name: str
) -> "tuple[pd.Series[float], pd.Series[float]]":
    part, part_moe = sum_with_margin(table, cells)
    whole = table[f"E{_WHOLE}"].where(table[f"E{_WHOLE}"] > 0)
    if (part > whole).any():
        first = str((part > whole).idxmax())
        raise SourceError(
            f"At {first} the share {name} has {part[first]:g} of {whole[first]:g} ({int((part > whole).sum())} "
            "such). Fetch the table again."
        )
    return part / whole, margin_of_share(part, part_moe, whole, table[f"M{_WHOLE}"])


def _adults_with_margin(table: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[float]]":
    children, _ = sum_with_margin(table, _CHILDREN)
    _, margin = sum_with_margin(table, [_WHOLE, *_CHILDREN])
    return (table[f"E{_WHOLE}"] - children).clip(lower=0), margin
