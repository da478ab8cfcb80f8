"""OpenStreetMap extracts of Geofabrik, by the name of a state or a part of one."""

import re
from pathlib import Path
from typing import Final

from access.errors import SourceError
from access.settings import settings
from access.sources.copies import Fetched
from access.sources.fetch import Progress, fetch_first

LICENCE: Final = "ODbL 1.0, © OpenStreetMap contributors"
_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*(/[a-z]+(-[a-z]+)*)?")


def fetch_extract(
    name: str,
    *,
    cache: Path,
    progress: Progress | None = None,
    mirror: str | Path | None = None,
    refresh: bool = False,
) -> Fetched:
    """The extract of that name (`maine`, `us/maine`, `california/norcal`), whole.

    Raises
    ------
    SourceError: it is not such a name, or as `access.sources.fetch.fetch`.
    """
    plain = name.removeprefix("us/")
    if not _NAME.fullmatch(plain):
        raise SourceError(
            f"'{name}' is neither a file nor the name of an extract; write a path such as maine.osm.pbf, or a name as "
            "Geofabrik has it: maine, new-hampshire, california/norcal."
        )
    addresses = [address.format(name=plain) for address in settings().addresses["geofabrik"]]
    return fetch_first(addresses, cache=cache, progress=progress, mirror=mirror, refresh=refresh)
