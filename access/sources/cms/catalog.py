"""The catalog of CMS: where the newest year of a dataset stands, since its address changes with each year."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.replies import LenientModel, Request, ask_service


@dataclass(frozen=True)
class Edition:
    """One year of a dataset: `url` answers programs, `page` is for people."""

    url: str
    year: int
    page: str


class _Distribution(LenientModel):
    title: str = ""
    format: str = ""
    description: str = ""
    accessURL: str = ""
    downloadURL: str = ""
    temporal: str = ""

    @property
    def url(self) -> str:
        """Where its rows are asked for; "": it is a file. The catalogue has at times listed an API as a download."""
        if self.format.upper() == "API":
            return self.accessURL
        return self.downloadURL if "/data-api/v1/dataset/" in self.downloadURL else ""

    @property
    def year(self) -> int:
        """The last year it covers, as its period or else its title says; 0: neither does."""
        years = re.findall(r"(?<!\d)(20\d\d)-\d\d", self.temporal) or re.findall(r"(?<!\d)(20\d\d)(?!\d)", self.title)
        return int(years[-1]) if years else 0


class _Dataset(LenientModel):
    title: str = ""
    landingPage: str = ""
    distribution: list[_Distribution] = Field(default_factory=list)


class _Catalog(LenientModel):
    dataset: list[_Dataset]


def find_newest_edition(title: str, *, cache: Path, mirror: str | Path | None, max_age_days: float) -> Edition:
    """The newest year of the dataset with this title that can be asked by an API.

    Raises
    ------
    SourceError
        The catalogue cannot be read, has no such dataset, or sends us to another host.

    Source
    ------
    CMS, data.cms.gov/data.json, a DCAT catalogue.
    """
    address = settings().addresses["medicare"][0]
    got = ask_service(
        Request(address), _Catalog.model_validate_json, cache=cache, mirror=mirror, max_age_days=max_age_days
    )
    editions = [
        (item.year, item.description.lower() == "latest", item.url, entry.landingPage)
        for entry in got.value.dataset
        if " ".join(entry.title.split()) == title
        for item in entry.distribution
        if item.url and item.year
    ]
    if not editions:
        raise SourceError(
            f"{address} lists no dataset '{title}' with an API and a year. Give a catalogue that does in "
            "TRD_ACCESS_URL_MEDICARE, or report that it has changed."
        )
    year, _, url, page = max(editions)
    if urlsplit(url).netloc != urlsplit(address).netloc:
        raise SourceError(f"{address} sends us to another host ({url}). Nothing was asked there; report it.")
    return Edition(url, year, page or url)
