"""Every version of a recording's captions; none is ever changed."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, db, enum_type, utcnow


class CaptionSource(StrEnum):
    """Where the words and times of a version come from."""

    UPLOADED = "uploaded"
    GUESSED = "guessed"  # uploaded words without times: these were shared out
    MACHINE = "machine"  # recognised by a program, corrected by nobody
    EDITED = "edited"
    RESTORED = "restored"  # an older version brought back, or a draft shown


class CaptionState(StrEnum):
    SHOWN = "shown"  # what people read, or read once
    DRAFT = "draft"  # waits to be corrected and shown
    ASIDE = "aside"  # somebody else saved first: kept whole beside
    HIDDEN = "hidden"  # was shown; readers don't get it any more


_followed = text("state <> 'aside'")


class CaptionVersion(db.Model):  # type: ignore[name-defined]
    """What the captions of a recording said in one language from one save on. The file people get is an Asset."""

    __tablename__ = "caption_versions"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    no: Mapped[int]
    follows: Mapped[int | None]  # the number it was written on
    source: Mapped[CaptionSource] = mapped_column(enum_type(CaptionSource, name="caption_source"))
    state: Mapped[CaptionState] = mapped_column(enum_type(CaptionState, name="caption_state"))
    text: Mapped[str] = mapped_column(Text, deferred=True, deferred_raiseload=True)  # WebVTT of ours
    lines: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("recording_id", "language", "no"),
        # One version follows another; a second one written on the same is kept aside.
        Index(
            "uq_caption_versions_follows",
            "recording_id",
            "language",
            "follows",
            unique=True,
            sqlite_where=_followed,
            postgresql_where=_followed,
        ),
    )
