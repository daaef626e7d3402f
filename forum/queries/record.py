"""The record of a finished room, and what other areas ask of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select

from core.db import db
from forum.models import IS_PUBLIC, Question, QuestionState, Room, Visibility
from forum.queries.questions import WHOLE_QUESTION


@dataclass(frozen=True)
class RecordAnswer:
    id: str
    body: str
    by: str
    sources: str
    unsure: bool
    accepted: bool


@dataclass(frozen=True)
class RecordLine:
    """A question of a finished room. `by` only when they said so; the times are the host's clicks (UTC)."""

    id: int
    pid: uuid.UUID
    no: int
    body: str
    by: str | None
    score: int
    place: str | None
    hall: bool
    state: QuestionState
    answering_at: dt.datetime | None
    answered_at: dt.datetime | None
    answers: list[RecordAnswer]


def _line(question: Question) -> RecordLine:
    named = question.visibility is Visibility.NAME
    return RecordLine(
        question.id,
        question.pid,
        question.no,
        question.body,
        question.called if named else None,
        question.score,
        question.place.name_el if named and question.place else None,
        question.hall,
        question.state,
        question.answering_at,
        question.answered_at,
        [
            RecordAnswer(
                str(answer.pid), answer.body, answer.author.short_name, answer.sources, answer.unsure, answer.accepted
            )
            for answer in question.answers
        ],
    )


def record_of(meeting_id: int) -> list[RecordLine]:
    """The public questions of a meeting: answered ones in the order they were answered, then by voices."""
    questions = db.session.scalars(
        select(Question)
        .join(Room, Room.id == Question.room_id)
        .where(Room.meeting_id == meeting_id, IS_PUBLIC)
        .options(*WHOLE_QUESTION)
    ).all()
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(map(_line, questions), key=lambda q: (q.answering_at or q.answered_at or far, -q.score, q.no))
