"""The loops under `gap_interval`: numbers drawn by key, and one short pass over the sorted rows for each draw."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[Any]
# What each stream of drawn numbers is for; a stream never shares a number with another.
LISTING, PAYER, PAYER_SHARE, FACTOR, PLACE = range(5)

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S48, _S11 = (np.uint64(bits) for bits in (27, 30, 31, 48, 11))
_STEP: Final = 2.0**-53
DRAWS_IN_HAND: Final = 16  # a row is read once for so many draws
# The normal law as 65,536 equally likely values, the middle of each step: standard deviation 1.0000, ends at 4.3.
NORMAL: Final = ndtri((np.arange(2**16) + 0.5) / 2**16).astype(np.float32)


@numba.njit(cache=True)
def mix_bits(key: Any) -> Any:
    """64 well-mixed bits from a 64-bit key, or an array of keys.

    Source
    ------
    The finaliser of SplitMix: Steele, Lea & Flood (2014), doi:10.1145/2660193.2660195.
    """
    key = (key ^ (key >> _S30)) * _FIRST
    key = (key ^ (key >> _S27)) * _SECOND
    return key ^ (key >> _S31)


@numba.njit(cache=True)
def uniform_numbers(bits: Any) -> Any:
    """Numbers strictly between 0 and 1 from mixed bits."""
    return ((bits >> _S11) + 0.5) * _STEP


def draw_keys(seed: int, stream: int, first: int, last: int) -> Array:
    """The keys of draws `first` to `last` (not included) of one stream; a draw's key never depends on the others."""
    start = mix_bits(np.array([(seed + (stream + 1) * int(_GOLDEN)) % 2**64], np.uint64))
    return np.asarray(mix_bits(start + _GOLDEN * np.arange(first + 1, last + 1, dtype=np.uint64)))


@numba.njit(cache=True)
def draw_serving(clinic: Array, listing: Array, payer: Array, works: Array, takes: Array, unknown: Array) -> Array:
    """Whether each clinic (row) serves in each draw (column): its listing works and it takes the payer.

    `clinic`, `listing`, `payer`: keys. `works`: the chance of each listing. `takes`: of each clinic, NaN where
    no source states it; it is then `unknown` of the draw.
    """
    serves = np.empty((len(clinic), len(listing)), np.bool_)
    for j in range(len(clinic)):
        for d in range(len(listing)):
            chance = unknown[d] if np.isnan(takes[j]) else takes[j]
            serves[j, d] = (
                uniform_numbers(mix_bits(listing[d] + clinic[j])) < works[j]
                and uniform_numbers(mix_bits(payer[d] + clinic[j])) < chance
            )
    return serves


@numba.njit(parallel=True, cache=True)
def people_by_limits_passed(
    indptr: Array,
    index: Array,
    minutes: Array,
    row: Array,
    place: Array,
    population: Array,
    group: Array,
    groups: int,
    spread: Array,
    limits: Array,
    serves: Array,
    factor: Array,
    draw: Array,
    normal: Array,
) -> Array:
    """People by draw, group and how many of the rising `limits` their nearest serving clinic lies beyond.

    One entry of `row` (into the trips), `place` (keys), `population`, `group` and `spread` per place; one column
    of `serves`, entry of `factor` and `draw` (keys) per draw. A draw's sums run over places in order, whatever
    the number of threads, so they are the same to the last bit.
    """
    draws, last_limit = len(factor), len(limits)
    passed = np.zeros((draws, groups, last_limit + 1))
    for block in numba.prange((draws + DRAWS_IN_HAND - 1) // DRAWS_IN_HAND):
        first = block * DRAWS_IN_HAND
        for i in range(len(row)):
            start, end = indptr[row[i]], indptr[row[i] + 1]
            for d in range(first, min(first + DRAWS_IN_HAND, draws)):
                k = start
                while k < end and not serves[index[k], d]:
                    k += 1
                beyond = last_limit
                if k < end:
                    cost = np.float64(minutes[k]) * factor[d]
                    if spread[i] > 0:
                        cost += spread[i] * normal[mix_bits(draw[d] + place[i]) >> _S48]
                    beyond = 0
                    while beyond < last_limit and not cost <= limits[beyond]:
                        beyond += 1
                passed[d, group[i], beyond] += population[i]
    return passed
