"""A plain load generator, for machines without wrk: keep-alive GETs over one epoll."""

from __future__ import annotations

import select
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

OK = b"HTTP/1.1 200"


class Reader:
    """One connection that asks again as soon as it was answered."""

    def __init__(self, url: str, cookie: str) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), 10)
        path = address.path + (f"?{address.query}" if address.query else "")
        self.request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\n\r\n".encode()
        self.kept = b""
        self.socket.sendall(self.request)

    def answered(self) -> bool:
        """Take what arrived; when an answer is complete, ask again."""
        chunk = self.socket.recv(1 << 17)
        if not chunk:
            raise RuntimeError("closed by the server")
        self.kept += chunk
        head, separator, body = self.kept.partition(b"\r\n\r\n")
        if not separator:
            return False
        if not head.startswith(OK):
            raise RuntimeError(head.decode(errors="replace"))
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return False
        self.kept = b""
        self.socket.sendall(self.request)
        return True


def requests_per_second(url: str, cookie: str, connections: int, seconds: float) -> float:
    """Answers of URL per second, with CONNECTIONS readers asking for SECONDS."""
    with ExitStack() as stack:
        poll = stack.enter_context(select.epoll())
        of = {}
        for _ in range(connections):
            reader = Reader(url, cookie)
            stack.enter_context(reader.socket)
            of[reader.socket.fileno()] = reader
            poll.register(reader.socket.fileno(), select.EPOLLIN)
        began, answered = time.perf_counter(), 0
        while (gone := time.perf_counter() - began) < seconds:
            answered += sum(of[number].answered() for number, _ in poll.poll(1))
    return answered / gone
