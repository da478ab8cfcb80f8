"""Edits applied: clinics and services as they stand after a scenario, and the edits that contradict each other; the
tables given are never changed.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from access.errors import ScenarioError
from access.measures.regimens import DEFAULT_REGIMENS
from access.scenarios import edits as kinds
from access.scenarios.edits import Edit, Spot, clinic_ids_of, edit_line, stop_id
from access.scenarios.scenario import Scenario
from access.vocabulary import PAYERS, TREATMENTS

EditKey = tuple[str, ...]


def refuse_contradictions(edits: Sequence[Edit]) -> None:
    """Nothing, when no edit sets again or undoes what an earlier one set.

    Raises
    ------
    ScenarioError
        Names both edits, counted from 1.
    """
    set_by: dict[EditKey, int] = {}
    for number, edit in enumerate(edits, 1):
        earlier = _edit_contradicted(edit, set_by)
        if earlier:
            raise ScenarioError(
                f"Edit {number} ({edit_line(edit)}) contradicts edit {earlier} ({edit_line(edits[earlier - 1])}); "
                "take one of them out."
            )
        set_by.update(dict.fromkeys(_keys_set(edit), number))


def _edit_contradicted(edit: Edit, set_by: dict[EditKey, int]) -> int | None:
    """The first earlier edit that this one contradicts."""
    clash = {number for key, number in set_by.items() if key in _keys_set(edit)}
    if isinstance(edit, kinds.CloseClinic):
        clash |= {number for (_, about, *_), number in set_by.items() if about == edit.clinic_id}
    if isinstance(edit, kinds.DropTreatment):
        about = (edit.clinic_id, edit.treatment)
        clash |= {number for (_, *rest), number in set_by.items() if tuple(rest[:2]) == about}
    return min(clash, default=None)


def _keys_set(edit: Edit) -> list[EditKey]:
    """What an edit sets: a kind, the clinic, and the treatment and payer where it is about one."""
    match edit:
        case kinds.AddTreatment() | kinds.DropTreatment():
            return [("service", edit.clinic_id, edit.treatment)]
        case kinds.CertifyRems():
            return [("rems", edit.clinic_id, edit.treatment)]
        case kinds.AcceptPayer():
            return [("payer", edit.clinic_id, edit.treatment, edit.payer)]
        case kinds.ChangeCapacity():
            return [("capacity", edit.clinic_id, edit.treatment)]
        case kinds.RideProgram():
            return [("ride", edit.name)]
        case kinds.OpenClinic() | kinds.MobileSite():
            return [("site", clinic_id) for clinic_id in clinic_ids_of(edit)]
        case _:
            return [(edit.action, edit.clinic_id)]


Tables = tuple[pd.DataFrame, pd.DataFrame]
WORKING_DAYS: Final = 5


@dataclass(frozen=True, eq=False)
class AppliedScenario:
    """A scenario with the clinics and services as they stand after it; `misfits`: why edits were left out of it."""

    scenario: Scenario
    clinics: pd.DataFrame
    services: pd.DataFrame
    misfits: tuple[str, ...] = ()

    @property
    def tables(self) -> Tables:
        """The clinics and services after it."""
        return self.clinics, self.services


def apply_scenario(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> AppliedScenario:
    """`clinics` and `services` as they stand after every edit, made in order; the tables given are not changed.

    Raises
    ------
    ScenarioError
        An edit names a clinic or treatment that is not there, opens an id that is, or contradicts an earlier
        one; says which edit, counted from 1.
    """
    refuse_contradictions(scenario.edits)
    tables = (clinics, services)
    for number, edit in enumerate(scenario.edits, 1):
        try:
            tables = _apply_edit(edit, *tables)
        except ScenarioError as failure:
            raise ScenarioError(f"Edit {number} ({kinds.edit_line(edit)}): {failure}") from None
    return AppliedScenario(scenario, *tables)


def fit_scenario(scenario: Scenario, clinics: pd.DataFrame, services: pd.DataFrame) -> AppliedScenario:
    """The edits that can be made on these tables, applied in order, and one sentence for each that cannot."""
    kept: list[Edit] = []
    misfits: list[str] = []
    tables = (clinics, services)
    for edit in scenario.edits:
        try:
            refuse_contradictions((*kept, edit))
            tables = _apply_edit(edit, *tables)
        except ScenarioError as failure:
            misfits.append(str(failure))
        else:
            kept.append(edit)
    return AppliedScenario(scenario.model_copy(update={"edits": tuple(kept)}), *tables, tuple(misfits))


def _apply_edit(edit: Edit, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    if isinstance(edit, kinds.OpenClinic):
        return _open_clinic(edit, clinics, services)
    if isinstance(edit, kinds.MobileSite):
        return _open_mobile_site(edit, clinics, services)
    if isinstance(edit, kinds.RideProgram):
        _require_known(edit.treatments, TREATMENTS)
        for clinic_id in edit.clinic_ids:
            _require_clinic(clinic_id, clinics)
        return clinics, services
    _require_clinic(edit.clinic_id, clinics)
    if isinstance(edit, kinds.CloseClinic):
        return tuple(table[table["clinic_id"] != edit.clinic_id] for table in (clinics, services))  # type: ignore[return-value]
    if isinstance(edit, kinds.MoveClinic):
        return _move_clinic(edit, clinics), services
    return clinics, _SERVICE_CHANGES[type(edit)](edit, services)


def _move_clinic(edit: kinds.MoveClinic, clinics: pd.DataFrame) -> pd.DataFrame:
    latitude, longitude = _point_of(edit, clinics)
    here = clinics["clinic_id"] == edit.clinic_id
    return clinics.assign(
        latitude=clinics["latitude"].mask(here, latitude), longitude=clinics["longitude"].mask(here, longitude)
    )


def _open_clinic(edit: kinds.OpenClinic, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    _refuse_taken_id(edit.clinic_id, clinics)
    rows = _service_rows(edit, edit.clinic_id, edit.days, edit.capacity_per_week)
    return _add_rows(clinics, [_clinic_row(edit, edit.clinic_id, edit, clinics)]), _add_rows(services, rows)


def _open_mobile_site(edit: kinds.MobileSite, clinics: pd.DataFrame, services: pd.DataFrame) -> Tables:
    days = sum(len(stop.days) for stop in edit.stops)
    sites = []
    rows = []
    for number, stop in enumerate(edit.stops):
        clinic_id = stop_id(edit, number)
        _refuse_taken_id(clinic_id, clinics)
        sites.append(_clinic_row(edit, clinic_id, stop, clinics))
        part = None if edit.capacity_per_week is None else edit.capacity_per_week * len(stop.days) / days
        rows += _service_rows(edit, clinic_id, stop.days, part)
    return _add_rows(clinics, sites), _add_rows(services, rows)


def _clinic_row(
    edit: kinds.OpenClinic | kinds.MobileSite, clinic_id: str, spot: Spot, clinics: pd.DataFrame
) -> dict[str, Any]:
    latitude, longitude = _point_of(spot, clinics)
    point = {"latitude": latitude, "longitude": longitude, "location_precision": "rooftop"}
    return {"clinic_id": clinic_id, "name": edit.name, "state": edit.state, **point}


def _service_rows(
    edit: kinds.OpenClinic | kinds.MobileSite, clinic_id: str, days: Sequence[str], capacity: float | None
) -> list[dict[str, Any]]:
    treatments = _require_known(edit.treatments, TREATMENTS)
    payers = _require_known(edit.payers, PAYERS)
    for treatment in treatments if days else ():
        _require_days(treatment, days, clinic_id)
    return [_service_row(clinic_id, treatment, payers, days, capacity) for treatment in treatments]


def _service_row(
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


def _add_treatment(edit: kinds.AddTreatment, services: pd.DataFrame) -> pd.DataFrame:
    _require_known([edit.treatment], TREATMENTS)
    if _is_given(services, edit.clinic_id, edit.treatment).any():
        raise ScenarioError(f"Clinic {edit.clinic_id} gives {edit.treatment} already; nothing to add.")
    return _add_rows(services, [_service_row(edit.clinic_id, edit.treatment, _require_known(edit.payers, PAYERS))])


def _drop_treatment(edit: kinds.DropTreatment, services: pd.DataFrame) -> pd.DataFrame:
    return services[~_require_given(services, edit.clinic_id, edit.treatment, "drop")]


def _certify_rems(edit: kinds.CertifyRems, services: pd.DataFrame) -> pd.DataFrame:
    here = _is_given(services, edit.clinic_id, edit.treatment)
    if not here.any():
        rows = [_service_row(edit.clinic_id, edit.treatment, ()) | {"rems_certified": True}]
        return _add_rows(services, rows)
    if services.loc[here, "rems_certified"].fillna(False).any():
        raise ScenarioError(f"Clinic {edit.clinic_id} is certified for esketamine already; nothing to certify.")
    return services.assign(rems_certified=services["rems_certified"].mask(here, True))


def _accept_payer(edit: kinds.AcceptPayer, services: pd.DataFrame) -> pd.DataFrame:
    _require_known([edit.payer], PAYERS)
    here = services["clinic_id"] == edit.clinic_id
    if edit.treatment:
        here = _require_given(services, edit.clinic_id, edit.treatment, "accept a payer for")
    takes = services["payers_accepted"].str.split("|").map(lambda payers: edit.payer in payers)
    if (takes | ~here).all():
        raise ScenarioError(f"Clinic {edit.clinic_id} accepts {edit.payer} already; nothing to accept.")
    return services.assign(
        payers_accepted=_change_payer_lists(services["payers_accepted"], here, lambda payers: payers | {edit.payer}),
        payers_refused=_change_payer_lists(services["payers_refused"], here, lambda payers: payers - {edit.payer}),
    )


def _change_payer_lists(
    cells: "pd.Series[str]", here: "pd.Series[bool]", change: Callable[[set[str]], set[str]]
) -> "pd.Series[str]":
    """The lists of payers, changed where `here` holds, in the order of `PAYERS`."""

    def change_cell(cell: str) -> str:
        payers = change({payer for payer in cell.split("|") if payer})
        return "|".join(payer for payer in PAYERS if payer in payers)

    return cells.where(~here, cells.map(change_cell)).astype("str")


def _change_capacity(edit: kinds.ChangeCapacity, services: pd.DataFrame) -> pd.DataFrame:
    here = _require_given(services, edit.clinic_id, edit.treatment, "change")
    return services.assign(capacity_per_week=services["capacity_per_week"].mask(here, edit.capacity_per_week))


def _change_hours(edit: kinds.ChangeHours, services: pd.DataFrame) -> pd.DataFrame:
    return _scale_capacity(services, edit.clinic_id, edit.hours_per_week / edit.instead_of)


def _open_part_week(edit: kinds.PartWeek, services: pd.DataFrame) -> pd.DataFrame:
    here = services["clinic_id"] == edit.clinic_id
    for treatment in services.loc[here, "treatment"].unique():
        _require_days(treatment, edit.days, edit.clinic_id)
    scaled = _scale_capacity(services, edit.clinic_id, min(1.0, len(edit.days) / WORKING_DAYS))
    return scaled.assign(note=scaled["note"].mask(here, f"open on {', '.join(edit.days)}").astype("str"))


def _scale_capacity(services: pd.DataFrame, clinic_id: str, factor: float) -> pd.DataFrame:
    capacity = services["capacity_per_week"]
    here = services["clinic_id"] == clinic_id
    return services.assign(capacity_per_week=capacity.mask(here, capacity * factor))


_SERVICE_CHANGES: Final[dict[type, Callable[[Any, pd.DataFrame], pd.DataFrame]]] = {
    kinds.AddTreatment: _add_treatment,
    kinds.DropTreatment: _drop_treatment,
    kinds.CertifyRems: _certify_rems,
    kinds.AcceptPayer: _accept_payer,
    kinds.ChangeCapacity: _change_capacity,
    kinds.ChangeHours: _change_hours,
    kinds.PartWeek: _open_part_week,
}


def _point_of(spot: Spot, clinics: pd.DataFrame) -> tuple[float, float]:
    if spot.at_clinic:
        _require_clinic(spot.at_clinic, clinics)
        row = clinics[clinics["clinic_id"] == spot.at_clinic].iloc[0]
        return float(row["latitude"]), float(row["longitude"])
    if spot.latitude is None or spot.longitude is None:
        raise ScenarioError(f"'{spot.town}' has no point yet; give the scenario to locate_towns() first.")
    return spot.latitude, spot.longitude


def _add_rows(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The table and these rows, in its columns and types; what a row does not say is missing."""
    new = pd.DataFrame(rows).reindex(columns=table.columns).astype(table.dtypes.to_dict())
    return pd.concat([table, new], ignore_index=True)


def _require_known(given: Sequence[str], vocabulary: dict[str, str]) -> Sequence[str]:
    unknown = [word for word in given if word not in vocabulary]
    if unknown:
        raise ScenarioError(f"'{unknown[0]}' is not known here; use one of {', '.join(vocabulary)}.")
    if len(set(given)) < len(given):
        raise ScenarioError(f"'{next(one for one in given if given.count(one) > 1)}' is named twice; name it once.")
    return given


def _is_given(services: pd.DataFrame, clinic_id: str, treatment: str) -> "pd.Series[bool]":
    return (services["clinic_id"] == clinic_id) & (services["treatment"] == treatment)


def _require_given(services: pd.DataFrame, clinic_id: str, treatment: str, to_do: str) -> "pd.Series[bool]":
    here = _is_given(services, clinic_id, treatment)
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


def _refuse_taken_id(clinic_id: str, clinics: pd.DataFrame) -> None:
    if (clinics["clinic_id"] == clinic_id).any():
        raise ScenarioError(f"There is already a clinic {clinic_id}; give the new one another id.")


def _require_clinic(clinic_id: str, clinics: pd.DataFrame) -> None:
    ids = clinics["clinic_id"]
    if (ids == clinic_id).any():
        return
    near = difflib.get_close_matches(clinic_id, ids.tolist(), n=3)
    hint = f" Did you mean {', '.join(near)}?" if near else " Find ids with: trd-access find"
    raise ScenarioError(f"There is no clinic {clinic_id} in this pack, or an earlier edit closed it.{hint}")
