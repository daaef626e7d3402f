"""The live room of a meeting: its event log, questions, votes and answers.

Two contiguous streams of events for each room, `pub` for everybody in it and `mod` for its
moderators. Personal facts (who asked, who voted) are never in an event.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    event,
    insert,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Json, PublicId, db, enum_type, utcnow
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


class Stream(StrEnum):
    PUB = "pub"
    MOD = "mod"


class Visibility(StrEnum):
    """Who sees the asker: everybody, moderators only, nobody."""

    NAME = "name"
    MODERATORS = "mods"
    NONE = "none"


class QuestionState(StrEnum):
    PENDING = "pending"
    OPEN = "open"
    ANSWERING = "answering"
    ANSWERED = "answered"
    LATER = "later"
    MERGED = "merged"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


# States everybody in the room sees.
PUBLIC_STATES = (
    QuestionState.OPEN,
    QuestionState.ANSWERING,
    QuestionState.ANSWERED,
    QuestionState.LATER,
    QuestionState.MERGED,
)


class Room(db.Model):  # type: ignore[name-defined]
    __tablename__ = "rooms"
    id: Mapped[PK]
    code: Mapped[str] = mapped_column(String(6), unique=True, default=new_code)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    state: Mapped[RoomState] = mapped_column(enum_type(RoomState, name="room_state"), default=RoomState.PLANNED)
    moderation: Mapped[Moderation] = mapped_column(enum_type(Moderation, name="moderation"), default=Moderation.PRE)
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    epoch: Mapped[str] = mapped_column(String(8), default=new_epoch)
    # Heads of the streams and the last question number: raised under this row's lock.
    pub_seq: Mapped[int] = mapped_column(default=0)
    mod_seq: Mapped[int] = mapped_column(default=0)
    last_no: Mapped[int] = mapped_column(default=0)
    spotlight_id: Mapped[int | None] = mapped_column(
        ForeignKey("questions.id", use_alter=True, name="fk_rooms_spotlight_id")
    )
    # Keyed hash of anonymous askers (HMAC); destroyed when the room is archived.
    asker_key: Mapped[str | None] = mapped_column(String(64), default=lambda: secrets.token_hex(32))
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")

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
    data: Mapped[Json]
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


class Question(db.Model):  # type: ignore[name-defined]
    __tablename__ = "questions"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    no: Mapped[int]  # as people say it: «η ερώτηση 14»
    body: Mapped[str] = mapped_column(Text)
    visibility: Mapped[Visibility] = mapped_column(enum_type(Visibility, name="question_visibility"))
    # The asker: a person, or for "nobody" only a keyed hash that allows editing and one's own list.
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asker_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[QuestionState] = mapped_column(enum_type(QuestionState, name="question_state"))
    rev: Mapped[int] = mapped_column(default=1)
    score: Mapped[int] = mapped_column(default=0)  # distinct voters, kept with each vote
    reason: Mapped[str] = mapped_column(Text, default="")  # why dismissed, shown to the asker
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    # The host's clicks, wall clock: never overwritten by anything about a recording.
    answering_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    # The moderator who changed it last, so that a conflict can say who. Never an asker.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asker: Mapped[User | None] = relationship(foreign_keys=[asker_id], lazy="raise_on_sql")
    changed_by: Mapped[User | None] = relationship(foreign_keys=[changed_by_id], lazy="raise_on_sql")
    room: Mapped[Room] = relationship(foreign_keys=[room_id], lazy="raise_on_sql")
    answers: Mapped[list[Answer]] = relationship(lazy="raise_on_sql", order_by="Answer.id")
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        Index("ix_questions_list", "room_id", "state", "score"),
        CheckConstraint("(visibility = 'none') = (asker_id IS NULL)", name="asker"),
        CheckConstraint("score >= 0", name="score"),
    )


class QuestionVote(db.Model):  # type: ignore[name-defined]
    """One person, one vote: a set value with the client's change counter, a lower one is ignored."""

    __tablename__ = "question_votes"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    value: Mapped[int]
    n: Mapped[int] = mapped_column(default=0)
    __table_args__ = (CheckConstraint("value IN (0, 1)", name="value"),)


class Answer(db.Model):  # type: ignore[name-defined]
    """A written answer; a spoken one is the question's own times."""

    __tablename__ = "answers"
    id: Mapped[PK]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    author: Mapped[User] = relationship(lazy="raise_on_sql")


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
    connection.execute(insert(Room).values(meeting_id=meeting.id))


@event.listens_for(Meeting, "before_delete")
def _take_its_room(_mapper: object, connection: Connection, meeting: Meeting) -> None:
    """A meeting of a draft may be deleted with its room; once the room was used, its rows refuse."""
    connection.execute(delete(Room).where(Room.meeting_id == meeting.id, Room.state == RoomState.PLANNED))
