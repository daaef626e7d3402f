"""What goes on in a room beside its questions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.db import db, utcnow
from forum.models import (
    PULSE_SECONDS,
    Announcement,
    Caption,
    CaptionKey,
    CheckState,
    Hand,
    HandState,
    Level,
    Note,
    NoteRead,
    Pulse,
    Room,
    RoomScreen,
    RoomState,
    UnderstoodCheck,
)

LAST_CAPTIONS = 12
LAST_NOTES = 50
WHOLE_NOTE = (joinedload(Note.author), selectinload(Note.reads).joinedload(NoteRead.user))


def room_state(room_id: int) -> RoomState | None:
    return db.session.scalar(select(Room.state).where(Room.id == room_id))


def hands_in(room_id: int) -> Sequence[Hand]:
    """The hands that are up and the one that has the floor, in order, with their people."""
    return db.session.scalars(
        select(Hand)
        .where(Hand.room_id == room_id, Hand.state != HandState.DOWN)
        .options(joinedload(Hand.user))
        .order_by(Hand.no)
        .execution_options(populate_existing=True)
    ).all()


def hand_of(room_id: int, user_id: int) -> Hand | None:
    return db.session.scalar(
        select(Hand).where(Hand.room_id == room_id, Hand.user_id == user_id, Hand.state != HandState.DOWN)
    )


def pulse_of(room_id: int, user_id: int) -> Pulse | None:
    return db.session.get(Pulse, (room_id, user_id))


def _living(room_id: int) -> ColumnElement[bool]:
    return (Pulse.room_id == room_id) & (Pulse.at > utcnow() - dt.timedelta(seconds=PULSE_SECONDS))


def pulse_shares(session: Session, room_id: int) -> dict[str, int]:
    """{level: how many chose it within the last five minutes}; every level is there."""
    rows = session.execute(select(Pulse.level, func.count()).where(_living(room_id)).group_by(Pulse.level)).all()
    found = {level.value: n for level, n in rows}
    return {level.value: found.get(level.value, 0) for level in Level}


def living_pulse(room_id: int, user_id: int) -> Pulse | None:
    """The person's choice while it counts."""
    return db.session.scalar(select(Pulse).where(_living(room_id), Pulse.user_id == user_id))


def shares_now(room_id: int) -> dict[str, int]:
    return pulse_shares(db.session(), room_id)


def pulse_fades(room_id: int) -> float | None:
    """Seconds until the oldest pulse that counts stops counting."""
    oldest = db.session.scalar(select(func.min(Pulse.at)).where(_living(room_id)))
    return None if oldest is None else PULSE_SECONDS - (utcnow() - oldest).total_seconds()


def check_in(room_id: int) -> UnderstoodCheck | None:
    """The check that is being asked or shown."""
    latest = db.session.scalar(
        select(UnderstoodCheck)
        .where(UnderstoodCheck.room_id == room_id)
        .order_by(UnderstoodCheck.no.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return latest if latest is not None and latest.state is not CheckState.CLOSED else None


def announcements_in(room_id: int, *, on_screen: bool = False) -> Sequence[Announcement]:
    """What was announced and not taken back, oldest first, with its author."""
    query = select(Announcement).where(Announcement.room_id == room_id, Announcement.withdrawn_at.is_(None))
    if on_screen:
        query = query.where(Announcement.on_screen)
    return db.session.scalars(query.options(joinedload(Announcement.author)).order_by(Announcement.id)).all()


def captions_in(room_id: int, numbers: Collection[int] = ()) -> list[tuple[int, str]]:
    """The captions with these NUMBERS, else the last dozen: (number, text), in order."""
    query = select(Caption.no, Caption.body).where(Caption.room_id == room_id).order_by(Caption.no.desc())
    if numbers:
        query = query.where(Caption.no.in_(sorted(numbers)[-LAST_CAPTIONS:]))
    return [(no, body) for no, body in db.session.execute(query.limit(LAST_CAPTIONS))][::-1]


def transcript_of(room_id: int) -> list[tuple[int, str, dt.datetime]]:
    """Every caption of the room: (number, text, when)."""
    query = select(Caption.no, Caption.body, Caption.at).where(Caption.room_id == room_id).order_by(Caption.no)
    return [(no, body, at) for no, body, at in db.session.execute(query)]


def was_captioned(room_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Caption.room_id == room_id))))


def caption_key(room_id: int, pid: str) -> CaptionKey | None:
    """The key PID (hex) of this room, whatever became of it."""
    try:
        wanted = uuid.UUID(pid)
    except (ValueError, AttributeError, TypeError):
        return None
    return db.session.scalar(select(CaptionKey).where(CaptionKey.pid == wanted, CaptionKey.room_id == room_id))


def caption_keys(room_id: int) -> Sequence[CaptionKey]:
    """The keys that work, newest first."""
    return db.session.scalars(
        select(CaptionKey)
        .where(CaptionKey.room_id == room_id, CaptionKey.revoked_at.is_(None), CaptionKey.expires_at > utcnow())
        .order_by(CaptionKey.id.desc())
    ).all()


def notes_in(room_id: int) -> list[Note]:
    """The last notes, oldest first, with who read them."""
    query = select(Note).where(Note.room_id == room_id).options(*WHOLE_NOTE).order_by(Note.id.desc()).limit(LAST_NOTES)
    return list(db.session.scalars(query))[::-1]


def screen_of(room_id: int) -> RoomScreen | None:
    return db.session.get(RoomScreen, room_id, populate_existing=True)
