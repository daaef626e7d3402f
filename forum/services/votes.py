"""Voices: many at once, because a whole room presses «me too» in the same two seconds.

The votes that stand one after the other in a batch are read, judged and written together: a handful of
reads and two writes for five hundred of them.

A vote for a question that was joined with another counts there. Whoever presses there says what they wish of the whole
family, so their rows in the rest of it are emptied (queries/voices.py says whose voices a family has).
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
from forum.models import Question, QuestionState, QuestionVote, Room, RoomBan, RoomState, Visibility
from forum.queries import Person
from forum.services.refusals import Banned, Locked, NotOpenYet, NotOver, OwnQuestion, RoomClosed

VOTABLE = {QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.LATER}
AFTERWARDS = {QuestionState.OPEN, QuestionState.LATER, QuestionState.ANSWERED}


@dataclass
class Ballot:
    """One person's wish for one question, then what became of it."""

    person: Person
    qid: str
    val: int
    n: int | None = None  # the client's change counter; forms without script have none
    result: dict[str, Any] = field(default_factory=dict)
    error: DomainError | None = None
    counted: dict[str, set[Any]] = field(default_factory=dict)  # {kind of tick: whose count changed}
    after: bool = False  # the meeting: beside its recording

    def count(self, kind: str, question: Question) -> None:
        self.counted.setdefault(kind, set()).add(str(question.pid))


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


def closed_room(room: Room) -> None:
    """Refuse unless the meeting is over."""
    require(room.state is RoomState.CLOSED, NotOver)


@dataclass
class Families:
    """The questions of a batch by id, those that went into another by that one, and the votes on all of them."""

    by_pid: dict[str, Question]
    roots: dict[int, Question]
    joined: dict[int, list[Question]]
    stored: dict[tuple[int, int], Stored]

    def root(self, qid: str) -> Question | None:
        question = self.by_pid.get(qid)
        return self.roots.get(question.merged_into_id, question) if question and question.merged_into_id else question

    def members(self, root: Question) -> list[Question]:
        return [root, *self.joined.get(root.id, [])]

    def vote(self, question: Question, person: Person) -> Stored:
        return self.stored.setdefault((question.id, person.id), Stored())

    def voice(self, root: Question, person: Person) -> int:
        """What PERSON wishes of the whole family."""
        found = [self.stored.get((member.id, person.id), Stored()).value for member in self.members(root)]
        return max(found, key=lambda value: (value > 0, value < 0))


def cast(session: Session, room: Room, ballots: Sequence[Ballot]) -> None:
    """Count BALLOTS, in order, in a room whose row is locked; each gets its result or its refusal."""
    families = _families(session, room, ballots)
    banned = barred(session, room)
    for ballot in ballots:
        try:
            root = families.root(ballot.qid)
            _judge(room, families, root, ballot, banned)
        except DomainError as error:
            ballot.error = error
            continue
        assert root is not None  # noqa: S101 - judged
        _put(families, root, ballot)
    _write(session, families.stored)


def _put(families: Families, root: Question, ballot: Ballot) -> None:
    vote = families.vote(root, ballot.person)
    # The counter of another question's button says nothing about this one.
    known = ballot.n is not None and ballot.qid == str(root.pid)
    n = ballot.n if known and ballot.n is not None else vote.n + 1
    if n > vote.n:
        before = families.voice(root, ballot.person)
        for member in families.joined.get(root.id, []):
            _empty(families, member, ballot)
        vote.value, vote.n, vote.changed = ballot.val, n, True
        _shift(root, before, ballot.val, ballot)
    ballot.result = {"qid": str(root.pid), "val": vote.value, "n": vote.n}


def _empty(families: Families, member: Question, ballot: Ballot) -> None:
    row = families.stored.get((member.id, ballot.person.id))
    if row is not None and row.value:
        _shift(member, row.value, 0, ballot)
        row.value, row.changed = 0, True


def _shift(question: Question, before: int, after: int, ballot: Ballot) -> None:
    if (up := (after > 0) - (before > 0)) != 0:
        question.score += up
        ballot.count("v", question)
    if (down := (after < 0) - (before < 0)) != 0:
        question.downs += down
        ballot.count("d", question)


def barred(session: Session, room: Room) -> set[int | str]:
    """Who only reads in this room: persons by number, anonymous askers by hash."""
    rows = session.execute(select(RoomBan.user_id, RoomBan.asker_hash).where(RoomBan.room_id == room.id))
    return {who for row in rows for who in row if who is not None}


def refuse_barred(room: Room, person: Person, banned: set[int | str]) -> None:
    """Refuse whoever is among BANNED, by number or by hash."""
    require(not banned or not banned & {person.id, room.asker_mark(person.pid)}, Banned)


def owns(room: Room, question: Question, person: Person) -> bool:
    """Whether PERSON asked QUESTION, also when nobody else can know."""
    if question.visibility is Visibility.NONE:
        return question.asker_hash is not None and question.asker_hash == room.asker_mark(person.pid)
    return question.asker_id == person.id


def _judge(
    room: Room, families: Families, root: Question | None, ballot: Ballot, banned: set[int | str]
) -> None:
    """Refuse unless this person may press this button now."""
    closed_room(room) if ballot.after else open_room(room)
    question = families.by_pid.get(ballot.qid)
    if root is None or question is None or not (question.is_public and root.is_public):
        raise NotFound
    refuse_barred(room, ballot.person, banned)
    require(not any(owns(room, member, ballot.person) for member in families.members(root)), OwnQuestion)
    if root.state not in (AFTERWARDS if ballot.after else VOTABLE):
        raise Locked(_l("It was answered meanwhile."))
    if root.locked:
        raise Locked(_l("The host has closed its voices. Its place stays as it is."))


def _families(session: Session, room: Room, ballots: Sequence[Ballot]) -> Families:
    questions = _questions(session, room, {ballot.qid for ballot in ballots})
    moved = {question.merged_into_id for question in questions.values() if question.merged_into_id}
    roots = {root.id: root for root in session.scalars(select(Question).where(Question.id.in_(moved)))} if moved else {}
    ids = {question.id for question in questions.values()} | set(roots)
    joined: dict[int, list[Question]] = {}
    for member in session.scalars(select(Question).where(Question.merged_into_id.in_(ids))):
        joined.setdefault(member.merged_into_id or 0, []).append(member)
        ids.add(member.id)
    stored = _stored(session, ids, {ballot.person.id for ballot in ballots})
    return Families(questions, roots, joined, stored)


def _questions(session: Session, room: Room, qids: set[str]) -> dict[str, Question]:
    wanted = [uuid.UUID(qid) for qid in qids]
    found = session.scalars(select(Question).where(Question.room_id == room.id, Question.pid.in_(wanted)))
    return {str(question.pid): question for question in found}


def _stored(session: Session, questions: set[int], people: set[int]) -> dict[tuple[int, int], Stored]:
    rows = session.execute(
        select(QuestionVote.question_id, QuestionVote.user_id, QuestionVote.value, QuestionVote.n).where(
            QuestionVote.question_id.in_(questions),
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
