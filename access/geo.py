"""Where things are on the sphere: unit vectors and great-circle distance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from access.units import EARTH_RADIUS_KM

Floats = NDArray[np.float64]


def unit_vectors(latitude: ArrayLike, longitude: ArrayLike) -> Floats:
    """Points on the unit sphere, shape (n, 3), float64, from degrees.

    Kept in float64: at short range a float32 dot product is wrong by up to 2 km.
    """
    lat = np.radians(np.asarray(latitude, float))
    lon = np.radians(np.asarray(longitude, float))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def great_circle_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Kilometres along the sphere between points in degrees, elementwise with broadcasting.

    Source
    ------
    Haversine: Sinnott (1984), Sky and Telescope 68(2):159. Within 0.56 % of the WGS84 ellipsoid.
    """
    phi1 = np.radians(np.asarray(lat1, float))
    phi2 = np.radians(np.asarray(lat2, float))
    dphi = phi2 - phi1
    dlam = np.radians(np.asarray(lon2, float) - np.asarray(lon1, float))
    h = np.sin(dphi / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(dlam / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1))))


def chord(km: ArrayLike) -> Floats:
    """Straight-line length through the unit sphere that spans `km` along its surface."""
    return np.asarray(2 * np.sin(np.minimum(np.asarray(km, float) / EARTH_RADIUS_KM, np.pi) / 2))


def span_km(chords: ArrayLike) -> Floats:
    """Kilometres along the sphere that a straight line of that length through the unit sphere spans."""
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(np.asarray(chords, float) / 2, 0, 1)))
