"""The versions of scenarios that anybody saved, with who, when and why; nothing is ever overwritten."""

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, RowMapping, func, insert, select
from sqlalchemy.exc import IntegrityError

from access.errors import ConflictError, ScenarioError
from access.scenarios.store.checks import check_author, check_document, check_name, check_note
from access.scenarios.store.database import open_transaction, version_table
from access.scenarios.store.export_file import Version, read_versions, write_versions

_COLUMNS: Final = version_table.c
# Documents have up to 1 MB: an export keeps this many in memory.
_ROWS_AT_ONCE: Final = 20


@dataclass(frozen=True)
class SavedScenario:
    """One version of a scenario; `saved_at` in UTC, `version` counts from 1, `note` may be empty."""

    name: str
    version: int
    document: str
    author: str
    note: str
    saved_at: datetime


def save_version(store: Engine, name: str, document: str, *, author: str, note: str = "", after: int) -> SavedScenario:
    """The document kept as the version that follows `after`, which is the one its author began from (0: none).

    Saving after the version that retired a scenario revives it.

    Raises
    ------
    ConflictError
        Somebody saved meanwhile; says who and when, and nothing is written.
    ScenarioError
        The name, document, author or note is not one that can be kept, or there is no version `after`.
    StoreError
        The store cannot be reached or written.
    """
    saved = SavedScenario(
        name=check_name(name),
        version=after + 1,
        document=check_document(document),
        author=check_author(author),
        note=check_note(note),
        saved_at=datetime.now(UTC),
    )
    _append_version(store, vars(saved))
    return saved


def retire_scenario(store: Engine, name: str, *, author: str, note: str = "", after: int) -> int:
    """The version that retires a scenario: `latest_versions` leaves it out from then on, its history stays.

    Raises
    ------
    ConflictError
        Somebody saved meanwhile; nothing is written.
    ScenarioError
        There is no such scenario or version, or it is retired already.
    StoreError
        The store cannot be reached or written.
    """
    load_version(store, name, after)
    row = {
        "name": check_name(name),
        "version": after + 1,
        "document": None,
        "author": check_author(author),
        "note": check_note(note),
        "saved_at": datetime.now(UTC),
    }
    _append_version(store, row)
    return after + 1


def latest_versions(store: Engine) -> pd.DataFrame:
    """The newest version of each scenario that is not retired, by name; no rows: none is.

    Columns: `name`, `version`, `author`, `note`, `saved_at` (UTC), `version_table` (how many its history has).

    Raises
    ------
    StoreError
        The store cannot be reached or read.
    """
    counts = select(_COLUMNS.name, func.count().label("versions")).group_by(_COLUMNS.name).subquery()
    newest = (
        select(*_COLUMNS["name", "version", "author", "note", "saved_at"], counts.c.versions)
        .join(counts, (_COLUMNS.name == counts.c.name) & (_COLUMNS.version == counts.c.versions))
        .where(_COLUMNS.document.is_not(None))
    )
    with open_transaction(store) as connection:
        rows = connection.execute(newest).all()
    # Databases disagree on the order of letters.
    return _version_frame(sorted(map(tuple, rows)), ["name", "version", "author", "note", "saved_at", "versions"])


def version_history(store: Engine, name: str) -> pd.DataFrame:
    """Every version of a scenario, the oldest first.

    Columns: `version`, `author`, `note`, `saved_at` (UTC), `retired` (this version retired the scenario).

    Raises
    ------
    ScenarioError
        There never was a scenario of that name; names the nearest.
    StoreError
        The store cannot be reached or read.
    """
    asked = (
        select(*_COLUMNS["version", "author", "note", "saved_at"], _COLUMNS.document.is_(None).label("retired"))
        .where(_COLUMNS.name == check_name(name))
        .order_by(_COLUMNS.version)
    )
    with open_transaction(store) as connection:
        rows = connection.execute(asked).all()
        if not rows:
            raise _unknown_error(connection, name)
    return _version_frame([tuple(row) for row in rows], ["version", "author", "note", "saved_at", "retired"])


def load_version(store: Engine, name: str, version: int | None = None) -> SavedScenario:
    """A version of a scenario; None: the newest.

    Raises
    ------
    ScenarioError
        There is no such scenario or version, or this version retired it.
    StoreError
        The store cannot be reached or read.
    """
    kept = check_name(name)
    with open_transaction(store) as connection:
        newest = _newest_row(connection, kept)
        if newest is None:
            raise _unknown_error(connection, kept)
        row = newest if version is None else _version_row(connection, kept, version)
    if row is None:
        raise ScenarioError(f"'{kept}' has no version {version}; its newest is {newest['version']}.")
    if row["document"] is None:
        raise ScenarioError(
            f"{_version_words(row)}. Open an earlier version, and save it after version {newest['version']} "
            "to revive it."
        )
    return SavedScenario(**row)


def export_store(store: Engine, path: Path) -> int:
    """Writes every version of every scenario to one file (JSON lines), whole or not at all; gives their number.

    Raises
    ------
    StoreError
        The store cannot be read, or the file not written.
    """
    everything = (
        select(version_table).order_by(_COLUMNS.name, _COLUMNS.version).execution_options(yield_per=_ROWS_AT_ONCE)
    )
    with open_transaction(store) as connection:
        rows = connection.execute(everything).mappings()
        return write_versions(path, (dict(row) for row in rows))


def import_store(store: Engine, path: Path) -> int:
    """Adds the versions of an export that the store lacks, all or none, and gives how many; the same are passed over.

    Raises
    ------
    ConflictError
        Somebody saved one of these meanwhile; nothing is written.
    ScenarioError
        The file is no whole export, or the store has another document under a name and version of it.
    StoreError
        The file or the store cannot be read, or the store not written.
    """
    name = ""
    try:
        with open_transaction(store, writing=True) as connection:
            counts = select(_COLUMNS.name, func.max(_COLUMNS.version).label("newest")).group_by(_COLUMNS.name)
            known = {row.name: row.newest for row in connection.execute(counts)}
            different: dict[str, int] = {}
            added = 0
            for version in read_versions(path):
                name = version.name
                if version.version <= known.get(name, 0):
                    if not _is_stored(connection, version):
                        different.setdefault(name, version.version)
                elif not different:
                    connection.execute(insert(version_table).values(version.model_dump()))
                    added += 1
            _refuse_different(different, path)
    except IntegrityError:
        raise _conflict_error(store, name) from None
    return added


def _append_version(store: Engine, row: dict[str, Any]) -> None:
    name = row["name"]
    after = row["version"] - 1
    try:
        with open_transaction(store, writing=True) as connection:
            newest = _newest_row(connection, name)
            there = newest["version"] if newest else 0
            if not 0 <= after <= there:
                raise ScenarioError(f"'{name}' has no version {after} to save after; its newest is {there}.")
            if newest and after < there:
                raise _overtaken_error(newest)
            connection.execute(insert(version_table).values(row))
    except IntegrityError:
        raise _conflict_error(store, name) from None


def _conflict_error(store: Engine, name: str) -> ConflictError:
    """The database refused the key: another transaction came first, and has ended since."""
    with open_transaction(store) as connection:
        newest = _newest_row(connection, name)
    return (
        _overtaken_error(newest) if newest else ConflictError(f"'{name}' was being saved by another. Save it again.", 0)
    )


def _overtaken_error(newest: RowMapping) -> ConflictError:
    return ConflictError(f"{_version_words(newest)}; nothing was written. Open it and save again.", newest["version"])


def _version_words(row: RowMapping) -> str:
    done = "retired" if row["document"] is None else "saved"
    when = f"{row['saved_at']:%Y-%m-%d %H:%M} UTC"
    return f"'{row['name']}' was {done} by {row['author']} at {when} as version {row['version']}"


def _newest_row(connection: Connection, name: str) -> RowMapping | None:
    asked = select(version_table).where(_COLUMNS.name == name).order_by(_COLUMNS.version.desc()).limit(1)
    return connection.execute(asked).mappings().first()


def _version_row(connection: Connection, name: str, version: int) -> RowMapping | None:
    asked = select(version_table).where(_COLUMNS.name == name, _COLUMNS.version == version)
    return connection.execute(asked).mappings().first()


def _is_stored(connection: Connection, version: Version) -> bool:
    row = _version_row(connection, version.name, version.version)
    return row is not None and dict(row) == version.model_dump()


def _refuse_different(different: dict[str, int], path: Path) -> None:
    if different:
        name, version = next(iter(different.items()))
        raise ScenarioError(
            f"{path} differs from the store in {len(different)} scenarios, the first '{name}' at version {version}; "
            "nothing was imported. Import it into an empty store, and save what you want of it under another name."
        )


def _unknown_error(connection: Connection, name: str) -> ScenarioError:
    names = connection.scalars(select(_COLUMNS.name).distinct()).all()
    near = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean {', '.join(near)}?" if near else "List them with: trd-access scenario list"
    return ScenarioError(f"There is no scenario '{name}' in this store. {hint}")


def _version_frame(rows: list[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).astype({"saved_at": "datetime64[us, UTC]"})
