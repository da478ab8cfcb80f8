"""A scenario: a named list of edits to a pack; opens, closes, moves, certifications."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from access.errors import ScenarioError
from access.vocabulary import PAYERS, TREATMENTS

Tables = tuple[pd.DataFrame, pd.DataFrame]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenClinic(_Edit):
    """A new clinic at a point, giving these treatments."""

    action: Literal["open"] = "open"
    clinic_id: str
    name: str
    latitude: Latitude
    longitude: Longitude
    treatments: tuple[str, ...] = Field(min_length=1)
    payers: tuple[str, ...] = ()
    state: str = ""


class CloseClinic(_Edit):
    """A clinic that closes: its services go with it."""

    action: Literal["close"] = "close"
    clinic_id: str


class MoveClinic(_Edit):
    """A clinic that moves to a point."""

    action: Literal["move"] = "move"
    clinic_id: str
    latitude: Latitude
    longitude: Longitude


class AddTreatment(_Edit):
    """A clinic that begins a treatment (a site certified for esketamine, say)."""

    action: Literal["certify"] = "certify"
    clinic_id: str
    treatment: str


class DropTreatment(_Edit):
    """A clinic that ends a treatment."""

    action: Literal["drop"] = "drop"
    clinic_id: str
    treatment: str


Edit = Annotated[OpenClinic | CloseClinic | MoveClinic | AddTreatment | DropTreatment, Field(discriminator="action")]


class Scenario(BaseModel):
    """A named list of edits, made in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "scenario"
    edits: tuple[Edit, ...] = ()


def read_scenario(path: Path) -> Scenario:
    """The scenario in a JSON file.

    Raises
    ------
    ScenarioError: the file is not there, not JSON, or an edit in it is not one we know; names the first.
    """
    try:
        return Scenario.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as failure:
        raise ScenarioError(f"{path} cannot be read ({failure}). Name a scenario file.") from failure
    except ValidationError as failure:
        first = failure.errors()[0]
        at = ".".join(map(str, first["loc"])) or "the file"
        raise ScenarioError(f"{path}: {at}: {first['msg']} ({failure.error_count()} such). Correct it.") from None


def apply_scenario(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    """`clinics` and `services` as they stand after every edit, made in order; the tables given are not changed.

    Raises
    ------
    ScenarioError: an edit names a clinic or treatment that is not there, or opens an id that is.
    """
    tables = (clinics, services)
    for edit in scenario.edits:
        tables = _made(edit, *tables)
    return tables


def fitting(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> tuple[Scenario, list[str]]:
    """The edits that can be made on these tables, in order, and one sentence for each that cannot."""
    kept: list[Edit] = []
    misfits: list[str] = []
    tables = (clinics, services)
    for edit in scenario.edits:
        try:
            tables = _made(edit, *tables)
        except ScenarioError as failure:
            misfits.append(str(failure))
        else:
            kept.append(edit)
    return scenario.model_copy(update={"edits": tuple(kept)}), misfits


def _made(edit: Edit, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    match edit:
        case OpenClinic():
            return _opened(edit, clinics, services)
        case CloseClinic(clinic_id=clinic_id):
            _require(clinic_id, clinics)
            return clinics[clinics["clinic_id"] != clinic_id], services[services["clinic_id"] != clinic_id]
        case MoveClinic(clinic_id=clinic_id):
            _require(clinic_id, clinics)
            here = clinics["clinic_id"] == clinic_id
            return clinics.assign(
                latitude=clinics["latitude"].mask(here, edit.latitude),
                longitude=clinics["longitude"].mask(here, edit.longitude),
            ), services
        case AddTreatment(clinic_id=clinic_id, treatment=treatment):
            _require(clinic_id, clinics)
            return clinics, _with_rows(services, [_service(clinic_id, _known([treatment], TREATMENTS)[0], ())])
        case DropTreatment(clinic_id=clinic_id, treatment=treatment):
            given = (services["clinic_id"] == clinic_id) & (services["treatment"] == treatment)
            _require(clinic_id, clinics)
            if not given.any():
                raise ScenarioError(f"Clinic {clinic_id} does not give {treatment} in this pack; nothing to drop.")
            return clinics, services[~given]


def _opened(edit: OpenClinic, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    if (clinics["clinic_id"] == edit.clinic_id).any():
        raise ScenarioError(f"There is already a clinic {edit.clinic_id}; give the new one another id.")
    treatments, payers = _known(edit.treatments, TREATMENTS), _known(edit.payers, PAYERS)
    clinic = edit.model_dump(include={"clinic_id", "name", "latitude", "longitude", "state"})
    rows = [_service(edit.clinic_id, treatment, payers) for treatment in treatments]
    return _with_rows(clinics, [clinic | {"location_precision": "rooftop"}]), _with_rows(services, rows)


def _service(clinic_id: str, treatment: str, payers: Sequence[str]) -> dict[str, object]:
    return {
        "clinic_id": clinic_id,
        "treatment": treatment,
        "payers_accepted": "|".join(payers),
        "payers_refused": "",
        "source": "scenario",
    }


def _with_rows(table: pd.DataFrame, rows: list[dict[str, object]]) -> pd.DataFrame:
    """The table and these rows, in its columns and types; what a row does not say is missing."""
    new = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes.to_dict())
    return pd.concat([table, new], ignore_index=True)


def _known(given: Sequence[str], vocabulary: dict[str, str]) -> Sequence[str]:
    unknown = [word for word in given if word not in vocabulary]
    if unknown:
        raise ScenarioError(f"'{unknown[0]}' is not known here; use one of {', '.join(vocabulary)}.")
    return given


def _require(clinic_id: str, clinics: pd.DataFrame) -> None:
    ids = clinics["clinic_id"]
    if (ids == clinic_id).any():
        return
    near = difflib.get_close_matches(clinic_id, ids.tolist(), n=3)
    hint = f" Did you mean {', '.join(near)}?" if near else " Find ids with: trd-access find"
    raise ScenarioError(f"There is no clinic {clinic_id} in this pack, or an earlier edit closed it.{hint}")
