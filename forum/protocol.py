"""The live room on the wire: audiences, event names, payloads. docs/live-protocol.md explains it.

A payload is the same for everybody in its audience, so it is encoded once. What belongs to
one person (their vote, the fate of their question) travels in acks, in `me`, and in the
`me` block of `room:hello`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forum.models import Answer, Question, Stream, Visibility

VERSION = 1
INLINE_EVENTS = 1000  # further behind than this, a client takes a snapshot
PAGE_EVENTS = 500  # of one answer to room:sync

EVENTS, TICK, ME = "events", "tick", "me"


class Type(StrEnum):
    """Types of sequenced events. A client ignores what it doesn't know."""

    PENDING = "question.pending"  # mod only
    PUBLISHED = "question.published"
    EDITED = "question.edited"
    STATE = "question.state"
    REMOVED = "question.removed"
    ANSWER = "question.answer"
    SPOTLIGHT = "room.spotlight"
    ROOM = "room.state"


class Audience(StrEnum):
    PUB = "pub"  # learners and observers
    MOD = "mod"  # moderators
    PROJ = "proj"  # projectors
    TICK = "tick"  # counts, everybody


def audience(room_id: int, part: Audience) -> str:
    """The server's name of an audience; clients never name one."""
    return f"r:{room_id}:{part.value}"


def hidden(room_id: int, mark: str) -> str:
    """The audience of whoever hashes to MARK: an anonymous asker hears of their question by it."""
    return f"h:{room_id}:{mark}"


@dataclass(frozen=True)
class Entry:
    """One sequenced event of a stream."""

    stream: Stream
    seq: int
    type: str
    data: dict[str, Any]

    def wire(self) -> dict[str, Any]:
        return {"s": self.seq, "t": self.type, "d": self.data}


def events_payload(epoch: str, stream: Stream, entries: list[Entry]) -> dict[str, Any]:
    return {"st": stream.value, "e": epoch, "l": [entry.wire() for entry in entries]}


def _moment(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds") if value else None


def answer_payload(answer: Answer) -> dict[str, Any]:
    return {"id": answer.id, "body": answer.body, "by": answer.author.short_name}


def public_question(question: Question) -> dict[str, Any]:
    """What everybody may see. No author unless they said so, no moment of asking."""
    named = question.visibility is Visibility.NAME and question.asker is not None
    return {
        "id": str(question.pid),
        "no": question.no,
        "body": question.body,
        "by": question.asker.short_name if named and question.asker else None,
        "rev": question.rev,
        "state": question.state.value,
        "from": _moment(question.answering_at),
        "to": _moment(question.answered_at),
        "answers": [answer_payload(answer) for answer in question.answers],
    }


def moderators_question(question: Question) -> dict[str, Any]:
    """What moderators see besides: the name unless "nobody" was chosen, the reason, who changed it."""
    return public_question(question) | {
        "by": question.asker.short_name if question.asker else None,
        "vis": question.visibility.value,
        "reason": question.reason,
        "who": question.changed_by.short_name if question.changed_by else None,
    }


def own_question(question: Question) -> dict[str, Any]:
    """What its asker sees of it, whatever became of it."""
    return public_question(question) | {"vis": question.visibility.value, "reason": question.reason}


def state_payload(question: Question) -> dict[str, Any]:
    full = public_question(question)
    return {key: full[key] for key in ("id", "rev", "state", "from", "to")}


def fate_payload(question: Question) -> dict[str, Any]:
    return {"t": "fate", "q": own_question(question)}
