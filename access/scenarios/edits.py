"""The edits that a scenario is made of: what may change about clinics, each a small checked record."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.language import mark

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Id = Annotated[str, Field(min_length=1, max_length=120)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Usd = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
PerWeek = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Days = Annotated[tuple[Day, ...], Field(min_length=1, max_length=7)]
Treatments = Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]

ACTIONS: Final[dict[str, str]] = {
    "open": mark("Open"),
    "close": mark("Close"),
    "move": mark("Move"),
    "add": mark("Add a treatment"),
    "drop": mark("Drop a treatment"),
    "certify": mark("Certify for esketamine (REMS)"),
    "accept": mark("Accept a payer"),
    "capacity": mark("Change capacity"),
    "hours": mark("Change hours"),
    "part_week": mark("Open part of the week"),
    "mobile": mark("Mobile site"),
    "ride": mark("Rides home"),
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Edit(_Record):
    """`cost_usd`: what the edit costs once, for figures per dollar; None: not stated."""

    cost_usd: Usd | None = None


class _AtClinic(_Edit):
    clinic_id: Id


class Spot(_Record):
    """Where: a point; or a town as `find_place` reads it, until it is settled; or the site of a clinic in the pack."""

    latitude: Latitude | None = None
    longitude: Longitude | None = None
    town: Annotated[str, Field(max_length=120)] = ""
    at_clinic: Annotated[str, Field(max_length=120)] = ""

    @model_validator(mode="after")
    def _one_way_of_saying(self) -> "Spot":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a point needs latitude and longitude")
        if not (self.has_point or self.town or self.at_clinic):
            raise ValueError("say where: latitude and longitude, town, or at_clinic")
        if self.at_clinic and (self.town or self.has_point):
            raise ValueError("at_clinic stands alone, without a point or town")
        return self

    @property
    def has_point(self) -> bool:
        """Whether the point is known."""
        return self.latitude is not None


class OpenClinic(Spot, _AtClinic):
    """A new clinic that gives these treatments; `days`: those on which it is open, empty: the whole week."""

    action: Literal["open"] = "open"
    name: Name
    treatments: Treatments
    payers: tuple[str, ...] = ()
    state: str = ""
    days: tuple[Day, ...] = ()
    capacity_per_week: PerWeek | None = None


class CloseClinic(_AtClinic):
    """A clinic that closes: its services go with it."""

    action: Literal["close"] = "close"


class MoveClinic(Spot, _AtClinic):
    """A clinic that moves."""

    action: Literal["move"] = "move"


class AddTreatment(_AtClinic):
    """A clinic that begins a treatment, for these payers (none: not stated)."""

    action: Literal["add"] = "add"
    treatment: str
    payers: tuple[str, ...] = ()


class DropTreatment(_AtClinic):
    """A clinic that ends a treatment."""

    action: Literal["drop"] = "drop"
    treatment: str


class CertifyRems(_AtClinic):
    """A clinic that is certified for esketamine, and gives it from then on."""

    action: Literal["certify"] = "certify"
    treatment: Literal["esketamine"] = "esketamine"


class AcceptPayer(_AtClinic):
    """A clinic that takes a payer from now on, for one treatment or (empty) for all that it gives."""

    action: Literal["accept"] = "accept"
    payer: str
    treatment: str = ""


class ChangeCapacity(_AtClinic):
    """How many sessions a week a clinic can give of a treatment."""

    action: Literal["capacity"] = "capacity"
    treatment: str
    capacity_per_week: PerWeek


class ChangeHours(_AtClinic):
    """Other opening hours: known capacities change in the same proportion; unknown ones stay unknown."""

    action: Literal["hours"] = "hours"
    hours_per_week: Annotated[float, Field(gt=0, le=168)]
    instead_of: Annotated[float, Field(gt=0, le=168)]


class PartWeek(_AtClinic):
    """A clinic that opens on these days alone; known capacities shrink from five days to so many."""

    action: Literal["part_week"] = "part_week"
    days: Days


class Stop(Spot):
    """Where a mobile site stands, and on which days."""

    days: Days


class MobileSite(_AtClinic):
    """One team that stands at several stops in turn; `capacity_per_week` is shared out by days."""

    action: Literal["mobile"] = "mobile"
    name: Name
    treatments: Treatments
    stops: Annotated[tuple[Stop, ...], Field(min_length=1, max_length=7)]
    payers: tuple[str, ...] = ()
    state: str = ""
    capacity_per_week: PerWeek | None = None

    @model_validator(mode="after")
    def _one_place_a_day(self) -> "MobileSite":
        days = [day for stop in self.stops for day in stop.days]
        twice = next((day for day in days if days.count(day) > 1), None)
        if twice:
            raise ValueError(f"the mobile site would stand twice on {twice}; it can be at one stop a day")
        return self


class RideProgram(_Edit):
    """A programme that brings patients home or lends an escort: from clinics within its reach nobody else must drive.

    `clinic_ids`: whose patients; empty: those of every clinic. `max_minutes`: the longest way that it drives.
    """

    action: Literal["ride"] = "ride"
    name: Name
    treatments: tuple[str, ...] = ()
    clinic_ids: tuple[Id, ...] = ()
    max_minutes: Annotated[float, Field(gt=0, le=600)] = 60.0


Edit = Annotated[
    OpenClinic
    | CloseClinic
    | MoveClinic
    | AddTreatment
    | DropTreatment
    | CertifyRems
    | AcceptPayer
    | ChangeCapacity
    | ChangeHours
    | PartWeek
    | MobileSite
    | RideProgram,
    Field(discriminator="action"),
]


def open_clinic_at(
    latitude: float,
    longitude: float,
    treatments: Sequence[str],
    *,
    clinic_id: str,
    name: str,
    town: str = "",
    state: str = "",
    payers: Sequence[str] = (),
    days: Sequence[Day] = (),
) -> OpenClinic:
    """Return the edit that opens a clinic at a point.

    Parameters
    ----------
    town
        What the point is called, kept in the scenario's file.
    days
        Those on which it is open; none: the whole week.

    Raises
    ------
    ValueError
        The point is not on the globe, or a name is empty or too long.
    """
    return OpenClinic(
        clinic_id=clinic_id,
        name=name,
        latitude=latitude,
        longitude=longitude,
        town=town,
        state=state,
        treatments=tuple(treatments),
        payers=tuple(payers),
        days=tuple(days),
    )


def begin_treatment(clinic_id: str, treatment: str) -> AddTreatment | CertifyRems:
    """Return the edit by which a clinic begins a treatment: for esketamine it is certified (REMS)."""
    if treatment == "esketamine":
        return CertifyRems(clinic_id=clinic_id)
    return AddTreatment(clinic_id=clinic_id, treatment=treatment)


def clinic_ids_of(edit: Edit) -> list[str]:
    """The ids of the clinics that an edit is about; of a mobile site, one for each stop."""
    if isinstance(edit, MobileSite):
        return [stop_id(edit, number) for number in range(len(edit.stops))]
    return list(edit.clinic_ids) if isinstance(edit, RideProgram) else [edit.clinic_id]


def free_ids(edits: Iterable[Edit], start: str = "new") -> Iterator[str]:
    """Ids that none of these edits has: new-1, new-2, ..."""
    taken = {clinic_id.split("@")[0] for edit in edits for clinic_id in clinic_ids_of(edit)}
    return (name for number in count(1) if (name := f"{start}-{number}") not in taken)


def stop_id(edit: MobileSite, number: int) -> str:
    """The clinic id of a stop, counted from 0."""
    return f"{edit.clinic_id}@{number + 1}"


def edit_line(edit: Edit) -> str:
    """An edit in one short line, as files name it: "close starter-12", "add tms: starter-12"."""
    facts: dict[str, Any] = edit.model_dump(exclude_defaults=True)
    what = " ".join(str(facts[key]) for key in ("treatment", "payer") if facts.get(key))
    about = edit.name if isinstance(edit, RideProgram) else edit.clinic_id
    named = f" ({edit.name})" if isinstance(edit, OpenClinic | MobileSite) else ""
    return f"{edit.action}{' ' if what else ''}{what}: {about}{named}"
