"""How people get to clinics: by estimate or along roads; every measure is made of the trips that a way gives."""

from typing import Protocol

import pandas as pd
from numpy.typing import ArrayLike

from access.geo import Floats
from access.travel.origins import Origins
from access.travel.trips import Trips


def is_estimate(method: str) -> bool:
    """Whether trips of that method were estimated, not found along roads."""
    return method.startswith("estimate")


class Way(Protocol):
    """`name`: the method that its trips bear. `low`, `high`: the factors between which most true minutes lie."""

    @property
    def name(self) -> str:
        """The method, as trips bear it."""
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
