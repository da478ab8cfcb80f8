"""Every measure that gives a table, by name: adequacy, a payer's bounds, equity, poverty of minutes, the course."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from access.errors import TableError
from access.measures.adequacy import adequacy_by_county
from access.measures.course import lightest_course
from access.measures.equity import concentration_index, erreygers_index, gini, lorenz_curve, palma_ratio
from access.measures.gap import urban_rural_gap
from access.measures.groups import aligned, groups_of, share
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.measures.payers import payer_bounds, payer_shares_beyond
from access.measures.poverty import minutes_excess, minutes_poverty
from access.measures.standards import STANDARDS, county_types
from access.measures.subgroups import subgroup_beyond
from access.measures.supply import demand_of
from access.measures.theil import theil_by_group
from access.measures.uptake import expected_patients, starts_lost, starts_lost_by_group
from access.places.land import estimated_land_km2
from access.places.shares import shares_in
from access.report.gaps import EVERYONE, from_urban, gap_tables
from access.tables import require_columns
from access.travel.trips import Trips
from access.units import KM_PER_MILE


@dataclass(frozen=True, eq=False)
class Asked:
    """What a summary is asked: trips from `people` to the clinics that give `treatments`, and what else it needs.

    `by`: the columns that make the groups; none: everybody. `limits`: minutes. `rank_by`: a column of `people` by
    which the worst off are told, and whether its "low" or "high" values are theirs. `adult_share`: of all people, where
    the table does not count adults. `standard`: as `standards.standard` gives it; None: Medicare Advantage psychiatry.
    `land_km2`: by county, for its types; None: estimated from the outlines.
    """

    trips: Trips
    people: pd.DataFrame
    services: pd.DataFrame
    treatments: Sequence[str]
    by: Sequence[str] = ()
    limits: Sequence[float] = (30.0, 60.0, 90.0, 120.0)
    payer: str | None = None
    standard: pd.DataFrame | None = None
    rank_by: str | None = None
    poorest: Literal["low", "high"] = "low"
    adult_share: float | None = None
    land_km2: "pd.Series[float] | None" = None

    @property
    def minutes(self) -> "pd.Series[float]":
        """Minutes to the nearest clinic, which most summaries start from."""
        return minutes_to_nearest(self.trips)

    @property
    def ranked(self) -> tuple[str, Literal["low", "high"]]:
        """The column that tells the worst off, and which end of it is theirs.

        Raises
        ------
        TableError: none is named.
        """
        if self.rank_by is None:
            raise TableError(
                "Say by which column of the people table the worst off are told, such as --rank-by adults."
            )
        return self.rank_by, self.poorest


def _adequacy(asked: Asked) -> pd.DataFrame:
    standard = STANDARDS["medicare_psychiatry"] if asked.standard is None else asked.standard
    types = None
    if "any" not in set(standard["county_type"]):
        land = estimated_land_km2(asked.people) if asked.land_km2 is None else asked.land_km2
        types = county_types(asked.people, land)
    return adequacy_by_county(asked.trips, asked.people, standard, county_type=types)


def _payer(asked: Asked) -> pd.DataFrame:
    if asked.payer is None:
        raise TableError("A payer's bounds are those of one payer; name it, such as --payer medicaid.")
    bounds = payer_bounds(asked.trips, asked.services, asked.payer, treatments=asked.treatments)
    return payer_shares_beyond(bounds, asked.people, asked.limits, by=asked.by)


def _each_group(asked: Asked, **figures: Callable[[pd.DataFrame], float]) -> pd.DataFrame:
    """One row per group and a last one of everybody, with each figure of its own people."""
    groups = groups_of(asked.people, asked.by)
    parts = [asked.people[groups.codes == code].reset_index(drop=True) for code in range(len(groups.keys))]
    keys = groups.keys.assign(people=[int(part["population"].sum()) for part in parts])
    rows = [{name: of(part) for name, of in figures.items()} for part in parts]
    return pd.concat([keys.reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def _gini(asked: Asked) -> pd.DataFrame:
    minutes, most = asked.minutes, asked.trips.max_minutes
    return _each_group(asked, gini=lambda part: gini(minutes, part, unreached=most))


def _lorenz(asked: Asked) -> pd.DataFrame:
    curve = lorenz_curve(asked.minutes, asked.people, unreached=asked.trips.max_minutes)
    at = np.arange(21) / 20
    burden = np.interp(at, curve["people_share"], curve["access_share"])
    return pd.DataFrame({"people_share": at, "minutes_share": burden})


def _concentration(asked: Asked) -> pd.DataFrame:
    (column, poorest), minutes, most = asked.ranked, asked.minutes, asked.trips.max_minutes

    require_columns(asked.people, [column], where="The people table")

    def ranked(part: pd.DataFrame) -> pd.DataFrame:
        return part[part[column].notna()]

    def standard(part: pd.DataFrame) -> float:
        return concentration_index(minutes, ranked(part), column, poorest=poorest, unreached=most)

    def erreygers(part: pd.DataFrame) -> float:
        return erreygers_index(minutes, ranked(part), column, poorest=poorest, bounds=(0.0, most), unreached=most)

    def palma(part: pd.DataFrame) -> float:
        return palma_ratio(minutes, ranked(part), column, poorest=poorest, unreached=most)

    def people_unknown(part: pd.DataFrame) -> float:
        return float(part["population"].sum() - ranked(part)["population"].sum())

    return _each_group(asked, concentration=standard, erreygers=erreygers, palma=palma, people_unknown=people_unknown)


def _theil(asked: Asked) -> pd.DataFrame:
    return theil_by_group(asked.minutes, asked.people, by=asked.by, unreached=asked.trips.max_minutes)


def _poverty(asked: Asked) -> pd.DataFrame:
    minutes, most = asked.minutes, asked.trips.max_minutes
    return pd.concat(
        minutes_poverty(minutes, asked.people, limit_minutes=limit, max_minutes=most, by=asked.by).assign(beyond=limit)
        for limit in asked.limits
    )


def _excess(asked: Asked) -> pd.DataFrame:
    minutes = asked.minutes
    return pd.concat(
        minutes_excess(minutes, asked.people, limit_minutes=limit, by=asked.by).assign(beyond=limit)
        for limit in asked.limits
    )


def _gap(asked: Asked) -> pd.DataFrame:
    return urban_rural_gap(
        gap_tables(asked.minutes, asked.people, asked.limits).shares, "share_beyond", within=["beyond"]
    )


def _lightest(asked: Asked) -> pd.DataFrame:
    """How many people would choose otherwise by money or by time than by nearness."""
    found = lightest_course(asked.trips, asked.services[asked.services["treatment"].isin(list(asked.treatments))])
    groups = groups_of(asked.people, asked.by)
    living = asked.people["population"].to_numpy(float)
    near = found["nearest_clinic_id"]

    def differing(column: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        differs = (found[column].notna() & (found[column] != near)).astype(float)
        return groups.total(living * aligned(differs, asked.people))

    everyone = groups.total(living)
    cheaper, quicker = differing("cheapest_clinic_id"), differing("quickest_clinic_id")
    return groups.keys.assign(
        people=everyone,
        people_cheaper_elsewhere=cheaper,
        share_cheaper_elsewhere=share(cheaper, everyone),
        people_quicker_elsewhere=quicker,
        share_quicker_elsewhere=share(quicker, everyone),
    )


def _starts_lost(asked: Asked) -> pd.DataFrame:
    if list(asked.treatments) != ["esketamine"]:
        raise TableError("What distance goes with losing is known of esketamine starts alone; ask for esketamine.")
    adults = demand_of(asked.people, "adults", adult_share=asked.adult_share)
    lost = starts_lost(km_to_nearest(asked.trips) / KM_PER_MILE, expected_patients(adults))
    return starts_lost_by_group(lost, asked.people, by=asked.by)


def _subgroups(asked: Asked) -> pd.DataFrame:
    """By group, and then of everybody ("all")."""
    columns = [f"share_{name}" for name in shares_in(asked.people)]
    if not columns:
        raise TableError(
            "These people have no shares of subgroups. Add them to a pack of block groups or tracts with: "
            "trd-access data shares --year 2024"
        )
    minutes = asked.minutes
    everyone = subgroup_beyond(minutes, asked.people, asked.limits, columns)
    if not asked.by:
        return everyone
    grouped = subgroup_beyond(minutes, asked.people, asked.limits, columns, by=asked.by)
    last = everyone.drop(columns="group").assign(**dict.fromkeys(asked.by, EVERYONE))
    return pd.concat([grouped, last[grouped.columns]], ignore_index=True)


SUMMARIES: Final[dict[str, tuple[str, Callable[[Asked], pd.DataFrame]]]] = {
    "adequacy": ("share of people inside a standard, pass or fail", _adequacy),
    "payer": ("share of people beyond, lower and upper bound", _payer),
    "gap": ("rural against urban share beyond", _gap),
    "gini": ("0 to below 1, of minutes", _gini),
    "lorenz": ("share of all minutes", _lorenz),
    "concentration": ("-1 to 1 (standard, Erreygers) and the Palma ratio, of minutes", _concentration),
    "theil": ("0 upward, of minutes, with its parts between and within", _theil),
    "poverty": ("FGT 0, 1 and 2 of minutes, 0 to 1, with contributions", _poverty),
    "excess": ("FGT of minutes over the limit, unbounded", _excess),
    "subgroups": ("people of a subgroup beyond, their share, and that of all others", _subgroups),
    "lightest": ("people whose cheapest or quickest course is not at the nearest clinic", _lightest),
    "starts_lost": ("esketamine starts that distance goes with losing", _starts_lost),
}


def summary(name: str, asked: Asked) -> pd.DataFrame:
    """The table of a summary by its name, from urban to rural where it is by rurality.

    Raises
    ------
    KeyError: none has that name. TableError: it lacks what it needs. ValueError: a limit beyond the trips.
    """
    table = SUMMARIES[name][1](asked).reset_index(drop=True)
    if "rurality" not in asked.by or "rurality" not in table:
        return table
    return from_urban(table)
