"""The gap with its interval: how far wrong listings, unknown payers, travel times and origins could move it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.measures import uncertainty_kernels as kernels
from access.measures.beyond import people_beyond
from access.measures.groups import Floats, Groups, aligned, groups_of
from access.measures.nearest import minutes_to_nearest
from access.measures.uncertainty_sources import Sources
from access.places.services import STATED
from access.travel.trips import Trips

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
    sources: Sources | None = None,
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
    See `GapInterval`. NaN: nobody lives in the group, or it is not there. A ratio's `central` is NaN where the first
    side's share is zero; its `high` (or more) where that is so in the draws that set it: there is no bound; all but
    `central` where in any draw both sides' shares are zero.

    Raises
    ------
    ValueError: a limit below 0, or so near `trips.max_minutes` that a travel error would reach past it; no draws;
    a level outside 0 to 1. TableError: a table lacks a column, a place, a clinic or a rurality that is needed.

    Source
    ------
    Intervals by simulation, as Kleinman (2021) and Kiang et al. (2021), doi:10.1016/j.drugalcdep.2021.109081,
    who carry neither listing nor routing error. Each source: see `Sources`.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level:g}; it lies between 0 and 1.")
    counted = sources or Sources()
    if payer_answers is None:
        counted = counted.without("payer_taken")
    groups = groups_of(people, [by])
    drawn = shares_by_draw(
        trips, people, limits, groups=groups, seed=seed, sources=counted, payer_answers=payer_answers, draws=draws
    )
    stating = trips if payer_answers is None else trips.among(payer_answers.index[payer_answers == STATED])
    plain = _plain_shares(stating, people, groups, limits)
    pairs = _figures(plain, groups, by, sides), _figures(drawn, groups, by, sides)
    gaps = pd.DataFrame({"beyond": np.repeat(np.asarray(limits, float), 2), "figure": list(FIGURES) * len(limits)})
    return GapInterval(
        _share_rows(people, groups, by, limits).assign(**_interval(plain, drawn, level)),
        gaps.assign(**_interval(*pairs, level)),
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
    sources: Sources,
    payer_answers: pd.Series | None = None,
    draws: int = 1000,
) -> Floats:
    """The share beyond by draw, group (everybody last) and limit: what the intervals are made of.

    Raises
    ------
    As `gap_interval`.
    """
    works, takes, spread = sources.works(trips), sources.takes(trips, payer_answers), sources.spread_minutes(people)
    _check(trips, limits, sources, spread, draws)
    row = aligned(pd.Series(np.arange(len(trips.places)), index=trips.places), people).astype(np.int64)
    population = people["population"].to_numpy(float)
    rising, position = np.unique(np.asarray(limits, float), return_inverse=True)
    place, clinic = _keys(people["geoid"]), _keys(trips.clinics)
    parts = []
    for first in range(0, draws, _DRAWS_AT_ONCE):
        keys = [kernels.draw_keys(seed, stream, first, min(first + _DRAWS_AT_ONCE, draws)) for stream in range(5)]
        unknown = sources.unknown(kernels.uniform(keys[kernels.PAYER_SHARE]))
        serves = kernels.working(clinic, keys[kernels.LISTING], keys[kernels.PAYER], works, takes, unknown)
        factor = sources.factors(kernels.uniform(keys[kernels.FACTOR]))
        passed = kernels.people_by_limits_passed(
            trips.indptr, trips.clinic_index, trips.minutes, row, place, population, groups.codes, len(groups.keys),
            spread, rising, serves, factor, keys[kernels.PLACE], kernels.NORMAL,
        )  # fmt: skip
        parts.append(passed)
    return _shares(np.concatenate(parts), position)


def interval_widths(
    trips: Trips,
    people: pd.DataFrame,
    limits: Sequence[float],
    *,
    seed: int,
    sources: Sources | None = None,
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
    One row per limit and source that is on, after one with none off: `beyond`, `without` (the source switched
    off; "" for none), `low`, `median`, `high`, `width` (of the difference, in share), `narrower` (the share of the
    whole width that goes with the source; below 0: the interval widens; NaN: the whole width is zero or not known).
    The source whose `narrower` is largest matters most; one that moves `median` shifts the answer rather than
    blurs it. They need not sum to one.

    Raises
    ------
    As `gap_interval`.
    """
    asked = sources or Sources()
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


def _check(trips: Trips, limits: Sequence[float], sources: Sources, spread: Floats, draws: int) -> None:
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


def _shares(passed: Floats, position: NDArray[np.intp]) -> Floats:
    """Shares beyond each limit (in the order of `position`) from people by draw, group and limits passed."""
    passed = np.concatenate([passed, passed.sum(axis=1, keepdims=True)], axis=1)
    so_far = np.cumsum(passed[:, :, ::-1], axis=2)[:, :, ::-1]
    whole, beyond = so_far[:, :, :1], so_far[:, :, 1:]
    return np.asarray(np.divide(beyond, whole, out=np.full(beyond.shape, np.nan), where=whole > 0)[:, :, position])


def _keys(names: pd.Series | pd.Index) -> Keys:
    """One key per name, from the name alone: neither order nor company changes what is drawn for it."""
    return pd.util.hash_array(names.astype("str").to_numpy(object), categorize=False)


def _figures(shares: Floats, groups: Groups, by: str, sides: tuple[str, str]) -> Floats:
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


def ends(drawn: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """The low end, the median and the high end of draws (first axis): a drawn value each, NaN where any draw is."""
    ordered = np.sort(drawn, axis=0)
    ordered[:, np.isnan(drawn).any(axis=0)] = np.nan
    tail, last = (1 - level) / 2, len(drawn) - 1
    rank = [min(max(int(np.ceil(len(drawn) * part - 1e-9)) - 1, 0), last) for part in (tail, 0.5, 1 - tail)]
    low, median, high = ordered[rank]
    return low, median, high


def _interval(plain: Floats, drawn: Floats, level: float) -> dict[str, Floats]:
    """The columns low, central, median and high: the smallest drawn value that its share of draws do not exceed."""
    low, median, high = ends(drawn, level)
    columns = {"low": low, "central": plain, "median": median, "high": high}
    return {name: np.where(np.isinf(values), np.nan, values).ravel() for name, values in columns.items()}
