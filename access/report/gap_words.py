"""The tables under a map of gaps, as text for reading: by class of place, ranks, supply lists, standards, openings."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from access.language import mark, say
from access.maps.escape import escape
from access.measures.beyond import people_beyond
from access.measures.standards import STANDARDS, county_types, standard
from access.measures.subgroups import subgroup_beyond
from access.places.land import estimated_land_km2
from access.places.pack import Pack
from access.places.shares import shares_in
from access.report.brief_numbers import percents, rank_words
from access.report.gaps import EVERYONE, cost_by_area, cost_to_nearest
from access.report.ranks import ALL
from access.report.small_cells import FEWEST, counted
from access.report.summaries import Asked as Summary
from access.report.summaries import summary
from access.report.words import about, percent
from access.scenarios.openings import best_openings
from access.travel.trips import Trips
from access.travel.ways import way_of
from access.vocabulary import SHARES, STATES

_FEWEST_IN_A_TOWN: Final = 10_000  # where a clinic for people of many states would stand
CITY: Final = {"urban": mark("City (urban)"), "outside": mark("Outside the city: large towns, small towns, rural")}
TYPES: Final = {
    "large_metro": mark("large metro"),
    "metro": mark("metro"),
    "micro": mark("micro"),
    "rural": mark("rural"),
    "ceac": mark("extreme access considerations (CEAC)"),
}
OWN_SHARE: Final = 0.9
# North Carolina's, which goes by its own list of urban counties, is for `trd-access gaps` with a table of types.
STANDARDS_OFFERED: Final = {
    "medicare_psychiatry": mark(
        "Medicare Advantage, psychiatry: minutes and miles by county type, 85 or 90 % of people"
    ),
    "va_mental_health": mark("Veterans, mental health: 30 minutes (it names no share)"),
    "va_specialty": mark("Veterans, specialty care: 60 minutes (it names no share)"),
    "own": mark("90 % of people within the minutes chosen above"),
}
RESULTS: Final = {
    "pass": mark("passes"),
    "fail": mark("fails"),
    "not_applicable": mark("nobody lives there"),
    "not_judged": mark("not judged: the standard names no share"),
}
FAILS: Final = {
    "": "",
    "minutes": mark("too few within the minutes"),
    "miles": mark("too few within the miles"),
    "minutes and miles": mark("too few within the minutes, and within the miles"),
    "together": mark("too few within both at once"),
}


def two_classes(people: pd.DataFrame) -> "pd.Series[str]":
    """City or outside it, for each place: "urban", "outside"; "not_coded" where no scheme has a code."""
    outside = people["rurality"].isin(["large_town", "small_town", "rural"])
    return people["rurality"].mask(outside, "outside")


def gap_by(
    cost: "pd.Series[float]",
    people: pd.DataFrame,
    group: "pd.Series[str]",
    names: dict[str, str],
    limits: Sequence[float],
) -> pd.DataFrame:
    """People and share beyond each limit by any group of places, in the order of `names`, as text.

    Raises
    ------
    TableError: `cost` lacks a place of `people`.
    """
    table = cost_by_area(cost, people.assign(group=group), limits, "group")
    rows = []
    for name, words in names.items():
        here = table[table["group"] == name]
        if here.empty:
            continue
        cells = [_cell(*pair) for pair in here[["people_beyond", "share_beyond"]].to_numpy(float).tolist()]
        median = float(here["median"].iloc[0])
        told = f"{median:.0f}" if median == median else say("not reached")
        rows.append([say(words), counted(here["people"].iloc[0]), *cells, told])
    beyond = [say("beyond {limit}", limit=f"{limit:g}") for limit in limits]
    unit = say("median {unit}", unit=say(str(cost.name)))
    return pd.DataFrame(rows, columns=[say("people live in"), say("people"), *beyond, unit])


def types_of_counties(people: pd.DataFrame) -> "pd.Series[str]":
    """The CMS type of each county in which any of `people` live, on land estimated from the outlines."""
    return county_types(people, estimated_land_km2(people))


def _cell(people: float, share: float) -> str:
    return counted(people) if 0 < people < FEWEST else f"{people:,.0f} ({percent(share)})"


def ranks_table(standing: pd.DataFrame, by: str, names: "pd.Series[str]") -> pd.DataFrame:
    """`ranks` as text: each area's share and rank with their intervals, everybody last."""
    known = STATES if by == "state" else names.to_dict()
    figures = standing[["rank", "rank_low", "rank_high"]].to_numpy(float).tolist()
    ends = standing[["low", "high"]].to_numpy(float).tolist()
    return pd.DataFrame(
        {
            say("area"): [say("All") if code == ALL else say(known[code]) for code in standing[by]],
            say("people beyond"): standing["people_beyond"].map(counted),
            say("share beyond"): standing["share"].map(percent),
            say("90 % interval"): [percents(low, high) for low, high in ends],
            say("rank, of {of}", of=int(standing["of"].iloc[0])): [rank_words(*figure) for figure in figures],
        }
    )


def subgroups_table(minutes: "pd.Series[float]", people: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Each subgroup of which the pack has shares, beyond the limit, with the survey's interval, beside the rest; text.

    Raises
    ------
    TableError: `minutes` lacks a place of `people`.
    """
    found = subgroup_beyond(minutes, people, [limit], [f"share_{name}" for name in shares_in(people)])
    intervals = found[["low", "high"]].to_numpy(float).tolist()
    return pd.DataFrame(
        {
            say("people who are or have"): [say(SHARES[name]) for name in found["subgroup"]],
            say("people"): found["people"].map(counted),
            say("people beyond"): found["people_beyond"].map(counted),
            say("share beyond"): found["share_beyond"].map(percent),
            say("90 % interval"): [percents(low, high) if low == low else say("not known") for low, high in intervals],
            say("of all others"): found["share_rest_beyond"].map(percent),
            say("people whose share is not known"): found["people_unknown"].map(counted),
        }
    )


def list_table(
    trips: Trips,
    people: pd.DataFrame,
    services: pd.DataFrame,
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
        lists[say("only clinics that two lists name")] = giving[_named_twice(giving)]
    rows = []
    for name, of_list in lists.items():
        cost = cost_to_nearest(trips.among(of_list["clinic_id"]), unit, rank=rank)
        table = pd.concat([people_beyond(cost, people, [limit], by=["rurality"]), _all(cost, people, limit)])
        share = table.set_index("rurality")["share_beyond"]
        sides = [percent(share.get(side, float("nan"))) for side in ("urban", "rural", EVERYONE)]
        rows.append([name, f"{of_list['clinic_id'].nunique():,}", *sides])
    heads = [say("list"), say("clinics, whole country"), say("urban beyond"), say("rural beyond"), say("all beyond")]
    return pd.DataFrame(rows, columns=heads)


def _all(cost: "pd.Series[float]", people: pd.DataFrame, limit: float) -> pd.DataFrame:
    return people_beyond(cost, people, [limit]).rename(columns={"group": "rurality"})


def _named_twice(services: pd.DataFrame) -> "pd.Series[bool]":
    lists = services.groupby("clinic_id")["source"].transform("nunique")
    return lists > 1


def adequacy_found(
    trips: Trips, people: pd.DataFrame, services: pd.DataFrame, treatments: Sequence[str], name: str, limit: float
) -> pd.DataFrame:
    """Whether each county meets one of `STANDARDS_OFFERED`, `limit` being that of "own"; as `adequacy_by_county`.

    Raises
    ------
    TableError, ValueError: as `adequacy_by_county`.
    """
    own = standard({"any": {"max_minutes": limit, "min_share": OWN_SHARE}})
    asked = Summary(trips, people, services, treatments, standard=STANDARDS.get(name, own))
    return summary("adequacy", asked)


def adequacy_sentence(found: pd.DataFrame) -> str:
    """How many counties pass, how many fail and why, and how many people live in those that fail."""
    counts, reasons = found["result"].value_counts(), found.loc[found["result"] == "fail", "fails"].value_counts()
    told = [f"{counts[name]:,} {say(words)}" for name, words in RESULTS.items() if name in counts.index]
    why = [f"{say(words)}: {reasons[name]:,}" for name, words in FAILS.items() if name in reasons.index]
    living = float(found.loc[found["result"] == "fail", "people"].sum())
    said = say("Of {counties} counties: {told}.", counties=f"{len(found):,}", told=", ".join(told))
    if not why:
        return said
    return f"{said} {say('Why: {why}. In them live {people} people.', why='; '.join(why), people=f'{living:,.0f}')}"


def adequacy_table(found: pd.DataFrame, names: "pd.Series[str]") -> pd.DataFrame:
    """Each county's result and reason as text, those that fail first, most people first."""
    rows = found.assign(order=(found["result"] != "fail")).sort_values(["order", "people"], ascending=[True, False])
    return pd.DataFrame(
        {
            say("area"): rows["county"].map(names),
            say("county type"): [say(TYPES.get(one, one)) for one in rows["county_type"]],
            say("people"): rows["people"].map(counted),
            say("inside the limits"): rows["share_inside"].map(percent),
            say("needed"): rows["min_share"].map(percent),
            say("result"): rows["result"].map(lambda one: say(RESULTS[one])),
            say("why"): rows["fails"].map(lambda one: say(FAILS[one]) if one else ""),
        }
    )


def openings(
    minutes: "pd.Series[float]", people: pd.DataFrame, towns: pd.DataFrame, limit: float, pack: Pack
) -> pd.DataFrame:
    """`best_openings` among the towns of the states where these people of `pack` live; of many, the larger towns.

    Raises
    ------
    TableError: as `best_openings`.
    """
    states = people["state"].unique()
    near = towns[towns["state"].isin(states)]
    if len(states) > 1:
        near = near[near["population"].fillna(0) >= _FEWEST_IN_A_TOWN]
    return best_openings(minutes, people, near, limit, estimate=way_of(pack), landmarks=pack.people)


def opening_link(row: "pd.Series[Any]", treatment: str, state: str | None, limit: float) -> str:
    """Where the page of scenarios opens with a clinic in that town: relative, with the town and nothing of a person."""
    words = {
        "what": treatment,
        "open": f"{row['latitude']:.4f},{row['longitude']:.4f}",
        "name": f"{row['name']}, {row['state']}",
    }
    return "Scenarios?" + urlencode({**words, "people": state or "US", "within": f"{limit:g}"})


def openings_html(found: pd.DataFrame, treatment: str, state: str | None, limit: float) -> str:
    """`openings` as an HTML list in order, each with a link that opens it as a scenario; all text escaped."""
    rows = []
    for _, row in found.iterrows():
        told = say(
            "about {people} people come within {limit} minutes; {new} of them by none of the towns above",
            people=about(row["people_reached"]),
            limit=f"{limit:g}",
            new=about(row["people_new"]),
        )
        town = escape(f"{row['name']}, {row['state']}")
        link = (
            f'<a href="{escape(opening_link(row, treatment, state, limit))}">{escape(say("Try it as a scenario"))}</a>'
        )
        rows.append(f"<li><strong>{town}</strong>: {escape(told)}. {link}</li>")
    return f'<ol class="access-openings">{"".join(rows)}</ol>'
