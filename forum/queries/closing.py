"""What a room still owes when it closes: questions without a fate, promises without an owner, and who may take them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, lazyload

from accounts.models import User
from forum.models import Promise, Question, QuestionState, QuestionTask, Room, TaskState
from forum.queries.questions import MODERATORS_QUESTION
from forum.queries.receipt import with_task
from mentors.models import CohortTeam, Meeting, TeamPart

MENTOR = "mentor"  # in a command: the meeting's own mentor
UNSETTLED = (QuestionState.PENDING, QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.LATER)


@dataclass(frozen=True)
class Mentor:
    """Somebody of the cohort's team who may be given a question or a promise."""

    id: int
    pid: uuid.UUID
    name: str


def team_of(session: Session, room: Room, fallback: User | None = None) -> list[Mentor]:
    """The cohort's team, the meeting's own mentor first, then its hosts; only FALLBACK when there is no team."""
    rows = session.execute(
        select(User, CohortTeam.part, Meeting.mentor_id)
        .options(lazyload(User.roles))
        .join(CohortTeam, CohortTeam.user_id == User.id)
        .join(Meeting, Meeting.cohort_id == CohortTeam.cohort_id)
        .where(Meeting.id == room.meeting_id, User.active)
        .order_by(CohortTeam.id)
    ).all()
    order = sorted(rows, key=lambda row: (row[0].id != row[2], row[1] is not TeamPart.HOST))
    people = [user for user, _part, _mentor in order] or ([fallback] if fallback else [])
    return [Mentor(user.id, user.pid, user.name) for user in people]


def unsettled(session: Session, room_id: int) -> Sequence[Question]:
    """The questions of a room that have no fate yet, by number: unanswered, and with no mentor."""
    return session.scalars(
        with_task(select(Question))
        .where(
            Question.room_id == room_id,
            Question.state.in_(UNSETTLED),
            (QuestionTask.id.is_(None)) | (QuestionTask.state == TaskState.DONE),
        )
        .options(*MODERATORS_QUESTION)
        .order_by(Question.no)
    ).all()


def promises_in(session: Session, room_id: int) -> Sequence[Promise]:
    """The promises of a room as they were made, with their owners."""
    return session.scalars(
        select(Promise)
        .where(Promise.room_id == room_id)
        .options(joinedload(Promise.owner).options(lazyload(User.roles)))
        .order_by(Promise.id)
    ).all()


def ownerless(session: Session, room_id: int) -> Sequence[Promise]:
    """Promises that nobody has yet and that aren't kept."""
    return [one for one in promises_in(session, room_id) if one.owner_id is None and one.done_at is None]
