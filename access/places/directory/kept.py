"""What a pack keeps of where its clinics came from: records, geocoded points and history; and the clinics of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from access.places.directory.assembled import OFFERING, Assembled, assembled
from access.places.directory.changes import moved_records
from access.places.directory.decision_log import decision_table, read_decisions, shipped_decisions
from access.places.directory.listings import Listings, listings_of, read_beside
from access.places.gazetteer import load_gazetteer
from access.places.pack import Pack
from access.tables import CHANGES, LISTINGS, LOCATED, SERVICES, parquet, typed


@dataclass(frozen=True)
class Kept:
    """`listings`: what each source says. `points`: as LOCATED. `history`: as CHANGES, the oldest first."""

    listings: Listings
    points: pd.DataFrame
    history: pd.DataFrame


@dataclass(frozen=True)
class Made:
    """Clinics made of records. `changes`: what is new, as CHANGES. `beside`: the files that keep it, by name."""

    assembled: Assembled
    changes: pd.DataFrame
    beside: dict[str, bytes]


def read_kept(folder: Path, pack: Pack | None = None) -> Kept:
    """What is kept in the folder of a pack; where that is nothing, each clinic of `pack` is one record.

    Raises
    ------
    PackError: a file is damaged.
    """
    listings = Listings(read_beside(folder, "listings", LISTINGS), read_beside(folder, "listed_services", SERVICES))
    if pack is not None and not (folder / "listings.parquet").is_file():
        listings = listings_of(pack)
    return Kept(listings, read_beside(folder, "located", LOCATED), read_history(folder))


def read_history(folder: Path) -> pd.DataFrame:
    """What each refresh of the pack in a folder found new, gone, changed or back, as CHANGES, the oldest first.

    Raises
    ------
    PackError: the file is damaged.
    """
    return read_beside(folder, "history", CHANGES)


def made_of(before: Kept, listings: Listings, points: pd.DataFrame, changes: Sequence[pd.DataFrame], day: str) -> Made:
    """The clinics of `listings` by the rules and this machine's decisions; `changes` of them since `before`.

    Raises
    ------
    TableError, PackError: decisions contradict each other, or cannot be read.
    """
    decisions = decision_table([*shipped_decisions(), *read_decisions()])
    made = assembled(listings, load_gazetteer(), day=day, located=points, decisions=decisions)
    new = _with_sites(_stacked([*changes, moved_records(before.listings, made.listings, day)], CHANGES), made)
    tables = {
        "located.parquet": parquet(points, LOCATED),
        "history.parquet": parquet(_stacked([before.history, new], CHANGES), CHANGES),
    }
    return Made(made, new, made.beside() | tables)


def _stacked(tables: Sequence[pd.DataFrame], contract: pa.DataFrameSchema) -> pd.DataFrame:
    full = [table for table in tables if len(table)]
    return typed(pd.concat(full, ignore_index=True) if full else pd.DataFrame(), contract)


def _with_sites(changes: pd.DataFrame, made: Assembled) -> pd.DataFrame:
    """Each with the site that its record is of; what only would confirm, and confirms nothing, is no change."""
    site = made.listings.clinics.set_index("clinic_id")["site"]
    named = changes.assign(clinic_id=changes["record_id"].map(site).astype("str").fillna(changes["clinic_id"]))
    matters = named["clinic_id"].notna() | named["source"].isin(OFFERING)
    return typed(named[matters].reset_index(drop=True), CHANGES)
