"""A program that is killed at one moment after another, for tests of what it leaves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Does `act`, and kills itself at the given one of all changes to files that Python tells its audit hooks of: each
# opened to be written, moved, removed or locked. Each try is a process of its own, made by fork, which takes no time.
_PROGRAM = """
import os, signal, sys

folder, stride = sys.argv[1], int(sys.argv[2])
CHANGES = ["os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "fcntl.flock", "tempfile.mkdtemp"]
WRITTEN = os.O_WRONLY | os.O_RDWR | os.O_CREAT
{program}

def acted_until(last):
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        if event in CHANGES or event.startswith("shutil.") or (event == "open" and arguments[2] & WRITTEN):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    act()
    os._exit(0)

last = 1
while True:
    child = os.fork()
    if child == 0:
        acted_until(last)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        print("ended", os.WEXITSTATUS(status), flush=True)
        break
    print("killed", last, flush=True)
    sys.stdin.readline()
    last += stride
"""


def killed(program: str, folder: Path, *, stride: int = 1) -> Iterator[int]:
    """The moments at which `act` of the program was killed, the last of all but one; then it has ended well.

    The folder's path stands in `folder`. `stride`: each moment is so many after
    the one before.
    """
    command = [sys.executable, "-c", _PROGRAM.format(program=program), str(folder), str(stride)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            word, number = line.split()
            if word == "ended":
                assert number == "0"
                return
            yield int(number)
            child.stdin.write("\n")
            child.stdin.flush()
    raise AssertionError("the program ended before it was killed or done")
