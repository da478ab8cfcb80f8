"""A store in one file: a line of JSON that says so, a line for every version, and a line that counts them."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from access.errors import ScenarioError, StoreError
from access.scenarios.store.checks import (
    MOST_BYTES,
    check_author,
    check_document,
    check_name,
    check_note,
)

HEAD: Final = {"trd_access_scenarios": 1}
MOST_FILE_BYTES: Final = 2_000_000_000
# A document in JSON takes at most six bytes for one, if another program wrote every character as \uXXXX.
_MOST_LINE_BYTES: Final = 6 * MOST_BYTES + 50_000
_LAST_LINE_START: Final = b'{"versions"'
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Version(BaseModel):
    """One version of a scenario as a file holds it; `document` None: this version retired it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: str
    version: int
    document: str | None
    author: str
    note: str
    saved_at: Annotated[AwareDatetime, Field(ge=_EARLIEST, le=_LATEST)]


class _LastLine(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    versions: int


def write_versions(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Writes the rows to `path`, whole or not at all, and gives their number; a file that was there is replaced.

    Raises
    ------
    StoreError
        The folder cannot be written, or the disk is full.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as failure:
        raise StoreError(f"{path} cannot be written ({failure.strerror}). Choose another folder.") from failure
    try:
        with os.fdopen(handle, "wb") as file:
            count = _write_lines(file, rows)
        Path(temporary).replace(path)
    except OSError as failure:
        raise StoreError(
            f"{path} could not be written ({failure.strerror}); what was there is untouched. Choose another place."
        ) from failure
    finally:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
    return count


def read_versions(path: Path) -> Iterator[Version]:
    """Every version in the file, each checked, and each name's in order from 1.

    Raises
    ------
    ScenarioError
        It is no export of a store, is cut short, or a line is not what it should be; names the line.
    StoreError
        It cannot be read.
    """
    try:
        # A pipe would be waited for, and a device has no end.
        if path.exists() and not (path.is_file() and path.stat().st_size <= MOST_FILE_BYTES):
            raise ScenarioError(f"{path} is no file of at most {MOST_FILE_BYTES:,} bytes. Name an export.")
        with path.open("rb") as file:
            yield from _read_lines(path, file)
    except OSError as failure:
        raise StoreError(f"{path} cannot be read ({failure.strerror}). Name an export of a store.") from failure


def _write_lines(file: IO[bytes], rows: Iterable[Mapping[str, Any]]) -> int:
    file.write(_json_line(HEAD))
    count = 0
    for row in rows:
        file.write(_json_line({**row, "saved_at": row["saved_at"].isoformat()}))
        count += 1
    file.write(_json_line({"versions": count}))
    return count


def _json_line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"


def _read_lines(path: Path, file: IO[bytes]) -> Iterator[Version]:
    if file.readline(_MOST_LINE_BYTES) != _json_line(HEAD):
        raise ScenarioError(f"{path} is no export of a store of scenarios. Make one with: trd-access scenario export")
    newest: dict[str, int] = {}
    count = 0
    while (line := file.readline(_MOST_LINE_BYTES + 1)) and not line.startswith(_LAST_LINE_START):
        count += 1
        where = f"{path}, line {count + 1}"
        version = _parse_version(line, where)
        _check_order(version, newest.get(version.name, 0), where)
        newest[version.name] = version.version
        yield version
    _check_end(line, file, count, path)


def _parse_version(line: bytes, where: str) -> Version:
    if len(line) > _MOST_LINE_BYTES:
        raise ScenarioError(f"{where}, is over {_MOST_LINE_BYTES:,} bytes; no scenario is. Export the store again.")
    try:
        read = Version.model_validate_json(line)
        checks = {
            "name": check_name(read.name),
            "author": check_author(read.author),
            "note": check_note(read.note),
            "document": read.document if read.document is None else check_document(read.document),
        }
    except ValidationError as failure:
        first = failure.errors(include_url=False)[0]
        at = ".".join(map(str, first["loc"])) or "the line"
        raise ScenarioError(f"{where}: {at}: {first['msg']}. Export the store again.") from None
    except ScenarioError as failure:
        raise ScenarioError(f"{where}: {failure}") from None
    return read.model_copy(update=checks)


def _check_order(version: Version, newest: int, where: str) -> None:
    if version.version == newest + 1:
        return
    wrong = "is there twice" if 1 <= version.version <= newest else f"does not follow version {newest}"
    raise ScenarioError(
        f"{where}: version {version.version} of '{version.name}' {wrong}; they count from 1. Export the store again."
    )


def _check_end(line: bytes, file: IO[bytes], count: int, path: Path) -> None:
    try:
        said = _LastLine.model_validate_json(line).versions
    except ValidationError:
        said = None
    if said != count or not line.endswith(b"\n") or file.read(1):
        raise ScenarioError(
            f"{path} is cut short or was changed: its last line does not count its {count} versions. "
            "Export the store again."
        )
