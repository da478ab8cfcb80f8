"""One source read again: its records as they are now, what has left it marked, and what is different."""

from collections.abc import Collection, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from access.errors import SourceError
from access.geo import great_circle_km
from access.places.directory.records import Listings
from access.sources.source_list import SourceList
from access.tables import CHANGES, CLINICS, LISTINGS, SERVICES, conform_table, stack_tables
from access.vocabulary import SOURCES, STATES

_POINT: Final = ("latitude", "longitude", "location_precision")
_COMPARED: Final = [name for name in CLINICS.columns if name not in ("clinic_id", *_POINT)]
_PAYERS: Final = ["payers_accepted", "payers_refused"]
_MOVED_KM: Final = 0.1
# A source that has lost more than half of so many records is more likely broken than right.
_FEW: Final = 20


def update_listings(
    kept: Listings,
    source: str,
    got: SourceList,
    *,
    day: str,
    states: Collection[str] | None,
    is_whole: bool = True,
    accept_loss: bool = False,
) -> tuple[Listings, pd.DataFrame]:
    """The listings with those of one source as it has them on `day`, and what has changed, as CHANGES.

    A record, or a treatment of one, that the source no longer has stays, marked by the day it was missed first.

    Parameters
    ----------
    states: those that the source was asked for; records elsewhere stay as they are. None: everywhere.
    is_whole: whether it is all that the source has; if not, records that are not in it stay as they are.
    accept_loss: take the source's word even where it has lost more than half of its records.

    Raises
    ------
    SourceError
        It has lost so many, and that is not accepted.
    """
    before = kept.of_source(source)
    is_asked = before.clinics["clinic_id"].isin(got.clinics["clinic_id"])
    if is_whole:
        is_asked |= before.clinics["state"].isin(list(STATES if states is None else states))
    asked = before.where(is_asked)
    elsewhere = before.where(~is_asked)
    now = _listings_now(got, source, asked, day)
    gone = asked.where(~asked.clinics["clinic_id"].isin(now.clinics["clinic_id"]))
    newly = gone.clinics["missing_since"].isna()
    present = int(asked.clinics["missing_since"].isna().sum())
    if not accept_loss and present >= _FEW and 2 * int(newly.sum()) > present:
        raise SourceError(
            f"{SOURCES[source]} no longer has {int(newly.sum()):,} of {present:,} records, so it is more likely broken "
            "than right; its last records stay. If it is right, ask again with --accept-loss."
        )
    others = kept.where(kept.clinics["source"].ne(source))
    whole = _stack_listings([others, elsewhere, now, _mark_gone(gone, day)])
    return whole, _change_table(asked, now, gone.where(newly), source, day)


def _stack_listings(parts: list[Listings]) -> Listings:
    return Listings(stack_tables([part.clinics for part in parts]), stack_tables([part.services for part in parts]))


def _listings_now(got: SourceList, source: str, asked: Listings, day: str) -> Listings:
    """What came, with the first day of each record, its site, and the treatments that it offers no longer."""
    former = asked.clinics.set_index("clinic_id")
    ids = got.clinics["clinic_id"]
    clinics = got.clinics.assign(
        source=source,
        url=ids.map(got.urls) if len(got.urls) else None,
        first_seen=ids.map(former["first_seen"]).astype("str").fillna(day),
        last_seen=day,
        missing_since=None,
        site=ids.map(former["site"]),
    )
    offered = conform_table(got.services, SERVICES)
    known = asked.services[asked.services["clinic_id"].isin(ids)]
    dropped = known[~_service_keys(known).isin(_service_keys(offered))]
    services = stack_tables([offered, _mark_missing(dropped, day)])
    return Listings(conform_table(clinics, LISTINGS), services)


def _service_keys(services: pd.DataFrame) -> pd.Index:
    return pd.Index(services["clinic_id"] + "|" + services["treatment"])


def _mark_missing(table: pd.DataFrame, day: str) -> pd.DataFrame:
    return table.assign(missing_since=table["missing_since"].fillna(day))


def _mark_gone(gone: Listings, day: str) -> Listings:
    return Listings(_mark_missing(gone.clinics, day), _mark_missing(gone.services, day))


def _change_table(asked: Listings, now: Listings, gone: Listings, source: str, day: str) -> pd.DataFrame:
    was = asked.clinics.set_index("clinic_id", drop=False)
    rows: list[dict[str, Any]] = [_change_row(record, "gone") for record in _record_dicts(gone.clinics)]
    offered_before = _offers_of(asked)
    offered_now = _offers_of(now)
    for record in _record_dicts(now.clinics.sort_values("clinic_id")):
        key = record["clinic_id"]
        if key not in was.index:
            rows.append(_change_row(record, "new"))
            continue
        if _text_of(was.at[key, "missing_since"]):
            rows.append(_change_row(record, "back"))
        former = {name: was.at[key, name] for name in was.columns}
        for name, old, new in _differences(former, record, offered_before.get(key, {}), offered_now.get(key, {})):
            rows.append(_change_row(record, "changed") | {"field": name, "before": old, "after": new})
    return conform_table(pd.DataFrame(rows, columns=list(CHANGES.columns)).assign(day=day, source=source), CHANGES)


def _record_dicts(clinics: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(clinics.columns, row, strict=True)) for row in clinics.itertuples(index=False)]


def _change_row(record: dict[str, Any], change: str) -> dict[str, Any]:
    return {
        "change": change,
        "clinic_id": record["site"],
        "record_id": record["clinic_id"],
        "name": record["name"],
        "state": record["state"],
    }


def _offers_of(listed: Listings) -> dict[str, dict[str, str]]:
    """By record: its treatments that are not missing, or only with it, and for each the payers, as texts."""
    offers: dict[str, dict[str, str]] = {}
    gone = listed.services["clinic_id"].map(listed.clinics.set_index("clinic_id")["missing_since"])
    missing = listed.services["missing_since"]
    for row in listed.services[missing.isna() | missing.eq(gone)].sort_values("treatment").itertuples(index=False):
        texts = offers.setdefault(str(row.clinic_id), {"treatments": ""})
        texts["treatments"] = f"{texts['treatments']}|{row.treatment}".strip("|")
        for name in _PAYERS:
            texts[f"{name} of {row.treatment}"] = str(getattr(row, name))
    return offers


def _differences(
    former: dict[str, Any], record: dict[str, Any], offered_before: dict[str, str], offered_now: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    """The facts that are not what they were: name, then, now; "" is not known."""
    for name in _COMPARED:
        old = _text_of(former[name])
        new = _text_of(record[name])
        if old != new:
            yield name, old, new
    points = [former["latitude"], former["longitude"], record["latitude"], record["longitude"]]
    if not any(pd.isna(points)) and float(great_circle_km(*points)) > _MOVED_KM:
        yield "point", f"{points[0]:.5f}, {points[1]:.5f}", f"{points[2]:.5f}, {points[3]:.5f}"
    for name in [name for name in {**offered_before, **offered_now} if name == "treatments" or name in offered_before]:
        old = offered_before.get(name, "")
        new = offered_now.get(name, "")
        if old != new and (name == "treatments" or name in offered_now):
            yield name, old, new


def _text_of(cell: Any) -> str:
    return "" if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)) else str(cell)


def moved_records(before: Listings, now: Listings, day: str) -> pd.DataFrame:
    """Records that are of another site than before, as CHANGES: "joined" where the former site is no more."""
    former = before.clinics.set_index("clinic_id")["site"]
    records = now.clinics.assign(former=now.clinics["clinic_id"].map(former))
    both = records["former"].notna() & records["site"].notna()
    moved = records[both & records["former"].ne(records["site"])]
    is_gone = ~moved["former"].isin(now.clinics["site"])
    rows = moved.rename(columns={"clinic_id": "record_id"}).assign(
        day=day,
        change=is_gone.map({True: "joined", False: "changed"}),
        clinic_id=moved["site"],
        field="site",
        before=moved["former"],
        after=moved["site"],
    )
    return conform_table(rows, CHANGES)
