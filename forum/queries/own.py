"""What one person asked in all rooms, and what became of it. Anonymous questions can't be found from here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.db import db
from forum.models import Question, QuestionTask, Room
from forum.queries.questions import WHOLE_QUESTION
from forum.queries.receipt import FATE, with_task
from mentors.models import Meeting


def asked_by(user: User) -> Select[Question]:
    """USER's questions with room and meeting, the newest first."""
    meeting = joinedload(Question.room).joinedload(Room.meeting)
    return (
        select(Question)
        .where(Question.asker_id == user.id)
        .options(meeting.joinedload(Meeting.cohort), meeting.joinedload(Meeting.module_version), *WHOLE_QUESTION)
        .order_by(Question.asked_at.desc(), Question.id.desc())
    )


def fates_of(questions: list[Question]) -> dict[int, tuple[str, dt.datetime | None]]:
    """{question.id: (fate, the day until which a mentor answers)}, in one query."""
    fates: Any = select(Question.id, FATE, QuestionTask.due_at)
    rows = db.session.execute(with_task(fates).where(Question.id.in_([question.id for question in questions])))
    return {question_id: (fate, due) for question_id, fate, due in rows}


def to_take_along(user: User) -> list[dict[str, Any]]:
    """USER's questions as plain values, for a file."""
    questions = list(db.session.scalars(asked_by(user)))
    fates = fates_of(questions)
    return [
        {
            "room": question.room.code,
            "cohort": question.room.meeting.cohort.title_el,
            "module": question.room.meeting.module_version.title_el,
            "no": question.no,
            "asked_at": question.asked_at.isoformat(timespec="seconds"),
            "visibility": question.visibility.value,
            "question": question.body,
            "fate": fates[question.id][0],
            "reason": question.reason,
            "answers": "\n\n".join(f"{one.author.short_name}: {one.body}" for one in question.answers),
        }
        for question in questions
    ]
