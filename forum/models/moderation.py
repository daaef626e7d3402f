"""What moderators did, so that it can be read and undone, and who may only read for the rest of a meeting."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Json, db, utcnow


class ModerationAct(db.Model):  # type: ignore[name-defined]
    """One act of a moderator. `before` and `after` hold what it changed, in the same shape (services/audit.py).

    Public ids of questions, never their askers: an anonymous one stays so here too.
    """

    __tablename__ = "moderation_acts"
    id: Mapped[PK]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    who_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    op: Mapped[str] = mapped_column(String(40))
    before: Mapped[Json]
    after: Mapped[Json]
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    undone_at: Mapped[dt.datetime | None]
    who: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (Index("ix_moderation_acts_room", "room_id", "id"),)


class RoomBan(db.Model):  # type: ignore[name-defined]
    """Whoever asked this question only reads until the meeting ends.

    One row for each question, so that a second question of the same anonymous asker tells nobody that it is the same.
    """

    __tablename__ = "room_bans"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asker_hash: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (CheckConstraint("(user_id IS NULL) <> (asker_hash IS NULL)", name="asker"),)
