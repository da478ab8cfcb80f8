"""How trips are found, as a value: what travels, and by which estimate or along which roads."""

from dataclasses import dataclass
from typing import Final, Literal

Vehicle = Literal["car", "foot", "bicycle"]
# How OSRM, Valhalla and openrouteservice begin the names of what goes without a car. Every other profile is a car's.
_WITHOUT_CAR: Final[dict[str, Vehicle]] = {
    "foot": "foot",
    "walk": "foot",
    "pedestrian": "foot",
    "wheelchair": "foot",
    "bicycle": "bicycle",
    "bike": "bicycle",
    "cycling": "bicycle",
}
# Along the straight line; nothing of its kind is faster.
_FASTEST_KM_PER_HOUR: Final[dict[Vehicle, float]] = {"car": 130, "foot": 15, "bicycle": 45}
# Our assumption, for drives, yards and tracks that the map does not have.
_OFF_ROAD_KM_PER_HOUR: Final[dict[Vehicle, float]] = {"car": 30, "foot": 5, "bicycle": 10}


@dataclass(frozen=True)
class Mode:
    """How trips were found. `name`: as tables and people read it; `source`: a formula, or roads.

    `engine`, `version`, `profile`: of the router that found them; "": an estimate, or not known.
    """

    name: str
    vehicle: Vehicle = "car"
    source: Literal["estimate", "road"] = "road"
    engine: str = ""
    version: str = ""
    profile: str = ""

    @property
    def is_estimate(self) -> bool:
        """Whether the trips were estimated, not found along roads."""
        return self.source == "estimate"

    @property
    def is_driven(self) -> bool:
        """Whether the minutes are a car's."""
        return self.vehicle == "car"

    @property
    def fastest_km_per_minute(self) -> float:
        """How far from its start a trip gets in a minute, at the most; on foot a ferry may beat it."""
        return _FASTEST_KM_PER_HOUR[self.vehicle] / 60

    @property
    def off_road_minutes_per_km(self) -> float:
        """What the way from a point to its road costs: a car at 30 km/h, a bicycle at 10, a person on foot at 5."""
        return 60 / _OFF_ROAD_KM_PER_HOUR[self.vehicle]


def estimate_mode(name: str) -> Mode:
    """The mode of an estimate of that name; every estimate drives."""
    return Mode(name, "car", "estimate")


def road_mode(engine: str, profile: str, *, version: str = "") -> Mode:
    """The mode of a router: "road: OSRM 26.10, car"."""
    name = f"road: {f'{engine} {version}'.strip()}, {profile}"
    return Mode(name, vehicle_of(profile), "road", engine, version, profile)


def vehicle_of(profile: str) -> Vehicle:
    """What travels by a router's profile; a profile that neither walks nor cycles by its name is a car's."""
    name = profile.strip().lower()
    return next((vehicle for start, vehicle in _WITHOUT_CAR.items() if name.startswith(start)), "car")
