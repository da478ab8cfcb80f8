"""The formulas of decays, compiled over blocks of costs so that the processor does several at once."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STEPPED: Final = 0
LINEAR: Final = 1
EXPONENTIAL: Final = 2
POWER: Final = 3
GAUSSIAN: Final = 4
LOGISTIC: Final = 5
LOG_LOGISTIC: Final = 6
# A weight below this counts as none: so its square, and supply over it, stay within floating point.
LEAST: Final = 1e-150
_LARGEST_POWER: Final = 700.0  # of e, up or down: beyond it a double overflows
_LOG2_E: Final = 1.4426950408889634
_LN2: Final = 0.6931471805599453
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Added to a double it leaves the nearest whole number in the lowest bits.
_ROUND: Final = 6755399441055744.0
_ROUND_BITS: Final = 0x4338000000000000
_ROOT_HALF_BITS: Final = 0x3FE6A09E667F3BCD
_TERMS: Final = tuple(1.0 / np.prod(np.arange(1.0, k + 1)) for k in range(13, 1, -1))
_ATANH: Final = tuple(1.0 / k for k in range(23, 1, -2))


@numba.njit(inline="always")
def _exp(power: float) -> Any:
    """e to a power, to the last bit or the one before; numba's own goes one number at a time, four times slower."""
    power = min(max(power, -_LARGEST_POWER), _LARGEST_POWER)
    shifted = power * _LOG2_E + _ROUND
    twos = shifted - _ROUND
    rest = (power - twos * _LN2_HIGH) - twos * _LN2_LOW
    total = 0.0
    for term in numba.literal_unroll(_TERMS):
        total = total * rest + term
    total = (total * rest + 1.0) * rest + 1.0
    return total * np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)


@numba.njit(inline="always")
def _log(number: float) -> Any:
    """The natural logarithm of a number above zero, likewise; of zero, the lowest there is: about -709."""
    bits = np.float64(number).view(np.int64)
    twos = (bits - np.int64(_ROOT_HALF_BITS)) >> 52
    left = np.int64(bits - (twos << 52)).view(np.float64)
    ratio = (left - 1.0) / (left + 1.0)
    square = ratio * ratio
    total = 0.0
    for term in numba.literal_unroll(_ATANH):
        total = total * square + term
    return (np.int64(twos + np.int64(_ROUND_BITS)).view(np.float64) - _ROUND) * _LN2 + 2.0 * ratio * (
        1.0 + square * total
    )


@numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
def fill_weights(kind: int, numbers: Array, cost: Array, reach: float, squared: bool, weights: Array) -> None:
    """Writes the weight of each cost (or its square); 0 above `reach`."""
    if kind == STEPPED:
        _fill_steps(numbers, cost, weights)
    elif kind in (LINEAR, LOGISTIC, LOG_LOGISTIC):
        _fill_fractions(kind, numbers, cost, weights)
    else:
        _fill_powers(kind, numbers, cost, weights)
    for k in range(len(cost)):
        weight = weights[k] if weights[k] >= LEAST and cost[k] <= reach else 0.0
        weights[k] = weight * weight if squared else weight


@numba.njit(cache=True)
def _fill_steps(numbers: Array, cost: Array, weights: Array) -> None:
    zones = len(numbers) // 2
    weights[:] = 0.0
    for zone in range(zones - 1, -1, -1):
        for k in range(len(cost)):
            if cost[k] <= numbers[zone]:
                weights[k] = numbers[zones + zone]


@numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
def _fill_powers(kind: int, numbers: Array, cost: Array, weights: Array) -> None:
    if kind == EXPONENTIAL:
        for k in range(len(cost)):
            weights[k] = _exp(-numbers[0] * cost[k])
    elif kind == POWER:
        for k in range(len(cost)):
            weights[k] = _exp(-numbers[0] * _log(max(cost[k], numbers[1])))
    else:
        for k in range(len(cost)):
            weights[k] = _exp(-0.5 * (cost[k] / numbers[0]) * (cost[k] / numbers[0]))


@numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
def _fill_fractions(kind: int, numbers: Array, cost: Array, weights: Array) -> None:
    if kind == LINEAR:
        for k in range(len(cost)):
            weights[k] = min(max((numbers[1] - cost[k]) / (numbers[1] - numbers[0]), 0.0), 1.0)
    elif kind == LOGISTIC:
        steep = np.pi / (numbers[1] * np.sqrt(3.0))
        at_zero = 1 + _exp(-numbers[0] * steep)
        for k in range(len(cost)):
            weights[k] = at_zero / (1 + _exp((cost[k] - numbers[0]) * steep))
    else:
        for k in range(len(cost)):
            weights[k] = 1 / (1 + _exp(numbers[1] * _log(cost[k] / numbers[0])))
