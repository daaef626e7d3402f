"""Requests per second of four pages beside a bare Flask + Jinja + SQLite page, under the same server.

Servers on core 0, the load generator on core 1, keep-alive; short rounds in turn, so that whatever
else the machine does falls on each alike. `python -m bench pages` prints the table.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import crowd
from bench.machine import cpu_seconds, on_core
from bench.product import ROOT, product

ROUNDS = 7
SECONDS = 1.0
CONNECTIONS = 8
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass
class Page:
    """One address and what was measured of it."""

    name: str
    url: str
    pid: int
    cookie: str = ""
    rates: list[float] = field(default_factory=list)  # requests per second
    cpu: list[float] = field(default_factory=list)  # milliseconds of the server's processor for each request

    def round(self) -> None:
        began = cpu_seconds(self.pid)
        rate = load(self.url, self.cookie, SECONDS)
        self.cpu.append(1000 * (cpu_seconds(self.pid) - began) / (rate * SECONDS))
        self.rates.append(rate)


def load(url: str, cookie: str, seconds: float) -> float:
    """Requests per second answered at URL. Raises when one of them is not 200."""
    if program := shutil.which("wrk"):
        command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-H", f"Cookie: {cookie}", url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if bad := BAD.search(told):
            raise RuntimeError(f"{url}: {bad[1]} answers that are not 200")
        found = RATE.search(told)
        assert found, told
        return float(found[1])
    return crowd.requests_per_second(url, cookie, CONNECTIONS, seconds)


@contextmanager
def bare() -> Iterator[tuple[str, int]]:
    """The yardstick, serving: its address and process."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with on_core(0):
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.bare", str(Path(folder, "bare.db"))],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/", process.pid
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def run() -> list[Page]:
    """Measure; the bare page first."""
    with bare() as (address, bare_pid), product() as ours, on_core(1):
        facts, pid = ours.facts, ours.web.pid
        pages = [
            Page("bare", address, bare_pid),
            Page("catalogue", ours.url + "/modules", pid, facts["anonymous"]),
            Page("module", ours.url + facts["module"], pid, facts["anonymous"]),
            Page("room record", ours.url + facts["record"], pid, facts["learner"]),
            Page("dashboard", ours.url + "/me", pid, facts["learner"]),
        ]
        for page in pages[1:]:
            ours.get(page.url.removeprefix(ours.url), page.cookie)
        for number in range(ROUNDS + 1):
            for page in pages:
                page.round()
                if number == 0:  # warm
                    page.rates.clear()
                    page.cpu.clear()
    return pages


def table(pages: list[Page]) -> str:
    """The figures as lines of text."""
    yard = pages[0]
    lines = [f"{'':14}requests/s   CPU each    ours : bare in requests/s, in CPU"]
    for page in pages:
        rate, cpu = statistics.median(page.rates), statistics.median(page.cpu)
        ratios = f"{rate / statistics.median(yard.rates):15.2f}{statistics.median(yard.cpu) / cpu:14.2f}"
        lines.append(f"{page.name:14}{rate:10,.0f}{cpu:8.2f} ms{'' if page is yard else ratios}")
    return "\n".join([*lines, f"Median of {ROUNDS} rounds of {SECONDS:.0f} s, in turn."])


def main() -> None:
    """Print the table."""
    print(table(run()))
