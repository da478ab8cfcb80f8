"""OpenStreetMap extracts as files: of what day they are, and several made into one that a router can read.

Drafts, which were never uploaded, have numbers below zero, which routers refuse; they get free numbers.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from access.errors import SourceError
from access.sources.fetching.progress import Progress

_OBJECTS_A_REPORT: Final = 1_000_000
_KINDS: Final = "nwr"


def timestamp_of_extract(extract: Path) -> str | None:
    """The moment of the map that the extract shows, as its header has it; None: it does not say.

    Raises
    ------
    SourceError
        It is not an OpenStreetMap extract; pyosmium is not installed.
    """
    osmium = _import_osmium()
    try:
        with osmium.io.Reader(str(extract), osmium.osm.osm_entity_bits.NOTHING) as reader:
            return reader.header().get("osmosis_replication_timestamp") or None
    except (RuntimeError, OSError) as failure:
        raise SourceError(f"{extract} cannot be read as an OpenStreetMap extract ({failure}).") from failure


def merge_extracts(extracts: Sequence[Path], folder: Path, *, progress: Progress | None = None) -> Path:
    """One extract of all that is in any of `extracts`, which a router can read; written to `folder` if need be.

    Each object is there once, in its newest version. What lies on both sides of a border has the same number in
    both extracts, so roads go on across it. They are read side by side, in the order of the numbers, so that memory
    does not grow with the files.

    Raises
    ------
    SourceError
        One is not an extract, is cut short, or is not in the order of its numbers.
    """
    osmium = _import_osmium()
    try:
        sound = [_number_drafts(osmium, number, extract, folder) for number, extract in enumerate(extracts)]
        if len(sound) == 1:
            return sound[0]
        merged = folder / "merged.osm.pbf"
        _write_merged(osmium, sound, merged, progress)
    except SourceError:
        raise
    except (RuntimeError, OSError) as failure:
        names = ", ".join(str(extract) for extract in extracts)
        raise SourceError(f"{names} cannot be read ({failure}). Fetch it again.") from failure
    return merged


def _number_drafts(osmium: Any, number: int, extract: Path, folder: Path) -> Path:
    if not has_drafts(osmium, extract):
        return extract
    target = folder / f"numbered{number}.osm.pbf"
    write_with_numbered_drafts(osmium, extract, target, file_number=number)
    return target


def _write_merged(osmium: Any, extracts: Sequence[Path], target: Path, progress: Progress | None) -> None:
    doing = f"merge {len(extracts)} extracts"
    last = (-1, 0)
    count = 0
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for found in _newest_versions(osmium, extracts):
            last = _check_order(last, found, extracts)
            writer.add(found)
            count += 1
            if progress and count % _OBJECTS_A_REPORT == 0:
                progress(doing, count, None)
    if progress:
        progress(doing, count, count)


def _newest_versions(osmium: Any, extracts: Sequence[Path]) -> Iterator[Any]:
    """Each object once, in the newest version of any file."""
    for versions in osmium.zip_processors(*(osmium.FileProcessor(str(extract)) for extract in extracts)):
        yield max((one for one in versions if one is not None), key=lambda one: one.version)


def _check_order(last: tuple[int, int], found: Any, extracts: Sequence[Path]) -> tuple[int, int]:
    here = (_KINDS.index(found.type_str()), found.id)
    if here <= last:
        names = ", ".join(str(extract) for extract in extracts)
        raise SourceError(
            f"One of {names} is not in the order of its numbers ({found.type_str()}{found.id} comes too late), so it "
            "cannot be merged. Sort it first (osmium sort), or take Geofabrik's own."
        )
    return here


def _import_osmium() -> Any:
    try:
        import osmium
    except ImportError:
        raise SourceError("Reading map extracts needs pyosmium: pip install trd-access[roads]") from None
    return osmium


# Numbers of objects fit in 40 bits; the map itself is far below half of that.
_FREE_NUMBERS: Final = 1 << 39
_NUMBERS_A_FILE: Final = 1 << 34  # of one file's drafts from the next file's


def has_drafts(osmium: Any, extract: Path) -> bool:
    """Whether numbers below zero stand first in the extract, where the order of numbers puts them."""
    return any(number < 0 for number in islice((found.id for found in osmium.FileProcessor(str(extract))), 1))


def write_with_numbered_drafts(osmium: Any, extract: Path, target: Path, *, file_number: int = 0) -> None:
    """The extract with each draft under a free number above all others, and named so by its ways and relations."""
    start = _FREE_NUMBERS + file_number * _NUMBERS_A_FILE

    def new_number(number: int) -> int:
        return number if number >= 0 else start - number

    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for drafts in (False, True):  # the order of the numbers is kept
                for found in osmium.FileProcessor(str(extract), kind):
                    if (found.id < 0) is drafts:
                        writer.add(found.replace(id=new_number(found.id), **_renumber_references(found, new_number)))


def _renumber_references(found: Any, new_number: Any) -> dict[str, Any]:
    if found.is_way():
        return {"nodes": [new_number(node.ref) for node in found.nodes]}
    if found.is_relation():
        return {"members": [(one.type, new_number(one.ref), one.role) for one in found.members]}
    return {}
