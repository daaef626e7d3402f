"""Who learns in which cohort, and which modules they followed."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, PublicId, db, enum_type, utcnow
from courses.models import Module
from mentors.models import Cohort


class EnrolmentState(StrEnum):
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    CANCELLED = "cancelled"


# States that hold a seat: one live row for each person and cohort.
LIVE = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED)
_live = text("state IN ('enrolled', 'completed')")


class FollowedBy(StrEnum):
    """How a learner followed a module."""

    LIVE = "live"
    RECORDING = "recording"


class Enrolment(db.Model):  # type: ignore[name-defined]
    __tablename__ = "enrolments"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(enum_type(EnrolmentState, name="enrolment_state"))
    enrolled_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    # Which of the cohort's organisations the person takes part from, if they said so: rooms give each place its turn.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        Index("uq_enrolments_live", "cohort_id", "user_id", unique=True, sqlite_where=_live, postgresql_where=_live),
    )


class EnrolmentEvent(db.Model):  # type: ignore[name-defined]
    """Every change of an enrolment, append only: who, when, from what to what, why."""

    __tablename__ = "enrolment_events"
    id: Mapped[PK]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


class ModuleFollowed(db.Model):  # type: ignore[name-defined]
    """A learner followed a module, live or by its recording; once, whichever came first."""

    __tablename__ = "modules_followed"
    id: Mapped[PK]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), index=True)
    by: Mapped[FollowedBy] = mapped_column(enum_type(FollowedBy, name="followed_by"))
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    module: Mapped[Module] = relationship(lazy="raise_on_sql")
    __table_args__ = (UniqueConstraint("user_id", "module_id"),)


class Attended(StrEnum):
    """How a learner was at a meeting."""

    PRESENT = "present"
    MADE_UP = "made_up"  # missed, then watched in time


class Attendance(db.Model):  # type: ignore[name-defined]
    """A learner was at a meeting of their cohort, or made it up with its recording; once for each meeting."""

    __tablename__ = "attendances"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    how: Mapped[Attended] = mapped_column(enum_type(Attended, name="attended"))
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
