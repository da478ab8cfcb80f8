"""A store in one file: it goes over whole, what is there already is passed over, and a damaged file changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access.errors import ConflictError, ScenarioError, StoreError
from access.scenarios.store import export_file
from access.scenarios.store.database import open_store
from access.scenarios.store.versions import (
    export_store,
    import_store,
    latest_versions,
    load_version,
    retire_scenario,
    save_version,
    version_history,
)

GOOD = {
    "name": "One",
    "version": 1,
    "document": "x: 1",
    "author": "Ana",
    "note": "",
    "saved_at": "2026-11-28T20:00:00.000001+00:00",
}
HEAD = '{"trd_access_scenarios": 1}'


@pytest.fixture
def store(store_url: str) -> Engine:
    return open_store(store_url)


@pytest.fixture
def other(tmp_path: Path) -> Engine:
    return open_store(str(tmp_path / "other.sqlite"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scenarios.jsonl"


def filled(store: Engine) -> Engine:
    save_version(store, "One", "x: 1\n# Ñandú\r\n", author="Ana", note="first", after=0)
    save_version(store, "One", "x: 2", author="Ben", after=1)
    save_version(store, "two", "y: 1", author="Ana", after=0)
    retire_scenario(store, "two", author="Cay", note="done", after=1)
    return store


def written(file: Path, *lines: object, head: str = HEAD, count: int | None = None) -> Path:
    body = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    last = json.dumps({"versions": len(lines) if count is None else count})
    file.write_text("\n".join([head, *body, last]) + "\n", encoding="utf-8")
    return file


def test_an_export_goes_over_whole_and_only_once(store: Engine, other: Engine, file: Path) -> None:
    assert export_store(filled(store), file) == 4
    assert import_store(other, file) == 4
    assert latest_versions(other).equals(latest_versions(store))
    for name in ("One", "two"):
        assert version_history(other, name).equals(version_history(store, name))
    assert load_version(other, "One", 1) == load_version(store, "One", 1)
    again = file.with_name("again.jsonl")
    assert export_store(other, again) == 4
    assert again.read_bytes() == file.read_bytes()
    for either in (store, other):
        assert import_store(either, again) == 0


def test_an_import_adds_what_is_new(store: Engine, other: Engine, file: Path) -> None:
    export_store(filled(other), file)
    import_store(store, file)
    save_version(other, "One", "x: 3", author="Dov", after=2)
    save_version(store, "three", "z: 1", author="Dov", after=0)
    export_store(other, file)
    assert import_store(store, file) == 1
    assert latest_versions(store)["name"].tolist() == ["One", "three"]
    assert load_version(store, "One").author == "Dov"


def test_an_import_that_differs_is_refused_by_name_and_changes_nothing(
    store: Engine, other: Engine, file: Path
) -> None:
    save_version(other, "A new one", "a: 1", author="Ana", after=0)
    export_store(filled(other), file)
    save_version(store, "One", "another: 1", author="Ana", after=0)
    save_version(store, "two", "another: 1", author="Ana", after=0)
    with pytest.raises(ScenarioError, match="differs from the store in 2 scenarios, the first 'One' at version 1"):
        import_store(store, file)
    assert latest_versions(store)["name"].tolist() == ["One", "two"]
    assert load_version(store, "One").document == "another: 1"


def test_an_import_overtaken_by_a_save_changes_nothing(
    postgres_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(postgres_url)

    def overtaken(path: Path) -> object:
        for version in export_file.read_versions(path):
            if version.name == "two":
                save_version(open_store(postgres_url), "two", "mine: 1", author="Eve", after=0)
            yield version

    monkeypatch.setattr("access.scenarios.store.versions.read_versions", overtaken)
    with pytest.raises(ConflictError, match="'two' was saved by Eve"):
        import_store(store, written(file, GOOD, {**GOOD, "name": "two"}))
    assert latest_versions(store)["name"].tolist() == ["two"]


def test_an_empty_store_goes_over_too(store: Engine, other: Engine, file: Path) -> None:
    assert export_store(store, file) == 0
    assert import_store(other, file) == 0


def test_a_file_cut_anywhere_is_refused_and_changes_nothing(other: Engine, file: Path, tmp_path: Path) -> None:
    export_store(filled(open_store(str(tmp_path / "store.sqlite"))), file)
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        with pytest.raises(ScenarioError, match=r"Export the store again|is no export"):
            import_store(other, file)
    assert latest_versions(other).empty


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": 2}, "line 2: version 2 of 'One' does not follow version 0"),
        ({"version": 0}, "does not follow"),
        ({"version": True}, "line 2: version: Input should be a valid integer"),
        ({"version": 10**400}, "line 2"),
        ({"version": "1"}, "version: Input should be a valid integer"),
        ({"name": 1}, "name: Input should be a valid string"),
        ({"name": "x" * 81}, "1 to 80 printable"),
        ({"author": "\u001b[2J"}, "An author's name has 1 to 80"),
        ({"author": None}, "author"),
        ({"document": {"x": 1}}, "document: Input should be a valid string"),
        ({"document": "\u0000"}, "unprintable"),
        ({"document": ""}, "is empty"),
        ({"document": "x" * 1_000_001}, "at most 1,000,000 bytes"),
        ({"note": "n" * 1001}, "at most 1,000 characters"),
        ({"saved_at": "2026-11-28T20:00:00"}, "saved_at: Input should have timezone info"),
        ({"saved_at": "0001-01-01T00:00:00+14:00"}, "saved_at: Input should be greater"),
        ({"saved_at": "9999-12-31T23:59:59-14:00"}, "saved_at: Input should be less"),
        ({"saved_at": 1}, "saved_at"),
        ({"edits": []}, "edits: Extra inputs are not permitted"),
    ],
)
def test_a_line_that_is_no_version_is_refused_by_name(
    other: Engine, file: Path, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        import_store(other, written(file, {**GOOD, **change}))
    with pytest.raises(ScenarioError, match="line 3"):
        import_store(other, written(file, {**GOOD, "name": "Zero"}, {**GOOD, **change}))
    assert latest_versions(other).empty


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([GOOD, GOOD], "line 3: version 1 of 'One' is there twice"),
        ([GOOD, {**GOOD, "version": 3}], "line 3: version 3 of 'One' does not follow version 1"),
        ([GOOD, "[" * 100_000], "line 3: the line: Invalid JSON"),
        ([GOOD, "{}"], "line 3: name: Field required"),
        ([GOOD, ""], "line 3: the line: Invalid JSON"),
        ([GOOD, '{"versions": 1}'], "is cut short or was changed"),
        ([GOOD, json.dumps(GOOD).replace('"x: 1"', '"\\ud800"')], "line 3: the line: Invalid JSON"),
        ([GOOD, "x" * 6_100_000], "line 3, is over 6,050,000 bytes"),
    ],
)
def test_a_file_that_was_changed_is_refused(other: Engine, file: Path, lines: list[object], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        import_store(other, written(file, *lines))
    assert latest_versions(other).empty


@pytest.mark.parametrize("count", [0, 2, -1])
def test_a_last_line_that_counts_wrongly_is_refused(other: Engine, file: Path, count: int) -> None:
    with pytest.raises(ScenarioError, match="its last line does not count its 1 versions"):
        import_store(other, written(file, GOOD, count=count))


@pytest.mark.parametrize("head", ["", "[]", '{"trd_access_scenarios": 2}', "SQLite format 3\0", "x" * 10_000_000])
def test_a_file_of_another_kind_is_refused(other: Engine, file: Path, head: str) -> None:
    with pytest.raises(ScenarioError, match="is no export of a store of scenarios"):
        import_store(other, written(file, GOOD, head=head))


def test_a_file_without_end_or_too_large_is_refused(other: Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScenarioError, match="/dev/zero is no file"):
        import_store(other, Path("/dev/zero"))
    monkeypatch.setattr(export_file, "MOST_FILE_BYTES", 100)
    with pytest.raises(ScenarioError, match="is no file of at most 100 bytes"):
        import_store(other, written(file, GOOD))


def test_a_file_that_cannot_be_read_or_written_is_named(other: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no\.jsonl cannot be read \(No such file"):
        import_store(other, tmp_path / "no.jsonl")
    with pytest.raises(ScenarioError, match="is no file"):
        import_store(other, tmp_path)
    with pytest.raises(StoreError, match=r"cannot be written \(No such file"):
        export_store(other, tmp_path / "nowhere" / "a.jsonl")
    with pytest.raises(StoreError, match=r"could not be written .* untouched"):
        export_store(other, tmp_path)


def test_an_export_that_fails_leaves_the_file_that_was_there(
    other: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("what was there", encoding="utf-8")

    def full(*_: object) -> Callable[..., int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_file, "_write_lines", full)
    with pytest.raises(StoreError, match="No space left on device"):
        export_store(other, file)
    assert file.read_text(encoding="utf-8") == "what was there"
    assert [path.name for path in file.parent.glob(".*")] == []
