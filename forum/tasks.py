"""What the worker does for rooms: letters to mentors and askers, reminders, the archive."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.jobs import task
from core.log import log
from core.mail import send
from forum import queries
from forum.models import Room
from forum.queries import owed
from forum.services import archiving


def _tell(person: User | None, subject: Any, template: str, **facts: Any) -> None:
    """A letter in PERSON's language. Nobody, or somebody whose account is closed, gets none."""
    if person is None or not person.active:
        return
    with force_locale(person.locale):
        said = str(subject)
    send(person.email, person.locale, said, f"forum/emails/{template}", person=person, **facts)


@task("forum.given")
def given(room_id: int, mentor_id: int, due: str) -> None:
    """Questions were given to a mentor: one letter for all of them."""
    tasks = owed.still_open(room_id, mentor_id, dt.datetime.fromisoformat(due))
    if tasks:
        _tell(db.session.get(User, mentor_id), _l("Questions wait for your answer"), "given", **_facts(room_id, tasks))


@task("forum.remind")
def remind(room_id: int, mentor_id: int, due: str, when: str) -> None:
    """Once before the day and once after it, about what is still open then."""
    tasks = owed.still_open(room_id, mentor_id, dt.datetime.fromisoformat(due))
    if tasks:
        late = when == "after"
        subject = _l("The day for your answers has passed") if late else _l("Your answers are due soon")
        _tell(db.session.get(User, mentor_id), subject, "remind", late=late, **_facts(room_id, tasks))


def _facts(room_id: int, tasks: list[Any]) -> dict[str, Any]:
    return {"room": queries.room_with_meeting(room_id), "tasks": tasks, "due": tasks[0].due_at}


@task("forum.answered")
def answered(answer_id: int) -> None:
    """Whoever asked under a name reads that the answer is there. Of an anonymous question nobody knows whom to tell."""
    answer, question = owed.answer_with_question(answer_id)
    if answer is not None and question is not None and not question.hall:
        room = queries.room_with_meeting(question.room_id)
        _tell(question.asker, _l("Your question was answered"), "answered", room=room, question=question, answer=answer)


@task("forum.unanswerable")
def unanswerable(question_id: int) -> None:
    """Whoever asked under a name reads why it can't be answered."""
    question = owed.question_with_asker(question_id)
    if question is not None and question.reason and not question.hall:
        room = queries.room_with_meeting(question.room_id)
        _tell(question.asker, _l("What became of your question"), "unanswerable", room=room, question=question)


@task("forum.promised")
def promised(room_id: int, owner_id: int, promise: str) -> None:
    """A promise has an owner."""
    found = owed.promise_of(uuid.UUID(promise))
    if found is not None and found.owner_id == owner_id and found.done_at is None:
        room = queries.room_with_meeting(room_id)
        _tell(db.session.get(User, owner_id), _l("A promise is yours to keep"), "promised", room=room, promise=found)


@task("forum.archive")
def archive(cohort_id: int) -> None:
    """The rooms of a cohort that ended long enough ago; one that somebody left open is tried again in a week."""
    left = [room.code for room in owed.rooms_of_cohort(cohort_id) if not _archived(room)]
    if left:
        log.warning("rooms left open", rooms=left)
        db.session.add(archiving.job(cohort_id, dt.timedelta(days=7)))


def _archived(room: Room) -> bool:
    return archiving.archive(current_app.config["SQLALCHEMY_DATABASE_URI"], room.id) is not archiving.Outcome.OPEN
