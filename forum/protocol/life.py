"""What goes on in a room beside its questions, as each audience sees it."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.db import utcnow
from forum.models import (
    PULSE_SECONDS,
    Announcement,
    CheckState,
    Hand,
    HandState,
    Note,
    Pulse,
    RoomScreen,
    UnderstoodCheck,
)
from forum.protocol.questions import moment


def hand_letter(code: str, hand: Hand | None) -> dict[str, Any]:
    """To its person: their number and whether they have the floor; `no` None once the hand is down."""
    up = hand is not None and hand.state is not HandState.DOWN
    return {
        "t": "hand",
        "room": code,
        "no": hand.no if hand and up else None,
        "called": bool(hand and hand.state is HandState.CALLED),
    }


def pulse_letter(code: str, pulse: Pulse | None) -> dict[str, Any]:
    """To its person: what they chose and for how many milliseconds it still counts."""
    left = PULSE_SECONDS - (utcnow() - pulse.at).total_seconds() if pulse else 0
    chosen = pulse.level.value if pulse and left > 0 else None
    return {"t": "pulse", "room": code, "level": chosen, "ms": max(0, int(left * 1000))}


def check_payload(check: UnderstoodCheck) -> dict[str, Any]:
    """The same for everybody; the result only once the host has shown it."""
    result = check.result if check.state is CheckState.REVEALED else None
    return {
        "no": check.no,
        "rev": check.rev,
        "state": check.state.value,
        "at": moment(check.asked_at),
        "result": result,
    }


def announcement_payload(said: Announcement) -> dict[str, Any]:
    return {
        "id": str(said.pid),
        "rev": said.rev,
        "body": said.body,
        "screen": said.on_screen,
        "at": moment(said.at),
    }


def moderators_announcement(said: Announcement) -> dict[str, Any]:
    return announcement_payload(said) | {"by": said.author.short_name}


def mark(user: User) -> str:
    """Tells one moderator's page which note is its own."""
    return user.pid.hex[:12]


def note_payload(note: Note) -> dict[str, Any]:
    """For moderators alone; a new reading is a new revision."""
    return {
        "id": str(note.pid),
        "rev": 1 + len(note.reads),
        "body": note.body,
        "by": note.author.short_name,
        "from": mark(note.author),
        "at": moment(note.at),
        "reads": [
            {"from": mark(seen.user), "who": seen.user.short_name, "at": moment(seen.at)} for seen in note.reads
        ],
    }


def screen_payload(screen: RoomScreen | None) -> dict[str, Any]:
    if screen is None:
        return {"rev": 1, "blank": False, "captions": False}
    return {"rev": screen.rev, "blank": screen.blank, "captions": screen.captions}
