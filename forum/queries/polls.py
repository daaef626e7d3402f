"""Polls of a room, what was chosen in them, and what of it whom may see."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.db import db
from forum.models import (
    SEEN_POLLS,
    Poll,
    PollAnswer,
    PollHands,
    PollKind,
    PollState,
    Room,
    Stream,
)
from forum.queries.counting import HIDDEN, Result, result_of
from forum.queries.seats import Person

# Every hello asks these two: they are made once and give plain columns.
_ASKED = select(Poll.id, Poll.pid, Poll.anonymous).where(
    Poll.room_id == bindparam("room_id"), Poll.state.in_(SEEN_POLLS)
)
_OWN = (
    select(PollAnswer.poll_id, PollAnswer.round, PollAnswer.choice, PollAnswer.n)
    .where(
        PollAnswer.poll_id.in_(bindparam("polls", expanding=True)),
        or_(
            PollAnswer.user_id == bindparam("user_id"),
            PollAnswer.voter_hash.in_(bindparam("marks", expanding=True)),
        ),
    )
    .order_by(PollAnswer.poll_id, PollAnswer.round)
)
WHOLE_POLL = (selectinload(Poll.options), joinedload(Poll.changed_by))


def polls_in(room_id: int, stream: Stream) -> Sequence[Poll]:
    """What a stream's audience sees, in the prepared order."""
    query = select(Poll).where(Poll.room_id == room_id).options(*WHOLE_POLL).order_by(Poll.position, Poll.id)
    if stream is Stream.PUB:
        query = query.where(Poll.state.in_(SEEN_POLLS))
    return db.session.scalars(query).all()


def poll_of(session: Session, room_id: int, pid: str) -> Poll | None:
    """The poll PID of this room with all it shows."""
    return session.scalar(
        select(Poll).where(Poll.pid == uuid.UUID(pid), Poll.room_id == room_id).options(*WHOLE_POLL)
    )


def results(session: Session, polls: Sequence[Poll], *, every_text: bool = False) -> dict[int, list[Result]]:
    """{poll's number: a result for each round so far}. EVERY_TEXT: with all short texts, as moderators choose them."""
    if not polls:
        return {}
    ids = [poll.id for poll in polls]
    counted = _counted(session, ids)
    hands: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for hand in session.scalars(select(PollHands).where(PollHands.poll_id.in_(ids), PollHands.count > 0)):
        hands[hand.poll_id, hand.round][hand.option] = hand.count
    clouds = {poll.room_id for poll in polls if poll.kind is PollKind.CLOUD} if HIDDEN else ()
    rooms = {room_id: session.get_one(Room, room_id) for room_id in clouds}
    found = {
        poll.id: [
            result_of(poll.kind, len(poll.options), counted[poll.id, one], hands[poll.id, one], rooms.get(poll.room_id))
            for one in range(1, poll.round + 1)
        ]
        for poll in polls
    }
    for poll in polls:
        if poll.kind is PollKind.TEXT:
            _add_texts(found[poll.id][-1], _texts(session, poll.id), every_text=every_text)
    return found


def _counted(session: Session, ids: list[int]) -> dict[tuple[int, int], list[tuple[list[Any], int]]]:
    counted: dict[tuple[int, int], list[tuple[list[Any], int]]] = defaultdict(list)
    rows = session.execute(
        select(PollAnswer.poll_id, PollAnswer.round, PollAnswer.choice, func.count())
        .where(PollAnswer.poll_id.in_(ids))
        .group_by(PollAnswer.poll_id, PollAnswer.round, PollAnswer.choice)
    )
    for poll_id, one, choice, people in rows:
        counted[poll_id, one].append((json.loads(choice), people))
    return counted


def _texts(session: Session, poll_id: int) -> list[tuple[int, str, bool]]:
    rows = session.execute(
        select(PollAnswer.id, PollAnswer.choice, PollAnswer.picked)
        .where(PollAnswer.poll_id == poll_id)
        .order_by(PollAnswer.id)
    )
    return [(number, json.loads(choice)[0], picked) for number, choice, picked in rows]


def _add_texts(result: Result, texts: list[tuple[int, str, bool]], *, every_text: bool) -> None:
    result["rows"] = [[text, None, 0.0, 0] for _number, text, picked in texts if picked]
    if every_text:
        result["texts"] = [list(text) for text in texts]


def revealed_results(polls: Sequence[Poll], *, every_text: bool = False) -> dict[int, list[Result]]:
    """The results of those POLLS whose results everybody may see."""
    return results(db.session(), [p for p in polls if p.state is PollState.REVEALED], every_text=every_text)


def poll_ticks(room_id: int, pids: Iterable[str] | None = None) -> tuple[list[list[Any]], list[list[Any]]]:
    """What travels in ticks of polls that aren't revealed, (for everybody, for moderators).

    Everybody learns [id, round, how many answered], and the results while it runs only of a poll that says so.
    """
    query = select(Poll).where(Poll.room_id == room_id, Poll.state.in_((PollState.OPEN, PollState.CLOSED)))
    if pids is not None:
        query = query.where(Poll.pid.in_([uuid.UUID(pid) for pid in pids]))
    return ticks_of(db.session.scalars(query.options(selectinload(Poll.options)).order_by(Poll.position)).all())


def ticks_of(polls: Sequence[Poll]) -> tuple[list[list[Any]], list[list[Any]]]:
    """The same of POLLS that are loaded with their options."""
    found = results(db.session(), polls, every_text=True)
    everybody, moderators = [], []
    for poll in polls:
        told = found[poll.id]
        line = [str(poll.pid), poll.round, told[-1]["n"]]
        moderators.append([*line, told])
        everybody.append([*line, _without_texts(told)] if poll.live and poll.state is PollState.OPEN else line)
    return everybody, moderators


def _without_texts(told: list[Result]) -> list[Result]:
    return [{name: value for name, value in result.items() if name != "texts"} for result in told]


def ballots_of(room: Room, person: Person) -> list[list[Any]]:
    """[poll's id, round, choice, change counter] of everything PERSON chose here, the anonymous too."""
    asked = db.session.execute(_ASKED, {"room_id": room.id}).all()
    if not asked:
        return []
    marks = [poll_mark(room, person, pid) for _number, pid, anonymous in asked if anonymous]
    pids = {number: str(pid) for number, pid, _anonymous in asked}
    rows = db.session.execute(_OWN, {"polls": list(pids), "user_id": person.id, "marks": marks})
    return [[pids[number], one, json.loads(choice), n] for number, one, choice, n in rows]


def poll_mark(room: Room, person: Person, pid: object) -> str | None:
    """The keyed hash that stands for PERSON in one anonymous poll: another one in every poll."""
    return room.asker_mark(person.pid, "poll", str(pid))
