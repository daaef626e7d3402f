"""Run a program on a file from outside in a process of its own, with hard limits and without a network.

`run()` starts `python -m archive.sandbox LIMITS -- program …`: that process lowers its own
limits and becomes the program. (A function run between fork and exec is unsafe beside threads.)
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

# What ffmpeg and PyAV may open at all; a playlist or a script that names other files isn't among them.
DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,flac,mpegts"
MOST_PIXELS = 4096 * 2304

ROOT = Path(__file__).resolve().parent.parent
MOST_OUT, MOST_ERR = 4 << 20, 8 << 10  # bytes that are kept: the first ones said, the last ones complained
_NEWUSER, _NEWNET, _PDEATHSIG = 0x10000000, 0x40000000, 1  # of the kernel's headers


@dataclass(frozen=True)
class Limits:
    """What the program may use at most."""

    memory: int = 2 << 30  # bytes of address space
    cpu: int = 120  # seconds
    written: int = 0  # bytes of one file
    seconds: int = 120  # by the clock on the wall, then it is killed
    quiet: int = 0  # seconds without progress, then it is killed; 0: it needn't show any
    nice: int = 10


@dataclass(frozen=True)
class Done:
    """How a program ended: its exit code, or minus the signal that killed it."""

    code: int
    out: bytes
    err: bytes  # the last of it
    memory: int  # bytes, at its peak
    cpu: float  # seconds


class TimedOut(Exception):
    """The program was killed at its time limit."""


class Stalled(TimedOut):
    """The program was killed because it no longer got on."""


def run(command: list[str], limits: Limits, heard: Callable[[bytes], bool] | None = None) -> Done:
    """COMMAND until its end. Raises TimedOut and Stalled, and whatever HEARD raises; then it is dead too.

    HEARD gets each line of output and says whether it shows progress. The program has its own
    session, no network, an empty environment and no input; whatever it started dies with it, and
    it dies with us.
    """
    facts = asdict(limits) | {"parent": os.getpid()}
    starter = [sys.executable, "-m", "archive.sandbox", json.dumps(facts), "--", *command]
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
            out, err = _listen(process, limits, heard)
        finally:
            usage = _end(process)
    return Done(process.returncode, out, err, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)


def _listen(
    process: subprocess.Popen[bytes], limits: Limits, heard: Callable[[bytes], bool] | None
) -> tuple[bytes, bytes]:
    """What it says on both lines until it closes them and ends."""
    out, err = bytearray(), bytearray()
    began = moved = time.monotonic()
    with selectors.DefaultSelector() as lines:
        for pipe, kept in ((process.stdout, out), (process.stderr, err)):
            lines.register(pipe, selectors.EVENT_READ, kept)  # type: ignore[arg-type] # both are pipes
        while lines.get_map() or not _ended(process):
            now = time.monotonic()
            if now - began > limits.seconds:
                raise TimedOut(f"longer than {limits.seconds} s")
            if limits.quiet and now - moved > limits.quiet:
                raise Stalled(f"no progress for {limits.quiet} s")
            for key, _ in lines.select(1 if lines.get_map() else 0.05):
                block = os.read(key.fd, 1 << 16)
                if not block:
                    lines.unregister(key.fileobj)
                key.data.extend(block)
            del err[:-MOST_ERR]
            if heard is not None and _progress(out, heard):
                moved = now
            del out[MOST_OUT:]
    return bytes(out), bytes(err)


def _progress(out: bytearray, heard: Callable[[bytes], bool]) -> bool:
    """Hand the whole lines of OUT to HEARD; whether any of them was progress."""
    *lines, rest = out.split(b"\n")
    out[:] = rest
    moved = [heard(bytes(line)) for line in lines]  # each of them is heard
    return any(moved)


def _looped() -> bool:
    """Whether gevent's loop runs here: it sees to the dead itself, and only its own `poll` and `wait` know of them."""
    monkey = sys.modules.get("gevent.monkey")  # not imported for this: the starter must be quick
    return monkey is not None and bool(monkey.is_module_patched("subprocess"))


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it is over. It stays a zombie, so that nobody else gets its number."""
    if _looped():
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _end(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Kill all of its group and note how it ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if _looped():
        process.wait()
        return resource.getrusage(resource.RUSAGE_CHILDREN)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def _isolate() -> None:
    """Leave the network, where the kernel lets us: as root at once, else in a user namespace of our own."""
    libc = ctypes.CDLL(None)
    if libc.unshare(_NEWNET) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEWUSER | _NEWNET) == 0:
        for name, words in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path(f"/proc/self/{name}").write_text(words)


def _become(limits: Limits, parent: int, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we said so
        sys.exit(1)
    _isolate()
    for name in (signal.SIGXFSZ, signal.SIGPIPE):  # Python ignores them, and that would be inherited
        signal.signal(name, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written, limits.written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(limits.nice)
    os.execv(command[0], command)  # noqa: S606 - this is the point


if __name__ == "__main__":
    _facts = json.loads(sys.argv[1])
    _become(parent=_facts.pop("parent"), limits=Limits(**_facts), command=sys.argv[3:])
