"""What may be wrong with a gap, and by how much: listings, payers, travel times, origins; each can be switched off."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from access.errors import TableError
from access.measures.align import by_clinic
from access.measures.groups import Floats
from access.places.services import NOT_STATED, REFUSED, STATED
from access.tables import require_columns
from access.travel.trips import Trips

# Ten search tools tried by telephone: 82.8 % worked (Riley 2024, PMC11260587). Sweep 0.5 to 0.95.
LISTING_WORKS: Final = 0.83
# The measured error of the estimate is 1.8 minutes in the middle and 8 at the 90th percentile: too long a tail for
# one normal law (its 90th percentile would be 1.8 x 1.645 / 0.674 = 4.4). Two laws do it, four places in five being
# urban (block groups: 0.81): 0.8 P(|2.2 z| <= 1.8) + 0.2 P(|12 z| <= 1.8) = 0.8 x 0.587 + 0.2 x 0.119 = 0.49, and
# 0.8 P(|2.2 z| <= 8) + 0.2 P(|12 z| <= 8) = 0.8 x 1.000 + 0.2 x 0.495 = 0.90.
TRAVEL_SPREAD_MINUTES: Final = {"urban": 2.2, **dict.fromkeys(["large_town", "small_town", "rural", "not_coded"], 12.0)}
# Berke & Shi 2009 (PMC2683820): mean absolute error 2.3 to 5.6 minutes, rural Arizona 5.6. Even steps between
# them; not coded as the widest.
ORIGIN_ERROR_MINUTES: Final = {"urban": 2.3, "large_town": 3.4, "small_town": 4.5, "rural": 5.6, "not_coded": 5.6}
Z_95: Final = NormalDist().inv_cdf(0.95)
SD_PER_MEAN_ERROR: Final = (math.pi / 2) ** 0.5  # of a normal law


@dataclass(frozen=True, eq=False)
class Sources:
    """What may be wrong, and by how much; None switches a source off.

    `listing_works`: the chance that a listing works, one number or one per clinic (by `clinic_id`). Drawn per
    clinic and draw, and shared by all places of the draw.
    `payer_taken`: the chance that a clinic takes a payer that it does not state. Two numbers: drawn evenly
    between them, anew in each draw. The default, 0 to 1, says that nothing is known: its interval runs nearly
    from the bound where all of them take it to the bound where none does. Counts only when a payer is asked for.
    `travel_factor`: the 5th and 95th percentile of a lognormal factor on all minutes of a draw.
    `travel_spread_minutes`: by rurality, the standard deviation of a normal error per place and draw.
    `origin_error_minutes`: by rurality, the mean absolute error, per place and draw, of starting all people of a
    place at its centre; taken as normal, so the standard deviation is 1.2533 (root of pi/2) times it. The default
    was measured on ZIP codes; block groups are smaller, so it is wide rather than narrow.

    Source
    ------
    Listings: Riley (2024), PMC11260587. Factor and spread: the measured error of `estimate_trips`. Origins: Berke
    & Shi (2009), PMC2683820.
    """

    listing_works: "float | pd.Series[float] | None" = LISTING_WORKS
    payer_taken: float | tuple[float, float] | None = (0.0, 1.0)
    travel_factor: tuple[float, float] | None = (0.85, 1.2)
    travel_spread_minutes: Mapping[str, float] | None = field(default_factory=TRAVEL_SPREAD_MINUTES.copy)
    origin_error_minutes: Mapping[str, float] | None = field(default_factory=ORIGIN_ERROR_MINUTES.copy)

    def __post_init__(self) -> None:
        """Refuse what is no chance, no factor or no spread."""
        least, most = _pair(self.payer_taken)
        if not 0 <= least <= most <= 1:
            raise ValueError(f"payer_taken is {self.payer_taken}; a chance lies from 0 to 1, the lower first.")
        works = pd.Series(1.0 if self.listing_works is None else self.listing_works)
        if not works.between(0, 1).all():
            raise ValueError("listing_works holds a value that is no chance; chances lie from 0 to 1.")
        low, high = self.travel_factor or (1.0, 1.0)
        if not 0 < low <= high < np.inf:
            raise ValueError(f"travel_factor is {self.travel_factor}; give the lower and the higher, above 0.")
        for minutes in (self.travel_spread_minutes or {}, self.origin_error_minutes or {}):
            if not all(0 <= value < np.inf for value in minutes.values()):
                raise ValueError(f"Errors in minutes are 0 or more; given {dict(minutes)}.")

    def on(self) -> tuple[str, ...]:
        """The names of the sources that are switched on, in order."""
        return tuple(name for name in vars(self) if getattr(self, name) is not None)

    def without(self, *names: str) -> "Sources":
        """These sources with the named ones switched off."""
        return replace(self, **dict.fromkeys(names))

    def works(self, trips: Trips) -> Floats:
        """The chance that each clinic's listing works.

        Raises
        ------
        TableError: a clinic has none.
        """
        if isinstance(self.listing_works, pd.Series):
            return by_clinic(self.listing_works, trips, what="chance that a listing works")
        return np.full(len(trips.clinics), 1.0 if self.listing_works is None else self.listing_works)

    def takes(self, trips: Trips, answers: pd.Series | None) -> Floats:
        """The chance that each clinic takes the payer: 1 stated or none asked for, 0 refused, NaN to be drawn.

        Raises
        ------
        TableError: a clinic has no answer.
        """
        if answers is None:
            return np.ones(len(trips.clinics))
        chance = {STATED: 1.0, REFUSED: 0.0, NOT_STATED: 0.0 if self.payer_taken is None else np.nan}
        said = answers.reindex(trips.clinics)
        if (wrong := ~said.isin(list(chance))).any():
            raise TableError(f"Clinic {said.index[wrong][0]} has no answer on this payer; say {', '.join(chance)}.")
        return np.asarray(said.map(chance), np.float64)

    def unknown(self, uniform: Floats) -> Floats:
        """The chance, in each draw, that a clinic takes a payer it does not state."""
        low, high = _pair(self.payer_taken)
        return low + (high - low) * uniform

    def factors(self, uniform: Floats) -> Floats:
        """The factor on all minutes of each draw."""
        low, high = np.log(self.travel_factor or (1.0, 1.0))
        exponent = (low + high) / 2 + (high - low) / (2 * Z_95) * ndtri(uniform)
        return np.asarray(np.exp(exponent), np.float64)

    def spread_minutes(self, people: pd.DataFrame) -> Floats:
        """The standard deviation of each place's own error: travel and origins as one normal law.

        Raises
        ------
        TableError: a rurality has no error in minutes.
        """
        square = np.zeros(len(people))
        for minutes, scale in ((self.travel_spread_minutes, 1.0), (self.origin_error_minutes, SD_PER_MEAN_ERROR)):
            if minutes is not None:
                require_columns(people, ["rurality"], where="The people table")
                of_place = people["rurality"].map(minutes).to_numpy(float)
                if (unknown := np.isnan(of_place)).any():
                    name = people["rurality"][unknown].iloc[0]
                    raise TableError(f"Rurality {name} has no error in minutes; give one, or switch the source off.")
                square += (scale * of_place) ** 2
        return np.asarray(square**0.5, np.float64)

    def farthest_minutes(self, limit: float, spread: float) -> float:
        """How long the kept trips must be, so that all but rare draws see every trip that ends within the limit."""
        low, _ = self.travel_factor or (1.0, 1.0)
        return (limit + Z_95 * spread) / min(low, 1.0)


def _pair(chance: float | tuple[float, float] | None) -> tuple[float, float]:
    return chance if isinstance(chance, tuple) else (chance or 0.0, chance or 0.0)
