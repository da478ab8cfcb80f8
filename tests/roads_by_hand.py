"""Five places and the roads between them, in seconds and metres written by hand, for servers that tests play."""

import numpy as np

from access.geo import Floats

# Latitude, longitude. The island has roads, but none to the others.
PLACES: dict[str, tuple[float, float]] = {
    "bangor": (44.8012, -68.7778),
    "orono": (44.8831, -68.6720),
    "acadia": (44.8090, -68.7400),
    "island": (44.0500, -68.8300),
    "texas": (30.2672, -97.7431),
}
# Out in the ocean, where no road is.
SEA = (43.0, -67.0)
# One way is not as long as the other.
SECONDS: dict[tuple[str, str], float] = {
    ("bangor", "acadia"): 480,
    ("bangor", "orono"): 900,
    ("orono", "acadia"): 720.6,
    ("orono", "bangor"): 930,
    ("acadia", "bangor"): 510,
    ("texas", "bangor"): 120_000,
}
METRES: dict[tuple[str, str], float] = {
    ("bangor", "acadia"): 4_200,
    ("bangor", "orono"): 13_500,
    ("orono", "acadia"): 11_750.5,
    ("orono", "bangor"): 13_600,
    ("acadia", "bangor"): 4_300,
    ("texas", "bangor"): 3_400_000,
}
# Metres from each place to the road it is put on.
SNAPS: dict[str, float] = {"bangor": 12.0, "orono": 250.0, "acadia": 3.5, "island": 40.0, "texas": 0.0}


def points(*names: str) -> Floats:
    """Rows of latitude and longitude; `sea` is the ocean."""
    return np.array([SEA if name == "sea" else PLACES[name] for name in names])


def place_at(latitude: float, longitude: float) -> str | None:
    """The name of what is there; None: no road. It fails where somebody takes a latitude for a longitude."""
    if (round(latitude, 6), round(longitude, 6)) == SEA:
        return None
    return {place: name for name, place in PLACES.items()}[round(latitude, 6), round(longitude, 6)]


def seconds_of(start: str, end: str) -> float | None:
    """None: no route."""
    return 0 if start == end else SECONDS.get((start, end))


def metres_of(start: str, end: str) -> float | None:
    """None: no route."""
    return 0 if start == end else METRES.get((start, end))
