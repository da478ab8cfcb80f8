"""Clinics from several sources as one list: each physical site once, every source's word kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from access.errors import TableError
from access.places.matching import phone_of, records, street_of, words_of
from access.places.sites import possible_pairs, sites
from access.tables import CLINICS, SERVICES, check
from access.vocabulary import PAYERS, PRECISIONS

_PLACED: Final = ["latitude", "longitude", "location_precision"]
_SERVICE_KEY: Final = ["clinic_id", "treatment", "source"]
_COMPARED: Final[dict[str, Callable[[str], object]]] = {
    "name": words_of,
    "address": street_of,
    "phone": phone_of,
    "website": lambda text: text.lower().removeprefix("www.").rstrip("/"),
    "setting": str,
    "telehealth": str,
    "speaks_spanish": str,
}


@dataclass(frozen=True)
class Merged:
    """Several lists as one.

    `clinics`, `services`: as `access.tables`. `kept_id`: of each clinic id that went in, the id it has now.
    `conflicts`: `clinic_id`, `field`, `kept`, `other`, `other_id`: where the records of a site disagree.
    `possible`: `clinic_id`, `other_id`: two sites that may be one, for a person to look at.
    """

    clinics: pd.DataFrame
    services: pd.DataFrame
    kept_id: "pd.Series[str]"
    conflicts: pd.DataFrame
    possible: pd.DataFrame


def merge_clinics(lists: Sequence[tuple[pd.DataFrame, pd.DataFrame]]) -> Merged:
    """One row per physical site, from lists of (clinics, services), the most trusted list first.

    The first record of a site gives its id and its facts; the others fill what it lacks; the best
    `location_precision` gives its point. Each source keeps its own service rows; several rows of one source
    for one treatment at one site become one, where a payer both accepted and refused is unknown.

    Raises
    ------
    TableError: a table breaks its contract, or a clinic id is in two lists.
    """
    clinics = _stacked([check(table, CLINICS, where=f"clinic list {n}") for n, (table, _) in enumerate(lists, 1)])
    services = _stacked([check(table, SERVICES, where=f"service list {n}") for n, (_, table) in enumerate(lists, 1)])
    _refuse_repeated(clinics)
    known = records(clinics)
    site = sites(known)
    ids = clinics["clinic_id"]
    kept_id = pd.Series(ids.iloc[site].to_numpy(), index=ids.to_numpy(), name="kept_id", dtype="str")
    possible = [(ids.iloc[one], ids.iloc[other]) for one, other in possible_pairs(known, site)]
    return Merged(
        clinics=check(_one_row_per_site(clinics, kept_id), CLINICS, where="the merged clinics"),
        services=check(_one_row_per_source(services, kept_id), SERVICES, where="the merged services"),
        kept_id=kept_id,
        conflicts=_conflicts(clinics, kept_id),
        possible=pd.DataFrame(possible, columns=["clinic_id", "other_id"], dtype="str"),
    )


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def _refuse_repeated(clinics: pd.DataFrame) -> None:
    repeated = clinics.loc[clinics["clinic_id"].duplicated(), "clinic_id"]
    if len(repeated):
        raise TableError(
            f"{len(repeated)} clinic ids are in more than one list, the first is '{repeated.iloc[0]}'. "
            "Give each list ids of its own."
        )


def _one_row_per_site(clinics: pd.DataFrame, kept_id: "pd.Series[str]") -> pd.DataFrame:
    own = kept_id.loc[clinics["clinic_id"]].to_numpy()
    facts = clinics.groupby(own, sort=False).first().drop(columns=_PLACED)
    rank = clinics["location_precision"].map({word: place for place, word in enumerate(PRECISIONS)})
    best = clinics.assign(site=own, rank=rank).sort_values("rank", kind="stable").drop_duplicates("site")
    return facts.join(best.set_index("site")[_PLACED], validate="1:1")


def _one_row_per_source(services: pd.DataFrame, kept_id: "pd.Series[str]") -> pd.DataFrame:
    moved = services.assign(clinic_id=services["clinic_id"].map(kept_id))
    if moved["clinic_id"].isna().any():
        lost = services.loc[moved["clinic_id"].isna(), "clinic_id"]
        raise TableError(
            f"{len(lost)} services are of clinics that are in no list, the first is '{lost.iloc[0]}'. "
            "Add the clinic, or leave out the service."
        )
    several = moved.duplicated(_SERVICE_KEY, keep=False)
    if not several.any():
        return moved
    joined = [_as_one(rows) for _, rows in moved[several].groupby(_SERVICE_KEY, sort=False)]
    return pd.concat([moved[~several], pd.concat(joined)]).sort_index()


def _as_one(rows: pd.DataFrame) -> pd.DataFrame:
    accepted, refused = _payers(rows["payers_accepted"]), _payers(rows["payers_refused"])
    notes = rows["note"].dropna().drop_duplicates()
    one = rows.bfill().head(1)
    return one.assign(
        payers_accepted="|".join(payer for payer in PAYERS if payer in accepted - refused),
        payers_refused="|".join(payer for payer in PAYERS if payer in refused - accepted),
        seen_date=rows["seen_date"].max(),
        checked_on=rows["checked_on"].max(),
        note="; ".join(notes) if len(notes) else None,
    )


def _payers(cells: "pd.Series[str]") -> set[str]:
    return {payer for cell in cells for payer in cell.split("|") if payer}


def _conflicts(clinics: pd.DataFrame, kept_id: "pd.Series[str]") -> pd.DataFrame:
    """What the later records of a site say otherwise than its first."""
    facts = clinics.set_index("clinic_id")[list(_COMPARED)].astype("object")
    texts = facts.where(facts.notna(), "")
    rows = []
    for other_id, clinic_id in kept_id[kept_id != kept_id.index].items():
        for field, form in _COMPARED.items():
            kept, other = str(texts.at[clinic_id, field]), str(texts.at[other_id, field])
            if kept and other and form(kept) != form(other):
                rows.append((clinic_id, field, kept, other, other_id))
    return pd.DataFrame(rows, columns=["clinic_id", "field", "kept", "other", "other_id"], dtype="str")
