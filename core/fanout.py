"""Broadcast to a room by writing one ready-made WebSocket frame to every idle socket.

The library hands each message to a queue and wakes one writer greenlet for each client: for
a room of a thousand, a thousand wake-ups, and the frame is made a thousand times. Here it is
made once and written straight, without blocking. Whoever is busy gets it through the
library's queue, as always; so does everybody who is not on gevent and simple-websocket, or
whose TLS ends in this process.

Order holds because a frame goes straight only to a client whose writer waits for work and
whose queue is empty; what the kernel did not take goes out before anything else (``Wire``);
and nothing in ``FanOutManager.emit`` gives way to another greenlet, so that two broadcasts
never overtake each other. ``tests/core/test_fanout.py`` fixes what this relies on.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from socket import IPPROTO_TCP, SHUT_RDWR, TCP_NODELAY
from threading import get_native_id
from typing import Any

import gevent
import gevent.lock
import gevent.socket
import socketio
from engineio import packet as engineio_packet
from engineio import socket as engineio_socket
from socketio import packet as socketio_packet


@dataclass(slots=True)
class Counters:
    """Counts of this process since it started."""

    direct: int = 0  # deliveries written straight to the socket
    queued: int = 0  # deliveries handed to the library's queue
    partial: int = 0  # writes of which the kernel took a part or nothing, the rest followed


counters = Counters()

CONTROL = 0x08  # in the first byte of a WebSocket frame: close, ping or pong
MOST_CONTROLS = 8  # kept for a client that asks but does not read


class Wire:
    """A client's TCP socket that carries whole frames only, one after the other.

    It stands in for the socket inside simple-websocket, which does not look how much of a
    frame ``send`` took and lets its reader (pongs) and its writer (messages) send at once.
    """

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.rest: list[bytes] = []  # goes out before anything else
        self.turn = gevent.lock.BoundedSemaphore()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)

    def offer(self, frame: bytes, later: list[Wire] | None) -> bool:
        """Write ``frame`` now, or keep it for ``later``; False if somebody is mid-send."""
        if self.turn.locked():
            return False
        self.rest.append(frame)
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

    def send(self, data: bytes) -> int:
        """Write the rest and all of ``data``; OSError if the client is gone or too slow."""
        if data and data[0] & CONTROL and self.turn.locked():
            # A pong or a goodbye: the reader must not wait for a slow client's messages to
            # go out, or it would miss the client's answers. Whoever is writing takes it along.
            if len(self.rest) < MOST_CONTROLS:
                self.rest.append(data)
            return len(data)
        with self.turn:
            self.rest.append(data)
            while self.rest:
                everything, self.rest = b"".join(self.rest), []
                self._send_all(everything)
        return len(data)

    def close(self) -> None:
        """End the connection: the web server holds a copy of the socket that keeps it open."""
        self._shut()
        self.sock.close()

    def _send_all(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except BaseException:
            # Half a frame may be out: the client would take what follows for its end.
            self._shut()
            raise

    def _shut(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(SHUT_RDWR)

    def _send_rest(self) -> None:
        with suppress(OSError):
            self.send(b"")


class WiredSocket(engineio_socket.Socket):
    """An Engine.IO client that knows its wire and whether its writer has work in hand."""

    wire: Wire | None = None
    idle = False

    def poll(self) -> Any:
        """Wait for packets; the WebSocket's writer holds none while it is in here."""
        self.idle = self.upgraded and self.wire is not None
        try:
            return super().poll()
        finally:
            self.idle = False

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Compression takes up to 270 KB of state for each client and cannot be shared.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return super()._upgrade_websocket(environ, start_response)

    def _websocket_handler(self, ws: Any) -> Any:
        websocket: Any = getattr(ws, "ws", None)
        sock: Any = getattr(websocket, "sock", None)
        if self.server.async_mode == "gevent" and type(sock) is gevent.socket.socket:
            # Engine.IO means to set this limit but does not find simple-websocket's socket;
            # without it, a client that stops reading keeps its greenlets for ever.
            sock.settimeout(self.server.ping_interval + self.server.ping_timeout)
            with suppress(OSError):  # behind a Unix socket there is nothing to set
                sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            self.wire = websocket.sock = Wire(sock)
        return super()._websocket_handler(ws)


def keep_raw_sockets() -> None:
    """Let every Engine.IO client that connects from now on know its wire. Harmless twice."""
    engineio_socket.Socket = WiredSocket


class FanOutManager(socketio.Manager):
    """The client manager of one process."""

    hub: Any = None  # of the loop that serves the sockets
    loop_thread = 0
    later: list[Wire] | None = None  # who waits for the end of this turn of the loop

    def initialize(self) -> None:
        """Remember the loop; called in it, before the first client."""
        super().initialize()
        if self.server.async_mode == "gevent":
            self.hub, self.loop_thread = gevent.get_hub(), get_native_id()

    def emit(  # noqa: PLR0917 - the library's signature
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **_unused: Any,
    ) -> None:
        """Send ``event`` to a client, a room or everybody; arguments as in python-socketio.

        RuntimeError in another thread than the loop's: let its greenlet emit, for example
        after ``threadpool.apply``.
        """
        arguments = event, data, namespace, to or room, skip_sid, callback
        serving = self.hub is not None and self.server.eio.sockets
        if serving and get_native_id() != self.loop_thread:
            raise RuntimeError("emit belongs in the thread of the sockets' loop")
        encoded = self._encode(event, data, namespace) if serving and not callback else None
        if not isinstance(encoded, str):  # a binary event is several packets
            super().emit(*arguments)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        everybody = self.get_participants(namespace, to or room)
        engines = [engine for sid, engine in everybody if sid not in skipped]
        self._deliver(engineio_packet.Packet(engineio_packet.MESSAGE, encoded), engines)

    def _encode(self, event: str, data: Any, namespace: str) -> Any:
        values = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        kind = socketio_packet.EVENT
        return self.server.packet_class(kind, namespace=namespace, data=[event, *values]).encode()

    def _deliver(self, message: Any, engines: list[str]) -> None:
        sockets, later = self.server.eio.sockets, self.later
        frame = text_frame(message.encode().encode())
        gone, queued = [], 0
        for engine in engines:
            client = sockets.get(engine)
            if client is None or client.closed:
                gone.append(engine)
            elif not (client.idle and client.queue.empty() and client.wire.offer(frame, later)):
                # Not client.send: its ping check may run the application's disconnect
                # handler in here. Engine.IO's own task finds the dead.
                client.queue.put(message)
                queued += 1
        counters.queued += queued
        counters.direct += len(engines) - queued - len(gone)
        if later is None:
            # The first broadcast has gone out at once; what follows before the loop turns
            # goes out together, so that fifty broadcasts are two writes, not fifty.
            self.later = []
            self.hub.loop.run_callback(self._turn)
        for engine in gone:
            self.server._send_eio_packet(engine, message)  # noqa: SLF001 - what the library calls; it logs

    def _turn(self) -> None:
        later, self.later = self.later or [], None
        for wire in later:
            wire.push()


class RedisFanOutManager(socketio.RedisManager, FanOutManager):
    """The client manager of one of several processes that hear of each other over Redis.

    ``RedisManager`` passes every event on to the next class, which is ``FanOutManager``.
    """


def fan_out_manager(redis_url: str | None) -> Any:
    """Make the ``client_manager`` of ``SocketIO``, over Redis if an address is given."""
    keep_raw_sockets()
    return RedisFanOutManager(redis_url) if redis_url else FanOutManager()


def text_frame(payload: bytes) -> bytes:
    """Wrap UTF-8 text into one final, unmasked WebSocket frame (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload
