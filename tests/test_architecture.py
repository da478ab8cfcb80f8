"""The form of the project: layers, sizes, public names, and what may never be committed."""

import ast
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import access

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "access").rglob("*.py"))
# Written in parts, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
    )
]
DOWNLOADS = re.compile(r'https?://[^ "]+/(simple|-)/|https?://[^ "]+\.(whl|tgz)([#" ]|$)')


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    """What git holds, or would hold after `git add .`."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def modules_imported_by(module: Path) -> set[str]:
    """Full names of what a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_imports_point_downward_only() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_the_three_that_fetch_open_a_connection() -> None:
    network = {"requests", "urllib3", "urllib.request", "http.client", "socket", "httpx", "aiohttp", "ftplib"}
    users = {str(module.relative_to(ROOT)) for module in MODULES if modules_imported_by(module) & network}
    assert users == {f"access/sources/fetching/{name}.py" for name in ("download", "replies", "session")}


def test_no_page_is_over_80_lines() -> None:
    pages = sorted((ROOT / "pages").glob("*.py"))
    lines = {page.name: len(page.read_text("utf-8").splitlines()) for page in pages}
    assert {name: count for name, count in lines.items() if count > 80} == {}


def test_public_names_are_listed_once_there_and_explained() -> None:
    names = list(access.__all__)
    assert len(names) == len(set(names))
    assert [name for name in names if getattr(access, name, None) is None] == []
    explained = [name for name in names if callable(getattr(access, name))]
    assert [name for name in explained if not (getattr(access, name).__doc__ or "").strip()] == []


def test_every_public_name_of_the_package_is_in_all() -> None:
    modules = {path.stem for path in (ROOT / "access").iterdir()}
    names = {name for name in vars(access) if not name.startswith("_")} - modules
    assert names - set(access.__all__) == set()


def test_no_file_names_a_package_registry(committed: list[Path]) -> None:
    guilty = []
    for path in committed:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if any(host in text for host in REGISTRY_HOSTS) or DOWNLOADS.search(text):
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []


def test_no_test_only_file_of_shared_is_committed(shared: Path, committed: list[Path]) -> None:
    def sha256(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    kept = [path for part in ("mirror", "recorded", "osm") for path in (shared / part).rglob("*")]
    known = {sha256(path) for path in kept if path.is_file() and path.stat().st_size}
    assert [str(path.relative_to(ROOT)) for path in committed if sha256(path) in known] == []
