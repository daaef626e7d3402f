"""Themes and topics of the agenda, two-hour modules and courses, each in immutable versions.

A module or a course is an address; what it says stands in its versions. At most one draft is
open; publishing freezes it for good, and cohorts pin a published version.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, validates

from accounts.models import User
from core.db import PK, Base, Json, Long, Short, Slug, db, enum_type, utcnow
from core.errors import DomainError
from core.text import fold

MODULE_MINUTES = 120


class Frozen(DomainError):
    code = "frozen"
    message = _l("A published version never changes. Open a new draft.")


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class SegmentKind(StrEnum):
    """What people do in a part of the 120 minutes."""

    TALK = "talk"
    EXAMPLE = "example"
    QUESTIONS = "questions"
    GROUP = "group"
    BREAK = "break"


class CourseFormat(StrEnum):
    WEEKEND = "weekend"
    EVENING = "evening"
    STAFF = "staff"


class Theme(db.Model):  # type: ignore[name-defined]
    __tablename__ = "themes"
    id: Mapped[PK]
    slug: Mapped[Slug]
    number: Mapped[int] = mapped_column(unique=True)
    title_el: Mapped[Short]
    title_en: Mapped[Short]
    about_el: Mapped[Long] = mapped_column(default="")
    about_en: Mapped[Long] = mapped_column(default="")
    topics: Mapped[list[Topic]] = relationship(back_populates="theme", lazy="raise_on_sql", order_by="Topic.position")


class Topic(db.Model):  # type: ignore[name-defined]
    __tablename__ = "topics"
    id: Mapped[PK]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    position: Mapped[int]
    title_el: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    theme: Mapped[Theme] = relationship(back_populates="topics", lazy="raise_on_sql")
    __table_args__ = (UniqueConstraint("theme_id", "position"),)


module_topics = Table(
    "module_topics",
    Base.metadata,
    Column("module_id", ForeignKey("modules.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True),
)


def _one_draft(table: str, owner: str) -> Index:
    condition = text("state = 'draft'")
    return Index(f"uq_{table}_draft", owner, unique=True, sqlite_where=condition, postgresql_where=condition)


class Listed:
    """Folded words of a version, because databases neither sort nor search Greek without its accents."""

    sort_el: Mapped[str] = mapped_column(String(200), default="")
    sort_en: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[Long] = mapped_column(default="")

    @validates("title_el", "title_en", "summary_el", "summary_en")
    def _keep_words(self, name: str, value: str) -> str:
        said = {key: getattr(self, key, None) or "" for key in ("title_el", "title_en", "summary_el", "summary_en")}
        said[name] = value or ""
        self.sort_el = fold(said["title_el"])
        self.sort_en = fold(said["title_en"]) or self.sort_el
        self.words = fold(" ".join(said.values()))
        return value


class Module(db.Model):  # type: ignore[name-defined]
    __tablename__ = "modules"
    id: Mapped[PK]
    slug: Mapped[Slug]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    # The version the catalogue shows: the newest published one.
    current_id: Mapped[int | None] = mapped_column(
        ForeignKey("module_versions.id", use_alter=True, name="fk_modules_current_id")
    )
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    topics: Mapped[list[Topic]] = relationship(secondary=module_topics, lazy="raise_on_sql")
    current: Mapped[ModuleVersion | None] = relationship(
        foreign_keys=[current_id], lazy="raise_on_sql", post_update=True
    )


class ModuleVersion(Listed, db.Model):  # type: ignore[name-defined]
    """What a module says. Shapes of the JSON columns:

    outcomes_*: ["Θα μπορείτε να …"]; opening_questions_*: ["…;"];
    plan: [{"kind": SegmentKind, "minutes": int, "title": {"el": str, "en": str}}], 120 minutes in all;
    self_check: [{"question": {el,en}, "choices": [{el,en}], "answer": int, "why": {el,en}}].
    """

    __tablename__ = "module_versions"
    id: Mapped[PK]
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(
        enum_type(VersionState, name="module_version_state"), default=VersionState.DRAFT
    )
    title_el: Mapped[Short]
    title_en: Mapped[Short] = mapped_column(default="")
    summary_el: Mapped[Long] = mapped_column(default="")
    summary_en: Mapped[Long] = mapped_column(default="")
    outcomes_el: Mapped[Json] = mapped_column(default=list)
    outcomes_en: Mapped[Json] = mapped_column(default=list)
    plan: Mapped[Json] = mapped_column(default=list)
    opening_questions_el: Mapped[Json] = mapped_column(default=list)
    opening_questions_en: Mapped[Json] = mapped_column(default=list)
    reading_el: Mapped[Long] = mapped_column(default="")  # Markdown
    reading_en: Mapped[Long] = mapped_column(default="")  # Markdown, may be empty: Greek is shown then
    self_check: Mapped[Json] = mapped_column(default=list)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)  # who saved last
    published_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    checksum: Mapped[str | None] = mapped_column(String(64))
    # Rises with every save: a form sends back the one it was made from, so nobody overwrites unseen.
    revision: Mapped[int] = mapped_column(default=1)
    module: Mapped[Module] = relationship(foreign_keys=[module_id], lazy="raise_on_sql")
    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")
    editor: Mapped[User | None] = relationship(foreign_keys=[editor_id], lazy="raise_on_sql")
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": revision}
    __table_args__ = (
        UniqueConstraint("module_id", "number"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        _one_draft("module_versions", "module_id"),
    )


class Course(db.Model):  # type: ignore[name-defined]
    __tablename__ = "courses"
    id: Mapped[PK]
    slug: Mapped[Slug]
    format: Mapped[CourseFormat] = mapped_column(enum_type(CourseFormat, name="course_format"))
    current_id: Mapped[int | None] = mapped_column(
        ForeignKey("course_versions.id", use_alter=True, name="fk_courses_current_id")
    )
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    current: Mapped[CourseVersion | None] = relationship(
        foreign_keys=[current_id], lazy="raise_on_sql", post_update=True
    )


class CourseVersion(Listed, db.Model):  # type: ignore[name-defined]
    __tablename__ = "course_versions"
    id: Mapped[PK]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(
        enum_type(VersionState, name="course_version_state"), default=VersionState.DRAFT
    )
    title_el: Mapped[Short]
    title_en: Mapped[Short] = mapped_column(default="")
    summary_el: Mapped[Long] = mapped_column(default="")
    summary_en: Mapped[Long] = mapped_column(default="")
    description_el: Mapped[Long] = mapped_column(default="")  # Markdown
    description_en: Mapped[Long] = mapped_column(default="")  # Markdown
    for_whom_el: Mapped[str] = mapped_column(String(300), default="")
    for_whom_en: Mapped[str] = mapped_column(String(300), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)  # who saved last
    published_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    revision: Mapped[int] = mapped_column(default=1)
    course: Mapped[Course] = relationship(foreign_keys=[course_id], lazy="raise_on_sql")
    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")
    editor: Mapped[User | None] = relationship(foreign_keys=[editor_id], lazy="raise_on_sql")
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": revision}
    parts: Mapped[list[CoursePart]] = relationship(
        lazy="raise_on_sql", order_by="CoursePart.position", cascade="all, delete-orphan"
    )
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        _one_draft("course_versions", "course_id"),
    )


class CoursePart(db.Model):  # type: ignore[name-defined]
    """The module version at one place of a course version."""

    __tablename__ = "course_parts"
    id: Mapped[PK]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), index=True)
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    position: Mapped[int]
    module_version: Mapped[ModuleVersion] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("course_version_id", "position"),
        UniqueConstraint("course_version_id", "module_version_id"),
    )


# What may still change after publishing: the version's life, and people who ask to be forgotten.
_LIFE = {"state", "revision", "updated_at", "author_id", "editor_id", "author", "editor"}


def _was_published(version: ModuleVersion | CourseVersion) -> bool:
    history: Any = inspect(version).attrs.state.history
    before = history.deleted[0] if history.deleted else version.state
    return before is not VersionState.DRAFT


@event.listens_for(Session, "before_flush")
def _keep_published(session: Session, _context: Any, _instances: Any) -> None:
    """The last guard of "a published version never changes": it stands below every service."""
    for thing in (*session.dirty, *session.deleted):
        if isinstance(thing, ModuleVersion | CourseVersion) and _was_published(thing):
            columns: Any = inspect(thing).attrs
            changed = {column.key for column in columns if column.history.has_changes()}
            if thing in session.deleted or changed - _LIFE:
                raise Frozen
    touched = (*session.new, *session.deleted, *(thing for thing in session.dirty if session.is_modified(thing)))
    for part in touched:
        if isinstance(part, CoursePart) and part.course_version_id:
            version = session.get(CourseVersion, part.course_version_id)
            if version is not None and version not in session.new and _was_published(version):
                raise Frozen
