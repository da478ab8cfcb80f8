"""What it costs to enter: the processor's seconds of a new Python, beside `import geopandas` in the same run."""

import os
import subprocess
import sys
from functools import partial

from benchmarks.library import NATIONAL
from benchmarks.measure import Result, Setting

HELP_SECONDS = 0.5
FIND_SECONDS = 2.5
SHARE_OF_GEOPANDAS = 0.2


def entrance(setting: Setting) -> list[Result]:
    """`import access`, `--help` and `find`, each in a process of its own; what is compiled is compiled before."""
    command = ("-m", "access.cli")
    find = (*command, "find", "59718", "--pack", NATIONAL)
    seconds_of = partial(_cpu_seconds, repeats=setting.repeats)
    yardstick = seconds_of("-c", "import geopandas")
    aim = SHARE_OF_GEOPANDAS * min(yardstick)
    return [
        Result("import geopandas, for comparison", "CPU", "s", yardstick),
        Result("import access", "CPU", "s", seconds_of("-c", "import access"), aim),
        Result("trd-access --help", "CPU", "s", seconds_of(*command, "--help"), HELP_SECONDS),
        Result("trd-access find, national pack", "CPU", "s", seconds_of(*find), FIND_SECONDS),
    ]


def _cpu_seconds(*words: str, repeats: int) -> tuple[float, ...]:
    """The user's and the system's seconds of each run, after one that is not counted."""
    return tuple(_one_run(*words) for _ in range(repeats + 1))[1:]


def _one_run(*words: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
