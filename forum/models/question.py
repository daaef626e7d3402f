"""Questions of a room, the voices that join them, and their written answers."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, db, enum_type, utcnow
from forum.models.room import Room
from network.models import Organisation


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
    # Where the asker takes part from, said at the time; never kept of who asked anonymously.
    place_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    first: Mapped[bool] = mapped_column(default=False)  # their first in this room
    # Asked by a moderator for somebody in the hall who has no device; `behalf` is how they wish to be called.
    hall: Mapped[bool] = mapped_column(default=False)
    behalf: Mapped[str] = mapped_column(String(60), default="")
    # The host's clicks, wall clock: never overwritten by anything about a recording.
    answering_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    # The moderator who changed it last, so that a conflict can say who. Never an asker.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asker: Mapped[User | None] = relationship(foreign_keys=[asker_id], lazy="raise_on_sql")
    place: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    changed_by: Mapped[User | None] = relationship(foreign_keys=[changed_by_id], lazy="raise_on_sql")
    room: Mapped[Room] = relationship(foreign_keys=[room_id], lazy="raise_on_sql")
    answers: Mapped[list[Answer]] = relationship(lazy="raise_on_sql", order_by="Answer.id")
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        Index("ix_questions_list", "room_id", "state", "score"),
        CheckConstraint("(visibility = 'none') = (asker_id IS NULL)", name="asker"),
        CheckConstraint("score >= 0", name="score"),
        CheckConstraint("visibility <> 'none' OR (place_id IS NULL AND NOT first AND NOT hall)", name="unplaced"),
    )

    @property
    def called(self) -> str | None:
        """How the asker is called: in the hall as they wish, else by their account. `visibility` says who reads it."""
        if self.hall:
            return self.behalf or None
        return self.asker.short_name if self.asker else None


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
    pid: Mapped[PublicId]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text, default="")  # laws, pages, people: on what it rests
    unsure: Mapped[bool] = mapped_column(default=False)  # its author would like it checked
    accepted: Mapped[bool] = mapped_column(default=False)  # by the asker or a moderator; one for each question
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    author: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        Index(
            "uq_answers_accepted",
            "question_id",
            unique=True,
            sqlite_where=text("accepted"),
            postgresql_where=text("accepted"),
        ),
    )
