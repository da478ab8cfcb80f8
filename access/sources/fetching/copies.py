"""Copies of publishers' files on this machine: in a mirror folder, or in the cache of downloads."""

import errno
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from access.errors import SourceError

_PAGE_STARTS: Final = (b"<!doctype html", b"<html", b"<head", b"<?xml")
_MAGIC: Final = {".xlsx": b"PK\x03\x04", ".zip": b"PK\x03\x04", ".parquet": b"PAR1"}


@dataclass(frozen=True)
class FetchedFile:
    """One whole file: where it is, where it came from, and when (`retrieved`: the UTC date)."""

    path: Path
    url: str
    sha256: str
    size_bytes: int
    retrieved: str


class AbsentFileError(SourceError):
    """There is no such file at this address."""


def utc_day() -> str:
    """Today's UTC date, as files and packs are dated."""
    return datetime.now(UTC).date().isoformat()


def mirror_path_of(url: str) -> str:
    """`HOST/PATH?QUERY`, the place of `https://HOST/PATH?QUERY` in every mirror.

    Raises
    ------
    SourceError
        It is not a web address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or ".." in parts.path.split("/"):
        raise SourceError(f"'{url}' is not a web address; write it like https://host/path.")
    return parts.netloc + parts.path + (f"?{parts.query}" if parts.query else "")


def shelf_name(mirror: str = "") -> str:
    """The folder of a cache where copies from that mirror are kept, "" the publisher: they may differ."""
    return "mirror-" + hashlib.sha256(mirror.encode()).hexdigest()[:12] if mirror else "publisher"


def path_in_cache(cache: Path, url: str, mirror: str = "") -> Path:
    """Where the copy of `url` is kept, by a name that every file system allows.

    Raises
    ------
    SourceError
        It is not a web address.
    """
    return cache / shelf_name(mirror) / mirror_path_of(url).replace("?", "%3F").replace(":", "%3A")


def find_in_mirror(url: str, folder: Path) -> FetchedFile:
    """The copy of `url` in a mirror folder, read in place.

    Raises
    ------
    SourceError
        The folder or the file is not there, or the file is a web page or empty.
    """
    if not folder.is_dir():
        raise SourceError(f"The mirror {folder} is not a folder. Correct --mirror or TRD_ACCESS_MIRROR.")
    path = folder / mirror_path_of(url)
    if not path.is_file():
        raise AbsentFileError(f"The mirror {folder} has no copy of {url}: put it there as {mirror_path_of(url)}.")
    refuse_page(path, url)
    return describe_file(path, url)


def describe_file(path: Path, url: str) -> FetchedFile:
    """What `path` holds today: its size and SHA-256."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
    except OSError as failure:
        raise SourceError(f"{path} cannot be read ({failure.strerror}).") from failure
    return FetchedFile(path, url, digest, size, utc_day())


def find_copy(target: Path, url: str) -> FetchedFile | None:
    """The download that `target` is, with the date it came; None: it is not there, or not as it was."""
    try:
        note = json.loads(note_of(target).read_text(encoding="utf-8"))
        if note["url"] != url or target.stat().st_size != note["size_bytes"]:
            return None
        found = describe_file(target, url)
        retrieved = str(note["retrieved"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    same = found.sha256 == note["sha256"]
    return FetchedFile(target, url, found.sha256, found.size_bytes, retrieved) if same else None


def keep_download(part: Path, target: Path, url: str) -> FetchedFile:
    """A whole download under its own name, with a note of its hash and date beside it.

    Raises
    ------
    SourceError
        What came is a web page, empty, or not the kind of file it is named; it is thrown away.
    """
    try:
        refuse_page(part, url)
    except SourceError:
        part.unlink()
        raise
    found = describe_file(part, url)
    part.replace(target)
    note_of(target).write_text(json.dumps({**asdict(found), "path": target.name}, indent=1), encoding="utf-8")
    note_of(part).unlink(missing_ok=True)
    return FetchedFile(target, url, found.sha256, found.size_bytes, found.retrieved)


def keep_content(content: bytes, target: Path, url: str) -> FetchedFile:
    """`keep_download`, of bytes at hand.

    Raises
    ------
    SourceError
        As `keep_download`; the disk is full.
    """
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        return keep_download(part, target, url)
    except SourceError:
        raise
    except OSError as failure:
        raise_disk_error(failure, target)


def note_of(path: Path) -> Path:
    """The small JSON file beside a copy that says what it is."""
    return path.with_name(path.name + ".json")


def refuse_page(path: Path, url: str) -> None:
    """Nothing, when the first bytes can be data.

    Raises
    ------
    SourceError
        They are a web page, none, or not of the kind that the name promises.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if is_page(start):
        raise_page_error(url)
    if not start:
        raise SourceError(f"{url} is empty. Try again later, or use a mirror.")
    suffix = Path(urlsplit(url).path).suffix.lower()
    if not start.startswith(_MAGIC.get(suffix, b"")):
        raise SourceError(f"{url} is not the {suffix} file that it is named. Try again later, or use a mirror.")


def is_page(content: bytes) -> bool:
    """Whether it begins as a web page does."""
    return content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS)


def raise_page_error(url: str) -> NoReturn:
    """The sentence for a web page where data was expected."""
    raise SourceError(
        f"{url} answered with a web page instead of data: the file has moved, or asks for a key. "
        "Give its new address in TRD_ACCESS_URL_..., or use a mirror."
    )


def raise_disk_error(failure: OSError, target: Path) -> NoReturn:
    """The sentence for a copy that could not be written."""
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        raise SourceError(
            f"The disk is full: {target.name} could not be kept in {target.parent}. "
            "Free some space and try again; what has come is kept."
        ) from failure
    raise SourceError(
        f"{target} could not be written ({failure.strerror or failure}). Choose another place with TRD_ACCESS_DATA."
    ) from failure
