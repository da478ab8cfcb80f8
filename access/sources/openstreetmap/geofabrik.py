"""OpenStreetMap extracts of Geofabrik, by the name of a state or a part of one."""

import re
from pathlib import Path
from typing import Final

from access.errors import SourceError
from access.settings import settings
from access.sources.fetching.copies import FetchedFile
from access.sources.fetching.download import fetch_first
from access.sources.fetching.progress import Progress

LICENSE: Final = "ODbL 1.0, © OpenStreetMap contributors"
_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*(/[a-z]+(-[a-z]+)*)?")


def fetch_extract(
    name: str,
    *,
    cache: Path,
    progress: Progress | None = None,
    mirror: str | Path | None = None,
    refresh: bool = False,
) -> FetchedFile:
    """The extract of that name (`maine`, `us/maine`, `california/norcal`), whole.

    Raises
    ------
    SourceError
        It is not such a name, or as `access.sources.fetching.download.fetch_file`.
    """
    plain = name.removeprefix("us/")
    if not _NAME.fullmatch(plain):
        raise SourceError(
            f"'{name}' is neither a file nor the name of an extract; write a path such as maine.osm.pbf, or a name as "
            "Geofabrik has it: maine, new-hampshire, california/norcal."
        )
    addresses = [address.format(name=plain) for address in settings().addresses["geofabrik"]]
    return fetch_first(addresses, cache=cache, progress=progress, mirror=mirror, refresh=refresh)
