"""What a person pays for who only enters: the library and the command load what is used, when it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

import access
from access.cli import app
from access.cli.on_demand import CommandOnDemand, load_command

HEAVY = ("numba", "geopandas", "matplotlib", "scipy", "pandas", "numpy", "pandera", "folium")


def modules_loaded_by(code: str) -> list[str]:
    """Which of the heavy ones a new Python has loaded after the code."""
    report = f"{code}\nimport sys\nsys.stderr.write(' '.join(name for name in {HEAVY} if name in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return ended.stderr.split()


HELP = """
import sys
sys.argv = ["trd-access", *{words}]
from access.cli import main
try:
    main()
except SystemExit:
    pass
"""


@pytest.mark.parametrize(
    "code",
    [
        "import access",
        "import access.errors",
        "import access; dir(access)",
        HELP.format(words=["--help"]),
        HELP.format(words=["--version"]),
        HELP.format(words=["scenario", "--help"]),
        HELP.format(words=["data", "--help"]),
        HELP.format(words=["roads", "--help"]),
    ],
)
def test_who_only_enters_loads_nothing_heavy(code: str) -> None:
    assert modules_loaded_by(code) == []


def test_the_stub_lists_the_names_that_are_loaded_on_demand() -> None:
    stub = ast.parse(Path(access.__file__).with_suffix(".pyi").read_text("utf-8"))
    lists = [part.value for part in stub.body if isinstance(part, ast.Assign)]
    assert sorted(ast.literal_eval(lists[0])) == access.__all__
    assert set(access.__all__) <= set(dir(access))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'frobnicate'"):
        access.frobnicate  # noqa: B018


def first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def commands_below(group: TyperGroup, path: str = "") -> list[tuple[str, CommandOnDemand]]:
    """Every command with its full name, groups too."""
    found: list[tuple[str, CommandOnDemand]] = []
    for name, command in group.commands.items():
        assert isinstance(command, CommandOnDemand)
        found.append((f"{path}{name}", command))
        real = load_command(name, command.stands_at)
        if isinstance(real, TyperGroup):
            found += commands_below(real, f"{path}{name} ")
    return found


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    commands = commands_below(typer.main.get_group(app))
    said = {name: str(command.help) for name, command in commands}
    itself = {name: first_paragraph(load_command(name, at.stands_at).help) for name, at in commands}
    assert said == itself
    assert {"find", "scenario apply", "data list", "roads area"} <= said.keys()


def test_the_version_is_told() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "access.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert ended.stdout == f"trd-access {access.__version__}\n"
