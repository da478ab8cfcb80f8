"""Clinics from several sources as one list: each physical site once, every source's word kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from access.errors import TableError
from access.places.directory.decisions import pairs_of_decisions
from access.places.directory.match import Record, km_between, name_score, records_of
from access.places.directory.sites import Partition, group_records, possible_pairs
from access.places.directory.spelling import phone_of, street_of, words_of
from access.tables import CLINICS, SERVICES, check_table, stack_tables
from access.vocabulary import PAYERS, PRECISIONS

_POINT_COLUMNS: Final = ["latitude", "longitude", "location_precision"]
_SERVICE_KEY: Final = ["clinic_id", "treatment", "source"]
_JOIN_COLUMNS: Final = {
    **dict.fromkeys(["record_id", "clinic_id", "joined_to", "rule"], "str"),
    **dict.fromkeys(["name_score", "km"], "float64"),
    **dict.fromkeys(["same_phone", "same_website"], "bool"),
}
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
class MergedClinics:
    """Several lists as one.

    `clinics`, `services`: as `access.tables`. `kept_id`: of each clinic id that went in, the id it has now.
    `conflicts`: `clinic_id`, `field`, `kept`, `other`, `other_id`: where the records of a site disagree.
    `possible`: `clinic_id`, `other_id`: two sites that may be one, for a person to look at.
    `joins`: why a record is of a site: `record_id`, `clinic_id`, `joined_to`, `rule`, `name_score` (0 to 1),
    `km` (NaN: a point is not known), `same_phone`, `same_website` (False also where one is not known).
    """

    clinics: pd.DataFrame
    services: pd.DataFrame
    kept_id: "pd.Series[str]"
    conflicts: pd.DataFrame
    possible: pd.DataFrame
    joins: pd.DataFrame


def merge_clinics(
    lists: Sequence[tuple[pd.DataFrame, pd.DataFrame]],
    *,
    confirming: Sequence[pd.DataFrame] = (),
    decisions: pd.DataFrame | None = None,
) -> MergedClinics:
    """One row per physical site, from lists of (clinics, services), the most trusted list first.

    The first record of a site (of its most trusted list, that with the least id) gives its id and its
    facts; the others fill what it lacks; the best `location_precision` gives its point. Each source keeps
    its own service rows; several rows of one source for one treatment at one site become one, where a payer
    both accepted and refused is unknown. The order of a list's rows decides only the order of the result.

    Parameters
    ----------
    confirming: clinics, with or without a point, that only join a site that is there, if they fit just one;
        those that fit none or several are not in `kept_id`.
    decisions: `one`, `other` (ids), `same` (bool): a person's word, which the rules never overturn.

    Raises
    ------
    TableError
        A table breaks its contract, a clinic id is in two lists, or decisions contradict each other.
    """
    tables = [check_table(table, CLINICS, where=f"clinic list {n}") for n, (table, _) in enumerate(lists, 1)]
    services = stack_tables(
        [check_table(table, SERVICES, where=f"service list {n}") for n, (_, table) in enumerate(lists, 1)]
    )
    given = stack_tables(tables)["clinic_id"]
    clinics = stack_tables([_sort_by_id(table) for table in (*tables, *map(_check_all_but_points, confirming))])
    _refuse_repeated(clinics)
    known = records_of(clinics)
    ids = clinics["clinic_id"]
    parted = group_records(known, len(given), pairs_of_decisions(decisions, ids))
    is_kept = np.array(parted.first) < len(given)
    kept_id = pd.Series(ids.iloc[parted.first].to_numpy(), index=ids.to_numpy(), name="kept_id", dtype="str")[is_kept]
    possible = [(ids.iloc[one], ids.iloc[other]) for one, other in possible_pairs(known, parted, len(given))]
    rows = _one_row_per_site(clinics[is_kept], kept_id).set_index("clinic_id", drop=False)
    in_order = rows.loc[given[given.isin(rows.index)]].reset_index(drop=True)
    return MergedClinics(
        clinics=check_table(in_order, CLINICS, where="the merged clinics"),
        services=check_table(_one_row_per_source(services, kept_id), SERVICES, where="the merged services"),
        kept_id=kept_id,
        conflicts=_conflicts(clinics, kept_id),
        possible=pd.DataFrame(possible, columns=["clinic_id", "other_id"], dtype="str"),
        joins=_join_table(known, parted, ids, len(given)),
    )


def _check_all_but_points(table: pd.DataFrame) -> pd.DataFrame:
    """The table, which keeps its contract in all but the points that it may lack."""
    table = table.reindex(columns=list(dict.fromkeys([*table.columns, *_POINT_COLUMNS])))
    lacks = table["latitude"].isna() | table["longitude"].isna()
    shown = table.astype({"latitude": "float64", "longitude": "float64"})
    shown.loc[lacks, ["latitude", "longitude"]] = 0.0
    shown["location_precision"] = shown["location_precision"].astype("object").mask(lacks, PRECISIONS[-1])
    checked = check_table(shown, CLINICS, where="a confirming list")
    checked.loc[lacks.to_numpy(), ["latitude", "longitude"]] = float("nan")
    checked["location_precision"] = checked["location_precision"].mask(lacks.to_numpy())
    return checked


def _sort_by_id(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("clinic_id", kind="stable")


def _join_table(known: Sequence[Record], parted: Partition, ids: "pd.Series[str]", listed: int) -> pd.DataFrame:
    rows = []
    for number, to, rule in parted.joins():
        if parted.first[number] < listed:
            one = known[number]
            other = known[to]
            rows.append({
                "record_id": ids.iloc[number],
                "clinic_id": ids.iloc[parted.first[number]],
                "joined_to": ids.iloc[to],
                "rule": rule,
                "name_score": name_score(one, other),
                "km": km_between(one, other),
                "same_phone": one.phone != "" and one.phone == other.phone,
                "same_website": one.domain != "" and one.domain == other.domain,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(_JOIN_COLUMNS)).astype(_JOIN_COLUMNS)


def _refuse_repeated(clinics: pd.DataFrame) -> None:
    repeated = clinics.loc[clinics["clinic_id"].duplicated(), "clinic_id"]
    if len(repeated):
        raise TableError(
            f"{len(repeated)} clinic ids are in more than one list, the first is '{repeated.iloc[0]}'. "
            "Give each list ids of its own."
        )


def _one_row_per_site(clinics: pd.DataFrame, kept_id: "pd.Series[str]") -> pd.DataFrame:
    own = kept_id.loc[clinics["clinic_id"]].to_numpy()
    facts = clinics.groupby(own, sort=False).first().drop(columns=_POINT_COLUMNS)
    rank = clinics["location_precision"].map({word: place for place, word in enumerate(PRECISIONS)})
    best = clinics.assign(site=own, rank=rank).sort_values("rank", kind="stable").drop_duplicates("site")
    return facts.join(best.set_index("site")[_POINT_COLUMNS], validate="1:1")


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
    joined = [_merge_rows(rows) for _, rows in moved[several].groupby(_SERVICE_KEY, sort=False)]
    return pd.concat([moved[~several], pd.concat(joined)]).sort_index()


def _merge_rows(rows: pd.DataFrame) -> pd.DataFrame:
    accepted = _payers_in(rows["payers_accepted"])
    refused = _payers_in(rows["payers_refused"])
    notes = rows["note"].dropna().drop_duplicates()
    still = rows[rows["missing_since"].isna()] if "missing_since" in rows else rows
    one = (still if len(still) else rows).bfill().head(1)
    return one.assign(
        payers_accepted="|".join(payer for payer in PAYERS if payer in accepted - refused),
        payers_refused="|".join(payer for payer in PAYERS if payer in refused - accepted),
        seen_date=rows["seen_date"].max(),
        checked_on=rows["checked_on"].max(),
        note="; ".join(notes) if len(notes) else None,
    )


def _payers_in(cells: "pd.Series[str]") -> set[str]:
    return {payer for cell in cells for payer in cell.split("|") if payer}


def _conflicts(clinics: pd.DataFrame, kept_id: "pd.Series[str]") -> pd.DataFrame:
    """What the later records of a site say otherwise than its first."""
    facts = clinics.set_index("clinic_id")[list(_COMPARED)].astype("object")
    texts = facts.where(facts.notna(), "")
    rows = []
    for other_id, clinic_id in kept_id[kept_id != kept_id.index].items():
        for field, form in _COMPARED.items():
            kept = str(texts.at[clinic_id, field])
            other = str(texts.at[other_id, field])
            if kept and other and form(kept) != form(other):
                rows.append((clinic_id, field, kept, other, other_id))
    return pd.DataFrame(rows, columns=["clinic_id", "field", "kept", "other", "other_id"], dtype="str")
