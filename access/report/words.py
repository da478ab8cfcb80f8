"""Figures in words and in tables for reading: what pages print, so that terminal and page say the same."""

import pandas as pd

from access.report.gaps import EVERYONE, GapTables
from access.vocabulary import RURALITIES, STATES, TREATMENTS, state_code

_NAMES = {**RURALITIES, EVERYONE: "All"}


def area_name(people: pd.DataFrame, state: str | None) -> str:
    """The name of a state (code or name), or of all that the people table covers."""
    if state:
        return STATES[state_code(state) or ""]
    return "the United States and Puerto Rico" if (people["state"] == "PR").any() else "the United States"


def count(number: int, one: str) -> str:
    """ "1 clinic", "2 clinics"."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def about(people: float) -> str:
    """The number to three figures, as an estimate deserves: "130 million", "64,900", "812"."""
    if people >= 1e6:
        return f"{people / 1e6:.3g} million"
    digits = max(len(str(int(people))) - 3, 0)
    return f"{round(people, -digits):,.0f}"


def percent(share: float) -> str:
    """ "12.3 %"; "no people" where the share is NaN."""
    return f"{100 * share:.1f} %" if share == share else "no people"


def people_and_share(people: float, share: float) -> str:
    """ "1,234 (5.6 %)"; a dash where nobody lives."""
    return f"{people:,.0f} ({percent(share)})" if share == share else "-"


def nearest_clinic_words(treatment: str, rank: int) -> str:
    """ "the nearest ECT clinic", "the 2nd nearest ECT clinic"."""
    which = "" if rank == 1 else f"{rank}{ {2: 'nd', 3: 'rd'}.get(rank, 'th') } "
    return f"the {which}nearest {TREATMENTS[treatment]} clinic"


def gap_sentence(tables: GapTables, limit: float, unit: str, area: str, clinic: str) -> str:
    """One sentence: the share of rural and of urban people beyond the limit, and how many people in all.

    `clinic`: as `nearest_clinic_words` names it.
    """
    everyone = tables.shares.query("rurality == @EVERYONE and beyond == @limit").iloc[0]
    if everyone["people_unreached"] == everyone["people"]:
        reached = f"In our data nobody in {area} reaches {clinic} within 4 hours by road."
        return f"{reached} There may be clinics that we do not know of."
    gap = tables.gaps.loc[tables.gaps["beyond"] == limit].iloc[0]
    sides = [f"{percent(gap[side])} of {side} people" for side in ("rural", "urban") if gap[side] == gap[side]]
    beyond = f"{about(everyone['people_beyond'])} people in {area} ({percent(everyone['share_beyond'])})"
    if not everyone["people_beyond"]:
        beyond = f"0 people in {area}"
    by_side = f": {', '.join(sides)}" if len(sides) == 2 and everyone["people_beyond"] else ""
    return f"About {beyond} live more than {limit:g} {unit} from {clinic} in our data (an estimate){by_side}."


def shares_for_people(tables: GapTables, unit: str) -> pd.DataFrame:
    """The table of a gap: one row per rurality and all, one column per limit; text."""
    cells = [people_and_share(*pair) for pair in _pairs(tables.shares, "people_beyond", "share_beyond")]
    wide = tables.shares.assign(cell=cells).pivot(index="rurality", columns="beyond", values="cell")
    rows = tables.shares.drop_duplicates("rurality")
    medians = tables.quantiles.loc[tables.quantiles["quantile"] == 0.5, unit].to_numpy(float).tolist()
    none = rows.assign(share=rows["people_unreached"] / rows["people"].where(rows["people"] > 0))
    return pd.DataFrame(
        {
            "people": rows["people"].map("{:,}".format).to_list(),
            **{f"beyond {limit:g}": wide[limit].loc[rows["rurality"]].to_list() for limit in wide.columns},
            "reach none": [people_and_share(*pair) for pair in _pairs(none, "people_unreached", "share")],
            f"median {unit}": [_cost(cost) for cost in medians],
        },
        index=pd.Index(rows["rurality"].map(_NAMES), name="people live in"),
    )


def areas_for_people(areas: pd.DataFrame, by: str, unit: str) -> pd.DataFrame:
    """The table of `cost_by_area`: one row per state or county, one column per limit; text."""
    cells = [people_and_share(*pair) for pair in _pairs(areas, "people_beyond", "share_beyond")]
    wide = areas.assign(cell=cells).pivot(index=by, columns="beyond", values="cell")
    rows = areas.drop_duplicates(by).set_index(by).loc[wide.index]
    medians = [_cost(cost) for cost in rows["median"].to_numpy(float).tolist()]
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
    shown[table.columns[0]] = table[table.columns[0]].replace(_NAMES)
    shown["without"] = [people_and_share(*pair) for pair in _pairs(table, "people_without", "share_without")]
    figures = ["mean", "quantile_25", "median", "quantile_75"]
    for name in figures:
        shown[name] = [f"{value:.3g}" if value == value else "none" for value in table[name].to_numpy(float).tolist()]
    return shown[[table.columns[0], "people", "without", *figures]]


def interval_for_people(shares: pd.DataFrame) -> pd.DataFrame:
    """The shares of a `GapInterval` as text: one row per rurality, one column per limit."""
    cells = [f"{percent(low)} to {percent(high)}" for low, high in _pairs(shares, "low", "high")]
    wide = shares.assign(cell=cells).pivot(index=shares.columns[0], columns="beyond", values="cell")
    order = shares[shares.columns[0]].drop_duplicates()
    table = wide.loc[order].rename(columns="beyond {:g}".format, index=_NAMES)
    return table.rename_axis(columns=None, index="people live in").reset_index()


def gap_lines(tables: GapTables, unit: str) -> list[str]:
    """One line per limit: rural against urban, in points and as a ratio; a limit without both sides has none."""
    known = tables.gaps.dropna(subset=["rural", "urban"])[["beyond", "urban", "rural", "ratio"]]
    return [
        f"Beyond {limit:g} {unit}: rural {percent(rural)} against urban {percent(urban)}, "
        f"{100 * (rural - urban):+.1f} points" + (f", {ratio:.1f} times" if ratio == ratio else "")
        for limit, urban, rural, ratio in known.to_numpy(float).tolist()
    ]


def area_labels(table: pd.DataFrame, unit: str, limit: float) -> pd.Series:
    """What the map says of each area of `cost_by_area`, on its index."""
    rows = table[["share_beyond", "people", "median"]].to_numpy(float).tolist()
    return pd.Series(
        [
            f"{percent(share)} of {people:,.0f} people are farther than {limit:g} {unit}; "
            + (f"half have at most {median:.0f}" if median == median else "half or more reach none")
            for share, people, median in rows
        ],
        index=table.index,
        dtype="str",
    )


def scenario_sentence(found: pd.DataFrame, limit: float) -> str:
    """One sentence: how many people a scenario brings within the limit, and how many it takes out."""
    row = found[found["rurality"] == EVERYONE].iloc[0]
    gained, lost, nearer = int(row["people_gained"]), int(row["people_lost"]), int(row["people_nearer"])
    if not gained and not lost:
        who = (
            f"about {about(nearer)} people get nearer to a clinic" if nearer else "nobody's nearest clinic gets nearer"
        )
        return f"Nobody comes within {limit:g} minutes or falls out of it; {who}."
    parts = [f"about {about(gained)} people come within {limit:g} minutes"] if gained else []
    parts += [f"about {about(lost)} people fall out of {limit:g} minutes"] if lost else []
    said = " and ".join(parts)
    return f"{said[0].upper()}{said[1:]} (an estimate)."


def scenario_for_people(found: pd.DataFrame) -> pd.DataFrame:
    """The table of a scenario: one row per rurality and all; text."""

    def cells(when: str) -> list[str]:
        return [people_and_share(*pair) for pair in _pairs(found, f"people_beyond_{when}", f"share_beyond_{when}")]

    return pd.DataFrame(
        {
            "people": found["people"].map("{:,}".format).to_list(),
            "beyond, before": cells("before"),
            "beyond, after": cells("after"),
            "gained": found["people_gained"].map("{:+,}".format).to_list(),
            "lost": (-found["people_lost"]).map("{:,}".format).to_list(),
            "nearer": found["people_nearer"].map("{:,}".format).to_list(),
            "farther": found["people_farther"].map("{:,}".format).to_list(),
        },
        index=pd.Index(found["rurality"].map(_NAMES), name="people live in"),
    )


def _pairs(table: pd.DataFrame, people: str, share: str) -> list[list[float]]:
    return table[[people, share]].to_numpy(float).tolist()


def _cost(cost: float) -> str:
    return f"{cost:.0f}" if cost == cost else "not reached"
