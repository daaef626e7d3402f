"""What ties the seconds of a recording to its meeting."""

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
