"""The sources of the directory, each with how it is read, and under what terms its records may be used."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from access.places.national_files import PUBLIC_DOMAIN
from access.places.pack import STARTER, load_pack
from access.settings import settings
from access.sources.fetch import Progress, fetch_first
from access.sources.listing import SourceList
from access.sources.locator import locator
from access.sources.medicare import medicare
from access.sources.nppes import organisations
from access.sources.overpass import facilities
from access.sources.samhsa import Directory, directory
from access.vocabulary import STATES

SAMHSA_LICENCE: Final = "Public domain; cite SAMHSA; must not be sold without its authorisation"
STARTER_LICENCE: Final = "MIT; facts from the public pages that each row names"
PAYERS_NOTE: Final = "A payer that a facility did not name is not known; it is not refused."


@dataclass(frozen=True)
class Asking:
    """How sources are asked. `states`: USPS codes; None: everywhere. `again`: also for what was read lately."""

    states: Sequence[str] | None
    cache: Path
    mirror: str | None
    again: bool
    progress: Progress | None

    def has(self, state: str) -> bool:
        """Whether that state is asked for."""
        return self.states is None or state in self.states


@dataclass(frozen=True)
class Source:
    """One source: `url` is its page for people."""

    read: Callable[[Asking], SourceList]
    url: str
    licence: str


def _curated(asking: Asking) -> SourceList:
    """The list that ships with the program."""
    starter = load_pack(STARTER, as_built=True)
    clinics = starter.clinics[[asking.has(state) for state in starter.clinics["state"]]].reset_index(drop=True)
    services = starter.services[starter.services["clinic_id"].isin(clinics["clinic_id"])].reset_index(drop=True)
    pages = services.dropna(subset=["source_url"]).drop_duplicates("clinic_id").set_index("clinic_id")["source_url"]
    return SourceList(clinics, services, pages, vintage=starter.manifest.built_on)


def _samhsa_directory(asking: Asking) -> SourceList:
    got = fetch_first(
        settings().addresses["samhsa"],
        cache=asking.cache,
        progress=asking.progress,
        mirror=asking.mirror,
        refresh=asking.again,
    )
    return directory_list(directory(got.path, source_url=got.url), asking.states)


def directory_list(listed: Directory, states: Collection[str] | None = None) -> SourceList:
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


def _asked(read: Callable[..., SourceList]) -> Callable[[Asking], SourceList]:
    def asked(asking: Asking) -> SourceList:
        return read(
            states=asking.states,
            cache=asking.cache,
            mirror=asking.mirror,
            refresh=asking.again,
            progress=asking.progress,
        )

    return asked


# By the keys of `access.vocabulary.SOURCES`, in its order. An own list is imported, not asked.
SOURCE: Final[Mapping[str, Source]] = {
    "curated": Source(_curated, "data/starter/clinics.parquet", STARTER_LICENCE),
    "samhsa_locator": Source(_asked(locator), "https://findtreatment.gov/", SAMHSA_LICENCE),
    "samhsa_directory": Source(_samhsa_directory, "https://www.samhsa.gov/data/", SAMHSA_LICENCE),
    "medicare": Source(_asked(medicare), "https://data.cms.gov/", PUBLIC_DOMAIN),
    "nppes": Source(_asked(organisations), "https://npiregistry.cms.hhs.gov/", PUBLIC_DOMAIN),
    "openstreetmap": Source(_asked(facilities), "https://www.openstreetmap.org/copyright", "ODbL 1.0"),
}
