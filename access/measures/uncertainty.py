"""The gap with its interval: how far wrong listings, unknown payers, travel times and origins could move it.

`ErrorSources` says what may be wrong and by how much; each of its sources can be switched off.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from access.errors import TableError
from access.measures import uncertainty_kernels as kernels
from access.measures.beyond import people_beyond
from access.measures.layout import Floats, Groups, align_to_people, groups_of, values_by_clinic
from access.measures.nearest import minutes_to_nearest
from access.places.services import NOT_STATED, REFUSED, STATED
from access.tables import require_columns
from access.travel.trips import Trips

# Ten search tools tried by telephone: 82.8 % worked (Riley 2024, PMC11260587). Sweep 0.5 to 0.95.
LISTING_WORKS: Final = 0.83
# The measured error of the estimate is 1.8 minutes in the middle and 8 at the 90th percentile: too long a tail for
# one normal law (its 90th percentile would be 1.8 x 1.645 / 0.674 = 4.4). Two laws do it, four places in five being
# urban (block groups: 0.81): 0.8 P(|2.2 z| <= 1.8) + 0.2 P(|12 z| <= 1.8) = 0.8 x 0.587 + 0.2 x 0.119 = 0.49, and
# 0.8 P(|2.2 z| <= 8) + 0.2 P(|12 z| <= 8) = 0.8 x 1.000 + 0.2 x 0.495 = 0.90.
TRAVEL_SPREAD_MINUTES: Final = {"urban": 2.2, **dict.fromkeys(["large_town", "small_town", "rural", "not_coded"], 12.0)}
# Berke & Shi 2009 (PMC2683820): mean absolute error 2.3 to 5.6 minutes, rural Arizona 5.6. Even steps between
# them; not coded as the widest.
ORIGIN_ERROR_MINUTES: Final = {"urban": 2.3, "large_town": 3.4, "small_town": 4.5, "rural": 5.6, "not_coded": 5.6}
Z_95: Final = NormalDist().inv_cdf(0.95)
SD_PER_MEAN_ERROR: Final = (math.pi / 2) ** 0.5  # of a normal law


@dataclass(frozen=True, eq=False)
class ErrorSources:
    """What may be wrong, and by how much; None switches a source off.

    `listing_works`: the chance that a listing works, one number or one per clinic (by `clinic_id`). Drawn per
    clinic and draw, and shared by all places of the draw.
    `payer_taken`: the chance that a clinic takes a payer that it does not state. Two numbers: drawn evenly
    between them, anew in each draw. The default, 0 to 1, says that nothing is known: its interval runs nearly
    from the bound where all of them take it to the bound where none does. Counts only when a payer is asked for.
    `travel_factor`: the 5th and 95th percentile of a lognormal factor on all minutes of a draw.
    `travel_spread_minutes`: by rurality, the standard deviation of a normal error per place and draw.
    `origin_error_minutes`: by rurality, the mean absolute error, per place and draw, of starting all people of a
    place at its centre; taken as normal, so the standard deviation is 1.2533 (root of pi/2) times it. The default
    was measured on ZIP codes; block groups are smaller, so it is wide rather than narrow.

    Source
    ------
    Listings: Riley (2024), PMC11260587. Factor and spread: the measured error of `estimate_trips`. Origins: Berke
    & Shi (2009), PMC2683820.
    """

    listing_works: "float | pd.Series[float] | None" = LISTING_WORKS
    payer_taken: float | tuple[float, float] | None = (0.0, 1.0)
    travel_factor: tuple[float, float] | None = (0.85, 1.2)
    travel_spread_minutes: Mapping[str, float] | None = field(default_factory=TRAVEL_SPREAD_MINUTES.copy)
    origin_error_minutes: Mapping[str, float] | None = field(default_factory=ORIGIN_ERROR_MINUTES.copy)

    def __post_init__(self) -> None:
        """Refuse what is no chance, no factor or no spread."""
        least, most = _range_of_chance(self.payer_taken)
        if not 0 <= least <= most <= 1:
            raise ValueError(f"payer_taken is {self.payer_taken}; a chance lies from 0 to 1, the lower first.")
        works = pd.Series(1.0 if self.listing_works is None else self.listing_works)
        if not works.between(0, 1).all():
            raise ValueError("listing_works holds a value that is no chance; chances lie from 0 to 1.")
        low, high = self.travel_factor or (1.0, 1.0)
        if not 0 < low <= high < np.inf:
            raise ValueError(f"travel_factor is {self.travel_factor}; give the lower and the higher, above 0.")
        for minutes in (self.travel_spread_minutes or {}, self.origin_error_minutes or {}):
            if not all(0 <= value < np.inf for value in minutes.values()):
                raise ValueError(f"Errors in minutes are 0 or more; given {dict(minutes)}.")

    def on(self) -> tuple[str, ...]:
        """The names of the sources that are switched on, in order."""
        return tuple(name for name in vars(self) if getattr(self, name) is not None)

    def without(self, *names: str) -> "ErrorSources":
        """These sources with the named ones switched off."""
        return replace(self, **dict.fromkeys(names))

    def works(self, trips: Trips) -> Floats:
        """The chance that each clinic's listing works.

        Raises
        ------
        TableError
            A clinic has none.
        """
        if isinstance(self.listing_works, pd.Series):
            return values_by_clinic(self.listing_works, trips, what="chance that a listing works")
        return np.full(len(trips.clinics), 1.0 if self.listing_works is None else self.listing_works)

    def takes(self, trips: Trips, answers: pd.Series | None) -> Floats:
        """The chance that each clinic takes the payer: 1 stated or none asked for, 0 refused, NaN to be drawn.

        Raises
        ------
        TableError
            A clinic has no answer.
        """
        if answers is None:
            return np.ones(len(trips.clinics))
        chance = {STATED: 1.0, REFUSED: 0.0, NOT_STATED: 0.0 if self.payer_taken is None else np.nan}
        said = answers.reindex(trips.clinics)
        if (wrong := ~said.isin(list(chance))).any():
            raise TableError(f"Clinic {said.index[wrong][0]} has no answer on this payer; say {', '.join(chance)}.")
        return np.asarray(said.map(chance), np.float64)

    def unknown(self, uniform: Floats) -> Floats:
        """The chance, in each draw, that a clinic takes a payer it does not state."""
        low, high = _range_of_chance(self.payer_taken)
        return low + (high - low) * uniform

    def factors(self, uniform: Floats) -> Floats:
        """The factor on all minutes of each draw."""
        low, high = np.log(self.travel_factor or (1.0, 1.0))
        exponent = (low + high) / 2 + (high - low) / (2 * Z_95) * ndtri(uniform)
        return np.asarray(np.exp(exponent), np.float64)

    def spread_minutes(self, people: pd.DataFrame) -> Floats:
        """The standard deviation of each place's own error: travel and origins as one normal law.

        Raises
        ------
        TableError
            A rurality has no error in minutes.
        """
        square = np.zeros(len(people))
        for minutes, scale in ((self.travel_spread_minutes, 1.0), (self.origin_error_minutes, SD_PER_MEAN_ERROR)):
            if minutes is not None:
                require_columns(people, ["rurality"], where="The people table")
                of_place = people["rurality"].map(minutes).to_numpy(float)
                if (unknown := np.isnan(of_place)).any():
                    name = people["rurality"][unknown].iloc[0]
                    raise TableError(f"Rurality {name} has no error in minutes; give one, or switch the source off.")
                square += (scale * of_place) ** 2
        return np.asarray(square**0.5, np.float64)

    def farthest_minutes(self, limit: float, spread: float) -> float:
        """How long the kept trips must be, so that all but rare draws see every trip that ends within the limit."""
        low, _ = self.travel_factor or (1.0, 1.0)
        return (limit + Z_95 * spread) / min(low, 1.0)


def _range_of_chance(chance: float | tuple[float, float] | None) -> tuple[float, float]:
    return chance if isinstance(chance, tuple) else (chance or 0.0, chance or 0.0)


Keys = NDArray[np.uint64]
EVERYONE: Final = "all"
FIGURES: Final = ("difference", "ratio")
_DRAWS_AT_ONCE: Final = 256


@dataclass(frozen=True, eq=False)
class GapInterval:
    """What `gap_interval` found.

    `shares`: one row per group of `by` (then "all") and limit: the group, `beyond`, `people`, and of the share
    beyond `low`, `central` (the plain estimate, nothing drawn), `median` and `high`.
    `gaps`: one row per limit and `figure`: "difference" (second side minus first, in share) and "ratio" (second
    over first), with the same four columns, worked out draw by draw.
    `sides`: the two groups compared. `sources`: the names of the sources counted. `level`: the share of draws
    between `low` and `high`.
    """

    shares: pd.DataFrame
    gaps: pd.DataFrame
    by: str
    sides: tuple[str, str]
    sources: tuple[str, ...]
    level: float
    draws: int
    seed: int


def gap_interval(
    trips: Trips,
    people: pd.DataFrame,
    limits: Sequence[float],
    *,
    seed: int,
    sources: ErrorSources | None = None,
    payer_answers: pd.Series | None = None,
    draws: int = 1000,
    level: float = 0.9,
    by: str = "rurality",
    sides: tuple[str, str] = ("urban", "rural"),
) -> GapInterval:
    """The share of people beyond each limit, by group, and the gap between two groups, with their intervals.

    `limits` are minutes; a cost equal to one is within it. `sources`: none given, all with their defaults.
    `payer_answers`: what is said of one payer at each clinic (see `payer_answer`): a clinic that refuses it never
    serves, one that does not state it serves by the chance of `sources.payer_taken`; the plain estimate, and a
    draw with that source off, counts only clinics that state it.

    In each draw people go to the nearest clinic that serves; those who reach none count as beyond every limit.
    Numbers are drawn by the names of clinics and places, so a seed gives the same result on any number of threads,
    in any order of rows, and two questions with one seed share their luck. Listings can only fail, so the
    plain estimate is the best case of that source and may lie below `low`. In memory: the trips, some hundred draws
    of the clinics, and one number per group, limit and draw; never one per place and draw.

    Returns
    -------
    GapInterval
        See `GapInterval`. NaN: nobody lives in the group, or it is not there. A ratio's `central` is NaN where the
        first side's share is zero; its `high` (or more) where that is so in the draws that set it: there is no bound;
        all but `central` where in any draw both sides' shares are zero.

    Raises
    ------
    ValueError
        A limit below 0, or so near `trips.max_minutes` that a travel error would reach past it; no draws; a
        level outside 0 to 1.
    TableError
        A table lacks a column, a place, a clinic or a rurality that is needed.

    Source
    ------
    Intervals by simulation, as Kleinman (2021) and Kiang et al. (2021), doi:10.1016/j.drugalcdep.2021.109081,
    who carry neither listing nor routing error. Each source: see `ErrorSources`.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level:g}; it lies between 0 and 1.")
    counted = sources or ErrorSources()
    if payer_answers is None:
        counted = counted.without("payer_taken")
    groups = groups_of(people, [by])
    drawn = shares_by_draw(
        trips, people, limits, groups=groups, seed=seed, sources=counted, payer_answers=payer_answers, draws=draws
    )
    stating = trips if payer_answers is None else trips.among(payer_answers.index[payer_answers == STATED])
    plain = _plain_shares(stating, people, groups, limits)
    pairs = _gap_figures(plain, groups, by, sides), _gap_figures(drawn, groups, by, sides)
    gaps = pd.DataFrame({"beyond": np.repeat(np.asarray(limits, float), 2), "figure": list(FIGURES) * len(limits)})
    return GapInterval(
        _share_rows(people, groups, by, limits).assign(**_interval_columns(plain, drawn, level)),
        gaps.assign(**_interval_columns(*pairs, level)),
        by,
        sides,
        counted.on(),
        level,
        draws,
        seed,
    )


def shares_by_draw(
    trips: Trips,
    people: pd.DataFrame,
    limits: Sequence[float],
    *,
    groups: Groups,
    seed: int,
    sources: ErrorSources,
    payer_answers: pd.Series | None = None,
    draws: int = 1000,
) -> Floats:
    """The share beyond by draw, group (everybody last) and limit: what the intervals are made of.

    Raises
    ------
    As `gap_interval`.
    """
    works = sources.works(trips)
    takes = sources.takes(trips, payer_answers)
    spread = sources.spread_minutes(people)
    _check_request(trips, limits, sources, spread, draws)
    row = align_to_people(pd.Series(np.arange(len(trips.places)), index=trips.places), people).astype(np.int64)
    population = people["population"].to_numpy(float)
    rising, position = np.unique(np.asarray(limits, float), return_inverse=True)
    place = _keys_of(people["geoid"])
    clinic = _keys_of(trips.clinics)
    parts = []
    for first in range(0, draws, _DRAWS_AT_ONCE):
        keys = [kernels.draw_keys(seed, stream, first, min(first + _DRAWS_AT_ONCE, draws)) for stream in range(5)]
        unknown = sources.unknown(kernels.uniform_numbers(keys[kernels.PAYER_SHARE]))
        serves = kernels.draw_serving(clinic, keys[kernels.LISTING], keys[kernels.PAYER], works, takes, unknown)
        factor = sources.factors(kernels.uniform_numbers(keys[kernels.FACTOR]))
        passed = kernels.people_by_limits_passed(
            trips.indptr, trips.clinic_index, trips.minutes, row, place, population, groups.codes, len(groups.keys),
            spread, rising, serves, factor, keys[kernels.PLACE], kernels.NORMAL,
        )  # fmt: skip
        parts.append(passed)
    return _shares_of_draws(np.concatenate(parts), position)


def interval_widths(
    trips: Trips,
    people: pd.DataFrame,
    limits: Sequence[float],
    *,
    seed: int,
    sources: ErrorSources | None = None,
    payer_answers: pd.Series | None = None,
    draws: int = 300,
    level: float = 0.9,
    by: str = "rurality",
    sides: tuple[str, str] = ("urban", "rural"),
) -> pd.DataFrame:
    """How wide the interval of the difference is, with everything and with one source switched off at a time.

    All rows share their luck, so what differs between them is the source. Options: as `gap_interval`.

    Returns
    -------
    pd.DataFrame
        One row per limit and source that is on, after one with none off: `beyond`, `without` (the source switched
        off; "" for none), `low`, `median`, `high`, `width` (of the difference, in share), `narrower` (the share of
        the whole width that goes with the source; below 0: the interval widens; NaN: the whole width is zero or not
        known). The source whose `narrower` is largest matters most; one that moves `median` shifts the answer rather
        than blurs it. They need not sum to one.

    Raises
    ------
    As `gap_interval`.
    """
    asked = sources or ErrorSources()
    names = ("", *(name for name in asked.on() if payer_answers is not None or name != "payer_taken"))
    tables = []
    for name in names:
        kept = asked.without(name) if name else asked
        found = gap_interval(
            trips,
            people,
            limits,
            seed=seed,
            sources=kept,
            payer_answers=payer_answers,
            draws=draws,
            level=level,
            by=by,
            sides=sides,
        ).gaps
        difference = found[found["figure"] == "difference"]
        tables.append(difference[["beyond", "low", "median", "high"]].assign(without=name))
    table = pd.concat(tables, ignore_index=True)
    table["width"] = table["high"] - table["low"]
    whole = table["width"].to_numpy()[: len(limits)]
    whole = np.tile(np.where(whole > 0, whole, np.nan), len(names))
    table["narrower"] = 1 - table["width"] / whole
    return table[["beyond", "without", "low", "median", "high", "width", "narrower"]].sort_values(
        "beyond", kind="stable", ignore_index=True
    )


def _check_request(trips: Trips, limits: Sequence[float], sources: ErrorSources, spread: Floats, draws: int) -> None:
    if draws < 1:
        raise ValueError(f"draws is {draws}; give at least one.")
    if not len(limits) or not all(0 <= limit < np.inf for limit in limits):
        raise ValueError(f"Limits are minutes from 0; given {list(limits)}.")
    needed = sources.farthest_minutes(max(limits), float(spread.max(initial=0.0)))
    if needed > trips.max_minutes:
        raise ValueError(
            f"These trips stop at {trips.max_minutes:g} minutes; a limit of {max(limits):g} with these errors "
            f"needs {np.ceil(needed):g}: build longer trips, lower the limit, or switch the travel errors off."
        )


def _plain_shares(trips: Trips, people: pd.DataFrame, groups: Groups, limits: Sequence[float]) -> Floats:
    """The plain share beyond by group, everybody last, and limit."""
    cost = minutes_to_nearest(trips)
    each = people_beyond(cost, people, limits, by=groups)["share_beyond"].to_numpy(float)
    everybody = people_beyond(cost, people, limits)["share_beyond"].to_numpy(float)
    return np.vstack([each.reshape(len(limits), -1).T, everybody])


def _shares_of_draws(passed: Floats, position: NDArray[np.intp]) -> Floats:
    """Shares beyond each limit (in the order of `position`) from people by draw, group and limits passed."""
    passed = np.concatenate([passed, passed.sum(axis=1, keepdims=True)], axis=1)
    so_far = np.cumsum(passed[:, :, ::-1], axis=2)[:, :, ::-1]
    whole = so_far[:, :, :1]
    beyond = so_far[:, :, 1:]
    return np.asarray(np.divide(beyond, whole, out=np.full(beyond.shape, np.nan), where=whole > 0)[:, :, position])


def _keys_of(names: pd.Series | pd.Index) -> Keys:
    """One key per name, from the name alone: neither order nor company changes what is drawn for it."""
    return pd.util.hash_array(names.astype("str").to_numpy(object), categorize=False)


def _gap_figures(shares: Floats, groups: Groups, by: str, sides: tuple[str, str]) -> Floats:
    """Difference and ratio of two groups' shares, by limit and figure; infinite where only the first is zero."""
    names = groups.keys[by].tolist()
    none = np.full(shares[..., 0, :].shape, np.nan)
    first, second = (shares[..., names.index(side), :] if side in names else none for side in sides)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([second - first, second / first], axis=-1)


def _share_rows(people: pd.DataFrame, groups: Groups, by: str, limits: Sequence[float]) -> pd.DataFrame:
    whole = groups.total(people["population"].to_numpy(float))
    names = [*groups.keys[by].tolist(), EVERYONE]
    return pd.DataFrame(
        {
            by: [name for name in names for _ in limits],
            "beyond": np.tile(np.asarray(limits, float), len(names)),
            "people": np.repeat(np.append(whole, whole.sum()), len(limits)).astype("int64"),
        }
    )


def interval_ends(drawn: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """The low end, the median and the high end of draws (first axis): a drawn value each, NaN where any draw is."""
    ordered = np.sort(drawn, axis=0)
    ordered[:, np.isnan(drawn).any(axis=0)] = np.nan
    tail = (1 - level) / 2
    last = len(drawn) - 1
    rank = [min(max(int(np.ceil(len(drawn) * part - 1e-9)) - 1, 0), last) for part in (tail, 0.5, 1 - tail)]
    low, median, high = ordered[rank]
    return low, median, high


def _interval_columns(plain: Floats, drawn: Floats, level: float) -> dict[str, Floats]:
    """The columns low, central, median and high: the smallest drawn value that its share of draws do not exceed."""
    low, median, high = interval_ends(drawn, level)
    columns = {"low": low, "central": plain, "median": median, "high": high}
    return {name: np.where(np.isinf(values), np.nan, values).ravel() for name, values in columns.items()}
