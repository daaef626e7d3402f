"""Questions that weren't reached on a recording: where they were answered since, for whoever may hear it there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from accounts.models import User
from archive.models import AnswerElsewhere, Recording, RecordingState
from archive.permissions import manages, visible
from archive.queries.record import Record, clocks_of, moments_of
from core.db import db
from forum.models import IS_PUBLIC, Question, QuestionState, Room
from mentors.models import Cohort, Meeting


@dataclass(frozen=True)
class Since:
    """Where an answer is heard: the recording and the second."""

    recording: uuid.UUID
    second: float


def answered_since(recording: Recording, record: Record, user: User | None) -> dict[int, Since]:
    """{question.id: where USER hears its answer} of those that RECORDING doesn't have, as far as they may watch it."""
    found: dict[int, Since] = {}
    open_ones = [line.id for line in [*record.open, *record.written]]
    if open_ones:
        found |= _told_by_staff(open_ones, user)
    unplaced = [moment.question for moment in record.moments if moment.start is None]
    if unplaced:
        found |= _other_parts(recording, unplaced, user)
    return found


def _told_by_staff(question_ids: list[int], user: User | None) -> dict[int, Since]:
    rows = db.session.execute(
        select(AnswerElsewhere.question_id, Question)
        .join(Question, Question.id == AnswerElsewhere.answer_id)
        .where(AnswerElsewhere.question_id.in_(question_ids), IS_PUBLIC)
    ).all()
    clips = moments_of([answer for _asked, answer in rows], user) if rows else {}
    return {asked: Since(*clips[answer.id][:2]) for asked, answer in rows if answer.id in clips}


def _other_parts(recording: Recording, questions: Iterable[object], user: User | None) -> dict[int, Since]:
    """On another recording of the same meeting."""
    others = db.session.scalars(
        select(Recording)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(
            Recording.meeting_id == recording.meeting_id,
            Recording.id != recording.id,
            Recording.state == RecordingState.PLAYABLE,
            visible(user),
        )
    ).all()
    clocks = clocks_of(others) if others else {}
    found: dict[int, Since] = {}
    for question in questions:
        for other in others:
            second = clocks[other.id].moment(other, question)[0]
            if second is not None:
                found[question.id] = Since(other.pid, second)  # type: ignore[attr-defined] # lines of the record
    return found


def answer_of(pid: uuid.UUID, user: User | None) -> Question | None:
    """The answered public question PID of a meeting whose recordings USER manages."""
    return db.session.scalar(
        select(Question)
        .join(Room, Room.id == Question.room_id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Question.pid == pid, Question.state == QuestionState.ANSWERED, IS_PUBLIC, manages(user))
    )
