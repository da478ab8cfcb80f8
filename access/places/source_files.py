"""The files that a pack is made of: fetched, read, and noted for its manifest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from access.places.pack import SourceRecord
from access.settings import settings
from access.sources.fetching.copies import FetchedFile
from access.sources.fetching.download import fetch_first
from access.sources.fetching.progress import Progress

RUCA_TITLE: Final = "Rural-Urban Commuting Area codes by tract"
PUBLIC_DOMAIN: Final = "Public domain (a work of the US Government)"


@dataclass(frozen=True)
class SourceFiles:
    """Where files come from, and a record of each that came, in turn."""

    cache: Path
    mirror: str | None
    progress: Progress | None
    refresh: bool
    records: list[SourceRecord] = field(default_factory=list)

    @classmethod
    def from_settings(
        cls, mirror: str | Path | None, progress: Progress | None, *, refresh: bool = False
    ) -> "SourceFiles":
        """Files in the cache of this machine, from that mirror or else the one of the settings."""
        chosen = settings()
        return cls(chosen.data_folder / ".cache", str(mirror) if mirror else chosen.mirror, progress, refresh)

    def fetch(self, name: str, **parts: str) -> FetchedFile:
        """The file that the settings name so, whole; `parts` fill in an address such as {year}."""
        addresses = settings().addresses[name]
        got = fetch_first(
            [address.format(**parts) for address in addresses] if parts else addresses,
            cache=self.cache,
            progress=self.progress,
            mirror=self.mirror,
            refresh=self.refresh,
        )
        self.step(got.path.name, got.size_bytes, got.size_bytes)
        return got

    def read_table(self, name: str, read: Callable[[Path], pd.DataFrame], title: str, vintage: str) -> pd.DataFrame:
        """The table that `read` makes of that file, which goes on record."""
        got = self.fetch(name)
        table = read(got.path)
        self.record(got, title=title, rows=len(table), vintage=vintage)
        return table

    def record(
        self,
        got: FetchedFile,
        *,
        title: str,
        rows: int,
        vintage: str,
        license: str = PUBLIC_DOMAIN,
        source: str | None = None,
    ) -> None:
        """One more source for the manifest; `source`: its key in SOURCES, if it lists clinics."""
        self.records.append(
            SourceRecord(
                name=title,
                url=got.url,
                sha256=got.sha256,
                size_bytes=got.size_bytes,
                rows=rows,
                retrieved=got.retrieved,
                vintage=vintage,
                licence=license,
                source=source,
            )
        )

    def step(self, what: str, done: int, total: int) -> None:
        """Tells whoever watches."""
        if self.progress:
            self.progress(what, done, total)

    def notes(self) -> list[str]:
        """What to know about where the files came from."""
        return [f"The files were read from the mirror {self.mirror}, as its keeper left them."] if self.mirror else []
