"""Edits that contradict each other: the same thing set twice, or undone by a later edit."""

from collections.abc import Sequence

from access.errors import ScenarioError
from access.scenarios import edits as kinds
from access.scenarios.edits import Edit, names_of, said

Key = tuple[str, ...]


def refuse_contradictions(edits: Sequence[Edit]) -> None:
    """Nothing, when no edit sets again or undoes what an earlier one set.

    Raises
    ------
    ScenarioError: names both edits, counted from 1.
    """
    set_by: dict[Key, int] = {}
    for number, edit in enumerate(edits, 1):
        earlier = _undone(edit, set_by)
        if earlier:
            raise ScenarioError(
                f"Edit {number} ({said(edit)}) contradicts edit {earlier} ({said(edits[earlier - 1])}); "
                "take one of them out."
            )
        set_by.update(dict.fromkeys(_sets(edit), number))


def _undone(edit: Edit, set_by: dict[Key, int]) -> int | None:
    """The first earlier edit that this one contradicts."""
    clash = {number for key, number in set_by.items() if key in _sets(edit)}
    if isinstance(edit, kinds.CloseClinic):
        clash |= {number for (_, about, *_), number in set_by.items() if about == edit.clinic_id}
    if isinstance(edit, kinds.DropTreatment):
        about = (edit.clinic_id, edit.treatment)
        clash |= {number for (_, *rest), number in set_by.items() if tuple(rest[:2]) == about}
    return min(clash, default=None)


def _sets(edit: Edit) -> list[Key]:
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
        case kinds.RideProgramme():
            return [("ride", edit.name)]
        case kinds.OpenClinic() | kinds.MobileSite():
            return [("site", clinic_id) for clinic_id in names_of(edit)]
        case _:
            return [(edit.action, edit.clinic_id)]
