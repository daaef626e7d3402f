"""How the room follows: what each person chose last, and the host's silent check."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, db, enum_type, utcnow

PULSE_SECONDS = 300  # for so long a choice counts


class Level(StrEnum):
    LOST = "lost"
    FAST = "fast"
    CLEAR = "clear"


class CheckState(StrEnum):
    ASKED = "asked"
    REVEALED = "revealed"  # the room sees the result
    CLOSED = "closed"


class Pulse(db.Model):  # type: ignore[name-defined]
    """A set value of one person; it counts for five minutes (services/pulse.py)."""

    __tablename__ = "pulses"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    level: Mapped[Level] = mapped_column(enum_type(Level, name="pulse_level"))
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


class UnderstoodCheck(db.Model):  # type: ignore[name-defined]
    """«Did that come across?»: begins with no pulse at all; `result` is {level: people} once revealed."""

    __tablename__ = "understood_checks"
    id: Mapped[PK]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    no: Mapped[int]
    state: Mapped[CheckState] = mapped_column(enum_type(CheckState, name="check_state"), default=CheckState.ASKED)
    rev: Mapped[int] = mapped_column(default=1)
    result: Mapped[Json | None]
    asked_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        CheckConstraint("rev > 0", name="rev"),
    )
