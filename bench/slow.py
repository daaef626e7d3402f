"""One phone that reads nothing and one that floods: what do the others feel?

Rounds with and without them take turns in one run; what counts is the ratio. `python -m bench slow` prints it.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

from bench.fanout.load import Client, LostError
from bench.hall import Hall, break_off, share, stalled
from bench.machine import on_core
from bench.product import product

PEOPLE = 200
ROUNDS = 12  # of each kind
ASKED = 10  # questions in a round
PAUSE = 0.4  # seconds between two questions
FLOOD = 100.0  # commands a second
BALLAST = "Πώς; " * 190  # what a question may be at most, so that a stalled connection fills up


@dataclass
class Felt:
    """Seconds from asking to each screen, without and with the two; megabytes of the server."""

    calm: list[float] = field(default_factory=list)
    disturbed: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    cut: int = 0  # connections that the server ended


class Flooder:
    """Somebody who sends as fast as FLOOD; cut off, they come again at once."""

    def __init__(self, url: str, room: str, cookie: str) -> None:
        self.place = url, room, cookie
        self.client: Client | None = None
        self.ended = 0

    def send(self) -> None:
        """Send one command and hear what is there for as long as the next one may wait."""
        payload = {"cid": uuid.uuid4().hex, "body": "Ξανά;", "vis": "name"}
        try:
            if self.client is None:
                self.client = stalled(*self.place)
                self.client.socket.settimeout(1 / FLOOD)
            self.client.send(f"42/live,2{json.dumps(['question:ask', payload])}")
            while self.client.socket.recv(1 << 16):
                pass
            self.leave()
        except TimeoutError:
            pass
        except (OSError, LostError):
            self.leave()

    def leave(self) -> None:
        self.ended += 1
        self.close()

    def close(self) -> None:
        if self.client is not None:
            self.client.socket.close()
        self.client = None


def flood(url: str, room: str, cookie: str, orders: Connection) -> None:
    """Told a number of seconds, flood for so long; 0 is the end, and how often the connection was is the answer.

    In a process of its own: while it waits at the door, the phones go on hearing.
    """
    flooder = Flooder(url, room, cookie)
    while seconds := orders.recv():
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            flooder.send()
        flooder.close()  # or it would be one more that reads nothing, in the calm round that follows
    orders.send(flooder.ended)


@contextmanager
def flooding(*place: str) -> Iterator[Connection]:
    """Where a flooder at PLACE (address, room, cookie) gets orders."""
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=flood, args=(*place, theirs))
    process.start()
    theirs.close()  # so that its end is heard of, should it break
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def round_of(hall: Hall, askers: list[int]) -> list[float]:
    """Let ASKERS ask one after the other; seconds until each was on each screen."""
    times: list[float] = []
    asked: dict[bytes, float] = {}

    def heard(packet: bytes) -> None:
        if b'"question.published"' in packet:
            now = time.perf_counter()
            times.extend(now - at for mark, at in asked.items() if mark in packet)

    for phone in hall.phones:
        phone.heard = heard
    for number in askers:
        mark = uuid.uuid4().hex
        asked[mark.encode()] = time.perf_counter()
        payload = {"cid": mark, "body": f"{mark} {BALLAST}", "vis": "name"}
        hall.phones[number].command("question:ask", payload, lambda _ack: None)
        hall.rest(PAUSE)
    hall.until(lambda: len(times) >= len(askers) * len(hall.phones))
    return times


def measure(hall: Hall, silent: str, flooder: str) -> Felt:
    """Rounds in turn; the two troublemakers (their cookies) are there in every second one.

    They come at any moment of the pause before its first question: nobody comes just when somebody asks.
    """
    felt, askers, place = Felt(), cycle(range(len(hall.phones))), (hall.ours.url, hall.code)
    with flooding(*place, flooder) as orders:
        for number in range(2 * ROUNDS):
            who = [next(askers) for _ in range(ASKED)]
            before = random.uniform(0, PAUSE)
            hall.rest(before)
            if number % 2 == 0:
                hall.rest(PAUSE - before)
                felt.calm += round_of(hall, who)
            else:
                reads_nothing = stalled(*place, silent)
                orders.send(PAUSE - before + ASKED * PAUSE)
                hall.rest(PAUSE - before)
                felt.disturbed += round_of(hall, who)
                break_off(reads_nothing)
            felt.memory.append(hall.ours.memory()["web"])
        orders.send(0)
        felt.cut = orders.recv()
    return felt


def run() -> Felt:
    """Measure once."""
    with product(PEOPLE + 2) as ours, on_core(1):
        cookies = ours.facts["voters"]
        hall = Hall(ours, cookies[2:])
        hall.fill()
        hall.rest(3.0)
        felt = measure(hall, *cookies[:2])
        hall.close()
    return felt


def table(felt: Felt) -> str:
    """The figures as lines of text, with their targets."""
    calm, disturbed = (1000 * share(times, 0.95) for times in (felt.calm, felt.disturbed))
    return "\n".join(
        [
            f"{PEOPLE} people, p95 from asking to screen: {calm:.0f} ms alone, {disturbed:.0f} ms with the two",
            f"ratio {disturbed / calm:.2f} (target 1.10)",
            f"memory of the server after each round: {', '.join(f'{mb:.0f}' for mb in felt.memory)} MB",
            f"times the flooder was cut off: {felt.cut}",
        ]
    )


def main() -> None:
    """Print the figures."""
    print(table(run()))
