"""What a room chooses in its polls: many at once, like its voices (votes.py).

Votes that stand one after the other in a batch are read, judged and written together: five reads and two writes for
five hundred of them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session, selectinload

from core.errors import DomainError, NotFound
from forum.models import Poll, PollAnswer, PollState, Room
from forum.queries import Person, poll_mark
from forum.services.choices import settled
from forum.services.refusals import Banned, Locked, RoomClosed
from forum.services.votes import barred, open_room

Voter = tuple[int | None, str | None]  # a person's number, or the hash that stands for them in an anonymous poll


@dataclass
class Choice:
    """One person's choice in one poll, then what became of it."""

    person: Person
    pid: str
    round: int
    choice: list[Any]
    n: int | None = None  # the client's change counter; forms without script have none
    result: dict[str, Any] = field(default_factory=dict)
    error: DomainError | None = None
    counted: dict[str, set[Any]] = field(default_factory=dict)  # {kind of tick: what of it changed}


@dataclass
class Stored:
    """An answer as it stands; `id` None until it is inserted."""

    id: int | None = None
    choice: str = ""
    n: int = 0
    changed: bool = False


def cast(session: Session, room: Room, choices: Sequence[Choice]) -> None:
    """Count CHOICES, in order, in a room whose row is locked; each gets its result or its refusal."""
    polls = _polls(session, room, {choice.pid for choice in choices})
    voters = [_voter(room, polls.get(choice.pid), choice.person) for choice in choices]
    stored = _stored(session, polls, voters)
    banned = barred(session, room)
    for choice, voter in zip(choices, voters, strict=True):
        try:
            poll = _judge(room, polls.get(choice.pid), choice.round)
            if banned and banned & {choice.person.id, room.asker_mark(choice.person.pid)}:
                raise Banned
            text = settled(poll, choice.choice)
            if voter == (None, None):
                raise RoomClosed
        except DomainError as error:
            choice.error = error
            continue
        answer = stored.setdefault((poll.id, voter), Stored())
        n = answer.n + 1 if choice.n is None else choice.n
        if n > answer.n:
            if text != answer.choice:
                choice.counted = {"p": {choice.pid}}
            answer.choice, answer.n, answer.changed = text, n, True
        choice.result = {"pid": choice.pid, "round": poll.round, "choice": json.loads(answer.choice), "n": answer.n}
    _write(session, stored, {poll.id: poll.round for poll in polls.values()})


def _voter(room: Room, poll: Poll | None, person: Person) -> Voter:
    if poll is not None and poll.anonymous:
        return None, poll_mark(room, person, poll.pid)
    return person.id, None


def _judge(room: Room, poll: Poll | None, one: int) -> Poll:
    open_room(room)
    if poll is None or poll.state is PollState.DRAFT:
        raise NotFound
    if poll.state is not PollState.OPEN:
        raise Locked(_l("This poll has closed. What you chose before that counts."))
    if poll.round != one:
        raise Locked(_l("The second round has begun: choose once more."))
    return poll


def _polls(session: Session, room: Room, pids: set[str]) -> dict[str, Poll]:
    wanted = [uuid.UUID(pid) for pid in pids]
    found = session.scalars(
        select(Poll).where(Poll.room_id == room.id, Poll.pid.in_(wanted)).options(selectinload(Poll.options))
    )
    return {str(poll.pid): poll for poll in found}


def _stored(session: Session, polls: dict[str, Poll], voters: Sequence[Voter]) -> dict[tuple[int, Voter], Stored]:
    people = {user_id for user_id, _mark in voters if user_id is not None}
    marks = {mark for _user_id, mark in voters if mark is not None}
    by: list[ColumnElement[bool]] = [PollAnswer.user_id.in_(people)]
    if marks:
        by.append(PollAnswer.voter_hash.in_(marks))
    found: dict[tuple[int, Voter], Stored] = {}
    for one in {poll.round for poll in polls.values()}:
        rows = session.execute(
            select(
                PollAnswer.id, PollAnswer.poll_id, PollAnswer.user_id, PollAnswer.voter_hash, PollAnswer.choice,
                PollAnswer.n,
            ).where(
                PollAnswer.poll_id.in_([poll.id for poll in polls.values() if poll.round == one]),
                PollAnswer.round == one,
                or_(*by),
            )
        )
        for number, poll_id, user_id, mark, choice, n in rows:
            found[poll_id, (user_id, mark)] = Stored(number, choice, n)
    return found


def _write(session: Session, stored: dict[tuple[int, Voter], Stored], rounds: dict[int, int]) -> None:
    """What changed; a short text that is written anew waits to be chosen again."""
    changed = [(key, answer) for key, answer in stored.items() if answer.changed]
    fresh = [
        {
            "poll_id": poll_id,
            "round": rounds[poll_id],
            "user_id": user_id,
            "voter_hash": mark,
            "choice": answer.choice,
            "n": answer.n,
        }
        for (poll_id, (user_id, mark)), answer in changed
        if answer.id is None
    ]
    known = [
        {"id": answer.id, "choice": answer.choice, "n": answer.n, "picked": False}
        for _key, answer in changed
        if answer.id is not None
    ]
    if fresh:
        session.execute(insert(PollAnswer), fresh)
    if known:
        session.execute(update(PollAnswer), known)
