"""The FAQ of a module: begun from an answered question, changed by adding revisions, judged by its readers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.db import db
from core.errors import Conflict, Forbidden, NotFound, require
from forum import queries
from forum.models import Answer, FaqEntry, FaqOpinion, FaqRevision, FaqState, Question, QuestionState, Room
from mentors.models import Cohort, EnrolPolicy, Meeting


class NotAnswered(Conflict):
    code = "locked"
    message = _l("Only a question with an answer goes to the frequent questions.")


@dataclass(frozen=True)
class Wording:
    """What an entry says, and until when."""

    question: str
    answer: str
    valid_as_of: dt.date
    review_by: dt.date | None = None
    legal_basis: str = ""
    state: FaqState = FaqState.CURRENT
    note: str = ""

    def facts(self) -> dict[str, Any]:
        return dict(vars(self))


def promote(user: User, question: Question, wording: Wording) -> FaqEntry:
    """Begin an entry with QUESTION of a room; a second time gives the first one's entry."""
    module_id = queries.module_of(question.room_id)
    require(queries.keeps_faq(user, module_id), Forbidden)
    require(question.state is QuestionState.ANSWERED, NotAnswered)
    if (known := queries.entry_from(question.id)) is not None:
        return known
    entry = FaqEntry(module_id=module_id, question_id=question.id, **_lineage(question))
    db.session.add(entry)
    try:
        db.session.flush()
    except IntegrityError:  # somebody else began it this moment
        db.session.rollback()
        known = queries.entry_from(question.id)
        assert known is not None  # noqa: S101 - the constraint said so
        return known
    _add(entry, user, wording)
    db.session.commit()
    return entry


def _add(entry: FaqEntry, user: User, wording: Wording) -> None:
    db.session.add(FaqRevision(entry_id=entry.id, number=entry.rev, editor_id=user.id, **wording.facts()))


def _lineage(question: Question) -> dict[str, str]:
    """Where it comes from, as readers may know it: a cohort that anybody could join, whoever answered."""
    meeting = db.session.scalars(
        db.select(Meeting)
        .join(Room, Room.meeting_id == Meeting.id)
        .where(Room.id == question.room_id)
        .options(joinedload(Meeting.cohort), joinedload(Meeting.mentor))
    ).one()
    cohort: Cohort = meeting.cohort
    shown = cohort.published_at is not None and cohort.enrol_policy is EnrolPolicy.OPEN
    answers = sorted(question.answers, key=lambda one: (one.accepted, one.id))
    return {
        "origin_el": cohort.title_el if shown else "",
        "origin_en": cohort.title_en if shown else "",
        "answered_by": _who_answered(answers, meeting.mentor),
    }


def _who_answered(answers: list[Answer], mentor: User | None) -> str:
    if answers:
        return answers[-1].author.short_name
    return mentor.short_name if mentor else ""


def revise(user: User, entry: FaqEntry, wording: Wording, seen: int) -> FaqEntry:
    """Add a revision. SEEN is the one the editor had before them; saying the same again changes nothing."""
    require(queries.keeps_faq(user, entry.module_id), Forbidden)
    before = db.session.scalars(
        db.select(FaqRevision).where(FaqRevision.entry_id == entry.id, FaqRevision.number == entry.rev)
    ).one()
    told = wording.facts()
    if all(getattr(before, name) == value for name, value in told.items() if name != "note"):
        return entry
    require(seen == entry.rev, Conflict)
    entry.rev += 1
    _add(entry, user, wording)
    try:
        db.session.commit()
    except IntegrityError as error:  # two saved in the same moment: one number, one revision
        db.session.rollback()
        raise Conflict from error
    return entry


def judge(user: User, entry: FaqEntry, holds: bool) -> None:
    """A reader's opinion on the revision that stands; one each, the last one counts."""
    found = db.session.get(FaqOpinion, (entry.id, user.id))
    if found is None:
        found = FaqOpinion(entry_id=entry.id, user_id=user.id, holds=holds, rev=entry.rev)
        db.session.add(found)
    found.holds, found.rev = holds, entry.rev
    try:
        db.session.commit()
    except IntegrityError:  # their own second click
        db.session.rollback()


def credit(user: User, entry: FaqEntry, named: bool) -> None:
    """The person who asked decides whether their name stands beside it; for all others there is nothing to decide."""
    question = db.session.get(Question, entry.question_id) if entry.question_id else None
    if question is None or question.asker_id != user.id:
        raise NotFound
    entry.asked_by = user.short_name if named else ""
    db.session.commit()
