"""Figures in words and in tables for reading: what pages print, so that terminal and page say the same."""

import pandas as pd

from access.language import SOURCE, language, mark, say
from access.report.gaps import EVERYONE, GapTables
from access.vocabulary import RURALITIES, STATES, TREATMENTS, state_code

NAMES = {**RURALITIES, EVERYONE: mark("All")}


def area_name(people: pd.DataFrame, state: str | None) -> str:
    """The name of a state (code or name), or of all that the people table covers."""
    if state:
        return STATES[state_code(state) or ""]
    if (people["state"] == "PR").any():
        return say("the United States and Puerto Rico")
    return say("the United States")


def count(number: int, one: str) -> str:
    """ "1 clinic", "2 clinics"."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def about(people: float) -> str:
    """The number to three figures, as an estimate deserves: "130 million", "64,900", "812"."""
    if people >= 1e6:
        return say("{number} million", number=f"{people / 1e6:.3g}")
    digits = max(len(str(int(people))) - 3, 0)
    return f"{round(people, -digits):,.0f}"


def percent(share: float) -> str:
    """ "12.3 %"; "no people" where the share is NaN."""
    return f"{100 * share:.1f} %" if share == share else say("no people")


def people_and_share(people: float, share: float) -> str:
    """ "1,234 (5.6 %)"; a dash where nobody lives."""
    return f"{people:,.0f} ({percent(share)})" if share == share else "-"


def nearest_clinic_words(treatment: str, rank: int) -> str:
    """ "the nearest ECT clinic", "the 2nd nearest ECT clinic"."""
    return nearest_words(say(TREATMENTS[treatment]), rank)


def nearest_words(named: str, rank: int) -> str:
    """As `nearest_clinic_words`, of what is given there as one reads it: "the nearest TMS or ECT clinic"."""
    if rank == 1:
        return say("the nearest {treatment} clinic", treatment=named)
    which = f"{rank}{ {2: 'nd', 3: 'rd'}.get(rank, 'th') }" if language() == SOURCE else f"{rank}"
    return say("the {rank} nearest {treatment} clinic", rank=which, treatment=named)


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
        people=about(everyone["people_beyond"]),
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
    cells = [people_and_share(*pair) for pair in _pairs(tables.shares, "people_beyond", "share_beyond")]
    wide = tables.shares.assign(cell=cells).pivot(index="rurality", columns="beyond", values="cell")
    rows = tables.shares.drop_duplicates("rurality")
    medians = tables.quantiles.loc[tables.quantiles["quantile"] == 0.5, unit].to_numpy(float).tolist()
    none = rows.assign(share=rows["people_unreached"] / rows["people"].where(rows["people"] > 0))
    return pd.DataFrame(
        {
            say("people"): rows["people"].map("{:,}".format).to_list(),
            **{_beyond(limit): wide[limit].loc[rows["rurality"]].to_list() for limit in wide.columns},
            say("reach none"): [people_and_share(*pair) for pair in _pairs(none, "people_unreached", "share")],
            say("median {unit}", unit=say(unit)): [_cost(cost) for cost in medians],
        },
        index=_where(rows["rurality"]),
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
    shown[table.columns[0]] = table[table.columns[0]].replace(NAMES)
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
    table = wide.loc[order].rename(columns="beyond {:g}".format, index=NAMES)
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
            say(
                "{share} of {people} people are farther than {limit} {unit}; {half}",
                share=percent(share),
                people=f"{people:,.0f}",
                limit=f"{limit:g}",
                unit=say(unit),
                half=say("half have at most {median}", median=f"{median:.0f}")
                if median == median
                else say("half or more reach none"),
            )
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
        who = say("nobody's nearest clinic gets nearer")
        if nearer:
            who = say("about {people} people get nearer to a clinic", people=about(nearer))
        return say("Nobody comes within {limit} minutes or falls out of it; {who}.", limit=f"{limit:g}", who=who)
    parts = {
        mark("about {people} people come within {limit} minutes"): gained,
        mark("about {people} people fall out of {limit} minutes"): lost,
    }
    said = say(" and ").join(
        say(words, people=about(people), limit=f"{limit:g}") for words, people in parts.items() if people
    )
    return f"{said[0].upper()}{said[1:]} ({say('an estimate')})."


def scenario_for_people(found: pd.DataFrame) -> pd.DataFrame:
    """The table of a scenario: one row per rurality and all; text."""

    def cells(when: str) -> list[str]:
        return [people_and_share(*pair) for pair in _pairs(found, f"people_beyond_{when}", f"share_beyond_{when}")]

    return pd.DataFrame(
        {
            say("people"): found["people"].map("{:,}".format).to_list(),
            say("beyond, before"): cells("before"),
            say("beyond, after"): cells("after"),
            say("gained"): found["people_gained"].map("{:+,}".format).to_list(),
            say("lost"): (-found["people_lost"]).map("{:,}".format).to_list(),
            say("nearer"): found["people_nearer"].map("{:,}".format).to_list(),
            say("farther"): found["people_farther"].map("{:,}".format).to_list(),
        },
        index=_where(found["rurality"]),
    )


def _where(ruralities: "pd.Series[str]") -> pd.Index:
    return pd.Index([say(NAMES[name]) for name in ruralities], name=say("people live in"))


def _beyond(limit: object) -> str:
    return say("beyond {limit}", limit=f"{limit:g}")


def _pairs(table: pd.DataFrame, people: str, share: str) -> list[list[float]]:
    return table[[people, share]].to_numpy(float).tolist()


def _cost(cost: float) -> str:
    return f"{cost:.0f}" if cost == cost else say("not reached")
