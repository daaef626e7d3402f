"""Audiences, event names and what carries them. docs/live-protocol.md explains it.

A payload is the same for everybody in its audience, so it is encoded once. What belongs to
one person (their vote, the fate of their question) travels in acks, in `me`, and in the
`me` block of `room:hello`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forum.models import Stream

VERSION = 1
INLINE_EVENTS = 1000  # as many come at once, when they are in memory
PAGED_EVENTS = 2000  # further behind than this, a client takes a snapshot
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
    MERGED = "question.merged"
    UNMERGED = "question.unmerged"
    REPORTED = "question.reported"  # mod only
    BANS = "room.bans"  # mod only
    SETTINGS = "room.settings"
    SPOTLIGHT = "room.spotlight"
    ROOM = "room.state"
    POLL_SAVED = "poll.saved"  # of a draft: mod only
    POLL_REMOVED = "poll.removed"  # mod only
    POLL_OPENED = "poll.opened"
    POLL_CLOSED = "poll.closed"
    POLL_REVEALED = "poll.revealed"
    POLL_SHOWN = "poll.shown"  # on the projector, or nothing
    ANNOUNCED = "room.announced"
    UNANNOUNCED = "room.unannounced"
    CHECK = "room.check"
    SCREEN = "room.screen"
    NOTE = "note"  # mod only
    BREAKOUT = "room.breakout"
    RECEIPT = "room.receipt"
    ARCHIVED = "room.archived"
    PROMISE = "promise.set"


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
