"""Backstage: what moderators tell each other and the speaker, and who has read it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, db, utcnow


class Note(db.Model):  # type: ignore[name-defined]
    __tablename__ = "notes"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    author: Mapped[User] = relationship(lazy="raise_on_sql")
    reads: Mapped[list[NoteRead]] = relationship(lazy="raise_on_sql", order_by="NoteRead.at, NoteRead.user_id")


class NoteRead(db.Model):  # type: ignore[name-defined]
    __tablename__ = "note_reads"
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    user: Mapped[User] = relationship(lazy="raise_on_sql")
