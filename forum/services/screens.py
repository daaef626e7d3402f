"""The projector, from the host's side: two seconds in which anything may still be stopped, and what lies over it.

The server is the judge: a projector shows what is new only after asking `due`, and the answer is yes only two
seconds after it was put there. So whatever is stopped within these seconds has never been seen.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from core.db import db, utcnow
from forum import queries
from forum.models import Poll, Question, Room, RoomEvent, RoomScreen, Stream
from forum.protocol import Type, screen_payload
from forum.services.desk import Desk
from forum.services.stage import spotlight

DELAY = dt.timedelta(seconds=2)


def clear(desk: Desk) -> dict[str, Any]:
    """Take the question off the projector. `stopped`: no projector has shown it."""
    if desk.room.spotlight_id is None:
        return {"id": None, "stopped": False}
    put = desk.screen().spot_at
    pid = desk.session.scalar(select(Question.pid).where(Question.id == desk.room.spotlight_id))
    spotlight(desk, None)
    return {"id": str(pid), "stopped": put is not None and utcnow() < put + DELAY}


def blank(desk: Desk, on: int) -> dict[str, Any]:
    """Make the projector dark, or light again."""
    return _set(desk, blank=bool(on))


def captions(desk: Desk, on: int) -> dict[str, Any]:
    """Show the captions at the foot of the projector, or not."""
    return _set(desk, captions=bool(on))


def _set(desk: Desk, **wanted: bool) -> dict[str, Any]:
    screen = desk.screen()
    if any(getattr(screen, name) is not value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(screen, name, value)
        screen.rev += 1
        desk.session.flush()
        for stream in Stream:
            desk.log(stream, Type.SCREEN, screen_payload(screen))
    return screen_payload(screen)


def due(room: Room) -> dict[str, Any]:
    """What a projector may show now: `spot`, `note`, `poll` by id; in `ms` when to ask again for what is still new."""
    now = utcnow()
    screen = db.session.get(RoomScreen, room.id, populate_existing=True)
    waits: list[dt.timedelta] = []
    spot = room.spotlight_id
    if spot is not None and screen is not None and screen.spot_at is not None and screen.spot_at + DELAY > now:
        waits.append(screen.spot_at + DELAY - now)
        spot = None
    shown = queries.announcements_in(room.id, on_screen=True)
    waits += [said.at + DELAY - now for said in shown if said.at + DELAY > now]
    poll, put = _shown_poll(room)
    if put is not None and put + DELAY > now:
        waits.append(put + DELAY - now)
        poll = None
    old = [said for said in shown if said.at + DELAY <= now]
    return {
        "spot": queries.pid_of(spot) if spot is not None else None,
        "note": str(old[-1].pid) if old else None,
        "poll": poll,
        "ms": int(min(waits).total_seconds() * 1000) + 1 if waits else None,
    }


def _shown_poll(room: Room) -> tuple[str | None, dt.datetime | None]:
    """The poll on the projector, and when it was put there: the room's log says so."""
    query = (
        select(Poll.pid, RoomEvent.at)
        .join(RoomEvent, RoomEvent.room_id == Poll.room_id)
        .where(Poll.room_id == room.id, Poll.shown)
        .where(RoomEvent.stream == Stream.PUB, RoomEvent.type == Type.POLL_SHOWN)
        .order_by(RoomEvent.seq.desc())
        .limit(1)
    )
    found = db.session.execute(query).first()
    return (str(found.pid), found.at) if found else (None, None)
