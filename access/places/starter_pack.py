"""The starter pack, which ships: real clinics, modelled people, the gazetteer and the outlines."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from access.language import mark
from access.places.atomic_writes import replace_folder
from access.places.directory.decisions import DECISIONS_FILE, Decision
from access.places.directory.journal import read_journal, save_journal
from access.places.gazetteer.build import town_table, zip_table
from access.places.gazetteer.lookup import Gazetteer, place_clinics
from access.places.pack import STARTER, Manifest, Pack, SourceRecord
from access.places.people_model import model_people
from access.settings import code_version
from access.sources import geonames, zip_codes
from access.sources.fetching.copies import utc_day
from access.sources.lists.curated import read_clinic_csv
from access.sources.us_atlas import county_shapes, write_outlines
from access.tables import CLINICS, PEOPLE, SERVICES, TOWNS, ZIPS, check_table

CURATED_LABEL: Final = "TRD Access curated list"
CURATED_FILE: Final = "data/clinics.csv"
ATLAS_URL: Final = "https://github.com/topojson/us-atlas"
PEOPLE_NOTE: Final = mark(
    "The people are modelled, not counted: each state's 2020 population, spread over its ZIP codes by a rule "
    "from town sizes. Shares of people beyond a distance are off by about 1 point for the nation and 1 to 2 for a "
    "state on average, by up to 9 for single states, and by more for counties; data/README.md has the measured "
    "error. For counted people build the national pack: trd-access data build"
)
CLINICS_NOTE: Final = mark(
    "The clinics are a curated list of about 300, read from public pages: most clinics of the country are not in it. "
    "Most stand at their town or ZIP, not at their door."
)


def build_starter(clinics_csv: Path, atlas_folder: Path, folder: Path) -> Pack:
    """The starter pack, made anew in `folder`: tables, ZIPs, towns, outlines and manifest.

    The tables and outlines are the same bytes each time from the same inputs and library versions.

    Parameters
    ----------
    clinics_csv: as `access.sources.lists.curated.read_clinic_csv` reads it; `decisions.jsonl` beside it, which
    records of
        it and of other lists are one site.
    atlas_folder: the npm package us-atlas.

    Raises
    ------
    SourceError
        An input is absent or broken, or the `build` extra is not installed.
    TableError
        An input is absent or broken, or the `build` extra is not installed.
    PlaceError
        A clinic cannot be placed.
    PackError
        The folder cannot be written; what stood there is untouched.
    """
    places = geonames.read_places()
    zips = zip_codes.read_zips()
    counties = county_shapes(atlas_folder)
    gazetteer = Gazetteer(zip_table(places, zips), town_table(places, zips))
    listed, services = read_clinic_csv(clinics_csv, source=CURATED_LABEL, evidence="seen")
    clinics = check_table(place_clinics(listed, gazetteer), CLINICS, where=clinics_csv.name)
    people = model_people(places, zips, counties)
    rows = {"clinics": len(clinics), "places": len(places), "zips": len(zips), "counties": len(counties)}
    sources = _sources(clinics_csv, atlas_folder, rows)
    pack = Pack(people, clinics, services, _manifest(sources))
    save_starter(
        pack, gazetteer, atlas_folder, folder, decisions=read_journal(clinics_csv.with_name(DECISIONS_FILE), Decision)
    )
    return pack


def save_starter(
    pack: Pack, gazetteer: Gazetteer, atlas_folder: Path, folder: Path, *, decisions: Sequence[Decision] = ()
) -> None:
    """The starter pack with its ZIPs, towns, outlines and decisions written to `folder`, whole or not at all.

    Raises
    ------
    SourceError
        Us-atlas is absent or damaged.
    PackError
        The disk is full or may not be written; what stood in `folder` is untouched.
    """

    def write(temporary: Path) -> None:
        _write_tables(pack, gazetteer, atlas_folder, temporary)
        save_journal(temporary / DECISIONS_FILE, decisions)

    replace_folder(folder, write)


def _write_tables(pack: Pack, gazetteer: Gazetteer, atlas_folder: Path, folder: Path) -> None:
    tables: dict[str, tuple[pd.DataFrame, pa.DataFrameSchema]] = {
        "people": (pack.people, PEOPLE),
        "clinics": (pack.clinics, CLINICS),
        "services": (pack.services, SERVICES),
        "zips": (gazetteer.zips, ZIPS),
        "towns": (gazetteer.towns, TOWNS),
    }
    for name, (table, contract) in tables.items():
        checked = check_table(table, contract, where=f"the new {name} table")
        checked.to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
    write_outlines(atlas_folder, folder / "outlines")
    text = pack.manifest.model_dump_json(indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _manifest(sources: list[SourceRecord]) -> Manifest:
    return Manifest(
        name=STARTER,
        title=mark("Starter pack: curated clinics, modelled people"),
        origin_unit=mark("modelled point"),
        built_on=utc_day(),
        code_version=code_version(),
        notes=[PEOPLE_NOTE, CLINICS_NOTE],
        sources=sources,
    )


def _sources(clinics_csv: Path, atlas_folder: Path, rows: dict[str, int]) -> list[SourceRecord]:
    outlines = _digest_of(atlas_folder / "counties-10m.json")
    return [
        _source_record(
            "Clinics", CURATED_FILE, _digest_of(clinics_csv), rows["clinics"], vintage="see each service", licence="MIT"
        ),
        _source_record(
            "Towns and their people (GeoNames)",
            geonames.HOMEPAGE,
            geonames.places_digest(),
            rows["places"],
            vintage=geonames.places_vintage(),
            licence=geonames.LICENSE,
        ),
        _source_record(
            "ZIP codes",
            zip_codes.HOMEPAGE,
            zip_codes.zips_digest(),
            rows["zips"],
            vintage=zip_codes.zips_vintage(),
            licence=zip_codes.LICENSE,
        ),
        _source_record(
            "Outlines", ATLAS_URL, outlines, rows["counties"], vintage="Census 2017, us-atlas 3", licence="ISC"
        ),
    ]


def _source_record(
    name: str, url: str, digest: tuple[str, int], rows: int, *, vintage: str, licence: str
) -> SourceRecord:
    sha256, size_bytes = digest
    return SourceRecord(
        name=name,
        url=url,
        sha256=sha256,
        size_bytes=size_bytes,
        rows=rows,
        retrieved=utc_day(),
        vintage=vintage,
        licence=licence,
    )


def _digest_of(path: Path) -> tuple[str, int]:
    content = path.read_bytes()
    return hashlib.sha256(content).hexdigest(), len(content)
