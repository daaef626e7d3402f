"""The product as it is deployed: `python app.py` in a throwaway folder, on core 0."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.machine import cpu_seconds, free_port, memory_mb, more_files, on_core

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds until it must answer


@dataclass
class Product:
    """A running product and what is in it."""

    url: str
    facts: dict[str, Any]  # of bench.world: addresses and cookies
    folder: Path  # its data
    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None
    start: Callable[[], subprocess.Popen[bytes]]

    def kill(self) -> None:
        """End the web process without a word."""
        self.web.kill()
        self.web.wait()

    def answers(self) -> None:
        """Start the web process again and wait until it answers."""
        self.web = self.start()
        _wait(self)

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each process."""
        found = {"web": memory_mb(self.web.pid)}
        return found | ({"worker": memory_mb(self.worker.pid)} if self.worker else {})

    def cpu_seconds(self) -> float:
        """Processor time of the web process so far."""
        return cpu_seconds(self.web.pid)

    def get(self, path: str, cookie: str = "", **headers: str) -> bytes:
        """The body at PATH; raises on anything but 200."""
        request = urllib.request.Request(self.url + path, headers={"Cookie": cookie, **headers})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return bytes(answer.read())


@contextmanager
def product(voters: int = 0, *, worker: bool = False, core: int = 0) -> Iterator[Product]:
    """Seed an empty folder, serve it, and end everything afterwards."""
    more_files()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        port = free_port()
        env = os.environ | {"INSTANCE_DIR": folder, "PORT": str(port)}
        for name in ("DATABASE_URL", "REDIS_URL", "BASE_URL", "LOG_JSON"):
            env.pop(name, None)
        made = subprocess.run(
            [sys.executable, "-m", "bench.world", str(voters)], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
        )
        started: list[subprocess.Popen[bytes]] = []

        def start(command: list[str]) -> subprocess.Popen[bytes]:
            with on_core(core):
                started.append(subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env))
            return started[-1]

        try:
            web = start(["app.py"])
            jobs = start(["-m", "flask", "--app", "app", "worker"]) if worker else None
            running = Product(
                f"http://127.0.0.1:{port}", json.loads(made.stdout), Path(folder), web, jobs, partial(start, ["app.py"])
            )
            _wait(running)
            yield running
        finally:
            for process in started:
                process.kill()
                process.wait()


def _wait(running: Product) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.web.poll() is None:
        try:
            running.get("/healthz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the product doesn't answer")
