"""OSRM's own tools at work: an OpenStreetMap extract made into the files that its engine reads."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from access.errors import RoadsError
from access.sources.fetch import Progress
from access.travel.osrm import STEM, osrm_folder

PROFILES: Final = ("car", "foot", "bicycle")
# Multi-level Dijkstra is ready in seconds and slower to ask; contraction hierarchies the other way round.
STEPS: Final = {"MLD": ("extract", "partition", "customize"), "CH": ("extract", "contract")}
# What only the tools need, by the ends of the names: a third of the bytes.
_BETWEEN: Final = ("cnbg", "cnbg_to_ebg", "ebg", "enw", "restrictions", "turn_penalties_index")
# The engine's profile as it ships, but without classes of road to leave out on demand (toll, motorway, ferry), each
# of which would be prepared for separately.
_PROFILE: Final = """\
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
_SAID: Final = re.compile(r"^(?:\[[^\]]*\] )?\[(?:error|critical)\] (.*)$", re.MULTILINE)


def prepare(
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
    RoadsError: OSRM is not installed, or one of its tools failed; says which and why.
    """
    script = folder / "profile.lua"
    profiles = osrm_folder() / "share" / "profiles"
    lines = "".join(f"  {change}\n" for change in changes)
    script.write_text(_PROFILE.format(profiles=profiles, profile=profile, changes=lines), encoding="utf-8")
    base = folder / f"{STEM}.osrm"
    arguments = {"extract": ["--profile", str(script), "--output", str(folder / STEM), str(extract)]}
    for tool in STEPS[algorithm]:
        _run(tool, arguments.get(tool, [str(base)]), folder / "build.log", progress)
    for left in (script, *(folder / f"{STEM}.osrm.{ending}" for ending in _BETWEEN)):
        left.unlink(missing_ok=True)


def _run(tool: str, arguments: Sequence[str], log: Path, progress: Progress | None) -> None:
    command = [str(osrm_folder() / "bin" / f"osrm-{tool}"), "--threads", str(os.cpu_count() or 1), *arguments]
    doing = f"osrm-{tool}"
    begun = log.stat().st_size if log.exists() else 0
    with log.open("ab") as kept, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        try:
            for said in _pieces(running):
                kept.write(said)
                if progress and (percents := _PERCENT.findall(said)):
                    progress(doing, min(int(percents[-1]), 99), 100)
        finally:
            if running.poll() is None:
                running.terminate()
    if running.returncode:
        raise RoadsError(_failure(tool, running.returncode, log.read_bytes()[begun:].decode(errors="replace")))
    if progress:
        progress(doing, 100, 100)


def _pieces(running: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What the tool says, as it says it; ended when it closes its output, and with it its work."""
    if running.stdout is not None:
        while said := os.read(running.stdout.fileno(), 1 << 16):
            yield said
    running.wait()


def _failure(tool: str, code: int, said: str) -> str:
    if code == -9 or "bad_alloc" in said:
        return (
            f"osrm-{tool} was stopped by the system, most likely because the memory was full. "
            "Take a smaller extract, or a machine with more memory."
        )
    reasons = _SAID.findall(said)
    reason = f" ({reasons[-1].strip()})" if reasons else f" (exit code {code})"
    return f"osrm-{tool} could not make a road network of this extract{reason}. Check the file, or take another."
