"""The clinics of the national pack: the starter pack's, with SAMHSA's directory, each site once."""

from typing import Final

import pandas as pd

from access.errors import PlaceError
from access.places.clinics import Merged, merge_clinics
from access.places.gazetteer import Gazetteer, load_gazetteer, place_clinics
from access.places.national_files import Files
from access.places.pack import STARTER, load_pack, pack_folder
from access.sources.copies import described
from access.sources.samhsa import Directory, directory

_SAMHSA_LICENCE: Final = "Public domain; cite SAMHSA; must not be sold without its authorisation"
_STARTER_LICENCE: Final = "MIT; facts from the public pages that each row names"


def national_clinics(files: Files) -> tuple[Merged, list[str]]:
    """Both lists as one, and what to know about it.

    Raises
    ------
    SourceError: SAMHSA's workbook cannot be had or read.
    PackError: the starter pack is not there.
    """
    starter = load_pack(STARTER, as_built=True)
    got = files.fetched("samhsa")
    listed = directory(got.path, source_url=got.url)
    title = f"National Directory of Mental Health Treatment Facilities {listed.year}"
    files.record(got, title, listed.facilities, f"{listed.year} (survey of {listed.year - 1})", _SAMHSA_LICENCE)
    own = described(pack_folder(STARTER) / "clinics.parquet", "data/starter/clinics.parquet")
    files.record(own, "Clinics of the starter pack", len(starter.clinics), starter.manifest.built_on, _STARTER_LICENCE)
    placed, left_out = _placed(listed.clinics, load_gazetteer())
    services = listed.services[listed.services["clinic_id"].isin(placed["clinic_id"])]
    merged = merge_clinics([(starter.clinics, starter.services), (placed, services)])
    return merged, [*_directory_notes(listed, left_out), _merge_note(merged)]


def _placed(clinics: pd.DataFrame, gazetteer: Gazetteer) -> tuple[pd.DataFrame, list[str]]:
    """The clinics on the map, and the names of those that no ZIP or town places."""
    homeless = clinics.assign(latitude=float("nan"), longitude=float("nan"), location_precision=None)
    try:
        return place_clinics(homeless, gazetteer), []
    except PlaceError:
        found, lost = [], []
        for row in range(len(homeless)):
            one = homeless.iloc[[row]]
            try:
                found.append(place_clinics(one, gazetteer))
            except PlaceError:
                lost.append(f"{one['name'].iloc[0]} ({one['city'].iloc[0]}, {one['state'].iloc[0]})")
        return pd.concat(found, ignore_index=True) if found else homeless[:0], lost


def _directory_notes(listed: Directory, left_out: list[str]) -> list[str]:
    counts = listed.services["treatment"].value_counts()
    each = ", ".join(f"{treatment} {count:,}" for treatment, count in counts.items())
    notes = [
        f"SAMHSA's {listed.year} directory lists {listed.facilities:,} facilities that answered its survey, "
        f"{len(listed.clinics):,} with a treatment here ({each}). It has no code for esketamine and few "
        "private infusion clinics: a clinic that is not in it may still exist.",
        "A payer that a facility did not name is not known; it is not refused.",
    ]
    if listed.elsewhere:
        notes.append(f"{listed.elsewhere:,} facilities outside the states and Puerto Rico are left out.")
    if left_out:
        named = "; ".join(left_out)
        notes.append(f"Left out, since neither ZIP nor town places them ({len(left_out):,}): {named}.")
    return notes


def _merge_note(merged: Merged) -> str:
    return (
        f"{len(merged.kept_id):,} records of clinics are {len(merged.clinics):,} sites; "
        f"{len(merged.possible):,} pairs more may be one (possible.csv); the records of a site disagree in "
        f"{len(merged.conflicts):,} facts (conflicts.csv)."
    )
