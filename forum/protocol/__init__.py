"""The live room on the wire: audiences, event names, payloads."""

from __future__ import annotations

from forum.protocol.breakouts import breakout_payload, group_letter
from forum.protocol.closing import moderators_promise, public_promise
from forum.protocol.life import (
    announcement_payload,
    check_payload,
    hand_letter,
    moderators_announcement,
    note_payload,
    pulse_letter,
    screen_payload,
)
from forum.protocol.moderation import act_payload, ban_letter, settings_payload
from forum.protocol.order import ORDERS, UNANSWERED, in_order
from forum.protocol.polls import moderators_poll, public_poll
from forum.protocol.questions import (
    answer_payload,
    fate_payload,
    merge_payload,
    moderators_question,
    own_question,
    public_question,
    state_payload,
)
from forum.protocol.wire import (
    EVENTS,
    INLINE_EVENTS,
    ME,
    PAGE_EVENTS,
    PAGED_EVENTS,
    TICK,
    VERSION,
    Audience,
    Entry,
    Type,
    audience,
    events_payload,
    hidden,
)

__all__ = [
    "EVENTS",
    "INLINE_EVENTS",
    "ME",
    "ORDERS",
    "PAGED_EVENTS",
    "PAGE_EVENTS",
    "TICK",
    "UNANSWERED",
    "VERSION",
    "Audience",
    "Entry",
    "Type",
    "act_payload",
    "announcement_payload",
    "answer_payload",
    "audience",
    "ban_letter",
    "breakout_payload",
    "check_payload",
    "events_payload",
    "fate_payload",
    "group_letter",
    "hand_letter",
    "hidden",
    "in_order",
    "merge_payload",
    "moderators_announcement",
    "moderators_poll",
    "moderators_promise",
    "moderators_question",
    "note_payload",
    "own_question",
    "public_poll",
    "public_promise",
    "public_question",
    "pulse_letter",
    "screen_payload",
    "settings_payload",
    "state_payload",
]
