"""Work in groups: opened by the host for some minutes; people take seats, and each group brings one question back."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import PK, db, enum_type, utcnow


class Deal(StrEnum):
    """Whom one meets: anybody, or first people of the same place."""

    RANDOM = "random"
    PLACE = "place"


class Breakout(db.Model):  # type: ignore[name-defined]
    """One time of work in groups; of a room's, the latest counts."""

    __tablename__ = "breakouts"
    id: Mapped[PK]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    no: Mapped[int]
    rev: Mapped[int] = mapped_column(default=1)
    deal: Mapped[Deal] = mapped_column(enum_type(Deal, name="deal"))
    task: Mapped[str] = mapped_column(String(300))  # what the groups are asked to do
    called: Mapped[str] = mapped_column(String(40))  # what a group is called: «Ομάδα», «Τραπέζι»
    ends_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    closed_at: Mapped[dt.datetime | None]
    groups: Mapped[list[BreakoutGroup]] = relationship(lazy="raise_on_sql", order_by="BreakoutGroup.no")
    __table_args__ = (UniqueConstraint("room_id", "no"), CheckConstraint("rev > 0", name="rev"))


class BreakoutGroup(db.Model):  # type: ignore[name-defined]
    """A group: where it meets, and the question it brought back."""

    __tablename__ = "breakout_groups"
    id: Mapped[PK]
    breakout_id: Mapped[int] = mapped_column(ForeignKey("breakouts.id"))
    no: Mapped[int]
    link: Mapped[str] = mapped_column(String(300), default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    __table_args__ = (UniqueConstraint("breakout_id", "no"), CheckConstraint("no > 0", name="no"))


class BreakoutSeat(db.Model):  # type: ignore[name-defined]
    """Who sits in which group: known to the person and to nobody else, and gone with the archive."""

    __tablename__ = "breakout_seats"
    breakout_id: Mapped[int] = mapped_column(ForeignKey("breakouts.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("breakout_groups.id"), index=True)
