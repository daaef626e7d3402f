"""The room of a meeting, its two numbered streams of events, and the acks of its commands.

Streams are contiguous, `pub` for everybody in the room and `mod` for its moderators. Personal facts
(who asked, who voted) are never in an event.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, String, delete, event, insert, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import PK, Json, db, enum_type, utcnow
from forum.models.chain import START
from mentors.models import Meeting

# No letter or digit that is mistaken for another when read from a wall.
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """A room's six-character code, as people type it from the projector."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))


def new_epoch() -> str:
    """Names one unbroken run of a room's streams; a client with another one takes a snapshot."""
    return secrets.token_hex(4)


class RoomState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Moderation(StrEnum):
    OFF = "off"  # questions appear at once
    PRE = "pre"  # a moderator lets each through
    POST = "post"  # they appear at once, and a moderator looks at each afterwards


class Ordering(StrEnum):
    """How the queue stands, shown on the projector."""

    VOICES = "voices"  # how many ask the same
    FAIR = "fair"  # each place has its turn


class Stream(StrEnum):
    PUB = "pub"
    MOD = "mod"


class Room(db.Model):  # type: ignore[name-defined]
    __tablename__ = "rooms"
    id: Mapped[PK]
    code: Mapped[str] = mapped_column(String(6), unique=True, default=new_code)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    state: Mapped[RoomState] = mapped_column(enum_type(RoomState, name="room_state"), default=RoomState.PLANNED)
    moderation: Mapped[Moderation] = mapped_column(enum_type(Moderation, name="moderation"), default=Moderation.PRE)
    ordering: Mapped[Ordering] = mapped_column(enum_type(Ordering, name="ordering"), default=Ordering.VOICES)
    # How many questions of one place may wait at once; None: as many as there are.
    place_cap: Mapped[int | None]
    # What moderators set for their room (services/settings.py).
    question_cap: Mapped[int] = mapped_column(default=3)  # questions of one person that may wait or stand open
    anonymous: Mapped[bool] = mapped_column(default=True)  # "nobody can know" is offered
    anonymous_delay: Mapped[bool] = mapped_column(default=True)  # unmoderated, those appear 5 to 30 s later
    reactions: Mapped[bool] = mapped_column(default=True)
    blocklist: Mapped[bool] = mapped_column(default=True)
    blocked_words: Mapped[Json] = mapped_column(default=list)  # besides those of the platform
    allowed_words: Mapped[Json] = mapped_column(default=list)  # never blocked here
    tags: Mapped[Json] = mapped_column(default=list)
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    archived_at: Mapped[dt.datetime | None]  # from then on nobody can be found behind an anonymous question
    receipt: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))  # the last one that was announced
    epoch: Mapped[str] = mapped_column(String(8), default=new_epoch)
    # Heads of the streams and the last question number: raised under this row's lock.
    pub_seq: Mapped[int] = mapped_column(default=0)
    mod_seq: Mapped[int] = mapped_column(default=0)
    # The hash of each stream's last event (forum/models/chain.py).
    pub_hash: Mapped[str] = mapped_column(String(64), default=START)
    mod_hash: Mapped[str] = mapped_column(String(64), default=START)
    last_no: Mapped[int] = mapped_column(default=0)
    spotlight_id: Mapped[int | None] = mapped_column(
        ForeignKey("questions.id", use_alter=True, name="fk_rooms_spotlight_id")
    )
    # Keyed hash of anonymous askers (HMAC); destroyed when the room is archived.
    asker_key: Mapped[str | None] = mapped_column(String(64), default=lambda: secrets.token_hex(32))
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint("place_cap > 0", name="place_cap"),
        CheckConstraint("question_cap BETWEEN 1 AND 10", name="question_cap"),
    )

    def asker_mark(self, user_pid: object, *more: str) -> str | None:
        """The keyed hash that stands for an anonymous asker; None once the key is destroyed."""
        if self.asker_key is None:
            return None
        told = ":".join([str(user_pid), *more])
        return hmac.new(bytes.fromhex(self.asker_key), told.encode(), hashlib.sha256).hexdigest()


class RoomEvent(db.Model):  # type: ignore[name-defined]
    """One sequenced event of a stream: the log that clients catch up from."""

    __tablename__ = "room_events"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    stream: Mapped[Stream] = mapped_column(enum_type(Stream, name="room_stream"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[Json]  # without names
    names: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))  # {where in the data: name}; not in the hash
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    hash: Mapped[str] = mapped_column(String(64))


class RoomCommand(db.Model):  # type: ignore[name-defined]
    """The stored ack of a command, so that a replay answers the same and does nothing twice."""

    __tablename__ = "room_commands"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    cid: Mapped[str] = mapped_column(String(40), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    ack: Mapped[Json]
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


@event.listens_for(Meeting, "after_insert")
def _give_a_room(_mapper: object, connection: Connection, meeting: Meeting) -> None:
    """Every meeting has its room from the first moment, in the same transaction."""
    connection.execute(insert(Room).values(meeting_id=meeting.id, code=_free_code(connection)))


def _free_code(connection: Connection) -> str:
    """A code that no room has: among a hundred thousand rooms chance alone would meet one now and then."""
    code = new_code()
    while connection.scalar(select(Room.id).where(Room.code == code)) is not None:
        code = new_code()
    return code


@event.listens_for(Meeting, "before_delete")
def _take_its_room(_mapper: object, connection: Connection, meeting: Meeting) -> None:
    """A meeting of a draft may be deleted with its room; once the room was used, its rows refuse."""
    connection.execute(delete(Room).where(Room.meeting_id == meeting.id, Room.state == RoomState.PLANNED))
