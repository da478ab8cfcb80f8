"""What a run found: as a table for people, as JSON for machines."""

import json
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.measure import Result

# What others may use of a core before a figure is suspect.
BUSY_CORES = 0.25
WIDTH = 170


@dataclass
class Run:
    """All that one run found; keys are benchmarks. `busy_cores`: what others used just before each."""

    machine: dict[str, str]
    load_before: tuple[float, ...]
    load_after: tuple[float, ...] = ()
    busy_cores: dict[str, float] = field(default_factory=dict)
    results: dict[str, list[Result]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def all_met(self) -> bool:
        """No benchmark failed and no aim was missed."""
        return not self.failures and all(one.is_met is not False for lines in self.results.values() for one in lines)

    def warnings(self) -> list[str]:
        """Why the figures may be worse than the program."""
        said = [
            f"{name}: others kept {busy:.1f} cores busy as it began; its times are too long."
            for name, busy in self.busy_cores.items()
            if busy > BUSY_CORES
        ]
        if self.load_before[0] > (os.cpu_count() or 1) / 2:
            said.insert(0, f"The load average was {self.load_before[0]:g} at the start: others were at work.")
        return said


def show(run: Run) -> None:
    """The table, what it was measured on, and what is wrong with it."""
    console = Console(width=WIDTH, highlight=False)
    console.print(_table(run))
    console.print("Machine: " + escape("; ".join(f"{name} {value}" for name, value in run.machine.items())))
    console.print(
        f"Load average before {_joined(run.load_before)}, after {_joined(run.load_after)} (its own work is in it)."
    )
    for sentence in run.warnings():
        console.print(f"[yellow]Warning:[/] {escape(sentence)}")
    for name, sentence in run.failures.items():
        console.print(f"[red]Failed:[/] {name}: {escape(sentence)}")


def keep(run: Run, path: Path) -> None:
    """Every value measured; what did not come in time is null."""
    found = asdict(run)
    for lines in found["results"].values():
        for line in lines:
            line["values"] = [value if math.isfinite(value) else None for value in line["values"]]
    path.write_text(json.dumps(found, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _table(run: Run) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Aims are for the median.", title_justify="left")
    for heading in ("Benchmark", "Size"):
        table.add_column(heading)
    for heading in ("Aim", "Best", "Median", "Runs"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Met")
    table.add_column("Note")
    for lines in run.results.values():
        for line in lines:
            table.add_row(*_cells(line))
        table.add_section()
    return table


def _cells(line: Result) -> tuple[str, ...]:
    aim = "" if line.aim is None else f"< {line.said(line.aim)}"
    met = {True: "[green]met[/]", False: "[red]NOT MET[/]", None: ""}[line.is_met]
    figures = (line.said(line.best), line.said(line.median), str(len(line.values)))
    return (escape(line.name), line.size, aim, *figures, met, escape(line.note))


def _joined(loads: tuple[float, ...]) -> str:
    return " ".join(f"{one:.2f}" for one in loads)
