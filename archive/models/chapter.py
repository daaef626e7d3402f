"""Where a part of a recording begins."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Short, db


class Chapter(db.Model):  # type: ignore[name-defined]
    """A part of a recording, from its second to the next one's."""

    __tablename__ = "chapters"
    id: Mapped[PK]
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    seconds: Mapped[float]
    title_el: Mapped[Short]
    title_en: Mapped[Short] = mapped_column(default="")
    __table_args__ = (
        UniqueConstraint("recording_id", "seconds"),
        CheckConstraint("seconds >= 0", name="seconds"),
    )
