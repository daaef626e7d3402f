"""Raised hands of a room, in the order they went up."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, db, enum_type, utcnow


class HandState(StrEnum):
    UP = "up"  # waiting
    CALLED = "called"  # has the floor
    DOWN = "down"


_UP, _CALLED = text("state <> 'down'"), text("state = 'called'")


class Hand(db.Model):  # type: ignore[name-defined]
    """One raising of a hand. `no` is its number in the room and never used again: the order, without a name."""

    __tablename__ = "hands"
    id: Mapped[PK]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    no: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[HandState] = mapped_column(enum_type(HandState, name="hand_state"), default=HandState.UP)
    named: Mapped[bool] = mapped_column(default=False)  # the room may hear the name when they are called
    raised_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    called_at: Mapped[dt.datetime | None]
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        # Nobody has two hands up, and one at a time has the floor.
        Index("uq_hands_up", "room_id", "user_id", unique=True, sqlite_where=_UP, postgresql_where=_UP),
        Index("uq_hands_floor", "room_id", unique=True, sqlite_where=_CALLED, postgresql_where=_CALLED),
    )
