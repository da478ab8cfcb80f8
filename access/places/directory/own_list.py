"""A user's own list of clinics: checked to the last row, and imported into a pack of its own name."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import PackError, SourceError, TableError
from access.geo import great_circle_km
from access.language import say
from access.places.atomic_writes import lock_folder
from access.places.directory.assemble import update_clinics
from access.places.directory.changes import update_listings
from access.places.directory.records import read_records
from access.places.gazetteer.lookup import (
    Gazetteer,
    is_in_united_states,
    load_gazetteer,
    place_clinics,
    town_points,
)
from access.places.gazetteer.towns import HOW_TO_TYPE
from access.places.pack import STARTER, Pack, SourceRecord, pack_folder, save_pack
from access.settings import code_version
from access.sources.fetching.copies import utc_day
from access.sources.lists.curated import clinic_tables
from access.sources.lists.rows import OwnRows, check_size, file_label, read_own_rows
from access.sources.lists.rules import Fault, fault_table, shorten_text
from access.sources.source_list import SourceList
from access.tables import CLINICS, SERVICES, check_table
from access.vocabulary import SOURCES, state_code

OWN_EVIDENCE: Final = "user"


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
    """As `parse_own_list`, of a file on this machine.

    Raises
    ------
    SourceError
        As `parse_own_list`, or the file is not there.
    TableError
        As `parse_own_list`, or the file is not there.
    """
    if not path.is_file():
        raise SourceError(f"{path} is no file. Check its name.")
    check_size(path.stat().st_size, path.name)
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise SourceError(f"{path} cannot be read ({failure.strerror}). Check its name.") from failure
    return parse_own_list(content, path.name, today=today, taken=taken)


def parse_own_list(
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
    SourceError
        The file is empty, too large, damaged, or none of CSV, XLSX and GeoJSON.
    TableError
        A column that every list needs is missing, two mean the same, or there are no rows.
    PackError
        The gazetteer that ships is damaged.
    """
    read = read_own_rows(content, name)
    where = gazetteer or load_gazetteer()
    refused = _refused_rows(read, taken, where)
    good = read.rows[~read.rows.index.isin(refused["row"])]
    label = file_label(name)
    clinics, services = _checked_tables(good, label, today, where)
    lacking = unknown_zips(good, where)
    noted = (
        [say("These ZIPs are not in our list: {zips}.", zips=shorten_text(", ".join(lacking), 100))] if lacking else []
    )
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
    TableError
        A row is refused, and is not to be left out; or every row is.
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


def _refused_rows(read: OwnRows, taken: Collection[str], gazetteer: Gazetteer) -> pd.DataFrame:
    ids = read.rows["clinic_id"]
    reason = say("the data that the list is to join have this clinic_id already; give another")
    doubled = [Fault(row, "clinic_id", one, reason) for row, one in ids[ids.isin(set(taken))].items()]
    placed = pd.concat([point_faults(read.rows, gazetteer), fault_table(doubled)])
    # A point that is swapped is told of as that, not as a number out of range.
    points = ["latitude", "longitude"]
    swapped = placed.loc[placed["column"].isin(points), "row"]
    ranges = read.faults["row"].isin(swapped) & read.faults["column"].isin(points)
    return read.in_their_words(pd.concat([read.faults[~ranges], placed], ignore_index=True))


def _checked_tables(
    good: pd.DataFrame, label: str, today: date, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if good.empty:
        return pd.DataFrame(columns=list(CLINICS.columns)), pd.DataFrame(columns=list(SERVICES.columns))
    dated = good.assign(checked_on=good["checked_on"].where(good["checked_on"].ne(""), today.isoformat()))
    listed, services = clinic_tables(dated, source=f"{SOURCES['own']}: {label}", evidence=OWN_EVIDENCE)
    clinics = place_clinics(listed, gazetteer)
    return check_table(clinics, CLINICS, where=label), check_table(services, SERVICES, where=label)


# A ZIP's clinics stand within it: Nevada's largest reaches some 150 km from its middle.
MOST_KM_FROM_ZIP: Final = 150.0
_LONGEST_TOWN: Final = 80


def point_faults(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """What is wrong with where clinics stand: swapped or foreign coordinates, a point far from its ZIP, a ZIP of
    another state, a town that is not there.

    `rows`: text, indexed by row, with `city`, `state`, `zip`, `latitude`, `longitude`; what is no number, no state or
    no ZIP is left to the rules of cells. A ZIP that the gazetteer lacks is no fault.

    Returns
    -------
    pd.DataFrame
        `row`, `column`, `value`, `reason`, as `access.sources.lists.rules.find_faults`.
    """
    codes = rows["zip"].str[:5]
    zips = _zips_among(codes, gazetteer)
    known = rows.assign(
        usps=rows["state"].map(state_code),
        code=codes.where(codes.isin(zips.index)),
        y=_degrees(rows["latitude"]),
        x=_degrees(rows["longitude"]),
    )
    known = known.join(zips[["city", "state", "latitude", "longitude"]].add_prefix("zip_"), on="code")
    known["km"] = great_circle_km(known["y"], known["x"], known["zip_latitude"], known["zip_longitude"])
    found = [
        *_points_off_the_map(known),
        *_points_far_from_zip(known),
        *_zips_of_other_state(known),
        *_rows_without_place(known, gazetteer),
    ]
    return fault_table(found)


def unknown_zips(rows: pd.DataFrame, gazetteer: Gazetteer) -> list[str]:
    """The ZIPs of a list that the gazetteer lacks, each once."""
    codes = rows["zip"].str[:5]
    return sorted(set(codes[codes.str.fullmatch("[0-9]{5}")]) - set(_zips_among(codes, gazetteer).index))


def _degrees(cells: "pd.Series[str]") -> "pd.Series[float]":
    """As numbers; NaN: they are none, or no degrees."""
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers.where(numbers.abs() <= 180)


def _zips_among(codes: "pd.Series[str]", gazetteer: Gazetteer) -> pd.DataFrame:
    return gazetteer.zips[gazetteer.zips["zip"].isin(codes.unique().tolist())].set_index("zip")


def _points_off_the_map(known: pd.DataFrame) -> Iterator[Fault]:
    for row, y, x in known[["y", "x"]].dropna().itertuples():
        if is_in_united_states(y, x):
            continue
        if is_in_united_states(x, y):
            yield Fault(row, "latitude", f"{y:g}", say("latitude and longitude are swapped"))
        elif is_in_united_states(y, -x):
            yield Fault(row, "longitude", f"{x:g}", say("it must be negative, since the United States lie in the west"))
        else:
            yield Fault(row, "latitude", f"{y:g}", say("the point is outside the United States and Puerto Rico"))


def _points_far_from_zip(known: pd.DataFrame) -> Iterator[Fault]:
    far = known[known["km"] > MOST_KM_FROM_ZIP]
    inside = [is_in_united_states(y, x) for y, x in far[["y", "x"]].itertuples(index=False)]
    for row, zip_code, km in far.loc[inside, ["code", "km"]].itertuples():
        reason = say("the point is {km} km from ZIP {zip}; one of the two is wrong", km=f"{km:,.0f}", zip=zip_code)
        yield Fault(row, "latitude", "", reason)


def _zips_of_other_state(known: pd.DataFrame) -> Iterator[Fault]:
    """A ZIP of another state: a few serve a town across the line, and a point near the ZIP says so."""
    other = known["usps"].notna() & known["code"].notna() & (known["usps"] != known["zip_state"])
    far = ~(known["km"] <= MOST_KM_FROM_ZIP)
    for row, zip_code, city, state in known.loc[other & far, ["code", "zip_city", "zip_state"]].itertuples():
        reason = say("this ZIP is in {town}, {state}: another state than the row says", town=city, state=state)
        yield Fault(row, "zip", zip_code, reason)


def _rows_without_place(known: pd.DataFrame, gazetteer: Gazetteer) -> Iterator[Fault]:
    """The clinics that neither coordinates nor a ZIP of their state place, and whose town is not to be found."""
    without = known[known["latitude"].eq("") & known["code"].isna() & known["usps"].notna()]
    nameless = without["city"].eq("") & without["zip"].ne("")
    unknown = say("we do not know this ZIP; give a town or coordinates too")
    yield from (Fault(row, "zip", zip_code, unknown) for row, zip_code in without.loc[nameless, "zip"].items())
    asked = without.loc[without["city"].ne(""), ["city", "usps"]].rename(columns={"usps": "state"})
    long = asked["city"].str.len() > _LONGEST_TOWN
    endless = say("it is too long for a town")
    yield from (Fault(row, "city", city, endless) for row, city in asked.loc[long, "city"].items())
    _, troubles = town_points(asked[~long], gazetteer)
    for row, city, state in asked[~long].itertuples():
        if (city, state) in troubles:
            yield Fault(row, "city", city, troubles[city, state].removesuffix(say(HOW_TO_TYPE)).strip())


def taken_ids(pack: Pack) -> set[str]:
    """The ids of a pack's records that a list may not have; those of lists that were imported before, it may: it then
    says anew what they said.

    Raises
    ------
    PackError
        A file of the pack is damaged.
    """
    known = read_records(pack_folder(pack.name), pack).listings.clinics
    return set(known.loc[known["source"].ne("own"), "clinic_id"])


def import_clinics(
    brought: OwnList, pack: Pack, name: str, *, alone: bool = False, leave_out_refused: bool = False
) -> Pack:
    """A new pack `name`: the people of `pack`, and its clinics merged with those of a user's list, saved.

    `brought`: as `read_own_list` gives it, with the `taken_ids` of `pack`. `alone`: the clinics of the list only.
    `leave_out_refused`: without the rows that are refused; else one such row is enough that nothing is imported.

    Raises
    ------
    TableError
        A row is refused; nothing is saved.
    PackError
        The name is the starter pack's, another command is changing that pack, or the disk cannot be written.
    """
    if name == STARTER:
        raise PackError("The starter pack ships with the program and is not overwritten; choose another name.")
    folder = pack_folder(name)
    refuse_faulty(brought, leave_out=leave_out_refused)
    day = utc_day()
    with lock_folder(folder):
        before = read_records(pack_folder(pack.name), pack)
        others = before.listings.where(pd.Series(not alone, index=before.listings.clinics.index))
        own = SourceList(brought.clinics, brought.services)
        listings, changed = update_listings(others, "own", own, day=day, states=None, is_whole=False)
        made = update_clinics(before, listings, before.points, [changed], day)
        left_out = f"; {brought.refused_rows} refused rows were left out" if brought.refused_rows else ""
        note = f"{len(brought.clinics)} clinics were imported from {brought.file}{' alone' if alone else ''}{left_out}."
        manifest = pack.manifest.model_copy(
            update={
                "name": name,
                "title": f"{pack.manifest.title}, with {brought.file}",
                "built_on": day,
                "code_version": code_version(),
                "notes": [*pack.manifest.notes, note],
                "sources": [*pack.manifest.sources, brought.record],
            }
        )
        merged = made.assembled.merged
        imported = replace(pack, clinics=merged.clinics, services=merged.services, manifest=manifest)
        save_pack(imported, folder, beside=made.beside)
        return imported
