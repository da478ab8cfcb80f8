"""Most people within reach where a site serves only so many: people are shared out among the sites they reach."""

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from access.errors import ScenarioError
from access.geo import Floats
from access.scenarios.siting.gains import Gains, merged, reach_of, weights_of
from access.scenarios.siting.ground import Ground
from access.scenarios.siting.prices import price_bound
from access.scenarios.siting.question import Question
from access.scenarios.siting.rules import Flags, Ints, Rules
from access.scenarios.siting.search import search
from access.scenarios.siting.solver import Programme, members, rule_rows, sites_in, solve
from access.scenarios.siting.sums import Found, Sum, closed, sum_from

_TIGHT = 200_000  # entries up to which every share has a row of its own, which makes the bound tighter
_LARGEST = 2_000_000
_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Shares:
    """People who may be shared out: CSR rows of sites, how many people each row holds, what one of them counts.

    `room`: how many people (or patients) each site serves; where it has no limit, all of them.
    """

    indptr: Ints
    site: Ints
    people: Floats
    unit: Floats
    room: Floats


def answer_with_capacity(question: Question, ground: Ground, rules: Rules) -> Found:
    """The best sites where each serves at most its capacity; whom existing sites reach is served already.

    Raises
    ------
    ScenarioError: no candidate has a capacity; or as `gains_of`.

    Source
    ------
    Capacitated maximum cover: Current & Storbeck (1988), doi:10.1068/b150153.
    """
    begun = time.perf_counter()
    if ground.candidates["capacity"].isna().all():
        raise ScenarioError("No candidate has a capacity; give a list with the column capacity, or leave it out.")
    pairs = ground.pairs(reach_of(question, ground, ground.minutes_now))
    problem = sum_from(question, ground, rules, pairs, ground.minutes_now)
    shares = _shares(question, ground, [merged(pairs, part, rules.allowed.size) for part in _parts(question, ground)])
    known = _mended(shares, rules, _first(shares, rules, search(problem.gains, rules, question.seed)))
    gain = served(shares, known)
    bound = price_bound(problem.gains, rules, gain)
    ceiling = min(bound.gain, _room(shares, rules))
    if not closed(problem, gain, ceiling):
        left = question.seconds - (time.perf_counter() - begun)
        known, proven = _exact(shares, rules, bound.kept(gain), known, seconds=left, seed=question.seed)
        ceiling = min(ceiling, max(proven, served(shares, known)))
    return _dressed(problem, shares, known, ceiling)


def served(shares: Shares, chosen: Ints) -> float:
    """What the people count whom the chosen sites serve, shared out as well as can be."""
    return _shared_out(shares, chosen)[0]


def _parts(question: Question, ground: Ground) -> list[Floats]:
    """The people (or patients) of each place that count alike: rural people apart from the others."""
    weights = weights_of(question, ground)
    if question.objective != "rural":
        return [weights]
    rural = ground.people["rurality"].to_numpy() == "rural"
    return [ground.population * rural, ground.population * ~rural]


def _shares(question: Question, ground: Ground, parts: list[Gains]) -> Shares:
    units = [1.0, 1 / (2 * ground.population.sum() + 1)] if question.objective == "rural" else [1.0]
    people = np.concatenate([part.weight for part in parts])
    kept = people > 0
    matrix = sparse.vstack(
        [members(part.indptr, part.site.astype(np.int64), part.sites, 1.0) for part in parts], format="csr"
    )[kept]
    unit = np.concatenate([np.full(len(part.weight), one) for part, one in zip(parts, units, strict=True)])
    room = ground.candidates["capacity"].fillna(np.inf).to_numpy(float)
    return Shares(matrix.indptr, matrix.indices, people[kept], unit[kept], np.minimum(room, people.sum()))


def _first(shares: Shares, rules: Rules, without: Ints) -> Ints:
    """The better of the best sites without capacities, and sites added one by one for whom they can serve."""
    added = _filled(shares, rules, np.empty(0, np.int64))
    return max((added, without), key=lambda chosen: served(shares, chosen))


def _filled(shares: Shares, rules: Rules, chosen: Ints, barred: int = -1) -> Ints:
    """The chosen and further sites, each time the one that could serve most of those who are left."""
    while True:
        free = rules.addable(chosen)
        free[barred] &= barred < 0
        could = _could_serve(shares, _shared_out(shares, chosen)[1])
        if not (could[free] > 0).any():
            return chosen
        chosen = np.append(chosen, int(np.argmax(np.where(free, could, -1.0))))


def _mended(shares: Shares, rules: Rules, chosen: Ints) -> Ints:
    """The answer after each site was taken out in turn and the best came in its place, as long as that helps."""
    best = served(shares, chosen)
    for _ in range(_ROUNDS):
        before = best
        for site in chosen:
            tried = _filled(shares, rules, chosen[chosen != site], barred=int(site))
            if (gain := served(shares, tried)) > best * (1 + 1e-9):
                chosen, best = tried, gain
                break
        if best == before:
            break
    return chosen


def _could_serve(shares: Shares, left: Floats) -> Floats:
    """What each site could serve alone of the people who are left, those who count most first."""
    room, could = shares.room.copy(), np.zeros(len(shares.room))
    lengths = np.diff(shares.indptr)
    for unit in np.unique(shares.unit)[::-1]:
        here = np.repeat(np.where(shares.unit == unit, left, 0.0), lengths)
        taken = np.minimum(np.bincount(shares.site, weights=here, minlength=len(room)), room)
        could, room = could + unit * taken, room - taken
    return could


def _shared_out(shares: Shares, chosen: Ints) -> tuple[float, Floats]:
    """What the chosen sites serve together, and the people of each row who are left."""
    if not len(chosen) or not len(shares.people):
        return 0.0, shares.people
    programme = _programme(shares, chosen, None)
    solved = solve(programme, seconds=60.0, seed=0)
    assert solved.columns is not None
    flow, rows = solved.columns[len(chosen) :], _entries(shares, chosen)[0]
    left = shares.people - np.bincount(rows, weights=flow, minlength=len(shares.people))
    return float(programme.worth[len(chosen) :] @ flow), np.maximum(left, 0.0)


def _entries(shares: Shares, sites: Ints) -> tuple[Ints, Ints]:
    """The row and the position among `sites` of every entry that is one of them."""
    number = np.full(len(shares.room), -1, np.int64)
    number[sites] = np.arange(len(sites))
    at = number[shares.site]
    rows = np.repeat(np.arange(len(shares.people)), np.diff(shares.indptr))
    return rows[at >= 0], at[at >= 0]


def _programme(shares: Shares, sites: Ints, rules: Rules | None) -> Programme:
    """A column for each site and for the people whom it serves of each row; no rules: all the sites are open."""
    rows, at = _entries(shares, sites)
    entries, columns = len(rows), len(sites) + len(rows)
    flow = len(sites) + np.arange(entries)
    ones = np.ones(entries)
    people = sparse.csr_array((ones, (rows, flow)), shape=(len(shares.people), columns))
    room = sparse.csr_array((ones, (at, flow)), shape=(len(sites), columns))
    opened = sparse.csr_array(
        (-shares.room[sites], (np.arange(len(sites)), np.arange(len(sites)))), shape=(len(sites), columns)
    )
    blocks, high = [people, room + opened], [shares.people, np.zeros(len(sites))]
    if rules is not None:
        if entries <= _TIGHT:
            each = sparse.csr_array((ones, (np.arange(entries), flow)), shape=(entries, columns))
            share = np.minimum(shares.people[rows], shares.room[sites][at])
            blocks.append(each - sparse.csr_array((share, (np.arange(entries), at)), shape=(entries, columns)))
            high.append(np.zeros(entries))
        matrix, ends = rule_rows(rules, sites, columns)
        blocks, high = [*blocks, matrix], [*high, ends]
    ends = np.concatenate(high)
    return Programme(
        worth=np.concatenate([np.zeros(len(sites)), shares.unit[rows]]),
        upper=np.concatenate([np.ones(len(sites)), shares.people[rows]]),
        whole=0 if rules is None else len(sites),
        matrix=sparse.vstack(blocks, format="csr"),
        low=np.full(len(ends), -np.inf),
        high=ends,
    )


def _exact(shares: Shares, rules: Rules, kept: Flags, known: Ints, *, seconds: float, seed: int) -> tuple[Ints, float]:
    """A better answer, if HiGHS ends and finds one, and what no answer exceeds; infinity: too large for HiGHS."""
    able = kept & rules.allowed
    able[known] = True
    sites = np.flatnonzero(able)
    if len(_entries(shares, sites)[0]) > _LARGEST:
        return known, np.inf
    solved = solve(_programme(shares, sites, rules), seconds=seconds, seed=seed)
    if solved.finished and solved.columns is not None:
        found = sites_in(solved, sites)
        if rules.keep(found) and served(shares, found) > served(shares, known):
            known = found
    return known, solved.bound


def _room(shares: Shares, rules: Rules) -> float:
    """What the roomiest sites that may open could serve, if everyone were near each of them."""
    rooms = np.sort(shares.room[rules.allowed])[::-1][: rules.count]
    return float(rooms.sum())


def _dressed(problem: Sum, shares: Shares, known: Ints, ceiling: float) -> Found:
    """The sites in the order to open: each next one that with those before it serves most."""
    ordered: list[int] = []
    steps: list[float] = []
    left = np.sort(known).tolist()
    while left:
        gains = [served(shares, np.array([*ordered, site], np.int64)) for site in left]
        best = int(np.argmax(np.round(gains, 6)))
        if gains[best] <= (steps[-1] if steps else 0.0) * (1 + 1e-9):
            break
        ordered.append(left.pop(best))
        steps.append(gains[best])
    gain = steps[-1] if steps else 0.0
    ceiling = gain if closed(problem, gain, ceiling) else ceiling
    values = np.array([problem.value(step) for step in steps], float)
    return Found(np.array(ordered, np.int64), values, problem.value(0.0), problem.value(max(ceiling, gain)))
