"""A room's questions as plain values, to take along. Names only of who wanted theirs to be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from core.db import db
from forum.models import Question, Room, Visibility
from forum.queries.own import fates_of
from forum.queries.questions import WHOLE_QUESTION


def questions_to_take(room_id: int) -> list[Question]:
    """Every question that has a number, whatever became of it."""
    query = select(Question).where(Question.room_id == room_id, Question.no > 0).order_by(Question.no)
    return list(db.session.scalars(query.options(*WHOLE_QUESTION)))


def rows_of(room: Room, questions: list[Question], clips: dict[int, Any]) -> list[dict[str, Any]]:
    """QUESTIONS as rows; CLIPS say where their answers are heard: {question.id: something with url and at, in seconds}.

    Offsets are hours, minutes and seconds from the room's opening; the one of the asking is to the minute only.
    """
    fates = fates_of(questions)
    return [_row(room, question, fates[question.id], clips.get(question.id)) for question in questions]


def _row(room: Room, question: Question, fate: tuple[str, dt.datetime | None], clip: Any) -> dict[str, Any]:
    named = question.visibility is Visibility.NAME
    due = fate[1]
    return {
        "no": question.no,
        "question": question.body,
        "by": question.called if named else None,
        "in_the_hall": question.hall,
        "voices": question.score,
        "tags": ", ".join(question.tags or []),
        "fate": fate[0],
        "reason": question.reason or None,
        "picture": question.picture.alt if question.picture and not question.picture.hidden else None,
        "due": due.date().isoformat() if due and fate[0] == "mentors" else None,
        "asked": _offset(room, question.asked_at, minutes=True),
        "answering": _offset(room, question.answering_at),
        "answered": _offset(room, question.answered_at),
        "recording_second": round(clip.at) if clip else None,
        "recording": clip.url if clip else None,
        "answers": [
            {"by": one.author.short_name, "body": one.body, "sources": one.sources or None, "accepted": one.accepted}
            for one in question.answers
        ],
    }


def _offset(room: Room, moment: dt.datetime | None, *, minutes: bool = False) -> str | None:
    """MOMENT from the room's opening as "1:02:03"; with MINUTES "1:02"."""
    if moment is None or room.opened_at is None:
        return None
    seconds = max(0, int((moment - room.opened_at).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    clock = f"{hours}:{rest // 60:02}"
    return clock if minutes else f"{clock}:{rest % 60:02}"
