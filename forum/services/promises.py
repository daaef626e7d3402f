"""Promises made in a room: with an owner and a day, visible until they are kept."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import utcnow
from core.errors import NotFound, require
from forum.models import Promise, RoomState, Stream
from forum.protocol import Type, moderators_promise, public_promise
from forum.queries.closing import Mentor
from forum.services import letters
from forum.services.desk import Desk
from forum.services.inbox import due_at, mentor_of
from forum.services.refusals import NotOpenYet


def make(desk: Desk, body: str, to: str = "", due: str = "") -> dict[str, Any]:
    """Something was promised; whose it is may be said when the room closes."""
    require(desk.room.state is not RoomState.PLANNED, NotOpenYet)
    promise = Promise(pid=uuid.uuid4(), room_id=desk.room.id, body=body, made_by_id=desk.person.id, rev=0)
    promise.due_at = due_at(due) if due else None
    desk.session.add(promise)
    if to:
        promise.owner_id = mentor_of(desk, to).id
    return _tell(desk, promise)


def done(desk: Desk, id: str, on: int) -> dict[str, Any]:  # noqa: A002 - as the payload calls it
    """It was kept (or, with ON 0, not after all)."""
    promise = promise_in(desk, id)
    if (promise.done_at is not None) == bool(on):
        return {"p": moderators_promise(promise)}
    promise.done_at = utcnow() if on else None
    return _tell(desk, promise)


def own(desk: Desk, promise: Promise, owner: Mentor, day: dt.datetime | None) -> None:
    """Name who keeps it, and until when."""
    promise.owner_id, promise.due_at = owner.id, day or promise.due_at
    _tell(desk, promise)


def promise_in(desk: Desk, pid: str) -> Promise:
    found = desk.session.scalar(
        select(Promise)
        .where(Promise.room_id == desk.room.id, Promise.pid == uuid.UUID(pid))
        .options(joinedload(Promise.owner))
    )
    if found is None:
        raise NotFound
    return found


def _tell(desk: Desk, promise: Promise) -> dict[str, Any]:
    promise.rev += 1
    desk.session.flush()
    desk.session.refresh(promise, ["owner"])
    desk.log(Stream.PUB, Type.PROMISE, public_promise(promise))
    desk.log(Stream.MOD, Type.PROMISE, moderators_promise(promise))
    if promise.owner_id is not None and promise.owner_id != desk.person.id and promise.done_at is None:
        letters.promised(desk.session, desk.room, promise.owner_id, str(promise.pid))
    return {"p": moderators_promise(promise)}
