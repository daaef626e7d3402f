"""Fifty viewers who ask for a film and stop reading: what do readers of other pages feel?

Half of them ask as players do (`bytes=0-`), half for the whole film. Rounds with and without them take turns in one
run. `python -m bench stalled` prints it.
"""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.hall import share
from bench.machine import on_core
from bench.product import Product, product

VIEWERS = 50
ROUNDS = 4  # of each kind
ASKED = 40  # times each page in a round
GOAL = 200  # milliseconds


@dataclass
class Felt:
    """Seconds until a page was there, without and with the viewers; megabytes of the server with them."""

    calm: list[float] = field(default_factory=list)
    stalled: list[float] = field(default_factory=list)
    memory: float = 0.0


def viewer(ours: Product, path: str, *, whole: bool) -> socket.socket:
    """Somebody whose answer has begun and who reads no more of it."""
    place = urlsplit(ours.url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(30)
    line.connect((place.hostname, place.port))
    span = "" if whole else "Range: bytes=0-\r\n"
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{span}\r\n".encode())
    if not line.recv(12).startswith(b"HTTP/1.1 20"):
        raise RuntimeError("the film isn't sent")
    return line


def pages(ours: Product) -> list[tuple[str, str]]:
    """(address, cookie) of what others read meanwhile: kept pages, rendered ones, and the film's own."""
    facts = ours.facts
    return [
        ("/modules", facts["anonymous"]),
        (facts["record"], facts["learner"]),
        ("/me", facts["learner"]),
        (facts["recording"], facts["learner"]),
    ]


def round_of(ours: Product) -> list[float]:
    """Read every page ASKED times, one after the other; seconds for each."""
    place = urlsplit(ours.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    times = []
    for _ in range(ASKED):
        for path, cookie in pages(ours):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return times


def run() -> Felt:
    """Measure once."""
    felt = Felt()
    with product() as ours, on_core(1):
        round_of(ours)  # warm
        for _ in range(ROUNDS):
            felt.calm += round_of(ours)
            lines = [viewer(ours, ours.facts["film"], whole=bool(n % 2)) for n in range(VIEWERS)]
            felt.stalled += round_of(ours)
            felt.memory = ours.memory()["web"]
            for line in lines:
                line.close()
    return felt


def table(felt: Felt) -> str:
    """The figures as lines of text."""
    lines = []
    for words, times in (("alone", felt.calm), (f"with {VIEWERS} stalled viewers", felt.stalled)):
        middle, most = (1000 * share(times, part) for part in (0.5, 0.95))
        lines.append(f"other pages {words:26} p50 {middle:6.1f} ms   p95 {most:6.1f} ms")
    return "\n".join([*lines, f"goal: p95 {GOAL} ms; memory of the server meanwhile: {felt.memory:.0f} MB"])


def main() -> None:
    """Print the figures."""
    print(table(run()))
