"""The files of a recording in storage."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, db, enum_type, utcnow


class AssetRole(StrEnum):
    ORIGINAL = "original"
    MP4 = "mp4"  # remuxed or transcoded, only when a browser can't play the original
    STREAM = "stream"  # one fragmented MP4 for each rendition (its `part`)
    PLAYLIST = "playlist"  # HLS: of a rendition, or of all of them (part "")
    AUDIO = "audio"  # the sound alone, as it was recorded
    LOW = "low"  # the sound alone for poor lines
    POSTER = "poster"
    STORYBOARD = "storyboard"  # a sheet of small stills (part "000" …)
    STORYBOARD_TRACK = "storyboard_track"  # WebVTT: which second is where on which sheet
    CAPTIONS = "captions"  # WebVTT


class AssetState(StrEnum):
    READY = "ready"
    STALE = "stale"  # made by an older version of its step; served until the new one is there
    MISSING = "missing"
    CORRUPT = "corrupt"


class Asset(db.Model):  # type: ignore[name-defined]
    """One file of a recording in storage; the original is never rewritten."""

    __tablename__ = "assets"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    role: Mapped[AssetRole] = mapped_column(enum_type(AssetRole, name="asset_role"))
    language: Mapped[str] = mapped_column(String(5), default="")  # of captions
    part: Mapped[str] = mapped_column(String(20), default="")  # which of several: a rendition, a sheet
    version: Mapped[int] = mapped_column(default=1)  # of the step that made it
    state: Mapped[AssetState] = mapped_column(enum_type(AssetState, name="asset_state"), default=AssetState.READY)
    key: Mapped[str] = mapped_column(String(300), unique=True)  # path in storage
    mimetype: Mapped[str] = mapped_column(String(80))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    facts: Mapped[Json] = mapped_column(default=dict)  # codecs, size in pixels
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    checked_at: Mapped[dt.datetime | None]  # when its bytes were last compared with sha256
    __table_args__ = (UniqueConstraint("recording_id", "role", "language", "part"),)
