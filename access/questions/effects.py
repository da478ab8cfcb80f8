"""A scenario's effects as tables: by limit and group, by payer, by county; several scenarios side by side."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from access.measures.layout import groups_of
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.supply import demand_of
from access.measures.uptake import expected_patients, starts_lost, starts_lost_by_group
from access.questions.gaps import EVERYONE, GapTables, by_rurality_then_all, gap_tables
from access.questions.view import ADULT_SHARE
from access.questions.what_if import Baseline, Outcome, outcome_as_now, outcome_for_payer
from access.scenarios.compare import before_and_after
from access.scenarios.rides import people_who_need_escort
from access.units import KM_PER_MILE
from access.vocabulary import PAYERS

LIMITS_MINUTES: Final = (30.0, 60.0, 90.0, 120.0)
MOST_SCENARIOS: Final = 4  # that stand side by side on a page


def people_by_limit(
    base: Baseline, found: Outcome, by: str = "rurality", limits: Sequence[float] = LIMITS_MINUTES
) -> pd.DataFrame:
    """People within each limit before and after, by rurality, state or county.

    Returns
    -------
    pd.DataFrame
        One row per group and limit: `by`, `limit`, `people`, `people_within_before`, `people_within_after`,
        `people_gained`, `people_lost`; by rurality a last row "all" for each limit.
    """
    groups = base.ruralities if by == "rurality" else groups_of(base.people, [by])
    rows = []
    for limit in limits:
        table = before_and_after(found.before["minutes"], found.after["minutes"], base.people, limit, by=groups)
        if by == "rurality":
            sums = table.drop(columns=by).sum().to_frame().T.assign(group=EVERYONE)
            table = by_rurality_then_all(table, sums)
        rows.append(_people_within(table, by).assign(limit=float(limit)))
    return pd.concat(rows, ignore_index=True)


def people_by_payer(base: Baseline, found: Outcome, limits: Sequence[float] = LIMITS_MINUTES) -> pd.DataFrame:
    """People within each limit of a clinic that states it takes a payer, before and after; one row per payer and limit.

    All people are counted for each payer, not only those whom it insures: nobody counts those by place. What no source
    states may be taken or not, and is left out.
    """
    everyone = groups_of(base.people, [])
    rows = []
    for payer in PAYERS:
        before, after = outcome_for_payer(base, found, payer)
        for limit in limits:
            table = before_and_after(before, after, base.people, limit, by=everyone).assign(payer=payer)
            rows.append(_people_within(table, "payer").assign(limit=float(limit)))
    return pd.concat(rows, ignore_index=True)


def _people_within(table: pd.DataFrame, by: str) -> pd.DataFrame:
    within = {f"people_within_{when}": table["people"] - table[f"people_beyond_{when}"] for when in ("before", "after")}
    kept = [by, "people", "people_within_before", "people_within_after", "people_gained", "people_lost"]
    counted = table.assign(**within)[kept]
    return counted.astype(dict.fromkeys(kept[1:], "int64"))


def county_changes(base: Baseline, found: Outcome, limit: float) -> pd.DataFrame:
    """Who gains and who loses in each county: the columns of `before_and_after`, `minutes_change` and `net_share`.

    `minutes_change`: how much farther its people are from the nearest clinic on average (below zero: nearer); people
    who reach none count at the longest trip that is kept. `net_share`: (gained - lost) over people, -1 to 1; NaN:
    nobody lives there.
    """
    groups = groups_of(base.people, ["county"])
    table = before_and_after(found.before["minutes"], found.after["minutes"], base.people, limit, by=groups)
    most = base.trips.max_minutes
    more = found.after["minutes"].fillna(most).to_numpy() - found.before["minutes"].fillna(most).to_numpy()
    people = table["people"].to_numpy(float)
    spent = groups.total(base.people["population"].to_numpy(float) * more)
    lived_in = np.where(people > 0, people, np.nan)
    return table.assign(
        minutes_change=spent / lived_in, net_share=(table["people_gained"] - table["people_lost"]) / lived_in
    )


def gaps_around(
    base: Baseline, found: Outcome, limits: Sequence[float] = LIMITS_MINUTES
) -> tuple[GapTables, GapTables]:
    """`gap_tables` of the minutes before and after: shares beyond, quantiles and the urban-rural gap."""
    sides = (found.before["minutes"], found.after["minutes"])
    return gap_tables(sides[0], base.people, limits), gap_tables(sides[1], base.people, limits)


def median_of_all(tables: GapTables) -> float:
    """The median minutes of everybody; NaN: half of them or more reach no clinic."""
    quantiles = tables.quantiles
    chosen = (quantiles["rurality"] == EVERYONE) & (quantiles["quantile"] == 0.5)
    return float(quantiles.loc[chosen, "minutes"].iloc[0])


def starts_around(base: Baseline, found: Outcome, by: str = "rurality") -> pd.DataFrame:
    """Esketamine starts that distance goes with losing, before and after: an association, not an effect.

    Returns
    -------
    pd.DataFrame
        By group (and "all"): `by`, `expected_low`, `expected_central`, `lost_before`, `lost_after` (of the central),
        `share_lost_before`, `share_lost_after`. No rows: another treatment, of which no such figures are known.
    """
    if base.treatment != "esketamine":
        return pd.DataFrame(columns=[by, "share_lost_before", "share_lost_after"])
    counted = None if base.people["adults"].notna().all() else ADULT_SHARE
    patients = expected_patients(demand_of(base.people, "adults", adult_share=counted))
    sides = []
    for nearest in (found.before, found.after):
        lost = starts_lost(nearest["km"] / KM_PER_MILE, patients)
        grouped = starts_lost_by_group(lost, base.people, by=[by])
        everyone = starts_lost_by_group(lost, base.people).rename(columns={"group": by})
        sides.append(pd.concat([grouped, everyone], ignore_index=True))
    old, new = sides
    return old[[by, "expected_low", "expected_central"]].assign(
        lost_before=old["lost_central"],
        lost_after=new["lost_central"],
        share_lost_before=old["share_lost"],
        share_lost_after=new["share_lost"],
    )


def scenario_comparison(base: Baseline, found: Sequence[Outcome], limit: float) -> pd.DataFrame:
    """Scenarios beside how things stand, one row each, "as now" first.

    Returns
    -------
    pd.DataFrame
        `scenario`, `people_within`, `people_gained`, `people_lost` (at `limit`), `median_minutes` (NaN: out of
        reach), `share_beyond_urban`, `share_beyond_rural`, `difference` (the gap), `people_needing_escort` (within
        `limit`, and somebody must drive them; NaN: no course of the treatment is known), `share_starts_lost`
        (esketamine; else NaN), `cost_usd` (NaN: an edit does not say), `usd_per_person_gained` (NaN: no cost, or
        nobody gained).
    """
    return pd.DataFrame([_scenario_row(base, one, limit) for one in (outcome_as_now(base), *found)])


def _scenario_row(base: Baseline, found: Outcome, limit: float) -> dict[str, object]:
    change = people_by_limit(base, found, limits=[limit]).iloc[-1]
    tables = gap_tables(found.after["minutes"], base.people, [limit])
    gap = tables.gaps.iloc[0]
    starts = starts_around(base, found)["share_lost_after"]
    cost = found.scenario.cost_usd
    gained = int(change["people_gained"])
    return {
        "scenario": found.scenario.name,
        "people_within": int(change["people_within_after"]),
        "people_gained": gained,
        "people_lost": int(change["people_lost"]),
        "median_minutes": median_of_all(tables),
        "share_beyond_urban": gap["urban"],
        "share_beyond_rural": gap["rural"],
        "difference": gap["difference"],
        "people_needing_escort": _people_needing_escort(base, found, limit),
        "share_starts_lost": starts.iloc[-1] if len(starts) else np.nan,
        "cost_usd": np.nan if cost is None else cost,
        "usd_per_person_gained": cost / gained if cost is not None and gained else np.nan,
    }


def _people_needing_escort(base: Baseline, found: Outcome, limit: float) -> float:
    if base.treatment not in DEFAULT_REGIMENS:
        return np.nan
    return people_who_need_escort(found.after, base.people, base.treatment, limit, found.scenario.edits)
