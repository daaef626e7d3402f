"""A picture that belongs to a question: one at most, and only as the room's own program painted it anew."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, db, utcnow


class QuestionPicture(db.Model):  # type: ignore[name-defined]
    """It waits under a token for its question to be asked; from then on nothing says who sent it, or when."""

    __tablename__ = "question_pictures"
    id: Mapped[PK]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), unique=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)  # a keyed hash of person and command
    waits_since: Mapped[dt.datetime | None] = mapped_column(default=utcnow)
    alt: Mapped[str] = mapped_column(String(300))  # what it shows, in words
    hidden: Mapped[bool] = mapped_column(default=False)  # by a moderator: the words of the question stay
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]  # bytes
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    __table_args__ = (
        CheckConstraint("(question_id IS NULL) = (token IS NOT NULL)", name="of"),
        CheckConstraint("(token IS NULL) = (waits_since IS NULL)", name="waits"),
    )
