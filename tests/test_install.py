"""PySAL's `access` has the same import name: a mixture of the two in one folder is told, never used."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from access.errors import AccessError, InstallError, check_installation

ROOT = Path(__file__).parents[1]
REMEDY = "run `pip uninstall access trd-access`, then install each in an environment of its own."


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages into which TRD Access is installed."""
    shutil.copytree(ROOT / "access", tmp_path / "access", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "trd_access-0.1.0.dist-info").mkdir()
    return tmp_path


def run_python(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, check=False)


def test_alone_it_is_imported(site: Path) -> None:
    ended = run_python(site, "-c", "import access; print(access.__file__)")
    assert ended.stdout.strip() == str(site / "access" / "__init__.py")


@pytest.mark.parametrize("trace", ["access/access.py", "access-1.1.9.dist-info/RECORD"])
def test_the_mixture_is_told_at_import_with_the_remedy(site: Path, trace: str) -> None:
    (site / trace).parent.mkdir(exist_ok=True)
    (site / trace).write_text("", "utf-8")
    ended = run_python(site, "-c", "import access")
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("access.errors.InstallError: PySAL's access and TRD Access have the same import name")
    assert last.endswith(REMEDY)


@pytest.mark.parametrize("is_ours_first", [True, False])
def test_the_terminal_tells_it_in_one_sentence(site: Path, is_ours_first: bool) -> None:
    (site / "access" / "access.py").write_text("class Access: ...\n", "utf-8")
    if not is_ours_first:  # installed later, its own __init__ stands where ours stood
        (site / "access" / "__init__.py").write_text("from .access import Access\n", "utf-8")
    (site / "trd-access").write_text("from access.cli import main\nmain()\n", "utf-8")
    ended = run_python(site, "trd-access", "data", "list")
    assert ended.returncode == 1
    assert ended.stderr.startswith("trd-access: PySAL's access")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.strip().endswith(REMEDY)


def test_it_is_an_error_of_the_library_and_of_imports(tmp_path: Path) -> None:
    (tmp_path / "access-1.dist-info").mkdir()
    with pytest.raises(InstallError) as failure:
        check_installation(tmp_path / "access")
    assert isinstance(failure.value, AccessError)
    assert isinstance(failure.value, ImportError)
