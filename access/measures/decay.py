"""Decay: how much less a clinic counts the farther it is, as a weight from 1 down to 0."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from access.measures import decay_kernels as kernels
from access.measures.layout import Floats
from access.measures.uptake import ESKETAMINE_SMOOTH, ESKETAMINE_STEPS, Form
from access.units import KM_PER_MILE

Unit = Literal["minutes", "km"]


@dataclass(frozen=True)
class Decay:
    """A weight for every one-way cost; made by the functions of this module.

    `name`: as people say it. `kind` and `numbers`: the formula, as the compiled loops read it. `reach`: a cost
    above it weighs 0; infinity: none does. `unit`: what the cost is counted in, minutes or road km.
    """

    name: str
    kind: int
    numbers: tuple[float, ...]
    reach: float = np.inf
    unit: Unit = "minutes"

    def weights(self, cost: ArrayLike) -> Floats:
        """The weight of each cost (in `unit`), 0 to 1; same shape; NaN stays NaN; below 1e-150 counts as 0.

        Costs and limits are rounded to float32 as trips are, so that a trip of exactly the limit is within it.

        Raises
        ------
        ValueError
            A cost is below zero.
        """
        given = np.asarray(cost, np.float32)
        if (given < 0).any():
            raise ValueError(f"A cost is below zero {self.unit}; correct it.")
        cost = np.ravel(given).astype(np.float64)
        found = np.empty_like(cost)
        kernels.fill_weights(self.kind, self.compared_numbers, cost, self.compared_reach, False, found)
        found[np.isnan(cost)] = np.nan
        return found.reshape(given.shape)

    def over_km(self) -> "Decay":
        """The same curve over road km: what was minutes in its numbers is km."""
        return replace(self, unit="km")

    @property
    def is_zones_of_minutes(self) -> bool:
        """One weight for each zone of minutes: what the fastest loops take."""
        return self.kind == kernels.STEPPED and self.unit == "minutes"

    @property
    def compared_reach(self) -> float:
        """`reach` as trips are compared with it."""
        return float(np.float32(self.reach))

    @property
    def compared_numbers(self) -> NDArray[np.float64]:
        """`numbers` as the loops read them: the limits of zones as trips are compared with them."""
        numbers = np.array(self.numbers, np.float64)
        if self.kind == kernels.STEPPED:
            zones = len(numbers) // 2
            numbers[:zones] = numbers[:zones].astype(np.float32)
        return numbers


def binary_decay(max_minutes: float) -> Decay:
    """Weight 1 up to `max_minutes`, the limit included, then 0.

    Raises
    ------
    ValueError
        `max_minutes` is below zero or no number.
    """
    _refuse_negative("max_minutes", max_minutes)
    return Decay(f"within {max_minutes:g}", kernels.STEPPED, (float(max_minutes), 1.0), float(max_minutes))


def stepped_decay(limits_minutes: Sequence[float], weights: Sequence[float]) -> Decay:
    """One weight for each zone: the first up to the first limit, and so on; a limit belongs to the nearer zone.

    As many zones as are given, one or more. Above the last limit 0; a last limit of infinity: never 0.

    Raises
    ------
    ValueError
        No zone, not one weight for each limit, limits that do not rise, weights that rise or leave 0 to 1.

    Source
    ------
    Luo & Qi (2009), doi:10.1016/j.healthplace.2009.06.002.
    """
    limits = np.array(limits_minutes, float)
    shares = np.array(weights, float)
    if not len(limits) or len(limits) != len(shares):
        raise ValueError(f"Give one weight for each limit; given {len(limits)} limits and {len(shares)} weights.")
    if not (limits[0] >= 0 and np.all(limits[1:] > limits[:-1])):
        raise ValueError(f"The limits of zones rise from 0 or more; given {limits.tolist()}.")
    if not (shares[0] <= 1 and shares[-1] >= 0 and np.all(shares[1:] <= shares[:-1])):
        raise ValueError(f"The weights of zones lie between 0 and 1 and do not rise; given {shares.tolist()}.")
    zones = ", ".join(f"{share:g} to {limit:g}" for limit, share in zip(limits, shares, strict=True))
    return Decay(f"zones: {zones}", kernels.STEPPED, (*limits.tolist(), *shares.tolist()), float(limits[-1]))


def linear_decay(max_minutes: float, *, full_minutes: float = 0.0) -> Decay:
    """Weight 1 up to `full_minutes`, then straight down to 0 at `max_minutes`.

    Raises
    ------
    ValueError
        Not `0 <= full_minutes < max_minutes`, or `max_minutes` is not finite.
    """
    if not 0 <= full_minutes < max_minutes < np.inf:
        raise ValueError(f"A straight fall needs 0 <= full_minutes < max_minutes; given {full_minutes}, {max_minutes}.")
    name = f"straight from {full_minutes:g} to {max_minutes:g}"
    return Decay(name, kernels.LINEAR, (float(full_minutes), float(max_minutes)), float(max_minutes))


def exponential_decay(rate_per_minute: float, *, max_minutes: float = np.inf) -> Decay:
    """`exp(-rate t)`; 0 above `max_minutes`.

    Raises
    ------
    ValueError
        The rate is not above zero and finite, or `max_minutes` is below zero.
    """
    return _smooth_decay("exponential", kernels.EXPONENTIAL, max_minutes, rate_per_minute=rate_per_minute)


def power_decay(exponent: float, *, floor_minutes: float = 1.0, max_minutes: float = np.inf) -> Decay:
    """`t^-exponent`; trips shorter than `floor_minutes` count as that long, so zero minutes weigh no more than 1.

    The curve depends on the unit of cost: choose the exponent for it.

    Raises
    ------
    ValueError
        `exponent` is not above zero and finite, `floor_minutes` is below 1, `max_minutes` below zero.
    """
    if not floor_minutes >= 1:
        raise ValueError(f"floor_minutes is {floor_minutes}; below 1 a weight would be above 1.")
    return _smooth_decay("power", kernels.POWER, max_minutes, exponent=exponent, floor_minutes=floor_minutes)


def gaussian_decay(sd_minutes: float, *, max_minutes: float = np.inf) -> Decay:
    """`exp(-t^2 / (2 sd^2))`; 0 above `max_minutes`.

    Raises
    ------
    ValueError
        `sd_minutes` is not above zero and finite, or `max_minutes` is below zero.
    """
    return _smooth_decay("Gaussian", kernels.GAUSSIAN, max_minutes, sd_minutes=sd_minutes)


def logistic_decay(mean_minutes: float, sd_minutes: float, *, max_minutes: float = np.inf) -> Decay:
    """`g(0) / g(t)` with `g(t) = 1 + exp((t - mean) pi / (sd sqrt 3))`: 1 at zero minutes; 0 above `max_minutes`.

    Raises
    ------
    ValueError
        The mean or the spread is not above zero and finite, or `max_minutes` is below zero.
    """
    return _smooth_decay("logistic", kernels.LOGISTIC, max_minutes, mean_minutes=mean_minutes, sd_minutes=sd_minutes)


def log_logistic_decay(median_minutes: float, shape: float, *, max_minutes: float = np.inf) -> Decay:
    """`1 / (1 + (t / median)^shape)`: 1 at zero minutes, a half at the median; 0 above `max_minutes`.

    Raises
    ------
    ValueError
        The median or the shape is not above zero and finite, or `max_minutes` is below zero.
    """
    return _smooth_decay("log-logistic", kernels.LOG_LOGISTIC, max_minutes, median_minutes=median_minutes, shape=shape)


def esketamine_decay(*, form: Form = "stepped") -> Decay:
    """How much rarer it is to begin esketamine at each road distance, relative to 0-9 miles from a centre; over km.

    An observational association in one insured cohort, unadjusted, not an effect of distance: say so wherever it
    is used. The same numbers as `access.measures.uptake`. Stepped: 1, 0.881, 0.492, 0.319, 0.241 by ten miles
    (10.0 miles is in the second band), 0.072 from 50 miles on. Smooth: `1 / (1 + (miles / 26)^2.7)`.

    Raises
    ------
    ValueError
        `form` is neither stepped nor smooth.

    Source
    ------
    Joshi et al. (2024), J Clin Psychiatry 85(2):23m15102, doi:10.4088/JCP.23m15102; the smooth form is fitted to it.
    """
    if form == "smooth":
        half_miles, shape = ESKETAMINE_SMOOTH
        curve = log_logistic_decay(half_miles * KM_PER_MILE, shape).over_km()
        return replace(curve, name="esketamine starts by distance, smooth")
    if form != "stepped":
        raise ValueError(f"form is '{form}'; choose stepped or smooth.")
    begins, ratios = zip(*ESKETAMINE_STEPS, strict=True)
    # Limits are inclusive, but the paper's bands end before the next whole mile: one float32 below it.
    ends = np.nextafter(np.float32(np.array(begins[1:]) * KM_PER_MILE), np.float32(0))
    curve = stepped_decay([*ends.astype(float), np.inf], ratios).over_km()
    return replace(curve, name="esketamine starts by distance")


def _smooth_decay(name: str, kind: int, max_minutes: float, **numbers: float) -> Decay:
    for said, number in numbers.items():
        if not 0 < number < np.inf:
            raise ValueError(f"{said} is {number}; give a finite number above zero.")
    _refuse_negative("max_minutes", max_minutes)
    shown = ", ".join(f"{said.partition('_')[0]} {number:g}" for said, number in numbers.items())
    ends = f", 0 above {max_minutes:g}" if max_minutes < np.inf else ""
    return Decay(f"{name} ({shown}{ends})", kind, tuple(map(float, numbers.values())), float(max_minutes))


def _refuse_negative(said: str, number: float) -> None:
    if not number >= 0:
        raise ValueError(f"{said} is {number}; give a number of zero or more.")


E2SFCA: Final = stepped_decay((10, 20, 30), (1, 0.68, 0.22))  # Luo & Qi 2009, the slow fall
E2SFCA_SHARP: Final = stepped_decay((10, 20, 30), (1, 0.42, 0.09))  # Luo & Qi 2009, the sharp fall
E2SFCA_RURAL: Final = stepped_decay((20, 40, 60), (1, 0.68, 0.22))  # wider zones, for scattered rural places
