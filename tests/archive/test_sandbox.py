"""What runs on a file from outside can't reach the network, fill the disk, or go on for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server, socket

import pytest

from archive import sandbox
from archive.sandbox import Limits, Stalled, TimedOut, run

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def listening() -> Iterator[socket]:
    """A server on loopback that nobody may reach; `accept` raises BlockingIOError as long as nobody did."""
    with create_server(("127.0.0.1", 0)) as line:
        line.setblocking(False)
        yield line


def python(words: str, limits: Limits, **more: object) -> sandbox.Done:
    return run([sys.executable, "-c", words], limits, **more)  # type: ignore[arg-type]


def test_a_line_to_this_machine_isnt_there() -> None:
    with listening() as line:
        words = f"import socket; socket.create_connection(('127.0.0.1', {line.getsockname()[1]}), 5)"
        outside = subprocess.run([sys.executable, "-c", words], check=False)
        assert outside.returncode == 0
        line.accept()[0].close()
        inside = python(words, Limits())
        assert inside.code != 0
        assert b"unreachable" in inside.err
        with pytest.raises(BlockingIOError):
            line.accept()


def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    left = tmp_path / "left"
    with pytest.raises(TimedOut):
        run(["/bin/sh", "-c", f"sleep 300 & echo $! > {left}; sleep 300"], Limits(written=100, seconds=1))
    until(lambda: not alive(int(left.read_text())))


def alive(pid: int) -> bool:
    """Whether the process runs; a dead one whom nobody has asked about doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_no_longer_gets_on_is_ended() -> None:
    words = "import time\nfor i in range(300):\n print(min(i, 3), flush=True); time.sleep(.2)"
    heard: list[bytes] = []

    def progress(line: bytes) -> bool:
        heard.append(line)
        return line not in heard[:-1]

    with pytest.raises(Stalled):
        python(words, Limits(seconds=60, quiet=1), heard=progress)
    assert heard[:4] == [b"0", b"1", b"2", b"3"]


def test_too_much_on_the_disk(tmp_path: Path) -> None:
    target = tmp_path / "greedy"
    done = run(["/usr/bin/head", "-c", "2000000", "/dev/zero"], Limits(written=1000))
    assert done.code == 0  # a pipe is no file
    done = run(["/bin/dd", "if=/dev/zero", f"of={target}", "bs=1000", "count=2000"], Limits(written=1000))
    assert done.code == -signal.SIGXFSZ
    assert target.stat().st_size == 1000


def test_too_much_memory_and_too_much_thinking() -> None:
    assert b"MemoryError" in python("bytearray(1 << 30)", Limits(memory=512 << 20)).err
    assert python("while True: pass", Limits(cpu=1)).code == -signal.SIGXCPU


def test_nothing_of_ours_is_told() -> None:
    names = {line.split(b"=")[0] for line in run(["/usr/bin/env"], Limits()).out.splitlines()}
    assert names <= {b"PATH", b"LC_ALL"}


def test_a_flood_of_words_is_cut() -> None:
    flood = "import sys\nfor i in range(300): sys.stdout.write('o' * 65536); sys.stderr.write('e' * 65536)"
    done = python(flood, Limits())
    assert (done.code, len(done.out), len(done.err)) == (0, sandbox.MOST_OUT, sandbox.MOST_ERR)


def test_the_peak_of_memory_is_told() -> None:
    assert python("bytearray(200 << 20)", Limits()).memory > 200 << 20


def test_it_dies_with_the_worker(tmp_path: Path) -> None:
    """kill -9 of who started it leaves nothing running."""
    told = tmp_path / "pid"
    words = f"""
from archive.sandbox import Limits, run
run(["/bin/sh", "-c", "echo $$ > {told}; exec sleep 300"], Limits(written=100))
"""
    worker = subprocess.Popen([sys.executable, "-c", words], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    until(lambda: told.exists() and told.read_text().strip() != "")
    pid = int(told.read_text())
    assert alive(pid)
    worker.kill()
    worker.wait()
    until(lambda: not alive(pid))


def until(done: object, patience: float = 20) -> None:
    """Wait until DONE() is true."""
    end = time.monotonic() + patience
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
from archive.sandbox import Limits, TimedOut, run
try:
    done = run([{command}], Limits(seconds=2))
    print(done.code, done.out)
except TimedOut:
    print("timed out")
"""


@pytest.mark.parametrize(
    ("command", "said"), [("'/bin/echo', 'hi'", r"0 b'hi\n'"), ("'/bin/sleep', '60'", "timed out")]
)
def test_it_ends_as_well_where_a_loop_sees_to_the_dead(command: str, said: str):
    """A site that prepares itself runs its jobs in the process that serves."""
    program = [sys.executable, "-c", UNDER_GEVENT.format(command=command)]
    told = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == said
