"""What finds trips, as one protocol: by estimate or along roads; every measure is made of the trips that it gives."""

from typing import Protocol

import pandas as pd
from numpy.typing import ArrayLike

from access.geo import Floats
from access.travel.mode import Mode
from access.travel.origins import Origins
from access.travel.trips import Trips


class TripFinder(Protocol):
    """`mode`: how its trips are found. `low`, `high`: the factors between which most true minutes lie."""

    @property
    def mode(self) -> Mode:
        """How its trips are found where it can; some may be estimated elsewhere, and say so."""
        ...

    @property
    def low(self) -> float:
        """The least that the true minutes of most trips are, as a factor."""
        ...

    @property
    def high(self) -> float:
        """The most that the true minutes of most trips are, as a factor."""
        ...

    def trips(
        self, origins: Origins, clinics: pd.DataFrame, *, max_minutes: float, landmarks: Origins | None = None
    ) -> Trips:
        """The trips from each place to every clinic at most `max_minutes` away."""
        ...

    def most_minutes(self, road_km: float, rurality: ArrayLike) -> Floats:
        """No trip of at most `road_km` from a place of that rurality takes longer; same shape."""
        ...

    def most_km(self, max_minutes: float) -> float:
        """No trip of at most `max_minutes` leads farther than this along the straight line."""
        ...
