"""The server under test: Flask-SocketIO with the fan-out engine, or without it (``--plain``).

Prints the port it listens on. Events: ``join`` enters the room, ``ask`` n broadcasts n
questions to it.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402 - everything else is imported after patching
import json
import sys
from pathlib import Path
from typing import Any

import socketio as python_socketio
from flask import Flask
from flask_socketio import SocketIO, join_room
from gevent.pywsgi import WSGIServer

from core.fanout import fan_out_manager

QUESTION = json.loads(Path(__file__).with_name("question.json").read_text(encoding="utf-8"))


class Utf8Json:
    """JSON that leaves Greek as it is: half the bytes of the default."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(value: Any, **options: Any) -> str:
        """Encode ``value``."""
        return json.dumps(value, ensure_ascii=False, **options)


def serve(*, plain: bool) -> None:
    """Serve until killed."""
    app = Flask(__name__)
    manager = python_socketio.Manager() if plain else fan_out_manager(None)
    sockets = SocketIO(
        app,
        async_mode="gevent",
        async_handlers=False,
        client_manager=manager,
        cors_allowed_origins="*",
        json=Utf8Json,
    )

    @sockets.on("join")
    def join() -> None:
        join_room("hall")

    @sockets.on("ask")
    def ask(count: int) -> None:
        for number in range(count):
            sockets.emit("question", {**QUESTION, "no": number}, to="hall")

    server = WSGIServer(("127.0.0.1", 0), app, log=None)
    server.start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(plain="--plain" in sys.argv)
