"""What somebody needs to stand where the room stands: a snapshot, what was missed, what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app

from core.db import db
from forum import queries
from forum.models import Room, RoomState, Stream
from forum.protocol import (
    INLINE_EVENTS,
    PAGE_EVENTS,
    PAGED_EVENTS,
    announcement_payload,
    breakout_payload,
    check_payload,
    group_letter,
    hand_letter,
    moderators_announcement,
    moderators_poll,
    moderators_promise,
    moderators_question,
    note_payload,
    own_question,
    public_poll,
    public_promise,
    public_question,
    pulse_letter,
    screen_payload,
    settings_payload,
)
from forum.queries import Person, events_after, head
from forum.queries.closing import promises_in
from forum.services.metrics import meter
from forum.services.ring import Rings
from forum.services.snapshots import Rendered, Snapshots


def _questions(room: Room, stream: Stream) -> dict[str, Any]:
    show = public_question if stream is Stream.PUB else moderators_question
    questions = queries.questions_in(room.id, stream)
    spot = next((str(q.pid) for q in questions if q.id == room.spotlight_id), None)
    return {"spot": spot, "questions": [show(q) for q in questions]}


def _polls(room: Room, stream: Stream) -> dict[str, Any]:
    show = public_poll if stream is Stream.PUB else moderators_poll
    polls = queries.polls_in(room.id, stream)
    results = queries.revealed_results(polls, every_text=stream is Stream.MOD)
    on_screen = next((str(poll.pid) for poll in polls if poll.shown), None)
    return {"poll": on_screen, "polls": [show(poll, results.get(poll.id)) for poll in polls]}


def _own_ballots(room: Room, person: Person) -> dict[str, Any]:
    return {"ballots": queries.ballots_of(room, person)}

def _closing(room: Room, stream: Stream) -> dict[str, Any]:
    show = public_promise if stream is Stream.PUB else moderators_promise
    promises = promises_in(db.session(), room.id)
    return {"promises": [show(promise) for promise in promises], "receipt": room.receipt}


def _own_questions(room: Room, person: Person) -> dict[str, Any]:
    votes = queries.votes_of(room.id, person.id)
    asked = queries.own_questions(room, person) if queries.asked_here(room, person) else []
    return {
        "mine": [own_question(question) for question in asked],
        "votes": [[qid, value, n] for qid, (value, n) in votes.items()],
    }


def _said(room: Room, stream: Stream) -> dict[str, Any]:
    show = announcement_payload if stream is Stream.PUB else moderators_announcement
    check = queries.check_in(room.id)
    return {
        "announcements": [show(said) for said in queries.announcements_in(room.id)],
        "check": check_payload(check) if check else None,
        "screen": screen_payload(queries.screen_of(room.id)),
    }


def _backstage(room: Room, stream: Stream) -> dict[str, Any]:
    return {"notes": [note_payload(note) for note in queries.notes_in(room.id)]} if stream is Stream.MOD else {}


def _own_life(room: Room, person: Person) -> dict[str, Any]:
    return {
        "hand": hand_letter(room.code, queries.hand_of(room.id, person.id)),
        "pulse": pulse_letter(room.code, queries.pulse_of(room.id, person.id)),
    }


def _groups(room: Room, _stream: Stream) -> dict[str, Any]:
    breakout = queries.breakout_in(db.session(), room.id)
    return {"breakout": breakout_payload(breakout) if breakout else None}


def _own_group(room: Room, person: Person) -> dict[str, Any]:
    breakout = queries.breakout_in(db.session(), room.id)
    group = queries.group_of(db.session(), breakout, person.id) if breakout else None
    return {"group": group_letter(room.code, breakout, group.no if group else None)}


def _moderation(room: Room, stream: Stream) -> dict[str, Any]:
    told = {"settings": settings_payload(room, stream)}
    return told if stream is Stream.PUB else told | {"bans": queries.bans_on(db.session(), room.id)}


def _own_standing(room: Room, person: Person) -> dict[str, Any]:
    return {"banned": queries.is_banned(room, person)}


# Each noun of a room adds what its audience sees of it, under keys of its own. It changes with an event of the stream,
# or with a tick (announce.READERS): a snapshot is kept until one of them goes out.
PARTS: tuple[Callable[[Room, Stream], dict[str, Any]], ...] = (
    *(_questions, _polls, _said, _backstage, _closing, _groups, _moderation),
)
# Each adds what is one person's own to the `me` block of a hello.
OWN: tuple[Callable[[Room, Person], dict[str, Any]], ...] = (
    *(_own_questions, _own_ballots, _own_life, _own_group, _own_standing),
)


def snapshot(room: Room, stream: Stream) -> dict[str, Any]:
    """Everything a stream's audience sees, as of the stream's head (or later: events are absolute)."""
    found = {"s": head(room, stream), "state": room.state.value}
    for part in PARTS:
        found |= part(room, stream)
    return found


def whole(room: Room, stream: Stream) -> Rendered:
    """The snapshot as of now, ready to send; rendered once, whoever asks."""
    return snapshots().find(room, stream, snapshot)


def missed(room: Room, stream: Stream, last: int | None) -> dict[str, Any] | None:
    """The events since LAST, or the first page of them; None when only a snapshot helps.

    Up to INLINE_EVENTS come from memory, up to PAGED_EVENTS in pages from the log.
    """
    behind = head(room, stream) - last if last is not None else -1
    if last is None or behind < 0 or behind > PAGED_EVENTS:
        meter("catch-up", "whole")
        return None
    lives = room.state is not RoomState.CLOSED  # names may be erased from a finished one, by any process
    if lives and behind <= INLINE_EVENTS and (events := rings().after(room, stream, last)) is not None:
        meter("catch-up", "memory")
        return {"events": events}
    meter("catch-up", "pages")
    events = events_after(room.id, stream, last, PAGE_EVENTS)
    return {"events": events, "more": len(events) == PAGE_EVENTS}


def rings() -> Rings:
    """Those of this process."""
    return current_app.extensions.setdefault("forum.rings", Rings())


def snapshots() -> Snapshots:
    """Those of this process."""
    return current_app.extensions.setdefault("forum.snapshots", Snapshots())


def me(room: Room, person: Person) -> dict[str, Any]:
    """The personal block of a hello: own questions and votes."""
    found: dict[str, Any] = {}
    for own in OWN:
        found |= own(room, person)
    return found
