"""A crowd of WebSocket clients of any Socket.IO server, light enough for one core.

It speaks Engine.IO 4 over raw sockets and one epoll, because a full client spends more time
on a message than the server under test. See ``python -m bench.fanout.load --help``.
"""

from __future__ import annotations

import argparse
import gc
import json
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

UPGRADE = (
    "GET {path}?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: YSBsb3Qgb2YgY2xpZW50cw==\r\n{cookie}\r\n"
)
PING = ord("2")  # Engine.IO packet type
PATIENCE = 30.0  # seconds without a word from the server before we give up


class LostError(Exception):
    """The server closed a connection, refused it or fell silent."""


@dataclass
class Target:
    """Where a crowd goes: ``url`` such as http://127.0.0.1:5000, a namespace, a cookie."""

    url: str
    namespace: str = "/"
    path: str = "/socket.io/"
    cookie: str = ""

    @property
    def prefix(self) -> str:
        """What stands before the JSON in this namespace's packets."""
        return "" if self.namespace == "/" else f"{self.namespace},"

    def request(self) -> bytes:
        """Return the HTTP request that opens a WebSocket."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        host = urlsplit(self.url).netloc
        return UPGRADE.format(path=self.path, host=host, origin=self.url, cookie=cookie).encode()


class Client:
    """One connection: raw socket, and the bytes of a frame that is not complete yet."""

    def __init__(self, target: Target) -> None:
        address = urlsplit(target.url)
        self.socket = socket.create_connection((address.hostname, address.port or 80), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(target.request())
        self.kept = b""
        self.open = False
        self.inbox: deque[bytes] = deque()

    def upgraded(self) -> None:
        """Read the answer to the upgrade."""
        while not self.opens(self.receive()):
            pass
        self.inbox += self.packets(b"")

    def opens(self, chunk: bytes) -> bool:
        """Take a part of the answer to the upgrade; whether it is complete. What follows it is kept."""
        self.kept += chunk
        head, complete, rest = self.kept.partition(b"\r\n\r\n")
        if complete:
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                raise LostError(head.decode(errors="replace"))
            self.kept, self.open = rest, True
        return self.open

    def send(self, text: str) -> None:
        """Send one text frame (masked, as clients must, with the key 0)."""
        payload = text.encode()
        size = len(payload)
        head = bytes([0x81, 0x80 | size]) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def expect(self, start: str) -> str:
        """Wait for a packet that begins with ``start``; drop those before it."""
        while True:
            while self.inbox:
                packet = self.inbox.popleft()
                if packet.startswith(start.encode()):
                    return packet.decode()
            self.inbox += self.packets(self.receive())

    def packets(self, chunk: bytes) -> list[bytes]:
        """Cut what arrived into Engine.IO packets; pings are answered on the way."""
        found: list[bytes] = []
        self.tally(chunk, b"", found)
        return found

    def tally(self, chunk: bytes, wanted: bytes, keep: list[bytes] | None = None) -> int:
        """Count the packets that begin with ``wanted``; pings are answered on the way.

        The crowd spends its time here, hence one plain loop; ``keep`` collects the packets.
        """
        data = self.kept + chunk if self.kept else chunk
        at, length, found = 0, len(data), 0
        while length - at >= 2:
            size = data[at + 1]
            if size < 126:
                body = at + 2
            elif size == 126:
                body = at + 4
                size = data[at + 2] << 8 | data[at + 3] if body <= length else length
            else:
                body = at + 10
                size = int.from_bytes(data[at + 2 : body], "big") if body <= length else length
            if body + size > length:
                break
            at = body + size
            if keep is not None:
                keep.append(data[body:at])
            if size == 1 and data[body] == PING:
                self.send("3")
            elif data.startswith(wanted, body):
                found += 1
        self.kept = data[at:]
        return found

    def receive(self, most: int = 1 << 18) -> bytes:
        """Return what has arrived, waiting for it if need be."""
        chunk = self.socket.recv(most)
        if not chunk:
            raise LostError("closed by the server")
        return chunk


@dataclass
class Heard:
    """Arrivals of one round in seconds since its start, in the order they came."""

    seconds: list[float] = field(default_factory=list)
    bytes: int = 0

    def share(self, part: float) -> float:
        """Return the time by which ``part`` (0 to 1) of the deliveries had arrived."""
        return self.seconds[max(0, round(part * len(self.seconds)) - 1)]


class Crowd:
    """Many clients in one room."""

    def __init__(self, target: Target, size: int, batch: int = 100) -> None:
        self.target = target
        self.clients: list[Client] = []
        self.poll = select.epoll()
        self.busy = 0.0  # processor time of this process when the last drain ended
        for start in range(0, size, batch):  # no more at once than a listen queue holds
            arriving = [Client(target) for _ in range(min(batch, size - start))]
            for client in arriving:
                client.upgraded()
                client.expect("0")
                client.send(f"40{target.prefix}")
            for client in arriving:
                client.expect(f"40{target.prefix}")
            self.clients += arriving
        self.of = {client.socket.fileno(): client for client in self.clients}
        for number in self.of:
            self.poll.register(number, select.EPOLLIN)

    def emit(self, client: Client, event: Sequence[Any], ack: int | None = None) -> None:
        """Send ``event`` ([name, argument, …]) from one of the clients."""
        text = json.dumps(event, ensure_ascii=False)
        client.send(f"42{self.target.prefix}{'' if ack is None else ack}{text}")

    def everybody(self, event: Sequence[Any]) -> None:
        """Send ``event`` from each client and wait until each is acknowledged."""
        for client in self.clients:
            self.emit(client, event, ack=1)
        for client in self.clients:
            client.expect(f"43{self.target.prefix}1")

    def hear(self, event: str, deliveries: int, start: Callable[[], None]) -> Heard:
        """Call ``start`` and time every delivery of ``event`` until ``deliveries`` came."""
        wanted = f'42{self.target.prefix}["{event}"'.encode()
        heard = Heard()
        gc.disable()
        began = time.perf_counter()
        start()
        try:
            while len(heard.seconds) < deliveries:
                self._round(wanted, heard, began)
        finally:
            gc.enable()
        return heard

    def _round(self, wanted: bytes, heard: Heard, began: float) -> None:
        ready = self.poll.poll(PATIENCE)
        if not ready:
            raise LostError(f"silent after {len(heard.seconds)} deliveries")
        arrived = []
        for number, _ in ready:  # first take the time of everything, then look into it
            client = self.of[number]
            arrived.append((client, client.receive(), time.perf_counter() - began))
        for client, chunk, seconds in arrived:
            heard.bytes += len(chunk)
            heard.seconds += [seconds] * client.tally(chunk, wanted)

    def drain(self, event: str, deliveries: int, size: int, start: Callable[[], None]) -> float:
        """Call ``start`` and take SIZE bytes off all sockets; the seconds that took.

        A burst is more frames than a crowd on one core can look into while it is timed: what came is
        counted afterwards, and whatever of the ``deliveries`` is still missing then is waited for.
        """
        wanted = f'42{self.target.prefix}["{event}"'.encode()
        came: list[tuple[Client, bytes]] = []
        gc.disable()
        began = time.perf_counter()
        start()
        try:
            while size > 0:
                ready = self.poll.poll(PATIENCE)
                if not ready:
                    raise LostError(f"silent with {size} bytes to come")
                for number, _ in ready:
                    client = self.of[number]
                    chunk = client.receive(1 << 15)
                    came.append((client, chunk))
                    size -= len(chunk)
            took, self.busy = time.perf_counter() - began, time.process_time()
        finally:
            gc.enable()
        heard = Heard([0.0] * sum(client.tally(chunk, wanted) for client, chunk in came))
        while len(heard.seconds) < deliveries:
            self._round(wanted, heard, began)
            took = heard.seconds[-1]
        return took

    def close(self) -> None:
        """Hang up."""
        self.poll.close()
        for client in self.clients:
            client.socket.close()


def main() -> None:
    """Measure one server from the command line."""
    parser = argparse.ArgumentParser(description="Time broadcasts of any Socket.IO server.")
    parser.add_argument("url", help="for example http://127.0.0.1:5000")
    parser.add_argument("--namespace", default="/")
    parser.add_argument("--cookie", default="", help="value of the Cookie header")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--join", default='["join"]', help="acknowledged event of every client")
    parser.add_argument("--trigger", default='["ask", 1]', help="event of the first client")
    parser.add_argument("--event", default="question", help="event that everybody hears")
    parser.add_argument("--each", type=int, default=1, help="deliveries to each per trigger")
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    target = Target(given.url, given.namespace, cookie=given.cookie)
    crowd = Crowd(target, given.clients)
    crowd.everybody(json.loads(given.join))
    trigger = json.loads(given.trigger)
    for _ in range(given.rounds):
        heard = crowd.hear(
            given.event,
            given.each * given.clients,
            lambda: crowd.emit(crowd.clients[0], trigger),
        )
        p50, p95, last = (1000 * heard.share(part) for part in (0.5, 0.95, 1))
        rate = len(heard.seconds) / heard.seconds[-1]
        print(f"p50 {p50:.1f} ms  p95 {p95:.1f} ms  last {last:.1f} ms  {rate:,.0f} deliveries/s")
    crowd.close()


if __name__ == "__main__":
    main()
