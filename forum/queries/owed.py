"""What mentors owe: their inbox, what a letter says, and the rooms whose time in the archive has come."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db
from forum.models import Answer, Promise, Question, QuestionTask, Room, RoomState, TaskState
from mentors.models import Cohort, CohortState, CohortTeam, Meeting
from mentors.queries import desk_and_page

ENDED = (CohortState.COMPLETED, CohortState.ARCHIVED)
STATES = ("open", "overdue", "done", "cannot")


def still_open(room_id: int, mentor_id: int, due: dt.datetime) -> list[QuestionTask]:
    """What this mentor still owes of a room until DUE, by number."""
    return list(
        db.session.scalars(
            select(QuestionTask)
            .join(QuestionTask.question)
            .where(
                Question.room_id == room_id,
                QuestionTask.mentor_id == mentor_id,
                QuestionTask.state == TaskState.OPEN,
                QuestionTask.due_at == due,
            )
            .options(contains_eager(QuestionTask.question))
            .order_by(Question.no)
        )
    )


def answer_with_question(answer_id: int) -> tuple[Answer | None, Question | None]:
    answer = db.session.scalar(
        select(Answer).where(Answer.id == answer_id).options(joinedload(Answer.author).options(lazyload(User.roles)))
    )
    return answer, question_with_asker(answer.question_id) if answer else None


def question_with_asker(question_id: int) -> Question | None:
    asker = joinedload(Question.asker).options(lazyload(User.roles))
    return db.session.scalar(select(Question).where(Question.id == question_id).options(asker))


def promise_of(pid: uuid.UUID) -> Promise | None:
    return db.session.scalar(select(Promise).where(Promise.pid == pid))


def _mine(user: User) -> Select[QuestionTask]:
    """The tasks of USER in cohorts whose team they are still on."""
    return (
        select(QuestionTask)
        .join(QuestionTask.question)
        .join(Question.room)
        .join(Room.meeting)
        .join(Meeting.cohort)
        .join(CohortTeam, (CohortTeam.cohort_id == Cohort.id) & (CohortTeam.user_id == user.id))
        .where(QuestionTask.mentor_id == user.id)
    )


def inbox(user: User, state: str, cohort: str, now: dt.datetime) -> Select[QuestionTask]:
    """USER's tasks in a STATE (one of STATES) of one cohort (by slug) or of all, the most urgent first."""
    query = _mine(user)
    if state == "open":
        query = query.where(QuestionTask.state == TaskState.OPEN)
    elif state == "overdue":
        query = query.where(QuestionTask.state == TaskState.OPEN, QuestionTask.due_at < now)
    else:
        query = query.where(QuestionTask.state == TaskState(state))
    if cohort:
        query = query.where(Cohort.slug == cohort)
    order = QuestionTask.due_at if state in {"open", "overdue"} else QuestionTask.ended_at.desc()
    path = contains_eager(QuestionTask.question).contains_eager(Question.room).contains_eager(Room.meeting)
    return query.options(
        path.contains_eager(Meeting.cohort), path.joinedload(Meeting.module_version)
    ).order_by(order, QuestionTask.id)


def inbox_counts(user: User, now: dt.datetime) -> dict[str, int]:
    """{state: how many} of USER's tasks, in one query."""
    overdue = func.coalesce(func.sum((QuestionTask.due_at < now).cast(db.Integer)), 0)
    rows = db.session.execute(
        _mine(user).with_only_columns(QuestionTask.state, func.count(), overdue).group_by(QuestionTask.state)
    ).all()
    found = {state.value: n for state, n, _late in rows}
    late = sum(late for state, _n, late in rows if state is TaskState.OPEN)
    return dict.fromkeys(STATES, 0) | found | {"overdue": int(late)}


def inbox_cohorts(user: User) -> list[Cohort]:
    """The cohorts that USER has tasks in, the latest first."""
    ids = _mine(user).with_only_columns(Cohort.id).distinct()
    return list(db.session.scalars(select(Cohort).where(Cohort.id.in_(ids)).order_by(Cohort.starts_at.desc())))


def my_promises(user: User) -> list[Promise]:
    """What USER promised, or took over, and hasn't kept, the nearest day first."""
    return list(
        db.session.scalars(
            select(Promise)
            .join(Promise.room)
            .where(Promise.owner_id == user.id, Promise.done_at.is_(None))
            .options(contains_eager(Promise.room).joinedload(Room.meeting).joinedload(Meeting.cohort))
            .order_by(Promise.due_at.is_(None), Promise.due_at, Promise.id)
        )
    )


def task_for(question_id: int) -> QuestionTask | None:
    return db.session.scalar(
        select(QuestionTask)
        .where(QuestionTask.question_id == question_id)
        .options(joinedload(QuestionTask.mentor).options(lazyload(User.roles)))
    )


def may_owe(user: User | None) -> bool:
    """Whether USER may be given questions: on the team of some cohort, or staff."""
    return user is not None and user.active and (is_staff(user) or desk_and_page(user)[0])


def rooms_of_cohort(cohort_id: int) -> list[Room]:
    """The rooms of a cohort that aren't in the archive."""
    return list(
        db.session.scalars(
            select(Room)
            .join(Room.meeting)
            .where(Meeting.cohort_id == cohort_id, Room.archived_at.is_(None))
            .order_by(Room.id)
        )
    )


def rooms_to_archive(before: dt.datetime) -> list[Room]:
    """Rooms that are no longer open, of cohorts that ended before BEFORE."""
    return list(
        db.session.scalars(
            select(Room)
            .join(Room.meeting)
            .join(Meeting.cohort)
            .where(Cohort.state.in_(ENDED), Cohort.ends_at < before, Room.archived_at.is_(None))
            .where(or_(Room.state == RoomState.CLOSED, Room.state == RoomState.PLANNED))
            .order_by(Room.id)
        )
    )


