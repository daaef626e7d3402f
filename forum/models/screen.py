"""What the host decides about the projector besides the question on it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db


class RoomScreen(db.Model):  # type: ignore[name-defined]
    """A room's projector; without a row nothing of this was ever chosen."""

    __tablename__ = "room_screens"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    blank: Mapped[bool] = mapped_column(default=False)
    captions: Mapped[bool] = mapped_column(default=False)
    rev: Mapped[int] = mapped_column(default=1)
    spot_at: Mapped[dt.datetime | None]  # when the question now on it was put there: it shows two seconds later
