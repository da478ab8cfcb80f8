"""A user's own list of clinics, checked to the last row: what may be imported, and what is refused and why."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import SourceError, TableError
from access.language import say
from access.places.directory.own_points import point_faults, unknown_zips
from access.places.gazetteer import Gazetteer, load_gazetteer, place_clinics
from access.places.pack import SourceRecord
from access.sources.curated import clinic_tables
from access.sources.curated_rules import cut
from access.sources.own_rows import OwnRows, check_size, file_label, own_rows
from access.tables import CLINICS, SERVICES, check
from access.vocabulary import SOURCES

EVIDENCE: Final = "user"


@dataclass(frozen=True)
class OwnList:
    """A list as it was understood.

    `file`: its name. `clinics`, `services`: of the rows in which nothing is wrong, as `access.tables` has them; no
    rows: every one is refused. `refused`: `row` (as the file shows it), `column`, `value`, `reason`, every fault of
    every refused row. `rows`: how many there are in all. `theirs`: the file's name of each of our columns that was
    found; `passed_over`: its other columns. `notes`: what else to know. `record`: the file, for a pack's manifest.
    """

    file: str
    clinics: pd.DataFrame
    services: pd.DataFrame
    refused: pd.DataFrame
    rows: int
    theirs: dict[str, str]
    passed_over: list[str]
    notes: list[str]
    record: SourceRecord

    @property
    def refused_rows(self) -> int:
        """How many rows are refused."""
        return int(self.refused["row"].nunique())


def read_own_list(path: Path, *, today: date, taken: Collection[str] = ()) -> OwnList:
    """As `own_list`, of a file on this machine.

    Raises
    ------
    SourceError, TableError: as `own_list`, or the file is not there.
    """
    if not path.is_file():
        raise SourceError(f"{path} is no file. Check its name.")
    check_size(path.stat().st_size, path.name)
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise SourceError(f"{path} cannot be read ({failure.strerror}). Check its name.") from failure
    return own_list(content, path.name, today=today, taken=taken)


def own_list(
    content: bytes,
    name: str,
    *,
    today: date,
    taken: Collection[str] = (),
    gazetteer: Gazetteer | None = None,
) -> OwnList:
    """The list in a file's bytes.

    Each service says that it is from "Own list" and the file, on the word of its user; a row that does not say when
    it was checked was checked today, since its user brings it today. When a page was seen stays unknown where the row
    does not say it.

    Parameters
    ----------
    taken: the clinic ids of the pack that the list is to join, which no row may have.

    Raises
    ------
    SourceError: the file is empty, too large, damaged, or none of CSV, XLSX and GeoJSON.
    TableError: a column that every list needs is missing, two mean the same, or there are no rows.
    PackError: the gazetteer that ships is damaged.
    """
    read, where = own_rows(content, name), gazetteer or load_gazetteer()
    refused = _refused(read, taken, where)
    good = read.rows[~read.rows.index.isin(refused["row"])]
    label = file_label(name)
    clinics, services = _tables(good, label, today, where)
    lacking = unknown_zips(good, where)
    noted = [say("These ZIPs are not in our list: {zips}.", zips=cut(", ".join(lacking), 100))] if lacking else []
    return OwnList(
        file=label,
        clinics=clinics,
        services=services,
        refused=refused,
        rows=len(read.rows),
        theirs=read.theirs,
        passed_over=read.passed_over,
        notes=[*read.notes, *noted],
        record=SourceRecord(
            name=SOURCES["own"],
            url=label,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            rows=len(good),
            retrieved=today.isoformat(),
            vintage=today.isoformat(),
            licence="its user's own",
        ),
    )


def refuse_faulty(brought: OwnList, *, leave_out: bool) -> None:
    """Nothing, when the list may be imported: whole, or what is good of it where `leave_out` says so.

    Raises
    ------
    TableError: a row is refused, and is not to be left out; or every row is.
    """
    if leave_out and len(brought.clinics):
        return
    if brought.refused.empty:
        return
    first = brought.refused.iloc[0]
    column = f", {first['column']}" if first["column"] else ""
    raise TableError(
        f"{brought.file}: {brought.refused_rows:,} of {brought.rows:,} rows are refused, so nothing is imported. The "
        f"first is row {first['row']}{column}: {first['reason']}. Correct them"
        + (", or leave them out (--leave-out-refused)." if len(brought.clinics) else ".")
    )


def _refused(read: OwnRows, taken: Collection[str], gazetteer: Gazetteer) -> pd.DataFrame:
    ids = read.rows["clinic_id"]
    reason = say("the data that the list is to join have this clinic_id already; give another")
    doubled = [(row, "clinic_id", one, reason) for row, one in ids[ids.isin(set(taken))].items()]
    placed = pd.concat([point_faults(read.rows, gazetteer), pd.DataFrame(doubled, columns=read.faults.columns)])
    # A point that is swapped is told of as that, not as a number out of range.
    points = ["latitude", "longitude"]
    swapped = placed.loc[placed["column"].isin(points), "row"]
    ranges = read.faults["row"].isin(swapped) & read.faults["column"].isin(points)
    return read.in_their_words(pd.concat([read.faults[~ranges], placed], ignore_index=True))


def _tables(good: pd.DataFrame, label: str, today: date, gazetteer: Gazetteer) -> tuple[pd.DataFrame, pd.DataFrame]:
    if good.empty:
        return pd.DataFrame(columns=list(CLINICS.columns)), pd.DataFrame(columns=list(SERVICES.columns))
    dated = good.assign(checked_on=good["checked_on"].where(good["checked_on"].ne(""), today.isoformat()))
    listed, services = clinic_tables(dated, source=f"{SOURCES['own']}: {label}", evidence=EVIDENCE)
    clinics = place_clinics(listed, gazetteer)
    return check(clinics, CLINICS, where=label), check(services, SERVICES, where=label)
