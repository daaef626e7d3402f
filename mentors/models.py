"""Mentors, and cohorts of a course run by several organisations together."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Base, Json, Long, PublicId, Short, Slug, db, enum_type, utcnow
from courses.models import CourseVersion, ModuleVersion, Theme
from network.models import Organisation


class CohortState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Rhythm(StrEnum):
    """How the meetings of a new cohort follow each other."""

    WEEKLY = "weekly"
    DAILY = "daily"
    WEEKEND = "weekend"  # two a day, on Saturdays and Sundays


class EnrolPolicy(StrEnum):
    OPEN = "open"
    INVITE = "invite"


class PartnerPart(StrEnum):
    LEAD = "lead"
    CO_ORGANISER = "co_organiser"
    SUPPORTER = "supporter"


class TeamPart(StrEnum):
    HOST = "host"
    MENTOR = "mentor"
    MODERATOR = "moderator"


class MeetingState(StrEnum):
    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"
    CANCELLED = "cancelled"


mentor_themes = Table(
    "mentor_themes",
    Base.metadata,
    Column("mentor_id", ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Mentor(db.Model):  # type: ignore[name-defined]
    """A person's public page as a mentor."""

    __tablename__ = "mentors"
    id: Mapped[PK]
    slug: Mapped[Slug]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    headline_el: Mapped[Short]
    headline_en: Mapped[Short] = mapped_column(default="")
    bio_el: Mapped[Long] = mapped_column(default="")
    bio_en: Mapped[Long] = mapped_column(default="")
    links: Mapped[Json] = mapped_column(default=list)  # ["https://…"], what the person wants seen
    # Rises with every save: a form sends back the one it was made from, so nobody overwrites unseen.
    revision: Mapped[int] = mapped_column(default=1)
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    themes: Mapped[list[Theme]] = relationship(secondary=mentor_themes, lazy="raise_on_sql", order_by=Theme.number)


def _public_since(context: Any) -> dt.datetime | None:
    """A row that is written in a public state (the seed, an import) is public from then."""
    drafted = context.get_current_parameters()["state"] == CohortState.DRAFT
    return None if drafted else utcnow()


class Cohort(db.Model):  # type: ignore[name-defined]
    __tablename__ = "cohorts"
    id: Mapped[PK]
    slug: Mapped[Slug]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), index=True)
    state: Mapped[CohortState] = mapped_column(enum_type(CohortState, name="cohort_state"), default=CohortState.DRAFT)
    language: Mapped[str] = mapped_column(String(5), default="el")
    title_el: Mapped[Short]
    title_en: Mapped[Short] = mapped_column(default="")
    summary_el: Mapped[Long] = mapped_column(default="")
    summary_en: Mapped[Long] = mapped_column(default="")
    place_el: Mapped[Short] = mapped_column(default="")
    place_en: Mapped[Short] = mapped_column(default="")
    enrol_policy: Mapped[EnrolPolicy] = mapped_column(
        enum_type(EnrolPolicy, name="enrol_policy"), default=EnrolPolicy.OPEN
    )
    enrol_closes_at: Mapped[dt.datetime]
    starts_at: Mapped[dt.datetime] = mapped_column(index=True)
    ends_at: Mapped[dt.datetime]
    cancel_reason: Mapped[Long] = mapped_column(default="")
    # None while only its people see it: a draft, or one cancelled before it was shown.
    published_at: Mapped[dt.datetime | None] = mapped_column(default=_public_since)
    # Seats are taken by `UPDATE … SET taken = taken + 1 WHERE taken < seats`, never by counting rows.
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    # Rises with every change of the programme: the SEQUENCE of calendar files, and the forms' guard.
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    course_version: Mapped[CourseVersion] = relationship(lazy="raise_on_sql")
    partners: Mapped[list[CohortPartner]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    team: Mapped[list[CohortTeam]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")
    meetings: Mapped[list[Meeting]] = relationship(
        back_populates="cohort", lazy="raise_on_sql", order_by="Meeting.position"
    )
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("taken >= 0 AND taken <= seats", name="capacity"),
        CheckConstraint("starts_at < ends_at AND enrol_closes_at <= ends_at", name="dates"),
        CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name="cancel_reason"),
        CheckConstraint("state IN ('draft', 'cancelled') OR published_at IS NOT NULL", name="published_at"),
    )

    @property
    def seats_left(self) -> int:
        return self.seats - self.taken

    @property
    def full(self) -> bool:
        return self.taken >= self.seats

    def phase(self, now: dt.datetime) -> CohortState:
        """The state as people see it: one whose first meeting has begun is running, whoever noticed."""
        begun = self.state is CohortState.PUBLISHED and self.starts_at <= now
        return CohortState.RUNNING if begun else self.state


class CohortPartner(db.Model):  # type: ignore[name-defined]
    __tablename__ = "cohort_partners"
    id: Mapped[PK]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    part: Mapped[PartnerPart] = mapped_column(enum_type(PartnerPart, name="partner_part"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("cohort_id", "organisation_id"),
        Index(
            "uq_cohort_partners_lead",
            "cohort_id",
            unique=True,
            sqlite_where=text("part = 'lead'"),
            postgresql_where=text("part = 'lead'"),
        ),
    )


class CohortTeam(db.Model):  # type: ignore[name-defined]
    __tablename__ = "cohort_team"
    id: Mapped[PK]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    part: Mapped[TeamPart] = mapped_column(enum_type(TeamPart, name="team_part"))
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (UniqueConstraint("cohort_id", "user_id"),)


def _ics_uid() -> str:
    return f"{uuid.uuid4()}@mentores"


class Meeting(db.Model):  # type: ignore[name-defined]
    """One module of a cohort on its evening: two hours by teleconference, perhaps in a hall too."""

    __tablename__ = "meetings"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    position: Mapped[int]
    starts_at: Mapped[dt.datetime] = mapped_column(index=True)
    ends_at: Mapped[dt.datetime]
    state: Mapped[MeetingState] = mapped_column(
        enum_type(MeetingState, name="meeting_state"), default=MeetingState.PLANNED
    )
    conference_url: Mapped[str] = mapped_column(String(500), default="")  # only participants see it
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)  # who teaches it
    ics_uid: Mapped[str] = mapped_column(String(120), unique=True, default=_ics_uid)
    ics_sequence: Mapped[int] = mapped_column(default=0)
    cohort: Mapped[Cohort] = relationship(back_populates="meetings", lazy="raise_on_sql")
    module_version: Mapped[ModuleVersion] = relationship(lazy="raise_on_sql")
    mentor: Mapped[User | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("cohort_id", "position"),
        CheckConstraint("starts_at < ends_at", name="dates"),
    )
