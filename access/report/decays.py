"""A decay by its name and numbers, as people type it: "exponential:0.03", "gaussian", "logistic:60,20"."""

from collections.abc import Callable
from typing import Final

from access.measures.decay import (
    Decay,
    binary,
    esketamine_decay,
    exponential,
    gaussian,
    linear,
    log_logistic,
    logistic,
    power,
    stepped,
)

# Of each decay, how it is made from the reach in minutes and the numbers given; what is left out follows the reach.
DECAYS: Final[dict[str, Callable[..., Decay]]] = {
    "zones": lambda reach: stepped([reach / 3, 2 * reach / 3, reach], [1.0, 0.68, 0.22]),
    "sharp_zones": lambda reach: stepped([reach / 3, 2 * reach / 3, reach], [1.0, 0.42, 0.09]),
    "binary": lambda reach: binary(reach),
    "linear": lambda reach, full=0.0: linear(reach, full_minutes=full),
    "exponential": lambda reach, rate=None: exponential(rate or 3 / reach, max_minutes=reach),
    "power": lambda reach, exponent=1.0: power(exponent, max_minutes=reach),
    "gaussian": lambda reach, sd=None: gaussian(sd or reach / 3, max_minutes=reach),
    "logistic": lambda reach, mean=None, sd=None: logistic(mean or reach / 2, sd or reach / 6, max_minutes=reach),
    "log_logistic": lambda reach, median=None, shape=2.7: log_logistic(median or reach / 2, shape, max_minutes=reach),
    "esketamine": lambda _reach: esketamine_decay(),
}


def decay_named(text: str, max_minutes: float) -> Decay:
    """The decay that is meant, 0 beyond `max_minutes` (that of esketamine is over road km, and has its own reach).

    Raises
    ------
    ValueError: there is no such decay, it takes other numbers, or one of them is out of its range.
    """
    name, _, numbers = text.partition(":")
    if name not in DECAYS:
        raise ValueError(f"There is no decay '{name}'; choose one of {', '.join(DECAYS)}.")
    try:
        given = [float(number) for number in numbers.split(",")] if numbers else []
        return DECAYS[name](max_minutes, *given)
    except TypeError:
        raise ValueError(f"'{name}' takes other numbers than {numbers}; leave them out for the usual ones.") from None
