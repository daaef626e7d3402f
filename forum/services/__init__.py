"""Every write of the room goes through `act`, whether it came by socket or as a plain form."""

from __future__ import annotations

import threading
import uuid
from typing import Any

from flask import Flask, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.db import db
from core.errors import Forbidden, NotFound, require
from core.live import end_sockets
from forum.models import Room, Stream
from forum.permissions import Role, may
from forum.queries import Person, Seat
from forum.services import entry, instant, limits, presence
from forum.services.announce import Ticker, announce
from forum.services.desk import Order
from forum.services.writer import Ticket, Writer

PROJECTOR_SECONDS = 12 * 3600
CLOCK = Person(0, uuid.UUID(int=0), "", "")  # who acts when it is the server itself

__all__ = ["PROJECTOR_SECONDS", "act", "disconnect", "live", "projector_key", "projector_seat", "stream_of"]


def act(seat: Seat, command: str, args: dict[str, Any]) -> Ticket:
    """Do COMMAND with checked ARGS for the person on SEAT; returns once it is stored. Raises refusals."""
    require(seat.role is not None, NotFound)
    require(seat.person is not None and may(seat.role, command), Forbidden)
    assert seat.person is not None  # noqa: S101 - said to the type checker
    assert seat.role is not None  # noqa: S101
    limits.take(seat.person.id, command)
    order = Order(command, seat.room_id, seat.person, seat.role, args)
    if command in instant.ACTS:
        return Ticket(order, ack=instant.ACTS[command](order))
    return live(current_app).writer.do(order)


class Live:
    """The writer and the ticker of one application, started with the first need of them."""

    def __init__(self, app: Flask) -> None:
        self.writer = Writer(app, announce)
        entry.watch.some = True
        self.ticker = Ticker(app, self.release)

    def release(self) -> None:
        """Let out what was waiting for its moment. Needs an application context."""
        for room_id in entry.watch.due(db.session()):
            self.writer.do(Order("room:release", room_id, CLOCK, Role.CLOCK, {}))

    def stop(self) -> None:
        self.ticker.stop()
        self.writer.stop()


_starting = threading.Lock()


def live(app: Flask) -> Live:
    app = getattr(app, "_get_current_object", lambda: app)()
    with _starting:  # a whole room arrives at once, and there is one writer and one ticker
        if "forum.live" not in app.extensions:
            app.extensions["forum.live"] = Live(app)
    return app.extensions["forum.live"]


def stream_of(seat: Seat) -> Stream:
    """Moderators follow their own stream, which has everything; all others the public one."""
    return Stream.MOD if seat.role is Role.MODERATOR else Stream.PUB


def disconnect(user_id: int) -> None:
    """End a person's sockets and ask anew what they may do."""
    presence.forget(user_id)
    end_sockets(user_id)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="forum.projector")


def projector_key(room: Room) -> str:
    """What a projector's address carries: it opens this room's public side, and only to look."""
    return _signer().dumps(room.id)


def projector_seat(room: Room, key: str | None) -> Seat | None:
    """The projector's seat for a valid KEY of this room, at most twelve hours old; else None."""
    try:
        told = _signer().loads(key or "", max_age=PROJECTOR_SECONDS)
    except BadSignature:
        return None
    return Seat(room.id, None, Role.PROJECTOR) if told == room.id else None
