"""What is said in the meeting, line by line, and the keys by which a captioning program may write it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, PublicId, db, utcnow


class Caption(db.Model):  # type: ignore[name-defined]
    """One caption, in the room's order; `cid` makes sending it twice harmless."""

    __tablename__ = "captions"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cid: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (UniqueConstraint("room_id", "cid"),)


class CaptionKey(db.Model):  # type: ignore[name-defined]
    """Lets a program write captions in the name of `maker`: as long as they moderate, it isn't revoked, not expired.

    The secret is a signature over `pid` (services/captions.py), so that no copy of this table opens anything.
    """

    __tablename__ = "caption_keys"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    __table_args__ = (CheckConstraint("made_at < expires_at", name="dates"),)
