"""Jobs that the room leaves for the worker, in the transaction of their cause: the writer renders no e-mail itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import utcnow
from core.jobs import Job
from forum.models import Answer, Question, Room

BEFORE = dt.timedelta(days=2)  # reminded this long before the day, and this long after it when it passed:
AFTER = dt.timedelta(days=1)


def leave(session: Session, kind: str, key: str, at: dt.datetime | None = None, **payload: Any) -> None:
    """A job of KIND for the worker, due AT; one with the same KEY that exists stays as it is."""
    if session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key)) is None:
        session.add(Job(kind=kind, key=key, run_after=at or utcnow(), payload=payload))


def given(session: Session, room: Room, mentor_id: int, due_at: dt.datetime) -> None:
    """A mentor was given questions of ROOM until DUE_AT: told now, reminded once before the day, once after it."""
    facts: dict[str, Any] = {"room_id": room.id, "mentor_id": mentor_id, "due": due_at.isoformat()}
    leave(session, "forum.given", f"{room.id}/{room.mod_seq}/{mentor_id}/{due_at.date()}", **facts)
    for when, at in (("before", due_at - BEFORE), ("after", due_at + AFTER)):
        if at > utcnow():
            leave(session, "forum.remind", f"{room.id}/{mentor_id}/{due_at.date()}/{when}", at, when=when, **facts)


def answered(session: Session, answer: Answer) -> None:
    """A question was answered in writing; whoever asked under a name is told."""
    leave(session, "forum.answered", str(answer.pid), answer_id=answer.id)


def unanswerable(session: Session, question: Question) -> None:
    """A mentor said why it can't be answered."""
    leave(session, "forum.unanswerable", f"{question.pid}/{question.rev}", question_id=question.id)


def promised(session: Session, room: Room, owner_id: int, pid: str) -> None:
    """Somebody owns a promise now."""
    leave(session, "forum.promised", f"{pid}/{owner_id}", room_id=room.id, owner_id=owner_id, promise=pid)
