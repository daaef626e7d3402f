"""A Socket.IO server for the fan-out tests, in a process of its own: ``fanout_server.py OPTIONS``.

OPTIONS is a JSON object: ``mode`` (async mode), ``redis`` (address), ``buffer`` (bytes the
kernel keeps for each client), ``ping`` (seconds between pings, and to answer one). Prints the
port it listens on.
"""

# ruff: noqa: E402, T201 - patching comes before the other imports; the port is for the parent

from __future__ import annotations

import json
import sys

OPTIONS = {"mode": "gevent", "redis": None, "buffer": 0, "ping": [100, 100], **json.loads(sys.argv[1])}

if OPTIONS["mode"] == "gevent":
    from gevent import monkey

    monkey.patch_all()

import dataclasses
import socket
from pathlib import Path

import gevent
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from gevent.pywsgi import WSGIServer
from werkzeug.serving import make_server

from core.fanout import fan_out_manager, keep_raw_sockets
from core.websocket import counters


class Utf8Json:
    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(value: object, **options: object) -> str:
        return json.dumps(value, ensure_ascii=False, **options)


keep_raw_sockets()
app = Flask(__name__)
sockets = SocketIO(
    app,
    async_mode=OPTIONS["mode"],
    async_handlers=False,
    client_manager=fan_out_manager(OPTIONS["redis"]),
    cors_allowed_origins="*",
    json=Utf8Json,
    ping_interval=OPTIONS["ping"][0],
    ping_timeout=OPTIONS["ping"][1],
)


def line(number: int, size: int) -> dict[str, object]:
    """One numbered line of Greek; its length differs from line to line."""
    return {"no": number, "text": "Πώς εγγράφεται η ΚοινΣΕπ; " * (1 + size * (number % 7) // 100)}


def join() -> None:
    join_room("hall")


def say(count: int, size: int, pause_every: int = 0) -> int:
    """Broadcast lines to the hall, each followed by a word to the caller alone."""
    for number in range(count):
        sockets.emit("line", line(number, size), to="hall", namespace=request.namespace)
        sockets.emit("word", {"no": number}, to=request.sid, namespace=request.namespace)
        if pause_every and number % pause_every == 0:
            sockets.sleep(0)
    return count


def say_to_others(count: int) -> None:
    for number in range(count):
        sockets.emit("line", line(number, 1), to="hall", skip_sid=request.sid)


def say_from_thread() -> str:
    """Try to broadcast from a real thread, as a database writer might."""
    try:
        gevent.get_hub().threadpool.apply(lambda: sockets.emit("line", line(0, 1), to="hall"))
    except RuntimeError as refusal:
        return str(refusal)
    return "heard"


def say_shapes() -> None:
    """Broadcast what is not one dictionary in one text frame."""
    sockets.emit("shape", to="hall")
    sockets.emit("shape", ("ένα", 2), to="hall")
    sockets.emit("shape", [1, 2], to="hall")
    sockets.emit("shape", b"\x00\x01", to="hall")
    sockets.emit("shape", "Ω" * 70_000, to="hall")


def ask_back() -> None:
    """Ask the caller; what it answers is broadcast."""
    sockets.emit("shape", "?", to=request.sid, callback=lambda answer: sockets.emit("shape", answer, to="hall"))


def tell() -> dict[str, int]:
    return {
        **dataclasses.asdict(counters),
        "clients": len(sockets.server.eio.sockets),
        "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
    }


def left(*_reason: object) -> None:
    """Whoever leaves is announced, from inside the disconnect handler."""
    sockets.emit("left", {}, to="hall", namespace=request.namespace)


for namespace in ("/", "/live"):
    for handler in (join, say, say_to_others, say_from_thread, say_shapes, ask_back, tell):
        sockets.on_event(handler.__name__, handler, namespace=namespace)
    sockets.on_event("disconnect", left, namespace=namespace)

listener = socket.create_server(("127.0.0.1", 0), backlog=256)
if OPTIONS["buffer"]:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, OPTIONS["buffer"])
print(listener.getsockname()[1], flush=True)
if OPTIONS["mode"] == "gevent":
    listener.setblocking(False)
    WSGIServer(listener, app, log=None).serve_forever()
else:
    make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()).serve_forever()
