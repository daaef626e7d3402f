"""What stands in a room: its questions, voices and numbered events."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from core.db import db
from forum.models import IS_PUBLIC, Answer, Question, QuestionVote, Room, RoomEvent, Stream, Visibility, Watch
from forum.models.chain import put_names
from forum.queries.seats import Person
from mentors.models import Meeting
from network.models import Organisation

# What a question needs to be shown, whoever looks.
WHOLE_QUESTION = (
    joinedload(Question.asker),
    joinedload(Question.place),
    joinedload(Question.changed_by),
    joinedload(Question.merged_into),
    joinedload(Question.picture),
    selectinload(Question.answers).joinedload(Answer.author),
)

# And by moderators.
MODERATORS_QUESTION = (*WHOLE_QUESTION, selectinload(Question.reports))


# Made once: everybody who enters asks it.
_VOTES = (
    select(Question.pid, QuestionVote.value, QuestionVote.n)
    .join(QuestionVote, QuestionVote.question_id == Question.id)
    .where(Question.room_id == bindparam("room_id"), QuestionVote.user_id == bindparam("user_id"))
)


def _questions(room_id: int) -> Select[Question]:
    return select(Question).where(Question.room_id == room_id).options(*WHOLE_QUESTION).order_by(Question.no)


def questions_in(room_id: int, stream: Stream) -> Sequence[Question]:
    """What a stream's audience sees, by number."""
    query = _questions(room_id)
    if stream is Stream.PUB:
        return db.session.scalars(query.where(IS_PUBLIC)).all()
    shown = Question.watch.is_(None) | (Question.watch != Watch.DELAY)
    return db.session.scalars(query.where(shown).options(*MODERATORS_QUESTION)).all()


# What tells where a question stands in a list, and nothing of what it says.
_OUTLINE = (
    select(
        Question.id, Question.pid, Question.no, Question.state, Question.score, Question.downs, Question.first,
        Question.visibility, Question.watch, Question.tags, Question.merged_into_id, Organisation.name_el,
    )
    .outerjoin(Question.place)
    .order_by(Question.no)
)


def outline_in(room_id: int, stream: Stream) -> list[dict[str, Any]]:
    """The questions of `questions_in` as lists need them to be ordered and counted: light, however many there are.

    Keys as in their payloads, with `n` and `downs`; `key` and `joins` are numbers of the table: its own, its root's.
    """
    seen = IS_PUBLIC if stream is Stream.PUB else Question.watch.is_(None) | (Question.watch != Watch.DELAY)
    found = []
    for row in db.session.execute(_OUTLINE.where(Question.room_id == room_id, seen)):
        told = stream is Stream.MOD or row.visibility is Visibility.NAME
        found.append(
            {
                "key": row.id,
                "id": str(row.pid),
                "no": row.no,
                "state": row.state.value,
                "n": row.score,
                "downs": row.downs,
                "first": row.first and row.visibility is Visibility.NAME,
                "place": row.name_el if told else None,
                "watch": row.watch.value if row.watch else None,
                "tags": row.tags,
                "joins": row.merged_into_id,
            }
        )
    return found


def whole_of(stream: Stream, keys: Iterable[int]) -> dict[int, Question]:
    """{key: the question with all it shows} of those that an outline chose."""
    options = WHOLE_QUESTION if stream is Stream.PUB else MODERATORS_QUESTION
    found = db.session.scalars(select(Question).where(Question.id.in_(set(keys))).options(*options))
    return {question.id: question for question in found}


def question_or_404(pid: uuid.UUID) -> Question:
    """The question with its room and all it shows; who may see it is the caller's to ask."""
    found = db.session.scalar(
        select(Question).where(Question.pid == pid).options(joinedload(Question.room), *WHOLE_QUESTION)
    )
    if found is None:
        abort(404)
    return found


def pid_of(question_id: int) -> str:
    """The public id of a question."""
    return str(db.session.scalar(select(Question.pid).where(Question.id == question_id)))


def own_questions(room: Room, person: Person) -> Sequence[Question]:
    """Everything PERSON asked here, the anonymous too, by number."""
    mine = [Question.asker_id == person.id]
    if mark := room.asker_mark(person.pid):
        mine.append(Question.asker_hash == mark)
    found = db.session.scalars(_questions(room.id).where(or_(*mine))).all()
    return sorted(found, key=lambda question: (question.no < 0, question.no))  # one without a number yet came last


def votes_of(room_id: int, user_id: int) -> dict[str, tuple[int, int]]:
    """{question's id: (value, change counter)} of one person in one room, as they pressed.

    A voice for a question that was joined with another counts there (queries/voices.py: `voiced`).
    """
    rows = db.session.execute(_VOTES, {"room_id": room_id, "user_id": user_id})
    return {str(pid): (value, n) for pid, value, n in rows}


def counts(room_id: int, pids: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """(id, how many ask the same) of the public questions, or of PIDS among them."""
    query = select(Question.pid, Question.score).where(Question.room_id == room_id, IS_PUBLIC)
    if pids is not None:
        query = query.where(Question.pid.in_([uuid.UUID(pid) for pid in pids]))
    return [(str(pid), score) for pid, score in db.session.execute(query)]


def downs(room_id: int, pids: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """(id, how many say "not for now") of the public questions, or of PIDS; for moderators."""
    query = select(Question.pid, Question.downs).where(Question.room_id == room_id)
    wanted = IS_PUBLIC if pids is None else Question.pid.in_([uuid.UUID(pid) for pid in pids])
    return [(str(pid), n) for pid, n in db.session.execute(query.where(wanted))]


def head(room: Room, stream: Stream) -> int:
    return room.pub_seq if stream is Stream.PUB else room.mod_seq


def events_after(room_id: int, stream: Stream, seq: int, limit: int) -> list[dict[str, Any]]:
    """The sequenced events that follow SEQ, as the wire shows them."""
    rows = db.session.execute(
        select(RoomEvent.seq, RoomEvent.type, RoomEvent.data, RoomEvent.names)
        .where(RoomEvent.room_id == room_id, RoomEvent.stream == stream, RoomEvent.seq > seq)
        .order_by(RoomEvent.seq)
        .limit(limit)
    )
    return [{"s": seq, "t": kind, "d": put_names(data, names)} for seq, kind, data, names in rows]


def heads(room_ids: Iterable[int]) -> list[tuple[int, str, int, int]]:
    """(room, epoch, public head, moderators' head) of each."""
    wanted = list(room_ids)
    if not wanted:
        return []
    rows = db.session.execute(select(Room.id, Room.epoch, Room.pub_seq, Room.mod_seq).where(Room.id.in_(wanted)))
    return [(room_id, epoch, pub, mod) for room_id, epoch, pub, mod in rows]


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
