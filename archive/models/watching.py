"""Who watched what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db, utcnow


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
