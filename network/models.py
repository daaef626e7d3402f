"""Organisations that run the programme together, and who acts for each."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import PK, Long, Short, Slug, db, enum_type, utcnow


class OrganisationKind(StrEnum):
    PROGRAMME = "programme"
    MUNICIPALITY = "municipality"
    REGION = "region"
    PARTNERSHIP = "partnership"
    COOPERATIVE = "cooperative"
    OTHER = "other"


class MembershipPart(StrEnum):
    COORDINATOR = "coordinator"  # opens and runs cohorts for the organisation
    VIEWER = "viewer"  # sees its totals


class Organisation(db.Model):  # type: ignore[name-defined]
    __tablename__ = "organisations"
    id: Mapped[PK]
    slug: Mapped[Slug]
    kind: Mapped[OrganisationKind] = mapped_column(enum_type(OrganisationKind, name="organisation_kind"))
    name_el: Mapped[Short]
    name_en: Mapped[Short]
    region_el: Mapped[Short] = mapped_column(default="")
    region_en: Mapped[Short] = mapped_column(default="")
    about_el: Mapped[Long] = mapped_column(default="")
    about_en: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)


class Membership(db.Model):  # type: ignore[name-defined]
    __tablename__ = "memberships"
    id: Mapped[PK]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    part: Mapped[MembershipPart] = mapped_column(enum_type(MembershipPart, name="membership_part"))
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"),)
