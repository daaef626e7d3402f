"""The Socket.IO server and the process that serves pages and sockets."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from core.fanout import fan_out_manager


class Utf8Json:
    """Greek as itself on the wire: half the bytes of the ASCII escapes that json.dumps makes."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        kwargs.setdefault("separators", (",", ":"))
        return json.dumps(*args, ensure_ascii=False, **kwargs)

    loads = staticmethod(json.loads)


socketio = SocketIO()


def init_app(app: Flask) -> None:
    socketio.init_app(
        app,
        async_mode="threading" if app.testing else "gevent",
        async_handlers=False,  # a client's events keep their order
        json=Utf8Json,
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


def end_sockets(user_id: int) -> None:
    """Disconnect every socket of a person: they signed out everywhere, or what they may do changed."""
    server = socketio.server
    if server is None:
        return
    for sid, _ in list(server.manager.get_participants(NAMESPACE, personal(user_id))):
        server.disconnect(sid, namespace=NAMESPACE)


def serve(app: Flask) -> None:
    """Serve pages and sockets on HOST:PORT until stopped."""
    socketio.run(app, host=app.config["HOST"], port=app.config["PORT"], log_output=False)
