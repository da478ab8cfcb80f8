"""Edits as options of a command: --add, --close, --move, --certify, --drop, --accept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer

from access.places.gazetteer import Gazetteer, find_place
from access.scenarios.edits import (
    AcceptPayer,
    AddTreatment,
    CertifyRems,
    CloseClinic,
    DropTreatment,
    Edit,
    MoveClinic,
    OpenClinic,
    free_ids,
)

Several = list[str] | None
Add = Annotated[Several, typer.Option("--add", help='A ZIP, "town, ST" or "lat,lon" for a new clinic.')]
Close = Annotated[Several, typer.Option("--close", help="The id of a clinic that closes.")]
Move = Annotated[Several, typer.Option("--move", help='"ID to PLACE".')]
Certify = Annotated[
    Several, typer.Option("--certify", help="The id of a clinic that begins the treatment (REMS for esketamine).")
]
Drop = Annotated[Several, typer.Option("--drop", help="The id of a clinic that ends the treatment.")]
Accept = Annotated[Several, typer.Option("--accept", help='"ID takes PAYER": for the treatment, from now on.')]


def edits_of(
    gazetteer: Gazetteer, treatment: str, options: Mapping[str, Several], earlier: Sequence[Edit] = ()
) -> list[Edit]:
    """The edits that the options ask for, in the order of the options; new clinics get ids that no edit has.

    Raises
    ------
    typer.BadParameter: an option is not in its form. PlaceError: a place is not known.
    """
    given = {name: texts or [] for name, texts in options.items()}
    edits: list[Edit] = [CloseClinic(clinic_id=clinic_id) for clinic_id in given["close"]]
    edits += [_moved(text, gazetteer) for text in given["move"]]
    edits += [_begun(clinic_id, treatment) for clinic_id in given["certify"]]
    edits += [DropTreatment(clinic_id=clinic_id, treatment=treatment) for clinic_id in given["drop"]]
    for text in given["accept"]:
        clinic_id, payer = _parted(text, " takes ", "--accept", "ID takes PAYER")
        edits.append(AcceptPayer(clinic_id=clinic_id, payer=payer, treatment=treatment))
    return [*edits, *_openings(gazetteer, treatment, given["add"], free_ids((*earlier, *edits)))]


def _begun(clinic_id: str, treatment: str) -> Edit:
    if treatment == "esketamine":
        return CertifyRems(clinic_id=clinic_id)
    return AddTreatment(clinic_id=clinic_id, treatment=treatment)


def _moved(text: str, gazetteer: Gazetteer) -> Edit:
    clinic_id, target = _parted(text, " to ", "--move", "ID to PLACE")
    place = find_place(target, *gazetteer)
    return MoveClinic(clinic_id=clinic_id, latitude=place.latitude, longitude=place.longitude, town=place.label)


def _parted(text: str, word: str, option: str, form: str) -> tuple[str, str]:
    first, found, second = text.partition(word)
    if not found or not first.strip() or not second.strip():
        raise typer.BadParameter(f"'{text}' is not '{form}'.", param_hint=option)
    return first.strip(), second.strip()


def _openings(gazetteer: Gazetteer, treatment: str, add: list[str], free: Iterator[str]) -> list[Edit]:
    openings: list[Edit] = []
    for text, clinic_id in zip(add, free, strict=False):
        place = find_place(text, *gazetteer)
        openings.append(
            OpenClinic(
                clinic_id=clinic_id,
                name=f"New clinic at {place.label}",
                latitude=place.latitude,
                longitude=place.longitude,
                town=place.label,
                state=place.state,
                treatments=(treatment,),
            )
        )
    return openings
