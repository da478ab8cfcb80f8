"""The terminal at 80 columns: no line is longer, and no figure is broken over two."""

import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from access.cli import app
from access.cli.output import write_table

FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def run_narrow(*words: str) -> str:
    """What the command writes in a terminal of 80 columns."""
    ended = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert ended.exit_code == 0, ended.output
    return ended.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["find", "59718"],
        ["gaps", "-t", "tms"],
        ["gaps", "-t", "tms", "--by", "state"],
        ["gaps", "-t", "tms", "--by", "county", "--state", "MT"],
        ["course", "59718", "-t", "tms"],
        ["scenario", "apply", "-t", "esketamine", "--add", "Miles City, MT"],
        ["scenario", "apply", "-t", "esketamine", "--add", "Miles City, MT", "--by", "county", "--state", "MT"],
        ["site", "-t", "esketamine", "--state", "MT", "--add", "1"],
        ["data", "list"],
    ],
    ids=" ".join,
)
def test_no_line_is_over_80_and_no_number_ends_in_a_comma(words: list[str]) -> None:
    lines = run_narrow(*words).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if re.search(r"\d,\s*(│|$)", line)] == []


def test_states_and_counties_have_their_names() -> None:
    assert "Montana" in run_narrow("gaps", "-t", "tms", "--by", "state")
    counties = run_narrow("gaps", "-t", "tms", "--by", "county", "--state", "MT")
    assert "Gallatin, MT" in counties
    assert "30031" not in counties


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_every_figure_is_whole_at_any_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    figures = ["331,449,281", "1,084,225", "12.5", "100.0"]
    table = pd.DataFrame(
        {f"beyond {limit}": [f"{figure} ({limit}.5 %)" for figure in figures] for limit in (30, 60, 90, 120)}
    )
    write_table("Beyond", table)
    lines = capsys.readouterr().out.splitlines()
    whole = {found for line in lines for found in FIGURE.findall(line)}
    assert set(figures) <= whole
    assert all(len(line) <= width for line in lines)
    assert sum(line.count("(30.5 %)") for line in lines) == len(figures)
