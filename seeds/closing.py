"""What the meetings of the demonstration left: written answers, questions mentors still owe, promises, receipts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from core.db import utcnow
from forum.models import Promise, Question, QuestionState, QuestionTask, Room, RoomState, TaskState
from forum.queries.receipt import receipt
from forum.services.inbox import due_at
from mentors.models import Meeting

WEEK = dt.timedelta(days=7)


def settle(session: Session, room: Room, record: dict[str, Any], asked: list[Question]) -> None:
    """Give every question of a closed ROOM its fate: what was left for later was answered in writing, or is owed."""
    meeting = session.get_one(Meeting, room.meeting_id)
    assert meeting.mentor_id is not None  # noqa: S101 - every meeting of the file has a teacher
    for question, item in zip(asked, record["questions"], strict=True):
        if question.state is QuestionState.LATER:
            answered = bool(item.get("answer_written"))
            question.state = QuestionState.ANSWERED if answered else QuestionState.LATER
            session.add(_task(meeting, question, item.get("due_in"), answered=answered))
    session.flush()
    if room.state is RoomState.CLOSED:
        room.receipt = receipt(session, room.id).payload()


def _task(meeting: Meeting, question: Question, due_in: int | None, *, answered: bool) -> QuestionTask:
    due = due_at() + dt.timedelta(days=due_in - 7) if due_in is not None else meeting.ends_at + WEEK
    return QuestionTask(
        question_id=question.id,
        mentor_id=meeting.mentor_id,
        given_by_id=meeting.mentor_id,
        given_at=meeting.ends_at,
        due_at=due,
        state=TaskState.DONE if answered else TaskState.OPEN,
        ended_at=min(meeting.ends_at + dt.timedelta(hours=18), utcnow()) if answered else None,
    )


def promise(session: Session, room: Room, record: dict[str, Any]) -> None:
    """The promises of RECORD, each the mentor's own."""
    mentor = session.get_one(Meeting, room.meeting_id).mentor_id
    for item in record.get("promises", []):
        session.add(
            Promise(
                room_id=room.id,
                body=item["text"],
                owner_id=mentor,
                made_by_id=mentor,
                made_at=room.opened_at or utcnow(),
                due_at=due_at() if item.get("due") else None,
                done_at=utcnow() if item.get("done") else None,
            )
        )
