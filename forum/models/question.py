"""Questions of a room, the voices that join them, and their written answers."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Json, PublicId, db, enum_type, utcnow
from forum.models.picture import QuestionPicture
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


class Watch(StrEnum):
    """Why a question stands where it stands, when that isn't its own doing."""

    WORDS = "words"  # waits, because of a word on the room's list
    DELAY = "delay"  # waits for its moment (publish_at), seen by its asker alone
    POST = "post"  # everybody sees it, and no moderator has looked at it yet


# States everybody in the room sees; of merged questions those only that were public before.
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
    original: Mapped[str | None] = mapped_column(Text)  # the asker's words, when a moderator put it differently
    locked: Mapped[bool] = mapped_column(default=False)  # no more voices
    tags: Mapped[Json] = mapped_column(default=list)
    watch: Mapped[Watch | None] = mapped_column(enum_type(Watch, name="question_watch"))
    publish_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    downs: Mapped[int] = mapped_column(default=0)  # "not for now", for moderators' eyes
    # Joined questions are a tree (merged_with), flat for reading (merged_into: its root), with the state to return to.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    merged_with_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    merged_from: Mapped[QuestionState | None] = mapped_column(enum_type(QuestionState, name="question_merged_from"))
    asked_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    # Where the asker takes part from, said at the time; never kept of who asked anonymously.
    place_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    first: Mapped[bool] = mapped_column(default=False)  # their first in this room
    # Asked by a moderator for somebody in the hall who has no device, or by one for a group; `behalf` says for whom.
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
    merged_into: Mapped[Question | None] = relationship(
        foreign_keys=[merged_into_id], remote_side=lambda: Question.id, lazy="raise_on_sql"
    )
    room: Mapped[Room] = relationship(foreign_keys=[room_id], lazy="raise_on_sql")
    answers: Mapped[list[Answer]] = relationship(lazy="raise_on_sql", order_by="Answer.id")
    picture: Mapped[QuestionPicture | None] = relationship(lazy="raise_on_sql", viewonly=True)
    reports: Mapped[list[QuestionReport]] = relationship(lazy="raise_on_sql", order_by="QuestionReport.at")
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        Index("ix_questions_list", "room_id", "state", "score"),
        CheckConstraint("(visibility = 'none') = (asker_id IS NULL)", name="asker"),
        CheckConstraint("score >= 0", name="score"),
        CheckConstraint("visibility <> 'none' OR (place_id IS NULL AND NOT first AND NOT hall)", name="unplaced"),
        CheckConstraint("downs >= 0", name="downs"),
    )

    @property
    def called(self) -> str | None:
        """How the asker is called: for whom they asked, else by their account. `visibility` says who reads it."""
        if self.hall or self.behalf:
            return self.behalf or None
        return self.asker.short_name if self.asker else None

    @property
    def is_public(self) -> bool:
        """Whether everybody in the room sees it."""
        return self.state in PUBLIC_STATES and not (
            self.state is QuestionState.MERGED and self.merged_from is QuestionState.PENDING
        )


class QuestionVote(db.Model):  # type: ignore[name-defined]
    """One person, one vote: a set value with the client's change counter, a lower one is ignored.

    1: asks the same; −1: not for now; 0: taken back.
    """

    __tablename__ = "question_votes"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    value: Mapped[int]
    n: Mapped[int] = mapped_column(default=0)
    __table_args__ = (CheckConstraint("value IN (-1, 0, 1)", name="value"),)


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


class QuestionReport(db.Model):  # type: ignore[name-defined]
    """Somebody says that a question shouldn't stand: once for each person, for moderators only."""

    __tablename__ = "question_reports"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


# `Question.is_public` for queries.
IS_PUBLIC = and_(
    Question.state.in_(PUBLIC_STATES),
    or_(
        Question.state != QuestionState.MERGED,
        Question.merged_from.is_(None),
        Question.merged_from != QuestionState.PENDING,
    ),
)
