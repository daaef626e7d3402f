"""The room's questions beside a recording: what was asked, and at which second it was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from archive.models import Recording
from core.db import db
from forum.models import Answer, Question, QuestionState, Room, Visibility

SHOWN = (QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.ANSWERED, QuestionState.LATER)


@dataclass(frozen=True)
class Written:
    body: str
    author_name: str
    at: dt.datetime


@dataclass(frozen=True)
class Asked:
    """A question as everybody may read it."""

    pid: uuid.UUID
    no: int
    body: str
    asker_name: str | None
    score: int
    state: QuestionState
    answering_at: dt.datetime | None
    answered_at: dt.datetime | None
    answers: list[Written] = field(default_factory=list)


def record_of(meeting_id: int) -> list[Asked]:
    """The public questions of the meeting's room by number, in two queries."""
    rows = db.session.scalars(
        select(Question)
        .join(Question.room)
        .where(Room.meeting_id == meeting_id, Question.state.in_(SHOWN))
        .options(joinedload(Question.asker), selectinload(Question.answers).joinedload(Answer.author))
        .order_by(Question.no)
    ).unique()
    return [_asked(question) for question in rows]


def _asked(question: Question) -> Asked:
    named = question.visibility == Visibility.NAME and question.asker is not None
    return Asked(
        pid=question.pid,
        no=question.no,
        body=question.body,
        asker_name=question.asker.short_name if named and question.asker else None,
        score=question.score,
        state=question.state,
        answering_at=question.answering_at,
        answered_at=question.answered_at,
        answers=[Written(answer.body, answer.author.name, answer.at) for answer in question.answers],
    )


@dataclass(frozen=True)
class Moment:
    """A question answered aloud. START and LENGTH in seconds of the recording, None while unplaced."""

    question: Asked
    start: float | None
    length: float | None


@dataclass(frozen=True)
class Record:
    """The room's questions, sorted by what became of them."""

    moments: list[Moment]  # answered in the meeting, in the order of the answers
    written: list[Asked]  # answered in writing only
    open: list[Asked]  # not reached

    @property
    def total(self) -> int:
        return len(self.moments) + len(self.written) + len(self.open)

    @property
    def placed(self) -> list[Moment]:
        """Those that have their second."""
        return [moment for moment in self.moments if moment.start is not None]


def record_beside(recording: Recording) -> Record:
    """The questions of the recording's room, each placed when the offset is known and falls inside."""
    questions = record_of(recording.meeting_id)
    spoken = sorted((q for q in questions if q.answering_at), key=lambda q: (q.answering_at, q.no))
    rest = [q for q in questions if not q.answering_at]
    return Record(
        moments=[_moment(recording, question) for question in spoken],
        written=[q for q in rest if q.answers],
        open=[q for q in rest if not q.answers],
    )


def _moment(recording: Recording, question: Asked) -> Moment:
    length = None
    if question.answering_at and question.answered_at and question.answered_at > question.answering_at:
        length = (question.answered_at - question.answering_at).total_seconds()
    start = None
    if recording.starts_at and recording.duration and question.answering_at:
        at = (question.answering_at - recording.starts_at).total_seconds()
        start = at if 0 <= at <= recording.duration else None
    return Moment(question, start, length)
