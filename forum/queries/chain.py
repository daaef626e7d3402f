"""Is the log of a room what was written? Recomputed from the first event to the head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from core.db import db
from forum.models import Question, Room, RoomEvent, Stream
from forum.models.chain import START, canonical, link

PORTION = 500  # events in memory at once


@dataclass(frozen=True)
class Fault:
    """The first broken place of a room, in words for whoever runs the server."""

    code: str
    where: str

    def __str__(self) -> str:
        return f"{self.code}: {self.where}"


def events_of(room_id: int, stream: Stream, last: int) -> Iterator[Any]:
    """The events of a stream up to number LAST in order, as rows of (seq, type, data, at, hash)."""
    seq = 0
    while seq < last:
        rows = db.session.execute(
            select(RoomEvent.seq, RoomEvent.type, RoomEvent.data, RoomEvent.at, RoomEvent.hash)
            .where(RoomEvent.room_id == room_id, RoomEvent.stream == stream, RoomEvent.seq > seq, RoomEvent.seq <= last)
            .order_by(RoomEvent.seq)
            .limit(PORTION)
        ).all()
        if not rows:
            return
        yield from rows
        seq = rows[-1].seq


def fault_in(room: Room) -> Fault | None:
    """The first place where ROOM's log or its count of questions isn't what was written; None when all is well.

    A room may be live meanwhile: what comes after the head that ROOM was read with is left for the next time.
    """
    for stream in Stream:
        if (where := _broken(room, stream) or _overgrown(room, stream)) is not None:
            return Fault(room.code, f"{stream.value} {where}")
    where = _miscounted(room)
    return Fault(room.code, where) if where else None


def _broken(room: Room, stream: Stream) -> str | None:
    before, seq = START, 0
    head, last = (room.pub_seq, room.pub_hash) if stream is Stream.PUB else (room.mod_seq, room.mod_hash)
    for number, kind, data, at, found in events_of(room.id, stream, head):
        seq += 1
        if number != seq:
            return f"{seq}: this event is missing"
        if link(before, canonical((room.code, stream.value, number), kind, data, at)) != found:
            return f"{seq}: this event isn't what was written"
        before = found
    if seq != head:
        return f"{seq + 1}: the log ends here, the room says {head}"
    return None if before == last else f"{seq}: the chain doesn't end where the room says"


def _overgrown(room: Room, stream: Stream) -> str | None:
    """Events past the head: read before the head is read anew, because it may rise at any moment."""
    end = db.session.scalar(
        select(func.max(RoomEvent.seq)).where(RoomEvent.room_id == room.id, RoomEvent.stream == stream)
    )
    column = Room.pub_seq if stream is Stream.PUB else Room.mod_seq
    head = db.session.scalar(select(column).where(Room.id == room.id))
    return f"{end}: the room says that the log ends at {head}" if (end or 0) > (head or 0) else None


def _miscounted(room: Room) -> str | None:
    """Every number that was given out must still be a question, and have been told to the moderators."""
    numbers = set(db.session.scalars(select(Question.no).where(Question.room_id == room.id, Question.no > 0)))
    given = db.session.scalar(select(Room.last_no).where(Room.id == room.id)) or 0
    if lost := set(range(1, room.last_no + 1)) - numbers:
        return f"question {min(lost)} is gone"
    if extra := [no for no in numbers if not 1 <= no <= given]:
        return f"question {max(extra)} was never given this number"
    told = {data.get("no") for _seq, _type, data, _at, _hash in events_of(room.id, Stream.MOD, room.mod_seq)}
    if untold := [no for no in numbers if no <= room.last_no and no not in told]:
        return f"question {min(untold)} is in no event"
    return None


def rooms_to_verify(code: str | None = None) -> list[Room]:
    """The room with CODE, or all of them by number."""
    query = select(Room).order_by(Room.id)
    return list(db.session.scalars(query if code is None else query.where(Room.code == code.upper())))
