"""The Lagrangian bound: no choice of sites gains more than the prices of all rows and the best sites beyond them."""

from dataclasses import dataclass

import numpy as np

from access.geo import Floats
from access.scenarios.siting import kernels
from access.scenarios.siting.gains import Gains
from access.scenarios.siting.rules import Flags, Ints, Rules

_PATIENCE = 12
_CLOSED = 1e-7
_LEAST_PACE = 1e-3
_EFFORT = 8e8  # entries that may be read in all, and the fewest and most rounds
_ROUNDS = (150, 400)
_LOOK = 10
_SHRUNK = 0.8
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Bound:
    """`gain`: no choice under the rules gains more. `with_site`: nor does one that holds this site, for each.

    `tip`: the sites that the prices favoured when they gained most together; they may break the rules.
    """

    gain: float
    with_site: Floats
    tip: Ints

    def sites_possible(self, known: float) -> Flags:
        """The sites that an answer which gains as much as the known could hold."""
        return np.asarray(self.with_site >= known * (1 - _ROUNDING))


def lagrangian_bound(gains: Gains, rules: Rules, known: float) -> Bound:
    """An upper bound on what any choice gains, by subgradient steps on the prices of the rows.

    `known`: what an answer at hand gains, which also says which sites cannot be in a better one. Rules on distance
    are left out, which only raises the bound.

    Source
    ------
    Galvao & ReVelle (1996), doi:10.1016/0377-2217(94)00159-6; Cornuejols, Fisher & Nemhauser (1977),
    doi:10.1287/mnsc.23.8.789, for average time.
    """
    top = gains.gain[gains.indptr[:-1]] if len(gains.site) else np.zeros(0)
    price = 0.5 * top
    worth = np.empty(gains.sites)
    pace = _Pace()
    rows = _Rows(gains)
    tip = _Tip(gains)
    with_site = np.where(rules.allowed, np.inf, -np.inf)
    for number in range(int(np.clip(_EFFORT / max(len(gains.site), 1), *_ROUNDS))):
        kernels.fill_worth_at_prices(*rows.now, price, worth)
        ceiling, taken, slack = _best_choice(worth, rules)
        bound = float(price.sum()) + ceiling
        with_site = np.minimum(with_site, bound - slack)
        if not pace.goes_on(bound, known):
            break
        pull = 1 - kernels.claims(*rows.now, price, taken)
        length = float((top * pull**2).sum())
        if length == 0:
            break
        price = np.clip(price - pace.size * (bound - known) / length * top * pull, 0, top)
        if number % _LOOK == _LOOK - 1:
            tip.update(taken)
            rows.keep_sites(with_site >= known * (1 - _ROUNDING))
    return Bound(max(pace.lowest, known), with_site, tip.best)


class _Tip:
    """The sites that prices favoured and that gained most together: near the best bound they are near the best."""

    def __init__(self, gains: Gains) -> None:
        self.gains, self.gain, self.best = gains, 0.0, np.empty(0, np.int64)

    def update(self, taken: Floats) -> None:
        """Keeps these sites if none before gained as much."""
        sites = np.flatnonzero(taken == 1.0).astype(np.int64)
        if (gain := self.gains.gain_of(sites)) > self.gain:
            self.gain, self.best = gain, sites


class _Rows:
    """The rows as far as they matter: a site that was ruled out is in no better answer, and need not be priced."""

    def __init__(self, gains: Gains) -> None:
        self.now = (gains.indptr, gains.site, gains.gain)
        self.sites = gains.sites

    def keep_sites(self, kept: Flags) -> None:
        """Leaves out what was ruled out, once it is so much that making the rows anew pays."""
        if kept.sum() <= _SHRUNK * self.sites:
            self.now, self.sites = kernels.keep_sites(*self.now, kept), int(kept.sum())


class _Pace:
    """How far a step goes: half as far when the bound has not fallen for a while, until nothing is left to gain."""

    def __init__(self) -> None:
        self.lowest, self.size, self.waited = np.inf, 1.0, 0

    def goes_on(self, bound: float, known: float) -> bool:
        """Takes in the newest bound; False: the bound is closed, or steps have become too small."""
        self.waited = 0 if bound < self.lowest * (1 - 1e-6) else self.waited + 1
        self.lowest = min(self.lowest, bound)
        if self.waited >= _PATIENCE:
            self.size, self.waited = self.size / 2, 0
        return bool(self.lowest - known > _CLOSED * known and self.size >= _LEAST_PACE)


def _best_choice(worth: Floats, rules: Rules) -> tuple[float, Floats, Floats]:
    """What the best sites are worth under count and budget at most, which they are, and what any other would cost."""
    worth = np.where(rules.allowed, worth, 0.0)
    rates = [0.0]
    if np.isfinite(rules.budget):
        rates = _rates(worth, rules)
    ceiling, net, rate = min((_bound_at_rate(worth, rules, rate) for rate in rates), key=lambda found: found[0])
    order = np.argsort(-net, kind="stable")[: rules.count]
    taken = np.zeros(len(worth))
    taken[order] = net[order] > 0
    marginal = max(float(net[order[-1]]), 0.0) if len(order) == rules.count else 0.0
    return ceiling, _cut_to_budget(taken, net, rules, rate), np.maximum(marginal - net, 0.0)


def _bound_at_rate(worth: Floats, rules: Rules, rate: float) -> tuple[float, Floats, float]:
    """The bound where each dollar costs `rate`: the budget at that rate, and the best sites net of their costs."""
    net = worth - rate * rules.costs if rate else worth
    best = np.partition(net, len(net) - rules.count)[len(net) - rules.count :]
    spent = rate * rules.budget if rate else 0.0
    return float(np.maximum(best, 0).sum()) + spent, net, rate


def _rates(worth: Floats, rules: Rules) -> list[float]:
    """Rates of worth per dollar between which the bound is least: it is convex in the rate, so thirds find it."""
    low = 0.0
    high = float((worth / np.maximum(rules.costs, 1e-9))[rules.costs > 0].max(initial=0.0))
    for _ in range(40):
        one = low + (high - low) / 3
        other = high - (high - low) / 3
        if _bound_at_rate(worth, rules, one)[0] <= _bound_at_rate(worth, rules, other)[0]:
            high = other
        else:
            low = one
    return [0.0, (low + high) / 2]


def _cut_to_budget(taken: Floats, net: Floats, rules: Rules, rate: float) -> Floats:
    """The taken sites; where the budget cuts one of them, so much of it as is left (so the prices can settle)."""
    if not rate:
        return taken
    order = np.argsort(-net, kind="stable")
    spent = np.cumsum(rules.costs[order] * taken[order])
    over = np.maximum(spent - rules.budget, 0.0)
    cut = np.divide(over, rules.costs[order], out=np.zeros(len(order)), where=rules.costs[order] > 0)
    taken[order] = np.clip(taken[order] - cut, 0.0, 1.0)
    return taken
