"""Run a program on a file from outside in a process of its own, with hard limits.

`run()` starts `python -m archive.sandbox LIMITS -- program …`: that process lowers its own
limits and becomes the program. (A function run between fork and exec is unsafe beside threads.)
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Limits:
    """What the program may use at most."""

    memory: int = 2 << 30  # bytes of address space
    cpu: int = 120  # seconds
    written: int = 0  # bytes of one file
    seconds: int = 120  # by the clock on the wall, then it is killed


class TimedOut(Exception):
    """The program was killed at its time limit."""


def run(command: list[str], limits: Limits) -> subprocess.CompletedProcess[bytes]:
    """The finished COMMAND with its output. Raises TimedOut.

    It has its own session, an empty environment and no input; whatever it started dies with it.
    """
    starter = [sys.executable, "-m", "archive.sandbox", json.dumps(asdict(limits)), "--", *command]
    with subprocess.Popen(  # noqa: S603 - a list, never a shell; paths are made of our ids
        starter,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=limits.seconds)
        except subprocess.TimeoutExpired as expired:
            raise TimedOut(command[0]) from expired
        finally:
            _end(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _become(limits: Limits, command: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written, limits.written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    os.execv(command[0], command)  # noqa: S606 - this is the point


if __name__ == "__main__":
    _become(Limits(**json.loads(sys.argv[1])), sys.argv[3:])
