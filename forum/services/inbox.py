"""What mentors owe after a meeting: questions given to them, handed over, answered, or said to be unanswerable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, insert, inspect, select, update
from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import User
from core import search
from core.db import utcnow
from core.errors import DomainError, require
from core.i18n import from_athens
from forum.models import Answer, Question, QuestionState, QuestionTask, RoomState, Stream, TaskState
from forum.protocol import Type, moderators_question, public_question, state_payload
from forum.queries.closing import MENTOR, UNSETTLED, Mentor, team_of
from forum.queries.receipt import receipt
from forum.services import letters, moderation
from forum.services.chain import Told
from forum.services.desk import Desk
from forum.services.refusals import Locked, NotOpenYet

S = QuestionState
DAYS = 7  # that a mentor has when no day was said
END_OF_DAY = dt.time(23, 59)


class NotOnTeam(DomainError):
    code = "invalid"
    status = 422
    message = _l("Only somebody of the cohort's team can take this.")


class DayPassed(DomainError):
    code = "invalid"
    status = 422
    message = _l("The day must be one that is still to come.")


def due_at(day: str = "") -> dt.datetime:
    """The end of DAY ("2026-03-12") in Athens; in a week when none was said."""
    now = utcnow()
    chosen = dt.date.fromisoformat(day) if day else (now + dt.timedelta(days=DAYS)).date()
    end = from_athens(chosen, END_OF_DAY)
    require(now < end < now + dt.timedelta(days=3660), DayPassed)
    return end


def team(desk: Desk) -> Sequence[Mentor]:
    """Who may take something of this room; where a cohort has no team, whoever acts."""
    return team_of(desk.session, desk.room, desk.session.get(User, desk.person.id))


def mentor_of(desk: Desk, wanted: str) -> Mentor:
    """The person of the team with this public id; "mentor" is the meeting's own."""
    return pick(team(desk), wanted)


def pick(team: Sequence[Mentor], wanted: str) -> Mentor:
    """The one of TEAM who is wanted; the first when it is the meeting's own."""
    found = next((one for one in team if wanted in {MENTOR, str(one.pid)}), None)
    if found is None:
        raise NotOnTeam
    return found


def assign(desk: Desk, qid: str, to: str, due: str = "") -> dict[str, Any]:
    """Give a question to a mentor, or hand it over. The day stays when no other is said."""
    require(desk.room.state is not RoomState.PLANNED, NotOpenYet)
    question = desk.question(qid)
    moderation.need(question, *UNSETTLED)
    task = task_of(desk, question)
    standing = task is not None and task.state is TaskState.OPEN and not due
    day = task.due_at if task is not None and standing else due_at(due)
    mentor = mentor_of(desk, to)
    if task is None or (task.state, task.mentor_id, task.due_at) != (TaskState.OPEN, mentor.id, day):
        give(desk, [(question, mentor, day)])
        settled(desk)
    return {"q": moderators_question(question)}


def give(desk: Desk, chosen: Sequence[tuple[Question, Mentor, dt.datetime]]) -> None:
    """Each question to its mentor until its day. What everybody sees says from now on «later, in writing»."""
    moved(desk, [question for question, _mentor, _day in chosen if question.state is S.OPEN], state=S.LATER)
    known, new = tasks_in(desk), []
    for question, mentor, day in chosen:
        facts = {"mentor_id": mentor.id, "given_by_id": desk.person.id, "due_at": day}
        facts |= {"state": TaskState.OPEN, "given_at": utcnow(), "ended_at": None}
        if (task := known.get(question.id)) is None:
            new.append({"question_id": question.id, **facts})
        else:
            for name, value in facts.items():
                setattr(task, name, value)
    if new:
        desk.session.execute(insert(QuestionTask), new)
    for mentor_id, day in dict.fromkeys((mentor.id, day) for _question, mentor, day in chosen):
        letters.given(desk.session, desk.room, mentor_id, day)
    desk.session.flush()


def moved(desk: Desk, questions: Sequence[Question], **values: Any) -> None:
    """Set VALUES of many questions and tell of it: as many statements for three thousand as for one."""
    if not questions:
        return
    me = desk.session.get_one(User, desk.person.id)
    rows = []
    for question in questions:
        changed = values | {"rev": question.rev + 1}
        if not desk.owns(question):
            changed |= {"changed_by_id": me.id}
            set_committed_value(question, "changed_by", me)
        for name, value in changed.items():
            set_committed_value(question, name, value)
        rows.append({"which": question.id, "changed_by_id": question.changed_by_id, **changed})
    table = inspect(Question).local_table
    desk.session.connection().execute(update(table).where(table.c.id == bindparam("which")), rows)
    if desk.room.state is RoomState.CLOSED:  # the index reads finished rooms, and hears of flushes only
        search.touch("question", desk.room.meeting_id, desk.session)
    told: list[Told] = []
    for question in questions:
        told.append((Stream.PUB, Type.STATE, state_payload(question)))
        told.append((Stream.MOD, Type.STATE, moderators_question(question)))
        desk.tell_asker(question)
    desk.log_all(told)


def tasks_in(desk: Desk) -> dict[int, QuestionTask]:
    """{question.id: its task} of the whole room."""
    query = select(QuestionTask).join(QuestionTask.question).where(Question.room_id == desk.room.id)
    return {task.question_id: task for task in desk.session.scalars(query)}


def task_of(desk: Desk, question: Question) -> QuestionTask | None:
    return desk.session.scalar(select(QuestionTask).where(QuestionTask.question_id == question.id))


def cannot(desk: Desk, qid: str, reason: str) -> dict[str, Any]:
    """It can't be answered, and whoever asked reads why. One that was never public stays unseen."""
    if desk.room.state is not RoomState.CLOSED:
        raise Locked(_l("While the room is open, say it there: the question doesn't pass, and why."))
    question = desk.question(qid)
    task = task_of(desk, question)
    if task is not None and task.state is TaskState.CANNOT and question.reason == reason:
        return {"q": moderators_question(question)}
    moderation.need(question, S.PENDING, S.OPEN, S.LATER)
    if question.state is S.PENDING:
        moderation.dismiss(desk, question, moderation.Wish(reason=reason))
        _end(desk, question, TaskState.CANNOT)
    else:
        moved(desk, [question], reason=reason)
        _end(desk, question, TaskState.CANNOT)
    letters.unanswerable(desk.session, question)
    settled(desk)
    return {"q": moderators_question(question)}


def _end(desk: Desk, question: Question, state: TaskState) -> None:
    task = task_of(desk, question)
    if task is None:
        if state is TaskState.DONE:
            return
        task = QuestionTask(
            question_id=question.id, mentor_id=desk.person.id, given_by_id=desk.person.id, due_at=utcnow()
        )
        desk.session.add(task)
    if task.state is not state:
        task.state, task.ended_at = state, utcnow()
    desk.session.flush()


def let_through_to_answer(desk: Desk, question: Question) -> None:
    """A question that still waited when the room closed: whoever answers it lets it through with that."""
    if question.state is S.PENDING and desk.room.state is RoomState.CLOSED:
        question.state = S.OPEN
        desk.touch(question)
        desk.log(Stream.PUB, Type.PUBLISHED, public_question(question))
        desk.tell_moderators(Type.PUBLISHED, question)


def answered(desk: Desk, question: Question, answer: Answer) -> None:
    """A written answer stands: its task is done, its asker is told, the receipt of a closed room is another one."""
    question.reason = ""
    if question.state is S.ANSWERED:
        _end(desk, question, TaskState.DONE)
    letters.answered(desk.session, answer)
    settled(desk)


def settled(desk: Desk) -> None:
    """The receipt of a closed room, told again when it changed."""
    if desk.room.state is not RoomState.CLOSED:
        return
    desk.session.flush()
    now = receipt(desk.session, desk.room.id).payload()
    if now != desk.room.receipt:
        desk.room.receipt = now
        desk.log(Stream.PUB, Type.RECEIPT, now)
        desk.log(Stream.MOD, Type.RECEIPT, now)
