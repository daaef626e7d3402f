"""What goes on in a room beside its questions, as its pages first show it; scripts go on from there."""

from __future__ import annotations

from typing import Any

from core.db import db
from forum import queries
from forum.forms.life import REACTIONS
from forum.models import Announcement, HandState, Note, Room
from forum.permissions import may_run
from forum.protocol import (
    announcement_payload,
    breakout_payload,
    check_payload,
    note_payload,
    public_promise,
    screen_payload,
)
from forum.queries import Seat
from forum.queries.closing import promises_in


def on_phone(room: Room, seat: Seat) -> dict[str, Any]:
    """For everybody in the room; what is the person's own besides."""
    assert seat.person is not None  # noqa: S101 - a page of people
    hands = queries.hands_in(room.id)
    up = [hand for hand in hands if hand.state is HandState.UP]
    mine = next((hand for hand in hands if hand.user_id == seat.person.id), None)
    pulse = queries.living_pulse(room.id, seat.person.id)
    return _common(room) | {
        "promises": [public_promise(promise) for promise in promises_in(db.session(), room.id)],
        "up": len(up),
        "hand": mine,
        "place": up.index(mine) + 1 if mine in up else 0,
        "floor": next((h.user.short_name for h in hands if h.state is HandState.CALLED and h.named), None),
        "pulse": pulse.level.value if pulse else None,
        "reactions": REACTIONS,
        "lines": queries.captions_in(room.id),
    }


def on_console(room: Room, seat: Seat) -> dict[str, Any]:
    """For moderators: hands by name, shares, notes, the projector."""
    assert may_run(seat.role)  # noqa: S101 - asked before
    return _common(room) | {
        "hands": queries.hands_in(room.id),
        "shares": queries.shares_now(room.id),
        "notes": [_note(note, seat) for note in queries.notes_in(room.id)][::-1],
        "screen": screen_payload(queries.screen_of(room.id)),
    }


def _note(note: Note, seat: Seat) -> dict[str, Any]:
    mine = {seen.user_id for seen in note.reads}
    return note_payload(note) | {"read_by_me": seat.person is not None and seat.person.id in mine}


def _common(room: Room) -> dict[str, Any]:
    check = queries.check_in(room.id)
    return {
        "said": [announcement_payload(said) | {"when": said.at} for said in queries.announcements_in(room.id)],
        "check": check_payload(check) if check else None,
    }


def note_on(room: Room, aid: str | None) -> Announcement | None:
    """The announcement AID when it is one of the projector's."""
    shown = queries.announcements_in(room.id, on_screen=True)
    return next((said for said in shown if str(said.pid) == aid), None)


def is_blank(room: Room) -> bool:
    screen = queries.screen_of(room.id)
    return screen is not None and screen.blank


def groups_in(room: Room, seat: Seat) -> dict[str, Any]:
    """The latest work in groups: its payload, its end, where the reader sits, how many sit where."""
    session = db.session()
    breakout = queries.breakout_in(session, room.id)
    if breakout is None or seat.person is None:
        return {"breakout": None}
    shown = breakout_payload(breakout)
    own = queries.group_of(session, breakout, seat.person.id)
    return {
        "breakout": shown,
        "ends": breakout.ends_at,
        "mine": next((group for group in shown["groups"] if own and group["no"] == own.no), None),
        "sizes": queries.sizes_of(session, breakout) if may_run(seat.role) else {},
    }
