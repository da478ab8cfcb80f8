"""A person's word on which records are one site, read from a table."""

import pandas as pd

from access.errors import TableError
from access.places.directory.partition import Decisions, Pair, Partition

_COLUMNS = ("one", "other", "same")


def decided(decisions: pd.DataFrame | None, ids: "pd.Series[str]") -> Decisions:
    """The decisions by the numbers of their records in `ids`; one of a record that is not there says nothing.

    Raises
    ------
    TableError: a column is missing, `same` is neither true nor false, or decisions contradict each other.
    """
    if decisions is None or decisions.empty:
        return Decisions()
    _refuse_malformed(decisions)
    number_of = {clinic_id: number for number, clinic_id in enumerate(ids)}
    same: list[Pair] = []
    different: list[Pair] = []
    for one, other, is_same in decisions[list(_COLUMNS)].itertuples(index=False):
        if one in number_of and other in number_of:
            pair = sorted((number_of[one], number_of[other]))
            (same if is_same else different).append((pair[0], pair[1]))
    _refuse_contradictory(same, different, ids)
    return Decisions(sorted(same), sorted(different))


def _refuse_malformed(decisions: pd.DataFrame) -> None:
    missing = [column for column in _COLUMNS if column not in decisions]
    if missing:
        raise TableError(f"The decisions have no column '{missing[0]}'; they need one, other and same.")
    if decisions["same"].isna().any() or not decisions["same"].isin([True, False]).all():
        raise TableError("In the decisions, same must be true or false in every row. Fill the others, or drop them.")


def _refuse_contradictory(same: list[Pair], different: list[Pair], ids: "pd.Series[str]") -> None:
    said = Partition.of(len(ids), [])
    for one, other in same:
        said.join(one, other, "decision")
    against = [(one, other) for one, other in different if said.first[one] == said.first[other]]
    if against:
        one, other = against[0]
        raise TableError(
            f"{len(against)} decisions contradict each other: '{ids.iloc[one]}' and '{ids.iloc[other]}' are "
            "said to be two sites, and by other decisions one. Take one of them back."
        )
