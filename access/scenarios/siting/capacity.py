"""Most people within reach where a site serves only so many: people are shared out among the sites they reach."""

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from access.errors import ScenarioError
from access.geo import Floats
from access.scenarios.siting.additive import (
    AdditiveProblem,
    OrderedSites,
    additive_problem_from,
    is_gap_closed,
)
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.gains import Gains, merge_places, reach_minutes_of, weights_of
from access.scenarios.siting.integer_program import (
    IntegerProgram,
    members,
    rule_rows,
    sites_in,
    solve,
)
from access.scenarios.siting.lagrangian import lagrangian_bound
from access.scenarios.siting.question import SitingQuestion
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.search import search_sites

_MOST_TIGHT_ENTRIES = 200_000  # entries up to which every share has a row of its own, which makes the bound tighter
_MOST_ENTRIES = 2_000_000
_MOST_SWAP_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class ShareablePeople:
    """People who may be shared out: CSR rows of sites, how many people each row holds, what one of them counts.

    `room`: how many people (or patients) each site serves; where it has no limit, all of them.
    """

    indptr: Ints
    site: Ints
    people: Floats
    unit: Floats
    room: Floats


def answer_with_capacity(question: SitingQuestion, ground: SitingData, rules: Rules) -> OrderedSites:
    """The best sites where each serves at most its capacity; whom existing sites reach is served already.

    Raises
    ------
    ScenarioError
        No candidate has a capacity; or as `gains_of`.

    Source
    ------
    Capacitated maximum cover: Current & Storbeck (1988), doi:10.1068/b150153.
    """
    begun = time.perf_counter()
    if ground.candidates["capacity"].isna().all():
        raise ScenarioError("No candidate has a capacity; give a list with the column capacity, or leave it out.")
    pairs = ground.pairs(reach_minutes_of(question, ground, ground.minutes_now))
    problem = additive_problem_from(question, ground, rules, pairs, ground.minutes_now)
    shares = _shareable_people(
        question, ground, [merge_places(pairs, part, rules.allowed.size) for part in _people_alike(question, ground)]
    )
    known = _improve_by_swaps(
        shares, rules, _first_answer(shares, rules, search_sites(problem.gains, rules, question.seed))
    )
    gain = people_served(shares, known)
    bound = lagrangian_bound(problem.gains, rules, gain)
    ceiling = min(bound.gain, _room_of_roomiest(shares, rules))
    if not is_gap_closed(problem, gain, ceiling):
        left = question.seconds - (time.perf_counter() - begun)
        known, proven = _solve_exactly(
            shares, rules, bound.sites_possible(gain), known, seconds=left, seed=question.seed
        )
        ceiling = min(ceiling, max(proven, people_served(shares, known)))
    return _order_answer(problem, shares, known, ceiling)


def people_served(shares: ShareablePeople, chosen: Ints) -> float:
    """What the people count whom the chosen sites serve, shared out as well as can be."""
    return _share_out_people(shares, chosen)[0]


def _people_alike(question: SitingQuestion, ground: SitingData) -> list[Floats]:
    """The people (or patients) of each place that count alike: rural people apart from the others."""
    weights = weights_of(question, ground)
    if question.objective != "rural":
        return [weights]
    rural = ground.people["rurality"].to_numpy() == "rural"
    return [ground.population * rural, ground.population * ~rural]


def _shareable_people(question: SitingQuestion, ground: SitingData, parts: list[Gains]) -> ShareablePeople:
    units = [1.0, 1 / (2 * ground.population.sum() + 1)] if question.objective == "rural" else [1.0]
    people = np.concatenate([part.weight for part in parts])
    kept = people > 0
    matrix = sparse.vstack(
        [members(part.indptr, part.site.astype(np.int64), part.sites, 1.0) for part in parts], format="csr"
    )[kept]
    unit = np.concatenate([np.full(len(part.weight), one) for part, one in zip(parts, units, strict=True)])
    room = ground.candidates["capacity"].fillna(np.inf).to_numpy(float)
    return ShareablePeople(matrix.indptr, matrix.indices, people[kept], unit[kept], np.minimum(room, people.sum()))


def _first_answer(shares: ShareablePeople, rules: Rules, without: Ints) -> Ints:
    """The better of the best sites without capacities, and sites added one by one for whom they can serve."""
    added = _add_sites(shares, rules, np.empty(0, np.int64))
    return max((added, without), key=lambda chosen: people_served(shares, chosen))


def _add_sites(shares: ShareablePeople, rules: Rules, chosen: Ints, barred: int = -1) -> Ints:
    """The chosen and further sites, each time the one that could serve most of those who are left."""
    while True:
        free = rules.can_open(chosen)
        free[barred] &= barred < 0
        could = _people_servable(shares, _share_out_people(shares, chosen)[1])
        if not (could[free] > 0).any():
            return chosen
        chosen = np.append(chosen, int(np.argmax(np.where(free, could, -1.0))))


def _improve_by_swaps(shares: ShareablePeople, rules: Rules, chosen: Ints) -> Ints:
    """The answer after each site was taken out in turn and the best came in its place, as long as that helps."""
    best = people_served(shares, chosen)
    for _ in range(_MOST_SWAP_ROUNDS):
        before = best
        for site in chosen:
            tried = _add_sites(shares, rules, chosen[chosen != site], barred=int(site))
            if (gain := people_served(shares, tried)) > best * (1 + 1e-9):
                chosen = tried
                best = gain
                break
        if best == before:
            break
    return chosen


def _people_servable(shares: ShareablePeople, left: Floats) -> Floats:
    """What each site could serve alone of the people who are left, those who count most first."""
    room = shares.room.copy()
    could = np.zeros(len(shares.room))
    lengths = np.diff(shares.indptr)
    for unit in np.unique(shares.unit)[::-1]:
        here = np.repeat(np.where(shares.unit == unit, left, 0.0), lengths)
        taken = np.minimum(np.bincount(shares.site, weights=here, minlength=len(room)), room)
        could = could + unit * taken
        room = room - taken
    return could


def _share_out_people(shares: ShareablePeople, chosen: Ints) -> tuple[float, Floats]:
    """What the chosen sites serve together, and the people of each row who are left."""
    if not len(chosen) or not len(shares.people):
        return 0.0, shares.people
    programme = _capacity_program(shares, chosen, None)
    solved = solve(programme, seconds=60.0, seed=0)
    assert solved.columns is not None
    flow = solved.columns[len(chosen) :]
    rows = _entries(shares, chosen)[0]
    left = shares.people - np.bincount(rows, weights=flow, minlength=len(shares.people))
    return float(programme.worth[len(chosen) :] @ flow), np.maximum(left, 0.0)


def _entries(shares: ShareablePeople, sites: Ints) -> tuple[Ints, Ints]:
    """The row and the position among `sites` of every entry that is one of them."""
    number = np.full(len(shares.room), -1, np.int64)
    number[sites] = np.arange(len(sites))
    at = number[shares.site]
    rows = np.repeat(np.arange(len(shares.people)), np.diff(shares.indptr))
    return rows[at >= 0], at[at >= 0]


def _capacity_program(shares: ShareablePeople, sites: Ints, rules: Rules | None) -> IntegerProgram:
    """A column for each site and for the people whom it serves of each row; no rules: all the sites are open."""
    rows, at = _entries(shares, sites)
    entries = len(rows)
    columns = len(sites) + len(rows)
    flow = len(sites) + np.arange(entries)
    ones = np.ones(entries)
    people = sparse.csr_array((ones, (rows, flow)), shape=(len(shares.people), columns))
    room = sparse.csr_array((ones, (at, flow)), shape=(len(sites), columns))
    opened = sparse.csr_array(
        (-shares.room[sites], (np.arange(len(sites)), np.arange(len(sites)))), shape=(len(sites), columns)
    )
    blocks = [people, room + opened]
    high = [shares.people, np.zeros(len(sites))]
    if rules is not None:
        if entries <= _MOST_TIGHT_ENTRIES:
            each = sparse.csr_array((ones, (np.arange(entries), flow)), shape=(entries, columns))
            share = np.minimum(shares.people[rows], shares.room[sites][at])
            blocks.append(each - sparse.csr_array((share, (np.arange(entries), at)), shape=(entries, columns)))
            high.append(np.zeros(entries))
        matrix, ends = rule_rows(rules, sites, columns)
        blocks = [*blocks, matrix]
        high = [*high, ends]
    ends = np.concatenate(high)
    return IntegerProgram(
        worth=np.concatenate([np.zeros(len(sites)), shares.unit[rows]]),
        upper=np.concatenate([np.ones(len(sites)), shares.people[rows]]),
        whole=0 if rules is None else len(sites),
        matrix=sparse.vstack(blocks, format="csr"),
        low=np.full(len(ends), -np.inf),
        high=ends,
    )


def _solve_exactly(
    shares: ShareablePeople, rules: Rules, kept: Flags, known: Ints, *, seconds: float, seed: int
) -> tuple[Ints, float]:
    """A better answer, if HiGHS ends and finds one, and what no answer exceeds; infinity: too large for HiGHS."""
    able = kept & rules.allowed
    able[known] = True
    sites = np.flatnonzero(able)
    if len(_entries(shares, sites)[0]) > _MOST_ENTRIES:
        return known, np.inf
    solved = solve(_capacity_program(shares, sites, rules), seconds=seconds, seed=seed)
    if solved.finished and solved.columns is not None:
        found = sites_in(solved, sites)
        if rules.allows(found) and people_served(shares, found) > people_served(shares, known):
            known = found
    return known, solved.bound


def _room_of_roomiest(shares: ShareablePeople, rules: Rules) -> float:
    """What the roomiest sites that may open could serve, if everyone were near each of them."""
    rooms = np.sort(shares.room[rules.allowed])[::-1][: rules.count]
    return float(rooms.sum())


def _order_answer(problem: AdditiveProblem, shares: ShareablePeople, known: Ints, ceiling: float) -> OrderedSites:
    """The sites in the order to open: each next one that with those before it serves most."""
    ordered: list[int] = []
    steps: list[float] = []
    left = np.sort(known).tolist()
    while left:
        gains = [people_served(shares, np.array([*ordered, site], np.int64)) for site in left]
        best = int(np.argmax(np.round(gains, 6)))
        if gains[best] <= (steps[-1] if steps else 0.0) * (1 + 1e-9):
            break
        ordered.append(left.pop(best))
        steps.append(gains[best])
    gain = steps[-1] if steps else 0.0
    ceiling = gain if is_gap_closed(problem, gain, ceiling) else ceiling
    values = np.array([problem.value(step) for step in steps], float)
    return OrderedSites(np.array(ordered, np.int64), values, problem.value(0.0), problem.value(max(ceiling, gain)))
