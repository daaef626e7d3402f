"""What ties the seconds of a recording to questions: of its meeting, asked while watching, answered elsewhere."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, db, utcnow


class RecordingAnchor(db.Model):  # type: ignore[name-defined]
    """Staff tied the answer to a question to its second; without a question: here the recording was stopped."""

    __tablename__ = "recording_anchors"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    seconds: Mapped[float]  # of the recording
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        UniqueConstraint("recording_id", "question_id"),
        CheckConstraint("seconds >= 0", name="seconds"),
    )


class RecordingQuestion(db.Model):  # type: ignore[name-defined]
    """A question that somebody asked at a second of the recording while watching. Who it was, only the room knows."""

    __tablename__ = "recording_questions"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), unique=True)
    seconds: Mapped[float]
    __table_args__ = (CheckConstraint("seconds >= 0", name="seconds"),)


class AnswerElsewhere(db.Model):  # type: ignore[name-defined]
    """A question that wasn't reached was answered since, as this other one of another meeting. Staff said so."""

    __tablename__ = "answers_elsewhere"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True, autoincrement=False)
    answer_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (CheckConstraint("question_id <> answer_id", name="another"),)
