"""The Socket.IO server and the process that serves pages and sockets."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
from typing import Any

import gevent
from flask import Flask
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIHandler, WSGIServer

from core.fanout import fan_out_manager
from core.log import log
from core.packets import Frame, Utf8Json

socketio = SocketIO()
GATHERED = 512 * 1024  # bytes of an upload that may wait for us to read them
# New objects before what is young, older, old is looked through for garbage. Python's own 700 stop 5,000 sockets for a
# quarter of a second every six seconds.
GARBAGE = (10_000, 10, 10)


def init_app(app: Flask) -> None:
    socketio.init_app(
        app,
        async_mode="threading" if app.testing else "gevent",
        async_handlers=False,  # a client's events keep their order
        json=Utf8Json,
        serializer=Frame,
        client_manager=fan_out_manager(app.config["REDIS_URL"]),
        max_http_buffer_size=16_384,
        ping_interval=20,
        ping_timeout=15,
        cors_allowed_origins=[app.config["BASE_URL"]],
        manage_session=False,
    )


NAMESPACE = "/live"


def personal(user_id: int) -> str:
    """The audience that is one person on all their devices."""
    return f"u:{user_id}"


def hang_up(sid: str) -> None:
    """End the connection behind a socket, after what waits for it has gone out."""
    server = socketio.server
    engine_id = server.manager.eio_sid_from_sid(sid, NAMESPACE)
    server.disconnect(sid, namespace=NAMESPACE)
    if engine_id in server.eio.sockets:
        server.eio.sockets[engine_id].close(wait=False)


def end_sockets(user_id: int) -> None:
    """Disconnect every socket of a person: they signed out everywhere, or what they may do changed."""
    server = socketio.server
    if server is None:
        return
    for sid, _ in list(server.manager.get_participants(NAMESPACE, personal(user_id))):
        server.disconnect(sid, namespace=NAMESPACE)


class Handler(WSGIHandler):
    """Requests whose faults are logged as ours are: the server's own lines name the caller's address."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # they went away; there is nobody to answer
            super().handle()

    def get_environ(self) -> dict[str, Any]:
        """The server's own. Of an upload the kernel gathers little: that much is lost with the process."""
        if self.command == "PATCH":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, GATHERED)
        return dict(super().get_environ())

    def log_error(self, msg: str, *_args: Any) -> None:
        log.warning("not HTTP", kind=msg[:20])

    def _log_error(self, kind: Any, value: Any, trace: Any) -> None:
        log.error("broken off", exc_info=(kind, value, trace))


def listening_server(app: Any, host: str, port: int) -> WSGIServer:
    """A server of APP on HOST:PORT, not started yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = WSGIServer.get_listener((host, port), backlog=1024, family=family)
    # Every connection takes this over. An answer leaves in two writes, head and body; without it the
    # second one waits 40 ms until the other side has told of the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return WSGIServer(listener, app, log=None, handler_class=Handler)


def serve(app: Flask) -> None:
    """Serve pages and sockets on HOST:PORT until stopped."""
    # What is loaded by now stays: looking through it again and again for garbage would stop every socket.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    server = listening_server(app, app.config["HOST"], app.config["PORT"])
    # From now on a signal is an event of the loop. An exception from a handler of Python's would come up in
    # whatever runs at that moment, and what answers a request takes it for a fault of that request.
    asked = [gevent.signal_handler(number, server.stop) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        server.serve_forever()
    finally:
        for handler in asked:
            handler.cancel()
