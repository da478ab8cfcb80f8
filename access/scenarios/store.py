"""The store of scenarios: every version that anybody saved, with who, when and why; nothing is ever overwritten."""

import difflib
import getpass
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, RowMapping, func, insert, select
from sqlalchemy.exc import IntegrityError

from access.errors import ConflictError, ScenarioError, StoreError
from access.scenarios.store_database import connected, engine_of, made_ready, versions
from access.scenarios.store_file import Version, read_versions, write_versions
from access.scenarios.store_rules import checked_author, checked_document, checked_name, checked_note
from access.settings import settings

FILE: Final = "scenarios.sqlite"
_COLUMNS: Final = versions.c
# Documents have up to 1 MB: an export keeps this many in memory.
_AT_ONCE: Final = 20


@dataclass(frozen=True)
class Saved:
    """One version of a scenario; `saved_at` in UTC, `version` counts from 1, `note` may be empty."""

    name: str
    version: int
    document: str
    author: str
    note: str
    saved_at: datetime


def open_store(url: str | None = None) -> Engine:
    """The store at an SQLAlchemy URL or a path; its tables are made if it is new.

    None: that of the setting `TRD_ACCESS_STORE`, else `scenarios.sqlite` in the data folder. It holds no connection
    open: keep it as long as you like, share it among threads.

    Raises
    ------
    StoreError: it cannot be reached, is no store of ours or of another version, or psycopg is missing.
    """
    now = settings()
    chosen = url or (now.store.get_secret_value() if now.store else None)
    if chosen is None:
        try:
            now.data_folder.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise StoreError(
                f"{now.data_folder} cannot be made ({failure.strerror}). Choose another place with TRD_ACCESS_DATA."
            ) from failure
        chosen = str(now.data_folder / FILE)
    return made_ready(engine_of(chosen))


def default_author() -> str:
    """Who saves where nobody is named: the setting `TRD_ACCESS_AUTHOR`, else the login name.

    Raises
    ------
    ScenarioError: neither is known.
    """
    try:
        return settings().author or getpass.getuser()
    except (KeyError, OSError):
        raise ScenarioError("Nobody knows who you are here; set TRD_ACCESS_AUTHOR to your name.") from None


def save(store: Engine, name: str, document: str, *, author: str, note: str = "", after: int) -> Saved:
    """The document kept as the version that follows `after`, which is the one its author began from (0: none).

    Saving after the version that retired a scenario revives it.

    Raises
    ------
    ConflictError: somebody saved meanwhile; says who and when, and nothing is written.
    ScenarioError: the name, document, author or note is not one that can be kept, or there is no version `after`.
    StoreError: the store cannot be reached or written.
    """
    saved = Saved(
        name=checked_name(name),
        version=after + 1,
        document=checked_document(document),
        author=checked_author(author),
        note=checked_note(note),
        saved_at=datetime.now(UTC),
    )
    _append(store, vars(saved))
    return saved


def retire(store: Engine, name: str, *, author: str, note: str = "", after: int) -> int:
    """The version that retires a scenario: `latest` leaves it out from then on, its history stays.

    Raises
    ------
    ConflictError: somebody saved meanwhile; nothing is written.
    ScenarioError: there is no such scenario or version, or it is retired already.
    StoreError: the store cannot be reached or written.
    """
    load(store, name, after)
    row = {
        "name": checked_name(name),
        "version": after + 1,
        "document": None,
        "author": checked_author(author),
        "note": checked_note(note),
        "saved_at": datetime.now(UTC),
    }
    _append(store, row)
    return after + 1


def latest(store: Engine) -> pd.DataFrame:
    """The newest version of each scenario that is not retired, by name; no rows: none is.

    Columns: `name`, `version`, `author`, `note`, `saved_at` (UTC), `versions` (how many its history has).

    Raises
    ------
    StoreError: the store cannot be reached or read.
    """
    counts = select(_COLUMNS.name, func.count().label("versions")).group_by(_COLUMNS.name).subquery()
    newest = (
        select(*_COLUMNS["name", "version", "author", "note", "saved_at"], counts.c.versions)
        .join(counts, (_COLUMNS.name == counts.c.name) & (_COLUMNS.version == counts.c.versions))
        .where(_COLUMNS.document.is_not(None))
    )
    with connected(store) as connection:
        rows = connection.execute(newest).all()
    # Databases disagree on the order of letters.
    return _table(sorted(map(tuple, rows)), ["name", "version", "author", "note", "saved_at", "versions"])


def history(store: Engine, name: str) -> pd.DataFrame:
    """Every version of a scenario, the oldest first.

    Columns: `version`, `author`, `note`, `saved_at` (UTC), `retired` (this version retired the scenario).

    Raises
    ------
    ScenarioError: there never was a scenario of that name; names the nearest.
    StoreError: the store cannot be reached or read.
    """
    asked = (
        select(*_COLUMNS["version", "author", "note", "saved_at"], _COLUMNS.document.is_(None).label("retired"))
        .where(_COLUMNS.name == checked_name(name))
        .order_by(_COLUMNS.version)
    )
    with connected(store) as connection:
        rows = connection.execute(asked).all()
        if not rows:
            raise _unknown(connection, name)
    return _table([tuple(row) for row in rows], ["version", "author", "note", "saved_at", "retired"])


def load(store: Engine, name: str, version: int | None = None) -> Saved:
    """A version of a scenario; None: the newest.

    Raises
    ------
    ScenarioError: there is no such scenario or version, or this version retired it.
    StoreError: the store cannot be reached or read.
    """
    kept = checked_name(name)
    with connected(store) as connection:
        newest = _newest(connection, kept)
        if newest is None:
            raise _unknown(connection, kept)
        row = newest if version is None else _row(connection, kept, version)
    if row is None:
        raise ScenarioError(f"'{kept}' has no version {version}; its newest is {newest['version']}.")
    if row["document"] is None:
        raise ScenarioError(
            f"{_done(row)}. Open an earlier version, and save it after version {newest['version']} to revive it."
        )
    return Saved(**row)


def export_store(store: Engine, path: Path) -> int:
    """Writes every version of every scenario to one file (JSON lines), whole or not at all; gives their number.

    Raises
    ------
    StoreError: the store cannot be read, or the file not written.
    """
    everything = select(versions).order_by(_COLUMNS.name, _COLUMNS.version).execution_options(yield_per=_AT_ONCE)
    with connected(store) as connection:
        rows = connection.execute(everything).mappings()
        return write_versions(path, (dict(row) for row in rows))


def import_store(store: Engine, path: Path) -> int:
    """Adds the versions of an export that the store lacks, all or none, and gives how many; the same are passed over.

    Raises
    ------
    ConflictError: somebody saved one of these meanwhile; nothing is written.
    ScenarioError: the file is no whole export, or the store has another document under a name and version of it.
    StoreError: the file or the store cannot be read, or the store not written.
    """
    name = ""
    try:
        with connected(store, writing=True) as connection:
            counts = select(_COLUMNS.name, func.max(_COLUMNS.version).label("newest")).group_by(_COLUMNS.name)
            known = {row.name: row.newest for row in connection.execute(counts)}
            different: dict[str, int] = {}
            added = 0
            for version in read_versions(path):
                name = version.name
                if version.version <= known.get(name, 0):
                    if not _is_kept(connection, version):
                        different.setdefault(name, version.version)
                elif not different:
                    connection.execute(insert(versions).values(version.model_dump()))
                    added += 1
            _refuse(different, path)
    except IntegrityError:
        raise _conflict(store, name) from None
    return added


def _append(store: Engine, row: dict[str, Any]) -> None:
    name, after = row["name"], row["version"] - 1
    try:
        with connected(store, writing=True) as connection:
            newest = _newest(connection, name)
            there = newest["version"] if newest else 0
            if not 0 <= after <= there:
                raise ScenarioError(f"'{name}' has no version {after} to save after; its newest is {there}.")
            if newest and after < there:
                raise _overtaken(newest)
            connection.execute(insert(versions).values(row))
    except IntegrityError:
        raise _conflict(store, name) from None


def _conflict(store: Engine, name: str) -> ConflictError:
    """The database refused the key: another transaction came first, and has ended since."""
    with connected(store) as connection:
        newest = _newest(connection, name)
    return _overtaken(newest) if newest else ConflictError(f"'{name}' was being saved by another. Save it again.", 0)


def _overtaken(newest: RowMapping) -> ConflictError:
    return ConflictError(f"{_done(newest)}; nothing was written. Open it and save again.", newest["version"])


def _done(row: RowMapping) -> str:
    done = "retired" if row["document"] is None else "saved"
    when = f"{row['saved_at']:%Y-%m-%d %H:%M} UTC"
    return f"'{row['name']}' was {done} by {row['author']} at {when} as version {row['version']}"


def _newest(connection: Connection, name: str) -> RowMapping | None:
    asked = select(versions).where(_COLUMNS.name == name).order_by(_COLUMNS.version.desc()).limit(1)
    return connection.execute(asked).mappings().first()


def _row(connection: Connection, name: str, version: int) -> RowMapping | None:
    asked = select(versions).where(_COLUMNS.name == name, _COLUMNS.version == version)
    return connection.execute(asked).mappings().first()


def _is_kept(connection: Connection, version: Version) -> bool:
    row = _row(connection, version.name, version.version)
    return row is not None and dict(row) == version.model_dump()


def _refuse(different: dict[str, int], path: Path) -> None:
    if different:
        name, version = next(iter(different.items()))
        raise ScenarioError(
            f"{path} differs from the store in {len(different)} scenarios, the first '{name}' at version {version}; "
            "nothing was imported. Import it into an empty store, and save what you want of it under another name."
        )


def _unknown(connection: Connection, name: str) -> ScenarioError:
    names = connection.scalars(select(_COLUMNS.name).distinct()).all()
    near = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean {', '.join(near)}?" if near else "List them with: trd-access scenario list"
    return ScenarioError(f"There is no scenario '{name}' in this store. {hint}")


def _table(rows: list[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).astype({"saved_at": "datetime64[us, UTC]"})
