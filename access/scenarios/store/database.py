"""The database of the store: SQLite in a file, or PostgreSQL for a team; its tables, its transactions, and what goes
wrong as one sentence, never with a password.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from access.errors import StoreError
from access.settings import settings

STORE_FILE: Final = "scenarios.sqlite"


def open_store(url: str | None = None) -> Engine:
    """The store at an SQLAlchemy URL or a path; its tables are made if it is new.

    None: that of the setting `TRD_ACCESS_STORE`, else `scenarios.sqlite` in the data folder. It holds no connection
    open: keep it as long as you like, share it among threads.

    Raises
    ------
    StoreError
        It cannot be reached, is no store of ours or of another version, or psycopg is missing.
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
        chosen = str(now.data_folder / STORE_FILE)
    return ensure_tables(engine_of(chosen))


_ADVICE: Final = {
    "locked": "is busy: somebody else has been writing for too long. Nothing was written; try again in a minute.",
    "read-only": "may only be read from here. Nothing was written; ask its owner for the right to write.",
    "damaged": "is damaged or is no database of ours. Keep the file, and import an export of yours into a new one.",
    "unreachable": "cannot be opened ({reason}). See that it is there, that it runs, and that you may use it.",
    "full": "has no space left. Nothing was written; free some and try again.",
    "other": "failed ({reason}). See in the history whether anything was written, and try again.",
}
# The beginnings of SQLite's names of errors, and of PostgreSQL's SQLSTATEs.
_KINDS: Final = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read-only",
    "SQLITE_PERM": "read-only",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_CANTOPEN": "unreachable",
    "SQLITE_FULL": "full",
    "SQLITE_ERROR": "damaged",
    "55P03": "locked",
    "40P01": "locked",
    "25006": "read-only",
    "42501": "read-only",
    "42": "damaged",
    "XX": "damaged",
    "53100": "full",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "57": "unreachable",
}


def store_label(url: URL) -> str:
    """The store in words: the file, or the database and its host; no user, no password."""
    if url.get_backend_name() == "sqlite":
        return f"The store {url.database}"
    host = url.host or url.query.get("host") or "this machine"
    return f"The store (PostgreSQL database {url.database or url.username} on {host})"


def failure_sentence(url: URL, failure: BaseException) -> str:
    """One sentence for what a database, its driver or SQLAlchemy raised."""
    cause = _cause(failure)
    reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    for secret in _secrets_in(url):
        reason = reason.replace(secret, "***")
    return f"{store_label(url)} {_ADVICE[_kind_of(cause)].format(reason=reason)}"


def is_locked(failure: BaseException) -> bool:
    """Whether another writer stood in the way."""
    return _kind_of(_cause(failure)) == "locked"


def _cause(failure: BaseException) -> BaseException:
    original = getattr(failure, "orig", None)
    return original if isinstance(original, BaseException) else failure


def _kind_of(cause: BaseException) -> str:
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code:
        return next((kind for start, kind in _KINDS.items() if code.startswith(start)), "other")
    # A server that never answered has given no code.
    return "unreachable" if type(cause).__name__ == "OperationalError" else "other"


def _secrets_in(url: URL) -> list[str]:
    given = (url.password, url.query.get("password"), url.query.get("sslpassword"))
    return [word for word in given if isinstance(word, str) and word]


SCHEMA_VERSION: Final = 1
MOST_WAIT_SECONDS: Final = 15
_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
# Any number will do, as long as every version of this program asks for the same.
_CREATION_LOCK: Final = 7_238_001


class _Utc(TypeDecorator[datetime]):
    """An instant: kept without a zone, in UTC, by both databases alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


metadata = MetaData()
# The primary key is the lock: of two who save the same version, the database takes one.
version_table = Table(
    "trd_access_scenarios",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", Text),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("saved_at", _Utc, nullable=False),
)
about_table = Table(
    "trd_access_store", metadata, Column("schema_version", Integer, primary_key=True, autoincrement=False)
)


def engine_of(address: str) -> Engine:
    """The engine for an SQLAlchemy URL or for the path of an SQLite file; it connects to nothing yet.

    It keeps no connection open between calls, so threads and forked processes may share it.

    Raises
    ------
    StoreError
        The URL cannot be read, is neither SQLite's nor PostgreSQL's, or psycopg is not installed.
    """
    url = _parse_url(address)
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite_engine(url)
        # Whatever the server's own default: it is the key that keeps writers apart, at this level.
        # psycopg's prepared statements would break behind a pooler.
        options = {"connect_timeout": MOST_WAIT_SECONDS, "client_encoding": "utf8", "prepare_threshold": None}
        return create_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            connect_args={name: value for name, value in options.items() if name not in url.query},
        )
    except ImportError as failure:
        raise StoreError(
            "PostgreSQL needs the package psycopg with libpq, which is not installed here; "
            "install it with: pip install 'trd-access[team]'"
        ) from failure


def ensure_tables(engine: Engine) -> Engine:
    """The engine, once its tables are there; made at the first opening, by one process if several come at once.

    Raises
    ------
    StoreError
        The database cannot be reached, is another program's, or has tables of another version.
    """
    with open_transaction(engine) as connection:
        found = _schema_version(connection)
    if found is None:
        found = _create_tables(engine)
    if found != SCHEMA_VERSION:
        raise StoreError(
            f"{store_label(engine.url)} holds scenarios in version {found} of their tables, and this program knows "
            f"version {SCHEMA_VERSION}. Use the version of TRD Access that made it, or export there and import here."
        )
    return engine


@contextmanager
def open_transaction(engine: Engine, *, writing: bool = False) -> Iterator[Connection]:
    """One transaction, kept whole or undone whole; `writing`: others who write wait until it ends, or it for them.

    Raises
    ------
    StoreError
        The database cannot be reached, read or written.
    IntegrityError
        A key that is written is there already.
    """
    try:
        with engine.execution_options(writing=writing).begin() as connection:
            if writing and engine.dialect.name == "postgresql":
                connection.execute(select(func.set_config("lock_timeout", f"{MOST_WAIT_SECONDS}s", True)))
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as failure:
        raise StoreError(failure_sentence(engine.url, failure)) from failure


def _parse_url(address: str) -> URL:
    if "://" not in address:
        return URL.create("sqlite+pysqlite", database=str(Path(address).expanduser()))
    try:
        url = make_url(address)
        driver = _DRIVERS.get(url.drivername)
        misread = "@" in f"{url.host}{url.database}" and driver != "sqlite+pysqlite"
    except (ArgumentError, ValueError):
        driver = None
        misread = True
    # Nothing of the address is repeated: a password may stand where none is expected.
    if misread:
        raise StoreError(
            "The store's URL (TRD_ACCESS_STORE) cannot be read. Write postgresql://USER:PASSWORD@HOST/DATABASE, "
            "with %40 for @ and %2F for / in a password."
        )
    if driver is None or (driver == "sqlite+pysqlite" and url.database in {None, "", ":memory:"}):
        raise StoreError(
            "The store's URL (TRD_ACCESS_STORE) names neither a PostgreSQL database nor an SQLite file. "
            "Write postgresql://USER:PASSWORD@HOST/DATABASE, or the path of a file."
        )
    return url.set(drivername=driver)


def _sqlite_engine(url: URL) -> Engine:
    """SQLite, whose transactions begin where we say: Python's own would begin some too late to be safe."""
    wait = {"timeout": MOST_WAIT_SECONDS, "isolation_level": None}
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=wait)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _schema_version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(about_table.name):
        return None
    found: int | None = connection.scalar(select(func.max(about_table.c.schema_version)))
    return found


def _create_tables(engine: Engine) -> int:
    """Makes the tables unless another process did so meanwhile; the version that is then there."""
    if engine.dialect.name == "sqlite":
        _set_write_ahead(engine)
    with open_transaction(engine, writing=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_CREATION_LOCK)))
        found = _schema_version(connection)
        if found is not None:
            return found
        if engine.dialect.name == "sqlite" and inspect(connection).get_table_names():
            raise StoreError(f"{store_label(engine.url)} is another program's database. Choose another file.")
        metadata.create_all(connection)
        connection.execute(insert(about_table).values(schema_version=SCHEMA_VERSION))
    return SCHEMA_VERSION


def _set_write_ahead(engine: Engine) -> None:
    """SQLite's write-ahead log, with which readers never wait; SQLite itself does not wait for its turn to set it."""
    until = time.monotonic() + MOST_WAIT_SECONDS
    while True:
        try:
            with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA journal_mode = WAL")
            return
        except (OperationalError, engine.dialect.loaded_dbapi.OperationalError) as failure:
            if not is_locked(failure) or time.monotonic() > until:
                raise StoreError(failure_sentence(engine.url, failure)) from failure
            time.sleep(0.02)
