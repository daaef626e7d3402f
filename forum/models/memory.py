"""What rooms remember: the words of their questions, who found an old answer good enough, and each module's FAQ.

An entry of a FAQ says what its latest revision says; revisions are never changed, a change is one more of them.
The words of a question are kept by the database session itself, so whatever writes a question keeps them right.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Date, ForeignKey, String, UniqueConstraint, delete, event, insert
from sqlalchemy.orm import Mapped, attributes, mapped_column, relationship

from accounts.models import User
from core.db import PK, Long, PublicId, Short, db, enum_type, utcnow
from courses.models import Module
from forum.likeness import read
from forum.models.question import Question

# Readers' pages are kept until their tables change: a vote in a room must not make every module's page anew.
_FAQ = {"info": {"area": "faq"}}
TERM_LIMIT = 40  # characters of a key that is kept


class QuestionTerm(db.Model):  # type: ignore[name-defined]
    """A meaning that occurs in a question: where the search for similar ones begins."""

    __tablename__ = "question_terms"
    term: Mapped[str] = mapped_column(String(TERM_LIMIT), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True, index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))


class QuestionEndorsement(db.Model):  # type: ignore[name-defined]
    """«Καλύπτει την ερώτησή μου»: somebody found the answer to this question good enough for their own."""

    __tablename__ = "question_endorsements"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)  # where they were about to ask
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)


class FaqState(StrEnum):
    CURRENT = "current"
    REVIEW = "review"  # being looked at again: shown with a warning, suggested to nobody
    RETIRED = "retired"  # no longer shown to readers


class FaqEntry(db.Model):  # type: ignore[name-defined]
    __tablename__ = "faq_entries"
    id: Mapped[PK]
    pid: Mapped[PublicId]
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), index=True)
    # The room's question it began with; one question begins one entry.
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), unique=True)
    rev: Mapped[int] = mapped_column(default=1)  # number of the revision that stands
    # What readers see of where it comes from, so that their page asks nothing of the rooms.
    origin_el: Mapped[Short] = mapped_column(default="")
    origin_en: Mapped[Short] = mapped_column(default="")
    answered_by: Mapped[Short] = mapped_column(default="")
    asked_by: Mapped[Short] = mapped_column(default="")  # only with the asker's own consent
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    module: Mapped[Module] = relationship(lazy="raise_on_sql")
    question: Mapped[Question | None] = relationship(lazy="raise_on_sql")
    __table_args__ = (CheckConstraint("rev > 0", name="rev"), _FAQ)


class FaqRevision(db.Model):  # type: ignore[name-defined]
    """What an entry said from one moment on. Never changed."""

    __tablename__ = "faq_revisions"
    id: Mapped[PK]
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entries.id"))
    number: Mapped[int]
    state: Mapped[FaqState] = mapped_column(enum_type(FaqState, name="faq_state"), default=FaqState.CURRENT)
    question: Mapped[Long]
    answer: Mapped[Long]
    legal_basis: Mapped[Short] = mapped_column(default="")
    valid_as_of: Mapped[dt.date] = mapped_column(Date)
    review_by: Mapped[dt.date | None] = mapped_column(Date, index=True)
    note: Mapped[Short] = mapped_column(default="")  # what changed, for the history
    editor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    editor: Mapped[User] = relationship(lazy="raise_on_sql")
    entry: Mapped[FaqEntry] = relationship(lazy="raise_on_sql")
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("review_by IS NULL OR review_by > valid_as_of", name="dates"),
        _FAQ,
    )

    def stands_on(self, day: dt.date) -> bool:
        """Whether it is still good on DAY: suggested, and shown without a warning."""
        return self.state is FaqState.CURRENT and (self.review_by is None or self.review_by >= day)


class FaqOpinion(db.Model):  # type: ignore[name-defined]
    """One reader, one opinion on whether an entry still holds; it counts for the revision it was about."""

    __tablename__ = "faq_opinions"
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entries.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    holds: Mapped[bool]
    rev: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (_FAQ,)


class FaqEndorsement(db.Model):  # type: ignore[name-defined]
    """Somebody in a room found this entry good enough and didn't ask."""

    __tablename__ = "faq_endorsements"
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entries.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    __table_args__ = (_FAQ,)


def terms_of(question_id: int, room_id: int, body: str) -> list[dict[str, Any]]:
    """The rows of a question's words."""
    found = sorted({meaning[:TERM_LIMIT] for meaning in read(body).meanings})
    return [{"term": term, "question_id": question_id, "room_id": room_id} for term in found]


def _keep_terms(connection: Connection, question: Question) -> None:
    if rows := terms_of(question.id, question.room_id, question.body):
        connection.execute(insert(QuestionTerm), rows)


@event.listens_for(Question, "after_insert")
def _asked(_mapper: object, connection: Connection, question: Question) -> None:
    """Its words are found from the moment it is stored, in the same transaction."""
    _keep_terms(connection, question)


@event.listens_for(Question, "after_update")
def _changed(_mapper: object, connection: Connection, question: Question) -> None:
    if attributes.get_history(question, "body").has_changes():
        connection.execute(delete(QuestionTerm).where(QuestionTerm.question_id == question.id))
        _keep_terms(connection, question)


@event.listens_for(FaqRevision, "before_update")
def _never(*_facts: object) -> None:
    raise RuntimeError("a revision of the FAQ is never changed")
