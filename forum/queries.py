"""Every SELECT of the room: who is who in it, what stands in it, what somebody missed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from accounts.models import PlatformRole, User, role_grants
from accounts.models import Role as PlatformGrant
from core.db import db
from forum.models import (
    PUBLIC_STATES,
    Answer,
    Question,
    QuestionState,
    QuestionVote,
    Room,
    RoomEvent,
    RoomState,
    Stream,
    Visibility,
)
from forum.permissions import Role, Standing, role_of
from learning.models import LIVE, Enrolment
from mentors.models import Cohort, CohortPartner, CohortTeam, Meeting
from network.models import Membership, MembershipPart

# What a question needs to be shown, whoever looks.
WHOLE_QUESTION = (
    joinedload(Question.asker),
    joinedload(Question.changed_by),
    selectinload(Question.answers).joinedload(Answer.author),
)


@dataclass(frozen=True)
class Person:
    """Who acts: enough for every rule, readable in any thread."""

    id: int
    pid: uuid.UUID
    short_name: str
    uniquifier: str


@dataclass(frozen=True)
class Seat:
    """A person at the table of a room, and their part; `role` None: no seat."""

    room_id: int
    person: Person | None
    role: Role | None


_PARTS = ("team", "enrolled", "coordinator", "staff")


def _parts_of(user_id: Any, cohort_id: Any) -> dict[str, Any]:
    """What the person is to the cohort, as columns of one row."""
    staff = (PlatformRole.STAFF.value, PlatformRole.ADMIN.value)
    return {
        "team": exists().where(CohortTeam.cohort_id == cohort_id, CohortTeam.user_id == user_id),
        "enrolled": exists().where(
            Enrolment.cohort_id == cohort_id, Enrolment.user_id == user_id, Enrolment.state.in_(LIVE)
        ),
        "coordinator": exists().where(
            CohortPartner.cohort_id == cohort_id,
            CohortPartner.organisation_id == Membership.organisation_id,
            Membership.user_id == user_id,
            Membership.part == MembershipPart.COORDINATOR,
        ),
        "staff": exists().where(
            role_grants.c.user_id == user_id,
            role_grants.c.role_id == PlatformGrant.id,
            PlatformGrant.name.in_(staff),
        ),
    }


@cache
def _seat_query() -> Select[Any]:
    """Built once: every command of every socket asks it, and building it costs more than asking."""
    parts = _parts_of(User.id, Meeting.cohort_id)
    return (
        select(User, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .options(lazyload(User.roles))
        .select_from(Room)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(User, User.id == bindparam("user_id"))
        .where(Room.id == bindparam("room_id"), User.active)
    )


def seat(room_id: int, user_id: int | None) -> Seat:
    """The seat of a person in a room, from the database, in one query."""
    nobody = Seat(room_id, None, None)
    if user_id is None:
        return nobody
    row = db.session.execute(_seat_query(), {"room_id": room_id, "user_id": user_id}).one_or_none()
    if row is None:
        return nobody
    user, state, *flags = row
    person = Person(user.id, user.pid, user.short_name, user.fs_uniquifier)
    standing = Standing(state, **dict(zip(_PARTS, map(bool, flags), strict=True)))
    return Seat(room_id, person, role_of(standing))


def _room(code: str) -> Room | None:
    return db.session.scalar(
        select(Room)
        .where(Room.code == code.upper())
        .options(
            joinedload(Room.meeting).options(
                joinedload(Meeting.cohort), joinedload(Meeting.module_version), joinedload(Meeting.mentor)
            )
        )
    )


def room_or_404(code: str, user: User | None) -> tuple[Room, Seat]:
    """The room with this code and USER's seat in it. 404 for whoever has none."""
    room = _room(code)
    if room is None or user is None:
        abort(404)
    place = seat(room.id, user.id)
    if place.role is None:
        abort(404)
    return room, place


def room_on_screen(code: str) -> Room | None:
    """The room with this code, for a signed link to the projector."""
    return _room(code)


def room_id_of(code: str) -> int | None:
    return db.session.scalar(select(Room.id).where(Room.code == code.upper()))


# What stands in a room


def _questions(room_id: int) -> Select[Question]:
    return select(Question).where(Question.room_id == room_id).options(*WHOLE_QUESTION).order_by(Question.no)


def questions_in(room_id: int, stream: Stream) -> Sequence[Question]:
    """What a stream's audience sees, by number."""
    query = _questions(room_id)
    if stream is Stream.PUB:
        query = query.where(Question.state.in_(PUBLIC_STATES))
    return db.session.scalars(query).all()


def pid_of(question_id: int) -> str:
    """The public id of a question."""
    return str(db.session.scalar(select(Question.pid).where(Question.id == question_id)))


def own_questions(room: Room, person: Person) -> Sequence[Question]:
    """Everything PERSON asked here, the anonymous too, by number."""
    mine = [Question.asker_id == person.id]
    if mark := room.asker_mark(person.pid):
        mine.append(Question.asker_hash == mark)
    return db.session.scalars(_questions(room.id).where(or_(*mine))).all()


def votes_of(room_id: int, user_id: int) -> dict[str, tuple[int, int]]:
    """{question's id: (value, change counter)} of one person in one room."""
    rows = db.session.execute(
        select(Question.pid, QuestionVote.value, QuestionVote.n)
        .join(QuestionVote, QuestionVote.question_id == Question.id)
        .where(Question.room_id == room_id, QuestionVote.user_id == user_id)
    )
    return {str(pid): (value, n) for pid, value, n in rows}


def counts(room_id: int, pids: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """(id, how many ask the same) of the public questions, or of PIDS among them."""
    query = select(Question.pid, Question.score).where(
        Question.room_id == room_id, Question.state.in_(PUBLIC_STATES)
    )
    if pids is not None:
        query = query.where(Question.pid.in_([uuid.UUID(pid) for pid in pids]))
    return [(str(pid), score) for pid, score in db.session.execute(query)]


def head(room: Room, stream: Stream) -> int:
    return room.pub_seq if stream is Stream.PUB else room.mod_seq


def events_after(room_id: int, stream: Stream, seq: int, limit: int) -> list[dict[str, Any]]:
    """The sequenced events that follow SEQ, as the wire shows them."""
    rows = db.session.execute(
        select(RoomEvent.seq, RoomEvent.type, RoomEvent.data)
        .where(RoomEvent.room_id == room_id, RoomEvent.stream == stream, RoomEvent.seq > seq)
        .order_by(RoomEvent.seq)
        .limit(limit)
    )
    return [{"s": seq, "t": kind, "d": data} for seq, kind, data in rows]


def heads(room_ids: Iterable[int]) -> list[tuple[int, str, int, int]]:
    """(room, epoch, public head, moderators' head) of each."""
    wanted = list(room_ids)
    if not wanted:
        return []
    rows = db.session.execute(select(Room.id, Room.epoch, Room.pub_seq, Room.mod_seq).where(Room.id.in_(wanted)))
    return [(room_id, epoch, pub, mod) for room_id, epoch, pub, mod in rows]


# The record, and what other areas ask


@dataclass(frozen=True)
class RecordAnswer:
    body: str
    by: str


@dataclass(frozen=True)
class RecordLine:
    """A question of a finished room. `by` only when they said so; the times are the host's clicks (UTC)."""

    pid: uuid.UUID
    no: int
    body: str
    by: str | None
    score: int
    state: QuestionState
    answering_at: dt.datetime | None
    answered_at: dt.datetime | None
    answers: list[RecordAnswer]


def _line(question: Question) -> RecordLine:
    named = question.visibility is Visibility.NAME and question.asker is not None
    return RecordLine(
        question.pid,
        question.no,
        question.body,
        question.asker.short_name if named and question.asker else None,
        question.score,
        question.state,
        question.answering_at,
        question.answered_at,
        [RecordAnswer(answer.body, answer.author.short_name) for answer in question.answers],
    )


def record_of(meeting_id: int) -> list[RecordLine]:
    """The public questions of a meeting: answered ones in the order they were answered, then by voices."""
    questions = db.session.scalars(
        select(Question)
        .join(Room, Room.id == Question.room_id)
        .where(Room.meeting_id == meeting_id, Question.state.in_(PUBLIC_STATES))
        .options(*WHOLE_QUESTION)
    ).all()
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(map(_line, questions), key=lambda q: (q.answering_at or q.answered_at or far, -q.score, q.no))


def rooms_of(meeting_ids: Iterable[int], user: User) -> list[tuple[Room, Role]]:
    """The rooms of these meetings that USER has a part in, with the part. One query."""
    parts = _parts_of(user.id, Meeting.cohort_id)
    rows = db.session.execute(
        select(Room, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Room.meeting_id.in_(list(meeting_ids)))
    ).all()
    found = []
    for room, state, *flags in rows:
        role = role_of(Standing(state, **dict(zip(parts, map(bool, flags), strict=True))))
        if role is not None:
            found.append((room, role))
    return found


def open_rooms_for(user: User) -> list[Room]:
    """The rooms that are open now and where USER learns or teaches, with their meeting and cohort."""
    parts = _parts_of(user.id, Meeting.cohort_id)
    return list(
        db.session.scalars(
            select(Room)
            .join(Room.meeting)
            .join(Meeting.cohort)
            .where(Room.state == RoomState.OPEN, or_(parts["team"], parts["enrolled"]))
            .options(
                contains_eager(Room.meeting).options(
                    contains_eager(Meeting.cohort), joinedload(Meeting.module_version)
                )
            )
            .order_by(Meeting.starts_at)
        )
    )


def my_questions(user: User, limit: int = 20) -> list[Question]:
    """What USER asked under their name or for moderators only, newest first, with room and meeting.

    Anonymous questions can't be found from here, by design: only the room itself knows them.
    """
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.asker_id == user.id)
            .options(
                joinedload(Question.room).joinedload(Room.meeting).options(
                    joinedload(Meeting.cohort), joinedload(Meeting.module_version)
                ),
                *WHOLE_QUESTION,
            )
            .order_by(Question.asked_at.desc(), Question.id.desc())
            .limit(limit)
        )
    )


def with_seat(room_id: int) -> set[int]:
    """Everybody who has a part in this room, by number: whom a sweep leaves connected."""
    parts = _parts_of(User.id, Meeting.cohort_id)
    rows = db.session.execute(
        select(User.id, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .select_from(User)
        .join(Room, Room.id == room_id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(and_(User.active, or_(*parts.values())))
    )
    return {
        user_id
        for user_id, state, *flags in rows
        if role_of(Standing(state, **dict(zip(parts, map(bool, flags), strict=True)))) is not None
    }
