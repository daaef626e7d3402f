"""What outlives a meeting: questions that mentors still answer, and promises that were made."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, db, enum_type, utcnow
from forum.models.question import Question
from forum.models.room import Room


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"  # answered, in whatever way
    CANNOT = "cannot"  # it can't be answered; the question's reason says why


class Fate(StrEnum):
    """What became of a question, in one word; every number that was given out has exactly one."""

    LIVE = "live"  # answered in the meeting
    WRITTEN = "written"
    MERGED = "merged"
    MENTORS = "mentors"  # a mentor will answer until a day
    CANNOT = "cannot"  # a mentor said why not
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"  # nobody has it yet; in a room that closed by the rules there is none


class QuestionTask(db.Model):  # type: ignore[name-defined]
    """A question that a mentor of the cohort answers in writing until a day; handed over or not, there is one."""

    __tablename__ = "question_tasks"
    id: Mapped[PK]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    given_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    due_at: Mapped[dt.datetime] = mapped_column(index=True)
    state: Mapped[TaskState] = mapped_column(enum_type(TaskState, name="task_state"), default=TaskState.OPEN)
    ended_at: Mapped[dt.datetime | None]
    question: Mapped[Question] = relationship(lazy="raise_on_sql")
    mentor: Mapped[User] = relationship(foreign_keys=[mentor_id], lazy="raise_on_sql")
    __table_args__ = (CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),)


class Promise(db.Model):  # type: ignore[name-defined]
    """Something promised in the room («I'll send you the template»): a task with an owner, public until it is done."""

    __tablename__ = "promises"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    # Named at the latest when the room closes.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    due_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    rev: Mapped[int] = mapped_column(default=1)
    room: Mapped[Room] = relationship(lazy="raise_on_sql")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
