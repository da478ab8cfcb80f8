"""How fast it all is: `python -m benchmarks.run --mirror ../shared/mirror`. What is measured, and how: README.md."""

import argparse
import importlib
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.measure import Result, Setting, busy_cores, load_average, machine
from benchmarks.table import Run, keep, show

# Each runs in a process of its own, which imports only what it needs: so each has its own peak of memory.
BENCHMARKS = {
    "entrance": "entrance.entrance",
    "pack": "library.pack",
    "first-trips": "first_trips.first_trips",
    "trips": "library.trips",
    "trips-2000": "library.trips_to_2000",
    "gaps": "library.gaps",
    "scenario": "library.scenario",
    "care": "library.care",
    "page-start": "pages.start",
    "page-find": "pages.find_care",
    "page-gaps": "pages.access_gaps",
    "page-scenarios": "pages.scenarios",
    "page-methods": "pages.methods",
}


def main() -> int:
    """0: every aim is met. 1: one is not, or a benchmark failed."""
    asked = _asked()
    run = Run(machine=machine(), load_before=load_average())
    setting = Setting(str(Path(asked.mirror).resolve()), asked.repeats)
    with tempfile.TemporaryDirectory(prefix="trd-benchmarks-") as folder:
        os.environ["TRD_ACCESS_DATA"] = folder
        _alone("library.prepare", setting)
        for name in asked.only or BENCHMARKS:
            _measure(name, setting, run)
    run.load_after = load_average()
    show(run)
    if asked.json:
        keep(run, asked.json)
    return int(not run.all_met)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--mirror", required=True, help="the folder of the publishers' files")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--repeats", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also every value measured, for machines")
    return parser.parse_args()


def _measure(name: str, setting: Setting, run: Run) -> None:
    run.busy_cores[name] = round(busy_cores(), 2)
    print(f"{name} (others keep {run.busy_cores[name]:.1f} cores busy)", file=sys.stderr)
    try:
        run.results[name] = _alone(BENCHMARKS[name], setting)
    except Exception as failure:  # noqa: BLE001 - one that fails must not lose what the others measured
        run.failures[name] = f"{type(failure).__name__}: {failure}".splitlines()[0]


def _alone(place: str, setting: Setting) -> list[Result]:
    """What the function at `module.name` gives in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_called, place, setting).result()


def _called(place: str, setting: Setting) -> list[Result]:
    module, _, name = place.partition(".")
    results: list[Result] = getattr(importlib.import_module(f"benchmarks.{module}"), name)(setting)
    return results


if __name__ == "__main__":
    sys.exit(main())
