"""OpenStreetMap extracts as files: of what day they are, and several made into one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from access.errors import SourceError
from access.sources.drafts import has_drafts, write_numbered
from access.sources.fetch import Progress

_EVERY: Final = 1_000_000
_KINDS: Final = "nwr"


def as_of(extract: Path) -> str | None:
    """The moment of the map that the extract shows, as its header has it; None: it does not say.

    Raises
    ------
    SourceError: it is not an OpenStreetMap extract; pyosmium is not installed.
    """
    osmium = _osmium()
    try:
        with osmium.io.Reader(str(extract), osmium.osm.osm_entity_bits.NOTHING) as reader:
            return reader.header().get("osmosis_replication_timestamp") or None
    except (RuntimeError, OSError) as failure:
        raise SourceError(f"{extract} cannot be read as an OpenStreetMap extract ({failure}).") from failure


def one_extract(extracts: Sequence[Path], folder: Path, *, progress: Progress | None = None) -> Path:
    """One extract of all that is in any of `extracts`, which a router can read; written to `folder` if need be.

    Each object is there once, in its newest version. What lies on both sides of a border has the same number in
    both extracts, so roads go on across it. They are read side by side, in the order of the numbers, so that memory
    does not grow with the files.

    Raises
    ------
    SourceError: one is not an extract, is cut short, or is not in the order of its numbers.
    """
    osmium = _osmium()
    try:
        sound = [_without_drafts(osmium, number, extract, folder) for number, extract in enumerate(extracts)]
        if len(sound) == 1:
            return sound[0]
        merged = folder / "merged.osm.pbf"
        _merge(osmium, sound, merged, progress)
    except SourceError:
        raise
    except (RuntimeError, OSError) as failure:
        names = ", ".join(str(extract) for extract in extracts)
        raise SourceError(f"{names} cannot be read ({failure}). Fetch it again.") from failure
    return merged


def _without_drafts(osmium: Any, number: int, extract: Path, folder: Path) -> Path:
    if not has_drafts(osmium, extract):
        return extract
    target = folder / f"numbered{number}.osm.pbf"
    write_numbered(osmium, extract, target, file_number=number)
    return target


def _merge(osmium: Any, extracts: Sequence[Path], target: Path, progress: Progress | None) -> None:
    doing, last, count = f"merge {len(extracts)} extracts", (-1, 0), 0
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for found in _side_by_side(osmium, extracts):
            last = _next(last, found, extracts)
            writer.add(found)
            count += 1
            if progress and count % _EVERY == 0:
                progress(doing, count, None)
    if progress:
        progress(doing, count, count)


def _side_by_side(osmium: Any, extracts: Sequence[Path]) -> Iterator[Any]:
    """Each object once, in the newest version of any file."""
    for versions in osmium.zip_processors(*(osmium.FileProcessor(str(extract)) for extract in extracts)):
        yield max((one for one in versions if one is not None), key=lambda one: one.version)


def _next(last: tuple[int, int], found: Any, extracts: Sequence[Path]) -> tuple[int, int]:
    here = (_KINDS.index(found.type_str()), found.id)
    if here <= last:
        names = ", ".join(str(extract) for extract in extracts)
        raise SourceError(
            f"One of {names} is not in the order of its numbers ({found.type_str()}{found.id} comes too late), so it "
            "cannot be merged. Sort it first (osmium sort), or take Geofabrik's own."
        )
    return here


def _osmium() -> Any:
    try:
        import osmium
    except ImportError:
        raise SourceError("Reading map extracts needs pyosmium: pip install trd-access[roads]") from None
    return osmium
