"""Voices: many at once, because a whole room presses «me too» in the same two seconds.

The votes that stand one after the other in a batch are read, judged and written together: three
reads and two writes for five hundred of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.errors import DomainError, NotFound, require
from forum.models import PUBLIC_STATES, Question, QuestionState, QuestionVote, Room, RoomState, Visibility
from forum.queries import Person
from forum.services.refusals import Locked, NotOpenYet, OwnQuestion, RoomClosed

VOTABLE = {QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.LATER}


@dataclass
class Ballot:
    """One person's wish for one question, then what became of it."""

    person: Person
    qid: str
    val: int
    n: int | None = None  # the client's change counter; forms without script have none
    result: dict[str, Any] = field(default_factory=dict)
    error: DomainError | None = None
    counted: dict[str, set[Any]] = field(default_factory=dict)  # {kind of tick: what of it changed}


@dataclass
class Stored:
    """A vote as it stands; `new` until it is inserted."""

    value: int = 0
    n: int = 0
    new: bool = True
    changed: bool = False


def open_room(room: Room) -> None:
    """Refuse unless the room is open."""
    if room.state is RoomState.PLANNED:
        raise NotOpenYet
    if room.state is RoomState.CLOSED:
        raise RoomClosed


def cast(session: Session, room: Room, ballots: Sequence[Ballot]) -> None:
    """Count BALLOTS, in order, in a room whose row is locked; each gets its result or its refusal."""
    questions = _questions(session, room, {ballot.qid for ballot in ballots})
    stored = _stored(session, questions, {ballot.person.id for ballot in ballots})
    for ballot in ballots:
        try:
            question = _judge(room, questions.get(ballot.qid), ballot.person)
        except DomainError as error:
            ballot.error = error
            continue
        vote = stored.setdefault((question.id, ballot.person.id), Stored())
        n = vote.n + 1 if ballot.n is None else ballot.n
        if n > vote.n:
            question.score += ballot.val - vote.value
            if ballot.val != vote.value:
                ballot.counted = {"v": {ballot.qid}}
            vote.value, vote.n, vote.changed = ballot.val, n, True
        ballot.result = {"qid": ballot.qid, "val": vote.value, "n": vote.n}
    _write(session, stored)


def owns(room: Room, question: Question, person: Person) -> bool:
    """Whether PERSON asked QUESTION, also when nobody else can know."""
    if question.visibility is Visibility.NONE:
        return question.asker_hash is not None and question.asker_hash == room.asker_mark(person.pid)
    return question.asker_id == person.id


def _judge(room: Room, question: Question | None, person: Person) -> Question:
    open_room(room)
    if question is None or question.state not in PUBLIC_STATES:
        raise NotFound
    require(not owns(room, question, person), OwnQuestion)
    if question.state not in VOTABLE:
        raise Locked(_l("It was answered meanwhile."))
    return question


def _questions(session: Session, room: Room, qids: set[str]) -> dict[str, Question]:
    wanted = [uuid.UUID(qid) for qid in qids]
    found = session.scalars(select(Question).where(Question.room_id == room.id, Question.pid.in_(wanted)))
    return {str(question.pid): question for question in found}


def _stored(session: Session, questions: dict[str, Question], people: set[int]) -> dict[tuple[int, int], Stored]:
    rows = session.execute(
        select(QuestionVote.question_id, QuestionVote.user_id, QuestionVote.value, QuestionVote.n).where(
            QuestionVote.question_id.in_([question.id for question in questions.values()]),
            QuestionVote.user_id.in_(people),
        )
    )
    return {(question_id, user_id): Stored(value, n, new=False) for question_id, user_id, value, n in rows}


def _write(session: Session, stored: dict[tuple[int, int], Stored]) -> None:
    changed = [
        (vote.new, {"question_id": question_id, "user_id": user_id, "value": vote.value, "n": vote.n})
        for (question_id, user_id), vote in stored.items()
        if vote.changed
    ]
    if fresh := [row for new, row in changed if new]:
        session.execute(insert(QuestionVote), fresh)
    if known := [row for new, row in changed if not new]:
        session.execute(update(QuestionVote), known)
    session.flush()
