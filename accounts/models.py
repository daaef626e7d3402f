"""People and the roles that hold for the whole platform.

Roles that hold for one organisation are memberships (network), for one cohort its team
(mentors) and enrolments (learning): there is no flag here where a scope is meant.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import PK, Base, PublicId, db, utcnow
from core.i18n import locale_code


class PlatformRole(StrEnum):
    ADMIN = "admin"
    STAFF = "staff"
    AUTHOR = "author"


role_grants = Table(
    "role_grants",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(db.Model, RoleMixin):  # type: ignore[name-defined]
    __tablename__ = "roles"
    id: Mapped[PK]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class User(db.Model, UserMixin):  # type: ignore[name-defined]
    __tablename__ = "users"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changes on sign-out everywhere and on a new password: every session and socket ends.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: uuid.uuid4().hex)
    confirmed_at: Mapped[dt.datetime | None]
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    latin_name: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="el")
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    tf_last_counter: Mapped[int | None]  # the last number of the app that was used: each opens once
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    # Loaded with the person: every page asks what they may do.
    roles: Mapped[list[Role]] = relationship(secondary=role_grants, lazy="selectin")  # type: ignore[assignment]

    @property
    def name(self) -> str:
        """Given and family name as others read it: in Latin letters on English pages, when the person gave them."""
        if self.latin_name and locale_code() != "el":
            return self.latin_name
        return f"{self.given_name} {self.family_name}"

    @property
    def short_name(self) -> str:
        """«Μαρία Π.», as the room shows it: the same to everybody who is there."""
        return f"{self.given_name} {self.family_name[:1]}."

    @property
    def initials(self) -> str:
        return f"{self.given_name[:1]}{self.family_name[:1]}"

    def get_security_payload(self) -> dict[str, Any]:
        """Nothing of a person goes out in Flask-Security's JSON answers."""
        return {}
