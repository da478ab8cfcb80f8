"""The store in the terminal: save, list, show, history, retire, export, import."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from access.cli import app
from access.errors import AccessError, ConflictError, ScenarioError

Tell = Callable[..., str]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Runs a command of the group, which must end with `code`, and gives what it writes."""
    monkeypatch.setenv("TRD_ACCESS_AUTHOR", "Ana")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str, code: int = 0) -> str:
        ended = CliRunner().invoke(app, ["scenario", *arguments])
        if isinstance(ended.exception, AccessError):
            raise ended.exception
        assert ended.exit_code == code, ended.output
        return ended.stdout_bytes.decode()

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Miles City.yaml"
    path.write_bytes(b"name: Miles City\r\n# \xc3\x91and\xc3\xba\n")
    return path


def test_a_file_is_saved_under_its_name_and_shown_to_the_letter(tell: Tell, file: Path) -> None:
    assert tell("save", str(file), "--note", "a try") == "Miles City: version 1, saved by Ana.\n"
    assert tell("show", "Miles City").encode() == file.read_bytes()
    shown = json.loads(tell("show", "Miles City", "--json"))
    assert (shown["version"], shown["author"], shown["note"]) == (1, "Ana", "a try")
    assert shown["document"].encode() == file.read_bytes()


def test_the_list_and_the_history_are_written_in_three_forms(tell: Tell, file: Path) -> None:
    tell("save", str(file), "--name", "One", "--note", "=1+1")
    tell("save", str(file), "--name", "One", "--author", "Ben", "--after", "1")
    assert "Ben" in tell("list")
    rows = json.loads(tell("list", "--json"))["scenarios"]
    assert [(row["name"], row["version"], row["author"], row["versions"]) for row in rows] == [("One", 2, "Ben", 2)]
    assert rows[0]["saved_at"].endswith("+00:00")
    assert "=1+1" in tell("history", "One")
    rows = list(csv.DictReader(io.StringIO(tell("history", "One", "--csv"))))
    assert [row["author"] for row in rows] == ["Ana", "Ben"]
    assert not rows[0]["note"].startswith("=")
    assert len(json.loads(tell("history", "One", "--json"))["versions"]) == 2
    tell("list", "--json", "--csv", code=2)


def test_an_empty_store_is_an_answer_of_its_own(tell: Tell) -> None:
    assert "There is none yet" in tell("list", code=3)
    assert json.loads(tell("list", "--json", code=3)) == {"scenarios": []}
    assert tell("list", "--csv", code=3).startswith("name,version,author,note,saved_at,versions")


def test_who_does_not_say_what_they_began_from_overwrites_nothing(tell: Tell, file: Path) -> None:
    tell("save", str(file))
    with pytest.raises(ConflictError, match="saved by Ana"):
        tell("save", str(file))
    assert tell("show", "Miles City", "--version", "1")


def test_a_retired_scenario_is_revived_as_the_terminal_says(tell: Tell, file: Path) -> None:
    tell("save", str(file))
    assert "retired as version 2" in tell("retire", "Miles City", "--note", "done")
    tell("list", code=3)
    with pytest.raises(ScenarioError, match="was retired by Ana"):
        tell("show", "Miles City")
    tell("save", str(file), "--after", "2")
    with pytest.raises(ConflictError, match="as version 3"):
        tell("retire", "Miles City", "--after", "1")


def test_scenarios_go_from_store_to_store(
    tell: Tell, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("save", str(file))
    assert tell("export", str(tmp_path / "all.jsonl")).endswith("all.jsonl: 1 versions.\n")
    monkeypatch.setenv("TRD_ACCESS_STORE", str(tmp_path / "other.sqlite"))
    assert tell("import", str(tmp_path / "all.jsonl")).endswith("1 versions were new here.\n")
    assert tell("show", "Miles City").encode() == file.read_bytes()


def test_a_file_that_is_no_text_is_named(tell: Tell, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe")
    for name in ("a.yaml", "no.yaml"):
        with pytest.raises(ScenarioError, match=f"{name} cannot be read"):
            tell("save", str(tmp_path / name))


def test_a_file_that_is_no_scenario_is_not_kept(tell: Tell, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("edits: [{action: bomb}]")
    with pytest.raises(ScenarioError, match=r"edits\.1"):
        tell("save", str(tmp_path / "a.yaml"))
    assert json.loads(tell("list", "--json", code=3)) == {"scenarios": []}
