"""Broadcast to a room by writing one ready-made WebSocket frame to every idle socket.

The library hands each message to a queue and wakes one writer greenlet for each client: for
a room of a thousand, a thousand wake-ups, and the frame is made a thousand times. Here it is
made once and written straight, without blocking. Whoever is busy gets it through their
queue; so does everybody who is on long-polling, not on gevent, or whose TLS ends in this process.

Order holds because a frame goes straight only to a client whose queue is empty and who has no
writer; what the kernel did not take goes out before anything else (``Wire``); and nothing in
``FanOutManager.emit`` gives way to another greenlet, so that two broadcasts never overtake
each other. ``tests/core/test_fanout.py`` fixes what this relies on.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from threading import get_native_id
from typing import Any

import gevent
import gevent.queue
import socketio
from engineio import exceptions
from engineio import packet as engineio_packet
from engineio import socket as engineio_socket
from socketio import packet as socketio_packet

from core.websocket import BINARY, TEXT, WebSocket, Wire, counters, frame, greet, tcp_socket

AT_ONCE = 16  # packets that a writer sends together; between two sends pongs go out
KEPT_OF_REQUEST = (  # of the request that opened a WebSocket: what commands may look at later
    *("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
    *("REMOTE_ADDR", "REMOTE_PORT", "HTTP_HOST", "HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT"),
    *("HTTP_ORIGIN", "wsgi.url_scheme", "flask.app"),
)


class WiredSocket(engineio_socket.Socket):
    """An Engine.IO client that writes by itself when it may, and has a writer only while it is behind."""

    wire: Any = None  # a Wire, once there is a WebSocket of ours
    writer: Any = None  # its greenlet, while something waits
    connected: bool
    last_ping: float | None
    held = 0  # packets the writer took off the queue and has not sent yet

    @property
    def idle(self) -> bool:
        """Whether a frame may go straight to its wire."""
        return self.wire is not None and self.upgraded and self.writer is None and self.queue.empty()

    def behind(self) -> tuple[int, float]:
        """How many packets wait for this client, and for how many seconds the send under way lasts."""
        if self.wire is None:
            return self.queue.qsize(), 0.0
        return self.queue.qsize() + self.held + bool(self.wire.rest), self.wire.stuck()

    def send(self, pkt: Any) -> None:
        """Send a packet: at once, or after those that wait."""
        if not self.check_ping_timeout():
            return
        if not (self.idle and self.wire.offer(as_frame(pkt), None)):
            self.hold(pkt)

    def hold(self, pkt: Any) -> None:
        """Send a packet after those that wait."""
        self.queue.put(pkt)
        if self.wire is not None and self.upgraded and self.writer is None:
            self.writer = gevent.spawn(self._write)

    def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """End the connection: what waits goes out first, unless nobody is there any more (`abort`)."""
        was_open = not self.closed and not self.closing
        super().close(wait=wait and self.wire is None, abort=abort, reason=reason)
        if was_open and self.wire is not None:
            if abort:
                self.wire.shut()
            elif self.upgraded and self.writer is None:
                self.writer = gevent.spawn(self._write)

    def schedule_ping(self) -> None:
        """Ping the client when it is time; one greenlet does it for all."""
        if self.server.async_mode != "gevent":
            super().schedule_ping()
        elif self.last_ping:
            self.last_ping = None
            _heart(self.server).add(self)

    def _write(self) -> None:
        """Send what waits, several at once; None is the end."""
        try:
            over, wire = False, self.wire
            while not over and (packets := self._waiting()):
                over = packets[-1] is None
                self.held = len(packets)
                if data := b"".join(as_frame(pkt) for pkt in packets if pkt is not None):
                    wire.send(data)
            if over:
                WebSocket(wire, 0).close()
                wire.shut()
        except OSError:
            pass  # the reader finds out
        finally:
            self.writer, self.held = None, 0

    def _waiting(self) -> list[Any]:
        packets: list[Any] = []
        with suppress(gevent.queue.Empty):
            while len(packets) < AT_ONCE and (not packets or packets[-1] is not None):
                packets.append(self.queue.get(block=False))
                self.queue.task_done()
        return packets

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.server.async_mode != "gevent" or tcp_socket(environ) is None:
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            return super()._upgrade_websocket(environ, start_response)
        if self.upgraded:
            raise OSError("Socket has been upgraded already")
        wire = greet(environ, self.server.ping_interval + self.server.ping_timeout)
        if wire is None:
            self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)
            return self.server._bad_request("Not a WebSocket of version 13")  # noqa: SLF001 - as the library answers
        self._forget_request(environ)
        self.wire = wire
        self._converse(WebSocket(wire, self.server.max_http_buffer_size))
        return []

    def _forget_request(self, environ: dict[str, Any]) -> None:
        """Of the request only what commands may ask for stays as long as the client."""
        kept = {name: environ[name] for name in KEPT_OF_REQUEST if name in environ}
        environ.clear()
        environ.update(kept)

    def _converse(self, ws: WebSocket) -> None:
        """The library's conversation with a WebSocket, without its writer."""
        if self.connected and not self._agreed(ws):
            self.wire = None
            return
        self.connected = self.upgraded = True
        if not self.queue.empty():
            self.writer = gevent.spawn(self._write)
        while (message := ws.receive()) is not None:
            try:
                self.receive(engineio_packet.Packet(encoded_packet=message))
            except exceptions.UnknownPacketError:
                pass
            except exceptions.SocketIsClosedError:
                break
            except Exception:
                self.server.logger.exception("Unknown receive error")
                break
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        if self.writer is not None:
            self.writer.join()

    def _agreed(self, ws: WebSocket) -> bool:
        """Move a client from long-polling to this WebSocket; nothing is sent by it meanwhile."""
        self.upgrading = True
        try:
            if _read(ws) != (engineio_packet.PING, "probe"):
                return False
            ws.wire.send(as_frame(engineio_packet.Packet(engineio_packet.PONG, data="probe")))
            self.queue.put(engineio_packet.Packet(engineio_packet.NOOP))  # ends the poll
            return _read(ws)[0] == engineio_packet.UPGRADE
        finally:
            self.upgrading = False


def _read(ws: WebSocket) -> tuple[Any, Any]:
    message = ws.receive()
    try:
        packet = engineio_packet.Packet(encoded_packet=message) if message else None
    except ValueError:
        packet = None
    return (packet.packet_type, packet.data) if packet else (None, None)


def as_frame(pkt: Any) -> bytes:
    """An Engine.IO packet as a WebSocket frame."""
    encoded = pkt.encode()
    return text_frame(encoded.encode()) if isinstance(encoded, str) else frame(BINARY, encoded)


def text_frame(payload: bytes) -> bytes:
    return frame(TEXT, payload)


class Heart:
    """One greenlet that pings every client in time, where the library has one for each."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.due: deque[tuple[float, WiredSocket]] = deque()  # all wait equally long: first come, first due
        self.beating = False

    def add(self, client: WiredSocket) -> None:
        self.due.append((time.monotonic() + self.server.ping_interval, client))
        if not self.beating:
            self.beating = True
            gevent.spawn(self._beat)

    def _beat(self) -> None:
        while self.due:
            wait = self.due[0][0] - time.monotonic()
            if wait > 0:
                gevent.sleep(max(wait, 0.2))
                continue
            client = self.due.popleft()[1]
            if not client.closing and not client.closed:
                client.last_ping = time.time()
                with suppress(exceptions.SocketIsClosedError):
                    client.send(engineio_packet.Packet(engineio_packet.PING))
        self.beating = False


def _heart(server: Any) -> Heart:
    if not hasattr(server, "heart"):
        server.heart = Heart(server)
    return server.heart


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
        ready = as_frame(message)
        gone, queued = [], 0
        for engine in engines:
            client = sockets.get(engine)
            if client is None or client.closed:
                gone.append(engine)
            elif not (client.idle and client.wire.offer(ready, later)):
                # Not client.send: its ping check may run the application's disconnect
                # handler in here. Engine.IO's own task finds the dead.
                client.hold(message)
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
