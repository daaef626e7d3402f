"""Time broadcasts to a thousand clients: Node's socket.io, the library alone, our engine.

Servers run on core 0, the crowd on core 1, and the rounds alternate, so that whatever else
the machine does falls on each of them alike. ``python -m bench.fanout`` prints the table.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.fanout.load import Crowd, Heard, LostError, Target

HERE = Path(__file__).parent
CLIENTS = 1000
ROUNDS = 7  # of each server in turn
ENOUGH = 30.0  # seconds; on a busy machine we stop after the round that passes it
SINGLES = 10  # single broadcasts in a round
BURST = 50  # broadcasts at once, once in a round
CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Server:
    """A running server, its crowd and what was measured so far."""

    name: str
    process: subprocess.Popen[str]
    crowd: Crowd
    singles: list[Heard] = field(default_factory=list)
    bursts: list[float] = field(default_factory=list)  # deliveries per second
    single_cpu: float = 0.0  # seconds of processor in all single broadcasts
    burst_cpu: float = 0.0  # the same in all bursts
    crowd_cpu: float = 0.0  # seconds of processor the crowd needed while bursts were timed
    burst_took: float = 0.0  # seconds in which bursts were timed
    size: int = 0  # bytes of a whole burst, learnt from the first

    def cpu_seconds(self) -> float:
        """Processor time used so far by all its threads, in user and kernel."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def ask(self, count: int) -> Heard:
        """Let one client ask for ``count`` broadcasts and hear them all."""
        crowd = self.crowd
        deliveries = count * len(crowd.clients)
        return crowd.hear("question", deliveries, lambda: crowd.emit(crowd.clients[0], ["ask", count]))

    def round(self) -> None:
        """Measure single broadcasts, then a burst."""
        began = self.cpu_seconds()
        self.singles += [self.ask(1) for _ in range(SINGLES)]
        between = self.cpu_seconds()
        took = self.burst()
        self.single_cpu += between - began
        self.burst_cpu += self.cpu_seconds() - between
        self.burst_took += took
        self.bursts.append(BURST * CLIENTS / took)

    def warm(self) -> None:
        """Once of each, unmeasured; the burst's size is learnt."""
        self.ask(1)
        self.size = self.ask(BURST).bytes

    def burst(self) -> float:
        """Seconds of BURST broadcasts at once until all have arrived."""
        crowd, deliveries = self.crowd, BURST * CLIENTS
        before = time.process_time()

        def start() -> None:
            crowd.emit(crowd.clients[0], ["ask", BURST])

        took = crowd.drain("question", deliveries, self.size, start)
        self.crowd_cpu += crowd.busy - before
        return took

    def figures(self) -> dict[str, float]:
        """Milliseconds, deliveries per second, microseconds of processor each, megabytes."""
        memory = Path(f"/proc/{self.process.pid}/status").read_text().split("VmRSS:")[1].split()[0]
        return {
            "p50_ms": 1000 * statistics.median(heard.share(0.5) for heard in self.singles),
            "p95_ms": 1000 * statistics.median(heard.share(0.95) for heard in self.singles),
            "last_ms": 1000 * statistics.median(heard.share(1) for heard in self.singles),
            "per_second": statistics.median(self.bursts),
            "best_per_second": max(self.bursts),
            "single_cpu_us": 1e6 * self.single_cpu / (CLIENTS * len(self.singles)),
            "burst_cpu_us": 1e6 * self.burst_cpu / (BURST * CLIENTS * len(self.bursts)),
            "crowd_share": self.crowd_cpu / self.burst_took,
            "server_share": self.burst_cpu / self.burst_took,
            "memory_mb": int(memory) / 1024,
        }


def node() -> str | None:
    """Return Node's path, with socket.io installed beside this file, or None."""
    beside = Path(sys.executable).parent
    program = shutil.which("node", path=f"{os.environ.get('PATH', '')}{os.pathsep}{beside}")
    npm = shutil.which("npm")
    if program and npm and not (HERE / "node_modules" / "socket.io").is_dir():
        subprocess.run([npm, "ci", "--silent"], cwd=HERE, check=True)
    return program if (HERE / "node_modules" / "socket.io").is_dir() else None


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Run on one core; programs started meanwhile stay on it."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[number % len(CORES)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(name: str, command: list[str]) -> Iterator[Server]:
    """Start a server, fill its room, and end it afterwards."""
    with on_core(0):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1])
    try:
        port = process.stdout.readline().strip() if process.stdout else ""
        if not port:
            raise LostError(f"{name} did not start")
        target = Target(f"http://127.0.0.1:{port}")
        crowd = Crowd(target, CLIENTS)
        crowd.everybody(["join"])
        yield Server(name, process, crowd)
        crowd.close()
    finally:
        process.kill()
        process.wait()


def commands() -> dict[str, list[str]]:
    """Return the servers to compare, by name."""
    ours = [sys.executable, "-m", "bench.fanout.server"]
    found = {"library": [*ours, "--plain"], "ours": ours}
    program = node()
    return {"node": [program, str(HERE / "server.mjs")], **found} if program else found


def run() -> dict[str, Any]:
    """Measure; return figures by server, and how many times better than Node's ours are.

    ``ratio`` compares median deliveries/s, ``best_ratio`` the best round of each, ``p95_ratio``
    single broadcasts, ``cpu_ratio`` processor time of a delivery in a burst (on a busy machine
    the steadier figure: it leaves out the crowd). All are None without Node.
    """
    with ExitStack() as stack, on_core(1):
        servers = [stack.enter_context(running(*item)) for item in commands().items()]
        for server in servers:
            server.warm()
        began = time.monotonic()
        rounds = 0
        while rounds < ROUNDS and time.monotonic() - began < ENOUGH:
            for server in servers:
                server.round()
            rounds += 1
        figures: dict[str, Any] = {server.name: server.figures() for server in servers}
    other = figures.get("node")
    ours = figures["ours"]
    figures["ratio"] = ours["per_second"] / other["per_second"] if other else None
    figures["best_ratio"] = ours["best_per_second"] / other["best_per_second"] if other else None
    figures["cpu_ratio"] = other["burst_cpu_us"] / ours["burst_cpu_us"] if other else None
    figures["p95_ratio"] = other["p95_ms"] / ours["p95_ms"] if other else None
    return figures


def main() -> None:
    """Print the table."""
    figures = run()
    print(f"{CLIENTS} clients in one room; single broadcasts, then {BURST} at once; medians")
    print("             p50       p95      last   CPU each   deliveries/s        best   CPU each   memory")
    for name in ("node", "library", "ours"):
        if row := figures.get(name):
            print(
                f"{name:8}{row['p50_ms']:5.1f} ms  {row['p95_ms']:5.1f} ms  {row['last_ms']:5.1f} ms"
                f"{row['single_cpu_us']:8.2f} µs{row['per_second']:15,.0f}"
                f"{row['best_per_second']:12,.0f}{row['burst_cpu_us']:8.2f} µs"
                f"{row['memory_mb']:6.0f} MB"
            )
    shares = ", ".join(
        f"{name} {100 * row['server_share']:.0f} %, its crowd {100 * row['crowd_share']:.0f} %"
        for name in ("node", "library", "ours")
        if (row := figures.get(name))
    )
    print(f"of a core while bursts were timed: {shares}")
    if figures["ratio"]:
        times = ", ".join(
            f"{figures[key]:.2f} {what}"
            for key, what in (
                ("ratio", "in deliveries/s"),
                ("best_ratio", "in the best round"),
                ("cpu_ratio", "in CPU of each at once"),
                ("p95_ratio", "in p95 of a single one"),
            )
        )
        print(f"times better than node: {times}")
    else:
        print("No comparison: node and npm are not on PATH.")


if __name__ == "__main__":
    main()
