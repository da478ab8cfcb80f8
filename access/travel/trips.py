"""Trips: who can reach which clinic, and at what cost; a sparse matrix of places by clinics."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.travel import trip_kernels
from access.travel.mode import Mode


@dataclass(frozen=True, eq=False)
class Trips:
    """One-way trips from places to clinics, as CSR arrays.

    A pair that is not in it is out of reach; a zero-minute trip is a real entry. Within a place's row
    the trips stand by minutes, nearest first: that order is what makes every measure one short pass.

    `places`: geoids, one per row. `clinics`: clinic ids, one per column. `indptr`: int64, rows + 1.
    `clinic_index`: int32, the column of each trip. `minutes`, `km`: float32, one-way, by road.
    `modes`: how minutes and km were found. `max_minutes`: trips longer than this were not kept.
    `codes` (uint8): of each trip, the position of its mode in `modes`; None: all trips are of the one mode.
    """

    places: pd.Index
    clinics: pd.Index
    indptr: NDArray[np.int64]
    clinic_index: NDArray[np.int32]
    minutes: NDArray[np.float32]
    km: NDArray[np.float32]
    modes: tuple[Mode, ...]
    max_minutes: float
    codes: NDArray[np.uint8] | None = None

    @property
    def method(self) -> str:
        """How minutes and km were found, for people."""
        return "; ".join(mode.name for mode in self.modes)

    @property
    def row_by_trip(self) -> NDArray[np.int64]:
        """The row of each trip's place in `places`, in the order of the trips."""
        return np.repeat(np.arange(len(self.places)), np.diff(self.indptr))

    def __len__(self) -> int:
        """How many trips there are."""
        return len(self.minutes)

    def to_frame(self) -> pd.DataFrame:
        """One row per trip: `geoid`, `clinic_id`, `minutes`, `km`; by place, nearest first."""
        row = self.row_by_trip
        return pd.DataFrame(
            {
                "geoid": self.places[row],
                "clinic_id": self.clinics[self.clinic_index],
                "minutes": self.minutes,
                "km": self.km,
            }
        )

    def among(self, clinic_ids: Iterable[str]) -> "Trips":
        """The trips to these clinics alone; ids that are not in `clinics` are passed over."""
        wanted = self.clinics.isin(list(clinic_ids))
        column = (np.cumsum(wanted) - 1).astype(np.int32)

        def keep(amounts: NDArray[np.float32]) -> trip_kernels.TripRows:
            return trip_kernels.keep_columns(self.indptr, self.clinic_index, self.minutes, amounts, wanted, column)

        codes = None if self.codes is None else keep(self.codes.astype(np.float32))[3]
        return self._with(self.clinics[wanted], keep(self.km), codes)

    def of_places(self, chosen: NDArray[np.bool_]) -> "Trips":
        """The trips of the places where `chosen` (one boolean per place) holds."""
        rows = np.flatnonzero(chosen)

        def keep(amounts: NDArray[np.float32]) -> trip_kernels.TripRows:
            return trip_kernels.keep_rows(self.indptr, self.clinic_index, self.minutes, amounts, rows)

        codes = None if self.codes is None else keep(self.codes.astype(np.float32))[3]
        return replace(self._with(self.clinics, keep(self.km), codes), places=self.places[rows])

    def where(self, chosen: NDArray[np.bool_]) -> "Trips":
        """The trips where `chosen` (one boolean per trip) holds, of the same places to the same clinics."""
        row = self.row_by_trip[chosen]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(self.places)))]).astype(np.int64)
        arrays = (indptr, self.clinic_index[chosen], self.minutes[chosen], self.km[chosen])
        return self._with(self.clinics, arrays, None if self.codes is None else self.codes[chosen])

    def join(self, other: "Trips") -> "Trips":
        """These trips and those of the same places to other clinics.

        Raises
        ------
        ValueError
            The places differ, or a clinic is in both.
        """
        if not self.places.equals(other.places):
            raise ValueError("Trips can be joined only when both have the same places in the same order.")
        if (shared := self.clinics.intersection(other.clinics)).size:
            raise ValueError(f"{len(shared)} clinics are in both, the first {shared[0]}; drop them from one.")
        return merge_trips(self, other, self.clinics.append(other.clinics), len(self.clinics))

    def method_by_trip(self) -> pd.Categorical:
        """The name of each trip's mode, in the order of the trips."""
        names = np.array([mode.name for mode in self.modes], object)
        return pd.Categorical(names[_codes_among(self, self.modes)], categories=names)

    def is_estimate_by_trip(self) -> NDArray[np.bool_]:
        """Whether each trip was estimated, in the order of the trips."""
        return np.array([mode.is_estimate for mode in self.modes])[_codes_among(self, self.modes)]

    def _with(
        self, clinics: pd.Index, arrays: trip_kernels.TripRows, codes: NDArray[np.float32] | NDArray[np.uint8] | None
    ) -> "Trips":
        indptr, clinic_index, minutes, km = arrays
        return replace(
            self,
            clinics=clinics,
            indptr=indptr,
            clinic_index=clinic_index,
            minutes=minutes,
            km=km,
            codes=None if codes is None else codes.astype(np.uint8),
        )


def merge_trips(first: Trips, second: Trips, clinics: pd.Index, shift: int) -> Trips:
    """Two sets of trips of the same places as one, each trip with its mode; `second`'s columns move by `shift`."""
    telling = [one for one in (first, second) if len(one)] or [first]
    modes = tuple(dict.fromkeys(mode for one in telling for mode in one.modes))

    def both(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> trip_kernels.TripRows:
        left = (first.indptr, first.clinic_index, first.minutes, mine)
        return trip_kernels.merge_rows(*left, second.indptr, second.clinic_index, second.minutes, theirs, shift)

    if len(modes) == 1:
        return replace(first._with(clinics, both(first.km, second.km), None), modes=modes)
    codes = both(*(_codes_among(one, modes).astype(np.float32) for one in (first, second)))[3]
    return replace(first._with(clinics, both(first.km, second.km), codes), modes=modes)


def _codes_among(trips: Trips, modes: tuple[Mode, ...]) -> NDArray[np.uint8]:
    """The position in `modes` of each trip's mode."""
    if not len(trips):
        return np.empty(0, np.uint8)
    position = np.array([modes.index(one) for one in trips.modes], np.uint8)
    return np.full(len(trips), position[0]) if trips.codes is None else position[trips.codes]
