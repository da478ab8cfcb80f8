"""What each source says of each site, as it says it, kept with points and history beside the clinics of a pack."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from access.errors import PackError, TableError
from access.places.pack import Pack
from access.tables import (
    ADDRESS_POINTS,
    CHANGES,
    LISTINGS,
    SERVICES,
    check_table,
    conform_table,
    parquet_bytes,
)

_FILES: Final = {"listings": LISTINGS, "listed_services": SERVICES}


# How the services of packs that kept no listings name their source, by its beginning.
_SOURCE_BY_LABEL: Final = {"TRD Access": "curated", "SAMHSA Find": "samhsa_locator", "SAMHSA": "samhsa_directory"}


@dataclass(frozen=True)
class Listings:
    """`clinics`: one row per record, as LISTINGS. `services`: as SERVICES, `clinic_id` being the record's."""

    clinics: pd.DataFrame
    services: pd.DataFrame

    def of_source(self, source: str) -> "Listings":
        """The records of one source."""
        return self.where(self.clinics["source"].eq(source))

    def where(self, chosen: "pd.Series[bool]") -> "Listings":
        """The records that are chosen, a boolean each, with what they offer."""
        clinics = self.clinics[chosen]
        theirs = self.services["clinic_id"].isin(clinics["clinic_id"])
        return Listings(clinics.reset_index(drop=True), self.services[theirs].reset_index(drop=True))

    def files_beside(self) -> dict[str, bytes]:
        """The files that keep them in a pack's folder, by name."""
        return {
            f"{name}.parquet": parquet_bytes(table, contract)
            for (name, contract), table in zip(_FILES.items(), (self.clinics, self.services), strict=True)
        }


def read_beside(folder: Path, name: str, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """A table that lies beside a pack's own; where it is not there, one without rows.

    Raises
    ------
    PackError
        It is damaged.
    """
    path = folder / f"{name}.parquet"
    try:
        table = pd.read_parquet(path) if path.is_file() else pd.DataFrame(columns=list(contract.columns))
        return conform_table(check_table(table, contract, where=str(path)), contract)
    except (OSError, ValueError, TableError) as failure:
        raise PackError(f"{path} is damaged and cannot be read. Build the pack again (trd-access data build).") from (
            failure
        )


def listings_of(pack: Pack) -> Listings:
    """The clinics of a pack that kept no listings, each as one record.

    First and last seen when the pack was built; the source is that of the clinic's first service.
    """
    first = pack.services.drop_duplicates("clinic_id").set_index("clinic_id")
    ids = pack.clinics["clinic_id"]
    clinics = pack.clinics.assign(
        source=[_source_of_label(str(label)) for label in ids.map(first["source"])],
        url=ids.map(first["source_url"]),
        first_seen=pack.manifest.built_on,
        last_seen=pack.manifest.built_on,
        missing_since=None,
        site=ids,
    )
    return Listings(conform_table(clinics, LISTINGS), conform_table(pack.services, SERVICES))


def _source_of_label(label: str) -> str:
    return next((source for start, source in _SOURCE_BY_LABEL.items() if label.startswith(start)), "own")


@dataclass(frozen=True)
class PackRecords:
    """`listings`: what each source says. `points`: as LOCATED. `history`: as CHANGES, the oldest first."""

    listings: Listings
    points: pd.DataFrame
    history: pd.DataFrame


def read_records(folder: Path, pack: Pack | None = None) -> PackRecords:
    """What is kept in the folder of a pack; where that is nothing, each clinic of `pack` is one record.

    Raises
    ------
    PackError
        A file is damaged.
    """
    listings = Listings(read_beside(folder, "listings", LISTINGS), read_beside(folder, "listed_services", SERVICES))
    if pack is not None and not (folder / "listings.parquet").is_file():
        listings = listings_of(pack)
    return PackRecords(listings, read_beside(folder, "located", ADDRESS_POINTS), read_history(folder))


def read_history(folder: Path) -> pd.DataFrame:
    """What each refresh of the pack in a folder found new, gone, changed or back, as CHANGES, the oldest first.

    Raises
    ------
    PackError
        The file is damaged.
    """
    return read_beside(folder, "history", CHANGES)
