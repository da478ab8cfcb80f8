"""Which clinics give a treatment and take a payer; what nobody stated stays not stated."""

from collections.abc import Sequence

import pandas as pd

from access.vocabulary import PAYERS

STATED = "stated"
REFUSED = "refused"
NOT_STATED = "not_stated"


def clinics_offering(services: pd.DataFrame, treatments: Sequence[str]) -> list[str]:
    """The ids of clinics that give any of these treatments, each once, in the order of `services`.

    `treatments` empty: clinics that give anything at all.
    """
    chosen = services[services["treatment"].isin(list(treatments))] if treatments else services
    return chosen["clinic_id"].drop_duplicates().tolist()


def payer_answer(services: pd.DataFrame, payer: str, *, by: Sequence[str] = ("clinic_id",)) -> pd.Series:
    """What the sources say of `payer` at each clinic: "stated" (accepted), "refused" or "not_stated".

    One source that states acceptance is enough; only a clinic that every speaking source says refuses is refused.

    Parameters
    ----------
    by: the columns that make one answer; with `treatment` beside `clinic_id`, one for each treatment at each clinic.

    Returns
    -------
    pd.Series
        Text indexed by `by`, one row for each that is in `services`.
    """
    accepted = services["payers_accepted"].str.split("|").map(lambda payers: payer in payers)
    refused = services["payers_refused"].str.split("|").map(lambda payers: payer in payers)
    by_clinic = pd.DataFrame({"accepted": accepted, "refused": refused}).groupby([services[key] for key in by]).any()
    answer = pd.Series(NOT_STATED, index=by_clinic.index, name="answer", dtype="str")
    answer[by_clinic["refused"]] = REFUSED
    answer[by_clinic["accepted"]] = STATED
    return answer


def payers_of(
    services: pd.DataFrame, column: str = "payers_accepted", *, by: Sequence[str] = ("clinic_id",)
) -> pd.Series:
    """The payers that any source names for each clinic (or `by` other columns), joined by |, in the order of `PAYERS`.

    "": none is named.
    """

    def union(cells: pd.Series) -> str:
        named = {payer for cell in cells for payer in cell.split("|")}
        return "|".join(payer for payer in PAYERS if payer in named)

    return services.groupby(list(by))[column].agg(union).astype("str")
