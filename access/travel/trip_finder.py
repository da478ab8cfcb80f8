"""How trips are found, as one protocol: by estimate or along roads; and what the name of a method says of it."""

from typing import Final, Protocol

import pandas as pd
from numpy.typing import ArrayLike

from access.geo import Floats
from access.language import mark, say
from access.travel.origins import Origins
from access.travel.trips import Trips

NO_CAR_NOTE: Final = mark(
    "These are minutes on foot or by bicycle, at an even pace. Buses and trains are not in them, nor are sidewalks, "
    "steep hills, weather, the dark, or people who cannot walk or ride that far."
)
# How OSRM, Valhalla and openrouteservice begin the names of what cars do, and of what goes without one, with the km an
# hour along the straight line that nothing of its kind beats.
_DRIVEN: Final = ("car", "driving", "auto", "taxi", "bus", "truck", "motor")
_WITHOUT_CAR: Final = dict.fromkeys(("foot", "walk", "pedestrian", "wheelchair"), 15) | dict.fromkeys(
    ("bicycle", "bike", "cycling"), 45
)
_FASTEST_KM_PER_HOUR: Final = 130


def is_estimate(method: str) -> bool:
    """Whether trips of that method were estimated, not found along roads."""
    return method.startswith("estimate")


class TripFinder(Protocol):
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

    def most_km(self, max_minutes: float) -> float:
        """No trip of at most `max_minutes` leads farther than this along the straight line."""
        ...


def is_driven(method: str) -> bool:
    """Whether the minutes of this method are a car's: every estimate, OpenTimes, and roads by a profile of cars."""
    return method.startswith(("estimate", "OpenTimes")) or _profile_of(method).startswith(_DRIVEN)


def no_car_note(method: str) -> str:
    """What minutes on foot or by bicycle miss, for a page; "": the method is neither."""
    return say(NO_CAR_NOTE) if _profile_of(method).startswith(tuple(_WITHOUT_CAR)) else ""


def fastest_km_per_minute(method: str) -> float:
    """How far from its start a trip of this method gets in a minute, at the most; on foot a ferry may beat it."""
    known = [speed for name, speed in _WITHOUT_CAR.items() if _profile_of(method).startswith(name)]
    return (known[0] if known else _FASTEST_KM_PER_HOUR) / 60


def off_road_minutes_per_km(method: str) -> float:
    """What the way from a point to its road costs: a car at 30 km/h, a bicycle at 10, a person on foot at 5.

    Our assumption: drives, yards and tracks that the map does not have.
    """
    slow = {15: 5, 45: 10}
    known = [slow[speed] for name, speed in _WITHOUT_CAR.items() if _profile_of(method).startswith(name)]
    return 60 / (known[0] if known else 30)


def _profile_of(method: str) -> str:
    """What "road: OSRM 26.10, foot" names last."""
    return method.rpartition(",")[2].strip().lower()
