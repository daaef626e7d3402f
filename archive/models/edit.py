"""Parts that were removed of a recording, and originals that were replaced by others."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, Long, db, utcnow


class RecordingEdit(db.Model):  # type: ignore[name-defined]
    """From FIRST to LAST, seconds of the original, nothing is shown any more. The original itself stays as it is."""

    __tablename__ = "recording_edits"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    first: Mapped[float]
    last: Mapped[float]
    reason: Mapped[Long]  # whoever follows a citation into it reads why
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        UniqueConstraint("recording_id", "first", "last"),
        CheckConstraint("first >= 0 AND last > first", name="order"),
    )


class RecordingOriginal(db.Model):  # type: ignore[name-defined]
    """An original that another one replaced: what was said and answered at which of its seconds, for old citations."""

    __tablename__ = "recording_originals"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    duration: Mapped[float]
    said: Mapped[Json] = mapped_column(default=list)  # [[first, last, words], …]
    answered: Mapped[Json] = mapped_column(default=list)  # [[first, last or null, question's public id, its words], …]
    removed: Mapped[Json] = mapped_column(default=list)  # [[first, last, reason, day], …]
    reason: Mapped[Long]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    replaced_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (UniqueConstraint("recording_id", "sha256"),)
