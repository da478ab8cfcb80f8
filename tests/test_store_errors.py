"""A store that cannot be used says which, why and what to do in one sentence, and never a password."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, delete, event, func, insert, make_url, select, update

from access.errors import StoreError
from access.scenarios.store import database
from access.scenarios.store.database import about_table, engine_of, open_store, open_transaction, version_table
from access.scenarios.store.versions import latest_versions, load_version, save_version

PASSWORD = "hunter2-secret"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://ana:{PASSWORD}@db/team",
        f"postgresql+psycopg2://ana:{PASSWORD}@db/team",
        f"postgres://ana:{PASSWORD}@db/team",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_we_do_not_know_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="names neither a PostgreSQL database nor an SQLite file") as failure:
        open_store(url)
    assert PASSWORD not in str(failure.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ana:@{PASSWORD}@db/team",
        f"postgresql://ana:a@{PASSWORD}/b@db/team",
        f"postgresql://ana:{PASSWORD}@db:{PASSWORD}/team",
        f"{PASSWORD}://",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(StoreError, match=r"URL \(TRD_ACCESS_STORE\)") as failure:
        open_store(url)
    assert PASSWORD not in str(failure.value)


@pytest.mark.parametrize(
    "url", [f"postgresql://ana:{PASSWORD}@127.0.0.1:1/team", f"postgresql://ana@127.0.0.1:1/team?password={PASSWORD}"]
)
def test_a_server_that_does_not_answer_is_named_without_the_password(url: str) -> None:
    with pytest.raises(
        StoreError, match=r"PostgreSQL database team on 127\.0\.0\.1\) cannot be opened \(.*efused"
    ) as failure:
        open_store(url)
    assert PASSWORD not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_database_that_is_not_there_is_named(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match=r"database nowhere on .*cannot be opened \(.*does not exist"):
        open_store(url)


def test_without_psycopg_one_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'trd-access\[team\]'"):
        open_store("postgresql://ana@127.0.0.1:1/team")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"nowhere/store\.sqlite cannot be opened"):
        open_store(str(tmp_path / "nowhere" / "store.sqlite"))
    (tmp_path / "taken").write_text("", encoding="utf-8")
    monkeypatch.setenv("TRD_ACCESS_DATA", str(tmp_path / "taken" / "data"))
    with pytest.raises(StoreError, match=r"cannot be made .* TRD_ACCESS_DATA"):
        open_store()


def test_a_file_that_is_no_database_is_kept_and_named(file: Path) -> None:
    file.write_text("name: a scenario, not a store\n" * 100, encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"store\.sqlite is damaged or is no database of ours"):
        open_store(str(file))
    assert file.read_bytes() == before


def test_a_store_that_is_damaged_says_so(file: Path) -> None:
    save_version(open_store(str(file)), "One", "x: 1\n" * 10_000, author="Ana", after=0)
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * (file.stat().st_size - 4096))
    with pytest.raises(StoreError, match="is damaged"):
        load_version(open_store(str(file)), "One")


def test_another_programs_database_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StoreError, match=r"is another program's database\. Choose another file"):
        open_store(str(file))


def test_tables_of_another_version_are_left_alone(store_url: str) -> None:
    with open_transaction(open_store(store_url), writing=True) as connection:
        connection.execute(update(about_table).values(schema_version=2))
    with pytest.raises(StoreError, match="version 2 of their tables, and this program knows version 1"):
        open_store(store_url)


def test_a_store_without_its_table_says_so(store_url: str) -> None:
    store = open_store(store_url)
    with open_transaction(store, writing=True) as connection:
        version_table.drop(connection)
    with pytest.raises(StoreError, match="is damaged or is no database of ours"):
        latest_versions(open_store(store_url))


def test_a_store_that_may_only_be_read_is_read(file: Path) -> None:
    save_version(open_store(str(file)), "One", "x: 1", author="Ana", after=0)
    store = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert latest_versions(store)["name"].tolist() == ["One"]
    with pytest.raises(StoreError, match="may only be read from here"):
        save_version(store, "One", "x: 2", author="Ana", after=1)


@pytest.mark.parametrize("right", ["-cdefault_transaction_read_only=on", "-crole=pg_read_all_data"])
def test_a_member_without_the_right_to_write_reads(postgres_url: str, right: str) -> None:
    save_version(open_store(postgres_url), "One", "x: 1", author="Ana", after=0)
    url = make_url(postgres_url)
    reader = url.update_query_dict({"options": f"{url.query['options']} {right}"})
    store = open_store(reader.render_as_string(hide_password=False))
    assert latest_versions(store)["name"].tolist() == ["One"]
    with pytest.raises(StoreError, match="may only be read from here"):
        save_version(store, "One", "x: 2", author="Ana", after=1)


def test_who_waits_too_long_is_told(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_WAIT_SECONDS", 0.2)
    store = open_store(store_url)
    save_version(store, "One", "x: 1", author="Ana", after=0)
    row = {**vars(load_version(store, "One")), "version": 2}
    with open_transaction(store, writing=True) as slow:
        slow.execute(insert(version_table).values(row))
        assert load_version(store, "One").version == 1
        with pytest.raises(StoreError, match="is busy: somebody else has been writing for too long"):
            save_version(store, "One", "x: 2", author="Ben", after=1)
    assert load_version(store, "One").author == "Ana"
    assert load_version(store, "One").version == 2


def test_a_server_that_falls_away_in_the_middle_is_one_sentence(postgres_url: str) -> None:
    store = open_store(postgres_url)

    @event.listens_for(store, "commit")
    def fall_away(connection: Connection) -> None:
        server = connection.connection.driver_connection.info.backend_pid
        with create_engine(store.url, poolclass=NullPool).connect() as another:
            another.execute(select(func.pg_terminate_backend(server)))

    with pytest.raises(StoreError, match=r"cannot be opened \(.*terminat|failed"):
        save_version(store, "One", "x: 1", author="Ana", after=0)
    event.remove(store, "commit", fall_away)
    assert latest_versions(store).empty


def test_no_document_stands_in_what_went_wrong(file: Path) -> None:
    store = open_store(str(file))
    with open_transaction(store, writing=True) as connection:
        connection.execute(delete(about_table))
        version_table.drop(connection)
    with pytest.raises(StoreError) as failure:
        save_version(store, "One", "x: PRIVATE", author="Ana", after=0)
    assert "PRIVATE" not in f"{failure.value} {failure.value.__cause__}"


def test_nothing_is_asked_of_a_database_before_it_is_opened() -> None:
    assert engine_of("postgresql://ana@127.0.0.1:1/team").url.drivername == "postgresql+psycopg"
