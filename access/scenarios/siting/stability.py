"""How stable an answer is: the same question in worlds where drives are longer or shorter and listings do not work."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.errors import ScenarioError
from access.geo import Floats
from access.measures import uncertainty_kernels as draws_of
from access.measures.nearest import km_to_nearest, minutes_to_nearest
from access.measures.uncertainty import ErrorSources, interval_ends
from access.scenarios.siting.additive import additive_problem_from
from access.scenarios.siting.best import Siting
from access.scenarios.siting.data import Pairs, SitingData
from access.scenarios.siting.gains import reach_minutes_of
from access.scenarios.siting.question import MINIMIZED_OBJECTIVES, OBJECTIVES_WITH_LIMIT, SitingQuestion
from access.scenarios.siting.rules import Flags, Ints, rules_of
from access.scenarios.siting.search import search_sites

_Minutes = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Stability:
    """What `stability` found.

    `sites`: the sites of the answer in their order (`candidate_id`, `name`, `state`, `share_chosen`: the share of
    draws whose own answer has it). `others`: the same for candidates that are not in the answer but in that of some
    draw, most often chosen first. `values`: rows `before` and `value` (of the answer, in each draw) and `best` (of
    each draw's own answer), columns `low`, `median`, `high`. `level`: the share of draws between low and high.
    """

    sites: pd.DataFrame
    others: pd.DataFrame
    values: pd.DataFrame
    objective: str
    level: float
    draws: int
    seed: int


def stability(
    siting: Siting, ground: SitingData, *, draws: int = 50, level: float = 0.9, sources: ErrorSources | None = None
) -> Stability:
    """How often each chosen site is chosen again, and between what the value lies, when the world is not as estimated.

    In each draw every drive, to existing and new sites, takes the same factor longer or shorter, and an existing
    site counts only if its listing works. Both are drawn as `gap_interval` draws them, with the seed of the question.
    Each draw is answered by search alone, without a proof, starting from the answer at hand. Drives that would fall
    below the ceiling only by the factor are not known and count with the ceiling.

    `sources`: `listing_works` and `travel_factor` are read and the others must be off; none given: their defaults.

    Raises
    ------
    ScenarioError
        The objective is everyone or worst or has capacities, which cannot be answered by search alone; there
        are no draws; or a source is on that siting does not draw.

    Source
    ------
    As `access.measures.uncertainty.ErrorSources`.
    """
    question = siting.question
    drawn = sources or ErrorSources().without("payer_taken", "travel_spread_minutes", "origin_error_minutes")
    _check_question(question, drawn, draws, level)
    factors, now = _draw_worlds(question, ground, drawn, draws)
    pairs = ground.pairs(_farthest_reach(question, ground, factors, now))
    rules = rules_of(question, ground)
    mine = ground.candidates["candidate_id"]
    chosen = np.asarray(pd.Index(mine).get_indexer(siting.sites["candidate_id"]), np.int64)
    often = np.zeros(len(mine))
    values = np.empty((draws, 3))
    for draw in range(draws):
        here = Pairs(pairs.indptr, pairs.site, (pairs.minutes * factors[draw]).astype(np.float32), pairs.km)
        scale = 1.0 if question.objective == "starts" else factors[draw]
        problem = additive_problem_from(question, ground, rules, here, now[draw].astype(float) * scale)
        best = search_sites(problem.gains, rules, question.seed, start=chosen, kicks=0)
        often[best] += 1
        values[draw] = [
            problem.value(gain) for gain in (0.0, problem.gains.gain_of(chosen), problem.gains.gain_of(best))
        ]
    low, median, high = interval_ends(values, level)
    table = pd.DataFrame({"low": low, "median": median, "high": high}, index=["before", "value", "best"])
    return Stability(
        *_site_tables(ground, chosen, often / draws), table, question.objective, level, draws, question.seed
    )


def _check_question(question: SitingQuestion, sources: ErrorSources, draws: int, level: float) -> None:
    if question.objective in ("everyone", "worst") or question.with_capacity:
        what = "capacities" if question.with_capacity else question.objective
        raise ScenarioError(f"Stability is not told for {what}; choose an objective that adds up, without capacities.")
    if draws < 1 or not 0 < level < 1:
        raise ScenarioError(f"{draws} draws at level {level:g} tell nothing; give one or more, and a level in 0 to 1.")
    if other := set(sources.on()) - {"listing_works", "travel_factor"}:
        raise ScenarioError(f"Siting does not draw {', '.join(sorted(other))}; switch it off.")


def _draw_worlds(
    question: SitingQuestion, ground: SitingData, sources: ErrorSources, draws: int
) -> tuple[Floats, _Minutes]:
    """The factor on drives of each draw, and by draw and place the minutes (km for starts) to the nearest site that
    works, before the factor."""
    keys = [draws_of.draw_keys(question.seed, stream, 0, draws) for stream in (draws_of.LISTING, draws_of.FACTOR)]
    clinics = pd.util.hash_array(ground.existing.clinics.astype("str").to_numpy(object), categorize=False)
    certain = np.ones(len(clinics))
    works = draws_of.draw_serving(clinics, keys[0], keys[0], sources.works(ground.existing), certain, np.ones(draws))
    measure = km_to_nearest if question.objective == "starts" else minutes_to_nearest
    now = np.empty((draws, len(ground.people)), np.float32)
    for draw in range(draws):
        there: Flags = works[:, draw]
        now[draw] = measure(ground.existing.among(ground.existing.clinics[there])).fillna(np.inf)
    return sources.factors(draws_of.uniform_numbers(keys[1])), now


def _farthest_reach(question: SitingQuestion, ground: SitingData, factors: Floats, now: _Minutes) -> Floats:
    """As `reach_minutes_of`, from the worst of all draws, so far that in every draw all pairs that gain anything are
    there.
    """
    farthest = now.max(axis=0).astype(float)
    if question.objective == "starts":
        return reach_minutes_of(question, ground, farthest)
    if question.objective in OBJECTIVES_WITH_LIMIT and question.objective not in MINIMIZED_OBJECTIVES:
        ever = (now * factors[:, None]).max(axis=0) > question.limit
        return np.where(ever & (ground.population > 0), question.limit / factors.min(), -1.0)
    return reach_minutes_of(replace(question, within=None, count=1, objective="average"), ground, farthest)


def _site_tables(ground: SitingData, chosen: Ints, share: Floats) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = ground.candidates[["candidate_id", "name", "state"]].assign(share_chosen=share)
    others = table.drop(index=chosen.tolist()).query("share_chosen > 0")
    return (
        table.iloc[chosen].reset_index(drop=True),
        others.sort_values("share_chosen", ascending=False, kind="stable").reset_index(drop=True),
    )
