"""Edits made: clinics and services as they stand after a scenario; the tables given are never changed."""

import difflib
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd

from access.errors import ScenarioError
from access.measures.regimens import DEFAULT_REGIMENS
from access.scenarios import edits as kinds
from access.scenarios.contradictions import refuse_contradictions
from access.scenarios.edits import Edit, Spot, stop_id
from access.scenarios.scenario import Scenario
from access.vocabulary import PAYERS, TREATMENTS

Tables = tuple[pd.DataFrame, pd.DataFrame]
WORKING_DAYS: Final = 5


def apply_scenario(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    """`clinics` and `services` as they stand after every edit, made in order; the tables given are not changed.

    Raises
    ------
    ScenarioError: an edit names a clinic or treatment that is not there, opens an id that is, or contradicts an
    earlier one; says which edit, counted from 1.
    """
    refuse_contradictions(scenario.edits)
    tables = (clinics, services)
    for number, edit in enumerate(scenario.edits, 1):
        try:
            tables = _made(edit, *tables)
        except ScenarioError as failure:
            raise ScenarioError(f"Edit {number} ({kinds.said(edit)}): {failure}") from None
    return tables


def fitting(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> tuple[Scenario, list[str]]:
    """The edits that can be made on these tables, in order, and one sentence for each that cannot."""
    kept: list[Edit] = []
    misfits: list[str] = []
    tables = (clinics, services)
    for edit in scenario.edits:
        try:
            refuse_contradictions((*kept, edit))
            tables = _made(edit, *tables)
        except ScenarioError as failure:
            misfits.append(str(failure))
        else:
            kept.append(edit)
    return scenario.model_copy(update={"edits": tuple(kept)}), misfits


def _made(edit: Edit, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    if isinstance(edit, kinds.OpenClinic):
        return _opened(edit, clinics, services)
    if isinstance(edit, kinds.MobileSite):
        return _sent_out(edit, clinics, services)
    if isinstance(edit, kinds.RideProgramme):
        _known(edit.treatments, TREATMENTS)
        for clinic_id in edit.clinic_ids:
            _require(clinic_id, clinics)
        return clinics, services
    _require(edit.clinic_id, clinics)
    if isinstance(edit, kinds.CloseClinic):
        return tuple(table[table["clinic_id"] != edit.clinic_id] for table in (clinics, services))  # type: ignore[return-value]
    if isinstance(edit, kinds.MoveClinic):
        return _moved(edit, clinics), services
    return clinics, _CHANGES[type(edit)](edit, services)


def _moved(edit: kinds.MoveClinic, clinics: pd.DataFrame) -> pd.DataFrame:
    latitude, longitude = _point(edit, clinics)
    here = clinics["clinic_id"] == edit.clinic_id
    return clinics.assign(
        latitude=clinics["latitude"].mask(here, latitude), longitude=clinics["longitude"].mask(here, longitude)
    )


def _opened(edit: kinds.OpenClinic, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    _refuse_taken(edit.clinic_id, clinics)
    rows = _services(edit, edit.clinic_id, edit.days, edit.capacity_per_week)
    return _with_rows(clinics, [_site(edit, edit.clinic_id, edit, clinics)]), _with_rows(services, rows)


def _sent_out(edit: kinds.MobileSite, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    days = sum(len(stop.days) for stop in edit.stops)
    sites, rows = [], []
    for number, stop in enumerate(edit.stops):
        clinic_id = stop_id(edit, number)
        _refuse_taken(clinic_id, clinics)
        sites.append(_site(edit, clinic_id, stop, clinics))
        part = None if edit.capacity_per_week is None else edit.capacity_per_week * len(stop.days) / days
        rows += _services(edit, clinic_id, stop.days, part)
    return _with_rows(clinics, sites), _with_rows(services, rows)


def _site(
    edit: kinds.OpenClinic | kinds.MobileSite, clinic_id: str, spot: Spot, clinics: pd.DataFrame
) -> dict[str, Any]:
    latitude, longitude = _point(spot, clinics)
    point = {"latitude": latitude, "longitude": longitude, "location_precision": "rooftop"}
    return {"clinic_id": clinic_id, "name": edit.name, "state": edit.state, **point}


def _services(
    edit: kinds.OpenClinic | kinds.MobileSite, clinic_id: str, days: Sequence[str], capacity: float | None
) -> list[dict[str, Any]]:
    treatments, payers = _known(edit.treatments, TREATMENTS), _known(edit.payers, PAYERS)
    for treatment in treatments if days else ():
        _require_days(treatment, days, clinic_id)
    return [_service(clinic_id, treatment, payers, days, capacity) for treatment in treatments]


def _service(
    clinic_id: str,
    treatment: str,
    payers: Sequence[str],
    days: Sequence[str] = (),
    capacity: float | None = None,
) -> dict[str, Any]:
    return {
        "clinic_id": clinic_id,
        "treatment": treatment,
        "payers_accepted": "|".join(payers),
        "payers_refused": "",
        "capacity_per_week": capacity,
        "source": "scenario",
        "note": f"open on {', '.join(days)}" if days else None,
    }


def _added(edit: kinds.AddTreatment, services: pd.DataFrame) -> pd.DataFrame:
    _known([edit.treatment], TREATMENTS)
    if _given(services, edit.clinic_id, edit.treatment).any():
        raise ScenarioError(f"Clinic {edit.clinic_id} gives {edit.treatment} already; nothing to add.")
    return _with_rows(services, [_service(edit.clinic_id, edit.treatment, _known(edit.payers, PAYERS))])


def _dropped(edit: kinds.DropTreatment, services: pd.DataFrame) -> pd.DataFrame:
    return services[~_require_given(services, edit.clinic_id, edit.treatment, "drop")]


def _certified(edit: kinds.CertifyRems, services: pd.DataFrame) -> pd.DataFrame:
    here = _given(services, edit.clinic_id, edit.treatment)
    if not here.any():
        rows = [_service(edit.clinic_id, edit.treatment, ()) | {"rems_certified": True}]
        return _with_rows(services, rows)
    if services.loc[here, "rems_certified"].fillna(False).any():
        raise ScenarioError(f"Clinic {edit.clinic_id} is certified for esketamine already; nothing to certify.")
    return services.assign(rems_certified=services["rems_certified"].mask(here, True))


def _accepted(edit: kinds.AcceptPayer, services: pd.DataFrame) -> pd.DataFrame:
    _known([edit.payer], PAYERS)
    here = services["clinic_id"] == edit.clinic_id
    if edit.treatment:
        here = _require_given(services, edit.clinic_id, edit.treatment, "accept a payer for")
    takes = services["payers_accepted"].str.split("|").map(lambda payers: edit.payer in payers)
    if (takes | ~here).all():
        raise ScenarioError(f"Clinic {edit.clinic_id} accepts {edit.payer} already; nothing to accept.")
    return services.assign(
        payers_accepted=_cells(services["payers_accepted"], here, lambda payers: payers | {edit.payer}),
        payers_refused=_cells(services["payers_refused"], here, lambda payers: payers - {edit.payer}),
    )


def _cells(
    cells: "pd.Series[str]", here: "pd.Series[bool]", change: Callable[[set[str]], set[str]]
) -> "pd.Series[str]":
    """The lists of payers, changed where `here` holds, in the order of `PAYERS`."""

    def changed(cell: str) -> str:
        payers = change({payer for payer in cell.split("|") if payer})
        return "|".join(payer for payer in PAYERS if payer in payers)

    return cells.where(~here, cells.map(changed)).astype("str")


def _with_capacity(edit: kinds.ChangeCapacity, services: pd.DataFrame) -> pd.DataFrame:
    here = _require_given(services, edit.clinic_id, edit.treatment, "change")
    return services.assign(capacity_per_week=services["capacity_per_week"].mask(here, edit.capacity_per_week))


def _with_hours(edit: kinds.ChangeHours, services: pd.DataFrame) -> pd.DataFrame:
    return _scaled(services, edit.clinic_id, edit.hours_per_week / edit.instead_of)


def _part_week(edit: kinds.PartWeek, services: pd.DataFrame) -> pd.DataFrame:
    here = services["clinic_id"] == edit.clinic_id
    for treatment in services.loc[here, "treatment"].unique():
        _require_days(treatment, edit.days, edit.clinic_id)
    scaled = _scaled(services, edit.clinic_id, min(1.0, len(edit.days) / WORKING_DAYS))
    return scaled.assign(note=scaled["note"].mask(here, f"open on {', '.join(edit.days)}").astype("str"))


def _scaled(services: pd.DataFrame, clinic_id: str, factor: float) -> pd.DataFrame:
    capacity = services["capacity_per_week"]
    here = services["clinic_id"] == clinic_id
    return services.assign(capacity_per_week=capacity.mask(here, capacity * factor))


_CHANGES: Final[dict[type, Callable[[Any, pd.DataFrame], pd.DataFrame]]] = {
    kinds.AddTreatment: _added,
    kinds.DropTreatment: _dropped,
    kinds.CertifyRems: _certified,
    kinds.AcceptPayer: _accepted,
    kinds.ChangeCapacity: _with_capacity,
    kinds.ChangeHours: _with_hours,
    kinds.PartWeek: _part_week,
}


def _point(spot: Spot, clinics: pd.DataFrame) -> tuple[float, float]:
    if spot.at_clinic:
        _require(spot.at_clinic, clinics)
        row = clinics[clinics["clinic_id"] == spot.at_clinic].iloc[0]
        return float(row["latitude"]), float(row["longitude"])
    if spot.latitude is None or spot.longitude is None:
        raise ScenarioError(f"'{spot.town}' has no point yet; give the scenario to settled() first.")
    return spot.latitude, spot.longitude


def _with_rows(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The table and these rows, in its columns and types; what a row does not say is missing."""
    new = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes.to_dict())
    return pd.concat([table, new], ignore_index=True)


def _known(given: Sequence[str], vocabulary: dict[str, str]) -> Sequence[str]:
    unknown = [word for word in given if word not in vocabulary]
    if unknown:
        raise ScenarioError(f"'{unknown[0]}' is not known here; use one of {', '.join(vocabulary)}.")
    if len(set(given)) < len(given):
        raise ScenarioError(f"'{next(one for one in given if given.count(one) > 1)}' is named twice; name it once.")
    return given


def _given(services: pd.DataFrame, clinic_id: str, treatment: str) -> "pd.Series[bool]":
    return (services["clinic_id"] == clinic_id) & (services["treatment"] == treatment)


def _require_given(services: pd.DataFrame, clinic_id: str, treatment: str, to_do: str) -> "pd.Series[bool]":
    here = _given(services, clinic_id, treatment)
    if not here.any():
        raise ScenarioError(f"Clinic {clinic_id} does not give {treatment} in this pack; nothing to {to_do}.")
    return here


def _require_days(treatment: str, days: Sequence[str], clinic_id: str) -> None:
    """Nothing, when so many days hold the fullest week of the treatment's course; of no known course: any will do."""
    regimen = DEFAULT_REGIMENS.get(treatment)
    if regimen and len(set(days)) < regimen.sessions_per_week:
        raise ScenarioError(
            f"{treatment} needs {regimen.sessions_per_week:g} days a week, and {clinic_id} would be open on "
            f"{len(set(days))} ({', '.join(days)}). Give it more days, or leave out the treatment."
        )


def _refuse_taken(clinic_id: str, clinics: pd.DataFrame) -> None:
    if (clinics["clinic_id"] == clinic_id).any():
        raise ScenarioError(f"There is already a clinic {clinic_id}; give the new one another id.")


def _require(clinic_id: str, clinics: pd.DataFrame) -> None:
    ids = clinics["clinic_id"]
    if (ids == clinic_id).any():
        return
    near = difflib.get_close_matches(clinic_id, ids.tolist(), n=3)
    hint = f" Did you mean {', '.join(near)}?" if near else " Find ids with: trd-access find"
    raise ScenarioError(f"There is no clinic {clinic_id} in this pack, or an earlier edit closed it.{hint}")
