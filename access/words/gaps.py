"""Gaps as sentences and tables for reading: by rurality, by any group of places, by area, by subgroup and by list."""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd

from access.language import mark, say
from access.measures.beyond import people_beyond
from access.measures.subgroups import subgroup_beyond
from access.places.shares import shares_in
from access.questions.gaps import EVERYONE, GapTables, cost_by_area, cost_to_nearest
from access.questions.ranks import ALL
from access.travel.trips import Trips
from access.vocabulary import SHARES, STATES
from access.words.figures import (
    GROUP_NAMES,
    people_and_shares,
    percent,
    percent_range,
    rank_words,
    rough_count,
    rounded_or_unreached,
    rurality_index,
)
from access.words.small_cells import FEWEST, safe_count


def gap_sentence(tables: GapTables, limit: float, unit: str, area: str, clinic: str) -> str:
    """One sentence: the share of rural and of urban people beyond the limit, and how many people in all.

    `clinic`: as `nearest_clinic_words` names it.
    """
    everyone = tables.shares.query("rurality == @EVERYONE and beyond == @limit").iloc[0]
    if everyone["people_unreached"] == everyone["people"]:
        return say(
            "In our data nobody in {area} reaches {clinic} within 4 hours by road. There may be clinics that we do "
            "not know of.",
            area=area,
            clinic=clinic,
        )
    gap = tables.gaps.loc[tables.gaps["beyond"] == limit].iloc[0]
    told = say(
        "About {people} people in {area}{share} live more than {limit} {unit} from {clinic} in our data (an estimate)",
        people=rough_count(everyone["people_beyond"]),
        area=area,
        share=f" ({percent(everyone['share_beyond'])})" if everyone["people_beyond"] else "",
        limit=f"{limit:g}",
        unit=say(unit),
        clinic=clinic,
    )
    if not everyone["people_beyond"] or gap[["rural", "urban"]].isna().any():
        return f"{told}."
    sides = say(
        "{rural} of rural people, {urban} of urban people", rural=percent(gap["rural"]), urban=percent(gap["urban"])
    )
    return f"{told}: {sides}."


def shares_for_people(tables: GapTables, unit: str) -> pd.DataFrame:
    """The table of a gap: one row per rurality and all, one column per limit; text."""
    cells = people_and_shares(tables.shares, "people_beyond", "share_beyond")
    wide = tables.shares.assign(cell=cells).pivot(index="rurality", columns="beyond", values="cell")
    rows = tables.shares.drop_duplicates("rurality")
    medians = tables.quantiles.loc[tables.quantiles["quantile"] == 0.5, unit].to_numpy(float).tolist()
    none = rows.assign(share=rows["people_unreached"] / rows["people"].where(rows["people"] > 0))
    return pd.DataFrame(
        {
            say("people"): rows["people"].map("{:,}".format).to_list(),
            **{_beyond_words(limit): wide[limit].loc[rows["rurality"]].to_list() for limit in wide.columns},
            say("reach none"): people_and_shares(none, "people_unreached", "share"),
            say("median {unit}", unit=say(unit)): [rounded_or_unreached(cost) for cost in medians],
        },
        index=rurality_index(rows["rurality"]),
    )


def areas_for_people(areas: pd.DataFrame, by: str, unit: str) -> pd.DataFrame:
    """The table of `cost_by_area`: one row per state or county, one column per limit; text."""
    cells = people_and_shares(areas, "people_beyond", "share_beyond")
    wide = areas.assign(cell=cells).pivot(index=by, columns="beyond", values="cell")
    rows = areas.drop_duplicates(by).set_index(by).loc[wide.index]
    medians = [rounded_or_unreached(cost) for cost in rows["median"].to_numpy(float).tolist()]
    return pd.DataFrame(
        {
            by: wide.index,
            "people": rows["people"].map("{:,}".format).to_list(),
            **{f"beyond {limit:g}": wide[limit].to_list() for limit in wide.columns},
            f"median {unit}": medians,
        }
    )


def measure_for_people(table: pd.DataFrame) -> pd.DataFrame:
    """The table of `measure_tables` as text, to three figures."""
    shown = table.assign(people=table["people"].map("{:,}".format))
    shown[table.columns[0]] = table[table.columns[0]].replace(GROUP_NAMES)
    shown["without"] = people_and_shares(table, "people_without", "share_without")
    figures = ["mean", "quantile_25", "median", "quantile_75"]
    for name in figures:
        shown[name] = [
            "none" if math.isnan(value) else f"{value:.3g}" for value in table[name].to_numpy(float).tolist()
        ]
    return shown[[table.columns[0], "people", "without", *figures]]


def interval_for_people(shares: pd.DataFrame) -> pd.DataFrame:
    """The shares of a `GapInterval` as text: one row per rurality, one column per limit."""
    cells = [f"{percent(low)} to {percent(high)}" for low, high in shares[["low", "high"]].to_numpy(float).tolist()]
    wide = shares.assign(cell=cells).pivot(index=shares.columns[0], columns="beyond", values="cell")
    order = shares[shares.columns[0]].drop_duplicates()
    table = wide.loc[order].rename(columns="beyond {:g}".format, index=GROUP_NAMES)
    return table.rename_axis(columns=None, index="people live in").reset_index()


def gap_lines(tables: GapTables, unit: str) -> list[str]:
    """One line per limit: rural against urban, in points and as a ratio; a limit without both sides has none."""
    known = tables.gaps.dropna(subset=["rural", "urban"])[["beyond", "urban", "rural", "ratio"]]
    return [
        f"Beyond {limit:g} {unit}: rural {percent(rural)} against urban {percent(urban)}, "
        f"{100 * (rural - urban):+.1f} points" + ("" if math.isnan(ratio) else f", {ratio:.1f} times")
        for limit, urban, rural, ratio in known.to_numpy(float).tolist()
    ]


def area_labels(table: pd.DataFrame, unit: str, limit: float) -> pd.Series:
    """What the map says of each area of `cost_by_area`, on its index."""
    rows = table[["share_beyond", "people", "median"]].to_numpy(float).tolist()
    return pd.Series(
        [
            say(
                "{share} of {people} people are farther than {limit} {unit}; {half}",
                share=percent(share),
                people=f"{people:,.0f}",
                limit=f"{limit:g}",
                unit=say(unit),
                half=say("half or more reach none")
                if math.isnan(median)
                else say("half have at most {median}", median=f"{median:.0f}"),
            )
            for share, people, median in rows
        ],
        index=table.index,
        dtype="str",
    )


def _beyond_words(limit: object) -> str:
    return say("beyond {limit}", limit=f"{limit:g}")


CITY: Final = {"urban": mark("City (urban)"), "outside": mark("Outside the city: large towns, small towns, rural")}


def gap_by_group(
    cost: "pd.Series[float]",
    people: pd.DataFrame,
    group: "pd.Series[str]",
    names: dict[str, str],
    limits: Sequence[float],
) -> pd.DataFrame:
    """People and share beyond each limit by any group of places, in the order of `names`, as text.

    Raises
    ------
    TableError
        `cost` lacks a place of `people`.
    """
    table = cost_by_area(cost, people.assign(group=group), limits, "group")
    rows = []
    for name, words in names.items():
        here = table[table["group"] == name]
        if here.empty:
            continue
        beyond = here[["people_beyond", "share_beyond"]].to_numpy(float).tolist()
        cells = [_people_cell(count, share) for count, share in beyond]
        median = rounded_or_unreached(float(here["median"].iloc[0]))
        rows.append([say(words), safe_count(here["people"].iloc[0]), *cells, median])
    unit = say("median {unit}", unit=say(str(cost.name)))
    heads = [say("people live in"), say("people"), *map(_beyond_words, limits), unit]
    return pd.DataFrame(rows, columns=heads)


def _people_cell(people: float, share: float) -> str:
    return safe_count(people) if 0 < people < FEWEST else f"{people:,.0f} ({percent(share)})"


def ranks_table(standing: pd.DataFrame, by: str, names: "pd.Series[str]") -> pd.DataFrame:
    """`ranks` as text: each area's share and rank with their intervals, everybody last."""
    known = STATES if by == "state" else names.to_dict()
    figures = standing[["rank", "rank_low", "rank_high"]].to_numpy(float).tolist()
    ends = standing[["low", "high"]].to_numpy(float).tolist()
    return pd.DataFrame(
        {
            say("area"): [say("All") if code == ALL else say(known[code]) for code in standing[by]],
            say("people beyond"): standing["people_beyond"].map(safe_count),
            say("share beyond"): standing["share"].map(percent),
            say("90 % interval"): [percent_range(low, high) for low, high in ends],
            say("rank, of {of}", of=int(standing["of"].iloc[0])): [
                rank_words(rank, low, high) for rank, low, high in figures
            ],
        }
    )


def subgroups_table(minutes: "pd.Series[float]", people: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Each subgroup of which the pack has shares, beyond the limit, with the survey's interval, beside the rest; text.

    Raises
    ------
    TableError
        `minutes` lacks a place of `people`.
    """
    found = subgroup_beyond(minutes, people, [limit], [f"share_{name}" for name in shares_in(people)])
    intervals = found[["low", "high"]].to_numpy(float).tolist()
    return pd.DataFrame(
        {
            say("people who are or have"): [say(SHARES[name]) for name in found["subgroup"]],
            say("people"): found["people"].map(safe_count),
            say("people beyond"): found["people_beyond"].map(safe_count),
            say("share beyond"): found["share_beyond"].map(percent),
            say("90 % interval"): [
                say("not known") if math.isnan(low) else percent_range(low, high) for low, high in intervals
            ],
            say("of all others"): found["share_rest_beyond"].map(percent),
            say("people whose share is not known"): found["people_unknown"].map(safe_count),
        }
    )


def list_table(
    trips: Trips,
    people: pd.DataFrame,
    services: pd.DataFrame,
    *,
    treatments: Sequence[str],
    unit: str,
    rank: int,
    limit: float,
) -> pd.DataFrame:
    """The answer under each list of clinics that the pack knows, and under all of them together, as text."""
    giving = services[services["treatment"].isin(list(treatments))]
    lists = {say("all lists together"): giving}
    if giving["source"].nunique() > 1:
        lists |= {say("only {source}", source=name): rows for name, rows in giving.groupby("source")}
        lists[say("only clinics that two lists name")] = giving[_are_on_two_lists(giving)]
    rows = []
    for name, of_list in lists.items():
        cost = cost_to_nearest(trips.among(of_list["clinic_id"]), unit, rank=rank)
        table = pd.concat([people_beyond(cost, people, [limit], by=["rurality"]), _beyond_of_all(cost, people, limit)])
        share = table.set_index("rurality")["share_beyond"]
        sides = [percent(share.get(side, float("nan"))) for side in ("urban", "rural", EVERYONE)]
        rows.append([name, f"{of_list['clinic_id'].nunique():,}", *sides])
    heads = [say("list"), say("clinics, whole country"), say("urban beyond"), say("rural beyond"), say("all beyond")]
    return pd.DataFrame(rows, columns=heads)


def _beyond_of_all(cost: "pd.Series[float]", people: pd.DataFrame, limit: float) -> pd.DataFrame:
    return people_beyond(cost, people, [limit]).rename(columns={"group": "rurality"})


def _are_on_two_lists(services: pd.DataFrame) -> "pd.Series[bool]":
    lists = services.groupby("clinic_id")["source"].transform("nunique")
    return lists > 1
