"""The store of scenarios: versions follow one another, nobody's work is overwritten, nothing is forgotten."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access.errors import ConflictError, ScenarioError
from access.scenarios.store.checks import default_author
from access.scenarios.store.database import open_store
from access.scenarios.store.versions import (
    latest_versions,
    load_version,
    retire_scenario,
    save_version,
    version_history,
)
from access.settings import settings


@pytest.fixture
def store(store_url: str) -> Engine:
    return open_store(store_url)


@pytest.fixture
def door(tmp_path: Path) -> Engine:
    """A store for what is refused before any database is asked."""
    return open_store(str(tmp_path / "door.sqlite"))


def test_what_is_saved_is_read_again_to_the_letter(store: Engine) -> None:
    saved = save_version(store, "Miles City", "open: 59301\n", author="Ana", note=" a first try ", after=0)
    assert load_version(store, "Miles City") == saved
    assert (saved.version, saved.author, saved.note) == (1, "Ana", "a first try")
    assert saved.saved_at.tzinfo is UTC
    assert abs(datetime.now(UTC) - saved.saved_at) < timedelta(minutes=1)


def test_a_document_is_kept_to_the_letter(store: Engine) -> None:
    letters = "n: 'Ñandú \u0301 日本 🏥'"
    documents = ["a: 1", "a: 1\r\nb: 2\r", letters, "\ufeffa: 1", 'a: "\\u0000 $x {y} %s \'"\n', "x" * 1_000_000]
    for after, document in enumerate(documents):
        save_version(store, "One", document, author="Ana", after=after)
    assert [load_version(store, "One", after + 1).document for after in range(len(documents))] == documents


def test_every_version_stays(store: Engine) -> None:
    for number in range(3):
        save_version(store, "One", f"edit: {number}", author=f"Author {number}", note=f"note {number}", after=number)
    assert [load_version(store, "One", version).document for version in (1, 2, 3)] == ["edit: 0", "edit: 1", "edit: 2"]
    table = version_history(store, "One")
    assert table.drop(columns="saved_at").to_dict("list") == {
        "version": [1, 2, 3],
        "author": ["Author 0", "Author 1", "Author 2"],
        "note": ["note 0", "note 1", "note 2"],
        "retired": [False, False, False],
    }
    assert str(table["saved_at"].dtype) == "datetime64[us, UTC]"
    assert load_version(store, "One").version == 3


def test_the_list_has_the_newest_of_each_by_name(store: Engine) -> None:
    assert list(latest_versions(store).columns) == ["name", "version", "author", "note", "saved_at", "versions"]
    assert latest_versions(store).empty
    save_version(store, "b", "x: 1", author="Ana", after=0)
    save_version(store, "Z", "x: 1", author="Ana", after=0)
    save_version(store, "b", "x: 2", author="Ben", after=1)
    table = latest_versions(store)
    assert table["name"].tolist() == ["Z", "b"]
    assert table["version"].tolist() == table["versions"].tolist() == [1, 2]
    assert table["author"].tolist() == ["Ana", "Ben"]


def test_who_began_from_an_older_version_is_told_who_saved_meanwhile(store: Engine) -> None:
    save_version(store, "One", "x: 1", author="Ana", after=0)
    save_version(store, "One", "x: 2", author="Ben", after=1)
    for after in (0, 1):
        with pytest.raises(
            ConflictError, match=r"'One' was saved by Ben at 20\d\d-\d\d-\d\d \d\d:\d\d UTC as version 2; nothing"
        ) as conflict:
            save_version(store, "One", "x: 3", author="Cay", after=after)
        assert conflict.value.version == 2
    assert [load_version(store, "One", version).document for version in (1, 2)] == ["x: 1", "x: 2"]
    assert len(version_history(store, "One")) == 2


def test_nobody_saves_after_a_version_that_is_not_there(store: Engine) -> None:
    save_version(store, "One", "x: 1", author="Ana", after=0)
    for after in (-1, 2, 10**12):
        with pytest.raises(ScenarioError, match=rf"no version {after} to save after; its newest is 1"):
            save_version(store, "One", "x: 2", author="Ana", after=after)
    assert len(version_history(store, "One")) == 1


def test_a_retired_scenario_leaves_the_list_and_keeps_its_history(store: Engine) -> None:
    save_version(store, "One", "x: 1", author="Ana", after=0)
    assert retire_scenario(store, "One", author="Ben", note="done", after=1) == 2
    assert latest_versions(store).empty
    assert version_history(store, "One")["retired"].tolist() == [False, True]
    assert load_version(store, "One", 1).document == "x: 1"
    for version in (None, 2):
        with pytest.raises(ScenarioError, match=r"was retired by Ben .* save it after version 2 to revive it"):
            load_version(store, "One", version)
    with pytest.raises(ScenarioError, match="was retired by Ben"):
        retire_scenario(store, "One", author="Ana", after=2)
    with pytest.raises(ConflictError, match="retired by Ben"):
        save_version(store, "One", "x: 2", author="Ana", after=1)
    assert save_version(store, "One", "x: 2", author="Ana", after=2).version == 3
    assert latest_versions(store)["versions"].tolist() == [3]


def test_nobody_retires_what_was_changed_meanwhile(store: Engine) -> None:
    save_version(store, "One", "x: 1", author="Ana", after=0)
    save_version(store, "One", "x: 2", author="Ben", after=1)
    with pytest.raises(ConflictError, match="saved by Ben"):
        retire_scenario(store, "One", author="Ana", after=1)
    assert latest_versions(store)["version"].tolist() == [2]


def test_a_scenario_that_is_not_there_is_named_with_the_nearest(store: Engine) -> None:
    with pytest.raises(ScenarioError, match=r"no scenario 'Nowhere' in this store\. List them"):
        version_history(store, "Nowhere")
    save_version(store, "Billings", "x: 1", author="Ana", after=0)
    with pytest.raises(ScenarioError, match=r"no scenario 'Bilings' in this store\. Did you mean Billings\?"):
        load_version(store, "Bilings")
    with pytest.raises(ScenarioError, match="'Billings' has no version 2; its newest is 1"):
        load_version(store, "Billings", 2)


def test_a_name_typed_on_two_machines_is_one_name(store: Engine) -> None:
    save_version(store, "Cañon City", "x: 1", author="Ana", after=0)
    assert load_version(store, "Can\u0303on City").name == "Cañon City"


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 81, "a\n", "a\tb", " a", "a ", "\x00", "\x1b[31m", "a\u202eb", "\ud800", "a\u00a0b"]
)
def test_a_name_that_cannot_be_shown_is_refused(door: Engine, name: str) -> None:
    with pytest.raises(ScenarioError, match="A scenario's name has 1 to 80 printable characters"):
        save_version(door, name, "x: 1", author="Ana", after=0)
    with pytest.raises(ScenarioError, match="An author's name has 1 to 80 printable characters"):
        save_version(door, "One", "x: 1", author=name, after=0)
    assert latest_versions(door).empty


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (" \n", "is empty"),
        ("é" * 500_001, "at most 1,000,000 bytes, this one 1,000,002"),
        ("a\nb\x00", r"'\\x00', in line 2"),
        ("\x1b[2J", r"'\\x1b', in line 1"),
        ("\ud800", r"'\\ud800', in line 1"),
    ],
)
def test_a_document_that_is_no_text_is_refused(door: Engine, document: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        save_version(door, "One", document, author="Ana", after=0)
    assert latest_versions(door).empty


def test_a_note_that_is_too_long_is_refused(door: Engine) -> None:
    save_version(door, "One", "x: 1", author="Ana", note="n" * 1000, after=0)
    with pytest.raises(ScenarioError, match="at most 1,000 characters, this one 1,001"):
        save_version(door, "One", "x: 2", author="Ana", note="n" * 1001, after=1)


def test_text_that_looks_like_sql_is_only_text(store: Engine) -> None:
    name = "Robert'); DROP TABLE trd_access_scenarios;--"
    save_version(store, name, "x: '; --", author='"', note="%(name)s :name ?", after=0)
    assert latest_versions(store)["name"].tolist() == [name]


def test_without_a_setting_the_store_is_a_file_in_the_data_folder() -> None:
    save_version(open_store(), "One", "x: 1", author="Ana", after=0)
    assert (settings().data_folder / "scenarios.sqlite").is_file()
    assert latest_versions(open_store())["name"].tolist() == ["One"]


def test_one_setting_names_the_store_and_is_kept_secret(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(open_store(store_url), "One", "x: 1", author="Ana", after=0)
    monkeypatch.setenv("TRD_ACCESS_STORE", f" {store_url} ")
    assert latest_versions(open_store())["name"].tolist() == ["One"]
    assert store_url not in repr(settings())


def test_the_author_is_the_setting_or_the_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    assert default_author() == "ana"
    monkeypatch.setenv("TRD_ACCESS_AUTHOR", "Ana María")
    assert default_author() == "Ana María"


def test_sqlalchemy_is_loaded_only_where_the_store_is_used() -> None:
    code = "import sys, access, access.cli, access.cli.scenario_store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
