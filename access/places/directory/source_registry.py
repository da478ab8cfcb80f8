"""The sources of the directory, each with how it is read, and under what terms its records may be used."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from access.places.pack import STARTER, load_pack
from access.places.source_files import PUBLIC_DOMAIN
from access.settings import settings
from access.sources.cms.medicare import fetch_medicare_list
from access.sources.cms.nppes import fetch_nppes_list
from access.sources.fetching.download import fetch_first
from access.sources.fetching.progress import Progress
from access.sources.openstreetmap.overpass import fetch_openstreetmap_list
from access.sources.samhsa.directory import SamhsaDirectory, read_samhsa_directory
from access.sources.samhsa.locator import fetch_locator_list
from access.sources.source_list import SourceList
from access.vocabulary import STATES

SAMHSA_LICENSE: Final = "Public domain; cite SAMHSA; must not be sold without its authorisation"
STARTER_LICENSE: Final = "MIT; facts from the public pages that each row names"
PAYERS_NOTE: Final = "A payer that a facility did not name is not known; it is not refused."


@dataclass(frozen=True)
class SourceQuery:
    """How sources are asked. `states`: USPS codes; None: everywhere. `refresh`: also for what was read lately."""

    states: Sequence[str] | None
    cache: Path
    mirror: str | None
    refresh: bool
    progress: Progress | None

    def includes(self, state: str) -> bool:
        """Whether that state is asked for."""
        return self.states is None or state in self.states


@dataclass(frozen=True)
class Source:
    """One source: `url` is its page for people."""

    read: Callable[[SourceQuery], SourceList]
    url: str
    license: str


def _read_curated(asking: SourceQuery) -> SourceList:
    """The list that ships with the program."""
    starter = load_pack(STARTER, as_built=True)
    clinics = starter.clinics[[asking.includes(state) for state in starter.clinics["state"]]].reset_index(drop=True)
    services = starter.services[starter.services["clinic_id"].isin(clinics["clinic_id"])].reset_index(drop=True)
    pages = services.dropna(subset=["source_url"]).drop_duplicates("clinic_id").set_index("clinic_id")["source_url"]
    return SourceList(clinics, services, pages, vintage=starter.manifest.built_on)


def _read_samhsa_directory(asking: SourceQuery) -> SourceList:
    got = fetch_first(
        settings().addresses["samhsa"],
        cache=asking.cache,
        progress=asking.progress,
        mirror=asking.mirror,
        refresh=asking.refresh,
    )
    return directory_list(read_samhsa_directory(got.path, source_url=got.url), asking.states)


def directory_list(listed: SamhsaDirectory, states: Collection[str] | None = None) -> SourceList:
    """SAMHSA's directory as a list of records, those of `states` (None: all)."""
    here = listed.clinics["state"].isin(STATES if states is None else list(states))
    clinics = listed.clinics[here].reset_index(drop=True)
    services = listed.services[listed.services["clinic_id"].isin(clinics["clinic_id"])].reset_index(drop=True)
    counts = listed.services["treatment"].value_counts()
    each = ", ".join(f"{treatment} {count:,}" for treatment, count in counts.items())
    notes = [
        f"SAMHSA's {listed.year} directory lists {listed.facilities:,} facilities that answered its survey, "
        f"{len(listed.clinics):,} with a treatment here ({each}). It has no code for esketamine and few "
        "private infusion clinics: a clinic that is not in it may still exist.",
        PAYERS_NOTE,
    ]
    if listed.elsewhere:
        notes.append(f"{listed.elsewhere:,} facilities outside the states and Puerto Rico are left out.")
    return SourceList(clinics, services, notes=tuple(notes), vintage=f"{listed.year} (survey of {listed.year - 1})")


def _reader_of(read: Callable[..., SourceList]) -> Callable[[SourceQuery], SourceList]:
    def ask_source(asking: SourceQuery) -> SourceList:
        return read(
            states=asking.states,
            cache=asking.cache,
            mirror=asking.mirror,
            refresh=asking.refresh,
            progress=asking.progress,
        )

    return ask_source


# By the keys of `access.vocabulary.SOURCES`, in its order. An own list is imported, not asked.
SOURCE_REGISTRY: Final[Mapping[str, Source]] = {
    "curated": Source(_read_curated, "data/starter/clinics.parquet", STARTER_LICENSE),
    "samhsa_locator": Source(_reader_of(fetch_locator_list), "https://findtreatment.gov/", SAMHSA_LICENSE),
    "samhsa_directory": Source(_read_samhsa_directory, "https://www.samhsa.gov/data/", SAMHSA_LICENSE),
    "medicare": Source(_reader_of(fetch_medicare_list), "https://data.cms.gov/", PUBLIC_DOMAIN),
    "nppes": Source(_reader_of(fetch_nppes_list), "https://npiregistry.cms.hhs.gov/", PUBLIC_DOMAIN),
    "openstreetmap": Source(
        _reader_of(fetch_openstreetmap_list), "https://www.openstreetmap.org/copyright", "ODbL 1.0"
    ),
}
