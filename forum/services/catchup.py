"""What somebody needs to stand where the room stands: a snapshot, what was missed, what is theirs."""

from __future__ import annotations

from typing import Any

from forum import queries
from forum.models import Room, Stream
from forum.protocol import INLINE_EVENTS, moderators_question, own_question, public_question
from forum.queries import Person, events_after, head


def snapshot(room: Room, stream: Stream) -> dict[str, Any]:
    """Everything a stream's audience sees, as of the stream's head (or later: events are absolute)."""
    at = head(room, stream)
    show = public_question if stream is Stream.PUB else moderators_question
    questions = queries.questions_in(room.id, stream)
    spot = next((str(q.pid) for q in questions if q.id == room.spotlight_id), None)
    return {"s": at, "state": room.state.value, "spot": spot, "questions": [show(q) for q in questions]}


def missed(room: Room, stream: Stream, last: int | None) -> dict[str, Any]:
    """The events since LAST when that is few enough, else a snapshot."""
    behind = head(room, stream) - last if last is not None else -1
    if last is not None and 0 <= behind <= INLINE_EVENTS:
        return {"events": events_after(room.id, stream, last, INLINE_EVENTS * 2)}
    return {"snapshot": snapshot(room, stream)}


def me(room: Room, person: Person) -> dict[str, Any]:
    """The personal block of a hello: own questions and votes."""
    votes = queries.votes_of(room.id, person.id)
    return {
        "mine": [own_question(question) for question in queries.own_questions(room, person)],
        "votes": [[qid, value, n] for qid, (value, n) in votes.items()],
    }
