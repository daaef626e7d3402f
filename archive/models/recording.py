"""A recording of a meeting: what it is called, whether it plays, who may see it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import PK, Long, PublicId, Short, db, enum_type, utcnow
from mentors.models import Meeting

if TYPE_CHECKING:
    from archive.models.asset import Asset


class RecordingState(StrEnum):
    DRAFT = "draft"  # described, the file not whole yet
    VERIFYING = "verifying"
    PLAYABLE = "playable"
    REJECTED = "rejected"


class RecordingVisibility(StrEnum):
    PRIVATE = "private"
    COHORT = "cohort"
    PUBLIC = "public"


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
    # Taken back whole: private from then on, and whoever could watch it reads why.
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_reason: Mapped[Long] = mapped_column(default="")
    withdrawn_from: Mapped[RecordingVisibility | None] = mapped_column(
        enum_type(RecordingVisibility, name="recording_withdrawn_from")
    )
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    assets: Mapped[list[Asset]] = relationship(lazy="raise_on_sql")
