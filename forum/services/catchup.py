"""What somebody needs to stand where the room stands: a snapshot, what was missed, what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forum import queries
from forum.models import Room, Stream
from forum.protocol import INLINE_EVENTS, moderators_question, own_question, public_question
from forum.queries import Person, events_after, head


def _questions(room: Room, stream: Stream) -> dict[str, Any]:
    show = public_question if stream is Stream.PUB else moderators_question
    questions = queries.questions_in(room.id, stream)
    spot = next((str(q.pid) for q in questions if q.id == room.spotlight_id), None)
    return {"spot": spot, "questions": [show(q) for q in questions]}


def _own_questions(room: Room, person: Person) -> dict[str, Any]:
    votes = queries.votes_of(room.id, person.id)
    return {
        "mine": [own_question(question) for question in queries.own_questions(room, person)],
        "votes": [[qid, value, n] for qid, (value, n) in votes.items()],
    }


# Each noun of a room adds what its audience sees of it, under keys of its own.
PARTS: tuple[Callable[[Room, Stream], dict[str, Any]], ...] = (_questions,)
# Each adds what is one person's own to the `me` block of a hello.
OWN: tuple[Callable[[Room, Person], dict[str, Any]], ...] = (_own_questions,)


def snapshot(room: Room, stream: Stream) -> dict[str, Any]:
    """Everything a stream's audience sees, as of the stream's head (or later: events are absolute)."""
    found = {"s": head(room, stream), "state": room.state.value}
    for part in PARTS:
        found |= part(room, stream)
    return found


def missed(room: Room, stream: Stream, last: int | None) -> dict[str, Any]:
    """The events since LAST when that is few enough, else a snapshot."""
    behind = head(room, stream) - last if last is not None else -1
    if last is not None and 0 <= behind <= INLINE_EVENTS:
        return {"events": events_after(room.id, stream, last, INLINE_EVENTS * 2)}
    return {"snapshot": snapshot(room, stream)}


def me(room: Room, person: Person) -> dict[str, Any]:
    """The personal block of a hello: own questions and votes."""
    found: dict[str, Any] = {}
    for own in OWN:
        found |= own(room, person)
    return found
