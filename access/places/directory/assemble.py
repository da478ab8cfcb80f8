"""The clinics that records make: each site once, under the id that it had before, with what has changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import pandas as pd

from access.errors import PlaceError
from access.places.directory.changes import moved_records
from access.places.directory.decisions import decision_table, read_decisions, shipped_decisions
from access.places.directory.merge import MergedClinics, merge_clinics
from access.places.directory.records import Listings, PackRecords
from access.places.gazetteer.lookup import Gazetteer, load_gazetteer, place_clinics
from access.tables import ADDRESS_POINTS, CHANGES, CLINICS, conform_table, parquet_bytes, stack_tables
from access.vocabulary import PRECISIONS, SOURCES

# Sources that say who gives a treatment; the others only confirm that a site is there.
OFFERING_SOURCES: Final = ("own", "curated", "samhsa_locator", "samhsa_directory", "medicare")
# A site that all its sources have missed for so long is no longer among the clinics; its records stay.
DROPPED_AFTER_DAYS: Final = 365
MERGE_PREFIX: Final = "Merging:"  # how its notes begin
_POINT: Final = ["latitude", "longitude", "location_precision"]


@dataclass(frozen=True)
class AssembledClinics:
    """`merged`: the clinics. `listings`: the records, each with its `site`. `left_out`: names that cannot be placed."""

    merged: MergedClinics
    listings: Listings
    left_out: list[str]

    def files_beside(self) -> dict[str, bytes]:
        """The files that a pack keeps of it, by name: the records, and for people to read what merging found."""
        reports = {"conflicts": self.merged.conflicts, "possible": self.merged.possible, "joins": self.merged.joins}
        return self.listings.files_beside() | {
            f"{name}.csv": table.to_csv(index=False, lineterminator="\n").encode() for name, table in reports.items()
        }

    def notes(self) -> list[str]:
        """What to know about how the records became clinics, each beginning with `MERGE_PREFIX`."""
        merged = self.merged
        notes = [
            f"{MERGE_PREFIX} {len(merged.kept_id):,} records of clinics are {len(merged.clinics):,} sites (joins.csv); "
            f"{len(merged.possible):,} pairs more may be one (possible.csv); the records of a site disagree in "
            f"{len(merged.conflicts):,} facts (conflicts.csv)."
        ]
        if self.left_out:
            named = "; ".join(self.left_out)
            notes.append(
                f"{MERGE_PREFIX} left out, since neither ZIP nor town places them ({len(self.left_out):,}): {named}."
            )
        return notes


def assemble_clinics(
    listings: Listings,
    gazetteer: Gazetteer,
    *,
    day: str,
    located: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
) -> AssembledClinics:
    """The clinics of all records, merged in the order of `SOURCES`, the most trusted first.

    A site keeps the id that it had: of two that are now one, the first's; of one that is now two, the part with the
    record that gave the id. Records that only confirm and fit no site are left out of the listings too.

    Parameters
    ----------
    located: as LOCATED; the point of a record at that very address which is not placed by street or better.
    decisions: as `merge_clinics` takes them.

    Raises
    ------
    TableError
        As `merge_clinics`.
    """
    records = _add_points(listings.clinics, located)
    offers = records["clinic_id"].isin(listings.services["clinic_id"]) & records["source"].isin(OFFERING_SOURCES)
    offers &= ~_is_long_gone(records["missing_since"], day)
    placed = _place_what_can_be(records[offers], gazetteer)
    merged = _merge_lists(placed, records, listings.services, decisions)
    lost = records[offers & ~records["clinic_id"].isin(placed["clinic_id"])]
    found = _place_at_sites(lost, merged)
    if len(found):
        placed = pd.concat([placed, found], ignore_index=True)
        merged = _merge_lists(placed, records, listings.services, decisions)
    merged = _rename_sites(merged, _site_ids(merged.kept_id, records.set_index("clinic_id")["site"]))
    site = records["clinic_id"].map(merged.kept_id)
    stays = site.notna() | records["source"].isin(OFFERING_SOURCES)
    unplaced = lost[~lost["clinic_id"].isin(found["clinic_id"])]
    left_out = [f"{one['name']} ({one['city']}, {one['state']})" for one in unplaced.to_dict("records")]
    return AssembledClinics(
        merged, replace(listings, clinics=listings.clinics.assign(site=site)).where(stays), left_out
    )


def _merge_lists(
    placed: pd.DataFrame, records: pd.DataFrame, services: pd.DataFrame, decisions: pd.DataFrame | None
) -> MergedClinics:
    """The records on the map as clinics, a list for each source; all others only confirm."""
    others = records[~records["clinic_id"].isin(placed["clinic_id"])]
    lists = [placed[placed["source"].eq(source)] for source in OFFERING_SOURCES]
    confirming = [others[others["source"].eq(source)] for source in SOURCES]
    return merge_clinics(
        [(table, services[services["clinic_id"].isin(table["clinic_id"])]) for table in lists],
        confirming=[conform_table(table, CLINICS) for table in confirming if len(table)],
        decisions=decisions,
    )


def _place_what_can_be(records: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The records that their point, ZIP or town places."""
    try:
        return place_clinics(records, gazetteer)
    except PlaceError:
        if len(records) == 1:
            return records[:0]
    middle = len(records) // 2
    halves = [_place_what_can_be(half, gazetteer) for half in (records[:middle], records[middle:])]
    return stack_tables(halves)


def _place_at_sites(lost: pd.DataFrame, merged: MergedClinics) -> pd.DataFrame:
    """Those of the records without a place that are of a site, at its point, which is the least exact that can be."""
    site = lost["clinic_id"].map(merged.kept_id)
    points = merged.clinics.set_index("clinic_id")[["latitude", "longitude"]].reindex(site).set_axis(lost.index)
    return lost.assign(**points, location_precision=PRECISIONS[-1])[site.notna()]


def address_of(records: pd.DataFrame) -> "pd.Series[str]":
    """The address of each record on one line, by which a geocoder's answer is known again."""
    parts = [records[name].fillna("") for name in ("address", "city", "state", "zip")]
    return parts[0] + "|" + parts[1] + "|" + parts[2] + "|" + parts[3]


def _add_points(records: pd.DataFrame, located: pd.DataFrame | None) -> pd.DataFrame:
    if located is None or located.empty:
        return records
    found = located.set_index("record_id").reindex(records["clinic_id"]).set_axis(records.index)
    good = found["address"].eq(address_of(records)) & ~records["location_precision"].isin(["rooftop", "street"])
    points = found.assign(location_precision="street")[_POINT]
    return records.assign(**{name: records[name].mask(good, points[name]) for name in _POINT})


def _is_long_gone(missing_since: "pd.Series[str]", day: str) -> "pd.Series[bool]":
    last = (date.fromisoformat(day) - timedelta(days=DROPPED_AFTER_DAYS)).isoformat()
    return missing_since.notna() & (missing_since.fillna(day) < last)


def _site_ids(kept_id: "pd.Series[str]", former: "pd.Series[str]") -> dict[str, str]:
    """For each merged site, by the id of its first record, the id that it is to have."""
    members = kept_id.index.to_series().groupby(kept_id.to_numpy(), sort=False).agg(list)
    home = {str(record): str(site) for record, site in kept_id.items()}
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    # Those whose own record gave the id come first: of a site that is now two, that part keeps it.
    for owns in (True, False):
        for site, records in members.items():
            had = [str(former[record]) for record in records if pd.notna(former.get(record))]
            for name in (name for name in had if str(site) not in chosen and name not in taken):
                if not owns or home.get(name) == str(site):
                    chosen[str(site)] = name
                    taken.add(name)
    for site, records in members.items():
        if str(site) not in chosen:
            chosen[str(site)] = _free_id([str(site), *records], taken)
            taken.add(chosen[str(site)])
    return chosen


def _free_id(names: Sequence[str], taken: set[str]) -> str:
    return next((name for name in names if name not in taken), f"{names[0]}-site")


def _rename_sites(merged: MergedClinics, names: dict[str, str]) -> MergedClinics:
    def with_site_ids(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return table.assign(**{column: table[column].map(names) for column in columns})

    return replace(
        merged,
        clinics=with_site_ids(merged.clinics, "clinic_id"),
        services=with_site_ids(merged.services, "clinic_id"),
        kept_id=merged.kept_id.map(names),
        conflicts=with_site_ids(merged.conflicts, "clinic_id"),
        possible=with_site_ids(merged.possible, "clinic_id", "other_id"),
        joins=with_site_ids(merged.joins, "clinic_id"),
    )


@dataclass(frozen=True)
class ClinicsUpdate:
    """Clinics made of records. `changes`: what is new, as CHANGES. `beside`: the files that keep it, by name."""

    assembled: AssembledClinics
    changes: pd.DataFrame
    beside: dict[str, bytes]


def update_clinics(
    before: PackRecords, listings: Listings, points: pd.DataFrame, changes: Sequence[pd.DataFrame], day: str
) -> ClinicsUpdate:
    """The clinics of `listings` by the rules and this machine's decisions; `changes` of them since `before`.

    Raises
    ------
    TableError
        Decisions contradict each other, or cannot be read.
    PackError
        Decisions contradict each other, or cannot be read.
    """
    decisions = decision_table([*shipped_decisions(), *read_decisions()])
    made = assemble_clinics(listings, load_gazetteer(), day=day, located=points, decisions=decisions)
    new = _add_sites(
        conform_table(stack_tables([*changes, moved_records(before.listings, made.listings, day)]), CHANGES), made
    )
    tables = {
        "located.parquet": parquet_bytes(points, ADDRESS_POINTS),
        "history.parquet": parquet_bytes(conform_table(stack_tables([before.history, new]), CHANGES), CHANGES),
    }
    return ClinicsUpdate(made, new, made.files_beside() | tables)


def _add_sites(changes: pd.DataFrame, made: AssembledClinics) -> pd.DataFrame:
    """Each with the site that its record is of; what only would confirm, and confirms nothing, is no change."""
    site = made.listings.clinics.set_index("clinic_id")["site"]
    named = changes.assign(clinic_id=changes["record_id"].map(site).astype("str").fillna(changes["clinic_id"]))
    matters = named["clinic_id"].notna() | named["source"].isin(OFFERING_SOURCES)
    return conform_table(named[matters].reset_index(drop=True), CHANGES)
