"""The loops under points, compiled: neighboring points in tiles, so that a clinic is judged once for many of them.

All lengths are chords through the unit sphere, for which the triangle inequality holds as it stands. `HAIR` is wider
than any rounding: it only sends a clinic to the exact test, which is that of `access.travel.trip_kernels`.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from access.units import EARTH_RADIUS_KM

Array = NDArray[Any]
HAIR = 1e-9


@numba.njit(cache=True)
def morton_keys(latitude: Array, longitude: Array, land: Array) -> Array:
    """A whole number for each point by which neighbours on one land mass stand together (16 bits for the land)."""
    keys = np.empty(len(latitude), np.int64)
    for i in range(len(latitude)):
        y = np.int64((latitude[i] + 90.0) * (0xFFFFFF / 180.0))
        x = np.int64((longitude[i] + 180.0) * (0xFFFFFF / 360.0))
        keys[i] = (np.int64(land[i]) << 48) | (_spread_bits(y) << 1) | _spread_bits(x)
    return keys


@numba.njit(cache=True)
def _spread_bits(bits: Any) -> Any:
    """The lowest 24 bits, each moved to twice its position."""
    bits = (bits | (bits << 16)) & 0x0000FFFF0000FFFF
    bits = (bits | (bits << 8)) & 0x00FF00FF00FF00FF
    bits = (bits | (bits << 4)) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | (bits << 2)) & 0x3333333333333333
    return (bits | (bits << 1)) & 0x5555555555555555


@numba.njit(cache=True)
def _square_of_chord(a: Array, i: int, b: Array, j: Any) -> float:
    dx, dy, dz = a[i, 0] - b[j, 0], a[i, 1] - b[j, 1], a[i, 2] - b[j, 2]
    return float(dx * dx + dy * dy + dz * dz)


@numba.njit(cache=True)
def _center_of(place: Array, low: int, high: int) -> tuple[Array, float, float]:
    """The middle of the points from `low` to `high` as one row, its latitude in degrees, and their largest distance."""
    middle = np.zeros((1, 3))
    for i in range(low, high):
        for axis in range(3):
            middle[0, axis] += place[i, axis]
    length = np.sqrt((middle**2).sum())
    if length < HAIR:  # points all round the earth have no middle; any will do
        middle[0, 0], length = 1.0, 1.0
    middle /= length
    radius = 0.0
    for i in range(low, high):
        radius = max(radius, np.sqrt(_square_of_chord(place, i, middle, 0)))
    return middle, np.degrees(np.arcsin(min(max(middle[0, 2], -1.0), 1.0))), radius + HAIR


@numba.njit(cache=True)
def _degrees_of(chord: float) -> float:
    """The degrees of latitude that a chord can span at most."""
    return float(np.degrees(2 * np.arcsin(min(chord / 2, 1.0))) + 1e-6)


@numba.njit(cache=True)
def _chord_to_nearest(
    middle: Array, latitude: float, bound: Any, site: Array, site_latitude: Array, first: int, last: int
) -> Any:
    """The chord to the site nearest to `middle`, or `bound` if none is nearer: outward from its latitude."""
    best, reach = bound, _degrees_of(bound)
    start = first + np.searchsorted(site_latitude[first:last], latitude)
    j = start
    while j < last and site_latitude[j] - latitude <= reach:
        near = np.sqrt(_square_of_chord(middle, 0, site, j))
        if near < best:
            best, reach = near, _degrees_of(near)
        j += 1
    j = start - 1
    while j >= first and latitude - site_latitude[j] <= reach:
        near = np.sqrt(_square_of_chord(middle, 0, site, j))
        if near < best:
            best, reach = near, _degrees_of(near)
        j -= 1
    return best


@numba.njit(parallel=True, cache=True)
def nearest_km(
    place: Array, reach: Array, tile: Array, tile_land: Array, site: Array, site_latitude: Array, land_start: Array
) -> Array:
    """Great-circle km (float32) to the nearest site on the same land mass within `reach`; NaN: there is none.

    `tile`: where each tile of points starts, and the end; `land_start`: the same for the sites of each land mass.
    """
    km = np.full(len(place), np.nan, np.float32)
    for t in numba.prange(len(tile) - 1):
        low, high = tile[t], tile[t + 1]
        first, last = land_start[tile_land[t]], land_start[tile_land[t] + 1]
        if first == last:
            continue
        middle, latitude, radius = _center_of(place, low, high)
        farthest = reach[low:high].max() + radius
        # Whatever is nearest to a point of the tile is at most this far from the tile's middle.
        limit = min(
            _chord_to_nearest(middle, latitude, farthest, site, site_latitude, first, last) + 2 * radius, farthest
        )
        span = _degrees_of(limit)
        begin = first + np.searchsorted(site_latitude[first:last], latitude - span)
        end = first + np.searchsorted(site_latitude[first:last], latitude + span, side="right")
        least = np.full(high - low, np.inf)
        for j in range(begin, end):
            if np.sqrt(_square_of_chord(middle, 0, site, j)) <= limit + HAIR:
                for i in range(low, high):
                    least[i - low] = min(least[i - low], _square_of_chord(place, i, site, j))
        for i in range(low, high):
            if least[i - low] <= reach[i] * reach[i]:
                km[i] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(least[i - low]) / 2)
    return km


@numba.njit(parallel=True, cache=True)
def count_within(
    place: Array, reach: Array, tile: Array, tile_land: Array, site: Array, site_latitude: Array, land_start: Array
) -> Array:
    """How many sites on the same land mass each point has within `reach`; arguments as `nearest_km`."""
    counts = np.zeros(len(place), np.int64)
    for t in numba.prange(len(tile) - 1):
        low, high = tile[t], tile[t + 1]
        first, last = land_start[tile_land[t]], land_start[tile_land[t] + 1]
        if first == last:
            continue
        middle, latitude, radius = _center_of(place, low, high)
        sure, possible = reach[low:high].min() - radius, reach[low:high].max() + radius
        span = _degrees_of(possible)
        begin = first + np.searchsorted(site_latitude[first:last], latitude - span)
        end = first + np.searchsorted(site_latitude[first:last], latitude + span, side="right")
        every = 0
        for j in range(begin, end):
            near = np.sqrt(_square_of_chord(middle, 0, site, j))
            if near <= sure - HAIR:
                every += 1
            elif near <= possible + HAIR:
                for i in range(low, high):
                    counts[i] += _square_of_chord(place, i, site, j) <= reach[i] * reach[i]
        for i in range(low, high):
            counts[i] += every
    return counts
