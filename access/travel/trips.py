"""Trips: who can reach which clinic, and at what cost; a sparse matrix of places by clinics."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.travel import kernels


@dataclass(frozen=True, eq=False)
class Trips:
    """One-way trips from places to clinics, as CSR arrays.

    A pair that is not in it is out of reach; a zero-minute trip is a real entry. Within a place's row
    the trips stand by minutes, nearest first: that order is what makes every measure one short pass.

    `places`: geoids, one per row. `clinics`: clinic ids, one per column. `indptr`: int64, rows + 1.
    `clinic_index`: int32, the column of each trip. `minutes`, `km`: float32, one-way, by road.
    `method`: how minutes and km were found. `max_minutes`: trips longer than this were not kept.
    """

    places: pd.Index
    clinics: pd.Index
    indptr: NDArray[np.int64]
    clinic_index: NDArray[np.int32]
    minutes: NDArray[np.float32]
    km: NDArray[np.float32]
    method: str
    max_minutes: float

    def __len__(self) -> int:
        """How many trips there are."""
        return len(self.minutes)

    def to_frame(self) -> pd.DataFrame:
        """One row per trip: `geoid`, `clinic_id`, `minutes`, `km`; by place, nearest first."""
        row = np.repeat(np.arange(len(self.places)), np.diff(self.indptr))
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
        arrays = kernels.keep_columns(self.indptr, self.clinic_index, self.minutes, self.km, wanted, column)
        return self._with(self.clinics[wanted], arrays)

    def of(self, chosen: NDArray[np.bool_]) -> "Trips":
        """The trips of the places where `chosen` (one boolean per place) holds."""
        rows = np.flatnonzero(chosen)
        arrays = kernels.keep_rows(self.indptr, self.clinic_index, self.minutes, self.km, rows)
        return replace(self._with(self.clinics, arrays), places=self.places[rows])

    def joined(self, other: "Trips") -> "Trips":
        """These trips and those of the same places to other clinics.

        Raises
        ------
        ValueError: the places differ, or a clinic is in both.
        """
        if not self.places.equals(other.places):
            raise ValueError("Trips can be joined only when both have the same places in the same order.")
        if (shared := self.clinics.intersection(other.clinics)).size:
            raise ValueError(f"{len(shared)} clinics are in both, the first {shared[0]}; drop them from one.")
        mine = (self.indptr, self.clinic_index, self.minutes, self.km)
        theirs = (other.indptr, other.clinic_index, other.minutes, other.km)
        arrays = kernels.merge_rows(*mine, *theirs, len(self.clinics))
        return self._with(self.clinics.append(other.clinics), arrays)

    def _with(self, clinics: pd.Index, arrays: kernels.Rows) -> "Trips":
        indptr, clinic_index, minutes, km = arrays
        return replace(self, clinics=clinics, indptr=indptr, clinic_index=clinic_index, minutes=minutes, km=km)
