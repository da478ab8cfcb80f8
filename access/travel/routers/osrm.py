"""OSRM inside this program: an OpenStreetMap extract made into the files that it reads, and asked."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from access.errors import RoadsError, SourceError
from access.geo import Floats
from access.sources.fetching.progress import Progress
from access.travel.mode import Mode, road_mode
from access.travel.routers.router import Block

PACKAGE: Final = "osrm-bindings"
STEM: Final = "roads"  # the network's files are roads.osrm.*
_NOT_INSTALLED: Final = (
    "Real roads need OSRM's engine, which is not installed: pip install trd-access[roads] (Python 3.12 or newer)."
)


@dataclass(frozen=True, eq=False)
class Osrm:
    """An engine on OSRM's own library: as `access.travel.routers.router.Router` says.

    Each point goes to the nearest road that leads somewhere, however far: the snap is told, not limited.
    """

    mode: Mode
    library: Any
    # A block's reply is held as Python objects: about 400 bytes a pair.
    most_sources: int = 2_000
    most_targets: int = 1_000
    most_pairs: int = 250_000

    def block(self, sources: Floats, targets: Floats) -> Block:
        """Minutes and km between points, given as rows of latitude and longitude in degrees.

        Raises
        ------
        SourceError
            OSRM refused; its own words stand in the sentence.
        """
        from osrm import TableParameters

        points = np.vstack([sources, targets])
        asked = TableParameters(
            coordinates=list(zip(points[:, 1].tolist(), points[:, 0].tolist(), strict=True)),
            sources=list(range(len(sources))),
            destinations=list(range(len(sources), len(points))),
            annotations=["duration", "distance"],
            generate_hints=False,
        )
        try:
            reply = self.library.Table(asked)
        except RuntimeError as failure:
            raise SourceError(f"OSRM refused {len(sources)} by {len(targets)} points ({failure}).") from failure
        shape = (len(sources), len(targets))
        return Block(
            minutes=_matrix_of(reply["durations"], shape) / np.float32(60),
            km=_matrix_of(reply["distances"], shape) / np.float32(1000),
            source_snap_km=_snaps_of(reply["sources"]),
            target_snap_km=_snaps_of(reply["destinations"]),
        )


def _matrix_of(rows: Any, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Null, which is no route, becomes NaN."""
    return np.array([cell for row in rows for cell in row], np.float64).reshape(shape).astype(np.float32)


def _snaps_of(waypoints: Any) -> NDArray[np.float32]:
    return np.array([point["distance"] for point in waypoints], np.float32) / np.float32(1000)


def osrm_version() -> str:
    """The version of OSRM in this environment.

    Raises
    ------
    RoadsError
        It is not installed.
    """
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        raise RoadsError(_NOT_INSTALLED) from None


def osrm_folder() -> Path:
    """The folder of the installed library, with its tools (`bin`) and profiles (`share/profiles`).

    Raises
    ------
    RoadsError
        It is not installed.
    """
    osrm_version()
    found = find_spec("osrm")
    if found is None or not found.origin:
        raise RoadsError(_NOT_INSTALLED)
    return Path(found.origin).parent


def open_osrm(folder: Path, *, profile: str, algorithm: str) -> Osrm:
    """The engine on the network whose files are in `folder`, read into memory.

    Raises
    ------
    RoadsError
        OSRM is not installed, or cannot read the files: damaged, or built by another version.
    """
    mode = road_mode("OSRM", profile, version=osrm_version())
    from osrm import OSRM

    try:
        router = OSRM(
            algorithm=algorithm,
            storage_config=str(folder / f"{STEM}.osrm"),
            use_shared_memory=False,
            max_locations_distance_table=-1,
        )
    except RuntimeError as failure:
        raise RoadsError(
            f"OSRM {osrm_version()} cannot read the road network in {folder} ({failure}). "
            "Build it again: trd-access roads build"
        ) from failure
    return Osrm(mode, cast(Any, router))


PROFILES: Final = ("car", "foot", "bicycle")
# Multi-level Dijkstra is ready in seconds and slower to ask; contraction hierarchies the other way round.
STEPS: Final = {"MLD": ("extract", "partition", "customize"), "CH": ("extract", "contract")}
# What only the tools need, by the ends of the names: a third of the bytes.
_ONLY_FOR_TOOLS: Final = ("cnbg", "cnbg_to_ebg", "ebg", "enw", "restrictions", "turn_penalties_index")
# The engine's profile as it ships, but without classes of road to leave out on demand (toll, motorway, ferry), each
# of which would be prepared for separately.
_PROFILE_SCRIPT: Final = """\
package.path = [[{profiles}/?.lua;]] .. package.path
local profile = require("{profile}")
local setup = profile.setup
profile.setup = function()
  local settings = setup()
  settings.excludable = Sequence {{}}
{changes}  return settings
end
return profile
"""
_PERCENT: Final = re.compile(rb"(\d{1,3})%")
_ERROR_LINE: Final = re.compile(r"^(?:\[[^\]]*\] )?\[(?:error|critical)\] (.*)$", re.MULTILINE)


def prepare_network(
    extract: Path,
    folder: Path,
    *,
    profile: str,
    algorithm: str,
    changes: Sequence[str] = (),
    progress: Progress | None = None,
) -> None:
    """The network of `extract` as files in `folder`: all that `open_osrm` reads, and `build.log`.

    `changes`: lines of Lua by which the profile shall differ, as in "settings.turn_penalty = 0": to learn what it
    matters.

    Raises
    ------
    RoadsError
        OSRM is not installed, or one of its tools failed; says which and why.
    """
    script = folder / "profile.lua"
    profiles = osrm_folder() / "share" / "profiles"
    lines = "".join(f"  {change}\n" for change in changes)
    script.write_text(_PROFILE_SCRIPT.format(profiles=profiles, profile=profile, changes=lines), encoding="utf-8")
    base = folder / f"{STEM}.osrm"
    arguments = {"extract": ["--profile", str(script), "--output", str(folder / STEM), str(extract)]}
    for tool in STEPS[algorithm]:
        _run_tool(tool, arguments.get(tool, [str(base)]), folder / "build.log", progress)
    for left in (script, *(folder / f"{STEM}.osrm.{ending}" for ending in _ONLY_FOR_TOOLS)):
        left.unlink(missing_ok=True)


def _run_tool(tool: str, arguments: Sequence[str], log: Path, progress: Progress | None) -> None:
    command = [str(osrm_folder() / "bin" / f"osrm-{tool}"), "--threads", str(os.cpu_count() or 1), *arguments]
    doing = f"osrm-{tool}"
    begun = log.stat().st_size if log.exists() else 0
    with log.open("ab") as kept, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        try:
            for said in _read_output(running):
                kept.write(said)
                if progress and (percents := _PERCENT.findall(said)):
                    progress(doing, min(int(percents[-1]), 99), 100)
        finally:
            if running.poll() is None:
                running.terminate()
    if running.returncode:
        raise RoadsError(_failure_words(tool, running.returncode, log.read_bytes()[begun:].decode(errors="replace")))
    if progress:
        progress(doing, 100, 100)


def _read_output(running: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What the tool says, as it says it; ended when it closes its output, and with it its work."""
    if running.stdout is not None:
        while said := os.read(running.stdout.fileno(), 1 << 16):
            yield said
    running.wait()


def _failure_words(tool: str, code: int, said: str) -> str:
    if code == -9 or "bad_alloc" in said:
        return (
            f"osrm-{tool} was stopped by the system, most likely because the memory was full. "
            "Take a smaller extract, or a machine with more memory."
        )
    reasons = _ERROR_LINE.findall(said)
    reason = f" ({reasons[-1].strip()})" if reasons else f" (exit code {code})"
    return f"osrm-{tool} could not make a road network of this extract{reason}. Check the file, or take another."
