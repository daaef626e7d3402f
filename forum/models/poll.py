"""Polls of a room: what is asked, what each person chose, and hands that were counted in a hall.

What somebody chose is one set value for each round, kept as the canonical text of `choice` (a list), so that the
database counts equal choices itself. A person stands beside it, or for an anonymous poll only the room's keyed hash.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

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
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, Short, db, enum_type
from forum.models.room import Room, RoomCommand, RoomEvent, RoomState
from mentors.models import Meeting


class PollKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    YESNO = "yesno"
    SCALE = "scale"  # 1 to 5; its two options are the words at the ends
    CLOUD = "cloud"  # up to three words
    TEXT = "text"  # a sentence; moderators choose which are shown
    RANKING = "ranking"  # each option gets a place
    NUMBER = "number"  # an estimate; its one option is the unit
    QUIZ = "quiz"  # has right options, told with the results
    PEER = "peer"  # a quiz in two rounds with talk in between
    BUDGET = "budget"  # a hundred points among the options


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


# States everybody in the room sees.
SEEN_POLLS = (PollState.OPEN, PollState.CLOSED, PollState.REVEALED)


class Poll(db.Model):  # type: ignore[name-defined]
    __tablename__ = "polls"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    position: Mapped[int]  # in the order the host prepared
    kind: Mapped[PollKind] = mapped_column(enum_type(PollKind, name="poll_kind"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[PollState] = mapped_column(enum_type(PollState, name="poll_state"), default=PollState.DRAFT)
    round: Mapped[int] = mapped_column(default=1)
    most: Mapped[int] = mapped_column(default=1)  # how many options one person may choose
    live: Mapped[bool] = mapped_column(default=False)  # everybody sees the bars while it runs
    anonymous: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")  # explains the right answer, told with the results
    number: Mapped[float | None]  # the right value of an estimate, told with the results
    shown: Mapped[bool] = mapped_column(default=False)  # the one poll on the projector
    rev: Mapped[int] = mapped_column(default=1)
    # Where it was taken from: a question of the room, or a question of the module's self-check by its place.
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    check_no: Mapped[int | None]
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    revealed_at: Mapped[dt.datetime | None]
    # The moderator who changed it last, so that a conflict can say who.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    changed_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    options: Mapped[list[PollOption]] = relationship(
        lazy="raise_on_sql", order_by="PollOption.position", cascade="all, delete-orphan"
    )
    __table_args__ = (
        Index("ix_polls_list", "room_id", "position"),
        Index(
            "uq_polls_shown", "room_id", unique=True, sqlite_where=text("shown"), postgresql_where=text("shown")
        ),
        CheckConstraint("round IN (1, 2)", name="round"),
        CheckConstraint("most >= 1", name="most"),
    )


class PollOption(db.Model):  # type: ignore[name-defined]
    """One option; in answers and counts it is named by its position, which never changes once a poll was opened."""

    __tablename__ = "poll_options"
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[Short]
    right: Mapped[bool] = mapped_column(default=False)


class PollAnswer(db.Model):  # type: ignore[name-defined]
    """What one person chose in one round, with the client's change counter: a lower one is ignored."""

    __tablename__ = "poll_answers"
    id: Mapped[PK]
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    round: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    voter_hash: Mapped[str | None] = mapped_column(String(64))
    choice: Mapped[str] = mapped_column(Text)
    n: Mapped[int]
    picked: Mapped[bool] = mapped_column(default=False)  # a short text that moderators let everybody read
    __table_args__ = (
        UniqueConstraint("poll_id", "round", "user_id"),
        UniqueConstraint("poll_id", "round", "voter_hash"),
        CheckConstraint("(user_id IS NULL) <> (voter_hash IS NULL)", name="voter"),
    )


class PollHands(db.Model):  # type: ignore[name-defined]
    """Hands that a moderator counted in a hall for one option: an absolute number, never mixed with votes."""

    __tablename__ = "poll_hands"
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)


@event.listens_for(Meeting, "before_delete", insert=True)
def _take_its_drafts(_mapper: Any, connection: Connection, meeting: Meeting) -> None:
    """With the room of a meeting that never opened go the polls that were prepared for it, and their log."""
    rooms = select(Room.id).where(
        Room.meeting_id == meeting.id, Room.state == RoomState.PLANNED, Room.opened_at.is_(None)
    )
    drafts = select(Poll.id).where(Poll.room_id.in_(rooms), Poll.state == PollState.DRAFT)
    connection.execute(delete(PollOption).where(PollOption.poll_id.in_(drafts)))
    connection.execute(delete(Poll).where(Poll.id.in_(drafts)))
    for table in (RoomEvent, RoomCommand):
        connection.execute(delete(table).where(table.room_id.in_(rooms)))
