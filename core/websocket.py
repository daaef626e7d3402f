"""A WebSocket (RFC 6455) under gevent, without a greenlet or a parser's objects of its own.

Engine.IO serves the others (threads, TLS in this process) with simple-websocket: a second greenlet for each client, a
copy of its TCP socket, and a general parser. Here whoever waits for a message reads it, and what is sent goes out in
whole frames, one after the other (``Wire``). No extensions: compression takes up to 270 KB of state for each client
and cannot be shared.
"""

from __future__ import annotations

import hashlib
import struct
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from socket import IPPROTO_TCP, SHUT_RDWR, TCP_NODELAY
from time import monotonic
from typing import Any

import gevent
import gevent.lock
import gevent.socket


@dataclass(slots=True)
class Counters:
    """Counts of this process since it started."""

    direct: int = 0  # deliveries written straight to the socket
    queued: int = 0  # deliveries handed to the client's queue
    partial: int = 0  # writes of which the kernel took a part or nothing, the rest followed


counters = Counters()

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CHUNK = 4096  # bytes read at once
MORE, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL = 0x80
CONTROL = 0x08  # in the first byte of a frame: close, ping or pong
MOST_CONTROLS = 8  # kept for a client that asks but does not read
NORMAL, FAULT, NOT_TEXT, TOO_LARGE = 1000, 1002, 1007, 1009  # why it ends


def frame(kind: int, payload: bytes) -> bytes:
    """Wrap PAYLOAD into one final, unmasked frame (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", FINAL | kind, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", FINAL | kind, 126, size) + payload
    return struct.pack("!BBQ", FINAL | kind, 127, size) + payload


class Wire:
    """A client's TCP socket that carries whole frames only, one after the other.

    Its reader (pongs) and its writers (messages, broadcasts) never mix theirs.
    """

    __slots__ = ("began", "rest", "sock", "turn")

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.rest: list[bytes] = []  # goes out before anything else
        self.turn = gevent.lock.BoundedSemaphore()
        self.began = 0.0  # when the send began that is under way

    def offer(self, data: bytes, later: list[Wire] | None) -> bool:
        """Write DATA now, or keep it for LATER; False if somebody is mid-send."""
        if self.turn.locked():
            return False
        self.rest.append(data)
        if len(self.rest) > 1:
            return True  # whoever sends the first sends this one too
        if later is None:
            self.push()
        else:
            later.append(self)
        return True

    def push(self) -> None:
        """Write the rest without blocking; what does not fit is left to a greenlet."""
        if not self.rest or self.turn.locked():
            return
        data = b"".join(self.rest)
        try:
            sent = self.sock.send(data, 0, 0.0)
        except OSError:  # full, or gone: the greenlet finds out which
            sent = 0
        self.rest = [data[sent:]] if sent < len(data) else []
        if self.rest:
            counters.partial += 1
            gevent.spawn(self._send_rest)

    def send(self, data: bytes) -> None:
        """Write the rest and all of DATA; OSError if the client is gone or too slow."""
        if data and data[0] & CONTROL and self.turn.locked():
            # A pong or a goodbye: the reader must not wait for a slow client's messages to
            # go out, or it would miss the client's answers. Whoever is writing takes it along.
            if len(self.rest) < MOST_CONTROLS:
                self.rest.append(data)
            return
        with self.turn:
            self.began = monotonic()
            self.rest.append(data)
            while self.rest:
                everything, self.rest = b"".join(self.rest), []
                self._send_all(everything)

    def stuck(self) -> float:
        """For how many seconds the send that is under way has lasted."""
        return monotonic() - self.began if self.turn.locked() and self.began else 0.0

    def shut(self) -> None:
        """End the connection; whoever reads from it or writes to it finds out."""
        with suppress(OSError):
            self.sock.shutdown(SHUT_RDWR)

    def _send_all(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except BaseException:
            # Half a frame may be out: the client would take what follows for its end.
            self.shut()
            raise

    def _send_rest(self) -> None:
        with suppress(OSError):
            self.send(b"")


class Unfit(Exception):
    """What the client sent is not what the protocol allows; why, as a closing code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WebSocket:
    """The messages of a client. MOST is the size in bytes of the largest that is taken."""

    __slots__ = ("kept", "kind", "most", "parts", "wire")

    def __init__(self, wire: Wire, most: int) -> None:
        self.wire, self.most = wire, most
        self.kept = b""  # arrived, not yet a whole frame
        self.kind = MORE
        self.parts: list[bytes] = []  # of a message in several frames

    def receive(self) -> str | bytes | None:
        """Wait for the next message; None when the connection is over."""
        try:
            while True:
                while (found := self._frame()) is not None:
                    kind, final, payload = found
                    if kind == CLOSE:
                        self.close(payload[:2])
                        return None
                    if (message := self._take(kind, final, payload)) is not None:
                        return message
                chunk = self.wire.sock.recv(CHUNK)
                if not chunk:
                    return None
                self.kept = self.kept + chunk if self.kept else chunk
        except Unfit as fault:
            self.close(struct.pack("!H", fault.code))
        except OSError:
            pass
        return None

    def close(self, code: bytes = struct.pack("!H", NORMAL)) -> None:
        """Say goodbye."""
        with suppress(OSError):
            self.wire.send(frame(CLOSE, code))

    def _frame(self) -> tuple[int, bool, bytes] | None:
        """(kind, final, payload) of the next frame when all of it has arrived."""
        data = self.kept
        if len(data) < 2:
            return None
        first, size, at = data[0], data[1] & 0x7F, 2
        if first & 0x70 or not data[1] & 0x80:  # an extension, or not masked
            raise Unfit(FAULT)
        if size > 125:
            if first & CONTROL:
                raise Unfit(FAULT)
            at = 4 if size == 126 else 10
            if len(data) < at:
                return None
            size = int.from_bytes(data[2:at], "big")
        if size > self.most:
            raise Unfit(TOO_LARGE)
        end = at + 4 + size
        if len(data) < end:
            return None
        self.kept = data[end:]
        return first & 0x0F, bool(first & FINAL), unmasked(data[at + 4 : end], data[at : at + 4])

    def _take(self, kind: int, final: bool, payload: bytes) -> str | bytes | None:
        """What a frame completes, if it completes a message."""
        if kind & CONTROL:
            if kind > PONG or not final:
                raise Unfit(FAULT)
            if kind == PING:
                self.wire.send(frame(PONG, payload))
            return None
        if kind > BINARY or (kind == MORE) != bool(self.kind):
            raise Unfit(FAULT)
        self.kind = kind or self.kind
        self.parts.append(payload)
        if sum(map(len, self.parts)) > self.most or len(self.parts) > self.most:
            raise Unfit(TOO_LARGE)
        if not final:
            return None
        whole, kind = b"".join(self.parts), self.kind
        self.kind, self.parts = MORE, []
        try:
            return whole.decode() if kind == TEXT else whole
        except UnicodeDecodeError:
            raise Unfit(NOT_TEXT) from None


def unmasked(data: bytes, mask: bytes) -> bytes:
    """DATA as it was before the client masked it, as all clients must."""
    size = len(data)
    long_mask = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(long_mask, "little")).to_bytes(size, "little")


def tcp_socket(environ: dict[str, Any]) -> Any:
    """The socket a WSGI request of gevent's server came by; None if it is anything but plain TCP."""
    # When an upgrade is asked for, the input is the connection's own reader.
    sock = getattr(getattr(environ.get("wsgi.input"), "raw", None), "_sock", None)
    return sock if type(sock) is gevent.socket.socket else None


def greet(environ: dict[str, Any], patience: float) -> Wire | None:
    """Answer a client that asks for a WebSocket; None if it doesn't ask as it should.

    PATIENCE: seconds after which it is given up when nothing comes, or nothing can be sent.
    """
    sock, key = tcp_socket(environ), environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if sock is None or len(key) != 24 or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        return None
    sock.settimeout(patience)
    with suppress(OSError):  # behind a Unix socket there is nothing to set
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    accept = b64encode(hashlib.sha1(key.encode() + MAGIC).digest())  # noqa: S324 - the protocol's, no secret
    sock.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    environ["wsgi.input"].close()  # its buffer would lie there as long as the client stays
    return Wire(sock)
