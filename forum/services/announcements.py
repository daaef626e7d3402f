"""What moderators say to the whole room, and take back."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import utcnow
from core.errors import NotFound
from forum.models import Announcement, RoomState, Stream
from forum.protocol import Type, announcement_payload, moderators_announcement
from forum.services.desk import Desk
from forum.services.refusals import RoomClosed


def announce(desk: Desk, body: str, screen: int = 0) -> dict[str, Any]:
    """Say BODY on every phone, and on the projector when SCREEN; also before the room opens."""
    if desk.room.state is RoomState.CLOSED:
        raise RoomClosed
    said = Announcement(
        pid=uuid.uuid4(), room_id=desk.room.id, author_id=desk.person.id, body=body, on_screen=bool(screen)
    )
    desk.session.add(said)
    desk.session.flush()
    desk.session.refresh(said, ["author"])
    desk.log(Stream.PUB, Type.ANNOUNCED, announcement_payload(said))
    desk.log(Stream.MOD, Type.ANNOUNCED, moderators_announcement(said))
    return {"announcement": moderators_announcement(said)}


def take_back(desk: Desk, aid: str) -> dict[str, Any]:
    """It leaves every phone and the projector; twice is once."""
    said = desk.session.scalar(
        select(Announcement)
        .where(Announcement.pid == uuid.UUID(aid), Announcement.room_id == desk.room.id)
        .options(joinedload(Announcement.author))
    )
    if said is None:
        raise NotFound
    if said.withdrawn_at is None:
        said.withdrawn_at = utcnow()
        said.rev += 1
        desk.session.flush()
        for stream in Stream:
            desk.log(stream, Type.UNANNOUNCED, {"id": aid, "rev": said.rev})
    return {"announcement": moderators_announcement(said)}
