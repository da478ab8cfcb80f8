"""The national pack: Census 2020 people, USDA rurality, SAMHSA's directory with the starter clinics."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import pandas as pd

from access.errors import SourceError
from access.places.atomic_writes import lock_folder
from access.places.designations import forhp_note, forhp_rural
from access.places.directory.assemble import ClinicsUpdate, update_clinics
from access.places.directory.changes import update_listings
from access.places.directory.records import read_records
from access.places.directory.refresh import source_notes
from access.places.directory.source_registry import (
    SAMHSA_LICENSE,
    SOURCE_REGISTRY,
    STARTER_LICENSE,
    SourceQuery,
    directory_list,
)
from access.places.pack import (
    NATIONAL,
    STARTER,
    Manifest,
    Pack,
    calibration_in,
    pack_folder,
    save_pack,
)
from access.places.rurality import rurality
from access.places.source_files import RUCA_TITLE, SourceFiles
from access.places.survey import Survey, with_survey
from access.settings import code_version, settings
from access.sources.census.centers import (
    PEOPLE_2020,
    block_group_centers,
    county_centers,
    tract_centers,
)
from access.sources.census.tract_land import land_by_tract
from access.sources.fetching.copies import describe_file, utc_day
from access.sources.fetching.progress import Progress
from access.sources.samhsa.directory import read_samhsa_directory
from access.sources.source_list import SourceList
from access.sources.usda import ruca_by_tract, rucc_by_county

_BUILD_STEPS: Final = 3


class OriginUnit(StrEnum):
    """What a place of the national pack is."""

    BLOCK_GROUP = "block_group"
    TRACT = "tract"


@dataclass(frozen=True)
class _Unit:
    pack: str
    words: str
    address: str
    read: Callable[[Path], pd.DataFrame]


_UNITS: Final = {
    OriginUnit.BLOCK_GROUP: _Unit(NATIONAL, "block groups", "block_groups", block_group_centers),
    OriginUnit.TRACT: _Unit(f"{NATIONAL}-tract", "tracts", "tracts", tract_centers),
}


def build_national(
    *,
    origin: OriginUnit | str = OriginUnit.BLOCK_GROUP,
    survey: Survey | None = None,
    tract_land: Path | None = None,
    mirror: str | Path | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    refresh: bool = False,
) -> Pack:
    """The national pack, made from its publishers' files, and saved.

    Beside the tables it leaves `conflicts.csv` (where two records of a site disagree), `possible.csv`
    (pairs of sites that may be one) and `joins.csv` (why records are one site), for a person to read; and
    what each source says, in `listings.parquet` and `listed_services.parquet`, with `history.parquet`. Records that
    were gathered from other sources before (`access.places.directory.refresh`) stay.

    Parameters
    ----------
    origin: `block_group` makes us-2020, `tract` makes us-2020-tract.
    survey: the American Community Survey whose shares of people are joined; None: none are.
    tract_land: a Census Gazetteer of tracts, by which large tracts of few people are told rural by FORHP's rule.
    mirror: a folder or http base to read instead of the publishers; None: the setting.
    folder: where the pack is written, which also names it; None: the data folder.
    progress: called with what is being done, how much of it is done, and of how much.
    refresh: ask again for files that were fetched before.

    Raises
    ------
    SourceError
        A file cannot be had, is not what it should be, or its people do not add up.
    PackError
        The starter pack is not there, or the disk cannot be written; an older pack is untouched.
    """
    unit = _UNITS[OriginUnit(origin)]
    target = folder or settings().data_folder / unit.pack
    files = SourceFiles.from_settings(mirror, progress, refresh=refresh)
    people, people_notes = _build_people(unit, files, tract_land)
    if survey:
        people, share_notes = with_survey(people, OriginUnit(origin).value, survey, files)
        people_notes += share_notes
    files.step(f"Building {target.name}", 1, _BUILD_STEPS)
    with lock_folder(target):
        day = utc_day()
        made, clinic_notes = build_clinics(files, target, day)
        files.step(f"Building {target.name}", 2, _BUILD_STEPS)
        manifest = Manifest(
            name=target.name,
            title=f"United States and Puerto Rico, Census 2020 {unit.words}",
            origin_unit=OriginUnit(origin).value,
            built_on=day,
            code_version=code_version(),
            notes=[*people_notes, *clinic_notes, *files.notes()],
            sources=files.records,
        )
        merged = made.assembled.merged
        pack = Pack(people, merged.clinics, merged.services, manifest, calibration_in(target))
        save_pack(pack, target, beside=made.beside)
        files.step(f"Building {target.name}", _BUILD_STEPS, _BUILD_STEPS)
    return pack


def _build_people(unit: _Unit, files: SourceFiles, tract_land: Path | None) -> tuple[pd.DataFrame, list[str]]:
    """The people table (places without people left out), and what to know about it."""
    places = _read_centers(unit, files)
    by_tract = files.read_table("ruca", ruca_by_tract, RUCA_TITLE, "2020")
    by_county = files.read_table("rucc", rucc_by_county, "Rural-Urban Continuum Codes by county", "2023")
    lived_in = places[places["population"] > 0].reset_index(drop=True)
    land = land_by_tract(tract_land) if tract_land else None
    people = lived_in.join(rurality(lived_in, by_tract, by_county)).assign(
        adults=float("nan"), is_forhp_rural=forhp_rural(lived_in, by_tract, by_county, land_km2=land)
    )
    schemes = people["rurality_scheme"].value_counts()
    not_coded = people.loc[people["rurality"] == "not_coded", "population"]
    notes = [
        f"{len(places):,} {unit.words}; the {len(places) - len(people):,} where nobody lives are left out.",
        "Population is everybody, of all ages; these files do not count adults.",
        "Rurality by "
        + ", ".join(f"{name}: {count:,} {unit.words}" for name, count in schemes.items())
        + f"; {len(not_coded):,} not coded, with {not_coded.sum():,} people.",
        "Connecticut stands in its eight counties of 2020.",
        forhp_note(land),
    ]
    return people, notes


def _read_centers(unit: _Unit, files: SourceFiles) -> pd.DataFrame:
    """Every place, once its people are those of the published counties and of the nation."""
    places = files.read_table(unit.address, unit.read, f"Centers of population of {unit.words}", "2020")
    counties = files.read_table("counties", county_centers, "Centers of population of counties", "2020")
    _refuse_other_counties(places, counties, unit)
    total = int(places["population"].sum())
    if total != PEOPLE_2020:
        raise SourceError(
            f"The {unit.words} have {total:,} people, but the 2020 Census counted {PEOPLE_2020:,}. "
            "Fetch the files again."
        )
    return places


def _refuse_other_counties(places: pd.DataFrame, counties: pd.DataFrame, unit: _Unit) -> None:
    published = counties.set_index("geoid")["population"]
    counted = places.groupby("county")["population"].sum()
    differ = (counted - published).ne(0)
    if differ.any():
        first = str(differ.idxmax())
        raise SourceError(
            f"The {unit.words} of county {first} have {counted.get(first, 0):,} people, but the county file "
            f"says {published.get(first, 0):,} ({differ.sum():,} such). Fetch both files again, of one vintage."
        )


_DIRECTORY_TITLE: Final = "National Directory of Mental Health Treatment Facilities"


def build_clinics(files: SourceFiles, folder: Path, day: str) -> tuple[ClinicsUpdate, list[str]]:
    """All lists as one, and what to know about it.

    folder: of the pack that stands, if any: records that were gathered from other sources stay.

    Raises
    ------
    SourceError
        SAMHSA's workbook cannot be had or read, or has lost most of what it had.
    PackError
        The starter pack is not there, or what was gathered is damaged.
    """
    before = read_records(folder)
    listings = before.listings
    changes = []
    came = {"curated": _read_curated(files), "samhsa_directory": _read_directory(files)}
    for source, got in came.items():
        listings, changed = update_listings(listings, source, got, day=day, states=None)
        changes.append(changed)
    made = update_clinics(before, listings, before.points, changes, day)
    return made, [*source_notes(came), *made.assembled.notes()]


def _read_curated(files: SourceFiles) -> SourceList:
    asking = SourceQuery(
        states=None, cache=files.cache, mirror=files.mirror, refresh=files.refresh, progress=files.progress
    )
    got = SOURCE_REGISTRY["curated"].read(asking)
    own = describe_file(pack_folder(STARTER) / "clinics.parquet", SOURCE_REGISTRY["curated"].url)
    files.record(
        own,
        title="Clinics of the starter pack",
        rows=len(got.clinics),
        vintage=got.vintage,
        license=STARTER_LICENSE,
        source="curated",
    )
    return got


def _read_directory(files: SourceFiles) -> SourceList:
    got = files.fetch("samhsa")
    listed = read_samhsa_directory(got.path, source_url=got.url)
    made = directory_list(listed)
    files.record(
        got,
        title=f"{_DIRECTORY_TITLE} {listed.year}",
        rows=listed.facilities,
        vintage=made.vintage,
        license=SAMHSA_LICENSE,
        source="samhsa_directory",
    )
    return made
