"""The two commands: which Python they take, what they repair, what they say when they cannot go on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from environment import Step, explain, make_ready, steps, vendor_files  # noqa: E402

LOCKS = ["app.txt", "dev.txt", "node.txt"]


def put_python(folder: Path, name: str, version: str, *, works: bool = True) -> Path:
    """A command that answers as a Python of that version would, or fails as one without venv does."""
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / name
    command.write_text(f"#!/bin/sh\necho {version}\n" if works else "#!/bin/sh\nexit 1\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def newest_python(path: Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`scripts/newest-python` on a machine that has only the commands of `path`, and pyenv under `home`."""
    tools = home / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    for tool in ("bash", "env", "sort", "ls"):
        found = next(folder / tool for folder in (Path("/bin"), Path("/usr/bin")) if (folder / tool).exists())
        (tools / tool).symlink_to(found)
    settings = {"PATH": f"{path}:{tools}", "HOME": str(home), **more}
    command = [str(tools / "bash"), str(ROOT / "scripts" / "newest-python")]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


def test_the_newest_python_wins_over_the_first_on_the_path(tmp_path: Path) -> None:
    put_python(tmp_path / "bin", "python3", "3.11")
    put_python(tmp_path / "bin", "python3.11", "3.11")
    newest = put_python(tmp_path / "bin", "python3.12", "3.12")
    found = newest_python(tmp_path / "bin", tmp_path / "home")
    assert found.stdout.strip() == str(newest)


def test_pyenv_offers_its_newest_patch(tmp_path: Path) -> None:
    put_python(tmp_path / "bin", "python3.12", "3.12")
    versions = tmp_path / "home" / ".pyenv" / "versions"
    put_python(versions / "3.13.9" / "bin", "python3.13", "3.13")
    newest = put_python(versions / "3.13.10" / "bin", "python3.13", "3.13")
    found = newest_python(tmp_path / "bin", tmp_path / "home")
    assert found.stdout.strip() == str(newest)


def test_a_python_without_venv_and_one_too_new_are_passed_over(tmp_path: Path) -> None:
    put_python(tmp_path / "bin", "python3.13", "3.13", works=False)
    put_python(tmp_path / "bin", "python3", "3.14")
    usable = put_python(tmp_path / "bin", "python3.11", "3.11")
    found = newest_python(tmp_path / "bin", tmp_path / "home")
    assert found.stdout.strip() == str(usable)


def test_a_folder_with_a_space_in_its_name_does_no_harm(tmp_path: Path) -> None:
    newest = put_python(tmp_path / "my programs", "python3.13", "3.13")
    found = newest_python(tmp_path / "my programs", tmp_path / "my home")
    assert found.stdout.strip() == str(newest)


def test_without_a_suitable_python_one_sentence_says_so(tmp_path: Path) -> None:
    put_python(tmp_path / "bin", "python3", "3.10")
    found = newest_python(tmp_path / "bin", tmp_path / "home")
    assert found.returncode == 1
    assert found.stdout == ""
    assert re.fullmatch(r"TRD Access needs CPython 3\.11, 3\.12 or 3\.13 .*\.\n", found.stderr)


def test_a_python_that_is_named_is_taken_or_refused_by_name(tmp_path: Path) -> None:
    put_python(tmp_path / "bin", "python3.13", "3.13")
    older = put_python(tmp_path / "old", "python", "3.11")
    assert newest_python(tmp_path / "bin", tmp_path / "a", TRD_ACCESS_PYTHON=str(older)).stdout.strip() == str(older)
    refused = newest_python(tmp_path / "bin", tmp_path / "b", TRD_ACCESS_PYTHON="/no/such/python")
    assert refused.returncode == 1
    assert "/no/such/python" in refused.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    hashed = re.compile(r"[a-z0-9.-]+==[^ ;]+( ; [^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+")
    assert [entry.splitlines()[0] for entry in entries if not hashed.fullmatch(entry)] == []
    assert "://" not in text


def pins(lock: str) -> set[str]:
    """Each `name==version` of a lock."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^[a-z0-9.-]+==[^ ;]+", text, flags=re.MULTILINE))


def test_the_developers_lock_holds_all_of_the_apps() -> None:
    assert pins("app.txt") <= pins("dev.txt")


def test_one_version_of_each_package_serves_every_python() -> None:
    names = [pin.split("==")[0] for pin in sorted(pins("dev.txt"))]
    assert len(names) == len(set(names))


def test_every_browser_library_has_a_hash_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert "://" not in text


def test_the_wheel_holds_the_library_and_the_starter_pack_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = set(ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    starter = ROOT / "data" / "starter"
    shipped = {f"access/starter/{path.relative_to(starter)}" for path in starter.rglob("*") if path.is_file()}
    read = {
        path.relative_to(ROOT).as_posix()
        for kind in ("*.yaml", "templates/*.*")
        for path in (ROOT / "access").rglob(kind)
    }
    assert {"access/content/guide.es.yaml", "access/documents/templates/cards.html"} < read
    assert {"access/cli/__init__.py", "access/py.typed", "access/starter/manifest.json", *shipped, *read} <= names
    assert {name.split("/")[0] for name in names} == {"access", "trd_access-0.1.0.dist-info"}


def counted(stamp: Path, product: Path, needs: str = "v1") -> tuple[Step, list[str]]:
    """A step that writes `product`, and the list that grows each time it does."""
    runs: list[str] = []

    def make() -> None:
        runs.append("made")
        product.write_text("whole", encoding="utf-8")

    return Step("Thing", stamp, needs, make, [product]), runs


def test_a_step_is_done_once(tmp_path: Path) -> None:
    step, runs = counted(tmp_path / "stamps" / "thing", tmp_path / "thing")
    step.run()
    step.run()
    assert runs == ["made"]


@pytest.mark.parametrize("damage", [b"", b"v", b"\xff\xfe\x00", b"v0\n"])
def test_a_damaged_stamp_makes_the_step_anew(tmp_path: Path, damage: bytes) -> None:
    step, runs = counted(tmp_path / "stamp", tmp_path / "thing")
    step.run()
    step.stamp.write_bytes(damage)
    step.run()
    assert runs == ["made", "made"]
    assert step.is_fresh()


def test_a_product_that_was_deleted_is_made_anew(tmp_path: Path) -> None:
    step, runs = counted(tmp_path / "stamp", tmp_path / "thing")
    step.run()
    (tmp_path / "thing").unlink()
    step.run()
    assert runs == ["made", "made"]


def test_a_step_that_was_interrupted_is_done_again(tmp_path: Path) -> None:
    step, runs = counted(tmp_path / "stamp", tmp_path / "thing")
    step.run()

    def interrupted() -> None:
        raise KeyboardInterrupt

    newer = Step("Thing", step.stamp, "v2", interrupted, step.makes)
    with pytest.raises(KeyboardInterrupt):
        newer.run()
    assert not step.is_fresh()
    step.run()
    assert runs == ["made", "made"]


def test_the_developers_packages_serve_the_app_too(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "app.txt").write_text("one", encoding="utf-8")
    (tmp_path / "requirements" / "dev.txt").write_text("one and two", encoding="utf-8")
    app, dev = steps(tmp_path, "app")[1], steps(tmp_path, "dev")[1]
    assert app.stamp == dev.stamp
    dev.stamp.parent.mkdir(parents=True)
    dev.stamp.write_text("\n".join([dev.needs, *dev.gives]), encoding="utf-8")
    assert dev.is_fresh()
    assert app.is_fresh()
    app.stamp.write_text(app.needs, encoding="utf-8")
    assert not dev.is_fresh()


def test_a_changed_outline_is_copied_and_other_maps_are_left(tmp_path: Path) -> None:
    source, served = tmp_path / "data" / "starter" / "outlines", tmp_path / "static" / "geo"
    source.mkdir(parents=True)
    served.mkdir(parents=True)
    (source / "states.json").write_text("old", encoding="utf-8")
    (served / "MT-hexagons.json").write_text("hexagons", encoding="utf-8")
    steps(tmp_path, "app")[-1].run()
    (source / "states.json").write_text("new", encoding="utf-8")
    steps(tmp_path, "app")[-1].run()
    assert {path.name: path.read_text("utf-8") for path in served.iterdir()} == {
        "states.json": "new",
        "MT-hexagons.json": "hexagons",
    }


def test_this_checkout_has_the_browser_libraries() -> None:
    assert [str(path) for path in vendor_files(ROOT) if not path.exists()] == []


def test_a_python_environment_that_stopped_half_way_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path / "a checkout" / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").symlink_to(tmp_path / "gone")
    (home / "stamps").mkdir()
    (home / "stamps" / "packages").write_text("of another time", encoding="utf-8")
    step = steps(tmp_path / "a checkout", "app")[0]
    step.run()
    version = subprocess.run([home / "bin" / "python", "-m", "pip", "--version"], capture_output=True, check=True)
    assert version.stdout.startswith(b"pip ")
    assert not (home / "stamps" / "packages").exists()
    assert step.is_fresh()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error code ENOTFOUND", "pip could not download"),
        ("ERROR: No matching distribution found for pandas==3.1.1", "pip could not download"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "A download is not the file that the lock names"),
        ("  OSError: Readme is gone\nhint: See above", "pip failed (OSError: Readme is gone);"),
        ("Segmentation fault", "pip failed;"),
    ],
)
def test_what_stops_an_install_is_one_sentence(output: str, sentence: str, tmp_path: Path) -> None:
    said = explain(output, "pip", tmp_path / "pip.log")
    assert said.startswith(sentence)
    assert "\n" not in said


def test_two_set_ups_of_one_checkout_take_turns(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    code = (
        "import sys, time, pathlib, environment as e; root = pathlib.Path(sys.argv[1])\n"
        "with e.alone(root): (root / 'begun').touch(); time.sleep(0.5); (root / 'ended').touch()"
    )
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    first = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=settings)
    while not (tmp_path / "begun").exists():
        assert first.poll() is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("environment.steps", lambda *_: [])
        make_ready(tmp_path, "app")
    assert (tmp_path / "ended").exists()
    assert first.wait() == 0
