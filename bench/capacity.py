"""Five thousand sockets on one process: 20 questions a minute and 200 votes a second, from asking to every screen.

Product on core 0, the phones on core 1. `python -m bench capacity` prints the figures.
"""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from bench.hall import Hall, Phone, share
from bench.machine import on_core
from bench.product import product

SOCKETS = 5000
SECONDS = 30.0
ASKS = 20 / 60  # a second
VOTES = 200.0  # a second
SETTLE = 12.0  # seconds until arrivals are told and the ticks are quiet
BODY = "Πώς εγγράφεται ένα νέο μέλος στον συνεταιρισμό μας; {}"


@dataclass
class Load:
    """What was measured; times in seconds, memory in kilobytes of each socket."""

    screens: list[float] = field(default_factory=list)  # from asking to each screen
    acks: list[float] = field(default_factory=list)
    refused: int = 0
    memory: float = 0.0
    hello: float = 0.0
    cpu: float = 0.0  # share of a core
    crowd: float = 0.0  # the same of the phones
    asked: int = 0


class Meeting:
    """People of HALL who ask and vote at their rates; every screen is watched for every question."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.found = hall, Load()
        self.asked: dict[bytes, float] = {}
        self.qids = [hall.ours.facts["question"]]
        for phone in hall.phones:
            phone.heard = self._hear

    def _hear(self, packet: bytes) -> None:
        if b'"question.published"' in packet:
            now = time.perf_counter()
            self.found.screens += [now - at for mark, at in self.asked.items() if mark in packet]

    def ask(self) -> None:
        mark = uuid.uuid4().hex
        self.asked[mark.encode()] = time.perf_counter()
        self.found.asked += 1
        payload = {"cid": mark, "body": BODY.format(mark), "vis": "name"}
        random.choice(self.hall.phones).command("question:ask", payload, self._asked)

    def _asked(self, ack: dict[str, Any]) -> None:
        if ack["ok"]:
            self.qids.append(ack["r"]["q"]["id"])
        else:
            self.found.refused += 1

    def vote(self, phone: Phone) -> None:
        said = time.perf_counter()

        def counted(ack: dict[str, Any]) -> None:
            self.found.acks.append(time.perf_counter() - said)
            self.found.refused += not ack["ok"]

        phone.command("question:vote", {"qid": random.choice(self.qids), "val": 1, "n": time.time_ns() >> 16}, counted)

    def run(self, seconds: float) -> None:
        """Let them, for some SECONDS, and wait until every question is on every screen."""
        for number in range(round(seconds * ASKS)):
            self.hall.after(number / ASKS, self.ask)
        for number in range(round(seconds * VOTES)):
            self.hall.after(number / VOTES, lambda: self.vote(random.choice(self.hall.phones)))
        self.hall.rest(seconds)
        everywhere = self.found.asked * len(self.hall.phones)
        self.hall.until(lambda: len(self.found.screens) >= everywhere)


def run() -> Load:
    """Measure once."""
    with product(SOCKETS) as ours, on_core(1):
        before = ours.memory()["web"]
        hall = Hall(ours, ours.facts["voters"])
        hello = hall.fill()
        hall.rest(SETTLE)
        memory = 1024 * (ours.memory()["web"] - before) / SOCKETS
        meeting, cpu, crowd, began = Meeting(hall), ours.cpu_seconds(), time.process_time(), time.perf_counter()
        meeting.run(SECONDS)
        seconds = time.perf_counter() - began
        meeting.found.cpu = (ours.cpu_seconds() - cpu) / seconds
        meeting.found.crowd = (time.process_time() - crowd) / seconds
        meeting.found.memory, meeting.found.hello = memory, hello
        hall.close()
    return meeting.found


def table(found: Load) -> str:
    """The figures as lines of text, with their targets."""
    p50, p95 = (1000 * share(found.screens, part) for part in (0.5, 0.95))
    acks = [1000 * share(found.acks, part) for part in (0.5, 0.95)]
    lines = [
        f"{SOCKETS} sockets on one process, all in the room after {found.hello:.1f} s",
        f"memory of each socket: {found.memory:.0f} KB (target 60)",
        f"asked to on screen: p50 {p50:.0f} ms, p95 {p95:.0f} ms (target 800), {found.asked} questions",
        f"{len(found.acks)} votes acknowledged: p50 {acks[0]:.0f} ms, p95 {acks[1]:.0f} ms; {found.refused} refused",
        f"of a core: web process {100 * found.cpu:.0f} %, the phones {100 * found.crowd:.0f} % of another",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    print(table(run()))
