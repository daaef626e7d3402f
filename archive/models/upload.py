"""Files on their way."""

from __future__ import annotations

import datetime as dt
import secrets
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from archive.models.recording import Recording
from core.db import db, enum_type, utcnow


class UploadState(StrEnum):
    OPEN = "open"
    RECEIVED = "received"
    FINALISED = "finalised"
    EXPIRED = "expired"
    ABORTED = "aborted"


_unfinished = text("state IN ('open', 'received')")


class Upload(db.Model):  # type: ignore[name-defined]
    """A tus upload. Its offset is the length of its file, never a column that could disagree."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: secrets.token_hex(16))
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    length: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str] = mapped_column(String(255))  # as the person named it, for showing only
    fingerprint: Mapped[str] = mapped_column(String(200), default="")  # tells the sender's browser the same file again
    sha256: Mapped[str] = mapped_column(String(64), default="")  # as their browser found it; "": it didn't say
    state: Mapped[UploadState] = mapped_column(enum_type(UploadState, name="upload_state"), default=UploadState.OPEN)
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[dt.datetime]
    recording: Mapped[Recording] = relationship(lazy="raise_on_sql")
    owner: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        Index("uq_uploads_open", "recording_id", unique=True, sqlite_where=_unfinished, postgresql_where=_unfinished),
    )
