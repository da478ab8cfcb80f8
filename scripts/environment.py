"""Makes the checkout ready to run: .venv with the locked packages, the browser's libraries, the outlines.

Each step keeps a stamp: a hash of what it is made from. A step is left alone when its stamp fits and what it
makes is there; the stamp goes before the work begins, so that an interrupted step is done again.
Standard library only.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NEEDED_GB = {"app": 2, "dev": 3}
# What the browser is given, as `static/vendor/<package>/<file>`; taken from `node_modules/<package>/dist`.
VENDOR = {
    "h3-js": ["h3-js.umd.js"],
    "jquery": ["jquery.min.js"],
    "leaflet": ["leaflet.js", "leaflet.css", "images"],
    "leaflet.markercluster": ["leaflet.markercluster.js", "MarkerCluster.css", "MarkerCluster.Default.css"],
    "topojson-client": ["topojson-client.min.js"],
}
_FULL = "The disk is full; free 3 GB and run this again."
_NO_SPACE = ("No space left", "ENOSPC", "Disk quota exceeded")
_NO_NETWORK = (
    *("Max retries exceeded", "NewConnectionError", "NameResolutionError", "ConnectTimeout", "ReadTimeout"),
    *("ProxyError", "Could not find a version", "No matching distribution"),
    *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"),
)


class SetupError(Exception):
    """One sentence: what stopped the set-up, and what to do."""


@dataclass(frozen=True)
class Step:
    """Something that is made once: fresh while `stamp` names `needs` and every one of `makes` is there.

    `gives`: what else is then fresh too (the developer's packages hold the app's).
    """

    name: str
    stamp: Path
    needs: str
    make: Callable[[], None]
    makes: Sequence[Path] = ()
    gives: Sequence[str] = ()

    def is_fresh(self) -> bool:
        try:
            stamped = self.stamp.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return self.needs in stamped and all(path.exists() for path in self.makes)

    def run(self) -> None:
        if self.is_fresh():
            return
        self.stamp.unlink(missing_ok=True)
        print(f"{self.name} ...", flush=True)
        begun = time.monotonic()
        self.make()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text("\n".join([self.needs, *self.gives]) + "\n", encoding="utf-8")
        print(f"{self.name}: {time.monotonic() - begun:.1f} s", flush=True)


def digest(*files: Path) -> str:
    """One hash over the names and bytes of `files`; a file that is not there counts as such."""
    whole = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.is_file() else b"absent"
        whole.update(path.name.encode() + hashlib.sha256(content).digest())
    return whole.hexdigest()


def steps(root: Path, kind: str) -> list[Step]:
    """What `kind` ("app" or "dev") needs, in order."""
    home = root / ".venv"
    python = home / "bin" / "python"
    stamps = home / "stamps"
    locks = {name: digest(root / "requirements" / f"{name}.txt") for name in ("app", "dev")}
    npm_files = [root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    outlines = sorted((root / "data" / "starter" / "outlines").glob("*.json"))
    return [
        Step("Python environment", stamps / "python", _interpreter(root), lambda: _make_venv(home), [python]),
        Step(
            "Packages",
            stamps / "packages",
            locks[kind],
            lambda: _install_packages(root, kind),
            gives=list(locks.values()) if kind == "dev" else (),
        ),
        Step(
            "TRD Access",
            stamps / "project",
            digest(root / "pyproject.toml"),
            lambda: pip(root, "--no-deps", "--no-build-isolation", "-e", "."),
            [home / "bin" / "trd-access"],
        ),
        Step(
            "Compiled loops",
            stamps / "loops",
            digest(root / "access" / "travel" / "trip_kernels.py", root / "requirements" / "app.txt"),
            lambda: _run([str(python), "-m", "scripts.compile_loops"], root, "python"),
        ),
        Step(
            "Browser libraries",
            stamps / "vendor",
            digest(*npm_files),
            lambda: _make_vendor(root),
            [*vendor_files(root), root / "node_modules" / "us-atlas"],
        ),
        Step(
            "Outlines",
            stamps / "outlines",
            digest(*outlines),
            lambda: _copy_outlines(outlines, root / "static" / "geo"),
            [root / "static" / "geo" / path.name for path in outlines],
        ),
    ]


def _interpreter(root: Path) -> str:
    return f"{root} {sys.base_prefix} {'.'.join(map(str, sys.version_info[:3]))}"


def _make_venv(home: Path) -> None:
    if home.is_symlink() or home.is_file():
        home.unlink()
    shutil.rmtree(home, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(home)


def _install_packages(root: Path, kind: str) -> None:
    free = shutil.disk_usage(root).free / 1e9
    needed = NEEDED_GB[kind]
    if free < needed:
        raise SetupError(f"The disk has {free:.1f} GB free, and the set-up needs {needed} GB; free some and retry.")
    pip(root, "--require-hashes", "-r", f"requirements/{kind}.txt")


def pip(root: Path, *arguments: str) -> None:
    """Installs into .venv what `arguments` name; the index is whatever pip is configured for."""
    only_wheels = [] if "-e" in arguments else ["--only-binary", ":all:"]
    command = [str(root / ".venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    _run([*command, "--disable-pip-version-check", *only_wheels, *arguments], root, "pip")


def vendor_files(root: Path) -> list[Path]:
    """What `static/vendor` must hold."""
    vendor = root / "static" / "vendor"
    return [vendor / package / name for package, names in VENDOR.items() for name in names]


def _make_vendor(root: Path) -> None:
    _run([*_npm(root), "ci", "--loglevel=error"], root, "npm")
    with _replacing(root / "static" / "vendor") as fresh:
        for package, names in VENDOR.items():
            (fresh / package).mkdir(parents=True)
            for name in names:
                source = root / "node_modules" / package / "dist" / name
                target = fresh / package / name
                shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)


def _npm(root: Path) -> list[str]:
    found = shutil.which("npm")
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return [found]
    pip(root, "--require-hashes", "-r", "requirements/node.txt")
    return [str(root / ".venv" / "bin" / "npm")]


def _copy_outlines(outlines: Sequence[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in outlines:
        part = folder / f".{path.name}.part"
        shutil.copyfile(path, part)
        part.replace(folder / path.name)


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        fresh.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _run(command: Sequence[str], root: Path, tool: str) -> None:
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, errors="replace", check=False, close_fds=False
    )
    if done.returncode:
        log = root / ".venv" / f"{tool}.log"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        raise SetupError(explain(done.stdout + done.stderr, tool, log))


def explain(output: str, tool: str, log: Path) -> str:
    """One sentence for what `tool` printed as it failed; `log` holds all of it."""
    if any(sign in output for sign in _NO_SPACE):
        return _FULL
    if "DO NOT MATCH THE HASHES" in output or "EINTEGRITY" in output:
        return f"A download is not the file that the lock names, so nothing of it was used; see {log}."
    if any(sign in output for sign in _NO_NETWORK):
        return f"{tool} could not download what it needs; check the network, or {tool}'s settings; see {log}."
    reasons = re.findall(r"^.*(?:Error|ERROR|npm error code)\b.*$", output, flags=re.MULTILINE)
    reason = f" ({reasons[-1].strip()[:200]})" if reasons else ""
    return f"{tool} failed{reason}; run this again, and if it fails again read {log}."


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Only one set-up of a checkout at a time; the lock goes when it and what it started have ended."""
    handle = os.open(root / "scripts", os.O_RDONLY)
    os.set_inheritable(handle, True)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this checkout is running; waiting for it ...", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_ready(root: Path, kind: str) -> None:
    """Every step of `kind` that is not fresh, done."""
    with alone(root):
        for step in steps(root, kind):
            step.run()


def main() -> int:
    """0 when all is ready; else 1 and one sentence, 130 when interrupted."""
    root = Path(__file__).resolve().parents[1]
    kind = sys.argv[1] if len(sys.argv) > 1 else "app"
    if kind not in NEEDED_GB:
        return _stopped(f"'{kind}' is neither app nor dev; say scripts/setup app or scripts/setup dev.", 2)
    try:
        make_ready(root, kind)
    except KeyboardInterrupt:
        return _stopped("Stopped; run it again to go on.", 130)
    except SetupError as failure:
        return _stopped(str(failure))
    except OSError as failure:
        return _stopped(_FULL if failure.errno == errno.ENOSPC else f"The set-up cannot go on: {failure}.")
    return 0


def _stopped(sentence: str, status: int = 1) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
