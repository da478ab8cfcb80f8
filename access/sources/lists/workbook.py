"""A person's workbook (XLSX) as rows of text, read by a process of its own that may take only so much."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from access.errors import SourceError
from access.language import say
from access.sources.lists.any_csv import NumberedRows

MOST_UNPACKED_BYTES: Final = 200_000_000
_MOST_MEMBERS: Final = 2_000
_CHILD: Final = Path(__file__).with_name("workbook_child.py")
_CHILD_LETTERS: Final = 40_000_000
_CHILD_BYTES: Final = 1_000_000_000
_CHILD_SECONDS: Final = 30


def read_workbook(content: bytes, name: str, *, most_rows: int) -> tuple[NumberedRows, list[str]]:
    """The rows of the first sheet that hold any text, each with its number as the sheet shows it, and what to know.

    Raises
    ------
    SourceError
        It is no XLSX, is damaged, has no sheet with a cell, or would take too much room or time to open.
    """
    _check_size(content, name)
    answer = _run_child(content, name, most_rows)
    rows = [(number, list(cells)) for number, cells in enumerate(answer["rows"], 1) if any(cells)]
    if not rows:
        raise SourceError(f"{name} has no sheet with anything in it. Save the workbook again.")
    return rows, [say("The sheet '{sheet}' was read.", sheet=answer["sheet"])]


def _check_size(content: bytes, name: str) -> None:
    """Before anything of it is unpacked: what its own list says that it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as failure:
        raise SourceError(f"{name} is cut short or damaged. Save the workbook again.") from failure
    unpacked = sum(one.file_size for one in members)
    if unpacked > MOST_UNPACKED_BYTES or len(members) > _MOST_MEMBERS:
        raise SourceError(
            f"{name} would unpack to {unpacked / 1e6:,.0f} MB, and {MOST_UNPACKED_BYTES / 1e6:,.0f} MB is the most. "
            "Save its table alone, as 'CSV UTF-8'."
        )
    if not any(one.filename.lower().startswith("xl/") for one in members):
        raise SourceError(f"{name} is a ZIP archive, not an XLSX workbook. Give the workbook itself.")


def _run_child(content: bytes, name: str, most_rows: int) -> dict[str, Any]:
    too_much = f"{name} takes too much room or time to open. Save its table alone, as 'CSV UTF-8'."
    with TemporaryDirectory(prefix="trd-access-") as folder:
        path = Path(folder) / "list.xlsx"
        path.write_bytes(content)
        limits = map(str, (most_rows, _CHILD_LETTERS, _CHILD_BYTES, _CHILD_SECONDS))
        command = [sys.executable, "-I", str(_CHILD), str(path), *limits]
        try:
            done = subprocess.run(command, capture_output=True, timeout=2 * _CHILD_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise SourceError(too_much) from None
    if done.returncode:
        raise SourceError(too_much)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "failed" in answer:
        raise SourceError(f"{name} cannot be read ({answer['failed']}). Mend the workbook, or save it again.")
    return answer
