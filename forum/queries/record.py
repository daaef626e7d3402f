"""The record of a finished room, and what other areas ask of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from core.db import db
from core.pages import Page, paginate
from forum.models import IS_PUBLIC, Fate, Question, QuestionPicture, QuestionState, Room, Visibility
from forum.queries.own import fates_of
from forum.queries.questions import WHOLE_QUESTION
from forum.queries.receipt import FATE, with_task


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
    fate: str = ""
    due: dt.datetime | None = None  # until then a mentor answers
    reason: str = ""  # why it can't be answered
    picture: dict[str, Any] | None = None  # bytes, and what it shows in words
    room_id: int = 0


def _line(question: Question, fate: str = "", due: dt.datetime | None = None) -> RecordLine:
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
        fate,
        due,
        question.reason if fate == Fate.CANNOT else "",
        _picture(question.picture),
        question.room_id,
    )


def _picture(picture: QuestionPicture | None) -> dict[str, Any] | None:
    return {"bytes": picture.size, "alt": picture.alt} if picture and not picture.hidden else None


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


PAGE = 50
# What a reader may choose to see, and the fates that belong to it.
CHOICES: dict[str, tuple[Fate, ...]] = {
    "all": (),
    "live": (Fate.LIVE,),
    "written": (Fate.WRITTEN,),
    "mentors": (Fate.MENTORS, Fate.WAITING, Fate.CANNOT),
}


def _public(room_id: int, choice: str) -> Select[Question]:
    """The public questions of a room in the order of their answers, then by voices."""
    moment = func.coalesce(Question.answering_at, Question.answered_at)
    query = with_task(select(Question)).where(Question.room_id == room_id, IS_PUBLIC)
    if fates := CHOICES[choice]:
        query = query.where(FATE.in_([fate.value for fate in fates]))
    return query.order_by(moment.is_(None), moment, Question.score.desc(), Question.no)


def page_with(room_id: int, choice: str, pid: str) -> int:
    """The page of the record on which the question PID stands; the first when it doesn't."""
    found = db.session.scalars(_public(room_id, choice).with_only_columns(Question.pid)).all()
    place = next((at for at, one in enumerate(found) if str(one) == pid), 0)
    return place // PAGE + 1


def record_page(room_id: int, choice: str, number: int) -> Page:
    """One page of a room's record, each line with its fate."""
    page = paginate(_public(room_id, choice).options(*WHOLE_QUESTION), number, PAGE)
    fates = fates_of(page.items)
    return replace(page, items=[_line(question, *fates[question.id]) for question in page.items])
