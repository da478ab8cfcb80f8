"""Units, in one place: everything inside is kilometres and minutes; people may type miles and hours."""

import re

KM_PER_MILE = 1.609344
EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius R1

_AMOUNT = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$", re.IGNORECASE)
_MINUTES = {"min": 1.0, "mins": 1.0, "minutes": 1.0, "m": 1.0, "h": 60.0, "hr": 60.0, "hours": 60.0}
_KM = {"km": 1.0, "mi": KM_PER_MILE, "mile": KM_PER_MILE, "miles": KM_PER_MILE}


def miles(km: float) -> float:
    """Kilometres as miles."""
    return km / KM_PER_MILE


def parse_reach(text: str) -> tuple[str, float]:
    """`("minutes", 120.0)` from "120min" or "2h"; `("km", 80.47)` from "50mi" or "80.47km".

    Raises
    ------
    ValueError
        Not a number followed by min, h, mi or km.
    """
    found = _AMOUNT.match(text)
    unit = found.group(2).lower() if found else ""
    if found and unit in _MINUTES:
        return "minutes", float(found.group(1)) * _MINUTES[unit]
    if found and unit in _KM:
        return "km", float(found.group(1)) * _KM[unit]
    raise ValueError(f"'{text}' is not a time or a distance; write it like 90min, 2h, 50mi or 80km.")
