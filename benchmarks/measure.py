"""How a benchmark measures: seconds of repeated calls, the peak memory of its own process, and the machine."""

import math
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

PACKAGES = ("numpy", "pandas", "numba", "scipy", "streamlit", "streamlit-folium", "folium", "playwright")
MIB = 2**20
Unit = Literal["s", "ms", "MiB", "kB"]


@dataclass(frozen=True)
class Setting:
    """What every benchmark is told: the folder of the publishers' files, and how often to repeat."""

    mirror: str
    repeats: int


@dataclass(frozen=True)
class Result:
    """One line of the table: `values`, one per repetition, in `unit`; an aim is met when the median is below it."""

    name: str
    size: str
    unit: Unit
    values: tuple[float, ...]
    aim: float | None = None
    note: str = ""

    @property
    def best(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool | None:
        """None: there is no aim."""
        return None if self.aim is None else self.median < self.aim

    def said(self, value: float) -> str:
        """The value with its unit, "0.52 s", "4.2 ms", "812 MiB"; infinity: it did not come while we waited."""
        if value == math.inf:
            return "too long"
        digits = 0 if value >= 100 or self.unit in ("MiB", "kB") else 1 if value >= 10 or self.unit == "ms" else 2
        return f"{value:,.{digits}f} {self.unit}"


def timed(call: Callable[[], object], repeats: int, *, warm_up: int = 1, unit: Unit = "s") -> tuple[float, ...]:
    """What each of `repeats` calls took, after `warm_up` calls that are not counted."""
    for _ in range(warm_up):
        call()
    scale = {"s": 1.0, "ms": 1e3}[unit]
    return tuple(_seconds(call) * scale for _ in range(repeats))


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    made = call()
    taken = time.perf_counter() - begun
    del made  # kept until here: freeing it is no part of making it
    return taken


def peak_mib() -> float:
    """The most memory that this process has held so far; unlike getrusage's, its parent's is not in it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1024


def busy_cores(seconds: float = 1.0) -> float:
    """How many cores other processes keep busy while this one sleeps."""
    whole_before, idle_before = _ticks()
    time.sleep(seconds)
    whole, idle = _ticks()
    passed = max(whole - whole_before, 1)
    return (os.cpu_count() or 1) * (passed - idle + idle_before) / passed


def _ticks() -> tuple[int, int]:
    """Ticks of all cores since the start, and those of them spent idle or waiting for a disk."""
    spent = [int(one) for one in _lines("/proc/stat")[0].split()[1:9]]
    return sum(spent), spent[3] + spent[4]


def machine() -> dict[str, str]:
    """What the figures depend on: cores, processor, memory, versions."""
    memory = next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal:"))
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "cores": str(os.cpu_count()),
        "processor": f"{(models or ['unnamed'])[0]}, {platform.machine()}",
        "memory": f"{int(memory) / MIB:.1f} GiB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def load_average() -> tuple[float, ...]:
    """Of the last 1, 5 and 15 minutes; the benchmarks' own work is in it."""
    return tuple(round(one, 2) for one in os.getloadavg())


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
