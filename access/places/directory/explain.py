"""Why a clinic is as it is: every record that it is made of, by which rule, what each offers, and who decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import PackError, PlaceError
from access.places.directory.corrections import Correction, read_corrections
from access.places.directory.decisions import Decision, read_decisions, shipped_decisions
from access.places.directory.records import read_records
from access.places.pack import load_pack, pack_folder
from access.vocabulary import SOURCES

RULE_WORDS: Final[Mapping[str, str]] = {
    "street_and_name": "the same street address, and names that agree",
    "street_and_phone": "the same street address and telephone number",
    "street_and_first_words": "the same street address, and the same first three words of the name or more",
    "street_and_institution": "the same street address, and a hospital or university of the same name",
    "street_and_name_nearby": "the same street address told by two near towns, and names that agree",
    "whole_name_in_town": "the same whole name in one town; a street is not known",
    "leading_name_in_town": "the same leading name in one town; a street is not known",
    "own_name_in_town": "the same own name of one kind of institution in one town; a street is not known",
    "phone_and_name": "the same telephone number, and names that agree; a street is not known",
    "name_and_treatment_in_town": "the same name in one town, once with its treatment; a street is not known",
    "va_in_town": "both are of the VA in one town; a street is not known",
    "whole_name_nearby": "the same whole name, near by; a street is not known",
    "decision": "a person of this machine decided so",
}
_RECORD_COLUMNS: Final = [
    "clinic_id", "source", "name", "address", "city", "state", "zip", "phone", "website", "location_precision", "url",
    "first_seen", "last_seen", "missing_since",
]  # fmt: skip
_JOIN_COLUMNS: Final = ["record_id", "joined_to", "rule", "name_score", "km", "same_phone", "same_website"]


@dataclass(frozen=True)
class ClinicExplanation:
    """`records`: one row per record, the first giving the name; `rule`, in words, joined it to `joined_to`.

    `services`: what each record offers. `conflicts`: where records disagree. `corrections`, `decisions`: of people.
    """

    clinic_id: str
    records: pd.DataFrame
    services: pd.DataFrame
    conflicts: pd.DataFrame
    corrections: list[Correction]
    decisions: list[Decision]


def explain_clinic(clinic_id: str, name: str | None = None) -> ClinicExplanation:
    """Where the facts of a clinic of that pack (none: the default one) come from; `clinic_id` may be a record's.

    Raises
    ------
    PlaceError
        There is no such clinic or record.
    PackError
        There is no such pack, or a file of it is damaged.
    """
    pack = load_pack(name, as_built=True)
    folder = pack_folder(pack.name)
    kept = read_records(folder, pack).listings
    clinics = kept.clinics
    own = clinics.loc[clinics["clinic_id"].eq(clinic_id), "site"].dropna()
    site = str(own.iloc[0]) if len(own) and clinic_id not in set(clinics["site"]) else clinic_id
    here = clinics[clinics["site"].eq(site)]
    if here.empty:
        raise PlaceError(f"There is no clinic '{clinic_id}' in this pack. Look it up with: trd-access find --json")
    ids = set(here["clinic_id"])
    return ClinicExplanation(
        clinic_id=site,
        records=_add_rules(here, _read_report(folder, "joins", _JOIN_COLUMNS)),
        services=kept.services[kept.services["clinic_id"].isin(ids)].rename(columns={"clinic_id": "record_id"}),
        conflicts=_read_report(folder, "conflicts", ["clinic_id", "field", "kept", "other", "other_id"]).query(
            "clinic_id == @site"
        ),
        corrections=[one for one in read_corrections() if one.clinic_id == site],
        decisions=[one for one in (*shipped_decisions(), *read_decisions()) if {one.one, one.other} & ids],
    )


def _add_rules(records: pd.DataFrame, joins: pd.DataFrame) -> pd.DataFrame:
    """By trust: the order in which records give facts."""
    ranks = {source: rank for rank, source in enumerate(SOURCES)}
    ordered = records.assign(rank=records["source"].map(ranks)).sort_values(["rank", "clinic_id"], kind="stable")
    told = ordered[_RECORD_COLUMNS].rename(columns={"clinic_id": "record_id"})
    joined = told.merge(joins, on="record_id", how="left", validate="1:1")
    return joined.assign(rule=joined["rule"].map(lambda rule: RULE_WORDS.get(rule, rule), na_action="ignore"))


def _read_report(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """A report that lies beside a pack; where there is none, without rows."""
    path = folder / f"{name}.csv"
    try:
        table = pd.read_csv(path, dtype="str") if path.is_file() else pd.DataFrame(columns=columns, dtype="str")
        return table[columns]
    except (OSError, ValueError, KeyError) as failure:
        raise PackError(f"{path} is damaged and cannot be read. Build the pack again (trd-access data build).") from (
            failure
        )
