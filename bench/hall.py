"""A hall full of phones: real accounts, real sockets, the real protocol, over one epoll and one list of moments.

Each phone connects, says hello (again when the door says "busy"), keeps its place in the stream, and comes back by
itself when the connection is lost, as `static/js/live.js` does.
"""

from __future__ import annotations

import gzip
import heapq
import itertools
import json
import random
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.fanout.load import PATIENCE, Client, LostError, Target
from bench.machine import on_core
from bench.product import Product, product

AT_ONCE = 50  # who come through the door together
BACK, LONGEST, SPREAD = 0.5, 2.0, 0.5  # seconds until a phone tries again, at most, and how much that varies
NUMBER = re.compile(rb'"s":(\d+),"t"')
ACK = re.compile(rb"43/live,(\d+)(.*)", re.DOTALL)


class Phone:
    """One person's phone. `answers` holds what to do with each ack that is still to come."""

    def __init__(self, hall: Hall, cookie: str) -> None:
        self.hall, self.cookie = hall, cookie
        self.client: Client | None = None
        self.epoch, self.s, self.inside, self.tries = "", 0, False, 0
        self.messages = self.bytes = self.gaps = 0
        self.numbers = itertools.count(2)
        self.answers: dict[int, Callable[[dict[str, Any]], None]] = {}
        self.heard: Callable[[bytes], None] | None = None

    def connect(self) -> None:
        """Begin; the rest follows from what arrives."""
        try:
            self.client = Client(Target(self.hall.ours.url, "/live", cookie=self.cookie))
        except OSError:
            self.lost()
            return
        self.hall.watch(self)

    def lost(self) -> None:
        """The connection is gone: come back a little later, each at a moment of their own."""
        self.hang_up()
        delay = min(LONGEST, BACK * 2**self.tries) * random.uniform(1 - SPREAD, 1 + SPREAD)
        self.tries += 1
        if self.hall.comes_back:
            self.hall.after(delay, self.connect)

    def hang_up(self) -> None:
        if self.client is not None:
            self.hall.forget(self)
            self.client.socket.close()
        self.client, self.inside = None, False
        self.answers.clear()

    def command(self, name: str, payload: dict[str, Any], answered: Callable[[dict[str, Any]], None]) -> None:
        """Send a command; ANSWERED gets its ack."""
        assert self.client is not None
        number = 1 if name == "room:hello" else next(self.numbers)
        self.answers[number] = answered
        self.client.send(f"42/live,{number}{json.dumps([name, payload], ensure_ascii=False)}")

    def hello(self) -> None:
        if self.client is not None:
            resume = {"resume": {self.hall.stream: [self.epoch, self.s]}} if self.epoch else {}
            self.command("room:hello", {"v": 1, "code": self.hall.code} | resume, self._entered)

    def _entered(self, ack: dict[str, Any]) -> None:
        if not ack["ok"]:
            if ack["err"] not in {"busy", "rate"}:
                raise LostError(str(ack))
            self.hall.after(ack["retry_ms"] / 1000, self.hello)
            return
        found = ack["r"]
        if "snapshot_url" in found:
            body = self.hall.ours.get(found["snapshot_url"], self.cookie, **{"Accept-Encoding": "gzip"})
            self.bytes += len(body)
            found |= json.loads(gzip.decompress(body))
        self.epoch, self.s = found["epoch"], found["snapshot"]["s"] if "snapshot" in found else self.s
        for event in found.get("events", []):
            self._stand(event["s"])
        self.inside, self.tries = True, 0
        self.hall.entered(self)

    def _stand(self, s: int) -> None:
        if s > self.s:
            self.gaps += s != self.s + 1
            self.s = s

    def take(self) -> None:
        """What arrived."""
        assert self.client is not None
        try:
            chunk = self.client.receive()
        except (LostError, OSError):
            self.lost()
            return
        self.bytes += len(chunk)
        if not self.client.open:
            if not self.client.opens(chunk):
                return
            chunk = b""
        for packet in self.client.packets(chunk):
            self._packet(packet)

    def _packet(self, packet: bytes) -> None:
        self.messages += 1
        if packet.startswith(b"42/live,"):
            if self.inside and packet.startswith(b'42/live,["events"'):
                for s in NUMBER.findall(packet):
                    self._stand(int(s))
            if self.heard is not None:
                self.heard(packet)
        elif found := ACK.match(packet):
            if answered := self.answers.pop(int(found[1]), None):
                answered(json.loads(found[2])[0])
        elif packet.startswith(b"0") and self.client is not None:
            self.client.send("40/live,")
        elif packet.startswith(b"40/live,"):
            self.hello()


class Hall:
    """Phones in one room."""

    def __init__(self, ours: Product, cookies: list[str], *, comes_back: bool = False, stream: str = "pub") -> None:
        self.ours, self.code, self.stream, self.comes_back = ours, ours.facts["room"], stream, comes_back
        self.poll = select.epoll()
        self.of: dict[int, Phone] = {}
        self.moments: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.phones = [Phone(self, cookie) for cookie in cookies]
        self.entered: Callable[[Phone], None] = lambda _phone: None

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Do ACT some SECONDS from now."""
        heapq.heappush(self.moments, (time.perf_counter() + seconds, next(self.order), act))

    def watch(self, phone: Phone) -> None:
        assert phone.client is not None
        self.of[phone.client.socket.fileno()] = phone
        self.poll.register(phone.client.socket.fileno(), select.EPOLLIN)

    def forget(self, phone: Phone) -> None:
        assert phone.client is not None
        number = phone.client.socket.fileno()
        if self.of.pop(number, None) is not None:
            self.poll.unregister(number)

    def fill(self) -> float:
        """Let everybody in, AT_ONCE at a time; seconds until all were in."""
        began = time.perf_counter()
        for start in range(0, len(self.phones), AT_ONCE):
            arriving = self.phones[start : start + AT_ONCE]
            for phone in arriving:
                phone.connect()
            self.until(lambda arriving=arriving: all(p.client is not None and p.client.open for p in arriving))
        self.until(lambda: all(phone.inside for phone in self.phones))
        return time.perf_counter() - began

    def turn(self, longest: float = 0.5) -> bool:
        """Hear what is there and do what is due; False if there was nothing."""
        now = time.perf_counter()
        while self.moments and self.moments[0][0] <= now:
            heapq.heappop(self.moments)[2]()
        if self.moments:
            longest = max(0.0, min(longest, self.moments[0][0] - time.perf_counter()))
        ready = self.poll.poll(longest)
        for number, _ in ready:
            if (phone := self.of.get(number)) is not None:
                phone.take()
        return bool(ready)

    def until(self, done: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Go on until DONE; LostError after PATIENCE seconds in which nothing came, or ten times that in all."""
        began = heard = time.perf_counter()
        while not done():
            now = time.perf_counter()
            if self.turn():
                heard = now
            if now - heard > patience or now - began > 10 * patience:
                raise LostError("it doesn't come")

    def rest(self, seconds: float) -> None:
        """Listen for some SECONDS."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.turn(left)

    def close(self) -> None:
        self.comes_back = False
        for phone in self.phones:
            phone.hang_up()
        self.poll.close()


@contextmanager
def full_hall(people: int) -> Iterator[Hall]:
    """A room of the product with PEOPLE phones inside; the product on core 0, the phones on core 1."""
    with product(people) as ours, on_core(1):
        hall = Hall(ours, ours.facts["voters"])
        hall.fill()
        yield hall
        hall.close()


def stalled(url: str, room: str, cookie: str) -> Client:
    """Somebody who enters the ROOM (its code) and then reads nothing any more."""
    client = Client(Target(url, "/live", cookie=cookie))
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    hello = ["room:hello", {"v": 1, "code": room}]
    try:
        client.upgraded()
        for said, answer in ((None, "0"), ("40/live,", "40/live,"), (f"42/live,1{json.dumps(hello)}", "43/live,1")):
            if said is not None:
                client.send(said)
            client.expect(answer)
    except BaseException:
        client.socket.close()
        raise
    return client


def break_off(client: Client) -> None:
    """End a connection without a word."""
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()


def share(times: list[float], part: float) -> float:
    """The time by which PART (0 to 1) had happened."""
    return sorted(times)[max(0, round(part * len(times)) - 1)]
