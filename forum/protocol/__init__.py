"""The live room on the wire: audiences, event names, payloads."""

from __future__ import annotations

from forum.protocol.order import ORDERS, UNANSWERED, in_order
from forum.protocol.polls import moderators_poll, public_poll
from forum.protocol.questions import (
    answer_payload,
    fate_payload,
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
    "answer_payload",
    "audience",
    "events_payload",
    "fate_payload",
    "hidden",
    "in_order",
    "moderators_poll",
    "moderators_question",
    "own_question",
    "public_poll",
    "public_question",
    "state_payload",
]
