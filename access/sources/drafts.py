"""Drafts in an OpenStreetMap extract: what was never uploaded has a number below zero, which routers refuse."""

from itertools import islice
from pathlib import Path
from typing import Any, Final

# Numbers of objects fit in 40 bits; the map itself is far below half of that.
_FREE: Final = 1 << 39
_APART: Final = 1 << 34  # of one file's drafts from the next file's


def has_drafts(osmium: Any, extract: Path) -> bool:
    """Whether numbers below zero stand first in the extract, where the order of numbers puts them."""
    return any(number < 0 for number in islice((found.id for found in osmium.FileProcessor(str(extract))), 1))


def write_numbered(osmium: Any, extract: Path, target: Path, *, file_number: int = 0) -> None:
    """The extract with each draft under a free number above all others, and named so by its ways and relations."""
    start = _FREE + file_number * _APART

    def numbered(number: int) -> int:
        return number if number >= 0 else start - number

    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for drafts in (False, True):  # the order of the numbers is kept
                for found in osmium.FileProcessor(str(extract), kind):
                    if (found.id < 0) is drafts:
                        writer.add(found.replace(id=numbered(found.id), **_referred(found, numbered)))


def _referred(found: Any, numbered: Any) -> dict[str, Any]:
    if found.is_way():
        return {"nodes": [numbered(node.ref) for node in found.nodes]}
    if found.is_relation():
        return {"members": [(one.type, numbered(one.ref), one.role) for one in found.members]}
    return {}
