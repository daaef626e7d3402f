"""What moderators set for their room."""

from __future__ import annotations

from typing import Any

from forum.models import Moderation, Ordering, Room, Stream
from forum.protocol import Type, settings_payload
from forum.services import audit
from forum.services.desk import Desk

# {name on the wire: column}
COLUMNS = {
    "cap": "question_cap",
    "anonymous": "anonymous",
    "delay": "anonymous_delay",
    "reactions": "reactions",
    "blocklist": "blocklist",
    "blocked": "blocked_words",
    "allowed": "allowed_words",
    "tags": "tags",
}


def change(desk: Desk, **wishes: Any) -> dict[str, Any]:
    """Set what WISHES name; the rest stays. Also while the room is closed: it may open again."""
    before = settings_payload(desk.room, Stream.MOD)
    put(desk, wishes)
    after = settings_payload(desk.room, Stream.MOD)
    if after != before:
        desk.facts["settings"] = (before, after)
    return {"settings": after, "act": audit.record(desk, "settings"), "op": "settings"}


def put(desk: Desk, wishes: dict[str, Any]) -> None:
    """Write WISHES to the room and tell both streams, each what it may know."""
    before = {stream: settings_payload(desk.room, stream) for stream in Stream}
    _write(desk.room, wishes)
    for stream in Stream:
        if (now := settings_payload(desk.room, stream)) != before[stream]:
            desk.log(stream, Type.SETTINGS, now)


def _write(room: Room, wishes: dict[str, Any]) -> None:
    if "moderation" in wishes:
        room.moderation = Moderation(wishes["moderation"])
    if "order" in wishes:
        room.ordering = Ordering(wishes["order"])
    if "places" in wishes:
        room.place_cap = wishes["places"] or None  # 0 in the form: as many as there are
    for name, column in COLUMNS.items():
        if name in wishes:
            setattr(room, column, wishes[name])
