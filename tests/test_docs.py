"""What docs/architecture.md and CONTRIBUTING.md name is there, and the examples in docstrings are true."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["docs/architecture.md", "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_function_that_the_page_names_exists(page: str) -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "access").rglob("*.py"))
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", (ROOT / page).read_text("utf-8")))
    assert {name for name in named if f"def {name}(" not in code} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_the_page_names_exists(page: str) -> None:
    found = (path for top in ("access", "pages", "tests", "scripts") for path in (ROOT / top).rglob("*.py"))
    files = {path.relative_to(ROOT).as_posix() for path in found}
    files.add("app.py")
    named = set(re.findall(r"`([\w/]+\.py)`", (ROOT / page).read_text("utf-8")))
    assert named
    assert {name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)} == set()


@pytest.mark.parametrize("module", ["access.measures.beyond", "access.measures.equity"])
def test_every_example_in_the_docstrings_gives_what_it_shows(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0


def test_the_readme_s_python_prints_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = re.findall(r"```(?:python|text)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == shown
