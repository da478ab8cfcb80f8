"""What the keeper of this machine knows better than the sources: applied to every pack that is loaded here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.places.directory.journal import line_of, read_journal, save_journal
from access.settings import settings
from access.vocabulary import TREATMENTS

CORRECTIONS_FILE: Final = "corrected.jsonl"
CorrectionKind = Literal["closed", "moved", "phone", "not_offered"]
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"


class Correction(BaseModel):
    """One fact about one clinic: what, who says so, when, and why.

    "closed": the clinic is gone. "not_offered": it does not give `treatment`. "phone": its number is `phone`.
    "moved": it is at `address`, `city`, `state`, `zip`, and at that point.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    clinic_id: str = Field(min_length=1)
    kind: CorrectionKind
    who: str = Field(min_length=1, max_length=200)
    when: str = Field(pattern=_DAY)
    why: str = Field(min_length=1, max_length=1000)
    treatment: str | None = None
    phone: str | None = Field(default=None, max_length=40)
    address: str | None = Field(default=None, max_length=200)
    city: str | None = None
    state: str | None = None
    zip: str | None = Field(default=None, pattern=r"^\d{5}$")
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    location_precision: str | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Correction":
        needed = {"not_offered": ["treatment"], "phone": ["phone"], "moved": ["state", "latitude", "longitude"]}
        missing = [name for name in needed.get(self.kind, []) if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.kind} needs {', '.join(missing)}")
        if self.treatment is not None and self.treatment not in TREATMENTS:
            raise ValueError(f"treatment must be one of {', '.join(TREATMENTS)}")
        return self


def read_corrections(folder: Path | None = None) -> list[Correction]:
    """The corrections of this machine, the oldest first; none: [].

    Raises
    ------
    PackError
        The file cannot be read, or a line of it is none; names the line.
    """
    return read_journal((folder or settings().data_folder) / CORRECTIONS_FILE, Correction)


def save_corrections(corrections: Sequence[Correction], folder: Path | None = None) -> Path:
    """The file of all corrections, written whole in the place of the old one; gives its path.

    Raises
    ------
    PackError
        The disk is full or may not be written; the old file is untouched.
    """
    return save_journal((folder or settings().data_folder) / CORRECTIONS_FILE, corrections)


def make_correction(**facts: object) -> Correction:
    """A correction of these facts.

    Raises
    ------
    PackError
        One of them is missing or not what it must be; says which and why.
    """
    return line_of(Correction, facts)


def apply_corrections(
    clinics: pd.DataFrame, services: pd.DataFrame, corrections: Sequence[Correction]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with the corrections made in turn; one of a clinic that is not there changes nothing.

    A clinic of which no treatment is left is gone too.
    """
    for one in corrections:
        here = clinics["clinic_id"].eq(one.clinic_id)
        theirs = services["clinic_id"].eq(one.clinic_id)
        if one.kind == "closed":
            services = services[~theirs]
        elif one.kind == "not_offered":
            services = services[~(theirs & services["treatment"].eq(str(one.treatment)))]
        else:
            clinics = _change_facts(clinics, here, one)
    named = {one.clinic_id for one in corrections}
    empty = clinics["clinic_id"].isin(named) & ~clinics["clinic_id"].isin(services["clinic_id"])
    return clinics[~empty].reset_index(drop=True), services.reset_index(drop=True)


def _change_facts(clinics: pd.DataFrame, here: "pd.Series[bool]", one: Correction) -> pd.DataFrame:
    names = ["phone"]
    if one.kind == "moved":
        names = ["address", "city", "state", "zip", "latitude", "longitude", "location_precision"]
    changed = clinics.copy()
    for name in names:
        changed.loc[here, name] = getattr(one, name)
    return changed
