"""The room's questions beside a recording: what was asked, and at which second it was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from accounts.models import User
from archive.models import Recording, RecordingState
from archive.permissions import visible
from core.db import db
from forum.models import Question, QuestionState, Room
from forum.queries import RecordLine, record_of
from mentors.models import Meeting


def asked_in(meeting_id: int) -> list[RecordLine]:
    """The public questions of the meeting's room; those joined with another stand there."""
    return [line for line in record_of(meeting_id) if line.state is not QuestionState.MERGED]


@dataclass(frozen=True)
class Moment:
    """A question answered aloud. START and LENGTH in seconds of the recording, None while unplaced."""

    question: RecordLine
    start: float | None
    length: float | None


@dataclass(frozen=True)
class Record:
    """The room's questions, sorted by what became of them."""

    moments: list[Moment]  # answered in the meeting, in the order of the answers
    written: list[RecordLine]  # answered in writing only
    open: list[RecordLine]  # not reached

    @property
    def total(self) -> int:
        return len(self.moments) + len(self.written) + len(self.open)

    @property
    def placed(self) -> list[Moment]:
        """Those that have their second."""
        return [moment for moment in self.moments if moment.start is not None]


def record_beside(recording: Recording) -> Record:
    """The questions of the recording's room, each placed when the offset is known and falls inside."""
    questions = asked_in(recording.meeting_id)
    spoken = [q for q in questions if q.answering_at]  # record_of sorts them by their moment
    rest = [q for q in questions if not q.answering_at]
    return Record(
        moments=[_moment(recording, question) for question in spoken],
        written=[q for q in rest if q.answers],
        open=[q for q in rest if not q.answers],
    )


def _moment(recording: Recording, question: RecordLine) -> Moment:
    placed = _placed(recording, question.answering_at, question.answered_at)
    return Moment(question, placed[0] if placed else None, _length(question.answering_at, question.answered_at))


def _length(begun: dt.datetime | None, ended: dt.datetime | None) -> float | None:
    return (ended - begun).total_seconds() if begun and ended and ended > begun else None


def _placed(
    recording: Recording, begun: dt.datetime | None, ended: dt.datetime | None
) -> tuple[float, float | None] | None:
    """(second, seconds long) of an answer on RECORDING; None when it isn't known or lies outside."""
    if not (recording.starts_at and recording.duration and begun):
        return None
    at = (begun - recording.starts_at).total_seconds()
    return (at, _length(begun, ended)) if 0 <= at <= recording.duration else None


def moments_of(questions: Sequence[Question], user: User | None) -> dict[int, tuple[uuid.UUID, float, float | None]]:
    """{question.id: (recording, second, seconds long)} of spoken answers that USER may watch. One query."""
    spoken = {question.id: question for question in questions if question.answering_at}
    rows = db.session.execute(
        select(Room.id, Recording)
        .join(Recording, Recording.meeting_id == Room.meeting_id)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(
            Room.id.in_({question.room_id for question in spoken.values()}),
            Recording.state == RecordingState.PLAYABLE,
            visible(user),
        )
        .order_by(Recording.id)
    ).all()
    filmed = dict(rows)
    found = {}
    for question in spoken.values():
        recording = filmed.get(question.room_id)
        placed = recording and _placed(recording, question.answering_at, question.answered_at)
        if recording and placed:
            found[question.id] = (recording.pid, *placed)
    return found
