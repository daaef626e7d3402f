"""Recordings of meetings: the upload, the untouched original, what is derived from it, and who watched."""

from __future__ import annotations

import datetime as dt
import secrets
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Json, Long, PublicId, Short, db, enum_type, utcnow
from mentors.models import Meeting


class RecordingState(StrEnum):
    DRAFT = "draft"  # described, the file not whole yet
    VERIFYING = "verifying"
    PLAYABLE = "playable"
    REJECTED = "rejected"


class RecordingVisibility(StrEnum):
    PRIVATE = "private"
    COHORT = "cohort"
    PUBLIC = "public"


class UploadState(StrEnum):
    OPEN = "open"
    RECEIVED = "received"
    FINALISED = "finalised"
    EXPIRED = "expired"
    ABORTED = "aborted"


class AssetRole(StrEnum):
    ORIGINAL = "original"
    MP4 = "mp4"  # remuxed or transcoded, only when a browser can't play the original
    POSTER = "poster"
    CAPTIONS = "captions"  # WebVTT


class Recording(db.Model):  # type: ignore[name-defined]
    __tablename__ = "recordings"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    title_el: Mapped[Short]
    title_en: Mapped[Short] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(5), default="el")
    licence: Mapped[str] = mapped_column(String(40), default="CC-BY-SA-4.0")
    state: Mapped[RecordingState] = mapped_column(
        enum_type(RecordingState, name="recording_state"), default=RecordingState.DRAFT
    )
    visibility: Mapped[RecordingVisibility] = mapped_column(
        enum_type(RecordingVisibility, name="recording_visibility"), default=RecordingVisibility.PRIVATE
    )
    reason: Mapped[Long] = mapped_column(default="")  # why rejected: a message key of archive/verdicts.py
    duration: Mapped[float | None]  # seconds, as demuxed, not as declared
    # The wall-clock moment of media second 0. Null: questions are listed but not placed.
    starts_at: Mapped[dt.datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    published_at: Mapped[dt.datetime | None]
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    assets: Mapped[list[Asset]] = relationship(lazy="raise_on_sql")


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


_unfinished = text("state IN ('open', 'received')")


class Upload(db.Model):  # type: ignore[name-defined]
    """A tus upload. Its offset is the length of its file, never a column that could disagree."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: secrets.token_hex(16))
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    length: Mapped[int] = mapped_column(BigInteger)
    filename: Mapped[str] = mapped_column(String(255))  # as the person named it, for showing only
    fingerprint: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[UploadState] = mapped_column(enum_type(UploadState, name="upload_state"), default=UploadState.OPEN)
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[dt.datetime]
    recording: Mapped[Recording] = relationship(lazy="raise_on_sql")
    owner: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        Index("uq_uploads_open", "recording_id", unique=True, sqlite_where=_unfinished, postgresql_where=_unfinished),
    )


class Asset(db.Model):  # type: ignore[name-defined]
    """One file of a recording in storage; the original is never rewritten."""

    __tablename__ = "assets"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    role: Mapped[AssetRole] = mapped_column(enum_type(AssetRole, name="asset_role"))
    language: Mapped[str] = mapped_column(String(5), default="")  # of captions
    key: Mapped[str] = mapped_column(String(300), unique=True)  # path in storage
    mimetype: Mapped[str] = mapped_column(String(80))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    facts: Mapped[Json] = mapped_column(default=dict)  # codecs, size in pixels
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (UniqueConstraint("recording_id", "role", "language"),)


class WatchPosition(db.Model):  # type: ignore[name-defined]
    """Where a person stopped, and which ten-second pieces they have seen (a bit for each)."""

    __tablename__ = "watch_positions"
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    seconds: Mapped[float] = mapped_column(default=0)
    seen: Mapped[str] = mapped_column(Text, default="")  # hexadecimal bit set, piece 0 the lowest bit
    # Seconds of the recording that may still be claimed as seen; grows with the clock (archive/seen.py).
    credit: Mapped[float] = mapped_column(default=0)
    updated_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    # Players write here every ten seconds: an area of its own, so that kept pages of recordings outlive that.
    __table_args__ = ({"info": {"area": "watching"}},)
