"""Files and folders replaced whole or not at all, even if the program is killed; and the lock of a folder."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout, lock_descriptor

from access.errors import AccessError, PackError

_LEFTOVER: Final = re.compile(r"\.(?P<name>.+)-[a-z0-9_]{8}(?P<old>-old)?")


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """`folder` as `write(temporary)` left it, put in place by rename; two that replace it at once take turns.

    Raises
    ------
    PackError
        The disk is full or may not be written; what stood in `folder` is untouched.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock_parent(folder):
            _restore_under_lock(folder)
            temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            _fill_and_rename(temporary, folder, write)
    except AccessError:
        raise
    except OSError as failure:
        raise PackError(
            f"{folder.parent} cannot be written ({failure.strerror}). Choose another place with TRD_ACCESS_DATA."
        ) from failure


def restore_folder(folder: Path) -> None:
    """Where `folder` is gone because a replacement was killed between its two renames, the one that stood there."""
    if not folder.exists() and any(_leftovers_of(folder, old=True)):
        with suppress(OSError), _lock_parent(folder):
            _restore_under_lock(folder)


def names_set_aside(parent: Path) -> set[str]:
    """The names of the folders in `parent` that a replacement, at work or killed, has set aside."""
    found = (_LEFTOVER.fullmatch(path.name) for path in parent.glob(".*-old"))
    return {match["name"] for match in found if match}


def _restore_under_lock(folder: Path) -> None:
    """Under the lock, whatever is aside was left by somebody who was killed: the folder itself, or rubbish."""
    olds = sorted(_leftovers_of(folder, old=True), key=lambda path: path.stat().st_mtime_ns)
    if olds and not folder.exists():
        olds[-1].rename(folder)
    for left in (*_leftovers_of(folder, old=True), *_leftovers_of(folder, old=False)):
        shutil.rmtree(left, ignore_errors=True)


def _fill_and_rename(temporary: Path, folder: Path, write: Callable[[Path], None]) -> None:
    try:
        write(temporary)
        _rename_into_place(temporary, folder)
    except AccessError:
        raise
    except OSError as failure:
        raise PackError(
            f"{folder} could not be written ({failure.strerror or failure}); what was there is untouched. "
            "Free some space and try again."
        ) from failure
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _rename_into_place(temporary: Path, folder: Path) -> None:
    temporary.chmod(0o755)
    old = temporary.with_name(temporary.name + "-old")
    if folder.exists():
        folder.rename(old)
    try:
        temporary.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _leftovers_of(folder: Path, *, old: bool) -> list[Path]:
    found = []
    for path in folder.parent.glob(f".{folder.name}-*"):
        match = _LEFTOVER.fullmatch(path.name)
        if match and match["name"] == folder.name and bool(match["old"]) is old:
            found.append(path)
    return found


@contextmanager
def _lock_parent(folder: Path) -> Iterator[None]:
    """Alone with all that lies beside `folder`; the system lifts the lock of a program that is killed."""
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        lock_descriptor(handle)
        yield
    finally:
        os.close(handle)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Alone at changing `folder`, from what is read of it to what is written; killed, the system lifts the lock.

    Raises
    ------
    PackError
        Another command is changing it, or the disk may not be written.
    """
    # No marker file instead of the system's lock: a killed program would leave it behind.
    lock = FileLock(folder.with_name(f".{folder.name}.lock"), blocking=False, mode=0o644, fallback_to_soft=False)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise PackError(f"'{folder.name}' is being changed by another command. Wait until that has ended.") from None
    except OSError as failure:
        raise PackError(
            f"{folder.parent} cannot be written ({failure.strerror}). Choose another place with TRD_ACCESS_DATA."
        ) from failure
    try:
        yield
    finally:
        lock.release()


def write_whole(path: Path, content: bytes) -> None:
    """The file with that content, whole or not at all.

    Raises
    ------
    PackError
        The disk is full or may not be written; the old file is untouched.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as failure:
        raise PackError(
            f"{path} could not be written ({failure.strerror or failure}). Free some space and try again."
        ) from failure
