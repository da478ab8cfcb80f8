"""The first answer: greedy, then swaps, then the same again from kicked answers; a lower bound, never a proof."""

import numpy as np

from access.scenarios.siting import kernels
from access.scenarios.siting.gains import Gains
from access.scenarios.siting.rules import Ints, Rules

KICKS = 12
_LEAST_STEP = 1e-9  # of the gain: a smaller improvement is rounding
_NONE = np.empty(0, np.int64)


def search_sites(gains: Gains, rules: Rules, seed: int, *, start: Ints = _NONE, kicks: int = KICKS) -> Ints:
    """Sites that gain much together, in the order of the candidates; the same for the same seed.

    `start`: an answer known before, which is tried first, and stands where none is better.
    `kicks`: how often it is shaken and mended.
    """
    rng = np.random.default_rng(seed)
    starts = [choose_greedily(gains, rules, start=start)] if len(start) else []
    starts.append(choose_greedily(gains, rules))
    if np.isfinite(rules.budget):
        starts.append(choose_greedily(gains, rules, by_cost=True))
    best = max((improve_by_swaps(gains, rules, one) for one in starts), key=gains.gain_of)
    for _ in range(kicks if len(best) else 0):
        gone = rng.choice(len(best), max(1, len(best) // 4), replace=False)
        tried = improve_by_swaps(
            gains, rules, choose_greedily(gains, rules, start=np.delete(best, gone), barred=best[gone])
        )
        if gains.gain_of(tried) > gains.gain_of(best) * (1 + _LEAST_STEP):
            best = tried
    return np.sort(best)


def choose_greedily(
    gains: Gains, rules: Rules, *, by_cost: bool = False, start: Ints = _NONE, barred: Ints = _NONE
) -> Ints:
    """Sites added one by one, each time the one that gains most (or most for a dollar) of those the rules allow.

    `start`: sites that are chosen already. `barred`: sites that are not to be added.
    """
    chosen = list(start)
    best, *_ = kernels.best_two_of_rows(
        gains.indptr, gains.site, gains.gain, kernels.positions(np.array(chosen, int), gains.sites)
    )
    while True:
        free = rules.can_open(np.array(chosen, np.int64))
        free[barred] = False
        more = kernels.added_gain_of_sites(gains.indptr, gains.site, gains.gain, best, gains.sites)
        if not (more[free] > 0).any():
            return np.array(chosen, np.int64)
        rate = more / np.maximum(rules.costs, 1e-9) if by_cost else more
        added = int(np.argmax(np.where(free, rate, -1.0)))
        chosen.append(added)
        kernels.raise_best(gains.indptr, gains.site, gains.gain, best, added)


def improve_by_swaps(gains: Gains, rules: Rules, chosen: Ints) -> Ints:
    """The answer after every swap that gains, the best first, and every addition that the rules still allow."""
    while len(chosen):
        now = kernels.best_two_of_rows(gains.indptr, gains.site, gains.gain, kernels.positions(chosen, gains.sites))
        parts = kernels.swap_parts(gains.indptr, gains.site, gains.gain, *now, gains.sites, len(chosen))
        free = rules.allowed.copy()
        free[chosen] = False
        profit, comes, goes = kernels.best_swap(
            *parts, chosen, free, rules.clashes(chosen), rules.costs, rules.usd_left(chosen)
        )
        if profit <= _LEAST_STEP * float(now[0].sum()):
            break
        swapped = chosen.copy()
        swapped[goes] = comes
        chosen = choose_greedily(gains, rules, start=swapped)
    return chosen
