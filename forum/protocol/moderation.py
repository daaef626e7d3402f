"""What moderators set and did, on the wire."""

from __future__ import annotations

from typing import Any

from forum.models import ModerationAct, Room, Stream
from forum.protocol.questions import moment


def settings_payload(room: Room, stream: Stream) -> dict[str, Any]:
    """The room's settings, as far as the audience of STREAM may know them: never the words of the list to learners."""
    known = {
        "moderation": room.moderation.value,
        "cap": room.question_cap,
        "anonymous": room.anonymous,
        "reactions": room.reactions,
        "tags": room.tags,
        "order": room.ordering.value,
        "places": room.place_cap or 0,
    }
    if stream is Stream.PUB:
        return known
    return known | {
        "delay": room.anonymous_delay,
        "blocklist": room.blocklist,
        "blocked": room.blocked_words,
        "allowed": room.allowed_words,
    }


def ban_letter(code: str, *, banned: bool) -> dict[str, Any]:
    """To the person themselves: whether they only read in the room with this CODE."""
    return {"t": "ban", "room": code, "on": banned}


def act_payload(act: ModerationAct, words: str) -> dict[str, Any]:
    """A line of the history; WORDS say in the reader's language what was done."""
    return {
        "id": act.id,
        "who": act.who.short_name,
        "at": moment(act.at),
        "what": words,
        "questions": [
            {"no": new["no"], "before": old["body"], "after": new["body"]}
            for old, new in zip(act.before["questions"], act.after["questions"], strict=True)
        ],
        "undone": act.undone_at is not None,
    }
