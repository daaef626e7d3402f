"""What moderators say to the whole room."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, db, utcnow


class Announcement(db.Model):  # type: ignore[name-defined]
    __tablename__ = "announcements"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    on_screen: Mapped[bool] = mapped_column(default=False)  # also on the projector
    rev: Mapped[int] = mapped_column(default=1)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    withdrawn_at: Mapped[dt.datetime | None]
    author: Mapped[User] = relationship(lazy="raise_on_sql")
