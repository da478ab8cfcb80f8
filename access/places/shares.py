"""Shares of a place's people, such as those in poverty, beside its people; of its tract where there are none of it."""

from typing import Final

import pandas as pd

from access.vocabulary import SHARES

SHARES_PREFIX: Final = "Shares:"  # how every note about them begins
_TRACT_DIGITS: Final = 11


def with_shares(people: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Everybody of `people`, with the shares that `shares` knows of each place, else of its tract.

    Parameters
    ----------
    people: `geoid` of 2020 block groups (12 digits) or tracts (11).
    shares: as `access.sources.census.survey.shares_of` gives them, by the same numbers.

    Returns
    -------
    pd.DataFrame
        `people` in its order, and for each share of `shares`: `share_<name>`, `moe_<name>` (its margin at 90 %) and
        `is_tract_<name>` (whether it is that of the whole tract, which stands for its block group); `adults`,
        `moe_adults` and `median_income_usd`, where `shares` has them. Missing: not known.
    """
    known = shares.set_index("geoid")
    own = known.reindex(people["geoid"]).set_axis(people.index)
    of_tract = known.reindex(people["geoid"].str[:_TRACT_DIGITS]).set_axis(people.index)
    columns: dict[str, pd.Series] = {}
    for name in (name for name in SHARES if f"share_{name}" in known):
        share = f"share_{name}"
        margin = f"moe_{name}"
        stands = own[share].isna()
        columns[share] = own[share].mask(stands, of_tract[share])
        columns[margin] = own[margin].mask(stands, of_tract[margin])
        is_tract = stands & (people["geoid"].str.len() > _TRACT_DIGITS)
        columns[f"is_tract_{name}"] = is_tract.astype("boolean").where(columns[share].notna())
    for name in ("adults", "moe_adults"):  # a tract's count is not that of a part of it
        if name in known:
            columns[name] = own[name]
    if "median_income_usd" in known:
        columns["median_income_usd"] = own["median_income_usd"].fillna(of_tract["median_income_usd"])
    return people.assign(**columns)


def shares_in(people: pd.DataFrame) -> list[str]:
    """The names of the shares that are known of anybody in `people`."""
    return [name for name in SHARES if f"share_{name}" in people and people[f"share_{name}"].notna().any()]


def share_notes(people: pd.DataFrame) -> list[str]:
    """What to know about the shares of `people`: which are those of tracts, and where each is not known."""
    notes = []
    by_tract = [name for name in shares_in(people) if people[f"is_tract_{name}"].any()]
    if by_tract:
        notes.append(
            f"{SHARES_PREFIX} those of a tract stand for its block groups where these have none: {', '.join(by_tract)}."
        )
    unknown: dict[int, list[str]] = {}
    for name in shares_in(people):
        unknown.setdefault(int(people.loc[people[f"share_{name}"].isna(), "population"].sum()), []).append(name)
    for living, names in unknown.items():
        if living:
            notes.append(
                f"{SHARES_PREFIX} not known where {living:,} people live, who are counted apart: {', '.join(names)}."
            )
    return notes
